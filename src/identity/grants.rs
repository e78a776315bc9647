//! Who may do what (授权): the roles of each member of staff, their term, and where they reach.
//!
//! # Rules
//! - System administrators make accounts, security administrators give rights, audit administrators read what both did; nobody holds
//!   rights of two of these, and none does business (三员分立, GB/T 22239-2019 8.1.5).
//! - Nobody changes their own rights (职责分离).
//! - An administrator's rights are given and taken by two: see [`super::requests`].
//! - A right that was taken, or whose term is over, is gone at the next request: sessions read it each time.

use serde::{Deserialize, Serialize};

use super::accounts::fault;
use super::model::{DepartmentId, Held, RequestKind, Role, StaffId, StaffMember};
use super::requests::{self, Given};
use super::sessions::{self, Subject};
use super::store::{places, roles, staff as store};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, FieldError, Id, Permission, Permissions, Result};

/// What a security administrator says of somebody's rights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantDraft {
    /// Codes of roles, each with the last day of its term, or without end.
    pub roles: Vec<(String, Option<Day>)>,
    pub area: Option<String>,
    pub department: Option<DepartmentId>,
    pub hall: Option<Id>,
}

impl GrantDraft {
    pub fn of(member: &StaffMember) -> Self {
        Self {
            roles: member.roles.iter().map(|held| (held.role.clone(), held.until)).collect(),
            area: member.area.clone(),
            department: member.department,
            hall: member.hall,
        }
    }

    /// What the roles allow together.
    fn permissions(&self, known: &[Role]) -> Permissions {
        let held = |role: &&Role| self.roles.iter().any(|(code, _)| *code == role.code);
        known.iter().filter(held).fold(Permissions::NONE, |all, role| all.and(role.permissions))
    }

    /// `before` is what is held already: a term that is over may stay as it is, and may not be given.
    fn faults(&self, known: &[Role], before: &[Held], today: Day) -> Vec<FieldError> {
        let mut faults = vec![];
        let is_new = |code: &str, until: Option<Day>| !before.iter().any(|h| h.role == code && h.until == until);
        if self.roles.iter().any(|(code, _)| !known.iter().any(|r| r.code == *code)) {
            faults.push(fault("roles", "role-unknown"));
        }
        for (code, until) in &self.roles {
            if until.is_some_and(|day| day < today) && is_new(code, *until) {
                faults.push(fault(&format!("until-{code}"), "until-past"));
            }
        }
        let permissions = self.permissions(known);
        if permissions.realms().len() > 1 {
            faults.push(fault("roles", "roles-mixed"));
        }
        let decides = [Permission::Handle, Permission::Review, Permission::Approve];
        if permissions.has_any(&decides) && self.department.is_none() {
            faults.push(fault("department", "department-needed"));
        }
        if permissions.has(Permission::Window) && self.hall.is_none() {
            faults.push(fault("hall", "hall-needed"));
        }
        if permissions.is_administration() && (self.area.is_some() || self.department.is_some() || self.hall.is_some())
        {
            faults.push(fault("roles", "administrator-placed"));
        }
        faults
    }
}

