//! Acts that wait for a second person.

use diesel::prelude::*;
use serde_json::Value;

use crate::db::schema::idn_request;
use crate::db::{Conn, Doc};
use crate::identity::model::{Request, RequestId, RequestKind, RequestState, StaffId};
use crate::kernel::{Result, Ts};

pub(in crate::identity) fn insert(c: &mut Conn, request: &Request) -> Result<()> {
    diesel::insert_into(idn_request::table)
        .values((
            idn_request::id.eq(request.id),
            idn_request::kind.eq(request.kind),
            idn_request::subject.eq(&request.subject),
            idn_request::payload.eq(Doc(request.payload.clone())),
            idn_request::reason.eq(&request.reason),
            idn_request::state.eq(request.state),
            idn_request::asked_by.eq(request.asked_by),
            idn_request::asked_at.eq(request.asked_at),
            idn_request::lapses_at.eq(request.lapses_at),
        ))
        .execute(c)?;
    Ok(())
}

type Row = (
    (RequestId, RequestKind, String, Doc<Value>, String),
    (RequestState, StaffId, Ts, Ts, Option<StaffId>, Option<Ts>),
);

type Columns = (
    (idn_request::id, idn_request::kind, idn_request::subject, idn_request::payload, idn_request::reason),
    (
        idn_request::state,
        idn_request::asked_by,
        idn_request::asked_at,
        idn_request::lapses_at,
        idn_request::decided_by,
        idn_request::decided_at,
    ),
);

const ROW: Columns = (
    (idn_request::id, idn_request::kind, idn_request::subject, idn_request::payload, idn_request::reason),
    (
        idn_request::state,
        idn_request::asked_by,
        idn_request::asked_at,
        idn_request::lapses_at,
        idn_request::decided_by,
        idn_request::decided_at,
    ),
);

fn request(row: Row) -> Request {
    let ((id, kind, subject, payload, reason), (state, asked_by, asked_at, lapses_at, decided_by, decided_at)) = row;
    let payload = payload.0;
    Request { id, kind, subject, payload, reason, state, asked_by, asked_at, lapses_at, decided_by, decided_at }
}

pub(in crate::identity) fn find(c: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    let row: Option<Row> = idn_request::table.find(id).select(ROW).first(c).optional()?;
    Ok(row.map(request))
}

/// What waits for an act of this kind on this subject.
pub(in crate::identity) fn open(c: &mut Conn, kind: RequestKind, subject: &str) -> Result<Option<Request>> {
    let row: Option<Row> = idn_request::table
        .filter(idn_request::kind.eq(kind))
        .filter(idn_request::subject.eq(subject))
        .filter(idn_request::state.eq(RequestState::Open))
        .select(ROW)
        .first(c)
        .optional()?;
    Ok(row.map(request))
}

/// The newest, those that wait first.
pub(in crate::identity) fn list(c: &mut Conn, limit: i64) -> Result<Vec<Request>> {
    let waiting: Vec<Row> = idn_request::table
        .filter(idn_request::state.eq(RequestState::Open))
        .order(idn_request::asked_at)
        .select(ROW)
        .load(c)?;
    let decided: Vec<Row> = idn_request::table
        .filter(idn_request::state.ne(RequestState::Open))
        .order(idn_request::asked_at.desc())
        .limit(limit)
        .select(ROW)
        .load(c)?;
    Ok(waiting.into_iter().chain(decided).map(request).collect())
}

pub(in crate::identity) fn count_open(c: &mut Conn, now: Ts) -> Result<i64> {
    Ok(idn_request::table
        .filter(idn_request::state.eq(RequestState::Open))
        .filter(idn_request::lapses_at.gt(now))
        .count()
        .get_result(c)?)
}

/// Ends a request that still waits; false when somebody else has ended it.
pub(in crate::identity) fn decide(
    c: &mut Conn,
    id: RequestId,
    state: RequestState,
    by: StaffId,
    now: Ts,
) -> Result<bool> {
    let open = idn_request::table.find(id).filter(idn_request::state.eq(RequestState::Open));
    let set = (idn_request::state.eq(state), idn_request::decided_by.eq(by), idn_request::decided_at.eq(now));
    Ok(diesel::update(open).set(set).execute(c)? == 1)
}
