use diesel::prelude::*;

use super::{is_dead, is_queued};
use crate::cases::CaseId;
use crate::db::schema::{exg_dispatch, exg_try};
use crate::db::{Conn, Update};
use crate::exchange::model::{DispatchFilter, DispatchId, DispatchKind, DispatchState, Leased, Tried, Try};
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Id, Result, Ts};

const TABLE: &str = "exg_dispatch";

/// A message to a department.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exg_dispatch)]
pub struct Dispatch {
    pub id: DispatchId,
    pub case_id: CaseId,
    pub department_id: DepartmentId,
    pub kind: DispatchKind,
    pub state: DispatchState,
    pub attempts: i32,
    /// When it is tried next, while it is queued.
    pub next_at: Ts,
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    /// The department's own number.
    pub receipt: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
}

impl Dispatch {
    pub(crate) fn leased(&self) -> Leased {
        Leased { id: self.id, case_id: self.case_id, department_id: self.department_id, kind: self.kind }
    }
}

pub fn insert(c: &mut Conn, case: CaseId, department: DepartmentId, kind: DispatchKind, now: Ts) -> Result<DispatchId> {
    let id = DispatchId::random();
    c.later_on(
        TABLE,
        diesel::insert_into(exg_dispatch::table).values((
            exg_dispatch::id.eq(id),
            exg_dispatch::case_id.eq(case),
            exg_dispatch::department_id.eq(department),
            exg_dispatch::kind.eq(kind),
            exg_dispatch::state.eq(DispatchState::Queued),
            exg_dispatch::attempts.eq(0),
            exg_dispatch::next_at.eq(now),
            exg_dispatch::created_at.eq(now),
        )),
    )?;
    Ok(id)
}

pub fn of_case(c: &mut Conn, case: CaseId) -> Result<Vec<Dispatch>> {
    Ok(exg_dispatch::table
        .filter(exg_dispatch::case_id.eq(case))
        .order(exg_dispatch::id)
        .select(Dispatch::as_select())
        .load(c)?)
}

pub fn find(c: &mut Conn, id: DispatchId) -> Result<Dispatch> {
    Ok(exg_dispatch::table.find(id).select(Dispatch::as_select()).first(c)?)
}

/// Whether somebody may be sending it at this moment.
pub fn is_leased(c: &mut Conn, id: DispatchId, now: Ts) -> Result<bool> {
    let until: Option<Ts> = exg_dispatch::table.find(id).select(exg_dispatch::lease_until).first(c)?;
    Ok(until.is_some_and(|t| t > now))
}

/// Ends what waits, without its having been taken.
pub fn drop_queued(c: &mut Conn, case: CaseId) -> Result<usize> {
    let waiting = exg_dispatch::table
        .filter(exg_dispatch::case_id.eq(case))
        .filter(exg_dispatch::state.eq(DispatchState::Queued));
    Ok(diesel::update(waiting)
        .set((exg_dispatch::state.eq(DispatchState::Dropped), exg_dispatch::lease_until.eq(None::<Ts>)))
        .execute(c)?)
}

/// How many of a department's messages are under way.
pub fn in_flight(c: &mut Conn, department: DepartmentId, now: Ts) -> Result<i64> {
    Ok(exg_dispatch::table
        .filter(exg_dispatch::department_id.eq(department))
        .filter(exg_dispatch::lease_until.is_not_null())
        .filter(exg_dispatch::lease_until.gt(now))
        .count()
        .get_result(c)?)
}

/// What a department is due, the longest waiting first.
pub fn due(c: &mut Conn, department: DepartmentId, now: Ts, limit: i64) -> Result<Vec<Leased>> {
    let rows: Vec<(DispatchId, CaseId, DepartmentId, DispatchKind)> = exg_dispatch::table
        .filter(is_queued())
        .filter(exg_dispatch::department_id.eq(department))
        .filter(exg_dispatch::next_at.le(now))
        .filter(exg_dispatch::lease_until.is_null().or(exg_dispatch::lease_until.le(now)))
        .order((exg_dispatch::next_at, exg_dispatch::created_at))
        .select((exg_dispatch::id, exg_dispatch::case_id, exg_dispatch::department_id, exg_dispatch::kind))
        .limit(limit)
        .load(c)?;
    let leased = |(id, case_id, department_id, kind)| Leased { id, case_id, department_id, kind };
    Ok(rows.into_iter().map(leased).collect())
}

