//! What comes between the password and the session: a second factor, a password of one's own, an authenticator that is bound. One page
//! shows the step that is due; each step has a form of its own.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::login::again;
use crate::identity::accounts;
use crate::identity::factors::half::{self, Half, Step};
use crate::identity::factors::login::{self as steps, Passed};
use crate::identity::factors::recovery::{self, Fresh};
use crate::identity::passwords;
use crate::kernel::{Error, FieldError, Kind, Lang, Result, totp};
use crate::render::{View, texts};
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::public::login::required;
use crate::web::qr::qr;

/// A code of the authenticator, or one for when it is lost.
#[derive(Debug, Serialize)]
pub struct FactorPage {
    pub code: Field,
    pub recovery: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for FactorPage {
    const TEMPLATE: &'static str = "staff/factor";
    fn samples() -> Vec<Self> {
        let faults = required(&[("code", "", "code-missing"), ("recovery", "", "recovery-missing")]);
        vec![Self::new(vec![], None), Self::new(faults, None), Self::new(vec![], Some("x".into()))]
    }
}

impl FactorPage {
    fn new(faults: Vec<FieldError>, notice: Option<String>) -> Self {
        let (code, recovery) = (Field::new("code", "", &faults), Field::new("recovery", "", &faults));
        Self { code, recovery, faults, notice }
    }
}

/// A member chooses a password in the place of an administrator's.
#[derive(Debug, Serialize)]
pub struct ChoosePage {
    /// For the browser's own keeper of passwords.
    pub login: String,
    pub password: Field,
    pub repeated: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for ChoosePage {
    const TEMPLATE: &'static str = "staff/choose";
    fn samples() -> Vec<Self> {
        let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let faults = vec![fault("password", "password-short"), fault("repeated", "password-differs")];
        vec![Self::new("wsjk.handler", vec![], None), Self::new("wsjk.handler", faults, Some("x".into()))]
    }
}

impl ChoosePage {
    fn new(login: &str, faults: Vec<FieldError>, notice: Option<String>) -> Self {
        let (password, repeated) = (Field::new("password", "", &faults), Field::new("repeated", "", &faults));
        Self { login: login.to_owned(), password, repeated, faults, notice }
    }
}

/// What an authenticator is told, and the field for its first code.
#[derive(Debug, Serialize)]
pub struct Offer {
    /// A `data:` address.
    pub qr: String,
    /// For an authenticator on the same device.
    pub address: String,
    /// In groups.
    pub secret: String,
    pub code: Field,
}

impl Offer {
    pub(super) fn new(lang: Lang, login: &str, secret: &[u8], faults: &[FieldError]) -> Result<Self> {
        let address = totp::address(secret, &texts().get(lang, "app-name"), login)?;
        let (secret, code) = (totp::in_groups(secret)?, Field::new("code", "", faults));
        Ok(Self { qr: qr(&address)?, address, secret, code })
    }

