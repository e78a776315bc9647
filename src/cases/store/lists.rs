//! Cases in lists: an owner's, a department's.

use diesel::prelude::*;

use super::Case;
use crate::cases::model::*;
use crate::catalogue::{ItemId, VersionId};
use crate::db::schema::case_case;
use crate::db::{Conn, Fixed};
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Day, Id, Result, Ts};

/// What lists show of a case.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = case_case)]
pub struct Listed {
    pub id: CaseId,
    pub case_no: Option<String>,
    pub receipt_no: Option<String>,
    pub version_id: VersionId,
    pub applicant_mask: String,
    pub identity: Identity,
    pub state: State,
    pub public_state: PublicState,
    pub created_at: Ts,
    pub submitted_at: Option<Ts>,
    pub accept_by: Option<Day>,
    pub accepted_at: Option<Ts>,
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    pub decision: Option<Decision>,
    pub finished_at: Option<Ts>,
}

impl From<&Case> for Listed {
    fn from(case: &Case) -> Self {
        Self {
            id: case.id,
            case_no: case.case_no.clone(),
            receipt_no: case.receipt_no.clone(),
            version_id: case.version_id,
            applicant_mask: case.applicant_mask.clone(),
            identity: case.identity,
            state: case.state,
            public_state: case.public_state,
            created_at: case.created_at,
            submitted_at: case.submitted_at,
            accept_by: case.accept_by,
            accepted_at: case.accepted_at,
            due_on: case.due_on,
            legal_due_on: case.legal_due_on,
            decision: case.decision,
            finished_at: case.finished_at,
        }
    }
}

/// Whose cases, and of which items: of all, when there are none.
pub(in crate::cases) struct Owned<'a> {
    pub owner: Id,
    pub items: &'a [Id],
}

/// Cases of an owner after a key, the newest first.
pub(in crate::cases) fn of_owner(c: &mut Conn, of: &Owned<'_>, after: Cursor, limit: i64) -> Result<Vec<Listed>> {
    let Cursor { at, id } = after;
    let later = case_case::created_at.eq(at).and(case_case::id.lt(CaseId(id)));
    let rows = crate::each_engine!(c, c => {
        let mut query = case_case::table
            .filter(case_case::owner_id.eq(of.owner))
            .filter(case_case::created_at.le(at))
            .filter(case_case::created_at.lt(at).or(later))
            .order((case_case::created_at.desc(), case_case::id.desc()))
            .select(Listed::as_select())
            .into_boxed();
        if !of.items.is_empty() {
            query = query.filter(case_case::item_id.eq_any(of.items.iter().copied().map(ItemId)));
        }
        query.limit(limit).load(c)
    });
    Ok(rows?)
}

/// The newest cases of an owner of these items, and of those the ones that wait for their correction.
pub(in crate::cases) fn first_of_items(
    c: &mut Conn,
    of: &Owned<'_>,
    limit: i64,
    correcting: i64,
) -> Result<Vec<Listed>> {
    let items: Vec<ItemId> = of.items.iter().copied().map(ItemId).collect();
    let rows = crate::each_engine!(c, c => {
        let newest = || {
            case_case::table
                .filter(case_case::owner_id.eq(of.owner))
                .filter(case_case::item_id.eq_any(items.clone()))
                .order((case_case::created_at.desc(), case_case::id.desc()))
                .select(Listed::as_select())
        };
        let first = newest().limit(limit).load::<Listed>(c);
        let waiting = newest().filter(Fixed("state = 'correcting'")).limit(correcting).load::<Listed>(c);
        first.and_then(|mut rows| {
            rows.extend(waiting?);
            Ok(rows)
        })
    });
    Ok(rows?)
}

/// The newest cases of an owner, and the newest of those that wait for their correction, which may be the same: in one question, in no
/// order.
pub(in crate::cases) fn first_of_owner(c: &mut Conn, owner: Id, limit: i64, correcting: i64) -> Result<Vec<Listed>> {
    let rows = crate::each_engine!(c, c => {
        let newest = || {
            let own = case_case::table.filter(case_case::owner_id.eq(owner)).select(Listed::as_select());
            own.order((case_case::created_at.desc(), case_case::id.desc()))
        };
        newest().limit(limit).union_all(newest().filter(Fixed("state = 'correcting'")).limit(correcting)).load(c)
    });
    Ok(rows?)
}

/// Accepted cases of a department, the last accepted first, after a key.
pub(in crate::cases) fn of_department(
    c: &mut Conn,
    department: DepartmentId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let rows = crate::each_engine!(c, c => {
        let mut query = case_case::table
            .filter(case_case::department_id.eq(department))
            .filter(case_case::accepted_at.is_not_null())
            .select(Listed::as_select())
            .into_boxed();
        if let Some(Cursor { at, id }) = after {
            let tie = case_case::accepted_at.eq(at).and(case_case::id.lt(CaseId(id)));
            query = query.filter(case_case::accepted_at.le(at)).filter(case_case::accepted_at.lt(at).or(tie));
        }
        query.order((case_case::accepted_at.desc(), case_case::id.desc())).limit(limit).load(c)
    });
    Ok(rows?)
}
