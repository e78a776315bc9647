use diesel::prelude::*;

use crate::cases::model::*;
use crate::catalogue::ItemId;
use crate::db::schema::case_desk;
use crate::db::{Conn, Counted, Upsert};
use crate::kernel::{Cursor, Id, Result, StaffActor, Ts};

/// A row of a work list.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_desk, treat_none_as_default_value = false)]
pub struct DeskRow {
    pub case_id: CaseId,
    pub desk_kind: DeskKind,
    pub desk_id: Id,
    pub step: DeskStep,
    /// When the limit that matters at this desk runs out.
    pub due_at: Ts,
    pub entered_at: Ts,
    pub state: State,
    pub item_id: ItemId,
    pub receipt_no: String,
    pub applicant_mask: String,
    pub channel: Channel,
    /// Came back corrected.
    pub is_corrected: bool,
    pub identity: Identity,
    pub held_by: Option<Id>,
    pub held_name: Option<String>,
    pub held_until: Option<Ts>,
}

pub(in crate::cases) fn put(c: &mut Conn, row: DeskRow) -> Result<()> {
    let moved = (
        case_desk::desk_kind.eq(row.desk_kind),
        case_desk::desk_id.eq(row.desk_id),
        case_desk::step.eq(row.step),
        case_desk::due_at.eq(row.due_at),
        case_desk::entered_at.eq(row.entered_at),
        case_desk::state.eq(row.state),
        case_desk::is_corrected.eq(row.is_corrected),
        case_desk::identity.eq(row.identity),
        case_desk::held_by.eq(None::<Id>),
        case_desk::held_name.eq(None::<String>),
        case_desk::held_until.eq(None::<Ts>),
    );
    let fixed = (
        case_desk::case_id.eq(row.case_id),
        case_desk::item_id.eq(row.item_id),
        case_desk::receipt_no.eq(row.receipt_no),
        case_desk::applicant_mask.eq(row.applicant_mask),
        case_desk::channel.eq(row.channel),
    );
    let insert = diesel::insert_into(case_desk::table).values((fixed, moved.clone()));
    let upsert = Upsert { insert, key: &["case_id"], set: moved.as_changeset() };
    c.later_on("case_desk", upsert)
}

/// Writes what is known of who declared, and the day that matters now where it is another.
pub(in crate::cases) fn mark(
    c: &mut Conn,
    id: CaseId,
    identity: Identity,
    mask: String,
    due_at: Option<Ts>,
) -> Result<()> {
    let (row, known) =
        (case_desk::table.find(id), (case_desk::identity.eq(identity), case_desk::applicant_mask.eq(mask)));
    match due_at {
        Some(at) => c.later_on("case_desk", diesel::update(row).set((known, case_desk::due_at.eq(at)))),
        None => c.later_on("case_desk", diesel::update(row).set(known)),
    }
}

pub(in crate::cases) fn remove(c: &mut Conn, id: CaseId) -> Result<()> {
    c.later_on("case_desk", diesel::delete(case_desk::table.find(id)))
}

/// Takes the hold if nobody else has it; tells whether it was taken.
pub(in crate::cases) fn hold(c: &mut Conn, id: CaseId, staff: &StaffActor, now: Ts, until: Ts) -> Result<bool> {
    let free = case_desk::held_until.is_null().or(case_desk::held_until.lt(now)).or(case_desk::held_by.eq(staff.id));
    let n = diesel::update(case_desk::table.filter(case_desk::case_id.eq(id)).filter(free))
        .set((case_desk::held_by.eq(staff.id), case_desk::held_name.eq(&staff.name), case_desk::held_until.eq(until)))
        .execute(c)?;
    Ok(n == 1)
}

pub(in crate::cases) fn holder(c: &mut Conn, id: CaseId) -> Result<Option<String>> {
    let name: Option<Option<String>> = case_desk::table.find(id).select(case_desk::held_name).first(c).optional()?;
    Ok(name.flatten())
}

pub(in crate::cases) fn row(c: &mut Conn, id: CaseId) -> Result<Option<DeskRow>> {
    Ok(case_desk::table.find(id).select(DeskRow::as_select()).first(c).optional()?)
}

pub(in crate::cases) struct Query {
    pub kind: DeskKind,
    pub desk: Id,
    pub step: DeskStep,
    pub item: Option<ItemId>,
    pub after: Option<Cursor>,
    pub limit: i64,
}

/// Rows of a desk at one step, the most urgent first.
pub(in crate::cases) fn list(c: &mut Conn, q: &Query) -> Result<Vec<DeskRow>> {
    let rows = crate::each_engine!(c, c => {
        let mut query = case_desk::table
            .filter(case_desk::desk_kind.eq(q.kind))
            .filter(case_desk::desk_id.eq(q.desk))
            .filter(case_desk::step.eq(q.step))
            .select(DeskRow::as_select())
            .into_boxed();
        if let Some(item) = q.item {
            query = query.filter(case_desk::item_id.eq(item));
        }
        if let Some(Cursor { at, id }) = q.after {
            let later = case_desk::due_at.eq(at).and(case_desk::case_id.gt(CaseId(id)));
            query = query.filter(case_desk::due_at.ge(at)).filter(case_desk::due_at.gt(at).or(later));
        }
        query.order((case_desk::due_at, case_desk::case_id)).limit(q.limit).load(c)
    });
    Ok(rows?)
}

/// How many stand at a desk's step, counted up to a cap so that a long list costs no more than a short one.
pub(in crate::cases) fn count(c: &mut Conn, kind: DeskKind, desk: Id, step: DeskStep, cap: i64) -> Result<i64> {
    let rows = case_desk::table
        .filter(case_desk::desk_kind.eq(kind))
        .filter(case_desk::desk_id.eq(desk))
        .filter(case_desk::step.eq(step))
        .order(case_desk::due_at)
        .select(case_desk::case_id)
        .limit(cap);
    Ok(crate::each_engine!(c, c => Counted(rows).get_result(c))?)
}

/// Whether anything stands at a desk, of one item or of any.
pub(in crate::cases) fn waits(c: &mut Conn, kind: DeskKind, desk: Id, item: Option<ItemId>) -> Result<bool> {
    let mut query = case_desk::table
        .filter(case_desk::desk_kind.eq(kind))
        .filter(case_desk::desk_id.eq(desk))
        .select(case_desk::case_id)
        .into_boxed();
    if let Some(item) = item {
        query = query.filter(case_desk::item_id.eq(item));
    }
    let found: Option<CaseId> = query.first(c).optional()?;
    Ok(found.is_some())
}
