//! What a clerk does: pre-accept, ask for correction, refuse, receive and accept (预受理、一次性告知、不予受理、收件、受理).

use std::collections::HashMap;
use std::sync::Arc;

use super::Books;
use super::common::{Said, Whole, accept_by, notice, tell, whole};
use crate::audit;
use crate::calendar::{Limit, Unit};
use crate::cases::{
    self, Acceptance, Asked, Case, CaseId, Defect, Event, Identity, NewFile, Note, NoticeId, NoticeKind, State, Step,
    Verdict,
};
use crate::catalogue::{Material, Shelved};
use crate::db::Conn;
use crate::exchange;
use crate::identity::{Channel, StaffId};
use crate::kernel::{Ctx, Day, Error, FieldError, Kind, Result, Text};
use crate::notifications::News;
use crate::windows::{self, Function, HallId};

/// How long the applicant has to answer a correction. No law fixes it; ten working days are usual, and the notice names the day.
const CORRECTION: Limit = Limit { days: 10, unit: Unit::Working };

/// The case that the clerk saw, and what they found of each material.
#[derive(Debug, Clone)]
pub struct Seen {
    pub id: CaseId,
    /// As the page showed it: if the case has moved since, the clerk is told.
    pub rev: i64,
    pub verdicts: Vec<(String, Verdict, String)>,
}

/// What was found of each of the item's materials.
type Verdicts = Vec<(String, Verdict, String)>;

/// The case within the clerk's scope as the clerk saw it, and what is said of its materials. Writes nothing.
fn check(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen, function: Function) -> Result<(Whole, Verdicts)> {
    let case = cases::at_hall(c, ctx, seen.id)?;
    let (_, hall) = ctx.clerk()?;
    if !windows::may(c, HallId(hall), case.item_id, function)? {
        return Err(Error::new(Kind::Forbidden, "hall-may-not"));
    }
    if case.rev != seen.rev {
        return Err(Error::conflict("case-moved"));
    }
    let w = whole(c, ctx, books, case)?;
    // One verdict a material, whatever was sent.
    let said = |m: &Material| seen.verdicts.iter().rfind(|(key, _, _)| *key == m.key).cloned();
    let verdicts: Verdicts = w.item.elements.materials.iter().filter_map(said).collect();
    let unsaid = verdicts.iter().filter(|(_, v, reason)| *v == Verdict::Defect && reason.trim().is_empty());
    let missing: Vec<_> = unsaid.map(|(key, _, _)| missing("reason", key)).collect();
    if missing.is_empty() { Ok((w, verdicts)) } else { Err(Error::fields(missing)) }
}

fn missing(field: &str, key: &str) -> FieldError {
    let code = if field == "reason" { "reason-missing" } else { "verdict-missing" };
    FieldError { field: format!("{field}.{key}"), code, value: None }
}

fn open(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen, function: Function) -> Result<Whole> {
    let (w, verdicts) = check(c, ctx, books, seen, function)?;
    cases::set_verdicts(c, ctx, &w.case, &verdicts)?;
    Ok(w)
}

/// What a correction or a refusal would say, before it is said.
#[derive(Debug, Clone)]
pub struct Preview {
    pub item: Text,
    pub department: Text,
    pub applicant: String,
    pub receipt_no: String,
    pub remedy: Text,
    pub defects: Vec<Defect>,
    pub shelved: Arc<Shelved>,
    /// Names of needed materials on which nothing was said yet.
    pub unseen: Vec<Text>,
}

/// # Errors
/// What would refuse the act itself, so that nobody is asked about what cannot be done.
pub fn preview(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen, event: Event) -> Result<Preview> {
    let function = if event == Event::RefuseAcceptance { Function::Accept } else { Function::Verify };
    let (w, said) = check(c, ctx, books, seen, function)?;
    cases::state::next(w.case.state, event)?;
    let mut verdicts = cases::verdicts(c, &w.case)?;
    verdicts.extend(said.into_iter().map(|(key, verdict, reason)| (key, (verdict, reason))));
    let relevant = w.relevant();
    let unseen = w.item.elements.materials.iter().filter(|m| relevant.needs(m) && !verdicts.contains_key(&m.key));
    Ok(Preview {
        item: w.item.elements.name.clone(),
        department: w.department.name.clone(),
        applicant: w.content.applicant.name.clone(),
        receipt_no: w.case.receipt().to_owned(),
        remedy: w.item.elements.remedy.clone(),
        defects: defects(&w, &verdicts),
        unseen: unseen.map(|m| m.name.clone()).collect(),
        shelved: w.item.clone(),
    })
}

/// The materials that were found defective, in the item's order.
fn defects(w: &Whole, verdicts: &HashMap<String, (Verdict, String)>) -> Vec<Defect> {
    let defect = |m: &Material| {
        let (verdict, reason) = verdicts.get(&m.key)?;
        let found = *verdict == Verdict::Defect;
        found.then(|| Defect { key: m.key.clone(), name: m.name.zh.clone(), reason: reason.clone() })
    };
    w.item.elements.materials.iter().filter_map(defect).collect()
}

