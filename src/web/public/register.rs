//! A citizen's registration.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::login::{Asked, way_back};
use crate::identity::accounts::{self, Register, Registration};
use crate::identity::sessions::{self, Subject};
use crate::identity::{How, passwords};
use crate::kernel::{Actor, Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

#[derive(Debug, Default, Serialize)]
pub struct RegisterPage {
    pub phone: Field,
    pub email: Field,
    pub password: Field,
    pub repeated: Field,
    pub agree: Field,
    pub has_agreed: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    pub back: String,
}

impl View for RegisterPage {
    const TEMPLATE: &'static str = "account/register";
    fn samples() -> Vec<Self> {
        let typed = Registration { phone: "13800138000".into(), has_agreed: true, ..Registration::default() };
        let wrong = Registration { phone: "1".into(), email: "x".into(), ..Registration::default() };
        let error = |code| Error::field("phone", code);
        let faults = wrong.check().err().unwrap_or_else(|| error("phone-shape"));
        vec![
            Self::new(&Registration::default(), "/", None, None),
            Self::new(&wrong, "/items", Some(&faults), None),
            Self::new(&typed, "/items", Some(&error("phone-known")), None),
            Self::new(&typed, "/items", None, Some("x".into())),
        ]
    }
}

impl RegisterPage {
    fn new(typed: &Registration, back: &str, error: Option<&Error>, notice: Option<String>) -> Self {
        let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
        Self {
            phone: Field::new("phone", &typed.phone, &faults),
            email: Field::new("email", &typed.email, &faults),
            password: Field::new("password", "", &faults),
            repeated: Field::new("repeated", "", &faults),
            agree: Field::new("agree", "", &faults),
            has_agreed: typed.has_agreed,
            faults,
            notice,
            back: back.to_owned(),
        }
    }
}

pub async fn show(who: Anyone, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let back = way_back(&asked.back, "/my");
    if matches!(who.ctx.actor, Actor::Person(_)) {
        return Ok(page::redirect(&back, ""));
    }
    Ok(page::show(&who, &RegisterPage::new(&Registration::default(), &back, None, None))?)
}

pub async fn register(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let typed = Registration {
        phone: form.get("phone").to_owned(),
        email: form.get("email").to_owned(),
        password: form.raw("password").to_owned(),
        repeated: form.raw("repeated").to_owned(),
        has_agreed: form.has("agree"),
    };
    let back = way_back(form.get("back"), "/my");
    match make(&who, &req, &typed).await {
        Ok(opened) => {
            let to = format!("/account/verify?back={}", form_urlencoded(&back));
            Ok(doors::with_session(&who, page::redirect(&to, "registered"), &opened)?)
        }
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            let view = RegisterPage::new(&typed, &back, Some(&e), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        // Two forms with one phone at the same time: the later one is told what it would have been told a moment after.
        Err(e) if e.is(Kind::Conflict) => {
            let known = Error::field("phone", "phone-known");
            let view = RegisterPage::new(&typed, &back, Some(&known), None);
            Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// Makes the account and opens its first session.
async fn make(who: &Anyone, req: &HttpRequest, typed: &Registration) -> Result<sessions::Opened> {
    let (phone, email) = typed.check()?;
    let password = typed.password.clone();
    let password_hash = who.app.hash(move || passwords::hash(&password)).await?;
    let cmd = Register { phone, email, lang: who.ctx.lang, password_hash };
    let (ctx, visit) = (who.ctx.clone(), doors::visit(who, req));
    who.app
        .db
        .write(move |c| {
            let made = accounts::register(c, &ctx, &cmd, &visit.address)?;
            made.map(|id| sessions::open(c, &ctx, Subject::Person(id), How::Password, &visit)).transpose()
        })
        .await?
        .ok_or_else(|| Error::field("phone", "phone-known"))
}
