//! Ids, states and what others see of the exchange.

use super::rules::Outcome;
use crate::cases::CaseId;
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Ts};

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
        /// No longer needed: the applicant withdrew before it was taken.
        Dropped = "dropped",
    }
);

crate::text_enum!(
    InboxState {
        /// The case follows it.
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

impl Endpoint {
    /// Both secrets, the current one first.
    pub fn secrets(&self) -> Vec<&[u8]> {
        std::iter::once(&self.secret).chain(&self.old_secret).map(Vec::as_slice).collect()
    }
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

/// A dispatch that is ours to send until its lease runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leased {
    pub id: DispatchId,
    pub case_id: CaseId,
    pub department_id: DepartmentId,
    pub kind: DispatchKind,
}

/// A try that was made.
#[derive(Debug, Clone)]
pub struct Tried {
    pub id: DispatchId,
    pub outcome: Outcome,
    pub millis: i32,
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The department has taken it, with its receipt where it gave one at once.
    Sent { leased: Leased, receipt: Option<String> },
    /// Tried again then.
    Again(Ts),
    /// Laid aside for an administrator.
    Dead,
    /// Somebody else had recorded an end before.
    Over,
}

/// How it stands with a department's system.
#[derive(Debug, Clone)]
pub struct Health {
    pub department_id: DepartmentId,
    pub is_active: bool,
    pub breaker: Breaker,
    /// In a row.
    pub failures: i32,
    pub last_ok_at: Option<Ts>,
    pub last_error: Option<String>,
    pub queued: i64,
    /// When the longest waiting one was written.
    pub oldest_at: Option<Ts>,
    pub sent_today: i32,
    /// Tries that failed today.
    pub failed_today: i32,
    pub dead: i64,
}

/// One try of a dispatch.
#[derive(Debug, Clone)]
pub struct Try {
    pub at: Ts,
    pub status: Option<i32>,
    pub error: Option<String>,
    pub millis: i32,
}

/// What a list of dispatches is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct DispatchFilter {
    pub department: Option<DepartmentId>,
    pub state: Option<DispatchState>,
    pub after: Option<Cursor>,
}

/// What a list of messages that came in is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct InboxFilter {
    pub department: Option<DepartmentId>,
    /// Those that were refused alone.
    pub is_refused: bool,
    pub after: Option<Cursor>,
}

/// Where a department's system is reached, without the secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub url: String,
    pub is_active: bool,
    /// The former secret is still good, beside the current one.
    pub has_old_secret: bool,
}

/// A message that came in.
#[derive(Debug, Clone)]
pub struct InboxRow {
    pub id: InboxId,
    pub department_id: DepartmentId,
    pub message_id: String,
    /// Type of the event.
    pub kind: String,
    pub case_id: Option<CaseId>,
    pub received_at: Ts,
    pub state: InboxState,
    /// Code of the refusal.
    pub reason: Option<String>,
}
