//! One case as a supervisor sees it: how it went, its limits, who decided what, and what the department's system was told. The applicant
//! stays masked, and every look is recorded.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::approval;
use crate::audit::looks::{Look, Purpose};
use crate::cases::{self, Case, CaseId};
use crate::catalogue;
use crate::db::Conn;
use crate::exchange::{self, DispatchState};
use crate::flows::Books;
use crate::kernel::{Ctx, Day, Result, Text, Ts};
use crate::render::View;
use crate::web::due::Due;
use crate::web::error::PageError;
use crate::web::guard::Supervisor;
use crate::web::looks;
use crate::web::notice::NoticeLink;
use crate::web::page;
use crate::web::timeline::{self, Step};

#[derive(Debug, Clone, Serialize)]
pub struct CasePage {
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub case_no: String,
    pub state: &'static str,
    pub channel: &'static str,
    pub decision: Option<&'static str>,
    pub applicant: String,
    pub department: Text,
    pub due: Option<Due>,
    /// Text `supervise-clock-…`.
    pub clock: &'static str,
    pub dates: Dates,
    pub steps: Vec<Step>,
    pub corrections: Vec<Correction>,
    pub opinions: Vec<Said>,
    pub dispatches: Vec<Sent>,
    pub notices: Vec<NoticeLink>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Dates {
    pub submitted_at: Option<Ts>,
    pub received_on: Option<Day>,
    pub accept_by: Option<Day>,
    pub accepted_at: Option<Ts>,
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    pub decided_at: Option<Ts>,
    pub finished_at: Option<Ts>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Correction {
    pub asked_at: Ts,
    pub due_on: Day,
    pub closed_at: Option<Ts>,
    /// Names of materials and what was wrong with each.
    pub defects: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// Text `desk-said-…`.
    pub step: &'static str,
    pub verdict: &'static str,
    pub opinion: String,
    pub by: String,
    pub at: Ts,
}

/// A message to the department's system.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    /// Text `exchange-kind-…`.
    pub about: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub created_at: Ts,
    /// When it is tried next.
    pub next_at: Option<Ts>,
    pub receipt: String,
    pub tries: Vec<Try>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Try {
    pub at: Ts,
    pub status: Option<i32>,
    pub error: Option<String>,
    pub millis: i32,
}

impl View for CasePage {
    const TEMPLATE: &'static str = "supervise/case";
    fn samples() -> Vec<Self> {
        super::samples::cases()
    }
}

pub async fn show(who: Supervisor, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = super::list::case_id(&path)?;
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let look = Look { action: "case.look", object: ("case", id.0), part: None, purpose: Purpose::Supervise };
    let find = move |c: &mut Conn| {
        let case = cases::for_supervision(c, &ctx, id)?;
        Ok((read(c, &ctx, &books, &case)?, looks::person(&case)))
    };
    Ok(page::show(&who, &looks::at(&who, look, find).await?)?)
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Case) -> Result<CasePage> {
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    Ok(CasePage {
        id: case.id.to_string(),
        title: item.elements.name.clone(),
        receipt_no: case.receipt().to_owned(),
        case_no: case.case_no.clone().unwrap_or_default(),
        state: case.state.code(),
        channel: case.channel.code(),
        decision: case.decision.map(|d| d.code()),
        applicant: case.applicant_mask.clone(),
        department: books.shelf.department(case.department_id.0)?.name.clone(),
        due: super::list::due(case, books, ctx.now.day()),
        clock: case.clock.code(),
        dates: Dates {
            submitted_at: case.submitted_at,
            received_on: case.received_on,
            accept_by: case.accept_by,
            accepted_at: case.accepted_at,
            due_on: case.due_on,
            legal_due_on: case.legal_due_on,
            decided_at: case.decided_at,
            finished_at: case.finished_at,
        },
        steps: cases::timeline(c, case)?.iter().map(timeline::step).collect(),
        corrections: cases::corrections(c, case)?.into_iter().map(correction).collect(),
        opinions: approval::opinions(c, case)?.into_iter().map(said).collect(),
        dispatches: dispatches(c, ctx, case.id)?,
        notices: cases::notices(c, ctx, case)?.iter().map(NoticeLink::of).collect(),
    })
}

fn correction(asked: cases::Correction) -> Correction {
    let defects = asked.defects.into_iter().map(|d| (d.name, d.reason)).collect();
    Correction { asked_at: asked.asked_at, due_on: asked.due_on, closed_at: asked.closed_at, defects }
}

fn said(o: approval::Opinion) -> Said {
    Said { step: o.step.code(), verdict: o.verdict.code(), opinion: o.opinion, by: o.staff_name, at: o.at }
}

fn dispatches(c: &mut Conn, ctx: &Ctx, case: CaseId) -> Result<Vec<Sent>> {
    let mut all = vec![];
    for d in exchange::dispatches_of_case(c, ctx, case)? {
        let (d, tries) = exchange::dispatch(c, ctx, d.id)?;
        all.push(Sent {
            about: d.kind.code(),
            state: d.state.code(),
            tone: tone(d.state),
            created_at: d.created_at,
            next_at: (d.state == DispatchState::Queued).then_some(d.next_at),
            receipt: d.receipt.unwrap_or_default(),
            tries: tries.into_iter().map(tried).collect(),
        });
    }
    Ok(all)
}

/// The colour of a dispatch's state.
pub fn tone(state: DispatchState) -> &'static str {
    match state {
        DispatchState::Queued => "warn",
        DispatchState::Sent => "ok",
        DispatchState::Dead => "bad",
        DispatchState::Dropped => "idle",
    }
}

pub fn tried(t: exchange::Try) -> Try {
    Try { at: t.at, status: t.status, error: t.error, millis: t.millis }
}
