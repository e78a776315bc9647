//! Staff accounts, as system administrators keep them, and a member's own password. What a member may do is given by others:
//! [`super::grants`].
//!
//! # Rules
//! - Nobody switches their own account off: another administrator does.
//! - Who is switched off has no session any more.
//! - A password that an administrator made lets nobody in before its owner has chosen another.

use std::collections::HashMap;

use super::accounts::fault;
use super::factors::half;
use super::model::{StaffId, StaffMember};
use super::sessions::{self, Subject};
use super::store::{roles, sessions as session_store, staff as store};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Id, Permission, Result, StaffActor};

const PASSWORD_CHECKS: Limit = Limit { what: "password-staff", tries: 10, window: 15 * 60 };

/// Rows of a page of the list.
pub const PAGE: usize = 50;

/// What an administrator says of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffDraft {
    pub login: String,
    pub name: String,
    pub is_active: bool,
}

impl StaffDraft {
    fn faults(&self) -> Vec<FieldError> {
        let mut faults = vec![];
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
        if !(3..=40).contains(&self.login.len()) || !self.login.bytes().all(fits) {
            faults.push(fault("login", "login-shape"));
        }
        if !(1..=50).contains(&self.name.chars().count()) {
            faults.push(fault("name", "staff-name"));
        }
        faults
    }

    fn check(&self) -> Result<()> {
        let faults = self.faults();
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }
}

/// A page of the list, by login. `text` is looked for in login and name; `after` is the last login of the page before.
pub fn list(c: &mut Conn, ctx: &Ctx, text: &str, after: &str) -> Result<Vec<StaffMember>> {
    ctx.may(Permission::Accounts)?;
    store::list(c, text, after, false, PAGE + 1)
}

