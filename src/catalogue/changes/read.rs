//! What pages show of changes and of the items that somebody keeps.

use std::sync::Arc;

use super::super::basics;
use super::super::check::{Checker, Finding};
use super::super::codes::Codes;
use super::super::model::{Elements, ItemId, ItemState};
use super::super::store::{self, changes};
use super::model::{Change, ChangeId, ChangeRow, ChangeState, Kept};
use super::seen::Scope;
use crate::db::Conn;
use crate::kernel::{Ctx, Cursor, Error, Page, Result, Ts};

/// Rows of a page.
pub const PAGE: usize = 50;

/// Which items are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// These alone: what a search has found.
    pub ids: Option<Vec<ItemId>>,
    pub state: Option<ItemState>,
    /// The code of the last one of the page before.
    pub after: String,
}

/// The items that the actor keeps, by code; one more than a page tells that there are more.
pub fn items(c: &mut Conn, ctx: &Ctx, wanted: &Wanted) -> Result<Vec<Kept>> {
    let (_, scope) = Scope::of(ctx)?;
    changes::items(c, scope.department(), wanted, PAGE + 1)
}

/// # Errors
/// 404, also for an item that somebody else keeps.
pub fn item(c: &mut Conn, ctx: &Ctx, id: ItemId) -> Result<Kept> {
    let (_, scope) = Scope::of(ctx)?;
    kept(c, scope, id)
}

pub(super) fn kept(c: &mut Conn, scope: Scope, id: ItemId) -> Result<Kept> {
    changes::item(c, id)?.filter(|i| scope.holds(i.department_id)).ok_or_else(Error::not_found)
}

/// The elements of one version of an item.
///
/// # Errors
/// 404.
pub fn version(c: &mut Conn, ctx: &Ctx, id: ItemId, no: i32) -> Result<Elements> {
    item(c, ctx, id)?;
    store::version_no(c, id, no)?.ok_or_else(Error::not_found)
}

/// Changes in a state, the last touched first.
pub fn list(c: &mut Conn, ctx: &Ctx, state: ChangeState, after: Option<Cursor>) -> Result<Page<ChangeRow>> {
    let (_, scope) = Scope::of(ctx)?;
    let rows = changes::list(c, scope.department(), state, after, PAGE + 1)?;
    Ok(Page::cut(rows, PAGE, |r| Cursor { at: r.updated_at, id: r.id.0 }))
}

/// All changes of an item, the last first.
///
/// # Errors
/// 404.
pub fn history(c: &mut Conn, ctx: &Ctx, id: ItemId) -> Result<Vec<Change>> {
    item(c, ctx, id)?;
    changes::of_item(c, id)
}

/// # Errors
/// 404, also for a change of an item that somebody else keeps.
pub fn change(c: &mut Conn, ctx: &Ctx, id: ChangeId) -> Result<Change> {
    let (_, scope) = Scope::of(ctx)?;
    found(c, scope, id)
}

pub(super) fn found(c: &mut Conn, scope: Scope, id: ChangeId) -> Result<Change> {
    changes::find(c, id)?.filter(|x| scope.holds(x.department_id)).ok_or_else(Error::not_found)
}

/// What the rules of the catalogue say of elements.
pub fn findings(c: &mut Conn, ctx: &Ctx, codes: &Codes, doc: &Elements) -> Result<Arc<[Finding]>> {
    let (facts, basics) = (store::fact_keys(c)?, basics::basics_of(c, &doc.basic_code)?);
    Ok(Checker::new(codes, &facts).with(&basics, ctx.now.day()).one(doc).into())
}

/// Numbers and instants of an item's versions, the last first.
///
/// # Errors
/// 404.
pub fn versions(c: &mut Conn, ctx: &Ctx, id: ItemId) -> Result<Vec<(i32, Ts)>> {
    item(c, ctx, id)?;
    store::versions(c, id)
}

/// Planned changes whose day has come, for the platform itself.
pub fn due(c: &mut Conn, ctx: &Ctx, limit: i64) -> Result<Vec<ChangeId>> {
    Scope::of_system(ctx)?;
    changes::due(c, ctx.now.day(), limit)
}

/// The open change of an item, if there is one.
pub fn open_of(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<Option<ChangeId>> {
    Scope::of(ctx)?;
    changes::open_of_code(c, code)
}

/// Whether the actor has had a hand in a change.
pub fn has_hand(c: &mut Conn, ctx: &Ctx, id: ChangeId) -> Result<bool> {
    let (me, _) = Scope::of(ctx)?;
    changes::has_hand(c, id, me.id)
}