/// Takes one for sending; tells whether nobody was quicker.
pub fn lease(c: &mut Conn, id: DispatchId, now: Ts, until: Ts) -> Result<bool> {
    let free = exg_dispatch::lease_until.is_null().or(exg_dispatch::lease_until.le(now));
    let lease = Update {
        table: TABLE,
        set: exg_dispatch::lease_until.eq(until).as_changeset(),
        filter: exg_dispatch::id.eq(id).and(exg_dispatch::state.eq(DispatchState::Queued)).and(free),
    };
    Ok(c.together(TABLE, &lease)? == 1)
}

pub fn insert_try(c: &mut Conn, tried: &Tried, now: Ts) -> Result<()> {
    c.later(
        "exg_try",
        diesel::insert_into(exg_try::table).values((
            exg_try::id.eq(Id::random()),
            exg_try::dispatch_id.eq(tried.id),
            exg_try::at.eq(now),
            exg_try::status.eq(tried.outcome.status()),
            exg_try::error.eq(tried.outcome.error().map(str::to_owned)),
            exg_try::millis.eq(tried.millis),
        )),
    )
}

/// What a try changes in its dispatch.
pub struct After<'a> {
    pub state: DispatchState,
    pub next_at: Ts,
    pub receipt: Option<&'a str>,
    pub sent_at: Option<Ts>,
}

/// Sets what came of a try, if the dispatch still waits; tells whether it did.
pub fn end_try(c: &mut Conn, tried: &Tried, attempts: i32, after: &After<'_>) -> Result<bool> {
    let set = (
        exg_dispatch::state.eq(after.state),
        exg_dispatch::attempts.eq(attempts),
        exg_dispatch::next_at.eq(after.next_at),
        exg_dispatch::lease_until.eq(None::<Ts>),
        exg_dispatch::last_status.eq(tried.outcome.status()),
        exg_dispatch::last_error.eq(tried.outcome.error()),
        exg_dispatch::receipt.eq(after.receipt),
        exg_dispatch::sent_at.eq(after.sent_at),
    );
    let filter = exg_dispatch::id.eq(tried.id).and(exg_dispatch::state.eq(DispatchState::Queued));
    let end = Update { table: TABLE, set: set.as_changeset(), filter };
    Ok(c.together(TABLE, &end)? == 1)
}

/// Puts it back into the queue as if it were new.
pub fn requeue(c: &mut Conn, id: DispatchId, now: Ts) -> Result<()> {
    diesel::update(exg_dispatch::table.find(id))
        .set((
            exg_dispatch::state.eq(DispatchState::Queued),
            exg_dispatch::attempts.eq(0),
            exg_dispatch::next_at.eq(now),
            exg_dispatch::sent_at.eq(None::<Ts>),
        ))
        .execute(c)?;
    Ok(())
}

/// Newest first, after a key.
pub fn list(c: &mut Conn, filter: &DispatchFilter, limit: i64) -> Result<Vec<Dispatch>> {
    let mut query = exg_dispatch::table.select(Dispatch::as_select()).limit(limit).into_boxed();
    if let Some(department) = filter.department {
        query = query.filter(exg_dispatch::department_id.eq(department));
    }
    let few = match filter.state {
        Some(DispatchState::Queued) => Some(is_queued()),
        Some(DispatchState::Dead) => Some(is_dead()),
        Some(state) => {
            query = query.filter(exg_dispatch::state.eq(state));
            None
        }
        None => None,
    };
    if let Some(few) = few {
        // Few rows in an index of their own: ordered by a column that no index has, so that no engine walks all rows instead.
        if let Some(Cursor { at, id }) = filter.after {
            let tie = exg_dispatch::created_at.eq(at).and(exg_dispatch::id.lt(DispatchId(id)));
            query = query.filter(exg_dispatch::created_at.lt(at).or(tie));
        }
        return Ok(query.filter(few).order((exg_dispatch::created_at.desc(), exg_dispatch::id.desc())).load(c)?);
    }
    // Ids grow with time, so they are the order.
    if let Some(after) = filter.after {
        query = query.filter(exg_dispatch::id.lt(DispatchId(after.id)));
    }
    Ok(query.order(exg_dispatch::id.desc()).load(c)?)
}

pub fn tries(c: &mut Conn, id: DispatchId) -> Result<Vec<Try>> {
    let rows: Vec<(Ts, Option<i32>, Option<String>, i32)> = exg_try::table
        .filter(exg_try::dispatch_id.eq(id))
        .order((exg_try::at.desc(), exg_try::id.desc()))
        .select((exg_try::at, exg_try::status, exg_try::error, exg_try::millis))
        .limit(100)
        .load(c)?;
    Ok(rows.into_iter().map(|(at, status, error, millis)| Try { at, status, error, millis }).collect())
}
