//! What each member of staff may do, why, and giving and taking it.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::samples;
use crate::db::Conn;
use crate::identity::factors;
use crate::identity::grants::{self, GrantDraft, Why};
use crate::identity::requests::{self, Given};
use crate::identity::roles;
use crate::identity::staff::{self, PAGE};
use crate::identity::{self, Area, Department, Held, RequestId, RequestKind, Role, StaffId, StaffMember};
use crate::kernel::{Ctx, Day, Error, FieldError, Id, Kind, Permission, Realm, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Security, Staff};
use crate::web::page;
use crate::windows::{self, Hall, HallId};

#[derive(Debug, Serialize)]
pub struct MemberList {
    pub q: String,
    /// Only who has no role.
    pub bare: bool,
    pub rows: Vec<GrantRow>,
    /// Query of the next page, when there is one.
    pub next: Option<String>,
    /// Requests that wait for a second person.
    pub waiting: i64,
}

#[derive(Debug, Serialize)]
pub struct GrantRow {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub roles: Vec<Text>,
    pub place: Vec<Text>,
    pub is_active: bool,
}

impl View for MemberList {
    const TEMPLATE: &'static str = "security/staff";
    fn samples() -> Vec<Self> {
        samples::member_list()
    }
}

/// A member: what they may do, and the form that changes it.
#[derive(Debug, Serialize)]
pub struct Member {
    pub id: StaffId,
    pub name: String,
    pub login: String,
    pub is_active: bool,
    pub explained: Vec<Explained>,
    pub realms: Vec<RealmRoles>,
    pub roles: Field,
    pub areas: Vec<Choice>,
    pub area: Field,
    pub departments: Vec<Choice>,
    pub department: Field,
    pub halls: Vec<Choice>,
    pub hall: Field,
    pub reason: Field,
    /// Whether it is the visitor's own account, whose rights another has to change.
    pub is_own: bool,
    pub waits: Option<RequestId>,
    /// Since when an authenticator is bound.
    pub authenticator: Option<Ts>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

/// The roles of one realm.
#[derive(Debug, Serialize)]
pub struct RealmRoles {
    pub realm: &'static str,
    pub roles: Vec<RoleTick>,
}

#[derive(Debug, Serialize)]
pub struct RoleTick {
    pub code: String,
    pub name: Text,
    pub note: Text,
    pub until: String,
    pub is_on: bool,
    /// The term that was typed is over.
    pub is_bad: bool,
}

/// An area, department or hall to choose.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub id: String,
    pub name: Text,
    pub is_on: bool,
}

/// A permission, in words.
#[derive(Debug, Serialize)]
pub struct Explained {
    pub permission: &'static str,
    pub by: Vec<By>,
    /// Where it reaches; none is everywhere.
    pub reach: Vec<Text>,
    pub kept_by: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct By {
    pub role: Text,
    pub until: Option<Day>,
    pub is_over: bool,
    /// Empty for what the platform itself gave.
    pub given_by: String,
    pub given_at: Ts,
}

impl View for Member {
    const TEMPLATE: &'static str = "security/member";
    fn samples() -> Vec<Self> {
        samples::members()
    }
}

/// One's own rights.
#[derive(Debug, Serialize)]
pub struct Rights {
    pub name: String,
    pub login: String,
    pub explained: Vec<Explained>,
}

impl View for Rights {
    const TEMPLATE: &'static str = "security/rights";
    fn samples() -> Vec<Self> {
        let view = |explained| Self { name: "彭思远".into(), login: "wsjk.handler".into(), explained };
        vec![view(vec![]), view(samples::explained())]
    }
}

/// What names are looked up in.
struct Places {
    areas: Vec<Area>,
    departments: Vec<Department>,
    halls: Vec<Hall>,
    roles: Vec<Role>,
}

impl Places {
    fn read(c: &mut Conn) -> Result<Self> {
        Ok(Self {
            areas: identity::areas(c)?,
            departments: identity::departments(c)?,
            halls: windows::halls(c)?,
            roles: roles::roles(c)?,
        })
    }

    fn role(&self, code: &str) -> Text {
        let found = self.roles.iter().find(|r| r.code == code).map(|r| r.name.clone());
        found.unwrap_or_else(|| Text::new(code, code))
    }

    fn area(&self, m: &StaffMember) -> Option<Text> {
        let code = m.area.as_ref()?;
        self.areas.iter().find(|a| a.code == *code).map(|a| a.name.clone())
    }

    fn department(&self, m: &StaffMember) -> Option<Text> {
        self.departments.iter().find(|d| Some(d.id) == m.department).map(|d| d.short.clone())
    }

    fn hall(&self, m: &StaffMember) -> Option<Text> {
        self.halls.iter().find(|h| Some(h.id.0) == m.hall).map(|h| h.name.clone())
    }

