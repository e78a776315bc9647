//! The queue.

use serde::Serialize;

use super::model::{Counts, Job, JobId, JobState, Leased};
use super::store;
use crate::db::Conn;
use crate::kernel::{Cursor, Error, Page, Result, Ts};

/// Of an error's text, so much is kept.
const ERROR_CHARS: usize = 500;

/// Wishes for work at `run_at`. With a unique key that is already in the queue nothing happens; returns whether the job is new.
pub fn enqueue(
    c: &mut Conn,
    now: Ts,
    kind: &str,
    payload: &impl Serialize,
    run_at: Ts,
    unique_key: Option<&str>,
) -> Result<bool> {
    store::insert(c, now, kind, serde_json::to_value(payload)?, run_at, unique_key)
}

/// Takes up to `n` jobs of a kind whose time has come, the oldest first, for `secs` seconds.
pub fn lease(c: &mut Conn, now: Ts, kind: &str, n: i64, secs: i64) -> Result<Vec<Leased>> {
    let until = now.plus_secs(secs);
    let mut taken = vec![];
    for (id, payload, attempts) in store::due(c, now, kind, n)? {
        if store::take(c, now, id, attempts, until)? {
            taken.push(Leased { id, kind: kind.to_owned(), payload, attempt: attempts + 1, until });
        }
    }
    Ok(taken)
}

/// Whether a job of a kind waits whose time has come: a read, for the look before [`lease`].
pub fn has_due(c: &mut Conn, now: Ts, kind: &str) -> Result<bool> {
    store::has_due(c, now, kind)
}

/// The work is done; the job goes. Returns whether the lease was still ours.
pub fn finish(c: &mut Conn, job: &Leased) -> Result<bool> {
    store::delete(c, job.id, job.attempt)
}

/// The work did not succeed and is to be tried again at `at`. Returns whether the lease was still ours.
pub fn retry(c: &mut Conn, job: &Leased, at: Ts, error: &str) -> Result<bool> {
    store::put_back(c, job.id, job.attempt, JobState::Ready, at, &cut(error))
}

/// The work cannot succeed: the job is laid aside for an administrator. Returns whether the lease was still ours.
pub fn fail(c: &mut Conn, job: &Leased, now: Ts, error: &str) -> Result<bool> {
    store::put_back(c, job.id, job.attempt, JobState::Failed, now, &cut(error))
}

fn cut(error: &str) -> String {
    error.chars().take(ERROR_CHARS).collect()
}

/// Jobs in a state by their time, `limit` a page.
pub fn list(c: &mut Conn, state: JobState, after: Option<Cursor>, limit: usize) -> Result<Page<Job>> {
    let rows = store::list(c, state, after, limit + 1)?;
    Ok(Page::cut(rows, limit, |job| Cursor { at: job.run_at, id: job.id.0 }))
}

/// Puts a job that was laid aside back into the queue, at once.
///
/// # Errors
/// 404 when there is no such job that was laid aside.
pub fn again(c: &mut Conn, now: Ts, id: JobId) -> Result<()> {
    if store::revive(c, now, id)? { Ok(()) } else { Err(Error::not_found()) }
}

pub fn counts(c: &mut Conn) -> Result<Counts> {
    store::counts(c)
}