/// # Errors
/// Not found.
pub fn member(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffMember> {
    ctx.may(Permission::Accounts)?;
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// A member as an actor, for what the platform does later on that the member has asked for.
///
/// # Errors
/// Forbidden when the member is not there any more, or may not log in.
pub fn acting(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffActor> {
    ctx.is_system()?;
    let member = store::find(c, id)?.filter(|m| m.is_active).ok_or_else(Error::forbidden)?;
    let permissions = roles::permissions(c, id, ctx.now.day())?;
    let (name, area, department, hall) = (member.name, member.area, member.department.map(|d| d.0), member.hall);
    Ok(StaffActor { id: id.0, name, permissions, area, department, hall })
}

/// Names of members, for what they signed.
pub fn names(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, String>> {
    store::names(c, ids)
}

/// Login and name of members, for audit administrators.
pub fn known(c: &mut Conn, ctx: &Ctx, ids: Vec<Id>) -> Result<HashMap<Id, (String, String)>> {
    ctx.may(Permission::Audit)?;
    store::known(c, ids)
}

/// The member of this login, whether the account is active or not, for audit administrators.
pub fn by_login(c: &mut Conn, ctx: &Ctx, login: &str) -> Result<Option<StaffId>> {
    ctx.may(Permission::Audit)?;
    store::find_by_login(c, &login.to_lowercase())
}

/// One's own login.
pub fn login_of_self(c: &mut Conn, ctx: &Ctx) -> Result<String> {
    let member = store::find(c, StaffId(ctx.staff()?.id))?;
    Ok(member.ok_or_else(Error::not_found)?.login)
}

/// Makes an account with a first password that its owner has to change. It may do nothing until a security administrator gives it roles.
///
/// # Errors
/// The fields that have to be mended; field `login`, code `login-taken`.
pub fn create(c: &mut Conn, ctx: &Ctx, draft: &StaffDraft, password_hash: &str) -> Result<StaffId> {
    if ctx.is_system().is_err() {
        ctx.may(Permission::Accounts)?;
    }
    draft.check()?;
    if store::find_by_login(c, &draft.login)?.is_some() {
        return Err(Error::field("login", "login-taken"));
    }
    let member = StaffMember {
        id: StaffId::random(),
        login: draft.login.clone(),
        name: draft.name.clone(),
        roles: vec![],
        area: None,
        department: None,
        hall: None,
        is_active: true,
    };
    store::insert(c, &member, password_hash, true, ctx.now)?;
    audit::record(c, ctx, "staff.create", ("staff", member.id.0), ())?;
    Ok(member.id)
}

/// Changes name and whether the account is active; the login stays.
///
/// # Errors
/// The fields that have to be mended; not found; conflict `own-account` when somebody switches themself off.
pub fn change(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &StaffDraft) -> Result<()> {
    let admin = ctx.may(Permission::Accounts)?.id;
    let before = store::find(c, id)?.ok_or_else(Error::not_found)?;
    StaffDraft { login: before.login, ..draft.clone() }.check()?;
    if admin == id.0 && !draft.is_active {
        return Err(Error::conflict("own-account"));
    }
    store::update(c, id, &draft.name, draft.is_active, ctx.now)?;
    if !draft.is_active {
        sessions::close_all(c, Subject::Staff(id))?;
        half::close_all(c, id, None)?;
    }
    audit::record(c, ctx, "staff.change", ("staff", id.0), serde_json::json!({ "active": draft.is_active }))
}

/// The account with this login.
pub fn find_by_login(c: &mut Conn, ctx: &Ctx, login: &str) -> Result<Option<StaffId>> {
    ctx.is_system()?;
    store::find_by_login(c, login)
}

/// Gives an account a new first password and ends its sessions.
///
/// # Errors
/// Not found; conflict `own-password`: one's own is changed with the old one.
pub fn reset_password(c: &mut Conn, ctx: &Ctx, id: StaffId, password_hash: &str) -> Result<StaffMember> {
    let admin = ctx.may(Permission::Accounts)?.clone();
    if admin.id == id.0 {
        return Err(Error::conflict("own-password"));
    }
    let member = store::find(c, id)?.ok_or_else(Error::not_found)?;
    store::set_password(c, id, password_hash, true, ctx.now)?;
    sessions::close_all(c, Subject::Staff(id))?;
    half::close_all(c, id, None)?;
    audit::record(c, ctx, "staff.password-reset", ("staff", id.0), ())?;
    Ok(member)
}

/// Counts a try to show one's password again, and returns the kept hash to compare it with.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn begin_password_check(c: &mut Conn, ctx: &Ctx) -> Result<String> {
    let id = ctx.staff()?.id;
    throttle::take(c, ctx, PASSWORD_CHECKS, &id.to_string())?;
    store::password_hash(c, StaffId(id))?.ok_or_else(Error::not_found)
}

/// Keeps a member's new password, the old one having been checked, and ends all their sessions but the one that asks.
pub fn change_password(c: &mut Conn, ctx: &Ctx, password_hash: &str, this_session: &[u8]) -> Result<()> {
    let id = StaffId(ctx.staff()?.id);
    throttle::clear(c, ctx, PASSWORD_CHECKS, &id.to_string())?;
    half::close_all(c, id, None)?;
    put_chosen(c, ctx, id, password_hash, Some(this_session))
}

/// Keeps the password that a member chose, and ends all their sessions but one.
pub(super) fn put_chosen(c: &mut Conn, ctx: &Ctx, id: StaffId, password_hash: &str, but: Option<&[u8]>) -> Result<()> {
    store::set_password(c, id, password_hash, false, ctx.now)?;
    session_store::delete_sessions_of(c, Subject::Staff(id), but)?;
    audit::record(c, ctx, "staff.password", ("staff", id.0), ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_needs_a_login_and_a_name() {
        let draft = StaffDraft { login: "wsjk.handler".into(), name: "彭思远".into(), is_active: true };
        assert!(draft.faults().is_empty());
        let bad = StaffDraft { login: "A b".into(), name: String::new(), ..draft };
        let codes: Vec<_> = bad.faults().into_iter().map(|f| f.code).collect();
        assert_eq!(codes, ["login-shape", "staff-name"]);
    }
}
