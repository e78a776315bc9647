//! The staff's login, their password, and the way to their work.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::doors::{self, Entered};
use super::error::{PageError, status};
use super::field::{Field, notice};
use super::form::Posted;
use super::guard::{Anyone, Staff};
use super::page;
use super::public::login::{Asked, required, way_back};
use crate::identity::accounts;
use crate::identity::logins::Door;
use crate::identity::sessions::Opened;
use crate::kernel::{Actor, Error, FieldError, Kind, Result};
use crate::render::View;

#[derive(Debug, Serialize)]
pub struct StaffLogin {
    pub login: Field,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    pub back: String,
}

impl View for StaffLogin {
    const TEMPLATE: &'static str = "account/staff_login";
    fn samples() -> Vec<Self> {
        let faults = required(&[("login", "", "staff-name-missing"), ("password", "", "password-missing")]);
        vec![Self::new("", "", vec![], None), Self::new("x", "/hall", faults, Some("x".into()))]
    }
}

impl StaffLogin {
    fn new(login: &str, back: &str, faults: Vec<FieldError>, notice: Option<String>) -> Self {
        let (login, password) = (Field::new("login", login, &faults), Field::new("password", "", &faults));
        Self { login, password, faults, notice, back: back.to_owned() }
    }
}

/// A member of staff chooses a password: at the first login, and whenever they like.
#[derive(Debug, Serialize)]
pub struct StaffPassword {
    pub login: Field,
    pub old: Field,
    pub password: Field,
    pub repeated: Field,
    /// Whether the password is an administrator's and has to be changed.
    pub must: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for StaffPassword {
    const TEMPLATE: &'static str = "account/staff_password";
    fn samples() -> Vec<Self> {
        let wrong = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let error = Error::fields(vec![
            wrong("old", "staff-login-wrong"),
            wrong("password", "password-short"),
            wrong("repeated", "password-differs"),
        ]);
        let faulty = Self::new("wsjk.handler", true, Some(&error), Some("x".into()));
        vec![Self::new("", false, None, None), Self::new("wsjk.handler", true, None, None), faulty]
    }
}

impl StaffPassword {
    fn new(login: &str, must: bool, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        Self {
            login: Field::new("login", login, &faults),
            old: Field::new("old", "", &faults),
            password: Field::new("password", "", &faults),
            repeated: Field::new("repeated", "", &faults),
            must,
            faults,
            notice,
        }
    }
}

pub async fn show(who: Anyone, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    if matches!(who.ctx.actor, Actor::Staff(_)) {
        return Ok(page::redirect("/work", ""));
    }
    let back = way_back(&asked.back, "/work");
    Ok(page::show(&who, &StaffLogin::new("", &back, vec![], None))?)
}

pub async fn enter(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let (login, password) = (form.get("login"), form.raw("password"));
    let back = way_back(form.get("back"), "/work");
    let faults = required(&[("login", login, "staff-name-missing"), ("password", password, "password-missing")]);
    if !faults.is_empty() {
        let view = StaffLogin::new(login, &back, faults, None);
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let error = match doors::enter(&who, &req, Door::Staff, login, password).await {
        Ok(Entered::In(opened)) => return Ok(doors::with_session(&who, page::redirect(&back, ""), &opened)?),
        Ok(Entered::MustChange) => return Ok(page::show(&who, &StaffPassword::new(login, true, None, None))?),
        Ok(Entered::Wrong) => Error::invalid("staff-login-wrong"),
        Err(e) if e.is(Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let view = StaffLogin::new(login, &back, vec![], notice(who.ctx.lang, &error));
    Ok(page::show_as(&who, status(error.kind()), &view)?)
}

/// To the page on which somebody's work lies.
pub async fn work(who: Staff) -> Result<HttpResponse, PageError> {
    Ok(page::redirect(doors::work_of(&who.ctx.actor), ""))
}

pub async fn show_password(who: Anyone) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &StaffPassword::new("", false, None, None))?)
}

pub async fn password(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    match change(&who, &req, &form).await {
        Ok(opened) => Ok(doors::with_session(&who, page::redirect("/work", ""), &opened)?),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            let view = StaffPassword::new(form.get("login"), form.has("must"), Some(&e), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn change(who: &Anyone, req: &HttpRequest, form: &Posted) -> Result<Opened> {
    let (login, old, new) = (form.get("login"), form.raw("old"), form.raw("password"));
    let mut faults = required(&[("login", login, "staff-name-missing"), ("old", old, "old-password-missing")]);
    faults.extend(accounts::faults_of_password(new, form.raw("repeated"), &[login, old]));
    if login.is_empty() || old.is_empty() {
        return Err(Error::fields(faults));
    }
    let (attempt, is_right) = doors::check(who, req, Door::Staff, login, old).await?;
    let id = attempt.staff().filter(|_| is_right);
    if id.is_none() {
        faults.insert(0, FieldError { field: "old".into(), code: "staff-login-wrong", value: None });
    }
    match id {
        Some(id) if faults.is_empty() => doors::choose(who, req, attempt, id, new).await,
        _ => Err(Error::fields(faults)),
    }
}
