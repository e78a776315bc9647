//! A citizen's login.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::province;
use crate::identity::logins::{Door, Entered};
use crate::kernel::{Actor, Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::passkeys;

#[derive(Debug, Default, Serialize)]
pub struct Login {
    pub name: Field,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    /// Where to go afterwards.
    pub back: String,
    /// Codes can be sent to phones.
    pub has_codes: bool,
    /// What the provider of identities is called; empty where there is none.
    pub province: String,
    /// The host name that passkeys are bound to; empty where there are none.
    pub party: String,
}

impl View for Login {
    const TEMPLATE: &'static str = "account/login";
    fn samples() -> Vec<Self> {
        let faults = required(&[("name", "", "login-name-missing"), ("password", "", "password-missing")]);
        let full = Login::new("138", "/my", faults, Some("x".into()));
        vec![
            Login::new("", "/my", vec![], None),
            Login { has_codes: true, party: "localhost".into(), province: "省统一身份认证".into(), ..full },
        ]
    }
}

impl Login {
    fn new(name: &str, back: &str, faults: Vec<FieldError>, notice: Option<String>) -> Self {
        let (name, password) = (Field::new("name", name, &faults), Field::new("password", "", &faults));
        Self {
            name,
            password,
            faults,
            notice,
            back: back.to_owned(),
            has_codes: false,
            province: String::new(),
            party: String::new(),
        }
    }

    fn of(self, who: &Anyone) -> Self {
        Self {
            has_codes: !who.app.sms.is_off(),
            province: province::called(who),
            party: who.app.party.id().to_owned(),
            ..self
        }
    }
}

/// The login with what went wrong on another way in.
pub(super) fn again(who: &Anyone, back: &str, error: &Error) -> Result<HttpResponse> {
    let view = Login::new("", back, vec![], notice(who.ctx.lang, error)).of(who);
    page::show_as(who, status(error.kind()), &view)
}

/// Faults of the fields that were left empty: field, what was typed, code of the text that asks for it.
pub(in crate::web) fn required(fields: &[(&str, &str, &'static str)]) -> Vec<FieldError> {
    let empty = fields.iter().filter(|(_, value, _)| value.is_empty());
    empty.map(|(field, _, code)| FieldError { field: (*field).to_owned(), code, value: None }).collect()
}

/// The way back that a form or an address names, or a default.
pub(in crate::web) fn way_back(asked: &str, or: &str) -> String {
    if asked.is_empty() { or.to_owned() } else { page::local(asked).to_owned() }
}

#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub back: String,
}

pub async fn show(who: Anyone, asked: actix_web::web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let back = way_back(&asked.back, "/my");
    if matches!(who.ctx.actor, Actor::Person(_)) {
        return Ok(page::redirect(&back, ""));
    }
    Ok(page::show(&who, &Login::new("", &back, vec![], None).of(&who))?)
}

pub async fn enter(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let (name, password) = (form.get("name"), form.raw("password"));
    let back = way_back(form.get("back"), "/my");
    let faults = required(&[("name", name, "login-name-missing"), ("password", password, "password-missing")]);
    if !faults.is_empty() {
        let view = Login::new(name, &back, faults, None).of(&who);
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let error = match doors::enter(&who, &req, Door::Citizen, (name, password), &back).await {
        Ok(Some(Entered::In(opened))) => return Ok(doors::with_session(&who, page::redirect(&back, ""), &opened)?),
        Ok(Some(Entered::Half(_)) | None) => Error::invalid("login-wrong"),
        Err(e) if e.is(Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let view = Login::new(name, &back, vec![], notice(who.ctx.lang, &error)).of(&who);
    Ok(page::show_as(&who, status(error.kind()), &view)?)
}

/// By a passkey.
pub async fn passkey(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let back = way_back(form.get("back"), "/my");
    match passkeys::login::enter(&who, &req, &form, Door::Citizen, &back).await? {
        Ok(response) => Ok(response),
        Err(error) => Ok(again(&who, &back, &error)?),
    }
}
