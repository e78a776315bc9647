//! Entries: those that wait for their seal, and those that were sealed. What is asked for is looked for in both.

pub(super) mod batches;
pub(super) mod checks;

use diesel::prelude::*;
use serde_json::Value;

use super::looks::LOOKS;
use super::model::{Entry, Outcome};
use super::search::Filter;
use crate::db::schema::{aud_entry, aud_waiting};
use crate::db::{Conn, Doc};
use crate::kernel::{Ctx, Id, Result, Ts};

/// What is new of an entry; the rest is the context's.
pub(super) struct New {
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<Id>,
    pub person_id: Option<Id>,
    pub outcome: Outcome,
    pub detail: Value,
}

pub(super) fn append(c: &mut Conn, ctx: &Ctx, new: &New) -> Result<()> {
    let entry = (
        aud_waiting::id.eq(Id::in_order(ctx.now)),
        aud_waiting::at.eq(ctx.now),
        aud_waiting::actor_kind.eq(ctx.actor.kind()),
        aud_waiting::actor_id.eq(ctx.actor.id()),
        aud_waiting::action.eq(new.action.clone()),
        aud_waiting::object_kind.eq(new.object_kind.clone()),
        aud_waiting::object_id.eq(new.object_id),
        aud_waiting::person_id.eq(new.person_id),
        aud_waiting::outcome.eq(new.outcome),
        aud_waiting::detail.eq(Doc(new.detail.clone())),
        aud_waiting::request_id.eq(ctx.request_id),
    );
    c.later("aud_waiting", diesel::insert_into(aud_waiting::table).values(entry))
}

pub(super) type Row = (Id, Ts, String, Option<Id>, String, String, Option<Id>, Option<Id>, Outcome, Doc<Value>, Id);

/// The columns of [`Row`], of either table.
macro_rules! row {
    ($table:ident) => {
        (
            $table::id,
            $table::at,
            $table::actor_kind,
            $table::actor_id,
            $table::action,
            $table::object_kind,
            $table::object_id,
            $table::person_id,
            $table::outcome,
            $table::detail,
            $table::request_id,
        )
    };
}
pub(super) use row;

pub(super) fn entry(row: Row, place: Option<(i64, i32)>) -> Entry {
    let (id, at, actor_kind, actor_id, action, object_kind, object_id, person_id, outcome, detail, request_id) = row;
    Entry {
        id,
        at,
        actor_kind,
        actor_id,
        action,
        object_kind,
        object_id,
        person_id,
        outcome,
        detail: detail.0,
        request_id,
        place,
    }
}

/// The rows of both tables to which a condition applies, the newest first; `$waiting` and `$entry` are of the same shape.
macro_rules! both {
    ($c:expr, $limit:expr, $waiting:expr, $entry:expr) => {{
        let rows: Vec<Row> = $waiting.order(aud_waiting::id.desc()).limit($limit).select(row!(aud_waiting)).load($c)?;
        let mut all: Vec<Entry> = rows.into_iter().map(|r| entry(r, None)).collect();
        let columns = (row!(aud_entry), (aud_entry::batch, aud_entry::seq));
        let rows: Vec<(Row, (i64, i32))> = $entry.order(aud_entry::id.desc()).limit($limit).select(columns).load($c)?;
        all.extend(rows.into_iter().map(|(r, place)| entry(r, Some(place))));
        sorted(all, $limit)
    }};
}

fn sorted(mut all: Vec<Entry>, limit: i64) -> Vec<Entry> {
    all.sort_unstable_by_key(|e| std::cmp::Reverse(e.id));
    // Between the two looks an entry may have been sealed.
    all.dedup_by_key(|e| e.id);
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    all
}

pub(super) fn of_object(c: &mut Conn, id: Id) -> Result<Vec<Entry>> {
    let mut all = both!(
        c,
        i64::MAX,
        aud_waiting::table.filter(aud_waiting::object_id.eq(id)),
        aud_entry::table.filter(aud_entry::object_id.eq(id))
    );
    all.reverse();
    Ok(all)
}

pub(super) fn find(c: &mut Conn, id: Id) -> Result<Option<Entry>> {
    let found =
        both!(c, 1, aud_waiting::table.filter(aud_waiting::id.eq(id)), aud_entry::table.filter(aud_entry::id.eq(id)));
    Ok(found.into_iter().next())
}

/// Looks at a person's data, but for their own.
pub(super) fn looks_of(c: &mut Conn, person: Id, before: Option<Id>, limit: usize) -> Result<Vec<Entry>> {
    let (before, limit) = (before.unwrap_or(LAST), i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(both!(
        c,
        limit,
        aud_waiting::table
            .filter(aud_waiting::person_id.eq(person))
            .filter(aud_waiting::id.lt(before))
            .filter(aud_waiting::action.eq_any(LOOKS)),
        aud_entry::table
            .filter(aud_entry::person_id.eq(person))
            .filter(aud_entry::id.lt(before))
            .filter(aud_entry::action.eq_any(LOOKS))
    ))
}

/// After all ids.
const LAST: Id = Id(uuid::Uuid::from_bytes([0xff; 16]));

macro_rules! narrowed {
    ($table:ident, $f:expr, $actions:expr) => {{
        let mut query = $table::table.into_boxed().filter($table::id.lt($f.before.unwrap_or(LAST)));
        if let Some(from) = $f.from {
            query = query.filter($table::id.ge(Id::first_of(from)));
        }
        if let Some(until) = $f.until {
            query = query.filter($table::id.lt(Id::first_of(until)));
        }
        if let Some(id) = $f.actor {
            query = query.filter($table::actor_id.eq(id));
        }
        if let Some(kind) = $f.kind {
            query = query.filter($table::actor_kind.eq(kind));
        }
        if let Some(id) = $f.object {
            query = query.filter($table::object_id.eq(id));
        }
        match $f.outcome {
            // Written out, since an engine uses the index of the refused only for a condition without parameters.
            Some(Outcome::Refused) => query = query.filter(crate::db::Fixed("outcome = 'refused'")),
            Some(Outcome::Done) => query = query.filter($table::outcome.eq(Outcome::Done)),
            None => {}
        }
        match $actions {
            [] => query,
            [one] => query.filter($table::action.eq(*one)),
            many => query.filter($table::action.eq_any(many.to_vec())),
        }
    }};
}

/// Entries to which a filter applies, the newest first.
///
/// A family of acts alone is asked for act by act: each has an index that ends after `limit` rows, where one question for all of them
/// would sort all that there ever were.
pub(super) fn search(c: &mut Conn, f: &Filter, limit: usize) -> Result<Vec<Entry>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let is_narrow = f.actor.is_some() || f.object.is_some() || f.outcome == Some(Outcome::Refused);
    if is_narrow || f.actions.len() < 2 {
        let actions = f.actions.as_slice();
        return Ok(both!(c, limit, narrowed!(aud_waiting, f, actions), narrowed!(aud_entry, f, actions)));
    }
    let mut all = vec![];
    for action in &f.actions {
        let one = std::slice::from_ref(action);
        all.extend(both!(c, limit, narrowed!(aud_waiting, f, one), narrowed!(aud_entry, f, one)));
    }
    Ok(sorted(all, limit))
}
