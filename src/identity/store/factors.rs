//! Second factors of staff.

use diesel::prelude::*;

use crate::db::schema::{idn_recovery, idn_totp};
use crate::db::{Bytes, Conn};
use crate::identity::factors::Factors;
use crate::identity::model::StaffId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Result, Ts};

pub(in crate::identity) const SECRET: &str = "idn_totp.secret";

pub(in crate::identity) fn factors(c: &mut Conn, staff: StaffId) -> Result<Factors> {
    let authenticator = idn_totp::table.find(staff).select(idn_totp::made_at).first(c).optional()?;
    let codes: Vec<(Ts, Option<Ts>)> = idn_recovery::table
        .filter(idn_recovery::staff_id.eq(staff))
        .select((idn_recovery::made_at, idn_recovery::used_at))
        .load(c)?;
    Ok(Factors {
        authenticator,
        recovery_left: codes.iter().filter(|(_, used)| used.is_none()).count(),
        recovery_made_at: codes.first().map(|(made, _)| *made),
    })
}

pub(in crate::identity) fn secret(c: &mut Conn, keys: &Keys, staff: StaffId) -> Result<Option<Bytes>> {
    let sealed: Option<Bytes> = idn_totp::table.find(staff).select(idn_totp::secret).first(c).optional()?;
    sealed.map(|s| keys.open(SECRET, &s)).transpose()
}

/// Notes that the code of a step was used; false when it was, or a later one.
pub(in crate::identity) fn spend(c: &mut Conn, staff: StaffId, step: i64) -> Result<bool> {
    let unused = idn_totp::table.find(staff).filter(idn_totp::last_step.lt(step));
    Ok(diesel::update(unused).set(idn_totp::last_step.eq(step)).execute(c)? == 1)
}

/// Of two at the same time one is refused by the table's key.
pub(in crate::identity) fn insert_secret(c: &mut Conn, ctx: &Ctx, of: StaffId, secret: &[u8], step: i64) -> Result<()> {
    diesel::insert_into(idn_totp::table)
        .values((
            idn_totp::staff_id.eq(of),
            idn_totp::secret.eq(ctx.keys.seal(SECRET, secret)),
            idn_totp::last_step.eq(step),
            idn_totp::made_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn update_secret(c: &mut Conn, ctx: &Ctx, of: StaffId, secret: &[u8], step: i64) -> Result<()> {
    diesel::update(idn_totp::table.find(of))
        .set((
            idn_totp::secret.eq(ctx.keys.seal(SECRET, secret)),
            idn_totp::last_step.eq(step),
            idn_totp::made_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn salt(c: &mut Conn, staff: StaffId) -> Result<Option<Bytes>> {
    let all = idn_recovery::table.filter(idn_recovery::staff_id.eq(staff));
    Ok(all.select(idn_recovery::salt).first(c).optional()?)
}

/// Uses the code of this digest; false when there is none, or it was used.
pub(in crate::identity) fn use_recovery(c: &mut Conn, staff: StaffId, digest: &[u8], now: Ts) -> Result<bool> {
    let unused = idn_recovery::table.find((staff, digest)).filter(idn_recovery::used_at.is_null());
    Ok(diesel::update(unused).set(idn_recovery::used_at.eq(now)).execute(c)? == 1)
}

pub(in crate::identity) fn put_recovery(
    c: &mut Conn,
    staff: StaffId,
    digests: &[Bytes],
    salt: &[u8],
    now: Ts,
) -> Result<()> {
    diesel::delete(idn_recovery::table.filter(idn_recovery::staff_id.eq(staff))).execute(c)?;
    for digest in digests {
        diesel::insert_into(idn_recovery::table)
            .values((
                idn_recovery::staff_id.eq(staff),
                idn_recovery::digest.eq(digest),
                idn_recovery::salt.eq(salt),
                idn_recovery::made_at.eq(now),
            ))
            .execute(c)?;
    }
    Ok(())
}

pub(in crate::identity) fn delete_all(c: &mut Conn, staff: StaffId) -> Result<()> {
    diesel::delete(idn_totp::table.find(staff)).execute(c)?;
    diesel::delete(idn_recovery::table.filter(idn_recovery::staff_id.eq(staff))).execute(c)?;
    Ok(())
}
