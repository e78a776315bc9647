//! Staff accounts, as administrators keep them, and a member's own password.
//!
//! # Rules
//! - Nobody changes their own roles or switches their own account off (职责分离): another administrator does.
//! - A change of rights ends all sessions of the one whom it concerns, so that a right that was taken is gone at once.
//! - A password that an administrator made lets nobody in before its owner has chosen another.

use std::collections::HashMap;

use super::accounts::fault;
use super::model::{DepartmentId, StaffId, StaffMember};
use super::sessions::{self, Subject};
use super::store::staff as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Id, Result, Role, StaffActor};

/// Rows of a page of the list.
pub const PAGE: usize = 50;

/// What an administrator says of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffDraft {
    pub login: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<DepartmentId>,
    pub hall: Option<Id>,
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
        let has = |roles: &[Role]| roles.iter().any(|r| self.roles.contains(r));
        if self.roles.is_empty() {
            faults.push(fault("roles", "roles-none"));
        }
        if has(&[Role::Handler, Role::Reviewer, Role::Approver]) && self.department.is_none() {
            faults.push(fault("department", "department-needed"));
        }
        if has(&[Role::Clerk]) && self.hall.is_none() {
            faults.push(fault("hall", "hall-needed"));
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
    ctx.with_role(Role::Admin)?;
    store::list(c, text, after, PAGE + 1)
}

/// # Errors
/// Not found.
pub fn member(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffMember> {
    ctx.with_role(Role::Admin)?;
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// A member as an actor, for what the platform does later on that the member has asked for.
///
/// # Errors
/// Forbidden when the member is not there any more, or may not log in.
pub fn acting(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffActor> {
    ctx.is_system()?;
    let member = store::find(c, id)?.filter(|m| m.is_active).ok_or_else(Error::forbidden)?;
    let department = member.department.map(|d| d.0);
    Ok(StaffActor { id: id.0, name: member.name, roles: member.roles, department, hall: member.hall })
}

/// Names of members, for what they signed.
pub fn names(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, String>> {
    store::names(c, ids)
}

/// Makes an account with a first password that its owner has to change.
///
/// # Errors
/// The fields that have to be mended; field `login`, code `login-taken`.
pub fn create(c: &mut Conn, ctx: &Ctx, draft: &StaffDraft, password_hash: &str) -> Result<StaffId> {
    ctx.with_role(Role::Admin)?;
    draft.check()?;
    if store::find_by_login(c, &draft.login)?.is_some() {
        return Err(Error::field("login", "login-taken"));
    }
    let member = of_draft(StaffId::random(), draft);
    store::insert(c, &member, password_hash, true, ctx.now)?;
    record(c, ctx, "staff.create", &member)?;
    Ok(member.id)
}

/// Changes name, roles, department, hall and whether the account is active; the login stays.
///
/// # Errors
/// The fields that have to be mended; not found; conflict `own-roles` when somebody changes what they themself may do.
pub fn change(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &StaffDraft) -> Result<()> {
    let admin = ctx.with_role(Role::Admin)?.clone();
    let before = store::find(c, id)?.ok_or_else(Error::not_found)?;
    let draft = StaffDraft { login: before.login.clone(), ..draft.clone() };
    draft.check()?;
    let member = of_draft(id, &draft);
    if may_not(&admin, &before, &member) {
        return Err(Error::conflict("own-roles"));
    }
    store::update(c, &member, ctx.now)?;
    if changes_rights(&before, &member) {
        sessions::close_all(c, Subject::Staff(id))?;
    }
    record(c, ctx, "staff.change", &member)
}

/// Whether this change is one of an administrator's own rights.
fn may_not(admin: &StaffActor, before: &StaffMember, after: &StaffMember) -> bool {
    admin.id == before.id.0 && changes_rights(before, after)
}

fn changes_rights(before: &StaffMember, after: &StaffMember) -> bool {
    let rights = |m: &StaffMember| {
        let mut roles = m.roles.clone();
        roles.sort_unstable();
        (roles, m.department, m.hall, m.is_active)
    };
    rights(before) != rights(after)
}

fn of_draft(id: StaffId, draft: &StaffDraft) -> StaffMember {
    let mut roles = draft.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    StaffMember {
        id,
        login: draft.login.clone(),
        name: draft.name.clone(),
        roles,
        department: draft.department,
        hall: draft.hall,
        is_active: draft.is_active,
    }
}

fn record(c: &mut Conn, ctx: &Ctx, action: &str, m: &StaffMember) -> Result<()> {
    let detail = serde_json::json!({
        "roles": m.roles, "department": m.department, "hall": m.hall, "active": m.is_active,
    });
    audit::record(c, ctx, action, ("staff", m.id.0), detail)
}

/// Gives an account a new first password and ends its sessions.
///
/// # Errors
/// Not found; conflict `own-password`: one's own is changed with the old one.
pub fn reset_password(c: &mut Conn, ctx: &Ctx, id: StaffId, password_hash: &str) -> Result<StaffMember> {
    let admin = ctx.with_role(Role::Admin)?.clone();
    if admin.id == id.0 {
        return Err(Error::conflict("own-password"));
    }
    let member = store::find(c, id)?.ok_or_else(Error::not_found)?;
    store::set_password(c, id, password_hash, true, ctx.now)?;
    sessions::close_all(c, Subject::Staff(id))?;
    audit::record(c, ctx, "staff.password-reset", ("staff", id.0), ())?;
    Ok(member)
}

/// Keeps the password that a member chose, whose old one was just checked, and ends all their sessions.
pub fn choose_password(c: &mut Conn, ctx: &Ctx, id: StaffId, password_hash: &str) -> Result<()> {
    store::set_password(c, id, password_hash, false, ctx.now)?;
    sessions::close_all(c, Subject::Staff(id))?;
    audit::record(c, ctx, "staff.password", ("staff", id.0), ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> StaffDraft {
        let department = Some(DepartmentId::random());
        let (login, name) = ("wsjk.handler".to_owned(), "彭思远".to_owned());
        StaffDraft { login, name, roles: vec![Role::Handler], department, hall: None, is_active: true }
    }

    fn codes(d: &StaffDraft) -> Vec<&'static str> {
        d.faults().into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn an_account_needs_a_place_for_its_roles() {
        assert!(codes(&draft()).is_empty());
        assert_eq!(codes(&StaffDraft { department: None, ..draft() }), ["department-needed"]);
        assert_eq!(codes(&StaffDraft { roles: vec![Role::Clerk], ..draft() }), ["hall-needed"]);
        assert_eq!(codes(&StaffDraft { roles: vec![], ..draft() }), ["roles-none"]);
        assert_eq!(
            codes(&StaffDraft { login: "A b".into(), name: String::new(), ..draft() }),
            ["login-shape", "staff-name"]
        );
    }

    #[test]
    fn nobody_changes_their_own_rights() {
        let before = of_draft(StaffId::random(), &StaffDraft { roles: vec![Role::Admin], ..draft() });
        let me =
            StaffActor { id: before.id.0, name: "x".into(), roles: vec![Role::Admin], department: None, hall: None };
        let other = StaffActor { id: Id::random(), ..me.clone() };
        let renamed = StaffMember { name: "彭远".into(), ..before.clone() };
        let more = StaffMember { roles: vec![Role::Admin, Role::Supervisor], ..before.clone() };
        let off = StaffMember { is_active: false, ..before.clone() };
        assert!(!may_not(&me, &before, &renamed));
        assert!(may_not(&me, &before, &more) && may_not(&me, &before, &off));
        assert!(!may_not(&other, &before, &more));
    }
}
