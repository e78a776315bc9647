//! The acts of the approval desk. A refusal and a decision are asked about once more, on a page that shows what would be written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::case::{self, Form};
use crate::approval::{self, OpinionVerdict};
use crate::cases::{self, CaseId, Decision, NoticeId, NoticeKind};
use crate::catalogue;
use crate::flows::{self, Opined};
use crate::kernel::{Error, FieldError, Id, Kind, Result, Text};
use crate::render::View;
use crate::web::caseframe;
use crate::web::error::{self, PageError};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Officer;
use crate::web::{notice, page};

/// What the officer wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Propose(Decision),
    Review(OpinionVerdict),
    Approve,
    Return,
}

impl Act {
    fn read(step: &str, choice: &str) -> Option<Self> {
        let verdict = || OpinionVerdict::from_code(choice);
        match step {
            "handle" => Decision::from_code(choice).map(Act::Propose),
            "review" => verdict().map(Act::Review),
            "approve" => verdict().map(|v| if v == OpinionVerdict::Agree { Act::Approve } else { Act::Return }),
            _ => None,
        }
    }
    /// These are asked about once more.
    fn is_grave(self) -> bool {
        matches!(self, Act::Approve | Act::Propose(Decision::Refused))
    }
    fn done(self) -> &'static str {
        match self {
            Act::Propose(_) => "desk-handled",
            Act::Review(OpinionVerdict::Agree) => "desk-reviewed",
            Act::Review(OpinionVerdict::Return) | Act::Return => "desk-returned",
            Act::Approve => "desk-decided",
        }
    }
}

pub async fn act(who: Officer, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let form = read(&posted)?;
    let Some(act) = Act::read(form.step, &form.choice) else {
        let faults = undecided(&form);
        return Ok(refused(&who, id, form, Error::fields(faults)).await?);
    };
    let is_sure = posted.get("sure") == "1";
    if act.is_grave() && !is_sure && !posted.has("back") {
        return match ask(&who, id, act, &form).await {
            Ok(view) => Ok(page::show(&who, &view)?),
            Err(e) => Ok(refused(&who, id, form, e).await?),
        };
    }
    if posted.has("back") {
        let mut view = case::load(&who, id).await?;
        keep_typed(&mut view, &form);
        return Ok(page::show(&who, &view)?);
    }
    match carry_out(&who, id, act, &form).await {
        Ok(_) => {
            who.app.wake.notify_waiters();
            Ok(page::redirect(&format!("/desk/cases/{id}"), act.done()))
        }
        Err(e) => Ok(refused(&who, id, form, e).await?),
    }
}

/// What is wrong besides, when nothing was chosen.
fn undecided(form: &Form) -> Vec<FieldError> {
    let missing = FieldError { field: "choice".into(), code: "desk-choice", value: None };
    let proposed = (form.step == "handle").then_some((Decision::Granted, form.reason.as_str()));
    let more = approval::is_written(proposed, OpinionVerdict::Agree, &form.opinion).err();
    let more = more.iter().flat_map(|e| e.field_errors().to_vec());
    [missing].into_iter().chain(more).collect()
}

fn read(posted: &Fields) -> Result<Form> {
    let step = super::STEPS.iter().find(|(_, _, code)| *code == posted.get("step"));
    let step = step.map(|(_, _, code)| *code).ok_or_else(|| Error::invalid("form-unreadable"))?;
    Ok(Form {
        step,
        rev: posted.get("rev").parse().map_err(|_| Error::invalid("form-unreadable"))?,
        choice: posted.get("choice").to_owned(),
        reason: posted.get("reason").to_owned(),
        opinion: posted.get("opinion").to_owned(),
    })
}

async fn carry_out(who: &Officer, id: CaseId, act: Act, form: &Form) -> Result<Option<NoticeId>> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let opined = Opined { id, rev: form.rev, opinion: form.opinion.clone() };
    let reason = form.reason.clone();
    let write = move |c: &mut crate::db::Conn| match act {
        Act::Propose(outcome) => flows::handle(c, &ctx, &opined, outcome, &reason).map(|_| None),
        Act::Review(verdict) => flows::review(c, &ctx, &opined, verdict).map(|_| None),
        Act::Return => flows::return_to_reviewer(c, &ctx, &opined).map(|_| None),
        Act::Approve => flows::approve(c, &ctx, &books, &opined).map(|(_, notice)| Some(notice)),
    };
    who.app.db.write(write).await
}

