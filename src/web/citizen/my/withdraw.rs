//! Taking a declaration back, asked about on a page of its own.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::case;
use crate::cases::{self, CaseId, Event};
use crate::catalogue;
use crate::flows;
use crate::kernel::{Error, FieldError, Id, Kind, Result, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;

/// Longest reason, in characters.
const REASON: usize = 500;

#[derive(Debug, Serialize)]
pub struct Withdraw {
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub reason: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Withdraw {
    const TEMPLATE: &'static str = "my/withdraw";
    fn samples() -> Vec<Self> {
        super::samples::withdrawals()
    }
}

pub async fn show(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    match ask(&who, id, "", vec![]).await {
        Ok(view) => Ok(page::show(&who, &view)?),
        Err(e) if e.is(Kind::Conflict) => Ok(case::refused(&who, id, e).await?),
        Err(e) => Err(e.into()),
    }
}

/// # Errors
/// `withdraw-late` (409) when the case can no longer be taken back.
async fn ask(who: &Citizen, id: CaseId, reason: &str, faults: Vec<FieldError>) -> Result<Withdraw> {
    let (ctx, books, reason) = (who.ctx.clone(), who.app.books(), reason.to_owned());
    who.app
        .db
        .read(move |c| {
            let case = cases::mine(c, &ctx, id)?;
            if !cases::state::may(case.state, Event::Withdraw) {
                return Err(Error::conflict("withdraw-late"));
            }
            let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
            Ok(Withdraw {
                id: id.to_string(),
                title: item.elements.name.clone(),
                receipt_no: case.receipt().to_owned(),
                reason,
                faults,
                notice: None,
            })
        })
        .await
}

pub async fn withdraw(who: Citizen, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let reason = posted.get("reason").to_owned();
    if reason.chars().count() > REASON {
        let long = FieldError { field: "reason".into(), code: "text-long", value: Some(REASON.to_string()) };
        let view = ask(&who, id, &reason, vec![long]).await?;
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    match who.app.db.write(move |c| flows::withdraw(c, &ctx, &books, id, &reason)).await {
        Ok(_) => {
            who.app.wake.notify_waiters();
            Ok(page::redirect(&format!("/my/cases/{id}"), "withdrawn"))
        }
        Err(e) if e.code() == "case-moved" => {
            Ok(case::refused(&who, id, Error::conflict("withdraw-late").because(e)).await?)
        }
        Err(e) => Err(e.into()),
    }
}
