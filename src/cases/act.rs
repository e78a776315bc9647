//! The only way to another state.

use super::model::*;
use super::state;
use super::store::{self, Case, EventRow, Set};
use super::{desk, numbers::Numbers};
use crate::db::Conn;
use crate::identity::{PersonId, StaffId};
use crate::kernel::{Actor, Ctx, Day, Result, Ts};

/// What a step sets beside the states.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub numbers: Option<Numbers>,
    /// The materials are all there on this day, and the office has to answer by that one.
    pub answer: Option<(Day, Day)>,
    pub acceptance: Option<Acceptance>,
    pub decision: Option<Decision>,
    pub identity: Option<Identity>,
    /// Who hands it in, where that is another than who began it.
    pub person: Option<PersonId>,
    /// When the work list's clock ends, where it is none of the case's own days: a correction.
    pub desk_due: Option<Day>,
}

#[derive(Debug, Clone)]
pub struct Acceptance {
    pub at: Ts,
    /// Nobody, when the case is deemed accepted.
    pub by: Option<StaffId>,
    pub due_on: Day,
    pub legal_due_on: Day,
}

/// What the record says about a step.
#[derive(Debug, Clone, Default)]
pub struct Note {
    pub text: String,
    /// Name of who acted at a department's system; otherwise it follows from the actor.
    pub by: Option<String>,
    /// The public sees the text too.
    pub is_public: bool,
}

impl Note {
    pub fn public(text: impl Into<String>) -> Self {
        Self { text: text.into(), by: None, is_public: true }
    }
    pub fn inner(text: impl Into<String>) -> Self {
        Self { text: text.into(), by: None, is_public: false }
    }
}

/// Takes a case along these edges, in one change; writes an event for each (the note stands at the first), and moves it in the work lists.
/// The caller has found `case` within its own scope: what is checked here is the graph and that nobody was quicker.
///
/// # Errors
/// `case-moved` (409): no such edge, or the case is no longer at `case.rev`, which may be told only when the transaction ends.
pub fn advance(c: &mut Conn, ctx: &Ctx, case: &Case, events: &[Event], step: Step, note: &Note) -> Result<Case> {
    let due = step.desk_due;
    let Moved { case: now, path, set } = moved(ctx, case, events, step)?;
    record(c, ctx, &now, &path, note)?;
    desk::place(c, ctx, case.state, &now, due)?;
    store::compare_and_set(c, case.id, case.rev, set)?;
    Ok(now)
}

/// A case after some edges, the edges, and what they change in its row.
pub(super) struct Moved {
    pub case: Case,
    path: Vec<(State, Event, State)>,
    pub set: Set,
}

pub(super) fn moved(ctx: &Ctx, case: &Case, events: &[Event], step: Step) -> Result<Moved> {
    let mut now = case.clone();
    let mut path = vec![];
    for event in events {
        let to = state::next(now.state, *event)?;
        path.push((now.state, *event, to));
        now.state = to;
    }
    let set = set(ctx, &mut now, step);
    Ok(Moved { case: now, path, set })
}

/// Records what happened to a case that has come into being with it, and gives it its place in the work lists.
pub(super) fn begun(c: &mut Conn, ctx: &Ctx, moved: &Moved) -> Result<()> {
    record(c, ctx, &moved.case, &moved.path, &Note::default())?;
    desk::place(c, ctx, State::Draft, &moved.case, None)
}

/// Records what happened to a case that stays where it is in the work lists.
pub(super) fn told(c: &mut Conn, ctx: &Ctx, moved: &Moved, note: &Note) -> Result<()> {
    record(c, ctx, &moved.case, &moved.path, note)
}

fn record(c: &mut Conn, ctx: &Ctx, case: &Case, path: &[(State, Event, State)], note: &Note) -> Result<()> {
    let actor_name = match (&note.by, &ctx.actor) {
        (Some(name), _) => name.clone(),
        (None, Actor::Staff(s)) => s.name.clone(),
        (None, _) => String::new(),
    };
    for (i, (from, event, to)) in path.iter().enumerate() {
        let text = if i == 0 { note.text.as_str() } else { "" };
        let row = EventRow {
            case_id: case.id,
            at: ctx.now,
            event: *event,
            from: *from,
            to: *to,
            actor_kind: ctx.actor.kind(),
            actor_id: ctx.actor.id(),
            actor_name: &actor_name,
            note: text,
            is_public: note.is_public,
        };
        store::insert_event(c, &row)?;
    }
    Ok(())
}

fn set(ctx: &Ctx, now: &mut Case, step: Step) -> Set {
    now.rev += 1;
    now.updated_at = ctx.now;
    now.clock = state::clock(now.state);
    let mut set = Set { rev: Some(now.rev), updated_at: Some(ctx.now), ..Set::default() };
    if let Some(n) = step.numbers {
        set.query_code = Some(ctx.keys.seal_text("case_case.query_code", &n.query_code));
        now.case_no = Some(n.case_no);
        now.receipt_no = Some(n.receipt_no);
        now.submitted_at = Some(ctx.now);
        set.case_no = now.case_no.clone();
        set.receipt_no = now.receipt_no.clone();
        set.submitted_at = now.submitted_at;
    }
    if let Some((received_on, accept_by)) = step.answer {
        now.received_on = Some(received_on);
        now.accept_by = Some(accept_by);
        set.received_on = Some(now.received_on);
        set.accept_by = Some(now.accept_by);
    }
    if step.person.is_some() {
        now.person_id = step.person;
        set.person_id = step.person;
    }
    if let Some(a) = step.acceptance {
        now.accepted_at = Some(a.at);
        now.accepted_by = a.by;
        now.due_on = Some(a.due_on);
        now.legal_due_on = Some(a.legal_due_on);
        set.accepted_at = now.accepted_at;
        set.accepted_by = now.accepted_by;
        set.due_on = now.due_on;
        set.legal_due_on = now.legal_due_on;
    }
    if let Some(identity) = step.identity {
        now.identity = identity;
        set.identity = Some(identity);
    }
    if let Some(decision) = step.decision {
        now.decision = Some(decision);
        now.decided_at = Some(ctx.now);
        set.decision = now.decision;
        set.decided_at = now.decided_at;
    }
    if state::is_final(now.state) {
        now.finished_at = Some(ctx.now);
        set.finished_at = now.finished_at;
    }
    now.public_state = state::public(now.state, now.decision);
    set.state = Some(now.state);
    set.public_state = Some(now.public_state);
    set.clock = Some(now.clock);
    set
}

/// Takes a case in hand for ten minutes, so that colleagues see who has it; returns who has it instead, if somebody does.
/// A hold warns, it does not lock: what decides is `rev`.
pub fn hold(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<String>> {
    let staff = ctx.staff()?;
    desk::hold(c, case.id, staff, ctx.now)
}
