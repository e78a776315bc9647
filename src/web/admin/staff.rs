//! The staff's accounts: who may do what, where.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::audit::looks::{Look, Purpose};
use crate::identity::staff::{self, PAGE, StaffDraft};
use crate::identity::{self, Department, Role, StaffId, StaffMember, passwords, roles};
use crate::kernel::{Error, FieldError, Kind, Result, Text, crypto};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Admin;
use crate::web::{looks, page};
use crate::windows::{self, Hall};

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
    pub roles: Vec<Text>,
    pub department: Option<Text>,
    pub hall: Option<Text>,
    pub is_active: bool,
}

impl View for StaffList {
    const TEMPLATE: &'static str = "admin/staff";
    fn samples() -> Vec<Self> {
        let row = |roles: Vec<Text>, department, hall, is_active| Row {
            id: StaffId::random(),
            login: "wsjk.handler".into(),
            name: "彭思远".into(),
            roles,
            department,
            hall,
            is_active,
        };
        let health = Some(Text::new("市卫健委", "Health"));
        let rows = vec![row(vec![Text::new("承办", "Handler")], health, None, true), row(vec![], None, None, false)];
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
    pub is_active: bool,
    /// Whether it is the administrator's own account, which another has to switch off.
    pub is_own: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for StaffForm {
    const TEMPLATE: &'static str = "admin/staff_form";
    fn samples() -> Vec<Self> {
        let draft = StaffDraft { name: "彭思远".into(), login: "wsjk.handler".into(), is_active: true };
        let error = Error::field("name", "staff-name");
        let id = Some(StaffId::random());
        let own = Self { is_own: true, ..Self::new(id, &draft, None, None) };
        vec![
            Self::new(None, &StaffDraft { is_active: true, ..StaffDraft::default() }, None, None),
            Self::new(id, &draft, Some(&error), Some("x".into())),
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

impl StaffForm {
    fn new(id: Option<StaffId>, draft: &StaffDraft, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        Self {
            id,
            title: draft.name.clone(),
            login: Field::new("login", &draft.login, &faults),
            name: Field::new("name", &draft.name, &faults),
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

struct Offices {
    departments: Vec<Department>,
    halls: Vec<Hall>,
    roles: Vec<Role>,
}

fn row(m: StaffMember, offices: &Offices) -> Row {
    let department = m.department.and_then(|id| offices.departments.iter().find(|d| d.id == id));
    let hall = m.hall.and_then(|id| offices.halls.iter().find(|h| h.id.0 == id));
    Row {
        id: m.id,
        login: m.login,
        name: m.name,
        roles: m.roles.iter().filter_map(|held| named(&offices.roles, &held.role)).collect(),
        department: department.map(|d| d.short.clone()),
        hall: hall.map(|h| h.name.clone()),
        is_active: m.is_active,
    }
}

fn named(roles: &[Role], code: &str) -> Option<Text> {
    roles.iter().find(|role| role.code == code).map(|role| role.name.clone())
}

fn read_offices(c: &mut crate::db::Conn) -> Result<Offices> {
    Ok(Offices { departments: identity::departments(c)?, halls: windows::halls(c)?, roles: roles::roles(c)? })
}

pub async fn new(who: Admin) -> Result<HttpResponse, PageError> {
    let draft = StaffDraft { is_active: true, ..StaffDraft::default() };
    Ok(page::show(&who, &StaffForm::new(None, &draft, None, None))?)
}

fn typed(form: &Posted) -> StaffDraft {
    StaffDraft { login: form.get("login").to_owned(), name: form.get("name").to_owned(), is_active: form.has("active") }
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
        Err(e) => again(&who, None, &draft, e),
    }
}

fn again(who: &Admin, id: Option<StaffId>, draft: &StaffDraft, error: Error) -> Result<HttpResponse, PageError> {
    if !matches!(error.kind(), Kind::Invalid | Kind::Conflict) {
        return Err(error.into());
    }
    let mut view = StaffForm::new(id, draft, Some(&error), notice(who.ctx.lang, &error));
    view.is_own = id.is_some_and(|id| who.ctx.actor.id() == Some(id.0));
    Ok(page::show_as(who, status(error.kind()), &view)?)
}

pub async fn show(who: Admin, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let ctx = who.ctx.clone();
    let look = Look { action: "staff.look", object: ("staff", id.0), part: None, purpose: Purpose::Admin };
    let read = move |c: &mut crate::db::Conn| Ok((staff::member(c, &ctx, id)?, None));
    let member = looks::at(&who, look, read).await?;
    let draft = StaffDraft { login: member.login, name: member.name, is_active: member.is_active };
    let mut view = StaffForm::new(Some(id), &draft, None, None);
    view.is_own = who.ctx.actor.id() == Some(id.0);
    Ok(page::show(&who, &view)?)
}

pub async fn change(who: Admin, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id: StaffId = id.parse()?;
    let ctx = who.ctx.clone();
    let before = who.app.db.read(move |c| staff::member(c, &ctx, id)).await?;
    let typed = StaffDraft { login: before.login, ..typed(&form) };
    // One's own form has the name alone.
    let is_own = who.ctx.actor.id() == Some(id.0);
    let draft = StaffDraft { is_active: typed.is_active || is_own, ..typed };
    let (ctx, cmd) = (who.ctx.clone(), draft.clone());
    match who.app.db.write(move |c| staff::change(c, &ctx, id, &cmd)).await {
        Ok(()) => Ok(page::redirect("/admin/staff", "staff-saved")),
        Err(e) => again(&who, Some(id), &draft, e),
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
