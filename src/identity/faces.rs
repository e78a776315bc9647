//! Faces (人脸核验): a person shows theirs at the verifier, on this device or on their phone; we keep the verifier's reference alone.
//!
//! [`begin`] counts the try, the verifier gives a link for one use, [`keep`] writes it down; [`conclude`] keeps the result, which was
//! fetched by the reference and not brought by the browser. A face ends once: who comes later finds what came of it.
//!
//! The evidence bears the time at which the face was begun: it was shown after that, and not before.

use super::assurance::{self, MATCH};
use super::evidence;
use super::model::{Evidence, EvidenceId, EvidenceKind, FaceId, PersonId, Via};
use super::store::{claims, people};
use super::throttle::{self, Limit};
use super::verification::{Claim, Concluded, STALE};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result, Ts};

pub const PER_PERSON: Limit = Limit { what: "verify-face", tries: 10, window: 86_400 };

pub(super) const ADDRESS: &str = "idn_face.address";

/// A link is good for at most so many seconds, whatever the verifier says: what is shown later is no longer what was asked for.
const LONGEST: i64 = 15 * 60;
/// Seconds that a result may take to be fetched after that.
const SPARE: i64 = 60;

/// The results that end a face without a word about the person: no evidence of anything.
const NOTHING: [&str; 2] = ["cancelled", "expired"];

/// What the verifier gave.
#[derive(Clone)]
pub struct Begun {
    pub reference: String,
    pub address: String,
    /// Seconds for which it says that the address is good.
    pub good_for: i64,
}

/// Counts a try of the acting person.
///
/// # Errors
/// Conflict `verify-first` while the account has no name and number. Too many: `too-many-tries`.
pub fn begin(c: &mut Conn, ctx: &Ctx) -> Result<Claim> {
    let id = PersonId(ctx.person()?);
    let facts = people::facts(c, ctx, id)?.ok_or_else(Error::not_found)?;
    let (Some(name), Some(id_number)) = (facts.name, facts.id_number) else {
        return Err(Error::conflict("verify-first"));
    };
    throttle::take(c, ctx, PER_PERSON, &id.to_string())?;
    Ok(Claim { kind: EvidenceKind::Face, name, id_number, phone: facts.phone, number: String::new() })
}

/// The verifier could not be asked: the try does not count.
pub fn give_up(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    throttle::give_back(c, ctx, PER_PERSON, &ctx.person()?.to_string())
}

/// Writes down where the face is shown. `back` is a path of ours: where the person was.
///
/// # Errors
/// Conflict `already-there` for a reference that the verifier gave before: it cannot stand for two people.
pub fn keep(c: &mut Conn, ctx: &Ctx, id: FaceId, claim: &Claim, begun: &Begun, back: &str) -> Result<()> {
    let person = PersonId(ctx.person()?);
    let face = claims::NewFace {
        id,
        person,
        reference: &begun.reference,
        address: ctx.keys.seal_text(ADDRESS, &begun.address),
        number_index: people::id_number_index(&ctx.keys, &claim.id_number),
        back,
        began_at: ctx.now,
        expires_at: ctx.now.plus_secs(begun.good_for.min(LONGEST)),
    };
    claims::insert_face(c, face)?;
    audit::record(c, ctx, "person.face-begin", ("person", person.0), ())
}

/// A face that the acting person was to show. Not `Debug`: whoever has the address can show one.
#[derive(Clone)]
pub struct Face {
    pub id: FaceId,
    pub reference: String,
    pub address: String,
    pub back: String,
    pub expires_at: Ts,
    /// Once it has ended.
    pub result: Option<String>,
}

/// # Errors
/// Not found, when it is somebody else's.
pub fn find(c: &mut Conn, ctx: &Ctx, id: FaceId) -> Result<Face> {
    let row = claims::face(c, PersonId(ctx.person()?), id)?;
    Ok(Face {
        id: row.id,
        address: ctx.keys.open_text(ADDRESS, &row.address)?,
        reference: row.reference,
        back: row.back,
        expires_at: row.expires_at,
        result: row.result,
    })
}

/// What the verifier said of a face that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub result: &'static str,
    pub issuer: String,
}

/// Keeps the result of the acting person's face. `None` when it had ended before.
pub fn conclude(c: &mut Conn, ctx: &Ctx, id: FaceId, said: &Said) -> Result<Option<Concluded>> {
    let person = PersonId(ctx.person()?);
    let row = claims::face(c, person, id)?;
    let facts = people::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    let is_own = |number: &String| people::is_id_number_index(&ctx.keys, number, &row.number_index);
    let result = if said.result != MATCH {
        said.result
    } else if ctx.now > row.expires_at.plus_secs(SPARE) {
        "expired"
    } else if !facts.id_number.as_ref().is_some_and(is_own) {
        STALE
    } else {
        MATCH
    };
    if !claims::end_face(c, id, result)? {
        return Ok(None);
    }
    if NOTHING.contains(&result) {
        return Ok(Some(Concluded::Refused { result }));
    }
    let kind = EvidenceKind::Face;
    let piece = Evidence {
        id: EvidenceId::random(),
        kind,
        issuer: said.issuer.clone(),
        result: result.to_owned(),
        reference: row.reference,
        via: Via::Online,
        at: row.began_at,
        expires_at: (result == MATCH).then(|| assurance::expiry(kind, row.began_at, None)),
    };
    let level = evidence::add(c, ctx, person, &piece)?;
    claims::remove_of(c, person, &[kind])?;
    let detail = serde_json::json!({ "kind": kind, "result": result, "level": level, "via": piece.via });
    audit::record(c, ctx, "person.verify", ("person", person.0), detail)?;
    if result != MATCH {
        return Ok(Some(Concluded::Refused { result }));
    }
    throttle::clear(c, ctx, PER_PERSON, &person.to_string())?;
    Ok(Some(Concluded::Verified { level }))
}

/// Days for which a face that has ended is kept, so that who comes back late finds what came of it. Its evidence stays.
const KEPT: i64 = 7;

/// Deletes old faces; returns how many. For the cleaning task.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    claims::purge_faces(c, now.minus_secs(KEPT * 86_400))
}
