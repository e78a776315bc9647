//! History made up, to fill a database to any size: the rows of cases as they would stand after years, put past the rules in batches.

use super::drafts::{NewCase, fresh, sealed_row};
use super::model::*;
use super::store::bulk::{EventInsert, Rows, put};
use super::store::files::FileRow;
use super::{desk, numbers::Numbers, state};
use crate::db::Conn;
use crate::files::Hash;
use crate::kernel::{Ctx, Day, Id, Result, Ts};

/// One case that has taken these edges at these times.
#[derive(Debug, Clone)]
pub struct Past {
    pub new: NewCase,
    pub numbers: Numbers,
    pub created_at: Ts,
    /// What happened, in order, beginning with the submission.
    pub events: Vec<(Event, Ts)>,
    pub accept_by: Day,
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    pub decision: Option<Decision>,
    /// Keys of materials and the file that stands for all of them.
    pub files: Vec<String>,
    pub file: (Hash, i64, &'static str),
}

/// Puts cases past the rules, in one transaction. For the platform alone.
///
/// # Errors
/// Events that are no path of the graph.
pub fn fill(c: &mut Conn, ctx: &Ctx, all: &[Past]) -> Result<()> {
    ctx.is_system()?;
    let mut rows = Rows::default();
    for past in all {
        add(ctx, &mut rows, past)?;
    }
    put(c, rows)
}

fn add(ctx: &Ctx, rows: &mut Rows, past: &Past) -> Result<()> {
    let then = Ctx { now: past.created_at, ..ctx.clone() };
    let mut row = sealed_row(&then, fresh(&then, &past.new), &past.new.content)?;
    row.query_code = Some(ctx.keys.seal_text("case_case.query_code", &past.numbers.query_code));
    let case = &mut row.case;
    case.id = CaseId(Id::at(past.created_at));
    case.case_no = Some(past.numbers.case_no.clone());
    case.receipt_no = Some(past.numbers.receipt_no.clone());
    let mut from = State::Draft;
    for (event, at) in &past.events {
        let to = state::next(from, *event)?;
        rows.events.push(EventInsert {
            id: Id::at(*at),
            case_id: case.id,
            at: *at,
            event: *event,
            from_state: from,
            to_state: to,
            actor_kind: if *event == Event::Submit { "person" } else { "staff" },
            actor_name: String::new(),
            note: String::new(),
            is_public: true,
        });
        match event {
            Event::Submit => case.submitted_at = Some(*at),
            Event::Accept | Event::DeemAccepted => case.accepted_at = Some(*at),
            Event::Approve | Event::Decide => case.decided_at = Some(*at),
            _ => {}
        }
        case.updated_at = *at;
        from = to;
    }
    case.state = from;
    case.clock = state::clock(from);
    case.decision = past.decision;
    case.public_state = state::public(from, past.decision);
    case.rev = past.events.len() as i64;
    case.received_on = case.submitted_at.map(Ts::day);
    case.accept_by = Some(past.accept_by);
    if case.accepted_at.is_some() {
        (case.due_on, case.legal_due_on) = (past.due_on, past.legal_due_on);
    }
    if state::is_final(from) {
        case.finished_at = Some(case.updated_at);
    }
    rows.files.extend(past.files.iter().map(|key| FileRow {
        id: FileId(Id::at(past.created_at)),
        case_id: case.id,
        role: FileRole::Material,
        key: key.clone(),
        name: ctx.keys.seal_text("case_file.name", "material.pdf"),
        hash: past.file.0.0.to_vec(),
        size: past.file.1,
        mime: past.file.2.to_owned(),
        added_at: past.created_at,
        added_by: "person".to_owned(),
        sent_at: case.submitted_at,
    }));
    rows.desks.extend(desk::row(case.updated_at, State::Draft, case, None));
    rows.cases.push(row);
    Ok(())
}
