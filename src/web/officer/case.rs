//! One case at the approval desk, on one page.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::step_of;
use crate::approval::{self, ApprovalStep, Opinion};
use crate::audit::looks::{Look, Purpose};
use crate::cases::{self, Case, CaseId};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::Books;
use crate::kernel::{Ctx, FieldError, Id, Result, Ts};
use crate::render::View;
use crate::web::caseframe::{self, CaseFrame, frame};
use crate::web::dossier::{Dossier, dossier};
use crate::web::error::PageError;
use crate::web::guard::Officer;
use crate::web::looks::{self, Looking};
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct CasePage {
    pub frame: CaseFrame,
    pub dossier: Dossier,
    pub opinions: Vec<Said>,
    pub proposal: Option<Proposed>,
    /// The step that the officer may do now.
    pub form: Option<Form>,
    /// Text `desk-blocked-…`: why there is no form.
    pub blocked: Option<&'static str>,
    pub notice: Option<String>,
    pub faults: Vec<FieldError>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub step: &'static str,
    pub verdict: &'static str,
    pub opinion: String,
    pub by: String,
    pub at: Ts,
}

#[derive(Debug, Clone, Serialize)]
pub struct Proposed {
    pub outcome: &'static str,
    pub reason: String,
}

/// The step's form with what was typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Form {
    /// `handle`, `review` or `approve`
    pub step: &'static str,
    /// The case's revision that the page shows.
    pub rev: i64,
    /// `granted`, `refused`, `agree`, `return`, or nothing chosen yet.
    pub choice: String,
    pub reason: String,
    pub opinion: String,
}

impl View for CasePage {
    const TEMPLATE: &'static str = "officer/case";
    fn samples() -> Vec<Self> {
        super::samples::cases()
    }
}

pub async fn show(who: Officer, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let ctx = who.ctx.clone();
    let object = ("case", id.0);
    let look = Look { action: "case.look", object, part: None, purpose: Purpose::Decide };
    let looking = Looking::new(&who, look);
    let seen = looking.clone();
    let held_by = who.app.db.write(move |c| take_in_hand(c, &ctx, id, &seen)).await?;
    looking.done(&who);
    let mut view = load(&who, id).await?;
    view.frame.held_by = held_by;
    Ok(page::show(&who, &view)?)
}

/// Records the look, and takes the case in hand if it waits for this officer. Returns who has it instead.
fn take_in_hand(c: &mut Conn, ctx: &Ctx, id: CaseId, looking: &Looking) -> Result<Option<String>> {
    let case = cases::at_department(c, ctx, id)?;
    looking.record(c, ctx, looks::person(&case))?;
    match approval_step(&case) {
        Some(step) if approval::check(c, ctx, &case, step).is_ok() => cases::hold(c, ctx, &case),
        _ => Ok(None),
    }
}

/// The step of the desk that a case waits for.
pub(super) fn approval_step(case: &Case) -> Option<ApprovalStep> {
    step_of(case.state).and_then(|(_, code)| ApprovalStep::from_code(code))
}

/// The page as the case is now.
pub(super) async fn load(who: &Officer, id: CaseId) -> Result<CasePage> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.read(move |c| read(c, &ctx, &books, id)).await
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<CasePage> {
    let case = cases::at_department(c, ctx, id)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let content = cases::content(c, ctx, &case)?;
    let files = cases::files(c, ctx, &case)?;
    let verdicts = cases::verdicts(c, &case)?;
    let base = format!("/desk/cases/{id}");
    let mut dossier = dossier(&item.elements, books.shelf.codes(), &content, &files, &verdicts, &base);
    dossier.mark_paper(&cases::on_paper(c, &case)?);
    let proposal = approval::proposal(c, &case)?;
    let (form, blocked) = form(c, ctx, &case, proposal.as_ref())?;
    let opinions = approval::opinions(c, &case)?;
    Ok(CasePage {
        frame: frame(c, ctx, books, &case, &item, "/desk")?,
        dossier,
        opinions: opinions.into_iter().map(said).collect(),
        proposal: proposal.map(|p| Proposed { outcome: p.outcome.code(), reason: p.reason }),
        form,
        blocked,
        notice: None,
        faults: vec![],
    })
}

/// The form of the step that this officer may do, or why there is none.
fn form(
    c: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    proposal: Option<&approval::Proposal>,
) -> Result<(Option<Form>, Option<&'static str>)> {
    let Some((role, code)) = step_of(case.state) else { return Ok((None, None)) };
    if !ctx.staff()?.has(role) {
        return Ok((None, Some("role")));
    }
    let Some(step) = approval_step(case) else { return Ok((None, None)) };
    if approval::check(c, ctx, case, step).is_err() {
        return Ok((None, Some("same-person")));
    }
    let mut form = Form { step: code, rev: case.rev, ..Form::default() };
    if let Some(p) = proposal.filter(|_| step == ApprovalStep::Handle) {
        // Returned by the reviewer: the handler goes on from the former proposal.
        (form.choice, form.reason) = (p.outcome.code().to_owned(), p.reason.clone());
    }
    Ok((Some(form), None))
}

fn said(o: Opinion) -> Said {
    Said { step: o.step.code(), verdict: o.verdict.code(), opinion: o.opinion, by: o.staff_name, at: o.at }
}

/// Shows the page with another status, for what could not be done.
pub(super) fn again(who: &Officer, status: StatusCode, view: &CasePage) -> Result<HttpResponse> {
    page::show_as(who, status, view)
}

/// A file of the case. The look is recorded.
pub async fn file(who: Officer, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    Ok(caseframe::file(&who, path.into_inner(), cases::at_department, Purpose::Decide).await?)
}
