//! The approval desk (通用审批): where officers of a department handle, review and approve.

pub mod act;
pub mod case;
pub mod list;
mod samples;

use crate::cases::State;
use crate::kernel::{Permission, StaffActor};

/// A step of the desk: its state, its role, its code in forms and texts.
pub(super) const STEPS: [(State, Permission, &str); 3] = [
    (State::Handling, Permission::Handle, "handle"),
    (State::Reviewing, Permission::Review, "review"),
    (State::Approving, Permission::Approve, "approve"),
];

/// The step that a case waits for.
pub(super) fn step_of(state: State) -> Option<(Permission, &'static str)> {
    STEPS.iter().find(|(s, _, _)| *s == state).map(|(_, role, code)| (*role, *code))
}

/// The first step that this officer may do.
pub(super) fn own_step(staff: &StaffActor) -> Option<&'static str> {
    STEPS.iter().find(|(_, role, _)| staff.has(*role)).map(|(_, _, code)| *code)
}
