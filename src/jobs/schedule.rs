//! Periodic tasks, each run by one process at a time.

use super::model::Periodic;
use super::store;
use crate::db::Conn;
use crate::kernel::{Result, Ts};

/// How long a claim holds at least: a process that died is replaced after this time.
const SHORTEST_LEASE: i64 = 120;

/// Whether a task's time has come, without claiming it: a read, for the look before the write.
pub fn is_due(c: &mut Conn, now: Ts, name: &str) -> Result<bool> {
    store::is_due(c, now, name)
}

/// Claims a task that runs every so many seconds. Whoever gets `true` runs it and says [`done`]; when nobody does, the claim runs
/// out and the task is due again.
pub fn claim(c: &mut Conn, now: Ts, name: &str, every_secs: i64) -> Result<bool> {
    store::register(c, now, name)?;
    store::claim(c, now, name, now.plus_secs(every_secs.max(SHORTEST_LEASE)))
}

/// Ends a round: the next is due `every_secs` after it began. `error` is kept for the administrator.
pub fn done(c: &mut Conn, now: Ts, name: &str, every_secs: i64, error: Option<&str>) -> Result<()> {
    store::done(c, now, name, every_secs, error)
}

/// All tasks that have ever been claimed.
pub fn list(c: &mut Conn) -> Result<Vec<Periodic>> {
    store::periodics(c)
}
