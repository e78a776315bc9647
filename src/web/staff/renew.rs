//! A new authenticator, and new recovery codes: both ask for a code of the authenticator that is bound, first.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::steps::{Codes, Offer};
use crate::identity::factors::{self, recovery, replace};
use crate::identity::sessions::Session;
use crate::identity::staff;
use crate::kernel::{Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Staff};
use crate::web::page;
use crate::web::public::login::required;

/// Asks for a code before something is renewed.
#[derive(Debug, Serialize)]
pub struct Confirm {
    /// Texts `renew-…`: `authenticator` or `recovery`.
    pub what: &'static str,
    pub code: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Confirm {
    const TEMPLATE: &'static str = "staff/confirm";
    fn samples() -> Vec<Self> {
        let faults = required(&[("code", "", "code-missing")]);
        vec![
            Self::new(AUTHENTICATOR, vec![], None),
            Self::new(AUTHENTICATOR, faults, None),
            Self::new(RECOVERY, vec![], Some("x".into())),
        ]
    }
}

const AUTHENTICATOR: &str = "authenticator";
const RECOVERY: &str = "recovery";

impl Confirm {
    fn new(what: &'static str, faults: Vec<FieldError>, notice: Option<String>) -> Self {
        Self { what, code: Field::new("code", "", &faults), faults, notice }
    }
}

/// A new authenticator is offered.
#[derive(Debug, Serialize)]
pub struct Replace {
    pub offer: Offer,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Replace {
    const TEMPLATE: &'static str = "staff/replace";
    fn samples() -> Vec<Self> {
        Offer::samples().map(|(offer, faults, notice)| Self { offer, faults, notice }).collect()
    }
}

fn session(who: &Anyone) -> Result<Session> {
    who.session.clone().ok_or_else(Error::unauthenticated)
}

/// Spends a code of the authenticator that is bound.
async fn confirm(who: &Staff, req: &HttpRequest, typed: &str) -> Result<()> {
    if typed.is_empty() {
        return Err(Error::field("code", "code-missing"));
    }
    let (ctx, from, typed) = (who.ctx.clone(), doors::address(who, req), typed.to_owned());
    match who.app.db.write(move |c| factors::confirm(c, &ctx, &typed, &from)).await? {
        true => Ok(()),
        false => Err(Error::field("code", "code-wrong")),
    }
}

/// What is offered to this session, with the login that it is for.
async fn offered(who: &Staff) -> Result<Option<(Vec<u8>, String)>> {
    let (ctx, session) = (who.ctx.clone(), session(who)?);
    who.app
        .db
        .read(move |c| {
            let secret = replace::offered(c, &ctx, &session)?;
            let login = staff::login_of_self(c, &ctx)?;
            Ok(secret.map(|secret| (secret, login)))
        })
        .await
}

/// The page of the step that is due: the code of the old authenticator, or what the new one has to be told.
async fn step(who: &Staff, error: Option<&Error>) -> Result<HttpResponse> {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let said = error.and_then(|e| notice(who.ctx.lang, e));
    let as_ = error.map_or(StatusCode::OK, |e| status(e.kind()));
    match offered(who).await? {
        Some((secret, login)) => {
            let offer = Offer::new(who.ctx.lang, &login, &secret, &faults)?;
            page::show_as(who, as_, &Replace { offer, faults, notice: said })
        }
        None => page::show_as(who, as_, &Confirm::new(AUTHENTICATOR, faults, said)),
    }
}

pub async fn authenticator(who: Staff) -> Result<HttpResponse, PageError> {
    Ok(step(&who, None).await?)
}

pub async fn replace(who: Staff, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let done = if form.has("new") {
        accept(&who, &req, form.get("code")).await.map(|()| page::redirect("/staff/security", "authenticator"))
    } else {
        offer(&who, &req, form.get("code")).await.map(|()| page::redirect("/staff/security/authenticator", ""))
    };
    match done {
        Ok(response) => Ok(response),
        // The offer has ended meanwhile.
        Err(e) if e.is(Kind::NotFound) => Ok(page::redirect("/staff/security/authenticator", "")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => Ok(step(&who, Some(&e)).await?),
        Err(e) => Err(e.into()),
    }
}

async fn offer(who: &Staff, req: &HttpRequest, typed: &str) -> Result<()> {
    confirm(who, req, typed).await?;
    let (ctx, session) = (who.ctx.clone(), session(who)?);
    who.app.db.write(move |c| replace::offer(c, &ctx, &session)).await
}

async fn accept(who: &Staff, req: &HttpRequest, typed: &str) -> Result<()> {
    if typed.is_empty() {
        return Err(Error::field("code", "code-missing"));
    }
    let (ctx, session) = (who.ctx.clone(), session(who)?);
    let (typed, from) = (typed.to_owned(), doors::address(who, req));
    match who.app.db.write(move |c| replace::accept(c, &ctx, &session, &typed, &from)).await? {
        true => Ok(()),
        false => Err(Error::field("code", "code-wrong")),
    }
}

pub async fn recovery(who: Staff) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &Confirm::new(RECOVERY, vec![], None))?)
}

pub async fn renew_recovery(who: Staff, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    match renewed(&who, &req, form.get("code")).await {
        Ok(codes) => Ok(page::show(&who, &Codes::new(codes, false, "/staff/security"))?),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            let view = Confirm::new(RECOVERY, e.field_errors().to_vec(), notice(who.ctx.lang, &e));
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn renewed(who: &Staff, req: &HttpRequest, typed: &str) -> Result<Vec<String>> {
    confirm(who, req, typed).await?;
    let codes = who.app.hash(recovery::make).await?;
    let (ctx, fresh) = (who.ctx.clone(), codes.clone());
    who.app.db.write(move |c| factors::renew_recovery(c, &ctx, &fresh)).await?;
    Ok(codes.shown)
}
