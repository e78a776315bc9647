use diesel::prelude::*;

use crate::db::schema::aud_entry;
use crate::db::{Conn, Doc};
use crate::kernel::{Ctx, Id, Result};

pub(super) fn append(
    c: &mut Conn,
    ctx: &Ctx,
    action: &str,
    object_kind: &str,
    object_id: Option<Id>,
    detail: serde_json::Value,
) -> Result<()> {
    diesel::insert_into(aud_entry::table)
        .values((
            aud_entry::id.eq(Id::random()),
            aud_entry::at.eq(ctx.now),
            aud_entry::actor_kind.eq(ctx.actor.kind()),
            aud_entry::actor_id.eq(ctx.actor.id()),
            aud_entry::action.eq(action),
            aud_entry::object_kind.eq(object_kind),
            aud_entry::object_id.eq(object_id),
            aud_entry::detail.eq(Doc(detail)),
            aud_entry::request_id.eq(ctx.request_id),
        ))
        .execute(c)?;
    Ok(())
}
