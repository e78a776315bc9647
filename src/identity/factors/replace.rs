//! A new authenticator in the place of the one before, for a member who is in: first a code of the old one, then one of the new.

use super::{authenticator, half, tries, wrong};
use crate::db::Conn;
use crate::identity::model::{How, StaffId};
use crate::identity::sessions::{self, Session};
use crate::identity::store::halves::{self as store, Purpose, Row};
use crate::kernel::{Ctx, Error, Result, totp};

/// Offers a new authenticator to this session for ten minutes, after [`super::confirm`].
pub fn offer(c: &mut Conn, ctx: &Ctx, session: &Session) -> Result<()> {
    let staff = StaffId(ctx.staff()?.id);
    store::delete(c, &session.key)?;
    let row = Row {
        key: session.key.clone(),
        staff,
        needs_factor: true,
        how: How::Totp,
        secret: totp::secret(),
        back: String::new(),
    };
    store::insert(c, ctx, &row, Purpose::Replace, ctx.now.plus_secs(half::SECONDS))
}

/// The secret that is offered to this session; `None` when there is none, or no more.
pub fn offered(c: &mut Conn, ctx: &Ctx, session: &Session) -> Result<Option<Vec<u8>>> {
    let staff = StaffId(ctx.staff()?.id);
    let row = store::find(c, ctx, &session.key, Purpose::Replace)?;
    Ok(row.filter(|row| row.staff == staff).map(|row| row.secret))
}

/// Binds what is offered when this is its code, and ends all other sessions. `false` when it is not; the try stays counted.
///
/// # Errors
/// Not found when nothing is offered any more; too many: `too-many-tries`.
pub fn accept(c: &mut Conn, ctx: &Ctx, session: &Session, typed: &str, address: &str) -> Result<bool> {
    let staff = StaffId(ctx.staff()?.id);
    let secret = offered(c, ctx, session)?.ok_or_else(Error::not_found)?;
    tries::count(c, ctx, staff, address)?;
    let Some(step) = totp::step_of(&secret, typed, ctx.now)? else {
        return wrong(c, ctx, staff).map(|()| false);
    };
    tries::succeeded(c, ctx, staff, address)?;
    authenticator::replace(c, ctx, staff, &secret, step)?;
    half::close_all(c, staff, None)?;
    sessions::end_others(c, ctx, &session.key)?;
    Ok(true)
}
