use serde::Serialize;
use serde_json::Value;

use crate::kernel::Ts;

crate::id_type!(
    /// A job in the queue.
    JobId
);

crate::text_enum!(
    /// Whether a job waits for its time, or was given up and waits for an administrator.
    JobState { Ready = "ready", Failed = "failed" }
);

/// A job that this process may work on until `until`.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: JobId,
    pub kind: String,
    pub payload: Value,
    /// With this one; the first is 1.
    pub attempt: i32,
    pub until: Ts,
}

/// A job as the administrator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: Value,
    pub state: JobState,
    pub run_at: Ts,
    pub lease_until: Option<Ts>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: Ts,
}

/// How many jobs there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub ready: i64,
    pub failed: i64,
}

/// A periodic task as the administrator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Periodic {
    pub name: String,
    pub next_at: Ts,
    pub lease_until: Option<Ts>,
    pub started_at: Option<Ts>,
    pub ended_at: Option<Ts>,
    pub last_error: Option<String>,
}
