//! How far a case is, for whoever has its number and its query code.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::guard::Caller;
use super::items::Words;
use super::problem::{ApiError, Problem};
use super::{body, json};
use crate::cases::{self, Case, Happened, state};
use crate::catalogue;
use crate::identity::throttle::{self, Limit};
use crate::kernel::{Error, Kind, Result};

/// Wrong codes for one number, and wrong ones from one address.
const OF_NUMBER: Limit = Limit { what: "progress-number", tries: 20, window: 900 };
const OF_ADDRESS: Limit = Limit { what: "progress-address", tries: 60, window: 900 };

#[derive(Deserialize, ToSchema)]
pub struct Asked {
    /// Case number or receipt number.
    no: String,
    /// Query code.
    code: String,
}

/// A state that the case came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Passed {
    pub state: &'static str,
    /// RFC 3339
    pub at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Progress {
    pub receipt_no: String,
    pub item: Words,
    /// `submitted`, `correcting`, `pre-accepted`, `accepted`, `deciding`, `granted`, `refused`, `not-accepted`, `withdrawn` or `abandoned`
    pub state: &'static str,
    /// The last day on which the office has to answer, before acceptance.
    pub accept_by: Option<String>,
    /// The promised last day, after acceptance.
    pub due_on: Option<String>,
    /// The first one first.
    pub timeline: Vec<Passed>,
}

/// The progress of a case. Number and code stand in the body and not in the address, which ends in logs.
#[utoipa::path(post, path = "/api/v1/progress", tag = "cases", request_body = Asked, responses(
    (status = 200, body = Progress),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "No such number and code"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub async fn progress(caller: Caller, bytes: web::Bytes) -> Result<HttpResponse, ApiError> {
    let asked: Asked = body::json(&bytes)?;
    let (ctx, books, address, no) = (caller.ctx(), caller.app.books(), caller.address.clone(), asked.no.clone());
    let found = caller
        .app
        .db
        .read(move |c| {
            let left =
                throttle::left(c, &ctx, OF_NUMBER, &asked.no)?.min(throttle::left(c, &ctx, OF_ADDRESS, &address)?);
            if left == 0 {
                return Ok(Err(Error::new(Kind::TooMany, "too-many-tries")));
            }
            let case = match cases::by_number(c, &ctx, &asked.no, &asked.code) {
                Ok(case) => case,
                Err(error) => return Ok(Err(error)),
            };
            let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
            let timeline = cases::timeline(c, &case)?;
            Ok(Ok(shown(&case, Words::from(&item.elements.name), &timeline)))
        })
        .await?;
    match found {
        Ok(progress) => Ok(json(&progress)),
        Err(error) if error.is(Kind::Invalid) || error.is(Kind::TooMany) => {
            let (ctx, address) = (caller.ctx(), caller.address);
            let count = move |c: &mut crate::db::Conn| {
                throttle::take(c, &ctx, OF_NUMBER, &no)?;
                throttle::take(c, &ctx, OF_ADDRESS, &address)
            };
            caller.app.db.write(count).await?;
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(case: &Case, item: Words, timeline: &[Happened]) -> Progress {
    let mut passed: Vec<Passed> = vec![];
    for step in timeline {
        let state = state::public(step.to, case.decision).code();
        if passed.last().is_none_or(|p| p.state != state) {
            passed.push(Passed { state, at: step.at.rfc3339() });
        }
    }
    let is_open = case.accepted_at.is_none() && case.finished_at.is_none();
    Progress {
        receipt_no: case.receipt().to_owned(),
        item,
        state: case.public_state.code(),
        accept_by: case.accept_by.filter(|_| is_open).map(|d| d.to_string()),
        due_on: case.due_on.map(|d| d.to_string()),
        timeline: passed,
    }
}
