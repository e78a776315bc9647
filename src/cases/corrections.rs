//! Corrections: one request with all defects, one answer.

use super::model::*;
use super::store::{self, Case, lists::Listed};
use super::{act, drafts};
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, Result};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub defects: Vec<Defect>,
    pub note: String,
    /// The last day for the answer.
    pub due_on: Day,
}

/// Asks for correction: the case goes back to the applicant and the office's clock waits.
///
/// # Errors
/// `defects-missing` when nothing is named, `case-moved` when the state has no such edge.
pub fn ask(c: &mut Conn, ctx: &Ctx, case: &Case, asked: &Asked) -> Result<Case> {
    if asked.defects.is_empty() && asked.note.is_empty() {
        return Err(Error::invalid("defects-missing"));
    }
    let step = act::Step { desk_due: Some(asked.due_on), ..act::Step::default() };
    let case = act::advance(c, ctx, case, &[Event::AskCorrection], step, &act::Note::public(asked.note.clone()))?;
    let by = ctx.staff()?.id;
    store::insert_correction(c, case.id, by, ctx.now, &asked.defects, &asked.note, asked.due_on)?;
    Ok(case)
}

/// The open request, if there is one.
pub fn open_correction(c: &mut Conn, case: &Case) -> Result<Option<Correction>> {
    open(c, case.id)
}

fn open(c: &mut Conn, id: CaseId) -> Result<Option<Correction>> {
    Ok(store::corrections(c, id)?.into_iter().find(|x| x.closed_at.is_none()))
}

/// As [`open_correction`], without a look at the database where the state says that there is none.
pub fn open_correction_of(c: &mut Conn, case: &Listed) -> Result<Option<Correction>> {
    if case.state == State::Correcting { open(c, case.id) } else { Ok(None) }
}

/// Ends the open request: with the applicant's answer (files handed in, answers replaced), the office having until `accept_by`; or,
/// without one, since the day has passed.
pub fn close_correction(
    c: &mut Conn,
    ctx: &Ctx,
    case: &Case,
    answer: Option<(&str, Option<&Answers>, Day)>,
) -> Result<Case> {
    store::close_correction(c, case.id, ctx.now, answer.map(|(text, _, _)| text))?;
    let Some((text, answers, accept_by)) = answer else {
        let note = act::Note::public(String::new());
        return act::advance(c, ctx, case, &[Event::ExpireCorrection], act::Step::default(), &note);
    };
    if let Some(answers) = answers {
        drafts::replace_answers(c, ctx, case, answers)?;
    }
    store::files::send(c, case.id, ctx.now)?;
    let step = act::Step { answer: Some((ctx.now.day(), accept_by)), ..act::Step::default() };
    act::advance(c, ctx, case, &[Event::AnswerCorrection], step, &act::Note::public(text))
}
