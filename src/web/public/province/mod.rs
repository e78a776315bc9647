//! Coming in by a provider of identities (统一身份认证).
//!
//! | path | page |
//! |---|---|
//! | `/login/province` | sends the visitor to the provider |
//! | `/login/province/back` | where it sends them back to |
//! | `/login/province/new` | an account, for who has none |
//! | `/account/province…` | who is in links or unlinks ([`own`]) |
//!
//! What waits is known by a cookie of its own: of all that the provider says, nothing stands in an address of ours.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::login::{self, Asked, way_back};
use crate::db::Conn;
use crate::identity::EvidenceKind;
use crate::identity::links::{self, Arrived, COOKIE, Registered, Returned, Worth};
use crate::kernel::{Error, FieldError, Kind, Lang, Result, mask};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;

pub mod own;

/// An account is made of what the provider said.
#[derive(Debug, Serialize)]
pub struct NewFromProvince {
    pub province: String,
    /// Masked.
    pub name: String,
    pub number: String,
    pub phone: Field,
    pub agree: Field,
    pub has_agreed: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for NewFromProvince {
    const TEMPLATE: &'static str = "account/province_new";
    fn samples() -> Vec<Self> {
        let of = |faults: Vec<FieldError>, notice: Option<&str>| Self {
            province: "省统一身份认证".into(),
            name: "林*".into(),
            number: "9801**********0249".into(),
            phone: Field::new("phone", "1380 <1>", &faults),
            agree: Field::new("agree", "", &faults),
            has_agreed: notice.is_some(),
            faults,
            notice: notice.map(str::to_owned),
        };
        let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let wrong = vec![fault("phone", "phone-shape"), fault("agree", "agree-required")];
        vec![of(vec![], None), of(wrong, None), of(vec![fault("phone", "phone-known")], Some("x"))]
    }
}

/// What the provider is called; empty where there is none.
pub(super) fn called(who: &Anyone) -> String {
    let settings = &who.app.config.oidc;
    match (who.app.oidc.is_off(), who.ctx.lang) {
        (true, _) => String::new(),
        (_, Lang::Zh) => settings.name.clone(),
        (_, Lang::En) => settings.name_en.clone(),
    }
}

fn worth(who: &Anyone) -> Worth {
    let settings = &who.app.config.oidc;
    let kind = EvidenceKind::from_code(&settings.evidence).unwrap_or(EvidenceKind::NameId);
    Worth { issuer: settings.name.clone(), kind }
}

fn is_on(who: &Anyone) -> Result<()> {
    if who.app.oidc.is_off() { Err(Error::not_found()) } else { Ok(()) }
}

fn token(req: &HttpRequest) -> String {
    page::cookie_value(req, COOKIE).unwrap_or_default()
}

/// Sends a visitor to the provider.
async fn away(who: &Anyone, req: &HttpRequest, links: bool, back: &str) -> Result<HttpResponse> {
    let (ctx, from) = (who.ctx.clone(), doors::address(who, req));
    who.app.db.write(move |c| links::count(c, &ctx, &from)).await?;
    let sent = who.app.oidc.send().await?;
    let (ctx, back, to) = (who.ctx.clone(), back.to_owned(), sent.url.clone());
    let token = who.app.db.write(move |c| links::begin(c, &ctx, &sent, links, &back)).await?;
    doors::with_cookie(who, page::redirect(&to, ""), COOKIE, &token)
}

pub async fn send(who: Anyone, req: HttpRequest, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let back = way_back(&asked.back, "/my");
    match away(&who, &req, false, &back).await {
        Err(e) if matches!(e.kind(), Kind::Outside | Kind::TooMany) => Ok(failed(&who, &back, &e)?),
        sent => Ok(sent?),
    }
}

/// The login again, with what went wrong.
fn failed(who: &Anyone, back: &str, error: &Error) -> Result<HttpResponse> {
    error.log();
    doors::without_cookie(who, login::again(who, back, error)?, COOKIE)
}

/// What the provider sends people back with.
#[derive(Debug, Default, Deserialize)]
pub struct Brought {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

pub async fn back(who: Anyone, req: HttpRequest, brought: web::Query<Brought>) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let (ctx, token, state) = (who.ctx.clone(), token(&req), brought.state.clone());
    let known = token.clone();
    let Some(returned) = who.app.db.write(move |c| links::returned(c, &ctx, &known, &state)).await? else {
        return Ok(failed(&who, "/my", &Error::invalid("province-over"))?);
    };
    match arrived(&who, &req, &token, &returned, &brought).await {
        Ok(Arrived::In(opened)) => {
            let response = doors::without_cookie(&who, page::redirect(&returned.back, ""), COOKIE)?;
            Ok(doors::with_session(&who, response, &opened)?)
        }
        Ok(Arrived::Ask) if returned.links => Ok(page::redirect("/account/province", "")),
        Ok(Arrived::Ask) => Ok(page::redirect("/login/province/new", "")),
        Ok(Arrived::Refused(code)) => Ok(refused(&who, &returned, &Error::invalid(code))?),
        Err(e) if matches!(e.kind(), Kind::Outside | Kind::Invalid) => Ok(refused(&who, &returned, &e)?),
        Err(e) => Err(e.into()),
    }
}

fn refused(who: &Anyone, returned: &Returned, error: &Error) -> Result<HttpResponse> {
    // Who links is in already, and is told on a page of their own.
    if returned.links { own::failed(who, error) } else { failed(who, &returned.back, error) }
}

async fn arrived(
    who: &Anyone,
    req: &HttpRequest,
    token: &str,
    returned: &Returned,
    brought: &Brought,
) -> Result<Arrived> {
    if !brought.error.is_empty() || brought.code.is_empty() {
        // `access_denied` and its like: they changed their mind there, or are not let.
        return Ok(Arrived::Refused("province-denied"));
    }
    let told = who.app.oidc.ask(&brought.code, &returned.nonce, &returned.verifier).await?;
    let (ctx, token, worth, visit) = (who.ctx.clone(), token.to_owned(), worth(who), doors::visit(who, req));
    who.app.db.write(move |c| links::arrive(c, &ctx, &token, &told, &worth, &visit)).await
}

/// What waits for the visitor's answer.
async fn waiting(who: &Anyone, req: &HttpRequest, links: bool) -> Result<Option<links::Asked>> {
    let (ctx, token) = (who.ctx.clone(), token(req));
    let asked = who.app.db.read(move |c| links::asked(c, &ctx, &token)).await?;
    Ok(asked.filter(|asked| asked.links == links))
}

fn page_of(who: &Anyone, asked: &links::Asked, typed: Option<(&str, bool)>, error: Option<&Error>) -> NewFromProvince {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let (phone, has_agreed) = typed.unwrap_or((asked.phone.as_deref().unwrap_or_default(), false));
    NewFromProvince {
        province: called(who),
        name: asked.name.as_deref().map(mask::name).unwrap_or_default(),
        number: asked.number.as_deref().map(mask::id_number).unwrap_or_default(),
        phone: Field::new("phone", phone, &faults),
        agree: Field::new("agree", "", &faults),
        has_agreed,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    }
}

pub async fn ask(who: Anyone, req: HttpRequest) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    match waiting(&who, &req, false).await? {
        Some(asked) => Ok(page::show(&who, &page_of(&who, &asked, None, None))?),
        None => Ok(page::redirect("/login", "")),
    }
}