/// Keeps the verdicts without an act.
pub fn save_verdicts(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen) -> Result<Case> {
    let case = open(c, ctx, books, seen, Function::Verify)?.case;
    audit::record(c, ctx, "case.verdicts", ("case", case.id.0), ())?;
    Ok(case)
}

/// The look at what came online found nothing wrong.
pub fn pre_accept(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen) -> Result<Case> {
    let w = open(c, ctx, books, seen, Function::Verify)?;
    let case = cases::advance(c, ctx, &w.case, &[Event::PreAccept], Step::default(), &Note::public(""))?;
    audit::record(c, ctx, "case.pre-accept", ("case", case.id.0), serde_json::json!({}))?;
    Ok(case)
}

/// The last day of a correction that is asked for on `day`.
pub fn correction_due(books: &Books, day: Day) -> Day {
    books.plan.due(day, CORRECTION, &[]).day
}

/// Tells the applicant at once and in one notice of all that has to be corrected (行政许可法 32(4)): every material that was found
/// defective, and the note. What is missing is named by the clerk's verdict on it.
///
/// # Errors
/// `defects-missing` when nothing is wrong.
pub fn ask_correction(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen, note: &str) -> Result<(Case, NoticeId)> {
    let mut w = open(c, ctx, books, seen, Function::Verify)?;
    let verdicts = cases::verdicts(c, &w.case)?;
    let defects = defects(&w, &verdicts);
    let due_on = correction_due(books, ctx.now.day());
    let asked = Asked { defects: defects.clone(), note: note.trim().to_owned(), due_on };
    w.case = cases::ask(c, ctx, &w.case, &asked)?;
    let mut doc = notice(ctx, &w, NoticeKind::Correction);
    (doc.defects, doc.reason, doc.due_on) = (defects, asked.note.clone(), Some(due_on));
    let id = cases::make_notice(c, ctx, &w.case, doc)?;
    audit::record(c, ctx, "case.ask-correction", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::Correction, &Said { due_on: Some(due_on), reason: note })?;
    Ok((w.case, id))
}

/// The applicant came to a window with what the open correction asks for: what is handed over stands in the file at once, and the
/// office's five working days begin anew.
///
/// # Errors
/// `answer-missing` when nothing came.
pub fn answer_at_window(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    seen: &Seen,
    text: &str,
    (files, on_paper): (&[NewFile], &[String]),
) -> Result<Case> {
    let w = open(c, ctx, books, seen, Function::Receive)?;
    if w.case.state != State::Correcting {
        return Err(Error::conflict("case-moved"));
    }
    if text.trim().is_empty() && files.is_empty() && on_paper.is_empty() {
        return Err(Error::field("answer", "answer-missing"));
    }
    for file in files {
        cases::add_file(c, ctx, &w.case, file)?;
    }
    let known: Vec<_> = w.item.elements.materials.iter().map(|m| &m.key).filter(|k| on_paper.contains(k)).collect();
    cases::take_on_paper(c, ctx, &w.case, &known.into_iter().cloned().collect::<Vec<_>>())?;
    let last_day = accept_by(books, ctx.now.day());
    let case = cases::close_correction(c, ctx, &w.case, Some((text.trim(), None, last_day)))?;
    audit::record(c, ctx, "case.answer-correction", ("case", case.id.0), serde_json::json!({}))?;
    Ok(case)
}

/// Refuses to accept (不予受理), with the reason in a written decision.
pub fn refuse_acceptance(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    seen: &Seen,
    reason: &str,
) -> Result<(Case, NoticeId)> {
    if reason.trim().chars().count() < 4 {
        return Err(Error::field("reason", "reason-missing"));
    }
    let mut w = open(c, ctx, books, seen, Function::Accept)?;
    let note = Note::public(reason.trim());
    w.case = cases::advance(c, ctx, &w.case, &[Event::RefuseAcceptance], Step::default(), &note)?;
    let mut doc = notice(ctx, &w, NoticeKind::NotAccepted);
    (doc.reason, doc.remedy) = (reason.trim().to_owned(), Some(w.item.elements.remedy.clone()));
    let id = cases::make_notice(c, ctx, &w.case, doc)?;
    audit::record(c, ctx, "case.refuse-acceptance", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::NotAccepted, &Said { due_on: None, reason })?;
    Ok((w.case, id))
}

