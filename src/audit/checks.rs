//! Verifications that an audit administrator asks for on a page: done in the background, one at a time, with their progress.

use serde::Serialize;

use super::store::checks as store;
use super::verify::{Fault, Report};
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Id, Permission, Result, Ts};

crate::id_type!(
    /// A verification.
    CheckId
);

crate::text_enum!(
    CheckState {
        Waiting = "waiting",
        /// It came to its end, with faults or without.
        Done = "done",
        Failed = "failed",
    }
);

/// A process that has not come further for so many seconds has lost it.
const LEASE: i64 = 120;
/// A verification that broke so many processes is given up.
const MOST_ATTEMPTS: i32 = 3;
/// So many faults are kept for the page; all are counted.
const KEPT: usize = 100;

/// A verification, as its page shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    pub id: CheckId,
    pub staff_id: Id,
    pub state: CheckState,
    /// Batches to go through, and how far it is.
    pub batches: i64,
    pub place: i64,
    pub entries: i64,
    /// Entries that were not sealed when it ended.
    pub waiting: i64,
    pub faults: i32,
    /// The first of them.
    pub found: Vec<Fault>,
    pub created_at: Ts,
    pub ended_at: Option<Ts>,
}

/// One that this process may do.
#[derive(Debug, Clone, Copy)]
pub struct Leased {
    pub id: CheckId,
    pub attempt: i32,
}

/// Asks for a verification.
///
/// # Errors
/// Forbidden for all but audit administrators; conflict `audit-verifying` while one is under way.
pub fn begin(c: &mut Conn, ctx: &Ctx) -> Result<CheckId> {
    let staff = ctx.may(Permission::Audit)?;
    let id = CheckId::random();
    let batches = super::verify::Check::total(c)?;
    if !store::insert(c, id, staff.id, batches, ctx.now)? {
        return Err(Error::conflict("audit-verifying"));
    }
    super::record(c, ctx, "audit.verify", ("audit", id.0), ())?;
    Ok(id)
}

/// The last ones, the newest first.
///
/// # Errors
/// Forbidden for all but audit administrators.
pub fn list(c: &mut Conn, ctx: &Ctx, limit: i64) -> Result<Vec<Check>> {
    ctx.may(Permission::Audit)?;
    store::list(c, limit)
}

/// Whether one waits for a process: a read, for the look before the write.
pub fn is_due(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    ctx.is_system()?;
    Ok(store::due(c, ctx.now)?.is_some())
}

/// Takes one up.
pub fn lease(c: &mut Conn, ctx: &Ctx) -> Result<Option<Leased>> {
    ctx.is_system()?;
    let Some(due) = store::due(c, ctx.now)? else { return Ok(None) };
    if !store::take(c, due, ctx.now, ctx.now.plus_secs(LEASE))? {
        return Ok(None);
    }
    let taken = Leased { attempt: due.attempt + 1, ..due };
    if taken.attempt > MOST_ATTEMPTS {
        store::end(c, taken, CheckState::Failed, ctx.now)?;
        return Ok(None);
    }
    Ok(Some(taken))
}

/// Notes how far it is; whether it is still this process's.
pub fn note(c: &mut Conn, ctx: &Ctx, leased: Leased, place: i64, report: &Report) -> Result<bool> {
    ctx.is_system()?;
    store::note(c, leased, place, report, &first(report), ctx.now.plus_secs(LEASE))
}

/// Ends it, and records what came of it; whether it was still this process's.
pub fn done(c: &mut Conn, ctx: &Ctx, leased: Leased, place: i64, report: &Report) -> Result<bool> {
    if !note(c, ctx, leased, place, report)? || !store::end(c, leased, CheckState::Done, ctx.now)? {
        return Ok(false);
    }
    let detail = serde_json::json!({ "batches": report.batches, "entries": report.entries, "faults": report.faults });
    super::record(c, ctx, "audit.verified", ("audit", leased.id.0), detail)?;
    Ok(true)
}

fn first(report: &Report) -> Vec<Fault> {
    report.found.iter().take(KEPT).cloned().collect()
}