/// The page as it is now, with the reason and what was typed.
async fn refused(who: &Officer, id: CaseId, form: Form, e: Error) -> Result<HttpResponse> {
    if !matches!(e.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden) {
        return Err(e);
    }
    let mut view = case::load(who, id).await?;
    // Faults of a form that is gone lead nowhere: the case has moved meanwhile.
    let is_there = view.form.as_ref().is_some_and(|now| now.step == form.step);
    let e = if is_there || e.field_errors().is_empty() { e } else { Error::conflict("case-moved") };
    if e.code() == "case-moved" {
        view.frame.moved = caseframe::last_step(who, id, cases::at_department).await?;
    }
    keep_typed(&mut view, &form);
    view.faults = e.field_errors().to_vec();
    if view.faults.is_empty() {
        let key = format!("error-{}", e.code());
        view.notice = Some(crate::render::texts().with_texts(who.ctx.lang, &key, e.args()));
    }
    case::again(who, status_of(&e), &view)
}

fn status_of(e: &Error) -> StatusCode {
    error::status(e.kind())
}

fn keep_typed(view: &mut case::CasePage, form: &Form) {
    if let Some(now) = view.form.as_mut().filter(|now| now.step == form.step) {
        // The revision is the one shown now: who sends again has seen it.
        *now = Form { rev: now.rev, ..form.clone() };
    }
}

/// Asks once more, and shows what would be written.
#[derive(Debug, Serialize)]
pub struct Confirm {
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub department: Text,
    pub applicant: String,
    pub outcome: &'static str,
    /// Text `notice-title-…` of the paper that it becomes.
    pub heading: &'static str,
    pub reason: String,
    pub remedy: Text,
    pub result: Option<Text>,
    pub form: Form,
}

impl View for Confirm {
    const TEMPLATE: &'static str = "officer/confirm";
    fn samples() -> Vec<Self> {
        super::samples::confirms()
    }
}

/// # Errors
/// What would refuse the act itself, so that nobody is asked about what cannot be done.
async fn ask(who: &Officer, id: CaseId, act: Act, form: &Form) -> Result<Confirm> {
    let (ctx, books, form) = (who.ctx.clone(), who.app.books(), form.clone());
    who.app
        .db
        .read(move |c| {
            let case = cases::at_department(c, &ctx, id)?;
            let waits = case::approval_step(&case).filter(|s| s.code() == form.step && case.rev == form.rev);
            let step = waits.ok_or_else(|| Error::conflict("case-moved"))?;
            approval::check(c, &ctx, &case, step)?;
            let proposed = match act {
                Act::Propose(outcome) => Some((outcome, form.reason.as_str())),
                _ => None,
            };
            approval::is_written(proposed, OpinionVerdict::Agree, &form.opinion)?;
            let (outcome, reason) = match act {
                Act::Propose(outcome) => (outcome, form.reason.clone()),
                _ => {
                    let p = approval::proposal(c, &case)?.ok_or_else(|| Error::conflict("case-moved"))?;
                    (p.outcome, p.reason)
                }
            };
            let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
            let kind = match outcome {
                Decision::Granted => NoticeKind::Granted,
                Decision::Refused => NoticeKind::Refused,
            };
            Ok(Confirm {
                id: id.to_string(),
                title: item.elements.name.clone(),
                receipt_no: case.receipt().to_owned(),
                department: books.shelf.department(case.department_id.0)?.name.clone(),
                applicant: cases::content(c, &ctx, &case)?.applicant.name,
                outcome: outcome.code(),
                heading: notice::heading(kind, &item.elements.item_type),
                reason,
                remedy: item.elements.remedy.clone(),
                result: item.elements.results.first().map(|r| r.name.clone()),
                form,
            })
        })
        .await
}
