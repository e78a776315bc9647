use diesel::prelude::*;
use serde_json::Value;

use super::Entry;
use crate::db::schema::aud_entry;
use crate::db::{Conn, Doc};
use crate::kernel::{Ctx, Id, Result, Ts};

pub(super) fn append(
    c: &mut Conn,
    ctx: &Ctx,
    action: &str,
    object_kind: &str,
    object_id: Option<Id>,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = (
        aud_entry::id.eq(Id::random()),
        aud_entry::at.eq(ctx.now),
        aud_entry::actor_kind.eq(ctx.actor.kind()),
        aud_entry::actor_id.eq(ctx.actor.id()),
        aud_entry::action.eq(action.to_owned()),
        aud_entry::object_kind.eq(object_kind.to_owned()),
        aud_entry::object_id.eq(object_id),
        aud_entry::detail.eq(Doc(detail)),
        aud_entry::request_id.eq(ctx.request_id),
    );
    c.later("aud_entry", diesel::insert_into(aud_entry::table).values(entry))
}

type EntryTuple = (Ts, String, Option<Id>, String, Doc<Value>);

pub(super) fn of_object(c: &mut Conn, id: Id) -> Result<Vec<Entry>> {
    let rows: Vec<EntryTuple> = aud_entry::table
        .filter(aud_entry::object_id.eq(id))
        .order((aud_entry::at, aud_entry::id))
        .select((aud_entry::at, aud_entry::actor_kind, aud_entry::actor_id, aud_entry::action, aud_entry::detail))
        .load(c)?;
    let entry = |(at, actor_kind, actor_id, action, detail): EntryTuple| Entry {
        at,
        actor_kind,
        actor_id,
        action,
        detail: detail.0,
    };
    Ok(rows.into_iter().map(entry).collect())
}
