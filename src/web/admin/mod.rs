//! Pages for administrators.

pub mod clients;
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
use crate::kernel::Permission;

/// To the first page that the visitor may open.
pub async fn home(who: Admin) -> Result<HttpResponse, PageError> {
    let to = match who.ctx.staff()? {
        staff if staff.has(Permission::Accounts) => "/admin/staff",
        staff if staff.has(Permission::Offices) => "/admin/departments",
        _ => "/admin/exchange",
    };
    Ok(page::redirect(to, ""))
}
