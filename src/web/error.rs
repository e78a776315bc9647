//! What a visitor sees when something went wrong: a page that says the next step. The cause goes to the log, once.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use super::guard::Anyone;
use super::page;
use crate::kernel::{Error, Kind};
use crate::render::{View, texts};

/// An error on its way to a page.
#[derive(Debug)]
pub struct PageError {
    error: Error,
    /// Where an unknown visitor wanted to go.
    back: String,
    lang: crate::kernel::Lang,
}

impl PageError {
    pub fn of(req: &HttpRequest, error: Error) -> Self {
        let get = req.method() == actix_web::http::Method::GET;
        let back = if get { req.uri().path_and_query().map(|p| p.as_str().to_owned()) } else { None };
        let lang = req.cookie(super::guard::LANGUAGE).and_then(|c| crate::kernel::Lang::from_tag(c.value()));
        Self { error, back: back.unwrap_or_else(|| "/".into()), lang: lang.unwrap_or_default() }
    }
    /// For a page that says it in its own way.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self { error, back: "/".into(), lang: crate::kernel::Lang::Zh }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// What the edge answers to each kind.
pub fn status(kind: Kind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The page of an error, made without a template: it has to work when nothing else does.
impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        status(self.error.kind())
    }

    fn error_response(&self) -> HttpResponse {
        if self.error.is(Kind::Unauthenticated) {
            let back: String = form_urlencoded(&self.back);
            let door = if is_work(&self.back) { "/staff/login" } else { "/login" };
            return page::redirect(&format!("{door}?back={back}"), "");
        }
        let id = self.error.log();
        let t = |key: &str| handlebars::html_escape(&texts().get(self.lang, key));
        let code = self.error.code();
        let sentence = texts().with_texts(self.lang, &format!("error-{code}"), self.error.args());
        let number = self.status_code().as_u16();
        let body = format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
             <link rel=\"stylesheet\" href=\"/static/css/app.css\"></head><body class=\"page page--public\">\
             <main class=\"main wrap wrap--text\" id=\"main\"><div class=\"empty\"><p class=\"empty__code\">{number}</p>\
             <h1 class=\"empty__title\">{sentence}</h1><p class=\"row\"><a class=\"btn btn--main\" href=\"/\">{home}</a></p>\
             <p class=\"muted small\">{label} <code class=\"code\">{id}</code></p></div></main></body></html>",
            lang = self.lang.tag(),
            title = t("app-name"),
            sentence = handlebars::html_escape(&sentence),
            home = t("error-to-home"),
            label = t("error-number"),
        );
        let mut response = page::html(self.status_code(), body);
        if self.error.is(Kind::Busy) {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
        }
        response
    }
}

/// Whether a path is one of the staff's, who have a door of their own.
fn is_work(path: &str) -> bool {
    let areas = ["/work", "/hall", "/desk", "/supervise", "/admin", "/staff"];
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with(['/', '?']);
    areas.iter().any(|area| path.strip_prefix(area).is_some_and(is_below))
}

/// Percent-encodes a value of a query.
pub fn form_urlencoded(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// A page that is not there.
#[derive(Debug, Serialize)]
pub struct NotFound {}

impl View for NotFound {
    const TEMPLATE: &'static str = "public/not_found";
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

pub async fn not_found(who: Anyone) -> Result<HttpResponse, PageError> {
    Ok(page::show_as(&who, StatusCode::NOT_FOUND, &NotFound {})?)
}
