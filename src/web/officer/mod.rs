//! The approval desk (通用审批): where officers of a department handle, review and approve.

pub mod act;
pub mod case;
pub mod list;
mod samples;

use crate::cases::State;
use crate::kernel::{Role, StaffActor};

/// A step of the desk: its state, its role, its code in forms and texts.
pub(super) const STEPS: [(State, Role, &str); 3] = [
    (State::Handling, Role::Handler, "handle"),
    (State::Reviewing, Role::Reviewer, "review"),
    (State::Approving, Role::Approver, "approve"),
];

/// The step that a case waits for.
pub(super) fn step_of(state: State) -> Option<(Role, &'static str)> {
    STEPS.iter().find(|(s, _, _)| *s == state).map(|(_, role, code)| (*role, *code))
}

/// The first step that this officer may do.
pub(super) fn own_step(staff: &StaffActor) -> Option<&'static str> {
    STEPS.iter().find(|(_, role, _)| staff.has(*role)).map(|(_, _, code)| *code)
}
