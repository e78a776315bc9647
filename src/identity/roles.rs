//! Roles (角色): which permissions are given together. Those that come with the program stay as they are; security administrators define
//! more.
//!
//! # Rules
//! - A role stays within one realm, and its realm never changes: who holds it would otherwise hold two (三员分立).
//! - What a role allows that somebody holds, or an administrator's role, is changed by two: see [`super::requests`].
//! - A role that somebody holds is not removed.

use serde::{Deserialize, Serialize};

use super::accounts::fault;
use super::model::{RequestKind, Role};
use super::requests::{self, Given};
use super::store::roles as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Permissions, Result, Text};

/// All roles, by code.
pub fn roles(c: &mut Conn) -> Result<Vec<Role>> {
    store::all(c)
}

/// How many hold each role.
pub fn holders(c: &mut Conn, ctx: &Ctx) -> Result<std::collections::HashMap<String, i64>> {
    ctx.may(Permission::Authorise)?;
    store::counts(c)
}

/// # Errors
/// Not found.
pub fn role(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<Role> {
    ctx.may(Permission::Authorise)?;
    find(c, code)
}

pub(super) fn find(c: &mut Conn, code: &str) -> Result<Role> {
    store::all(c)?.into_iter().find(|r| r.code == code).ok_or_else(Error::not_found)
}

/// What a security administrator says of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleDraft {
    pub code: String,
    pub name: Text,
    pub note: Text,
    pub permissions: Vec<Permission>,
}

impl RoleDraft {
    fn set(&self) -> Permissions {
        self.permissions.iter().copied().collect()
    }

    fn faults(&self) -> Vec<FieldError> {
        let mut faults = vec![];
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        // "new" is the address of the form.
        let is_shaped = (2..=40).contains(&self.code.len()) && self.code.bytes().all(fits) && self.code != "new";
        if !is_shaped {
            faults.push(fault("code", "role-code-shape"));
        }
        for (field, text) in [("name_zh", &self.name.zh), ("name_en", &self.name.en)] {
            if !(1..=40).contains(&text.chars().count()) {
                faults.push(fault(field, "role-name-shape"));
            }
        }
        for (field, text) in [("note_zh", &self.note.zh), ("note_en", &self.note.en)] {
            if text.chars().count() > 200 {
                faults.push(FieldError { value: Some("200".into()), ..fault(field, "text-long") });
            }
        }
        match self.set().realms().len() {
            0 => faults.push(fault("permissions", "permissions-none")),
            1 => {}
            _ => faults.push(fault("permissions", "permissions-mixed")),
        }
        faults
    }

    fn check(&self) -> Result<()> {
        let faults = self.faults();
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }

    fn into_role(self) -> Role {
        let permissions = self.set();
        Role { code: self.code, name: self.name, note: self.note, permissions, is_built_in: false }
    }
}

/// Defines a role. Nobody holds it yet, so that one person may.
///
/// # Errors
/// The fields that have to be mended; field `code`, code `role-taken`.
pub fn define(c: &mut Conn, ctx: &Ctx, draft: RoleDraft) -> Result<()> {
    ctx.may(Permission::Authorise)?;
    draft.check()?;
    if find(c, &draft.code).is_ok() {
        return Err(Error::field("code", "role-taken"));
    }
    apply(c, ctx, "role.define", draft)
}

/// Changes a role: at once, or by a request to a second person when what it allows changes for somebody.
///
/// # Errors
/// The fields that have to be mended; field `permissions`, code `role-realm`; conflict `role-built-in`, `request-open`.
pub fn change(c: &mut Conn, ctx: &Ctx, draft: RoleDraft, reason: &str) -> Result<Given> {
    ctx.may(Permission::Authorise)?;
    let before = changeable(c, &draft)?;
    let (was, is) = (before.permissions, draft.set());
    let is_felt = store::holders(c, &draft.code)? > 0 || is.is_administration();
    if was != is && is_felt {
        let payload = serde_json::to_value(&draft)?;
        return requests::ask(c, ctx, RequestKind::Role, &draft.code, payload, reason).map(Given::Asked);
    }
    apply(c, ctx, "role.change", draft)?;
    Ok(Given::Done)
}

fn changeable(c: &mut Conn, draft: &RoleDraft) -> Result<Role> {
    let before = find(c, &draft.code)?;
    if before.is_built_in {
        return Err(Error::conflict("role-built-in"));
    }
    draft.check()?;
    if before.permissions.realms() != draft.set().realms() {
        return Err(Error::field("permissions", "role-realm"));
    }
    Ok(before)
}

/// Does what was confirmed.
pub(super) fn confirmed(c: &mut Conn, ctx: &Ctx, draft: RoleDraft) -> Result<()> {
    changeable(c, &draft)?;
    apply(c, ctx, "role.change", draft)
}

fn apply(c: &mut Conn, ctx: &Ctx, act: &str, draft: RoleDraft) -> Result<()> {
    let role = draft.into_role();
    store::put(c, &role, ctx.now)?;
    let detail = serde_json::json!({ "role": role.code, "permissions": role.permissions.codes() });
    audit::record_plain(c, ctx, act, "role", detail)
}

/// Removes a role that nobody holds.
///
/// # Errors
/// Conflict `role-built-in`, `role-held`; not found.
pub fn remove(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<()> {
    ctx.may(Permission::Authorise)?;
    if find(c, code)?.is_built_in {
        return Err(Error::conflict("role-built-in"));
    }
    let held = store::holders(c, code)?;
    if held > 0 {
        return Err(Error::conflict("role-held").with("count", held));
    }
    store::delete(c, code)?;
    audit::record_plain(c, ctx, "role.remove", "role", serde_json::json!({ "role": code }))
}

/// Takes in a role that comes with the program.
pub(super) fn seed(c: &mut Conn, ctx: &Ctx, role: &Role) -> Result<()> {
    store::put(c, role, ctx.now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(permissions: &[Permission]) -> RoleDraft {
        RoleDraft {
            code: "window-lead".into(),
            name: Text::new("窗口组长", "Window lead"),
            note: Text::default(),
            permissions: permissions.to_vec(),
        }
    }

    #[test]
    fn a_role_stays_within_one_realm() {
        let codes = |d: &RoleDraft| d.faults().into_iter().map(|f| f.code).collect::<Vec<_>>();
        assert!(codes(&draft(&[Permission::Window, Permission::Supervise])).is_empty());
        assert!(codes(&draft(&[Permission::Accounts, Permission::Operate])).is_empty());
        for mixed in [
            [Permission::Window, Permission::Accounts],
            [Permission::Accounts, Permission::Authorise],
            [Permission::Authorise, Permission::Audit],
            [Permission::Audit, Permission::Supervise],
        ] {
            assert_eq!(codes(&draft(&mixed)), ["permissions-mixed"]);
        }
        let bad = RoleDraft { code: "Chef!".into(), name: Text::default(), ..draft(&[]) };
        assert_eq!(codes(&bad), ["role-code-shape", "role-name-shape", "role-name-shape", "permissions-none"]);
    }
}