/// A member, for whoever gives rights.
///
/// # Errors
/// Not found.
pub fn member(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffMember> {
    ctx.may(Permission::Authorise)?;
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// A page of all members, by login, as [`super::staff::list`]; or of those without a role alone.
pub fn list(c: &mut Conn, ctx: &Ctx, text: &str, after: &str, is_bare: bool) -> Result<Vec<StaffMember>> {
    ctx.may(Permission::Authorise)?;
    store::list(c, text, after, is_bare, super::staff::PAGE + 1)
}

/// Gives and takes rights: at once, or by a request to a second person where an administrator's are touched.
///
/// # Errors
/// The fields that have to be mended; not found; conflict `own-roles`, and those of [`super::requests::ask`].
pub fn give(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &GrantDraft, reason: &str) -> Result<Given> {
    let me = StaffId(ctx.may(Permission::Authorise)?.id);
    let (before, known) = checked(c, ctx, id, draft)?;
    if me == id {
        return Err(Error::conflict("own-roles"));
    }
    if GrantDraft::of(&before) == *draft {
        return Ok(Given::Done);
    }
    let touches = |draft: &GrantDraft| draft.permissions(&known).is_administration();
    if touches(&GrantDraft::of(&before)) || touches(draft) {
        let payload = serde_json::to_value(draft)?;
        return requests::ask(c, ctx, RequestKind::Grant, &id.to_string(), payload, reason).map(Given::Asked);
    }
    apply(c, ctx, before, draft, Some(me))?;
    Ok(Given::Done)
}

/// Gives rights for the platform itself, without a second person: for the first administrators, by whoever runs the program.
///
/// # Errors
/// As [`give`].
pub fn bootstrap(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &GrantDraft) -> Result<()> {
    ctx.is_system()?;
    let (before, _) = checked(c, ctx, id, draft)?;
    apply(c, ctx, before, draft, None)
}

fn checked(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &GrantDraft) -> Result<(StaffMember, Vec<Role>)> {
    let before = store::find(c, id)?.ok_or_else(Error::not_found)?;
    let known = roles::all(c)?;
    let mut faults = draft.faults(&known, &before.roles, ctx.now.day());
    if let Some(area) = &draft.area
        && !places::areas(c, None)?.iter().any(|a| a.code == *area)
    {
        faults.push(fault("area", "area-unknown"));
    }
    if let Some(department) = draft.department
        && places::department(c, department)?.is_none()
    {
        faults.push(fault("department", "department-needed"));
    }
    if faults.is_empty() { Ok((before, known)) } else { Err(Error::fields(faults)) }
}

/// Does what was confirmed; `by` is who asked for it.
pub(super) fn confirmed(c: &mut Conn, ctx: &Ctx, id: StaffId, draft: &GrantDraft, by: StaffId) -> Result<()> {
    let (before, _) = checked(c, ctx, id, draft)?;
    apply(c, ctx, before, draft, Some(by))
}

fn apply(c: &mut Conn, ctx: &Ctx, before: StaffMember, draft: &GrantDraft, by: Option<StaffId>) -> Result<()> {
    let given = |(role, until): &(String, Option<Day>)| {
        let same = before.roles.iter().find(|h| h.role == *role && h.until == *until);
        let new = || Held { role: role.clone(), until: *until, given_by: by, given_at: ctx.now };
        same.cloned().unwrap_or_else(new)
    };
    let mut held: Vec<Held> = draft.roles.iter().map(given).collect();
    held.sort_by(|a, b| a.role.cmp(&b.role));
    held.dedup_by(|a, b| a.role == b.role);
    let codes = |all: &[Held]| all.iter().map(|h| h.role.clone()).collect::<Vec<_>>();
    let detail = serde_json::json!({
        "before": codes(&before.roles), "roles": codes(&held),
        "area": draft.area, "department": draft.department, "hall": draft.hall,
    });
    let member =
        StaffMember { roles: held, area: draft.area.clone(), department: draft.department, hall: draft.hall, ..before };
    store::put_rights(c, &member, ctx.now)?;
    sessions::close_all(c, Subject::Staff(member.id))?;
    audit::record(c, ctx, "staff.grant", ("staff", member.id.0), detail)
}

/// One permission that a member has, or would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    pub permission: Permission,
    /// The roles that allow it.
    pub by: Vec<Held>,
    /// What keeps it from being used now, as codes of texts: `inactive`, `over` (every term is over), `no-hall`, `no-department`.
    pub kept_by: Vec<&'static str>,
}

/// What a member may do, and why, also what they could do but for something.
///
/// # Errors
/// Not found; forbidden for all but security administrators, audit administrators, the member and the platform.
pub fn explain(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<(StaffMember, Vec<Why>)> {
    if ctx.is_system().is_err() {
        let me = ctx.staff()?;
        if me.id != id.0 && !me.permissions.has_any(&[Permission::Authorise, Permission::Audit]) {
            return Err(Error::forbidden());
        }
    }
    let member = store::find(c, id)?.ok_or_else(Error::not_found)?;
    let known = roles::all(c)?;
    let whys = whys(&member, &known, ctx.now.day());
    Ok((member, whys))
}

fn whys(member: &StaffMember, known: &[Role], today: Day) -> Vec<Why> {
    let allows = |held: &Held, permission| known.iter().any(|r| r.code == held.role && r.permissions.has(permission));
    let why = |permission| {
        let by: Vec<Held> = member.roles.iter().filter(|held| allows(held, permission)).cloned().collect();
        if by.is_empty() {
            return None;
        }
        let is_decision = matches!(permission, Permission::Handle | Permission::Review | Permission::Approve);
        let kept = [
            ("inactive", !member.is_active),
            ("over", !by.iter().any(|held| held.is_in_force(today))),
            ("no-hall", permission == Permission::Window && member.hall.is_none()),
            ("no-department", is_decision && member.department.is_none()),
        ];
        let kept_by = kept.into_iter().filter(|(_, is_so)| *is_so).map(|(code, _)| code).collect();
        Some(Why { permission, by, kept_by })
    };
    Permission::ALL.into_iter().filter_map(why).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Text, Ts};

    fn known() -> Vec<Role> {
        let role = |code: &str, permission| Role {
            code: code.into(),
            name: Text::default(),
            note: Text::default(),
            permissions: Permissions::from([permission]),
            is_built_in: true,
        };
        vec![
            role("clerk", Permission::Window),
            role("handler", Permission::Handle),
            role("admin", Permission::Accounts),
            role("security", Permission::Authorise),
            role("auditor", Permission::Audit),
            role("supervisor", Permission::Supervise),
        ]
    }

    fn today() -> Day {
        Ts::from_micros(1_800_000_000_000_000).day()
    }

    fn draft(codes: &[&str]) -> GrantDraft {
        GrantDraft { roles: codes.iter().map(|c| ((*c).to_owned(), None)).collect(), ..GrantDraft::default() }
    }

    fn codes(draft: &GrantDraft) -> Vec<&'static str> {
        draft.faults(&known(), &[], today()).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn three_administrators_stand_apart_and_do_no_business() {
        let (three, business) = (["admin", "security", "auditor"], ["clerk", "handler", "supervisor"]);
        for one in three {
            assert!(codes(&draft(&[one])).is_empty(), "{one}");
            for other in three.into_iter().filter(|o| *o != one) {
                assert!(codes(&draft(&[one, other])).contains(&"roles-mixed"), "{one} {other}");
            }
            for other in business {
                assert!(codes(&draft(&[one, other])).contains(&"roles-mixed"), "{one} {other}");
            }
            let placed = GrantDraft { hall: Some(Id::random()), ..draft(&[one]) };
            assert_eq!(codes(&placed), ["administrator-placed"]);
        }
    }

    #[test]
    fn work_needs_its_place_and_a_term_that_is_not_over() {
        assert_eq!(codes(&draft(&["clerk", "handler"])), ["department-needed", "hall-needed"]);
        assert_eq!(codes(&draft(&["chief"])), ["role-unknown"]);
        let mut late = draft(&["supervisor"]);
        late.roles[0].1 = today().pred_opt();
        assert_eq!(codes(&late), ["until-past"]);
        let held =
            [Held { role: "supervisor".into(), until: today().pred_opt(), given_by: None, given_at: Ts::default() }];
        assert!(late.faults(&known(), &held, today()).is_empty(), "what has ended may stand as it is");
        late.roles[0].1 = Some(today());
        assert!(codes(&late).is_empty());
    }

    #[test]
    fn it_is_explained_what_keeps_somebody_from_acting() {
        let held = |role: &str, until| Held { role: role.into(), until, given_by: None, given_at: Ts::default() };
        let mut member = StaffMember {
            id: StaffId::random(),
            login: "x".into(),
            name: "x".into(),
            roles: vec![held("clerk", None), held("supervisor", today().pred_opt())],
            area: None,
            department: None,
            hall: None,
            is_active: true,
        };
        let kept = |m: &StaffMember| -> Vec<_> {
            whys(m, &known(), today()).into_iter().map(|w| (w.permission, w.kept_by)).collect()
        };
        assert_eq!(kept(&member), [(Permission::Window, vec!["no-hall"]), (Permission::Supervise, vec!["over"])]);
        (member.hall, member.is_active) = (Some(Id::random()), false);
        assert_eq!(
            kept(&member),
            [(Permission::Window, vec!["inactive"]), (Permission::Supervise, vec!["inactive", "over"])]
        );
    }
}
