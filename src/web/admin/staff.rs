//! The staff's accounts: who may do what, where.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::identity::staff::{self, PAGE, StaffDraft};
use crate::identity::{self, Department, StaffId, StaffMember, passwords};
use crate::kernel::{Error, FieldError, Kind, Result, Role, Text, crypto};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::page;
use crate::windows::{self, Hall, HallId};

#[derive(Debug, Serialize)]
pub struct StaffList {
    pub q: String,
    pub rows: Vec<Row>,
    /// Query of the next page, when there is one.
    pub next: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub roles: Vec<&'static str>,
    pub department: Option<Text>,
    pub hall: Option<Text>,
    pub is_active: bool,
}

impl View for StaffList {
    const TEMPLATE: &'static str = "admin/staff";
    fn samples() -> Vec<Self> {
        let row = |roles: &[&'static str], department, hall, is_active| Row {
            id: StaffId::random(),
            login: "wsjk.handler".into(),
            name: "彭思远".into(),
            roles: roles.to_vec(),
            department,
            hall,
            is_active,
        };
        let health = Some(Text::new("市卫健委", "Health"));
        let rows = vec![row(&["handler", "reviewer"], health, None, true), row(&[], None, None, false)];
        vec![
            Self { q: "x".into(), rows: vec![], next: None },
            Self { q: String::new(), rows, next: Some("after=x".into()) },
        ]
    }
}

/// The form of a new account and of one that is there.
#[derive(Debug, Serialize)]
pub struct StaffForm {
    /// None for a new one.
    pub id: Option<StaffId>,
    pub title: String,
    pub login: Field,
    pub name: Field,
    pub roles: Vec<Choice>,
    pub roles_field: Field,
    pub departments: Vec<Office>,
    pub department: Field,
    pub halls: Vec<Office>,
    pub hall: Field,
    pub is_active: bool,
    /// Whether it is the administrator's own account, whose rights another has to change.
    pub is_own: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub code: &'static str,
    pub is_on: bool,
}

/// A department or a hall to choose.
#[derive(Debug, Serialize)]
pub struct Office {
    pub id: String,
    pub name: Text,
    pub is_on: bool,
}

impl View for StaffForm {
    const TEMPLATE: &'static str = "admin/staff_form";
    fn samples() -> Vec<Self> {
        let offices = Offices { departments: vec![], halls: vec![] };
        let draft = StaffDraft {
            name: "彭思远".into(),
            login: "wsjk.handler".into(),
            is_active: true,
            ..StaffDraft::default()
        };
        let error = Error::field("department", "department-needed");
        let mut own = Self::new(Some(StaffId::random()), &draft, &offices, None, None);
        own.is_own = true;
        vec![
            Self::new(None, &StaffDraft { is_active: true, ..StaffDraft::default() }, &offices, None, None),
            Self::new(Some(StaffId::random()), &draft, &offices, Some(&error), Some("x".into())),
            own,
        ]
    }
}

/// An initial password, shown once.
#[derive(Debug, Serialize)]
pub struct StaffSecret {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub password: String,
    pub is_new: bool,
}

impl View for StaffSecret {
    const TEMPLATE: &'static str = "admin/staff_secret";
    fn samples() -> Vec<Self> {
        let sample = |is_new| Self {
            id: StaffId::random(),
            login: "wsjk.handler".into(),
            name: "彭思远".into(),
            password: "ABCD-EFGH-JKMN".into(),
            is_new,
        };
        vec![sample(true), sample(false)]
    }
}

struct Offices {
    departments: Vec<Department>,
    halls: Vec<Hall>,
}

impl StaffForm {
    fn new(
        id: Option<StaffId>,
        draft: &StaffDraft,
        offices: &Offices,
        error: Option<&Error>,
        notice: Option<String>,
    ) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        let open = |d: &&Department| d.is_active || draft.department == Some(d.id);
        let department = |d: &Department| Office {
            id: d.id.to_string(),
            name: d.name.clone(),
            is_on: draft.department == Some(d.id),
        };
        let hall = |h: &Hall| Office { id: h.id.to_string(), name: h.name.clone(), is_on: draft.hall == Some(h.id.0) };
        Self {
            id,
            title: draft.name.clone(),
            login: Field::new("login", &draft.login, &faults),
            name: Field::new("name", &draft.name, &faults),
            roles: Role::ALL.iter().map(|r| Choice { code: r.code(), is_on: draft.roles.contains(r) }).collect(),
            roles_field: Field::new("roles", "", &faults),
            departments: offices.departments.iter().filter(open).map(department).collect(),
            department: Field::new("department", "", &faults),
            halls: offices.halls.iter().map(hall).collect(),
            hall: Field::new("hall", "", &faults),
            is_active: draft.is_active,
            is_own: false,
            faults,
            notice,
        }
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub after: String,
}

