//! A half-open login: the password was right, and more has to be shown or chosen before a session begins. Its cookie opens no page but
//! those of the login.

use crate::db::Conn;
use crate::identity::model::{How, StaffId};
use crate::identity::sessions::{Opened, key};
use crate::identity::store::halves::{self as store, Purpose, Row};
use crate::identity::store::{factors, staff};
use crate::kernel::{Ctx, Error, Kind, Result, Ts, crypto, totp};

pub const COOKIE: &str = "cm_half";
/// Seconds until it ends: enough to install an authenticator.
pub const SECONDS: i64 = 10 * 60;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A code of the authenticator, or another factor.
    Factor,
    /// A password in place of an administrator's.
    Password,
    /// An authenticator is bound.
    Bind,
}

/// What decides on the next step.
#[derive(Debug, Clone, Copy)]
struct Facts {
    how: How,
    needs_factor: bool,
    has_factor: bool,
    must_change: bool,
}

impl Facts {
    /// `None` when all is done. The factor goes first: who knows an administrator's password alone gets no further.
    fn step(self) -> Option<Step> {
        if self.needs_factor && self.has_factor && self.how == How::Password {
            Some(Step::Factor)
        } else if self.must_change {
            Some(Step::Password)
        } else if self.needs_factor && !self.has_factor {
            Some(Step::Bind)
        } else {
            None
        }
    }
}

/// A living half-open login. Not `Debug`: it may hold a secret.
#[derive(Clone)]
pub struct Half {
    pub(super) row: Row,
    pub login: String,
    pub step: Step,
}

impl Half {
    pub(super) fn staff(&self) -> StaffId {
        self.row.staff
    }
    /// Of the authenticator that this login offers; empty when one is bound.
    pub fn secret(&self) -> &[u8] {
        &self.row.secret
    }
    /// Where its holder wants to go.
    pub fn back(&self) -> &str {
        &self.row.back
    }
}

/// Begins one.
pub(in crate::identity) fn open(
    c: &mut Conn,
    ctx: &Ctx,
    staff: StaffId,
    needs_factor: bool,
    back: &str,
) -> Result<Opened> {
    let token = crypto::random_token();
    let offers = needs_factor && !factors::factors(c, staff)?.has_any();
    let new = Row {
        key: key(&token),
        staff,
        needs_factor,
        how: How::Password,
        secret: if offers { totp::secret() } else { vec![] },
        back: back.to_owned(),
    };
    store::insert(c, ctx, &new, Purpose::Login, ctx.now.plus_secs(SECONDS))?;
    Ok(Opened { token })
}

/// The living one of a cookie's token. None for a member whose account was switched off, and when nothing is left to do.
pub fn find(c: &mut Conn, ctx: &Ctx, token: &str) -> Result<Option<Half>> {
    let Some(row) = store::find(c, ctx, &key(token), Purpose::Login)? else { return Ok(None) };
    let Some(member) = staff::find(c, row.staff)?.filter(|m| m.is_active) else { return Ok(None) };
    Ok(next(c, &row, row.how)?.map(|step| Half { row, login: member.login, step }))
}

/// As [`find`], at this step.
///
/// # Errors
/// `login-over` for one that has ended or is at another step.
pub(super) fn at(c: &mut Conn, ctx: &Ctx, token: &str, step: Step) -> Result<Half> {
    find(c, ctx, token)?.filter(|half| half.step == step).ok_or_else(over)
}

fn over() -> Error {
    Error::new(Kind::Unauthenticated, "login-over")
}

/// What is left to do for whoever has shown this much.
pub(super) fn next(c: &mut Conn, row: &Row, how: How) -> Result<Option<Step>> {
    let facts = Facts {
        how,
        needs_factor: row.needs_factor,
        has_factor: factors::factors(c, row.staff)?.has_any(),
        must_change: staff::must_change(c, row.staff)?,
    };
    Ok(facts.step())
}

/// Notes what its holder has shown by now.
pub(super) fn prove(c: &mut Conn, half: &Half, how: How) -> Result<()> {
    store::prove(c, &half.row.key, how)
}

/// Ends it, since a session begins.
///
/// # Errors
/// `login-over` when it has ended already: of two requests at the same time one gets the session.
pub(super) fn end(c: &mut Conn, half: &Half) -> Result<()> {
    if store::delete(c, &half.row.key)? { Ok(()) } else { Err(over()) }
}

/// Ends all of a member, or all but one.
pub(in crate::identity) fn close_all(c: &mut Conn, staff: StaffId, but: Option<&Half>) -> Result<()> {
    store::delete_of(c, staff, but.map(|h| h.row.key.as_slice()))
}

/// Deletes what has ended; returns how many.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    store::purge(c, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Facts = Facts { how: How::Password, needs_factor: true, has_factor: false, must_change: true };

    #[test]
    fn each_step_comes_in_its_order() {
        let bound = Facts { has_factor: true, ..NEW };
        let shown = Facts { how: How::Totp, ..bound };
        let chosen = |facts: Facts| Facts { must_change: false, ..facts };
        assert_eq!(NEW.step(), Some(Step::Password));
        assert_eq!(chosen(NEW).step(), Some(Step::Bind));
        assert_eq!(bound.step(), Some(Step::Factor), "an administrator's password opens nothing by itself");
        assert_eq!(shown.step(), Some(Step::Password));
        assert_eq!(chosen(shown).step(), None);
        assert_eq!(Facts { needs_factor: false, ..bound }.step(), Some(Step::Password));
        assert_eq!(chosen(Facts { needs_factor: false, ..NEW }).step(), None);
    }
}
