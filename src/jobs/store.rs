use diesel::prelude::*;
use serde_json::Value;

use super::model::{Counts, Job, JobId, JobState, Periodic};
use crate::db::schema::{job_queue, job_schedule};
use crate::db::{Conn, Doc, Each, Fixed, SkipLocked};
use crate::kernel::{Cursor, Result, Ts};

pub(super) fn insert(
    c: &mut Conn,
    now: Ts,
    kind: &str,
    payload: Value,
    run_at: Ts,
    unique_key: Option<&str>,
) -> Result<bool> {
    let row = (
        job_queue::id.eq(JobId::random()),
        job_queue::kind.eq(kind),
        job_queue::payload.eq(Doc(payload)),
        job_queue::unique_key.eq(unique_key),
        job_queue::state.eq(JobState::Ready),
        job_queue::run_at.eq(run_at),
        job_queue::attempts.eq(0),
        job_queue::created_at.eq(now),
    );
    let insert = diesel::insert_into(job_queue::table).values(row).on_conflict(job_queue::unique_key).do_nothing();
    Ok(Each(insert).execute(c)? == 1)
}

pub(super) fn due(c: &mut Conn, now: Ts, kind: &str, n: i64) -> Result<Vec<(JobId, Value, i32)>> {
    let query = job_queue::table
        .filter(Fixed("state = 'ready'"))
        .filter(job_queue::kind.eq(kind))
        .filter(job_queue::run_at.le(now))
        .filter(job_queue::lease_until.is_null().or(job_queue::lease_until.le(now)))
        .order((job_queue::run_at, job_queue::id))
        .limit(n)
        .select((job_queue::id, job_queue::payload, job_queue::attempts));
    let rows: Vec<(JobId, Doc<Value>, i32)> = SkipLocked(query).load(c)?;
    Ok(rows.into_iter().map(|(id, payload, attempts)| (id, payload.0, attempts)).collect())
}

