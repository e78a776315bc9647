//! Ids, states and what others see of the exchange.

use crate::identity::DepartmentId;
use crate::kernel::Ts;

crate::id_type!(
    /// A message to a department; its id is the message's id, the same for every try.
    DispatchId
);
crate::id_type!(
    /// A message from a department.
    InboxId
);

crate::text_enum!(
    /// What a dispatch tells the department.
    DispatchKind { Accepted = "accepted", Withdrawn = "withdrawn" }
);

crate::text_enum!(
    DispatchState {
        /// Waits for its (next) try.
        Queued = "queued",
        /// The department has taken it.
        Sent = "sent",
        /// Given up; an administrator may send it again.
        Dead = "dead",
    }
);

crate::text_enum!(
    InboxState {
        /// The case has changed by it.
        Applied = "applied",
        /// The case had ended before.
        Late = "late",
        /// It did not fit, or named no case of this department.
        Refused = "refused",
    }
);

/// Where a department's system is reached, and the secrets that sign in both directions.
#[derive(Clone)]
pub struct Endpoint {
    pub department_id: DepartmentId,
    pub url: String,
    pub secret: Vec<u8>,
    /// The former secret, good until the department has changed as well.
    pub old_secret: Option<Vec<u8>>,
    pub is_active: bool,
}

/// The breaker of a department: closed while it answers, open for a growing pause when it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    Closed,
    /// Nothing is sent until then.
    Open(Ts),
    /// The pause is over: one message tries whether it answers again.
    HalfOpen,
}
