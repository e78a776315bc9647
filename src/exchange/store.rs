use diesel::prelude::*;

use super::model::Endpoint;
use crate::db::schema::exg_endpoint;
use crate::db::{Bytes, Conn, Each};
use crate::identity::DepartmentId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Result};

const SECRET: &str = "exg_endpoint.secret";

pub(super) fn upsert_endpoint(
    c: &mut Conn,
    ctx: &Ctx,
    department_id: DepartmentId,
    url: &str,
    secret: &[u8],
) -> Result<()> {
    let sealed = ctx.keys.seal(SECRET, secret);
    Each(
        diesel::insert_into(exg_endpoint::table)
            .values((
                exg_endpoint::department_id.eq(department_id),
                exg_endpoint::url.eq(url),
                exg_endpoint::secret.eq(&sealed),
                exg_endpoint::is_active.eq(true),
                exg_endpoint::failures.eq(0),
                exg_endpoint::openings.eq(0),
                exg_endpoint::leased_at.eq(ctx.now),
                exg_endpoint::updated_at.eq(ctx.now),
            ))
            .on_conflict(exg_endpoint::department_id)
            .do_update()
            .set((exg_endpoint::url.eq(url), exg_endpoint::secret.eq(&sealed), exg_endpoint::updated_at.eq(ctx.now))),
    )
    .execute(c)?;
    Ok(())
}

pub(super) fn update_endpoint(c: &mut Conn, ctx: &Ctx, e: &Endpoint) -> Result<()> {
    diesel::update(exg_endpoint::table.find(e.department_id))
        .set((
            exg_endpoint::url.eq(&e.url),
            exg_endpoint::secret.eq(ctx.keys.seal(SECRET, &e.secret)),
            exg_endpoint::old_secret.eq(e.old_secret.as_ref().map(|s| ctx.keys.seal(SECRET, s))),
            exg_endpoint::is_active.eq(e.is_active),
            exg_endpoint::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

type EndpointRow = (DepartmentId, String, Bytes, Option<Bytes>, bool);

pub(super) fn find_endpoint(c: &mut Conn, keys: &Keys, department_id: DepartmentId) -> Result<Option<Endpoint>> {
    let row: Option<EndpointRow> = exg_endpoint::table
        .find(department_id)
        .select((
            exg_endpoint::department_id,
            exg_endpoint::url,
            exg_endpoint::secret,
            exg_endpoint::old_secret,
            exg_endpoint::is_active,
        ))
        .first(c)
        .optional()?;
    let Some((department_id, url, secret, old, is_active)) = row else { return Ok(None) };
    let secret = keys.open(SECRET, &secret)?;
    let old_secret = old.map(|s| keys.open(SECRET, &s)).transpose()?;
    Ok(Some(Endpoint { department_id, url, secret, old_secret, is_active }))
}
