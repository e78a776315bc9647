//! Verification (实名核验): what a person says of themself, against the identity verifier.
//!
//! The verifier is asked between two transactions: [`begin`] and [`begin_factor`] count the try, [`conclude`] keeps what was said as
//! evidence; when it could not be asked, [`give_up`] takes the try back, or [`super::pending`] keeps the claim for later. The level
//! follows from the evidence.

use serde::{Deserialize, Serialize};

use super::assurance::{self, MATCH};
use super::evidence;
use super::model::{Evidence, EvidenceId, EvidenceKind, PersonId, Via};
use super::rules;
use super::store::{claims, people as store, places};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result, numbers};
use crate::outside::verifier::{Check, Question, Verification};

/// Tries of one account, and about one ID number: nobody shall find out by guessing which numbers and names belong together.
pub const PER_PERSON: Limit = Limit { what: "verify-person", tries: 5, window: 86_400 };
const PER_NUMBER: Limit = Limit { what: "verify-number", tries: 10, window: 86_400 };
/// Tries with cards and accounts, which are of the account's own name and number.
pub const PER_FACTOR: Limit = Limit { what: "verify-factor", tries: 10, window: 86_400 };

/// The result of evidence for a number that another account has.
pub const TAKEN: &str = "taken";
/// The result of evidence for what the account was when the verifier was asked, and no longer is.
pub const STALE: &str = "stale";

/// What is asked of the verifier. Sealed where it is kept. Not `Debug`: it must not end in a log.
#[derive(Clone, Serialize, Deserialize)]
pub struct Claim {
    pub kind: EvidenceKind,
    pub name: String,
    pub id_number: String,
    /// The account's phone.
    pub phone: String,
    /// Of the card, the account or the licence's file.
    #[serde(default)]
    pub number: String,
}

impl Claim {
    /// What the verifier is asked; none for what takes the person themself.
    pub fn question(&self) -> Option<Question> {
        let check = match self.kind {
            EvidenceKind::NameId => Check::NameId,
            EvidenceKind::NameIdPhone => Check::NameIdPhone,
            EvidenceKind::Bank => Check::Bank,
            EvidenceKind::SocialCard => Check::SocialCard,
            EvidenceKind::FundAccount => Check::FundAccount,
            EvidenceKind::DrivingLicence => Check::DrivingLicence,
            EvidenceKind::Face | EvidenceKind::WindowCard | EvidenceKind::LegalRep | EvidenceKind::Guardian => {
                return None;
            }
        };
        Some(Question {
            check,
            name: self.name.clone(),
            id_number: self.id_number.clone(),
            phone: (check == Check::NameIdPhone).then(|| self.phone.clone()),
            number: Some(self.number.clone()).filter(|n| !n.is_empty()),
            of: None,
        })
    }
}

/// What somebody types of themself.
#[derive(Clone, Default)]
pub struct Typed {
    pub name: String,
    pub id_number: String,
    /// The phone of the account is registered in somebody else's name: it is not asked about.
    pub is_phone_anothers: bool,
}

/// Checks what was typed and counts the try.
///
/// # Errors
/// The fields that have to be mended: `name-shape`, `id-number-…`, `id-number-region` (no such province), `id-number-other` (the
/// account belongs to another number already). Too many: `too-many-tries`.
pub fn begin(c: &mut Conn, ctx: &Ctx, typed: &Typed) -> Result<Claim> {
    let id = PersonId(ctx.person()?);
    let facts = store::facts(c, ctx, id)?.ok_or_else(Error::not_found)?;
    let mut faults = vec![];
    let known_name = rules::person_name(&typed.name);
    if known_name.is_none() {
        faults.push(super::accounts::fault("name", "name-shape"));
    }
    let mut number = String::new();
    match numbers::resident_id(&typed.id_number, ctx.now.day()) {
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
    let kind = if typed.is_phone_anothers { EvidenceKind::NameId } else { EvidenceKind::NameIdPhone };
    Ok(Claim { kind, name, id_number: number, phone: facts.phone, number: String::new() })
}

/// Checks the number of a card, account or licence, and counts the try. Whose it has to be is what the account says, never what is typed.
///
/// # Errors
/// Field `number`; conflict `verify-first` while the account has no name and number. Too many: `too-many-tries`.
pub fn begin_factor(c: &mut Conn, ctx: &Ctx, kind: EvidenceKind, number: &str) -> Result<Claim> {
    let id = PersonId(ctx.person()?);
    let facts = store::facts(c, ctx, id)?.ok_or_else(Error::not_found)?;
    let (Some(name), Some(id_number)) = (facts.name, facts.id_number) else {
        return Err(Error::conflict("verify-first"));
    };
    let number = rules::factor_number(kind, number).map_err(|code| {
        let field = if code == "not-an-option" { "kind" } else { "number" };
        Error::field(field, code)
    })?;
    throttle::take(c, ctx, PER_FACTOR, &id.to_string())?;
    Ok(Claim { kind, name, id_number, phone: facts.phone, number })
}

/// What the verifier said, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `match`, or the code of what it was instead.
    pub result: &'static str,
    pub issuer: String,
    pub reference: String,
}

