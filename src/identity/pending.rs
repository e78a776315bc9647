//! Claims for which the verifier could not be asked, kept until it can (容错): the platform's word in its degraded mode.
//!
//! One a person and kind, sealed; the last one said counts. A worker asks the verifier and brings the answer ([`conclude`]); until then
//! what the person said of themself is taken as their name, and for nothing else.
//!
//! A face cannot be asked for without the person: it waits for them, for [`FACE_WAITS`] seconds.

use super::model::{EvidenceKind, PendingId, PersonId, Via};
use super::store::claims::{self as store, PendingRow};
use super::verification::{self, Claim, Concluded, Said};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Result};

pub(super) const CLAIM: &str = "idn_pending.claim";

/// Seconds until the verifier is asked again; the last one repeats.
const DELAYS: [i64; 6] = [15, 60, 120, 300, 600, 1800];

/// For how long a person may come back to show their face: three days.
pub const FACE_WAITS: i64 = 3 * 86_400;

/// For how long a process may be at work on what it leased, in seconds.
const LEASE: i64 = 120;

/// Keeps the acting person's claim, in place of one of the same kind. Its try stays counted: it will be judged.
pub fn park(c: &mut Conn, ctx: &Ctx, claim: &Claim) -> Result<()> {
    let person = PersonId(ctx.person()?);
    let same = match claim.kind {
        EvidenceKind::NameId | EvidenceKind::NameIdPhone => vec![EvidenceKind::NameId, EvidenceKind::NameIdPhone],
        other => vec![other],
    };
    store::remove_of(c, person, &same)?;
    let sealed = ctx.keys.seal(CLAIM, &serde_json::to_vec(claim)?);
    let due_at = ctx.now.plus_secs(if claim.kind == EvidenceKind::Face { FACE_WAITS } else { DELAYS[0] });
    store::insert(c, (PendingId::random(), person), claim.kind, &sealed, (ctx.now, due_at))?;
    audit::record(c, ctx, "person.verify-later", ("person", person.0), serde_json::json!({ "kind": claim.kind }))
}

/// A claim that this process may ask about until its lease runs out. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Leased {
    pub id: PendingId,
    pub person: PersonId,
    pub claim: Claim,
    attempt: i32,
}

/// Whether claims wait that are due, without taking them.
pub fn has_due(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    store::has_due(c, ctx.now)
}

/// Takes claims that are due, the longest waiting first. For the platform alone.
pub fn lease_due(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<Leased>> {
    ctx.is_system()?;
    let rows = store::lease(c, ctx.now, ctx.now.plus_secs(LEASE), limit as i64)?;
    rows.into_iter().map(|row| leased(ctx, row)).collect()
}

fn leased(ctx: &Ctx, row: PendingRow) -> Result<Leased> {
    let claim = open(ctx, &row)?;
    Ok(Leased { id: row.id, person: row.person_id, claim, attempt: row.attempts })
}

fn open(ctx: &Ctx, row: &PendingRow) -> Result<Claim> {
    Ok(serde_json::from_slice(&ctx.keys.open(CLAIM, &row.claim)?)?)
}

/// What waits of a person.
pub(super) fn of_person(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Vec<Claim>> {
    store::of_person(c, person)?.iter().map(|row| open(ctx, row)).collect()
}

/// Keeps what the verifier said to a claim that waited. `None` when it no longer waits: the person was quicker, or said something else.
/// For the platform alone.
pub fn conclude(c: &mut Conn, ctx: &Ctx, leased: &Leased, said: &Said) -> Result<Option<Concluded>> {
    ctx.is_system()?;
    if !store::remove(c, leased.id)? {
        return Ok(None);
    }
    verification::keep(c, ctx, leased.person, &leased.claim, said, Via::Later).map(Some)
}

/// Forgets a claim that nothing came of; tells whether it still waited. For the platform alone.
pub fn give_up(c: &mut Conn, ctx: &Ctx, leased: &Leased) -> Result<bool> {
    ctx.is_system()?;
    if !store::remove(c, leased.id)? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "kind": leased.claim.kind });
    audit::record(c, ctx, "person.verify-expired", ("person", leased.person.0), detail)?;
    Ok(true)
}

/// The verifier still does not answer: again later. `why` is a code. For the platform alone.
pub fn put_off(c: &mut Conn, ctx: &Ctx, leased: &Leased, why: &str) -> Result<()> {
    ctx.is_system()?;
    let tried = usize::try_from(leased.attempt).unwrap_or_default();
    let delay = DELAYS.get(tried).copied().unwrap_or(DELAYS[DELAYS.len() - 1]);
    store::put_off(c, leased.id, ctx.now.plus_secs(delay), why)
}
