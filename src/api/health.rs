//! Whether the process lives and can serve, and the document of this interface.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::guard::Caller;
use super::problem::{ApiError, Problem};
use super::{document as openapi, json};
use crate::catalogue;

#[derive(Debug, Serialize, ToSchema)]
pub struct State {
    /// `up` or `ready`
    pub state: &'static str,
}

/// The process answers.
#[utoipa::path(get, path = "/api/v1/health", tag = "platform", responses((status = 200, body = State)))]
pub async fn health() -> HttpResponse {
    json(&State { state: "up" })
}

/// The database answers and the catalogue is loaded.
#[utoipa::path(get, path = "/api/v1/ready", tag = "platform", responses(
    (status = 200, body = State),
    (status = 500, body = Problem, content_type = "application/problem+json"),
))]
pub async fn ready(caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.app.db.read(catalogue::stamp).await?;
    Ok(json(&State { state: "ready" }))
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "platform", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi())
}