    /// As it is offered first, with a fault, and with a sentence.
    pub(super) fn samples() -> impl Iterator<Item = (Self, Vec<FieldError>, Option<String>)> {
        let page = |faults: Vec<FieldError>, notice: Option<&str>| {
            let offer = Self::new(Lang::Zh, "wsjk.handler", &[7; 20], &faults).ok()?;
            Some((offer, faults, notice.map(str::to_owned)))
        };
        let faults = required(&[("code", "", "code-missing")]);
        [page(vec![], None), page(faults, None), page(vec![], Some("x"))].into_iter().flatten()
    }
}

/// An authenticator is bound at a login.
#[derive(Debug, Serialize)]
pub struct BindPage {
    pub offer: Offer,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for BindPage {
    const TEMPLATE: &'static str = "staff/bind";
    fn samples() -> Vec<Self> {
        Offer::samples().map(|(offer, faults, notice)| Self { offer, faults, notice }).collect()
    }
}

/// Recovery codes, shown once.
#[derive(Debug, Serialize)]
pub struct Codes {
    pub codes: Vec<String>,
    /// One under the other, to be copied.
    pub lines: String,
    /// Whether an authenticator was bound with them.
    pub is_bound: bool,
    /// Where to go on.
    pub on: String,
}

impl View for Codes {
    const TEMPLATE: &'static str = "staff/codes";
    fn samples() -> Vec<Self> {
        let codes = || vec!["ABCD-EFGH-JKMN".to_owned(); recovery::COUNT];
        vec![Self::new(codes(), true, "/work"), Self::new(codes(), false, "/staff/security")]
    }
}

impl Codes {
    pub(super) fn new(codes: Vec<String>, is_bound: bool, on: &str) -> Self {
        Self { lines: codes.join("\n"), codes, is_bound, on: on.to_owned() }
    }
}

fn token(req: &HttpRequest) -> String {
    page::cookie_value(req, half::COOKIE).unwrap_or_default()
}

async fn find(who: &Anyone, token: &str) -> Result<Option<Half>> {
    let (ctx, token) = (who.ctx.clone(), token.to_owned());
    who.app.db.glance(move |c| half::find(c, &ctx, &token)).await
}

/// The step that is due, or the login when there is none.
pub async fn show(who: Anyone, req: HttpRequest) -> Result<HttpResponse, PageError> {
    Ok(match find(&who, &token(&req)).await? {
        Some(half) => step(&who, &half, None)?,
        None => page::redirect("/staff/login", ""),
    })
}

fn step(who: &Anyone, half: &Half, error: Option<&Error>) -> Result<HttpResponse> {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let said = error.and_then(|e| notice(who.ctx.lang, e));
    let as_ = error.map_or(actix_web::http::StatusCode::OK, |e| status(e.kind()));
    match half.step {
        Step::Factor => page::show_as(who, as_, &FactorPage::new(faults, said)),
        Step::Password => page::show_as(who, as_, &ChoosePage::new(&half.login, faults, said)),
        Step::Bind => {
            let offer = Offer::new(who.ctx.lang, &half.login, half.secret(), &faults)?;
            page::show_as(who, as_, &BindPage { offer, faults, notice: said })
        }
    }
}

/// In, or on to the next step; or the step again with what was wrong.
async fn answer(who: &Anyone, token: &str, came: Result<Passed>) -> Result<HttpResponse> {
    let error = match came {
        Ok(Passed::In(opened, back)) => {
            return doors::with_session(who, doors::without_half(who, page::redirect(&back, ""))?, &opened);
        }
        Ok(Passed::On) => return Ok(page::redirect("/staff/login/step", "")),
        Err(e) => e,
    };
    if error.code() == "login-over" {
        return again(who, &error);
    }
    if !matches!(error.kind(), Kind::Invalid | Kind::TooMany) {
        return Err(error);
    }
    match find(who, token).await? {
        Some(half) => step(who, &half, Some(&error)),
        None => again(who, &Error::new(Kind::Unauthenticated, "login-over")),
    }
}

pub async fn factor(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let token = token(&req);
    let came = by_code(&who, &req, &token, form.get("code")).await;
    Ok(answer(&who, &token, came).await?)
}

async fn by_code(who: &Anyone, req: &HttpRequest, token: &str, typed: &str) -> Result<Passed> {
    if typed.is_empty() {
        return Err(Error::field("code", "code-missing"));
    }
    let (ctx, visit) = (who.ctx.clone(), doors::visit(who, req));
    let (token, typed) = (token.to_owned(), typed.to_owned());
    let passed = who.app.db.write(move |c| steps::by_code(c, &ctx, &token, &typed, &visit)).await?;
    passed.ok_or_else(|| Error::field("code", "code-wrong"))
}

pub async fn recovery(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let token = token(&req);
    let came = by_recovery(&who, &req, &token, form.get("recovery")).await;
    Ok(answer(&who, &token, came).await?)
}

async fn by_recovery(who: &Anyone, req: &HttpRequest, token: &str, typed: &str) -> Result<Passed> {
    if typed.is_empty() {
        return Err(Error::field("recovery", "recovery-missing"));
    }
    let (ctx, visit) = (who.ctx.clone(), doors::visit(who, req));
    let (half, from) = (token.to_owned(), visit.clone());
    let salt = who.app.db.write(move |c| steps::begin_recovery(c, &ctx, &half, &from)).await?;
    let typed = typed.to_owned();
    let digest = who.app.hash(move || recovery::digest(&typed, &salt)).await?;
    let (ctx, half) = (who.ctx.clone(), token.to_owned());
    let passed = who.app.db.write(move |c| steps::by_recovery(c, &ctx, &half, &digest, &visit)).await?;
    passed.ok_or_else(|| Error::field("recovery", "recovery-wrong"))
}

pub async fn password(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let token = token(&req);
    let came = choose(&who, &req, &token, &form).await;
    Ok(answer(&who, &token, came).await?)
}

async fn choose(who: &Anyone, req: &HttpRequest, token: &str, form: &Posted) -> Result<Passed> {
    let over = || Error::new(Kind::Unauthenticated, "login-over");
    let half = find(who, token).await?.filter(|h| h.step == Step::Password).ok_or_else(over)?;
    let password = form.raw("password").to_owned();
    let faults = accounts::faults_of_password(&password, form.raw("repeated"), &[&half.login]);
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let hash = who.app.hash(move || passwords::hash(&password)).await?;
    let (ctx, visit, token) = (who.ctx.clone(), doors::visit(who, req), token.to_owned());
    who.app.db.write(move |c| steps::choose_password(c, &ctx, &token, &hash, &visit)).await
}

pub async fn bind(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let token = token(&req);
    Ok(match bound(&who, &req, &token, form.get("code")).await {
        Ok((Passed::In(opened, back), codes)) => {
            let response = page::show(&who, &Codes::new(codes.shown, true, &back))?;
            doors::with_session(&who, doors::without_half(&who, response)?, &opened)?
        }
        Ok((Passed::On, _)) => page::redirect("/staff/login/step", ""),
        Err(e) => answer(&who, &token, Err(e)).await?,
    })
}

async fn bound(who: &Anyone, req: &HttpRequest, token: &str, typed: &str) -> Result<(Passed, Fresh)> {
    if typed.is_empty() {
        return Err(Error::field("code", "code-missing"));
    }
    let (ctx, visit) = (who.ctx.clone(), doors::visit(who, req));
    let (half, typed, from) = (token.to_owned(), typed.to_owned(), visit.clone());
    let step = who.app.db.write(move |c| steps::begin_binding(c, &ctx, &half, &typed, &from)).await?;
    let step = step.ok_or_else(|| Error::field("code", "code-wrong"))?;
    let codes = who.app.hash(recovery::make).await?;
    let (ctx, half, fresh) = (who.ctx.clone(), token.to_owned(), codes.clone());
    let passed = who.app.db.write(move |c| steps::bind(c, &ctx, &half, step, &fresh, &visit)).await?;
    Ok((passed, codes))
}
