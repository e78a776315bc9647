//! How every decision ends a case: written decision, result, news.

use super::common::{Said, Whole, notice, tell};
use crate::audit;
use crate::cases::{self, Case, Decision, Event, NewFile, Note, NoticeId, NoticeKind, Step};
use crate::db::Conn;
use crate::kernel::{Ctx, Result};
use crate::notifications::News;

/// A decision, from the approval desk or from a department's system.
#[derive(Debug, Clone)]
pub struct Conclusion {
    pub outcome: Decision,
    /// Needed for a refusal.
    pub reason: String,
    /// Who decided, where it was done elsewhere.
    pub by: Option<String>,
    /// The result's file, stored already.
    pub document: Option<NewFile>,
    pub note: Note,
}

/// Decides by `event`, makes the notice with reason and remedy (行政许可法 38), and finishes (办结).
pub(super) fn conclude(c: &mut Conn, ctx: &Ctx, mut w: Whole, event: Event, x: Conclusion) -> Result<(Case, NoticeId)> {
    if let Some(file) = &x.document {
        cases::add_result(c, ctx, &w.case, file)?;
    }
    let elements = &w.item.elements;
    let (kind, news) = match x.outcome {
        Decision::Granted => (NoticeKind::Granted, News::Granted),
        Decision::Refused => (NoticeKind::Refused, News::Refused),
    };
    let mut doc = notice(ctx, &w, kind);
    doc.reason.clone_from(&x.reason);
    doc.result = elements.results.first().map(|r| r.name.clone());
    doc.remedy = Some(elements.remedy.clone());
    let id = cases::make_notice(c, ctx, &w.case, doc)?;
    let detail = serde_json::json!({ "outcome": x.outcome.code() });
    audit::record(c, ctx, "case.decide", ("case", w.case.id.0), detail)?;
    tell(c, ctx, &w, news, &Said { due_on: None, reason: &x.reason })?;
    // Last, so that all that is written goes to the database in one.
    let step = Step { decision: Some(x.outcome), ..Step::default() };
    let note = Note { by: x.by, ..x.note };
    w.case = cases::advance(c, ctx, &w.case, &[event, Event::Finish], step, &note)?;
    Ok((w.case, id))
}
