//! The staff's login, and the way to their work.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::identity::logins::{Door, Entered};
use crate::kernel::{Actor, Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Staff};
use crate::web::page;
use crate::web::passkeys;
use crate::web::public::login::{Asked, required, way_back};

#[derive(Debug, Serialize)]
pub struct StaffLogin {
    pub login: Field,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    pub back: String,
    /// The host name that passkeys are bound to; empty where there are none.
    pub party: String,
}

impl View for StaffLogin {
    const TEMPLATE: &'static str = "staff/login";
    fn samples() -> Vec<Self> {
        let faults = required(&[("login", "", "staff-name-missing"), ("password", "", "password-missing")]);
        let full = Self::new("x", "/hall", faults, Some("x".into()));
        vec![Self::new("", "", vec![], None), Self { party: "localhost".into(), ..full }]
    }
}

impl StaffLogin {
    fn new(login: &str, back: &str, faults: Vec<FieldError>, notice: Option<String>) -> Self {
        let (login, password) = (Field::new("login", login, &faults), Field::new("password", "", &faults));
        Self { login, password, faults, notice, back: back.to_owned(), party: String::new() }
    }

    fn of(self, who: &Anyone) -> Self {
        Self { party: who.app.party.id().to_owned(), ..self }
    }
}

pub async fn show(who: Anyone, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    if matches!(who.ctx.actor, Actor::Staff(_)) {
        return Ok(page::redirect("/work", ""));
    }
    let back = way_back(&asked.back, "/work");
    Ok(page::show(&who, &StaffLogin::new("", &back, vec![], None).of(&who))?)
}

pub async fn enter(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let (login, password) = (form.get("login"), form.raw("password"));
    let back = way_back(form.get("back"), "/work");
    let faults = required(&[("login", login, "staff-name-missing"), ("password", password, "password-missing")]);
    if !faults.is_empty() {
        let view = StaffLogin::new(login, &back, faults, None).of(&who);
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let error = match doors::enter(&who, &req, Door::Staff, (login, password), &back).await {
        Ok(Some(Entered::In(opened))) => return Ok(doors::with_session(&who, page::redirect(&back, ""), &opened)?),
        Ok(Some(Entered::Half(half))) => {
            return Ok(doors::with_half(&who, page::redirect("/staff/login/step", ""), &half)?);
        }
        Ok(None) => Error::invalid("staff-login-wrong"),
        Err(e) if e.is(Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let view = StaffLogin::new(login, &back, vec![], notice(who.ctx.lang, &error)).of(&who);
    Ok(page::show_as(&who, status(error.kind()), &view)?)
}

/// By a passkey, which is two kinds of proof in one.
pub async fn passkey(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let back = way_back(form.get("back"), "/work");
    match passkeys::login::enter(&who, &req, &form, Door::Staff, &back).await? {
        Ok(response) => Ok(doors::without_half(&who, response)?),
        Err(error) => {
            let view = StaffLogin::new("", &back, vec![], notice(who.ctx.lang, &error)).of(&who);
            Ok(page::show_as(&who, status(error.kind()), &view)?)
        }
    }
}

/// The login again for whoever took too long over its steps.
pub(super) fn again(who: &Anyone, error: &Error) -> Result<HttpResponse> {
    let view = StaffLogin::new("", "/work", vec![], notice(who.ctx.lang, error)).of(who);
    doors::without_half(who, page::show_as(who, status(error.kind()), &view)?)
}

/// To the page on which somebody's work lies.
pub async fn work(who: Staff) -> Result<HttpResponse, PageError> {
    Ok(page::redirect(doors::work_of(&who.ctx.actor), ""))
}
