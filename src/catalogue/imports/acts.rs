//! A file is wished for, taken up, taken in by batches, and ended.

use super::super::changes::{self, Scope};
use super::super::sheets::Imported;
use super::super::store::imports as store;
use super::model::{Import, ImportId, ImportState, Leased, MOST_ATTEMPTS, Wish};
use crate::audit;
use crate::db::Conn;
use crate::identity::StaffId;
use crate::kernel::{Ctx, Error, Permission, Result};

/// A process that has not come further for so many seconds has lost it.
const LEASE: i64 = 60;
/// So many of somebody's are listed.
const LISTED: i64 = 5;

/// Has a file taken in.
///
/// # Errors
/// Field `reason`; conflict `import-running` when the last one has not come to its end.
pub fn begin(c: &mut Conn, ctx: &Ctx, wish: &Wish) -> Result<ImportId> {
    let (me, _) = Scope::with(ctx, Permission::Write)?;
    let reason = changes::said(&wish.reason, "reason")?;
    let id = ImportId::random();
    if store::waits(c, StaffId(me))? || !store::insert(c, ctx.now, id, StaffId(me), &Wish { reason, ..wish.clone() })? {
        return Err(Error::conflict("import-running"));
    }
    audit::record(c, ctx, "list.take", ("import", id.0), serde_json::json!({ "items": wish.total }))?;
    Ok(id)
}

/// One's own.
///
/// # Errors
/// 404.
pub fn import(c: &mut Conn, ctx: &Ctx, id: ImportId) -> Result<Import> {
    let (me, _) = Scope::with(ctx, Permission::Write)?;
    store::of_staff(c, StaffId(me), id)?.ok_or_else(Error::not_found)
}

/// One's last ones, the newest first.
pub fn mine(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Import>> {
    let (me, _) = Scope::of(ctx)?;
    store::list(c, StaffId(me.id), LISTED)
}

/// Whether one waits for a process: a read, for the look before the write.
pub fn is_due(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    Scope::of_system(ctx)?;
    Ok(store::due(c, ctx.now)?.is_some())
}

/// Takes one up. One that broke too many processes is given up.
pub fn lease(c: &mut Conn, ctx: &Ctx) -> Result<Option<Leased>> {
    Scope::of_system(ctx)?;
    let Some(mut due) = store::due(c, ctx.now)? else { return Ok(None) };
    if !store::take(c, ctx.now, due.id, due.attempt, ctx.now.plus_secs(LEASE))? {
        return Ok(None);
    }
    due.attempt += 1;
    if due.attempt > MOST_ATTEMPTS {
        fail(c, ctx, &due, "import-broken")?;
        return Ok(None);
    }
    Ok(Some(due))
}

/// Takes a batch in, as who wished for it, and notes how far that is: `place` items of the file, and `left_out` more that were left
/// out.
///
/// # Errors
/// Conflict `import-lost` when another process has it now; those of [`changes::take`].
pub fn go_on(
    c: &mut Conn,
    ctx: &Ctx,
    job: &Leased,
    batch: &[Imported],
    (place, left_out): (usize, usize),
) -> Result<ImportState> {
    let (me, _) = Scope::with(ctx, Permission::Write)?;
    let Some(mut now) = store::of_staff(c, StaffId(me), job.id)? else { return Err(Error::not_found()) };
    let taken = changes::take(c, ctx, batch, &job.reason)?;
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    now.place = count(place);
    now.left_out += count(left_out);
    now.submitted += count(taken.submitted);
    now.under_way += count(taken.open);
    now.not_kept += count(taken.foreign);
    now.unchanged += count(taken.same);
    if now.place >= now.total {
        (now.state, now.ended_at) = (ImportState::Done, Some(ctx.now));
        let detail = serde_json::json!({ "submitted": now.submitted, "left_out": now.left_out });
        audit::record(c, ctx, "list.taken", ("import", job.id.0), detail)?;
    }
    if store::note(c, &now, job.attempt, ctx.now.plus_secs(LEASE))? { Ok(now.state) } else { Err(lost()) }
}

fn lost() -> Error {
    Error::conflict("import-lost")
}

/// Gives one up, with the code of what hinders it. What was taken in stays.
pub fn fail(c: &mut Conn, ctx: &Ctx, job: &Leased, code: &str) -> Result<()> {
    Scope::of_system(ctx)?;
    if store::fail(c, ctx.now, job.id, job.attempt, code)? {
        audit::record(c, ctx, "list.failed", ("import", job.id.0), serde_json::json!({ "why": code }))?;
    }
    Ok(())
}
