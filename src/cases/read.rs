//! What pages read.

use super::model::*;
use super::store::{self, Case, desk};
use crate::catalogue::ItemId;
use crate::db::Conn;
use crate::identity::{DepartmentId, PersonId};
use crate::kernel::{Ctx, Cursor, Day, Error, Id, Page, Permission, Result};

pub use desk::DeskRow;
pub use store::lists::Listed;

/// Corrections that are told at once, of which nobody has so many.
const CORRECTIONS: i64 = 10;

/// Cases of an owner.
pub struct Own {
    /// Newest first.
    pub page: Page<Listed>,
    /// On the first page: those that wait for their correction, wherever they stand.
    pub correcting: Vec<Listed>,
}

/// Cases of the acting citizen, or of the one they act for.
pub fn my_cases(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Own> {
    let (owner, most) = (ctx.owner()?, limit as i64 + 1);
    let items = ctx.acting.as_ref().map(|acting| acting.items.as_slice()).unwrap_or_default();
    let of = store::lists::Owned { owner, items };
    let key = |case: &Listed| Cursor { at: case.created_at, id: case.id.0 };
    let Some(after) = after else {
        let mut rows = match items {
            [] => store::lists::first_of_owner(c, owner, most, CORRECTIONS)?,
            _ => store::lists::first_of_items(c, &of, most, CORRECTIONS)?,
        };
        rows.sort_by_key(|case| std::cmp::Reverse((case.created_at, case.id)));
        rows.dedup_by_key(|case| case.id);
        let correcting = rows.iter().filter(|case| case.state == State::Correcting).cloned().collect();
        rows.truncate(limit + 1);
        return Ok(Own { page: Page::cut(rows, limit, key), correcting });
    };
    let rows = store::lists::of_owner(c, &of, after, most)?;
    Ok(Own { page: Page::cut(rows, limit, key), correcting: vec![] })
}

/// Cases of an owner under way that this person is told of.
pub fn count_open_of(c: &mut Conn, owner: Id, person: PersonId) -> Result<i64> {
    store::count_open_of(c, owner, person)
}

/// From now on another person is told of an owner's cases of these items that are under way (of all items, when there are none); returns of
/// how many.
pub fn hand_over(
    c: &mut Conn,
    ctx: &Ctx,
    (owner, items): (Id, &[Id]),
    (from, to): (PersonId, PersonId),
) -> Result<usize> {
    ctx.person()?;
    store::hand_over(c, (owner, items), (from, to))
}

/// Accepted cases of the acting department's system, the last accepted first.
pub fn at_system_all(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Page<Listed>> {
    let rows = store::lists::of_department(c, DepartmentId(ctx.department_system()?), after, limit as i64 + 1)?;
    Ok(Page::cut(rows, limit, |case| Cursor { at: case.accepted_at.unwrap_or(case.created_at), id: case.id.0 }))
}

/// Drafts of the acting citizen for an item, or of the one they act for.
pub fn my_drafts(c: &mut Conn, ctx: &Ctx, item: ItemId) -> Result<Vec<Case>> {
    if !ctx.covers(item.0) {
        return Ok(vec![]);
    }
    store::drafts_of(c, ctx.owner()?, item)
}

/// The secret with which the applicant asks for the progress without logging in; for the applicant and for the clerk who prints it.
pub fn query_code(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<String> {
    match store::query_code(c, case.id)? {
        Some(sealed) => ctx.keys.open_text("case_case.query_code", &sealed),
        None => Ok(String::new()),
    }
}

/// All steps of a case, the first one first.
pub fn timeline(c: &mut Conn, case: &Case) -> Result<Vec<Happened>> {
    store::events(c, case.id)
}

/// All requests for correction, the last one first.
pub fn corrections(c: &mut Conn, case: &Case) -> Result<Vec<Correction>> {
    store::corrections(c, case.id)
}

/// One step of one desk.
#[derive(Debug, Clone)]
pub struct DeskQuery {
    pub step: DeskStep,
    pub item: Option<ItemId>,
    pub after: Option<Cursor>,
    pub limit: usize,
}

/// The acting clerk's hall or the acting officer's department, by the kind of the desk.
fn desk_of(ctx: &Ctx, kind: DeskKind) -> Result<Id> {
    match kind {
        DeskKind::Hall => Ok(ctx.clerk()?.1),
        DeskKind::Department => ctx.staff()?.department.ok_or_else(Error::forbidden),
    }
}

/// A page of a work list, the most urgent first.
pub fn desk_list(c: &mut Conn, ctx: &Ctx, kind: DeskKind, q: &DeskQuery) -> Result<Page<DeskRow>> {
    let query = desk::Query {
        kind,
        desk: desk_of(ctx, kind)?,
        step: q.step,
        item: q.item,
        after: q.after,
        limit: q.limit as i64 + 1,
    };
    Ok(Page::cut(desk::list(c, &query)?, q.limit, |row| Cursor { at: row.due_at, id: row.case_id.0 }))
}

/// The row of a case in the work lists, if it stands in one; the caller has found the case within its scope.
pub fn desk_row(c: &mut Conn, case: &Case) -> Result<Option<DeskRow>> {
    desk::row(c, case.id)
}

/// Counts are shown up to this: "999+".
pub const COUNT_CAP: i64 = 1000;

/// How many stand at a step, at most [`COUNT_CAP`].
pub fn desk_count(c: &mut Conn, ctx: &Ctx, kind: DeskKind, step: DeskStep) -> Result<i64> {
    desk::count(c, kind, desk_of(ctx, kind)?, step, COUNT_CAP)
}

/// The receipt numbers of cases, and nothing else of them: for those who look after the exchange, and for audit administrators.
pub fn receipts(c: &mut Conn, ctx: &Ctx, ids: &[CaseId]) -> Result<Vec<(CaseId, String)>> {
    let staff = ctx.staff()?;
    if !staff.permissions.has_any(&[Permission::Operate, Permission::Supervise, Permission::Audit]) {
        return Err(Error::forbidden());
    }
    store::receipts(c, ids)
}

/// Whether cases wait in a hall's work list, of one item or of any: what keeps the hall from being closed and its grant from being
/// taken back.
pub fn waits_at_hall(c: &mut Conn, hall: Id, item: Option<ItemId>) -> Result<bool> {
    desk::waits(c, DeskKind::Hall, hall, item)
}

/// Cases that the law deems accepted: unanswered when their last day has passed. For the platform alone.
pub fn unanswered(c: &mut Conn, ctx: &Ctx, today: Day, limit: usize) -> Result<Vec<CaseId>> {
    ctx.is_system()?;
    store::unanswered(c, today, limit as i64)
}

/// Cases whose correction did not come. For the platform alone.
pub fn uncorrected(c: &mut Conn, ctx: &Ctx, today: Day, limit: usize) -> Result<Vec<CaseId>> {
    ctx.is_system()?;
    store::uncorrected(c, today, limit as i64)
}
