//! Half-open logins, and authenticators that are offered.

use diesel::prelude::*;

use crate::db::schema::idn_half;
use crate::db::{Bytes, Conn};
use crate::identity::model::{How, StaffId};
use crate::kernel::{Ctx, Result, Ts};

const SECRET: &str = "idn_half.secret";

crate::text_enum!(
    /// What a row is for: a login, or a new authenticator of a member who is in, under the key of their session.
    Purpose { Login = "login", Replace = "replace" }
);

#[derive(Clone)]
pub(in crate::identity) struct Row {
    pub key: Bytes,
    pub staff: StaffId,
    pub needs_factor: bool,
    pub how: How,
    /// Of the authenticator that is offered; empty for none.
    pub secret: Bytes,
    pub back: String,
}

pub(in crate::identity) fn insert(c: &mut Conn, ctx: &Ctx, row: &Row, purpose: Purpose, until: Ts) -> Result<()> {
    let secret = (!row.secret.is_empty()).then(|| ctx.keys.seal(SECRET, &row.secret));
    diesel::insert_into(idn_half::table)
        .values((
            idn_half::id.eq(&row.key),
            idn_half::staff_id.eq(row.staff),
            idn_half::purpose.eq(purpose),
            idn_half::needs_factor.eq(row.needs_factor),
            idn_half::made_by.eq(row.how),
            idn_half::secret.eq(secret),
            idn_half::back.eq(&row.back),
            idn_half::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// One that has not ended.
pub(in crate::identity) fn find(c: &mut Conn, ctx: &Ctx, key: &[u8], purpose: Purpose) -> Result<Option<Row>> {
    let row: Option<(StaffId, bool, How, Option<Bytes>, String)> = idn_half::table
        .find(key)
        .filter(idn_half::purpose.eq(purpose))
        .filter(idn_half::expires_at.gt(ctx.now))
        .select((idn_half::staff_id, idn_half::needs_factor, idn_half::made_by, idn_half::secret, idn_half::back))
        .first(c)
        .optional()?;
    let Some((staff, needs_factor, how, sealed, back)) = row else { return Ok(None) };
    let secret = sealed.map(|s| ctx.keys.open(SECRET, &s)).transpose()?.unwrap_or_default();
    Ok(Some(Row { key: key.to_vec(), staff, needs_factor, how, secret, back }))
}

pub(in crate::identity) fn prove(c: &mut Conn, key: &[u8], how: How) -> Result<()> {
    diesel::update(idn_half::table.find(key)).set(idn_half::made_by.eq(how)).execute(c)?;
    Ok(())
}

/// Whether it was there.
pub(in crate::identity) fn delete(c: &mut Conn, key: &[u8]) -> Result<bool> {
    Ok(diesel::delete(idn_half::table.find(key)).execute(c)? == 1)
}

pub(in crate::identity) fn delete_of(c: &mut Conn, staff: StaffId, but: Option<&[u8]>) -> Result<()> {
    let others = idn_half::staff_id.eq(staff).and(idn_half::id.ne(but.unwrap_or_default().to_vec()));
    diesel::delete(idn_half::table.filter(others)).execute(c)?;
    Ok(())
}

pub(in crate::identity) fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_half::table.filter(idn_half::expires_at.le(now))).execute(c)?)
}
