//! The approval desk: handle, review, approve (承办、审核、批准), by different people.

use super::Books;
use super::common::whole;
use super::conclude::{Conclusion, conclude};
use crate::approval::{self, ApprovalStep, OpinionVerdict};
use crate::audit;
use crate::cases::{self, Case, CaseId, Decision, Event, Note, NoticeId, Step};
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result};

/// The case that an officer saw, and what they say of it.
#[derive(Debug, Clone)]
pub struct Opined {
    pub id: CaseId,
    /// As the page showed it: if the case has moved since, the officer is told.
    pub rev: i64,
    pub opinion: String,
}

fn open(c: &mut Conn, ctx: &Ctx, opined: &Opined) -> Result<Case> {
    let case = cases::at_department(c, ctx, opined.id)?;
    if case.rev == opined.rev { Ok(case) } else { Err(Error::conflict("case-moved")) }
}

fn step_on(c: &mut Conn, ctx: &Ctx, case: &Case, event: Event, opined: &Opined) -> Result<Case> {
    audit::record(c, ctx, "approval.step", ("case", case.id.0), serde_json::json!({ "event": event.code() }))?;
    cases::advance(c, ctx, case, &[event], Step::default(), &Note::inner(opined.opinion.clone()))
}

/// 承办: proposes to grant, or to refuse with a reason.
pub fn handle(c: &mut Conn, ctx: &Ctx, opined: &Opined, outcome: Decision, reason: &str) -> Result<Case> {
    let case = open(c, ctx, opined)?;
    ctx.may(Permission::Handle)?;
    approval::is_written(Some((outcome, reason.trim())), OpinionVerdict::Agree, opined.opinion.trim())?;
    approval::propose(c, ctx, &case, outcome, reason.trim())?;
    approval::say(c, ctx, &case, ApprovalStep::Handle, OpinionVerdict::Agree, opined.opinion.trim())?;
    step_on(c, ctx, &case, Event::Handle, opined)
}

/// 审核: agrees, or returns to the handler.
pub fn review(c: &mut Conn, ctx: &Ctx, opined: &Opined, verdict: OpinionVerdict) -> Result<Case> {
    let case = open(c, ctx, opined)?;
    approval::say(c, ctx, &case, ApprovalStep::Review, verdict, opined.opinion.trim())?;
    let event = match verdict {
        OpinionVerdict::Agree => Event::Review,
        OpinionVerdict::Return => Event::ReturnToHandler,
    };
    step_on(c, ctx, &case, event, opined)
}

/// 批准: returns to the reviewer.
pub fn return_to_reviewer(c: &mut Conn, ctx: &Ctx, opined: &Opined) -> Result<Case> {
    let case = open(c, ctx, opined)?;
    approval::say(c, ctx, &case, ApprovalStep::Approve, OpinionVerdict::Return, opined.opinion.trim())?;
    step_on(c, ctx, &case, Event::ReturnToReviewer, opined)
}

/// 批准: decides as proposed. The decision notice is made and the case is finished.
///
/// # Errors
/// `same-person` (409), `case-moved` (409).
pub fn approve(c: &mut Conn, ctx: &Ctx, books: &Books, opined: &Opined) -> Result<(Case, NoticeId)> {
    let case = open(c, ctx, opined)?;
    let proposal = approval::proposal(c, &case)?;
    let w = whole(c, ctx, books, case)?;
    approval::say(c, ctx, &w.case, ApprovalStep::Approve, OpinionVerdict::Agree, opined.opinion.trim())?;
    let proposal = proposal.ok_or_else(|| Error::conflict("case-moved"))?;
    let conclusion = Conclusion {
        outcome: proposal.outcome,
        reason: proposal.reason,
        by: None,
        document: None,
        note: Note::inner(opined.opinion.clone()),
    };
    conclude(c, ctx, w, Event::Approve, conclusion)
}