pub async fn list(who: Admin, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    let asked = asked.into_inner();
    let q = asked.q.trim().to_owned();
    let wanted = q.clone();
    let (mut members, offices) =
        who.app.db.read(move |c| Ok((staff::list(c, &ctx, &wanted, &asked.after)?, read_offices(c)?))).await?;
    let more = members.len() > PAGE;
    members.truncate(PAGE);
    let last = members.last().filter(|_| more).map(|m| m.login.clone());
    let next = last.map(|login| format!("q={}&after={}", form_urlencoded(&q), form_urlencoded(&login)));
    let rows = members.into_iter().map(|m| row(m, &offices)).collect();
    Ok(page::show(&who, &StaffList { q, rows, next })?)
}

fn row(m: StaffMember, offices: &Offices) -> Row {
    let department = m.department.and_then(|id| offices.departments.iter().find(|d| d.id == id));
    let hall = m.hall.and_then(|id| offices.halls.iter().find(|h| h.id.0 == id));
    Row {
        id: m.id,
        login: m.login,
        name: m.name,
        roles: m.roles.iter().map(|r| r.code()).collect(),
        department: department.map(|d| d.short.clone()),
        hall: hall.map(|h| h.name.clone()),
        is_active: m.is_active,
    }
}

fn read_offices(c: &mut crate::db::Conn) -> Result<Offices> {
    Ok(Offices { departments: identity::departments(c)?, halls: windows::halls(c)? })
}

pub async fn new(who: Admin) -> Result<HttpResponse, PageError> {
    let offices = who.app.db.read(read_offices).await?;
    let draft = StaffDraft { is_active: true, ..StaffDraft::default() };
    Ok(page::show(&who, &StaffForm::new(None, &draft, &offices, None, None))?)
}

fn typed(form: &Posted) -> StaffDraft {
    StaffDraft {
        login: form.get("login").to_owned(),
        name: form.get("name").to_owned(),
        roles: form.all("roles").iter().filter_map(|code| Role::from_code(code)).collect(),
        department: form.get("department").parse().ok(),
        hall: form.get("hall").parse::<HallId>().ok().map(|h| h.0),
        is_active: form.has("active"),
    }
}

/// A first password that can be read out: three groups of four, about 59 bits.
fn first_password() -> String {
    let code = crypto::random_code(12);
    [&code[..4], &code[4..8], &code[8..]].join("-")
}

pub async fn create(who: Admin, form: Posted) -> Result<HttpResponse, PageError> {
    let draft = StaffDraft { is_active: true, ..typed(&form) };
    let password = first_password();
    let secret = password.clone();
    let hash = who.app.hash(move || passwords::hash(&secret)).await?;
    let (ctx, cmd) = (who.ctx.clone(), draft.clone());
    match who.app.db.write(move |c| staff::create(c, &ctx, &cmd, &hash)).await {
        Ok(id) => {
            let view = StaffSecret { id, login: draft.login, name: draft.name, password, is_new: true };
            Ok(page::show(&who, &view)?)
        }
        Err(e) => again(&who, None, &draft, e).await,
    }
}

async fn again(who: &Admin, id: Option<StaffId>, draft: &StaffDraft, error: Error) -> Result<HttpResponse, PageError> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) {
        return Err(error.into());
    }
    let offices = who.app.db.read(read_offices).await?;
    let mut view = StaffForm::new(id, draft, &offices, Some(&error), notice(who.ctx.lang, &error));
    view.is_own = id.is_some_and(|id| who.ctx.actor.id() == Some(id.0));
    Ok(page::show_as(who, status(error.kind()), &view)?)
}

fn draft_of(m: StaffMember) -> StaffDraft {
    StaffDraft {
        login: m.login,
        name: m.name,
        roles: m.roles,
        department: m.department,
        hall: m.hall,
        is_active: m.is_active,
    }
}

pub async fn show(who: Admin, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let ctx = who.ctx.clone();
    let (member, offices) = who.app.db.read(move |c| Ok((staff::member(c, &ctx, id)?, read_offices(c)?))).await?;
    let mut view = StaffForm::new(Some(id), &draft_of(member), &offices, None, None);
    view.is_own = who.ctx.actor.id() == Some(id.0);
    Ok(page::show(&who, &view)?)
}

pub async fn change(who: Admin, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let ctx = who.ctx.clone();
    let before = who.app.db.read(move |c| staff::member(c, &ctx, id)).await?;
    let is_own = who.ctx.actor.id() == Some(id.0);
    let typed = StaffDraft { login: before.login.clone(), ..typed(&form) };
    // One's own form has the name alone: rights are another administrator's to change.
    let draft = if is_own { StaffDraft { name: typed.name, ..draft_of(before) } } else { typed };
    let (ctx, cmd) = (who.ctx.clone(), draft.clone());
    match who.app.db.write(move |c| staff::change(c, &ctx, id, &cmd)).await {
        Ok(()) => Ok(page::redirect("/admin/staff", "staff-saved")),
        Err(e) => again(&who, Some(id), &draft, e).await,
    }
}

pub async fn reset(who: Admin, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let password = first_password();
    let secret = password.clone();
    let hash = who.app.hash(move || passwords::hash(&secret)).await?;
    let ctx = who.ctx.clone();
    let member = who.app.db.write(move |c| staff::reset_password(c, &ctx, id, &hash)).await?;
    let view = StaffSecret { id, login: member.login, name: member.name, password, is_new: false };
    Ok(page::show(&who, &view)?)
}
