//! The steps of a half-open login.

use super::half::{self, Half, Step};
use super::{authenticator, recovery, tries, wrong};
use crate::audit;
use crate::db::Conn;
use crate::identity::model::How;
use crate::identity::sessions::{self, Opened, Subject, Visit};
use crate::identity::staff;
use crate::identity::store::factors as store;
use crate::kernel::{Ctx, Result, totp};

/// What a step leads to when it was taken well.
#[derive(Debug)]
pub enum Passed {
    /// A session, and where its holder wanted to go.
    In(Opened, String),
    /// One more step follows.
    On,
}

/// On to the next step, or in.
fn pass(c: &mut Conn, ctx: &Ctx, half: &Half, how: How, visit: &Visit) -> Result<Passed> {
    if half::next(c, &half.row, how)?.is_some() {
        half::prove(c, half, how)?;
        return Ok(Passed::On);
    }
    half::end(c, half)?;
    let subject = Subject::Staff(half.staff());
    audit::record(c, ctx, "login", subject.object(), serde_json::json!({ "how": how }))?;
    let opened = sessions::open(c, ctx, subject, how, visit)?;
    Ok(Passed::In(opened, half.back().to_owned()))
}

/// Gives a code of the authenticator. `None` when it is not right; the try stays counted.
///
/// # Errors
/// `login-over` when the half-open login has ended; too many: `too-many-tries`.
pub fn by_code(c: &mut Conn, ctx: &Ctx, token: &str, typed: &str, visit: &Visit) -> Result<Option<Passed>> {
    let half = half::at(c, ctx, token, Step::Factor)?;
    tries::count(c, ctx, half.staff(), &visit.address)?;
    if !authenticator::spend(c, ctx, half.staff(), typed)? {
        return wrong(c, ctx, half.staff()).map(|()| None);
    }
    tries::succeeded(c, ctx, half.staff(), &visit.address)?;
    pass(c, ctx, &half, How::Totp, visit).map(Some)
}

/// Counts a try with a recovery code, before its slow digest is made; returns the salt for that.
///
/// # Errors
/// As [`by_code`].
pub fn begin_recovery(c: &mut Conn, ctx: &Ctx, token: &str, visit: &Visit) -> Result<Vec<u8>> {
    let half = half::at(c, ctx, token, Step::Factor)?;
    tries::count(c, ctx, half.staff(), &visit.address)?;
    recovery::salt(c, half.staff())
}

/// Gives a recovery code, by its digest, after [`begin_recovery`]. `None` when it is not right or was used.
///
/// # Errors
/// `login-over` when the half-open login has ended.
pub fn by_recovery(c: &mut Conn, ctx: &Ctx, token: &str, digest: &[u8], visit: &Visit) -> Result<Option<Passed>> {
    let half = half::at(c, ctx, token, Step::Factor)?;
    if !store::use_recovery(c, half.staff(), digest, ctx.now)? {
        return wrong(c, ctx, half.staff()).map(|()| None);
    }
    tries::succeeded(c, ctx, half.staff(), &visit.address)?;
    audit::record(c, ctx, "factor.recovery-used", ("staff", half.staff().0), ())?;
    pass(c, ctx, &half, How::Recovery, visit).map(Some)
}

/// Whether this is a code of the authenticator that the login offers, and which of its steps: `None` when not. The try is counted.
///
/// # Errors
/// As [`by_code`].
pub fn begin_binding(c: &mut Conn, ctx: &Ctx, token: &str, typed: &str, visit: &Visit) -> Result<Option<i64>> {
    let half = half::at(c, ctx, token, Step::Bind)?;
    tries::count(c, ctx, half.staff(), &visit.address)?;
    let step = totp::step_of(half.secret(), typed, ctx.now)?;
    match step {
        Some(_) => tries::succeeded(c, ctx, half.staff(), &visit.address)?,
        None => wrong(c, ctx, half.staff())?,
    }
    Ok(step)
}

/// Binds the authenticator that the login offers, of which the code of this step was given to [`begin_binding`], with fresh recovery
/// codes.
///
/// # Errors
/// `login-over` when the half-open login has ended, or one was bound meanwhile by another.
pub fn bind(c: &mut Conn, ctx: &Ctx, token: &str, step: i64, codes: &recovery::Fresh, visit: &Visit) -> Result<Passed> {
    let half = half::at(c, ctx, token, Step::Bind)?;
    authenticator::add(c, ctx, half.staff(), half.secret(), step)?;
    recovery::put(c, ctx, half.staff(), codes)?;
    pass(c, ctx, &half, How::Totp, visit)
}

/// Chooses a password in the place of an administrator's. Who came half in by the old one starts again.
///
/// # Errors
/// `login-over` when the half-open login has ended.
pub fn choose_password(c: &mut Conn, ctx: &Ctx, token: &str, hash: &str, visit: &Visit) -> Result<Passed> {
    let half = half::at(c, ctx, token, Step::Password)?;
    staff::put_chosen(c, ctx, half.staff(), hash, None)?;
    half::close_all(c, half.staff(), Some(&half))?;
    pass(c, ctx, &half, half.row.how, visit)
}
