//! Work that must be done after a commit, kept as rows: a queue with leases, and a schedule of periodic tasks.
//!
//! # Guarantees
//! - A job is a row written in the transaction that wants it; it goes only when its work is finished. Whoever works on it holds a
//!   lease; when the process dies, the lease runs out and another takes it. So work is done at least once and must bear
//!   being done twice.
//! - A unique key makes a second wish for the same work nothing.
//! - Each lease counts as an attempt, and is known by its number: who lost a lease can no longer change the job.
//! - Of all processes one alone runs a periodic task at a time ([`schedule::claim`]).
//! - Payloads hold ids and codes, never personal data.
//!
//! Tables: `job_queue`, `job_schedule`.

mod model;
mod queue;
pub mod schedule;
mod store;

pub use model::*;
pub use queue::{again, counts, enqueue, fail, finish, has_due, lease, list, retry};
