//! The second factor of the staff's login.
//!
//! # Rules
//! - Every member of staff gives one after the password, whatever their role (GB/T 22239-2019 8.1.4.1 d: two kinds of proof or more),
//!   unless `[login] second_factor` says otherwise.
//! - A passkey ([`super::passkeys`]) is two kinds of proof in one, and stands for both.
//! - Between password and factor stands a half-open login ([`half`]): a row of ten minutes whose holder may give the factor, choose a
//!   password where an administrator made it, or bind an authenticator where none is bound; nothing else.
//! - A code of the authenticator works once, also for two who send it at the same time; one step before and after counts (RFC 6238
//!   5.2). The secret is sealed.
//! - Ten recovery codes are shown once and kept as slow digests; each works once (ASVS 5.0 6.5.1, 6.5.2).
//! - Tries are counted by account and by address. A wrong code, one that was used and one of somebody else get the same answer.
//! - A security administrator may take all factors of another away, never their own: the next login binds anew. Whoever may give a new
//!   password may not, so that nobody gets into somebody's account alone.
//!
//! Tables: `idn_totp`, `idn_recovery`, `idn_half`.

mod authenticator;
pub mod half;
pub mod login;
pub mod recovery;
pub mod replace;
mod tries;

use super::model::StaffId;
use super::sessions::{self, Subject};
use super::store::{factors as store, passkeys, staff};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result, Ts};

/// What a member has to prove themself with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when an authenticator is bound.
    pub authenticator: Option<Ts>,
    /// Recovery codes that were not used.
    pub recovery_left: usize,
    /// When they were made.
    pub recovery_made_at: Option<Ts>,
}

impl Factors {
    /// Whether there is one that a login can ask for. Recovery codes are for its loss, and none by themselves.
    pub fn has_any(&self) -> bool {
        self.authenticator.is_some()
    }
}

/// One's own factors.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Factors> {
    store::factors(c, StaffId(ctx.staff()?.id))
}

/// A member's factors, for security administrators.
pub fn of_member(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<Factors> {
    ctx.may(Permission::Authorise)?;
    store::factors(c, id)
}

/// Takes all factors of a member away, who has lost them, and ends their sessions. By a security administrator, or by whoever runs the
/// program.
///
/// # Errors
/// Not found; conflict `own-factors`: nobody frees themself of what protects the account.
pub fn reset(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<()> {
    if ctx.is_system().is_err() && ctx.may(Permission::Authorise)?.id == id.0 {
        return Err(Error::conflict("own-factors"));
    }
    staff::find(c, id)?.ok_or_else(Error::not_found)?;
    store::delete_all(c, id)?;
    passkeys::remove_all(c, Subject::Staff(id))?;
    half::close_all(c, id, None)?;
    sessions::close_all(c, Subject::Staff(id))?;
    tries::forget(c, ctx, id)?;
    audit::record(c, ctx, "staff.factors-reset", ("staff", id.0), ())
}

/// Whether this is a code of one's own authenticator, as an act that weakens or renews a factor asks first. The code is spent, the try
/// is counted.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn confirm(c: &mut Conn, ctx: &Ctx, typed: &str, address: &str) -> Result<bool> {
    let staff = StaffId(ctx.staff()?.id);
    tries::count(c, ctx, staff, address)?;
    if !authenticator::spend(c, ctx, staff, typed)? {
        return wrong(c, ctx, staff).map(|()| false);
    }
    tries::succeeded(c, ctx, staff, address).map(|()| true)
}

/// Puts new recovery codes in the place of one's old ones.
pub fn renew_recovery(c: &mut Conn, ctx: &Ctx, codes: &recovery::Fresh) -> Result<()> {
    recovery::put(c, ctx, StaffId(ctx.staff()?.id), codes)
}

/// Binds an authenticator without a code of it. For the seed alone.
pub(super) fn seed(c: &mut Conn, ctx: &Ctx, staff: StaffId, secret: &[u8]) -> Result<()> {
    authenticator::seed(c, ctx, staff, secret)
}

fn wrong(c: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<()> {
    audit::refused(c, ctx, "login.factor-failed", ("staff", Some(staff.0)), ())
}
