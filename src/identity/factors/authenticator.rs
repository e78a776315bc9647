//! The authenticator of a member of staff.

use crate::audit;
use crate::db::Conn;
use crate::identity::model::StaffId;
use crate::identity::store::factors as store;
use crate::kernel::{Ctx, Result, totp};

/// Whether this is a code of the member's authenticator that was not used yet; from now on it was. Of two at the same time one is
/// right.
pub(super) fn spend(c: &mut Conn, ctx: &Ctx, staff: StaffId, typed: &str) -> Result<bool> {
    let Some(secret) = store::secret(c, &ctx.keys, staff)? else { return Ok(false) };
    match totp::step_of(&secret, typed, ctx.now)? {
        Some(step) => store::spend(c, staff, step),
        None => Ok(false),
    }
}

/// Binds a first authenticator, of which the code of this step was given: it is spent.
pub(super) fn add(c: &mut Conn, ctx: &Ctx, staff: StaffId, secret: &[u8], step: i64) -> Result<()> {
    store::insert_secret(c, ctx, staff, secret, step)?;
    audit::record(c, ctx, "factor.authenticator", ("staff", staff.0), ())
}

/// Binds an authenticator as it is: nobody's act.
pub(super) fn seed(c: &mut Conn, ctx: &Ctx, staff: StaffId, secret: &[u8]) -> Result<()> {
    store::insert_secret(c, ctx, staff, secret, 0)
}

/// As [`add`], in the place of the one before.
pub(super) fn replace(c: &mut Conn, ctx: &Ctx, staff: StaffId, secret: &[u8], step: i64) -> Result<()> {
    store::update_secret(c, ctx, staff, secret, step)?;
    audit::record(c, ctx, "factor.authenticator-replace", ("staff", staff.0), ())
}
