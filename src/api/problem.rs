//! What is refused: problem details (RFC 9457) with a code for programs and a sentence for people. Causes stay in the log.

use std::fmt;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{Error, Kind, Lang};
use crate::render::texts;

pub const CONTENT_TYPE: &str = "application/problem+json";

/// An error on its way to a program.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Problem details.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:cloudmart:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: &'static str,
    pub status: u16,
    /// What happened and what to do next, in the language of `Accept-Language`.
    pub detail: String,
    /// Stays the same across versions.
    pub code: String,
    /// `urn:uuid:` and the number under which the platform's log knows this.
    pub instance: String,
    /// The error of RFC 6749, at `/api/v1/token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'static str>,
    /// What was refused in the body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// One refused field.
#[derive(Debug, Serialize, ToSchema)]
pub struct Field {
    pub field: String,
    pub code: &'static str,
    pub detail: String,
}

fn status_of(error: &Error) -> StatusCode {
    match error.code() {
        "link-expired" => StatusCode::GONE,
        "idempotency-key-missing" | "body-unreadable" | "request-unreadable" | "grant-type" | "scope-unknown" => {
            StatusCode::BAD_REQUEST
        }
        _ => StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The errors of RFC 6749 (5.2) that its clients look for.
fn oauth(error: &Error) -> Option<&'static str> {
    match error.code() {
        "client-bad" => Some("invalid_client"),
        "grant-type" => Some("unsupported_grant_type"),
        "scope-unknown" => Some("invalid_scope"),
        _ => None,
    }
}

fn answer(error: &Error, lang: Lang) -> HttpResponse {
    let status = status_of(error);
    let t = texts();
    let field = |f: &crate::kernel::FieldError| {
        let args = f.value.iter().map(|v| ("value", v.clone())).collect::<Vec<_>>();
        let detail = t.with_texts(lang, &format!("field-{}", f.code), &args);
        Field { field: f.field.clone(), code: f.code, detail }
    };
    let problem = Problem {
        kind: format!("urn:cloudmart:problem:{}", error.code()),
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: t.with_texts(lang, &format!("error-{}", error.code()), error.args()),
        code: error.code().to_owned(),
        instance: format!("urn:uuid:{}", error.log().0),
        error: oauth(error),
        fields: error.field_errors().iter().map(field).collect(),
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_TYPE, CONTENT_TYPE))
        .insert_header((header::CONTENT_LANGUAGE, lang.tag()))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    match error.kind() {
        Kind::Unauthenticated if !error.code().starts_with("signature") => {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"cloudmart\""));
        }
        Kind::Busy => {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        Kind::TooMany => {
            response.insert_header((header::RETRY_AFTER, "60"));
        }
        _ => {}
    }
    match serde_json::to_vec(&problem) {
        Ok(body) => response.body(body),
        Err(_) => response.finish(),
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status_of(&self.0)
    }
    /// The bare status: [`in_the_callers_language`] makes the answer of it, which knows the request.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The language that a caller asks for.
pub fn language(req: &HttpRequest) -> Lang {
    let asked = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    asked.map(Lang::from_header).unwrap_or_default()
}

/// Makes problem details of everything that is refused, also of what the server refuses by itself (a method, a body too large).
pub async fn in_the_callers_language(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(req).await?.map_into_boxed_body();
    if response.status().as_u16() < 400 {
        return Ok(response);
    }
    let lang = language(response.request());
    let known = response.response().error().and_then(|e| e.as_error::<ApiError>());
    let problem = match (known, response.status()) {
        (Some(error), _) => answer(&error.0, lang),
        (None, StatusCode::METHOD_NOT_ALLOWED) => {
            let mut refused = answer(&Error::new(Kind::Invalid, "method-not-allowed"), lang);
            *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            if let Some(allow) = response.headers().get(header::ALLOW) {
                refused.headers_mut().insert(header::ALLOW, allow.clone());
            }
            refused
        }
        (None, StatusCode::PAYLOAD_TOO_LARGE) => answer(&Error::new(Kind::TooLarge, "body-too-large"), lang),
        (None, status) if status.is_client_error() => answer(&Error::invalid("request-unreadable"), lang),
        (None, _) => {
            let cause = response.response().error().map(ToString::to_string).unwrap_or_default();
            answer(&Error::internal(cause), lang)
        }
    };
    Ok(response.into_response(problem))
}

/// A path that is not there.
pub async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError(Error::not_found()))
}
