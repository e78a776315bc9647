//! Which desk has a case, and since when: follows from its state.

use super::model::*;
use super::store::{self, Case, desk::DeskRow};
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Result, StaffActor, Ts};

/// For how long a case is shown as being in somebody's hands, in seconds.
const HOLD: i64 = 10 * 60;

/// Writes the case's row in the work lists, or takes it away.
pub(super) fn place(c: &mut Conn, ctx: &Ctx, from: State, case: &Case, due: Option<Day>) -> Result<()> {
    match row(ctx.now, from, case, due) {
        Some(row) => store::desk::put(c, row),
        None => store::desk::remove(c, case.id),
    }
}

/// Marks the row of a case that stays where it is with what has become known of who declared. Its day is the office's to answer, which
/// may have changed; that of a correction stays.
pub(super) fn mark(c: &mut Conn, case: &Case) -> Result<()> {
    let due = case.accept_by.filter(|_| case.state != State::Correcting).map(Ts::end_of);
    store::desk::mark(c, case.id, case.identity, case.applicant_mask.clone(), due)
}

/// The row that a case has in the work lists, come there `at` from a state.
pub(super) fn row(at: Ts, from: State, case: &Case, due: Option<Day>) -> Option<DeskRow> {
    let (desk_kind, step) = desk_of(case.state)?;
    let (desk_id, own) = match desk_kind {
        DeskKind::Hall => (case.hall_id, case.accept_by),
        DeskKind::Department => (case.department_id.0, case.due_on),
    };
    Some(DeskRow {
        case_id: case.id,
        desk_kind,
        desk_id,
        step,
        due_at: Ts::end_of(due.or(own).unwrap_or_else(|| at.day())),
        entered_at: at,
        state: case.state,
        item_id: case.item_id,
        receipt_no: case.receipt().to_owned(),
        applicant_mask: case.applicant_mask.clone(),
        channel: case.channel,
        is_corrected: from == State::Correcting,
        identity: case.identity,
        held_by: None,
        held_name: None,
        held_until: None,
    })
}

/// Whose turn it is in a state.
pub(super) fn desk_of(state: State) -> Option<(DeskKind, DeskStep)> {
    use DeskKind::{Department, Hall};
    match state {
        State::Submitted => Some((Hall, DeskStep::PreAccept)),
        State::PreAccepted | State::Received => Some((Hall, DeskStep::Accept)),
        State::Correcting => Some((Hall, DeskStep::Waiting)),
        State::Accepted | State::Dispatched | State::Processing => Some((Department, DeskStep::Outside)),
        State::Handling => Some((Department, DeskStep::Handle)),
        State::Reviewing => Some((Department, DeskStep::Review)),
        State::Approving => Some((Department, DeskStep::Approve)),
        State::Draft | State::Decided | State::Finished | State::NotAccepted | State::Withdrawn | State::Abandoned => {
            None
        }
    }
}

/// Takes the hold, or says who has it.
pub(super) fn hold(c: &mut Conn, id: CaseId, staff: &StaffActor, now: Ts) -> Result<Option<String>> {
    if store::desk::hold(c, id, staff, now, now.plus_secs(HOLD))? {
        return Ok(None);
    }
    store::desk::holder(c, id)
}
