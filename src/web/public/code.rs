//! A code to the phone: to log in, or to set a new password.
//!
//! | path | page |
//! |---|---|
//! | `/login/code?purpose=` | for which phone |
//! | `/login/code/enter` | the code that came |
//! | `/login/code/password` | a new password, after the right code |
//!
//! What waits is known by a cookie of its own: nothing of it stands in an address. The pages are the same for a phone without an account.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::login::way_back;
use crate::db::Conn;
use crate::flows;
use crate::identity::codes::{self, COOKIE, Purpose, Reset, Typed, Waiting};
use crate::identity::{accounts, passwords};
use crate::kernel::{Error, FieldError, Kind, Lang, Result, mask};
use crate::render::{View, texts};
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

#[derive(Debug, Clone, Serialize)]
pub struct AskCode {
    /// `login` or `reset`.
    pub purpose: &'static str,
    pub phone: Field,
    pub back: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct EnterCode {
    pub purpose: &'static str,
    /// Masked.
    pub phone: String,
    pub code: Field,
    pub again_in: i64,
    pub back: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ChoosePassword {
    pub id_number: Field,
    pub password: Field,
    pub repeated: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

fn fault(field: &str, code: &'static str) -> FieldError {
    FieldError { field: field.into(), code, value: None }
}

impl View for AskCode {
    const TEMPLATE: &'static str = "account/code";
    fn samples() -> Vec<Self> {
        let faults = vec![fault("phone", "phone-shape")];
        let of = |purpose, faults: &[FieldError]| Self {
            purpose,
            phone: Field::new("phone", "138 <1>", faults),
            back: "/my".into(),
            faults: faults.to_vec(),
            notice: None,
        };
        vec![of("login", &[]), of("reset", &faults), Self { notice: Some("x".into()), ..of("reset", &[]) }]
    }
}

impl View for EnterCode {
    const TEMPLATE: &'static str = "account/code_enter";
    fn samples() -> Vec<Self> {
        let of = |purpose, faults: &[FieldError], again_in| Self {
            purpose,
            phone: "138****8101".into(),
            code: Field::new("code", "", faults),
            again_in,
            back: "/my".into(),
            faults: faults.to_vec(),
            notice: None,
        };
        let wrong = of("reset", &[fault("code", "sms-code-wrong")], 0);
        vec![of("login", &[], 58), wrong, Self { notice: Some("x".into()), ..of("login", &[], 0) }]
    }
}

impl View for ChoosePassword {
    const TEMPLATE: &'static str = "account/code_password";
    fn samples() -> Vec<Self> {
        let all = [
            fault("id_number", "reset-number-wrong"),
            fault("password", "password-short"),
            fault("repeated", "password-differs"),
        ];
        vec![Self::new("", &[], None), Self::new("98010219 <1>", &all, None), Self::new("", &[], Some("x".into()))]
    }
}

impl ChoosePassword {
    fn new(id_number: &str, faults: &[FieldError], notice: Option<String>) -> Self {
        Self {
            id_number: Field::new("id_number", id_number, faults),
            password: Field::new("password", "", faults),
            repeated: Field::new("repeated", "", faults),
            faults: faults.to_vec(),
            notice,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    back: String,
}

/// Codes are offered where they can be sent.
fn is_on(who: &Anyone) -> Result<()> {
    if who.app.sms.is_off() { Err(Error::not_found()) } else { Ok(()) }
}

fn purpose(text: &str) -> Purpose {
    Purpose::from_code(text).unwrap_or(Purpose::Login)
}

pub async fn ask(who: Anyone, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let view = asking(purpose(&asked.purpose), "", &way_back(&asked.back, "/my"), None, who.ctx.lang);
    Ok(page::show(&who, &view)?)
}

fn asking(purpose: Purpose, phone: &str, back: &str, error: Option<&Error>, lang: Lang) -> AskCode {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    AskCode {
        purpose: purpose.code(),
        phone: Field::new("phone", phone, &faults),
        back: back.to_owned(),
        notice: error.and_then(|e| notice(lang, e)),
        faults,
    }
}

/// Makes a code, and leads to where it is typed.
pub async fn send(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let (purpose, phone, back) = (purpose(form.get("purpose")), form.get("phone"), way_back(form.get("back"), "/my"));
    match make(&who, &req, purpose, phone, &back).await {
        Ok(token) => Ok(doors::with_cookie(&who, page::redirect("/login/code/enter", ""), COOKIE, &token)?),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            let view = asking(purpose, phone, &back, Some(&e), who.ctx.lang);
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn make(who: &Anyone, req: &HttpRequest, purpose: Purpose, phone: &str, back: &str) -> Result<String> {
    let (ctx, phone, back, from) = (who.ctx.clone(), phone.to_owned(), back.to_owned(), doors::address(who, req));
    let words = move |lang: Lang, code: &str| {
        texts().with_texts(lang, &format!("sms-{}", purpose.code()), &[("code", code.to_owned())])
    };
    let lang = who.ctx.lang;
    let work =
        move |c: &mut Conn| flows::send_code(c, &ctx, purpose, &phone, (&from, &back), &|code| words(lang, code));
    let token = who.app.db.write(work).await?;
    who.app.wake.notify_one();
    Ok(token)
}

fn token(req: &HttpRequest) -> String {
    page::cookie_value(req, COOKIE).unwrap_or_default()
}

async fn waiting(who: &Anyone, req: &HttpRequest) -> Result<Option<Waiting>> {
    let (ctx, token) = (who.ctx.clone(), token(req));
    who.app.db.read(move |c| codes::waiting(c, &ctx, &token)).await
}

/// Nothing waits any more: back to the beginning, which says so.
fn over(who: &Anyone) -> Result<HttpResponse> {
    let error = Error::invalid("code-over");
    page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &asking(Purpose::Login, "", "/my", Some(&error), who.ctx.lang))
}

fn entering(w: &Waiting, error: Option<&Error>, lang: Lang) -> EnterCode {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    EnterCode {
        purpose: w.purpose.code(),
        phone: mask::phone(&w.phone),
        code: Field::new("code", "", &faults),
        again_in: w.again_in,
        back: w.back.clone(),
        notice: error.and_then(|e| notice(lang, e)),
        faults,
    }
}

pub async fn show(who: Anyone, req: HttpRequest) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    match waiting(&who, &req).await? {
        None => Ok(page::redirect("/login/code", "")),
        Some(w) if w.is_passed => Ok(page::redirect("/login/code/password", "")),
        Some(w) => Ok(page::show(&who, &entering(&w, None, who.ctx.lang))?),
    }
}

/// Another code to the same phone.
pub async fn again(who: Anyone, req: HttpRequest, _form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let Some(w) = waiting(&who, &req).await? else { return Ok(over(&who)?) };
    match make(&who, &req, w.purpose, &w.phone, &w.back).await {
        Ok(token) => Ok(doors::with_cookie(&who, page::redirect("/login/code/enter", "code-again"), COOKIE, &token)?),
        Err(e) if e.is(Kind::TooMany) => {
            Ok(page::show_as(&who, status(e.kind()), &entering(&w, Some(&e), who.ctx.lang))?)
        }
        Err(e) => Err(e.into()),
    }
}

pub async fn enter(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let Some(w) = waiting(&who, &req).await? else { return Ok(over(&who)?) };
    let typed = form.get("code").to_owned();
    let code = if typed.is_empty() {
        "sms-code-missing"
    } else {
        let (ctx, token, visit) = (who.ctx.clone(), token(&req), doors::visit(&who, &req));
        match who.app.db.write(move |c| codes::take(c, &ctx, &token, &typed, &visit)).await? {
            Typed::In(opened) => {
                let response = doors::without_cookie(&who, page::redirect(&way_back(&w.back, "/my"), ""), COOKIE)?;
                return Ok(doors::with_session(&who, response, &opened)?);
            }
            Typed::Passed => return Ok(page::redirect("/login/code/password", "")),
            Typed::Over => return Ok(over(&who)?),
            Typed::Wrong => "sms-code-wrong",
        }
    };
    let error = Error::field("code", code);
    Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &entering(&w, Some(&error), who.ctx.lang))?)
}

pub async fn choose(who: Anyone, req: HttpRequest) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    match waiting(&who, &req).await? {
        Some(w) if w.is_passed => Ok(page::show(&who, &ChoosePassword::new("", &[], None))?),
        _ => Ok(page::redirect("/login/code?purpose=reset", "")),
    }
}

pub async fn reset(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let (password, id_number) = (form.raw("password").to_owned(), form.get("id_number").to_owned());
    let Some(w) = waiting(&who, &req).await?.filter(|w| w.is_passed) else { return Ok(over(&who)?) };
    let faults = accounts::faults_of_password(&password, form.raw("repeated"), &[&w.phone]);
    if !faults.is_empty() {
        let view = ChoosePassword::new(&id_number, &faults, None);
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let _place = who.app.login_place()?;
    let hash = who.app.hash(move || passwords::hash(&password)).await?;
    let (ctx, known, number) = (who.ctx.clone(), token(&req), id_number.clone());
    match who.app.db.write(move |c| codes::reset(c, &ctx, &known, &number, &hash)).await? {
        Reset::Done => Ok(doors::without_cookie(&who, page::redirect("/login", "password-reset"), COOKIE)?),
        Reset::Over => Ok(over(&who)?),
        Reset::Wrong => {
            let view = ChoosePassword::new(&id_number, &[fault("id_number", "reset-number-wrong")], None);
            Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?)
        }
    }
}
