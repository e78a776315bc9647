//! What an applicant does after handing in: answer a correction, withdraw.

use super::Books;
use super::common::{Said, accept_by, tell, whole};
use super::declare::missing_files;
use crate::audit;
use crate::cases::{self, Answers, Case, CaseId, Event, Note, State, Step, rules};
use crate::db::Conn;
use crate::exchange;
use crate::identity::{Power, mandates};
use crate::kernel::{Ctx, Error, Result};
use crate::notifications::News;

/// Answers the open correction: what was uploaded since is handed in, the answers of the form are replaced when they are given, and
/// the office's five working days begin anew.
///
/// # Errors
/// `answer-missing` when nothing was changed and nothing is said; `form-invalid` with the fields.
pub fn answer_correction(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    id: CaseId,
    text: &str,
    mut answers: Option<Answers>,
) -> Result<Case> {
    let case = cases::mine(c, ctx, id)?;
    mandates::require(c, ctx, case.item_id.0, Some(Power::Sign))?;
    if case.state != State::Correcting {
        return Err(Error::conflict("case-moved"));
    }
    let w = whole(c, ctx, books, case)?;
    if let Some(answers) = &mut answers {
        let kind = &w.content.applicant.kind;
        let (relevant, mut found) = rules::check_answers(&w.item.elements, kind, answers, ctx.now.day());
        // What other answers have made necessary has to come with them.
        let before = w.relevant();
        let mut there: Vec<String> = cases::files(c, ctx, &w.case)?.into_iter().map(|f| f.key).collect();
        there.extend(w.item.elements.materials.iter().filter(|m| before.needs(m)).map(|m| m.key.clone()));
        found.extend(missing_files(&w.item, &relevant, &there));
        if !found.is_empty() {
            return Err(Error::fields(found));
        }
    }
    let has_new_files = cases::files(c, ctx, &w.case)?.iter().any(|f| !f.is_sent);
    let has_new_answers = answers.as_ref().is_some_and(|a| *a != w.content.answers);
    if text.trim().is_empty() && !has_new_files && !has_new_answers {
        return Err(Error::field("answer", "answer-missing"));
    }
    let last_day = accept_by(books, ctx.now.day());
    let case = cases::close_correction(c, ctx, &w.case, Some((text.trim(), answers.as_ref(), last_day)))?;
    audit::record(c, ctx, "case.answer-correction", ("case", case.id.0), serde_json::json!({}))?;
    Ok(case)
}

/// Withdraws before the decision. A department's system that has the case is told.
pub fn withdraw(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId, reason: &str) -> Result<Case> {
    let case = cases::mine(c, ctx, id)?;
    mandates::require(c, ctx, case.item_id.0, Some(Power::Sign))?;
    let is_outside = matches!(case.state, State::Dispatched | State::Processing);
    let mut w = whole(c, ctx, books, case)?;
    let note = Note::public(reason.trim());
    w.case = cases::advance(c, ctx, &w.case, &[Event::Withdraw], Step::default(), &note)?;
    if is_outside {
        exchange::enqueue(c, ctx, w.case.id, w.case.department_id, exchange::DispatchKind::Withdrawn)?;
    }
    audit::record(c, ctx, "case.withdraw", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::Withdrawn, &Said::default())?;
    Ok(w.case)
}
