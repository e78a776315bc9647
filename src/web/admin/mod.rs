//! Pages for administrators.

pub mod departments;
pub mod endpoint;
pub mod exchange;
pub mod halls;
pub mod jobs;
mod samples;
pub mod staff;

use actix_web::HttpResponse;

use super::error::PageError;
use super::guard::Admin;
use super::page;

pub async fn home(_who: Admin) -> Result<HttpResponse, PageError> {
    Ok(page::redirect("/admin/staff", ""))
}
