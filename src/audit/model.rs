//! An entry, as those see it who may.

use serde::Serialize;
use serde_json::Value;

use crate::kernel::{Id, Ts};

crate::text_enum!(
    /// Whether it came about.
    Outcome {
        Done = "done",
        /// Somebody was not let do it, or had a wrong password.
        Refused = "refused",
    }
);

/// An act or a look that was recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    pub id: Id,
    pub at: Ts,
    /// What [`crate::kernel::Actor::kind`] gives.
    pub actor_kind: String,
    pub actor_id: Option<Id>,
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<Id>,
    /// Whose data were looked at, when they have an account.
    pub person_id: Option<Id>,
    pub outcome: Outcome,
    pub detail: Value,
    pub request_id: Id,
    /// Number of its batch and its place there; none while it is not sealed.
    pub place: Option<(i64, i32)>,
}