/// Takes the materials in and accepts. From here the promised limit runs, and the case is the department's: dispatched to its system,
/// or assigned to its approval desk.
///
/// # Errors
/// `defects-there` (409) when a material was found defective, `verdicts-missing` when a needed one was not looked at;
/// `identity-pending`, `identity-failed` (409) while nobody has vouched for the applicant.
pub fn accept(c: &mut Conn, ctx: &Ctx, books: &Books, seen: &Seen) -> Result<(Case, NoticeId)> {
    let mut w = open(c, ctx, books, seen, Function::Accept)?;
    match w.case.identity {
        Identity::Known => {}
        Identity::Pending => return Err(Error::conflict("identity-pending")),
        Identity::Failed => return Err(Error::conflict("identity-failed")),
    }
    let staff = StaffId(ctx.staff()?.id);
    let verdicts = cases::verdicts(c, &w.case)?;
    if verdicts.values().any(|(v, _)| *v == Verdict::Defect) {
        return Err(Error::conflict("defects-there"));
    }
    let relevant = w.relevant();
    let unseen = w.item.elements.materials.iter().filter(|m| relevant.needs(m) && !verdicts.contains_key(&m.key));
    let unseen: Vec<_> = unseen.map(|m| missing("verdict", &m.key)).collect();
    if !unseen.is_empty() {
        return Err(Error::fields(unseen));
    }
    let received = if w.case.state == State::Received { vec![] } else { vec![Event::Receive] };
    let acceptance = acceptance(books, &w, ctx.now.day(), ctx.now, Some(staff));
    w.case = into_department(c, ctx, &w, received, Event::Accept, acceptance, &Note::public(""))?;
    let id = acceptance_notice(c, ctx, &w)?;
    audit::record(c, ctx, "case.accept", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::Accepted, &Said { due_on: w.case.due_on, ..Said::default() })?;
    Ok((w.case, id))
}

fn acceptance(books: &Books, w: &Whole, from: Day, at: crate::kernel::Ts, by: Option<StaffId>) -> Acceptance {
    let limits = &w.item.elements.limits;
    Acceptance {
        at,
        by,
        due_on: books.plan.due(from, limits.promised, &[]).day,
        legal_due_on: books.plan.due(from, limits.legal, &[]).day,
    }
}

/// Accepts and hands over to the department, in one change.
fn into_department(
    c: &mut Conn,
    ctx: &Ctx,
    w: &Whole,
    before: Vec<Event>,
    accept: Event,
    acceptance: Acceptance,
    note: &Note,
) -> Result<Case> {
    let onward = match w.department.channel {
        Channel::System => Event::Dispatch,
        Channel::Desk => Event::Assign,
    };
    let mut events = before;
    events.extend([accept, onward]);
    let step = Step { acceptance: Some(acceptance), ..Step::default() };
    let case = cases::advance(c, ctx, &w.case, &events, step, note)?;
    if onward == Event::Dispatch {
        exchange::enqueue(c, ctx, case.id, case.department_id, exchange::DispatchKind::Accepted)?;
    }
    Ok(case)
}

fn acceptance_notice(c: &mut Conn, ctx: &Ctx, w: &Whole) -> Result<NoticeId> {
    let mut doc = notice(ctx, w, NoticeKind::Acceptance);
    let verdicts = cases::verdicts(c, &w.case)?;
    let relevant = w.relevant();
    let taken = w.item.elements.materials.iter().filter(|m| verdicts.contains_key(&m.key) || relevant.needs(m));
    doc.materials = taken.map(|m| m.name.clone()).collect();
    (doc.due_on, doc.legal_due_on) = (w.case.due_on, w.case.legal_due_on);
    doc.query_code = cases::query_code(c, ctx, &w.case)?;
    doc.is_deemed = w.case.accepted_by.is_none();
    cases::make_notice(c, ctx, &w.case, doc)
}

/// Nobody answered in five working days: by law the case is accepted from the day on which the materials were received
/// (行政许可法 32(4) 逾期不告知的，自收到申请材料之日起即为受理). For the platform alone. Tells whether it was so.
pub fn deem_accepted(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<bool> {
    let case = cases::for_platform(c, ctx, id)?;
    let is_over = case.accept_by.is_some_and(|day| day < ctx.now.day());
    if !is_over || case.identity != Identity::Known || !cases::state::may(case.state, Event::DeemAccepted) {
        return Ok(false);
    }
    let mut w = whole(c, ctx, books, case)?;
    let received_on = w.case.received_on.unwrap_or_else(|| ctx.now.day());
    let acceptance = acceptance(books, &w, received_on, crate::kernel::Ts::start_of(received_on), None);
    w.case = into_department(c, ctx, &w, vec![], Event::DeemAccepted, acceptance, &Note::public(""))?;
    acceptance_notice(c, ctx, &w)?;
    audit::record(c, ctx, "case.deem-accepted", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::DeemedAccepted, &Said { due_on: w.case.due_on, ..Said::default() })?;
    Ok(true)
}

/// The correction did not come in its time: the case ends as given up. For the platform alone. Tells whether it was so.
pub fn expire_correction(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<bool> {
    let case = cases::for_platform(c, ctx, id)?;
    let Some(open) = cases::open_correction(c, &case)? else { return Ok(false) };
    if case.state != State::Correcting || open.due_on >= ctx.now.day() {
        return Ok(false);
    }
    let mut w = whole(c, ctx, books, case)?;
    w.case = cases::close_correction(c, ctx, &w.case, None)?;
    audit::record(c, ctx, "case.expire-correction", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::Abandoned, &Said::default())?;
    Ok(true)
}