impl From<Verification> for Said {
    fn from(reply: Verification) -> Self {
        Self { result: reply.outcome.code(), issuer: reply.issuer, reference: reply.reference }
    }
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

impl Concluded {
    /// The evidence's result.
    pub fn result(self) -> &'static str {
        match self {
            Concluded::Verified { .. } => MATCH,
            Concluded::Refused { result } => result,
            Concluded::Taken => TAKEN,
        }
    }
}

/// Keeps what the verifier said to the acting person's claim.
pub fn conclude(c: &mut Conn, ctx: &Ctx, claim: &Claim, said: &Said) -> Result<Concluded> {
    let person = PersonId(ctx.person()?);
    keep(c, ctx, person, claim, said, Via::Online)
}

/// Keeps what the verifier said to a person's claim. Name and number become the person's only with a match; the number of another
/// account is never bound a second time, and who was vouched for may know that it is there. What waited of the same kind is done with.
pub(super) fn keep(
    c: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
    claim: &Claim,
    said: &Said,
    via: Via,
) -> Result<Concluded> {
    let facts = store::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    let binds = matches!(claim.kind, EvidenceKind::NameId | EvidenceKind::NameIdPhone);
    let is_stale = match claim.kind {
        // It is about another phone, or about somebody else than whom the account has become meanwhile.
        EvidenceKind::NameIdPhone if facts.phone != claim.phone => true,
        _ if binds => facts.id_number.as_ref().is_some_and(|own| *own != claim.id_number),
        _ => facts.id_number.as_ref() != Some(&claim.id_number),
    };
    let is_match = said.result == MATCH && !is_stale;
    let owner = store::find_by_id_number(c, &ctx.keys, &claim.id_number)?;
    let is_taken = is_match && owner.is_some_and(|o| o != person);
    let result = match (is_taken, is_match) {
        (true, _) => TAKEN,
        (_, true) => MATCH,
        _ if said.result == MATCH => STALE,
        _ => said.result,
    };
    let piece = Evidence {
        id: EvidenceId::random(),
        kind: claim.kind,
        issuer: said.issuer.clone(),
        result: result.to_owned(),
        reference: said.reference.clone(),
        via,
        at: ctx.now,
        expires_at: (result == MATCH).then(|| assurance::expiry(claim.kind, ctx.now, None)),
    };
    let level = evidence::add(c, ctx, person, &piece)?;
    let same = if binds { vec![EvidenceKind::NameId, EvidenceKind::NameIdPhone] } else { vec![claim.kind] };
    claims::remove_of(c, person, &same)?;
    let detail = serde_json::json!({ "kind": piece.kind, "result": result, "level": level, "via": via });
    audit::record(c, ctx, "person.verify", ("person", person.0), detail)?;
    if is_taken {
        return Ok(Concluded::Taken);
    }
    if !is_match {
        return Ok(Concluded::Refused { result });
    }
    if binds {
        store::bind(c, ctx, person, &claim.name, &claim.id_number)?;
        throttle::clear(c, ctx, PER_PERSON, &person.to_string())?;
        throttle::give_back(c, ctx, PER_NUMBER, &claim.id_number)?;
    }
    Ok(Concluded::Verified { level })
}

/// The verifier could not be asked: the try does not count.
pub fn give_up(c: &mut Conn, ctx: &Ctx, claim: &Claim) -> Result<()> {
    let id = ctx.person()?;
    if matches!(claim.kind, EvidenceKind::NameId | EvidenceKind::NameIdPhone) {
        throttle::give_back(c, ctx, PER_PERSON, &id.to_string())?;
        throttle::give_back(c, ctx, PER_NUMBER, &claim.id_number)
    } else {
        throttle::give_back(c, ctx, PER_FACTOR, &id.to_string())
    }
}
