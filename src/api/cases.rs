//! The cases of a department, for its system. What is personal comes with the dispatch alone.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::guard::Client;
use super::json;
use super::problem::{ApiError, Problem};
use crate::cases::{self, FileRole, Listed};
use crate::catalogue::{self, Shelved};
use crate::kernel::{Cursor, Error, Result};

/// Rows of a page.
const ROWS: usize = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// `next` of the page before.
    #[serde(default)]
    after: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CaseRow {
    pub case_no: String,
    pub receipt_no: String,
    pub item_code: String,
    pub item_name: String,
    /// A state of the case, such as `dispatched`, `processing`, `finished`.
    pub state: &'static str,
    /// Masked.
    pub applicant: String,
    /// RFC 3339
    pub accepted_at: Option<String>,
    /// The promised last day.
    pub due_on: Option<String>,
    pub legal_due_on: Option<String>,
    /// `granted` or `refused`
    pub decision: Option<&'static str>,
    pub finished_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Cases {
    /// The last accepted first.
    pub cases: Vec<CaseRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    pub event: &'static str,
    pub state: &'static str,
    pub at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialRow {
    pub key: String,
    pub file_name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WholeCase {
    #[serde(flatten)]
    pub row: CaseRow,
    pub materials: Vec<MaterialRow>,
    pub timeline: Vec<Step>,
}

/// The accepted cases of the client's department, 20 a page.
#[utoipa::path(get, path = "/api/v1/cases", operation_id = "cases", tag = "cases", params(Query), security(("token" = ["cases"])), responses(
    (status = 200, body = Cases),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(client: Client, query: web::Query<Query>) -> Result<HttpResponse, ApiError> {
    let (ctx, books) = (client.of_department()?, client.app.books());
    let after = Cursor::decode(&query.after);
    let page = client
        .app
        .db
        .glance(move |c| {
            let page = cases::at_system_all(c, &ctx, after, ROWS)?;
            let mut rows = Vec::with_capacity(page.rows.len());
            for case in &page.rows {
                let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
                rows.push(row(case, &item));
            }
            Ok(Cases { cases: rows, next: page.next.map(|n| n.encode()) })
        })
        .await?;
    Ok(json(&page))
}

/// One accepted case of the client's department.
#[utoipa::path(get, path = "/api/v1/cases/{case_no}", tag = "cases", params(("case_no" = String, Path)),
    security(("token" = ["cases"])), responses(
    (status = 200, body = WholeCase),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "Not there, or another department's"),
))]
pub async fn case(client: Client, case_no: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let (ctx, books) = (client.of_department()?, client.app.books());
    let whole = client
        .app
        .db
        .read(move |c| {
            let case = cases::at_system(c, &ctx, &case_no)?;
            if case.accepted_at.is_none() {
                return Err(Error::not_found());
            }
            let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
            let files = cases::files(c, &ctx, &case)?.into_iter().filter(|f| f.role == FileRole::Material);
            let materials = files.map(|f| MaterialRow {
                key: f.key,
                file_name: f.name,
                mime: f.mime,
                size: f.size,
                sha256: f.hash.hex(),
            });
            let materials = materials.collect();
            let steps = cases::timeline(c, &case)?;
            let step = |s: cases::Happened| Step { event: s.event.code(), state: s.to.code(), at: s.at.rfc3339() };
            Ok(WholeCase {
                row: row(&(&case).into(), &item),
                materials,
                timeline: steps.into_iter().map(step).collect(),
            })
        })
        .await?;
    Ok(json(&whole))
}

fn row(case: &Listed, item: &Shelved) -> CaseRow {
    CaseRow {
        case_no: case.case_no.clone().unwrap_or_default(),
        receipt_no: case.receipt_no.clone().unwrap_or_default(),
        item_code: item.elements.code.clone(),
        item_name: item.elements.name.zh.clone(),
        state: case.state.code(),
        applicant: case.applicant_mask.clone(),
        accepted_at: case.accepted_at.map(|t| t.rfc3339()),
        due_on: case.due_on.map(|d| d.to_string()),
        legal_due_on: case.legal_due_on.map(|d| d.to_string()),
        decision: case.decision.map(cases::Decision::code),
        finished_at: case.finished_at.map(|t| t.rfc3339()),
    }
}