    fn all(&self, m: &StaffMember) -> Vec<Text> {
        [self.area(m), self.department(m), self.hall(m)].into_iter().flatten().collect()
    }

    /// Where a permission of this member reaches.
    fn reach(&self, m: &StaffMember, permission: Permission) -> Vec<Text> {
        let places = match permission {
            Permission::Window => [self.hall(m), None],
            Permission::Handle | Permission::Review | Permission::Approve => [self.department(m), None],
            Permission::Write | Permission::Publish => [self.department(m), None],
            Permission::Supervise => [self.area(m), self.department(m)],
            _ => [None, None],
        };
        places.into_iter().flatten().collect()
    }
}

/// A member's permissions in words; `names` are of those who gave them.
fn explained(
    whys: Vec<Why>,
    m: &StaffMember,
    places: &Places,
    names: &HashMap<Id, String>,
    today: Day,
) -> Vec<Explained> {
    let by = |held: Held| By {
        role: places.role(&held.role),
        until: held.until,
        is_over: !held.is_in_force(today),
        given_by: held.given_by.and_then(|id| names.get(&id.0).cloned()).unwrap_or_default(),
        given_at: held.given_at,
    };
    let one = |why: Why| Explained {
        permission: why.permission.code(),
        by: why.by.into_iter().map(by).collect(),
        reach: places.reach(m, why.permission),
        kept_by: why.kept_by,
    };
    whys.into_iter().map(one).collect()
}

/// A member with what is said of their rights.
fn told(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<(StaffMember, Vec<Explained>, Places)> {
    let (member, whys) = grants::explain(c, ctx, id)?;
    let places = Places::read(c)?;
    let givers = member.roles.iter().filter_map(|held| held.given_by.map(|by| by.0)).collect();
    let names = staff::names(c, givers)?;
    let explained = explained(whys, &member, &places, &names, ctx.now.day());
    Ok((member, explained, places))
}

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub after: String,
    #[serde(default)]
    pub bare: String,
}

pub async fn list(who: Security, wanted: web::Query<Wanted>) -> Result<HttpResponse, PageError> {
    let wanted = wanted.into_inner();
    let (ctx, q, bare) = (who.ctx.clone(), wanted.q.trim().to_owned(), !wanted.bare.is_empty());
    let text = q.clone();
    let read = move |c: &mut Conn| {
        let members = grants::list(c, &ctx, &text, &wanted.after, bare)?;
        Ok((members, Places::read(c)?, requests::waiting(c, &ctx)?))
    };
    let (mut members, places, waiting) = who.app.db.read(read).await?;
    let more = members.len() > PAGE;
    members.truncate(PAGE);
    let last = members.last().filter(|_| more).map(|m| form_urlencoded(&m.login));
    let only = if bare { "&bare=1" } else { "" };
    let next = last.map(|login| format!("q={}&after={login}{only}", form_urlencoded(&q)));
    let row = |m: StaffMember| GrantRow {
        roles: m.roles.iter().map(|held| places.role(&held.role)).collect(),
        place: places.all(&m),
        id: m.id,
        login: m.login,
        name: m.name,
        is_active: m.is_active,
    };
    let rows = members.into_iter().map(row).collect();
    Ok(page::show(&who, &MemberList { q, bare, rows, next, waiting })?)
}

/// What was typed into the form, and what came of it.
#[derive(Default)]
struct Tried<'a> {
    draft: Option<&'a GrantDraft>,
    reason: &'a str,
    error: Option<&'a Error>,
}

async fn view(who: &Security, id: StaffId, tried: Tried<'_>) -> Result<Member> {
    let ctx = who.ctx.clone();
    let read = move |c: &mut Conn| {
        let (member, explained, places) = told(c, &ctx, id)?;
        let waits = requests::waiting_for(c, &ctx, RequestKind::Grant, &id.to_string())?.map(|r| r.id);
        let factors = factors::of_member(c, &ctx, id)?;
        Ok((member, explained, places, waits, factors.authenticator))
    };
    let (member, explained, places, waits, authenticator) = who.app.db.read(read).await?;
    let faults = tried.error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let standing = GrantDraft::of(&member);
    let draft = tried.draft.unwrap_or(&standing);
    Ok(Member {
        id,
        is_own: who.ctx.actor.id() == Some(id.0),
        is_active: member.is_active,
        explained,
        realms: realms(&places.roles, draft, &faults),
        roles: Field::new("roles", "", &faults),
        areas: choices(
            places.areas.iter().map(|a| (a.code.clone(), a.name.clone(), draft.area.as_ref() == Some(&a.code))),
        ),
        area: Field::new("area", "", &faults),
        departments: choices(
            places.departments.iter().map(|d| (d.id.to_string(), d.name.clone(), draft.department == Some(d.id))),
        ),
        department: Field::new("department", "", &faults),
        halls: choices(places.halls.iter().map(|h| (h.id.to_string(), h.name.clone(), draft.hall == Some(h.id.0)))),
        hall: Field::new("hall", "", &faults),
        reason: Field::new("reason", tried.reason, &faults),
        waits,
        authenticator,
        notice: tried.error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
        name: member.name,
        login: member.login,
    })
}

