//! What audit administrators look for. Nobody else searches the log, and who searches or exports is recorded.

use serde::Serialize;

use super::acts;
use super::model::{Entry, Outcome};
use super::store;
use crate::db::Conn;
use crate::kernel::{Ctx, Cursor, Error, FieldError, Id, Page, Permission, Result, Ts};

/// Longest reason of an export, in characters.
pub const REASON: usize = 500;
/// Least of it: a word is no reason.
const REASON_LEAST: usize = 4;

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    pub from: Option<Ts>,
    /// Before this.
    pub until: Option<Ts>,
    pub actor: Option<Id>,
    /// What [`crate::kernel::Actor::kind`] gives.
    pub kind: Option<&'static str>,
    /// Any, when there are none.
    pub actions: Vec<&'static str>,
    pub object: Option<Id>,
    pub outcome: Option<Outcome>,
    /// Older than this entry: the next page.
    #[serde(skip)]
    pub before: Option<Id>,
}

/// Kinds of actors, as [`crate::kernel::Actor::kind`] gives them.
pub const KINDS: [&str; 5] = ["staff", "person", "department", "system", "anyone"];

/// A page of entries, the newest first.
///
/// # Errors
/// Forbidden for all but audit administrators.
pub fn list(c: &mut Conn, ctx: &Ctx, filter: &Filter, limit: usize) -> Result<Page<Entry>> {
    ctx.may(Permission::Audit)?;
    let rows = store::search(c, filter, limit + 1)?;
    Ok(Page::cut(rows, limit, |e| Cursor { at: e.at, id: e.id }))
}

/// Records that somebody searches.
pub fn searched(c: &mut Conn, ctx: &Ctx, filter: &Filter) -> Result<()> {
    ctx.may(Permission::Audit)?;
    super::record_plain(c, ctx, "audit.search", "audit", filter)
}

/// One entry.
///
/// # Errors
/// Not found; forbidden for all but audit administrators.
pub fn entry(c: &mut Conn, ctx: &Ctx, id: Id) -> Result<Entry> {
    ctx.may(Permission::Audit)?;
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// Whether there is an entry of this number.
pub fn is_there(c: &mut Conn, ctx: &Ctx, id: Id) -> Result<bool> {
    ctx.may(Permission::Audit)?;
    Ok(store::find(c, id)?.is_some())
}

/// The reason of an export as it is kept.
///
/// # Errors
/// Field `reason`: missing or too short, too long.
pub fn reason(typed: &str) -> Result<String> {
    let typed = typed.trim();
    let fault = |code, value: Option<usize>| {
        Err(Error::fields(vec![FieldError { field: "reason".into(), code, value: value.map(|n| n.to_string()) }]))
    };
    match typed.chars().count() {
        n if n < REASON_LEAST => fault("audit-reason", None),
        n if n > REASON => fault("too-long", Some(REASON)),
        _ => Ok(typed.to_owned()),
    }
}

/// Records that somebody exports, before the first row leaves.
///
/// # Errors
/// Those of [`reason`]; field `from` or `to` when a side of the range is open.
pub fn exported(c: &mut Conn, ctx: &Ctx, filter: &Filter, why: &str) -> Result<()> {
    ctx.may(Permission::Audit)?;
    let why = reason(why)?;
    for (side, field) in [(filter.from, "from"), (filter.until, "to")] {
        if side.is_none() {
            return Err(Error::field(field, "audit-day"));
        }
    }
    super::record_plain(c, ctx, "audit.export", "audit", serde_json::json!({ "filter": filter, "reason": why }))
}

/// The acts that a choice names: `case.look` is one, `look*` a family; any when it is neither.
pub fn actions(choice: &str) -> Vec<&'static str> {
    match choice.strip_suffix('*') {
        Some(family) => acts::Family::from_code(family).map(acts::of).unwrap_or_default(),
        None => acts::ACTS.iter().filter(|(a, _)| *a == choice).map(|(a, _)| *a).collect(),
    }
}
