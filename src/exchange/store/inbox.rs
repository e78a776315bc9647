use diesel::prelude::*;

use crate::cases::CaseId;
use crate::db::schema::exg_inbox;
use crate::db::{Conn, Each};
use crate::exchange::model::{InboxFilter, InboxId, InboxRow, InboxState};
use crate::identity::DepartmentId;
use crate::kernel::{Result, Ts};

/// What is kept of a message.
pub struct Kept<'a> {
    pub department: DepartmentId,
    pub message_id: &'a str,
    pub kind: &'a str,
    pub case: Option<CaseId>,
    pub state: InboxState,
    pub reason: Option<&'a str>,
    /// Sealed.
    pub body: &'a [u8],
}

pub fn state_of(c: &mut Conn, department: DepartmentId, message_id: &str) -> Result<Option<InboxState>> {
    Ok(exg_inbox::table
        .filter(exg_inbox::department_id.eq(department))
        .filter(exg_inbox::message_id.eq(message_id))
        .select(exg_inbox::state)
        .first(c)
        .optional()?)
}

/// Writes a message unless there is one of this id; tells whether it was written. On PostgreSQL it waits for a transaction that
/// writes the same.
pub fn insert(c: &mut Conn, kept: &Kept<'_>, now: Ts) -> Result<bool> {
    let n = Each(
        diesel::insert_into(exg_inbox::table)
            .values((
                exg_inbox::id.eq(InboxId::random()),
                exg_inbox::department_id.eq(kept.department),
                exg_inbox::message_id.eq(kept.message_id),
                exg_inbox::kind.eq(kept.kind),
                exg_inbox::case_id.eq(kept.case),
                exg_inbox::received_at.eq(now),
                exg_inbox::state.eq(kept.state),
                exg_inbox::reason.eq(kept.reason),
                exg_inbox::body.eq(kept.body),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    Ok(n == 1)
}

/// Takes up a message again that was refused before; tells whether there was such a one.
pub fn take_up_refused(c: &mut Conn, kept: &Kept<'_>, now: Ts) -> Result<bool> {
    let refused = exg_inbox::table
        .filter(exg_inbox::department_id.eq(kept.department))
        .filter(exg_inbox::message_id.eq(kept.message_id))
        .filter(exg_inbox::state.eq(InboxState::Refused));
    let n = diesel::update(refused)
        .set((
            exg_inbox::kind.eq(kept.kind),
            exg_inbox::case_id.eq(kept.case),
            exg_inbox::received_at.eq(now),
            exg_inbox::state.eq(kept.state),
            exg_inbox::reason.eq(kept.reason),
            exg_inbox::body.eq(kept.body),
        ))
        .execute(c)?;
    Ok(n == 1)
}

/// Newest first, after a key.
pub fn list(c: &mut Conn, filter: &InboxFilter, limit: i64) -> Result<Vec<InboxRow>> {
    let mut query = exg_inbox::table
        .select((
            exg_inbox::id,
            exg_inbox::department_id,
            exg_inbox::message_id,
            exg_inbox::kind,
            exg_inbox::case_id,
            exg_inbox::received_at,
            exg_inbox::state,
            exg_inbox::reason,
        ))
        .into_boxed();
    if filter.is_refused {
        query = query.filter(super::is_refused());
    }
    if let Some(department) = filter.department {
        query = query.filter(exg_inbox::department_id.eq(department));
    }
    if let Some(after) = filter.after {
        query = query.filter(exg_inbox::id.lt(InboxId(after.id)));
    }
    let rows: Vec<Row> = query.order(exg_inbox::id.desc()).limit(limit).load(c)?;
    Ok(rows.into_iter().map(row).collect())
}

type Row = (InboxId, DepartmentId, String, String, Option<CaseId>, Ts, InboxState, Option<String>);

fn row((id, department_id, message_id, kind, case_id, received_at, state, reason): Row) -> InboxRow {
    InboxRow { id, department_id, message_id, kind, case_id, received_at, state, reason }
}