fn choices(all: impl Iterator<Item = (String, Text, bool)>) -> Vec<Choice> {
    all.map(|(id, name, is_on)| Choice { id, name, is_on }).collect()
}

fn realms(roles: &[Role], draft: &GrantDraft, faults: &[FieldError]) -> Vec<RealmRoles> {
    let tick = |role: &Role| {
        let held = draft.roles.iter().find(|(code, _)| *code == role.code);
        let until = held.and_then(|(_, until)| *until).map(|day| day.to_string()).unwrap_or_default();
        let field = format!("until-{}", role.code);
        RoleTick {
            code: role.code.clone(),
            name: role.name.clone(),
            note: role.note.clone(),
            until,
            is_on: held.is_some(),
            is_bad: faults.iter().any(|f| f.field == field),
        }
    };
    let of = |realm: Realm| RealmRoles {
        realm: realm.code(),
        roles: roles.iter().filter(|r| r.permissions.realms().contains(&realm)).map(tick).collect(),
    };
    Realm::ALL.into_iter().map(of).collect()
}

pub async fn show(who: Security, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = view(&who, id.parse()?, Tried::default()).await?;
    Ok(page::show(&who, &view)?)
}

/// # Errors
/// The fields of terms that are no days.
fn typed(form: &Posted) -> Result<GrantDraft> {
    let mut faults = vec![];
    let mut roles = vec![];
    for code in form.all("roles") {
        let field = format!("until-{code}");
        let until = match form.get(&field) {
            "" => None,
            text => text.parse::<Day>().ok().or_else(|| {
                faults.push(FieldError { field: field.clone(), code: "until-day", value: None });
                None
            }),
        };
        roles.push((code.clone(), until));
    }
    roles.sort();
    roles.dedup();
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let area = Some(form.get("area").to_owned()).filter(|code| !code.is_empty());
    let hall = form.get("hall").parse::<HallId>().ok().map(|h| h.0);
    Ok(GrantDraft { roles, area, department: form.get("department").parse().ok(), hall })
}

pub async fn change(who: Security, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let reason = form.get("reason").to_owned();
    let draft = match typed(&form) {
        Ok(draft) => draft,
        Err(e) => {
            let view = view(&who, id, Tried { reason: &reason, error: Some(&e), draft: None }).await?;
            return Ok(page::show_as(&who, status(e.kind()), &view)?);
        }
    };
    let (ctx, cmd, why) = (who.ctx.clone(), draft.clone(), reason.clone());
    match who.app.db.write(move |c| grants::give(c, &ctx, id, &cmd, &why)).await {
        Ok(Given::Done) => Ok(page::redirect(&format!("/security/staff/{id}"), "grant-saved")),
        Ok(Given::Asked(_)) => Ok(page::redirect("/security/requests", "request-asked")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict) => {
            let view = view(&who, id, Tried { draft: Some(&draft), reason: &reason, error: Some(&e) }).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// What the visitor may do, for themself.
pub async fn own(who: Staff) -> Result<HttpResponse, PageError> {
    let id = StaffId(who.ctx.staff()?.id);
    let ctx = who.ctx.clone();
    let (member, explained, _) = who.app.db.read(move |c| told(c, &ctx, id)).await?;
    Ok(page::show(&who, &Rights { name: member.name, login: member.login, explained })?)
}

impl Member {
    pub(super) fn sample(is_own: bool) -> Self {
        let error = Error::fields(vec![
            FieldError { field: "roles".into(), code: "roles-mixed", value: None },
            FieldError { field: "hall".into(), code: "hall-needed", value: None },
        ]);
        let faults = if is_own { vec![] } else { error.field_errors().to_vec() };
        let choice = Choice { id: "x".into(), name: Text::new("甲", "A"), is_on: true };
        Self {
            id: StaffId::random(),
            name: "彭思远".into(),
            login: "wsjk.handler".into(),
            is_active: !is_own,
            explained: if is_own { vec![] } else { samples::explained() },
            realms: vec![RealmRoles {
                realm: "business",
                roles: vec![samples::tick("clerk", true), samples::tick("handler", false)],
            }],
            roles: Field::new("roles", "", &faults),
            areas: vec![choice.clone()],
            area: Field::new("area", "", &faults),
            departments: vec![choice.clone()],
            department: Field::new("department", "", &faults),
            halls: vec![choice],
            hall: Field::new("hall", "", &faults),
            reason: Field::new("reason", "x", &faults),
            is_own,
            waits: (!is_own).then(RequestId::random),
            authenticator: (!is_own).then(|| Ts::from_micros(1_800_000_000_000_000)),
            faults,
            notice: is_own.then(|| "x".into()),
        }
    }
}
