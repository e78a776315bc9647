//! What a visitor sees when something went wrong: a page that says the next step. The cause goes to the log, once.

use std::fmt;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;

use super::guard::{Anyone, language};
use super::page;
use crate::kernel::{Error, Kind};
use crate::render::{View, texts};

/// An error on its way to a page. [`in_the_visitors_language`] makes the page of it, which knows the request.
#[derive(Debug)]
pub struct PageError(Error);

impl PageError {
    /// For a page that says it in its own way.
    pub fn error(&self) -> &Error {
        &self.0
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the edge answers to each kind.
pub fn status(kind: Kind) -> StatusCode {
    StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        status(self.0.kind())
    }

    /// The bare status: see [`in_the_visitors_language`].
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Makes a page of every error of a page: in the visitor's language, and for who has to log in the way back.
pub async fn in_the_visitors_language(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    let Some(PageError(error)) = response.response().error().and_then(|e| e.as_error::<PageError>()) else {
        return Ok(response);
    };
    let page = answer(response.request(), error);
    Ok(response.into_response(page))
}

/// Where the visitor is, or came from with a form: never another site.
fn place(req: &HttpRequest) -> String {
    if req.method() == Method::GET {
        return req.uri().path_and_query().map_or_else(|| "/".into(), |p| p.as_str().to_owned());
    }
    let text = |name| req.headers().get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    let referer = text(header::REFERER).and_then(|r| r.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    match referer {
        Some((host, path)) if Some(host) == text(header::HOST) => page::local(&format!("/{path}")).to_owned(),
        _ if is_work(req.path()) => "/work".into(),
        _ => "/".into(),
    }
}

/// Made without a template: it has to work when nothing else does.
fn answer(req: &HttpRequest, error: &Error) -> HttpResponse {
    if error.is(Kind::Unauthenticated) {
        let back = place(req);
        let door = if is_work(&back) { "/staff/login" } else { "/login" };
        return page::redirect(&format!("{door}?back={}", form_urlencoded(&back)), "");
    }
    let (id, lang, status) = (error.log(), language(req), status(error.kind()));
    let home = if is_work(req.path()) { "/work" } else { "/" };
    let t = |key: &str| handlebars::html_escape(&texts().get(lang, key));
    let sentence = texts().with_texts(lang, &format!("error-{}", error.code()), error.args());
    let body = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{number} - {title}</title>\
         <link rel=\"stylesheet\" href=\"/static/css/app.css\">\
         <link rel=\"icon\" href=\"/static/img/favicon.svg\" type=\"image/svg+xml\"></head><body class=\"page page--public\">\
         <header class=\"top\"><div class=\"top__bar wrap\"><a class=\"brand\" href=\"{home}\"><img class=\"brand__mark\" \
         src=\"/static/img/logo.svg\" alt=\"\" width=\"40\" height=\"40\"><span class=\"brand__name\"><small>{city}</small>\
         {app}</span></a></div></header>\
         <main class=\"main wrap wrap--text\" id=\"main\"><section class=\"oops\"><p class=\"oops__no\">{number}</p>\
         <h1 class=\"oops__title\">{sentence}</h1><p class=\"row\"><a class=\"btn btn--main\" href=\"{home}\">{to_home}</a></p>\
         <p class=\"muted small\">{label} <code class=\"code\">{id}</code></p></section></main></body></html>",
        lang = lang.tag(),
        title = t("city-app-name"),
        city = t("city-services"),
        app = t("app-name"),
        number = status.as_u16(),
        sentence = handlebars::html_escape(&sentence),
        to_home = t("error-to-home"),
        label = t("error-number"),
    );
    let mut response = page::html(status, body);
    if error.is(Kind::Busy) {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    response
}

/// Whether a path is one of the staff's, who have a door of their own.
pub fn is_work(path: &str) -> bool {
    let areas = ["/work", "/hall", "/desk", "/catalogue", "/supervise", "/admin", "/security", "/audit", "/staff"];
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
