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
use crate::flows::{self, ProgressAsked};
use crate::kernel::Kind;

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
    (status = 400, body = Problem, content_type = "application/problem+json", description = "A body that cannot be read"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "No such number and code"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub async fn progress(caller: Caller, bytes: web::Bytes) -> Result<HttpResponse, ApiError> {
    let asked: Asked = body::json(&bytes)?;
    let (ctx, books) = (caller.ctx(), caller.app.books());
    let asked = ProgressAsked { no: asked.no, code: asked.code, address: caller.address.clone() };
    let look = asked.clone();
    let found = caller.app.db.read(move |c| {
        let case = flows::progress_of(c, &ctx, &look)?;
        let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
        let timeline = cases::timeline(c, &case)?;
        Ok(shown(&case, Words::from(&item.elements.name), &timeline))
    });
    match found.await {
        Ok(progress) => Ok(json(&progress)),
        Err(error) if error.is(Kind::Invalid) || error.is(Kind::TooMany) => {
            let ctx = caller.ctx();
            caller.app.db.write(move |c| flows::progress_refused(c, &ctx, &asked)).await?;
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
