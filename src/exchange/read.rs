//! What pages and the dispatcher read.

use super::model::*;
use super::store::{self, Dispatch};
use crate::cases::CaseId;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::{Ctx, Cursor, Error, Page, Permission, Result};

/// For administrators and supervisors.
fn may_look(ctx: &Ctx) -> Result<()> {
    let staff = ctx.staff()?;
    if staff.has(Permission::Operate) || staff.has(Permission::Supervise) { Ok(()) } else { Err(Error::forbidden()) }
}

/// How it stands with each department's system.
pub fn health(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Health>> {
    if ctx.is_system().is_err() {
        may_look(ctx)?;
    }
    store::health(c, ctx.now)
}

/// Dispatches, the newest first.
pub fn dispatches(c: &mut Conn, ctx: &Ctx, filter: &DispatchFilter, limit: usize) -> Result<Page<Dispatch>> {
    may_look(ctx)?;
    let rows = store::list(c, filter, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |d| Cursor { at: d.created_at, id: d.id.0 }))
}

/// One dispatch with its tries, the last one first.
pub fn dispatch(c: &mut Conn, ctx: &Ctx, id: DispatchId) -> Result<(Dispatch, Vec<Try>)> {
    may_look(ctx)?;
    Ok((store::find(c, id)?, store::tries(c, id)?))
}

/// The dispatches of a case, the first one first.
pub fn dispatches_of_case(c: &mut Conn, ctx: &Ctx, case: CaseId) -> Result<Vec<Dispatch>> {
    may_look(ctx)?;
    store::of_case(c, case)
}

/// Messages that came in, the newest first.
pub fn inbox(c: &mut Conn, ctx: &Ctx, filter: &InboxFilter, limit: usize) -> Result<Page<InboxRow>> {
    may_look(ctx)?;
    let rows = store::list_inbox(c, filter, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |m| Cursor { at: m.received_at, id: m.id.0 }))
}

/// Where a department's system is, without its secrets: for administrators.
pub fn address(c: &mut Conn, ctx: &Ctx, department: DepartmentId) -> Result<Option<Address>> {
    ctx.may(Permission::Offices)?;
    let found = store::find_endpoint(c, &ctx.keys, department)?;
    Ok(found.map(|e| Address { url: e.url, is_active: e.is_active, has_old_secret: e.old_secret.is_some() }))
}

/// Where a department's system is, with its secrets: for the platform alone.
pub fn endpoint(c: &mut Conn, ctx: &Ctx, department: DepartmentId) -> Result<Option<Endpoint>> {
    ctx.is_system()?;
    store::find_endpoint(c, &ctx.keys, department)
}