pub async fn register(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let over = Error::invalid("province-over");
    let Some(asked) = waiting(&who, &req, false).await? else { return Ok(failed(&who, "/my", &over)?) };
    let (phone, has_agreed) = (form.get("phone").to_owned(), form.has("agree"));
    let (ctx, token, worth, visit) = (who.ctx.clone(), token(&req), worth(&who), doors::visit(&who, &req));
    let typed = phone.clone();
    let made = move |c: &mut Conn| links::register(c, &ctx, &token, (&typed, has_agreed), &worth, &visit);
    let error = match who.app.db.write(made).await {
        Ok(Registered::In(opened, back)) => {
            let response =
                doors::without_cookie(&who, page::redirect(&way_back(&back, "/my"), "province-registered"), COOKIE)?;
            return Ok(doors::with_session(&who, response, &opened)?);
        }
        Ok(Registered::Over) => return Ok(failed(&who, "/my", &over)?),
        Ok(Registered::PhoneKnown) => Error::field("phone", "province-phone-known"),
        // Two forms at the same time.
        Err(e) if e.is(Kind::Conflict) => Error::field("phone", "province-phone-known"),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let view = page_of(&who, &asked, Some((&phone, has_agreed)), Some(&error));
    Ok(page::show_as(&who, status(error.kind()), &view)?)
}