pub(super) fn has_due(c: &mut Conn, now: Ts, kind: &str) -> Result<bool> {
    let found: Option<JobId> = job_queue::table
        .filter(Fixed("state = 'ready'"))
        .filter(job_queue::kind.eq(kind))
        .filter(job_queue::run_at.le(now))
        .filter(job_queue::lease_until.is_null().or(job_queue::lease_until.le(now)))
        .select(job_queue::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// Who changes the number of attempts has the lease.
pub(super) fn take(c: &mut Conn, now: Ts, id: JobId, attempts: i32, until: Ts) -> Result<bool> {
    let free = job_queue::lease_until.is_null().or(job_queue::lease_until.le(now));
    let changed = diesel::update(job_queue::table.find(id).filter(job_queue::attempts.eq(attempts)).filter(free))
        .set((job_queue::lease_until.eq(until), job_queue::attempts.eq(attempts + 1)))
        .execute(c)?;
    Ok(changed == 1)
}

pub(super) fn delete(c: &mut Conn, id: JobId, attempt: i32) -> Result<bool> {
    Ok(diesel::delete(job_queue::table.find(id).filter(job_queue::attempts.eq(attempt))).execute(c)? == 1)
}

pub(super) fn put_back(
    c: &mut Conn,
    id: JobId,
    attempt: i32,
    state: JobState,
    run_at: Ts,
    error: &str,
) -> Result<bool> {
    let changed = diesel::update(job_queue::table.find(id).filter(job_queue::attempts.eq(attempt)))
        .set((
            job_queue::state.eq(state),
            job_queue::run_at.eq(run_at),
            job_queue::lease_until.eq(None::<Ts>),
            job_queue::last_error.eq(error),
        ))
        .execute(c)?;
    Ok(changed == 1)
}

pub(super) fn revive(c: &mut Conn, now: Ts, id: JobId) -> Result<bool> {
    let changed = diesel::update(job_queue::table.find(id).filter(job_queue::state.eq(JobState::Failed)))
        .set((job_queue::state.eq(JobState::Ready), job_queue::run_at.eq(now)))
        .execute(c)?;
    Ok(changed == 1)
}

type JobRow = (JobId, String, Doc<Value>, JobState, Ts, Option<Ts>, i32, Option<String>, Ts);

pub(super) fn list(c: &mut Conn, state: JobState, after: Option<Cursor>, limit: usize) -> Result<Vec<Job>> {
    let mut query = job_queue::table
        .filter(job_queue::state.eq(state))
        .order((job_queue::run_at, job_queue::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((
            job_queue::id,
            job_queue::kind,
            job_queue::payload,
            job_queue::state,
            job_queue::run_at,
            job_queue::lease_until,
            job_queue::attempts,
            job_queue::last_error,
            job_queue::created_at,
        ))
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        let later = job_queue::run_at.gt(at).or(job_queue::run_at.eq(at).and(job_queue::id.gt(JobId(id))));
        query = query.filter(later);
    }
    let rows: Vec<JobRow> = query.load(c)?;
    let job = |(id, kind, payload, state, run_at, lease_until, attempts, last_error, created_at): JobRow| Job {
        id,
        kind,
        payload: payload.0,
        state,
        run_at,
        lease_until,
        attempts,
        last_error,
        created_at,
    };
    Ok(rows.into_iter().map(job).collect())
}

pub(super) fn counts(c: &mut Conn) -> Result<Counts> {
    let of = |c: &mut Conn, state: JobState| -> Result<i64> {
        Ok(job_queue::table.filter(job_queue::state.eq(state)).count().get_result(c)?)
    };
    Ok(Counts { ready: of(c, JobState::Ready)?, failed: of(c, JobState::Failed)? })
}

pub(super) fn register(c: &mut Conn, now: Ts, name: &str) -> Result<()> {
    let row = (job_schedule::name.eq(name), job_schedule::next_at.eq(now));
    Each(diesel::insert_into(job_schedule::table).values(row).on_conflict(job_schedule::name).do_nothing())
        .execute(c)?;
    Ok(())
}

/// A task that was never claimed is due.
pub(super) fn is_due(c: &mut Conn, now: Ts, name: &str) -> Result<bool> {
    let row: Option<(Ts, Option<Ts>)> = job_schedule::table
        .find(name)
        .select((job_schedule::next_at, job_schedule::lease_until))
        .first(c)
        .optional()?;
    Ok(row.is_none_or(|(next_at, lease)| next_at <= now && lease.is_none_or(|until| until <= now)))
}

pub(super) fn claim(c: &mut Conn, now: Ts, name: &str, until: Ts) -> Result<bool> {
    let free = job_schedule::lease_until.is_null().or(job_schedule::lease_until.le(now));
    let changed = diesel::update(job_schedule::table.find(name).filter(job_schedule::next_at.le(now)).filter(free))
        .set((job_schedule::lease_until.eq(until), job_schedule::started_at.eq(now)))
        .execute(c)?;
    Ok(changed == 1)
}

pub(super) fn done(c: &mut Conn, now: Ts, name: &str, every_secs: i64, error: Option<&str>) -> Result<()> {
    let started: Option<Ts> = job_schedule::table.find(name).select(job_schedule::started_at).first(c)?;
    let next = started.unwrap_or(now).plus_secs(every_secs);
    diesel::update(job_schedule::table.find(name))
        .set((
            job_schedule::next_at.eq(next),
            job_schedule::lease_until.eq(None::<Ts>),
            job_schedule::ended_at.eq(now),
            job_schedule::last_error.eq(error),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) fn periodics(c: &mut Conn) -> Result<Vec<Periodic>> {
    type Row = (String, Ts, Option<Ts>, Option<Ts>, Option<Ts>, Option<String>);
    let rows: Vec<Row> = job_schedule::table
        .order(job_schedule::name)
        .select((
            job_schedule::name,
            job_schedule::next_at,
            job_schedule::lease_until,
            job_schedule::started_at,
            job_schedule::ended_at,
            job_schedule::last_error,
        ))
        .load(c)?;
    let periodic = |(name, next_at, lease_until, started_at, ended_at, last_error): Row| Periodic {
        name,
        next_at,
        lease_until,
        started_at,
        ended_at,
        last_error,
    };
    Ok(rows.into_iter().map(periodic).collect())
}
