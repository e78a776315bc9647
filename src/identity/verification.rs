//! Real-name verification (实名核验): name, ID number and phone against the identity verifier.
//!
//! The verifier is asked between two transactions: [`begin`] counts the try, [`conclude`] keeps what was said as evidence; when it could
//! not be asked, [`give_up`] takes the try back. The level follows from the evidence.

use super::evidence;
use super::model::{Evidence, EvidenceId, EvidenceKind, PersonId};
use super::rules::{self, MATCH};
use super::store::{people as store, places};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result, numbers};

/// Tries of one account, and about one ID number: nobody shall find out by guessing which numbers and names belong together.
pub const PER_PERSON: Limit = Limit { what: "verify-person", tries: 5, window: 86_400 };
const PER_NUMBER: Limit = Limit { what: "verify-number", tries: 10, window: 86_400 };

/// The result of evidence for a number that another account has.
pub const TAKEN: &str = "taken";
/// The result of evidence for a phone that the account had when the verifier was asked, and no longer has.
pub const STALE: &str = "stale";

/// What is asked of the verifier.
#[derive(Clone)]
pub struct Claim {
    pub name: String,
    pub id_number: String,
    /// The account's phone.
    pub phone: String,
}

/// Checks what was typed and counts the try.
///
/// # Errors
/// The fields that have to be mended: `name-shape`, `id-number-…`, `id-number-region` (no such province), `id-number-other` (the
/// account belongs to another number already). Too many: `too-many-tries`.
pub fn begin(c: &mut Conn, ctx: &Ctx, name: &str, id_number: &str) -> Result<Claim> {
    let id = PersonId(ctx.person()?);
    let facts = store::facts(c, &ctx.keys, id)?.ok_or_else(Error::not_found)?;
    let mut faults = vec![];
    let known_name = rules::person_name(name);
    if known_name.is_none() {
        faults.push(super::accounts::fault("name", "name-shape"));
    }
    let mut number = String::new();
    match numbers::resident_id(id_number, ctx.now.day()) {
        Err(code) => faults.push(super::accounts::fault("id_number", code)),
        Ok(n) if !places::has_province(c, &n[..2])? => {
            faults.push(super::accounts::fault("id_number", "id-number-region"));
        }
        Ok(n) if facts.id_number.as_ref().is_some_and(|own| *own != n) => {
            faults.push(super::accounts::fault("id_number", "id-number-other"));
        }
        Ok(n) => number = n,
    }
    let Some(name) = known_name.filter(|_| faults.is_empty()) else { return Err(Error::fields(faults)) };
    throttle::take(c, ctx, PER_PERSON, &id.to_string())?;
    throttle::take(c, ctx, PER_NUMBER, &number)?;
    Ok(Claim { name, id_number: number, phone: facts.phone })
}

/// What the verifier said, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `match`, or the code of what it was instead.
    pub result: &'static str,
    pub issuer: String,
    pub reference: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concluded {
    Verified {
        level: i32,
    },
    /// The verifier did not vouch for it; the evidence's result says why.
    Refused {
        result: &'static str,
    },
    /// It vouched, but another account has this ID number.
    Taken,
}

/// Keeps what the verifier said. Name and number become the person's only with a match; the number of another account is never
/// bound a second time, and who was vouched for may know that it is there.
pub fn conclude(c: &mut Conn, ctx: &Ctx, claim: &Claim, said: &Said) -> Result<Concluded> {
    let id = PersonId(ctx.person()?);
    let facts = store::facts(c, &ctx.keys, id)?.ok_or_else(Error::not_found)?;
    let is_match = said.result == MATCH && facts.phone == claim.phone;
    let owner = store::find_by_id_number(c, &ctx.keys, &claim.id_number)?;
    let is_taken = is_match && owner.is_some_and(|o| o != id);
    let result = match (is_taken, is_match) {
        (true, _) => TAKEN,
        (_, true) => MATCH,
        // The phone changed while the verifier was asked: what it said is about the old one.
        _ if said.result == MATCH => STALE,
        _ => said.result,
    };
    let piece = Evidence {
        id: EvidenceId::random(),
        kind: EvidenceKind::NameIdPhone,
        issuer: said.issuer.clone(),
        result: result.to_owned(),
        reference: said.reference.clone(),
        at: ctx.now,
        expires_at: None,
    };
    let level = evidence::add(c, ctx, id, &piece)?;
    let detail = serde_json::json!({ "kind": piece.kind, "result": result, "level": level });
    audit::record(c, ctx, "person.verify", ("person", id.0), detail)?;
    if is_taken {
        return Ok(Concluded::Taken);
    }
    if !is_match {
        return Ok(Concluded::Refused { result });
    }
    store::bind(c, ctx, id, &claim.name, &claim.id_number)?;
    throttle::clear(c, ctx, PER_PERSON, &id.to_string())?;
    throttle::give_back(c, ctx, PER_NUMBER, &claim.id_number)?;
    Ok(Concluded::Verified { level })
}

/// The verifier could not be asked: the try does not count.
pub fn give_up(c: &mut Conn, ctx: &Ctx, claim: &Claim) -> Result<()> {
    let id = ctx.person()?;
    throttle::give_back(c, ctx, PER_PERSON, &id.to_string())?;
    throttle::give_back(c, ctx, PER_NUMBER, &claim.id_number)
}
