//! The table of files that are taken in.

use diesel::prelude::*;

use super::super::imports::{Import, ImportId, ImportState, Leased, Wish};
use crate::db::schema::cat_import;
use crate::db::{Bytes, Conn, Each, Fixed};
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = cat_import)]
struct Row {
    id: ImportId,
    staff_id: StaffId,
    name: String,
    state: ImportState,
    error: Option<String>,
    total: i32,
    place: i32,
    submitted: i32,
    under_way: i32,
    not_kept: i32,
    unchanged: i32,
    left_out: i32,
    created_at: Ts,
    ended_at: Option<Ts>,
}

impl From<Row> for Import {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            staff_id: r.staff_id,
            name: r.name,
            state: r.state,
            error: r.error,
            total: r.total,
            place: r.place,
            submitted: r.submitted,
            under_way: r.under_way,
            not_kept: r.not_kept,
            unchanged: r.unchanged,
            left_out: r.left_out,
            created_at: r.created_at,
            ended_at: r.ended_at,
        }
    }
}

pub(in crate::catalogue) fn waits(c: &mut Conn, staff: StaffId) -> Result<bool> {
    let own = cat_import::table.filter(Fixed("state = 'waiting'")).filter(cat_import::staff_id.eq(staff));
    Ok(own.select(cat_import::id).first::<ImportId>(c).optional()?.is_some())
}

/// Tells whether there is none yet that waits.
pub(in crate::catalogue) fn insert(c: &mut Conn, now: Ts, id: ImportId, staff: StaffId, wish: &Wish) -> Result<bool> {
    let row = (
        cat_import::id.eq(id),
        cat_import::staff_id.eq(staff),
        cat_import::name.eq(&wish.name),
        cat_import::file.eq(wish.file.clone()),
        cat_import::reason.eq(&wish.reason),
        cat_import::state.eq(ImportState::Waiting),
        cat_import::total.eq(i32::try_from(wish.total).unwrap_or(i32::MAX)),
        cat_import::place.eq(0),
        cat_import::submitted.eq(0),
        cat_import::under_way.eq(0),
        cat_import::not_kept.eq(0),
        cat_import::unchanged.eq(0),
        cat_import::left_out.eq(0),
        cat_import::attempts.eq(0),
        cat_import::created_at.eq(now),
    );
    Ok(Each(diesel::insert_into(cat_import::table).values(row).on_conflict_do_nothing()).execute(c)? == 1)
}

pub(in crate::catalogue) fn of_staff(c: &mut Conn, staff: StaffId, id: ImportId) -> Result<Option<Import>> {
    let own = cat_import::table.find(id).filter(cat_import::staff_id.eq(staff));
    Ok(own.select(Row::as_select()).first(c).optional()?.map(Import::from))
}

pub(in crate::catalogue) fn list(c: &mut Conn, staff: StaffId, limit: i64) -> Result<Vec<Import>> {
    let rows = cat_import::table
        .filter(cat_import::staff_id.eq(staff))
        .order((cat_import::created_at.desc(), cat_import::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(c)?;
    Ok(rows.into_iter().map(Import::from).collect())
}

type Due = (ImportId, StaffId, String, Bytes, String, i32, i32);

/// The oldest that no process has.
pub(in crate::catalogue) fn due(c: &mut Conn, now: Ts) -> Result<Option<Leased>> {
    let row: Option<Due> = cat_import::table
        .filter(Fixed("state = 'waiting'"))
        .filter(cat_import::lease_until.is_null().or(cat_import::lease_until.le(now)))
        .order(cat_import::created_at)
        .select((
            cat_import::id,
            cat_import::staff_id,
            cat_import::name,
            cat_import::file,
            cat_import::reason,
            cat_import::place,
            cat_import::attempts,
        ))
        .first(c)
        .optional()?;
    let leased = |(id, staff_id, name, file, reason, place, attempt): Due| Leased {
        id,
        staff_id,
        name,
        file,
        reason,
        place,
        attempt,
    };
    Ok(row.map(leased))
}

/// Who changes the number of attempts has the lease.
pub(in crate::catalogue) fn take(c: &mut Conn, now: Ts, id: ImportId, attempts: i32, until: Ts) -> Result<bool> {
    let free = cat_import::lease_until.is_null().or(cat_import::lease_until.le(now));
    let row = cat_import::table
        .filter(cat_import::id.eq(id))
        .filter(cat_import::state.eq(ImportState::Waiting))
        .filter(cat_import::attempts.eq(attempts))
        .filter(free);
    let set = (cat_import::lease_until.eq(Some(until)), cat_import::attempts.eq(attempts + 1));
    Ok(diesel::update(row).set(set).execute(c)? == 1)
}

/// How far it has come. Tells whether the lease still was ours.
pub(in crate::catalogue) fn note(c: &mut Conn, x: &Import, attempt: i32, until: Ts) -> Result<bool> {
    let row = cat_import::table
        .filter(cat_import::id.eq(x.id))
        .filter(cat_import::state.eq(ImportState::Waiting))
        .filter(cat_import::attempts.eq(attempt));
    let set = (
        cat_import::state.eq(x.state),
        cat_import::place.eq(x.place),
        cat_import::submitted.eq(x.submitted),
        cat_import::under_way.eq(x.under_way),
        cat_import::not_kept.eq(x.not_kept),
        cat_import::unchanged.eq(x.unchanged),
        cat_import::left_out.eq(x.left_out),
        cat_import::lease_until.eq(Some(until)),
        cat_import::ended_at.eq(x.ended_at),
    );
    Ok(diesel::update(row).set(set).execute(c)? == 1)
}

pub(in crate::catalogue) fn fail(c: &mut Conn, now: Ts, id: ImportId, attempt: i32, code: &str) -> Result<bool> {
    let row = cat_import::table
        .filter(cat_import::id.eq(id))
        .filter(cat_import::state.eq(ImportState::Waiting))
        .filter(cat_import::attempts.eq(attempt));
    let set = (
        cat_import::state.eq(ImportState::Failed),
        cat_import::error.eq(Some(code.to_owned())),
        cat_import::ended_at.eq(Some(now)),
    );
    Ok(diesel::update(row).set(set).execute(c)? == 1)
}
