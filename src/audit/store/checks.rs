//! Verifications that were asked for.

use diesel::prelude::*;

use crate::audit::checks::{Check, CheckId, CheckState, Leased};
use crate::audit::verify::{Fault, Report};
use crate::db::schema::aud_check;
use crate::db::{Conn, Doc, Each, Fixed};
use crate::kernel::{Id, Result, Ts};

/// Tells whether none was under way.
pub(in crate::audit) fn insert(c: &mut Conn, id: CheckId, staff: Id, batches: i64, now: Ts) -> Result<bool> {
    let row = (
        aud_check::id.eq(id),
        aud_check::staff_id.eq(staff),
        aud_check::state.eq(CheckState::Waiting),
        aud_check::batches.eq(batches),
        aud_check::place.eq(0),
        aud_check::entries.eq(0),
        aud_check::waiting.eq(0),
        aud_check::faults.eq(0),
        aud_check::found.eq(Doc(Vec::<Fault>::new())),
        aud_check::attempt.eq(0),
        aud_check::created_at.eq(now),
    );
    let insert = diesel::insert_into(aud_check::table).values(row).on_conflict_do_nothing();
    Ok(Each(insert).execute(c)? == 1)
}

type Row = (CheckId, Id, CheckState, i64, i64, i64, i64, i32, Doc<Vec<Fault>>, Ts, Option<Ts>);

pub(in crate::audit) fn list(c: &mut Conn, limit: i64) -> Result<Vec<Check>> {
    let rows: Vec<Row> = aud_check::table
        .order((aud_check::created_at.desc(), aud_check::id.desc()))
        .limit(limit)
        .select((
            aud_check::id,
            aud_check::staff_id,
            aud_check::state,
            aud_check::batches,
            aud_check::place,
            aud_check::entries,
            aud_check::waiting,
            aud_check::faults,
            aud_check::found,
            aud_check::created_at,
            aud_check::ended_at,
        ))
        .load(c)?;
    let check = |(id, staff_id, state, batches, place, entries, waiting, faults, found, created_at, ended_at): Row| {
        Check { id, staff_id, state, batches, place, entries, waiting, faults, found: found.0, created_at, ended_at }
    };
    Ok(rows.into_iter().map(check).collect())
}

/// The one that waits, if nobody is at it.
pub(in crate::audit) fn due(c: &mut Conn, now: Ts) -> Result<Option<Leased>> {
    let row: Option<(CheckId, i32)> = aud_check::table
        .filter(Fixed("state = 'waiting'"))
        .filter(aud_check::lease_until.is_null().or(aud_check::lease_until.le(now)))
        .select((aud_check::id, aud_check::attempt))
        .first(c)
        .optional()?;
    Ok(row.map(|(id, attempt)| Leased { id, attempt }))
}

pub(in crate::audit) fn take(c: &mut Conn, due: Leased, now: Ts, until: Ts) -> Result<bool> {
    let free = aud_check::lease_until.is_null().or(aud_check::lease_until.le(now));
    let taken = diesel::update(aud_check::table.find(due.id).filter(aud_check::attempt.eq(due.attempt)).filter(free))
        .set((aud_check::lease_until.eq(until), aud_check::attempt.eq(due.attempt + 1)))
        .execute(c)?;
    Ok(taken == 1)
}

pub(in crate::audit) fn note(
    c: &mut Conn,
    leased: Leased,
    place: i64,
    report: &Report,
    found: &[Fault],
    until: Ts,
) -> Result<bool> {
    let own = aud_check::table
        .find(leased.id)
        .filter(Fixed("state = 'waiting'"))
        .filter(aud_check::attempt.eq(leased.attempt));
    let noted = diesel::update(own)
        .set((
            aud_check::place.eq(place),
            aud_check::entries.eq(report.entries),
            aud_check::waiting.eq(report.waiting),
            aud_check::faults.eq(i32::try_from(report.faults).unwrap_or(i32::MAX)),
            aud_check::found.eq(Doc(found.to_vec())),
            aud_check::lease_until.eq(until),
        ))
        .execute(c)?;
    Ok(noted == 1)
}

pub(in crate::audit) fn end(c: &mut Conn, leased: Leased, state: CheckState, now: Ts) -> Result<bool> {
    let own = aud_check::table
        .find(leased.id)
        .filter(Fixed("state = 'waiting'"))
        .filter(aud_check::attempt.eq(leased.attempt));
    let ended = diesel::update(own)
        .set((aud_check::state.eq(state), aud_check::ended_at.eq(now), aud_check::lease_until.eq(None::<Ts>)))
        .execute(c)?;
    Ok(ended == 1)
}
