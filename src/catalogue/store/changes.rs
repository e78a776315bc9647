//! Changes, and the items as those who keep them see them.

use diesel::prelude::*;

use crate::catalogue::changes::{Change, ChangeId, ChangeKind, ChangeRow, ChangeState, Kept, Wanted};
use crate::catalogue::model::{Elements, ItemId, ItemState};
use crate::db::schema::{cat_change, cat_hand, cat_item, cat_version};
use crate::db::{Conn, Doc, Each};
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Day, Id, Result, Text, Ts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = cat_change)]
struct Row {
    id: ChangeId,
    item_id: Option<ItemId>,
    department_id: DepartmentId,
    kind: ChangeKind,
    state: ChangeState,
    code: String,
    name_zh: String,
    name_en: String,
    base_no: i32,
    no: Option<i32>,
    doc: Option<Doc<Elements>>,
    revision: i32,
    reason: String,
    opinion: String,
    effective_on: Option<Day>,
    author_id: Id,
    reviewer_id: Option<Id>,
    created_at: Ts,
    updated_at: Ts,
    submitted_at: Option<Ts>,
    done_at: Option<Ts>,
}

impl From<Row> for Change {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            item_id: r.item_id,
            department_id: r.department_id,
            kind: r.kind,
            state: r.state,
            code: r.code,
            name: Text::new(r.name_zh, r.name_en),
            base_no: r.base_no,
            no: r.no,
            doc: r.doc.map(|d| d.0),
            revision: r.revision,
            reason: r.reason,
            opinion: r.opinion,
            effective_on: r.effective_on,
            author_id: r.author_id,
            reviewer_id: r.reviewer_id,
            created_at: r.created_at,
            updated_at: r.updated_at,
            submitted_at: r.submitted_at,
            done_at: r.done_at,
        }
    }
}

pub(in crate::catalogue) fn insert(c: &mut Conn, x: &Change) -> Result<()> {
    diesel::insert_into(cat_change::table)
        .values((
            cat_change::id.eq(x.id),
            cat_change::item_id.eq(x.item_id),
            cat_change::department_id.eq(x.department_id),
            cat_change::kind.eq(x.kind),
            cat_change::state.eq(x.state),
            cat_change::code.eq(&x.code),
            cat_change::name_zh.eq(&x.name.zh),
            cat_change::name_en.eq(&x.name.en),
            cat_change::base_no.eq(x.base_no),
            cat_change::doc.eq(x.doc.clone().map(Doc)),
            cat_change::revision.eq(x.revision),
            cat_change::reason.eq(&x.reason),
            cat_change::opinion.eq(&x.opinion),
            cat_change::author_id.eq(x.author_id),
            cat_change::created_at.eq(x.created_at),
            cat_change::updated_at.eq(x.updated_at),
        ))
        .execute(c)?;
    Ok(())
}

pub(in crate::catalogue) fn find(c: &mut Conn, id: ChangeId) -> Result<Option<Change>> {
    let row = cat_change::table.find(id).select(Row::as_select()).first(c).optional()?;
    Ok(row.map(Change::from))
}

pub(in crate::catalogue) fn open_of_code(c: &mut Conn, code: &str) -> Result<Option<ChangeId>> {
    let open = [ChangeState::Draft, ChangeState::Review, ChangeState::Planned];
    Ok(cat_change::table
        .filter(cat_change::code.eq(code))
        .filter(cat_change::state.eq_any(open))
        .select(cat_change::id)
        .first(c)
        .optional()?)
}

/// Whether an item was ever changed by people.
pub(in crate::catalogue) fn is_kept(c: &mut Conn, id: ItemId) -> Result<bool> {
    let done = cat_change::table.filter(cat_change::item_id.eq(id)).filter(cat_change::state.eq(ChangeState::Done));
    Ok(done.select(cat_change::id).first::<ChangeId>(c).optional()?.is_some())
}

pub(in crate::catalogue) fn of_item(c: &mut Conn, id: ItemId) -> Result<Vec<Change>> {
    let rows = cat_change::table
        .filter(cat_change::item_id.eq(id))
        .order((cat_change::created_at.desc(), cat_change::id.desc()))
        .limit(200)
        .select(Row::as_select())
        .load(c)?;
    Ok(rows.into_iter().map(Change::from).collect())
}

/// Keeps elements if nobody has saved since. The list's name goes with them.
pub(in crate::catalogue) fn save(c: &mut Conn, id: ChangeId, revision: i32, doc: &Elements, now: Ts) -> Result<bool> {
    let row = cat_change::table
        .filter(cat_change::id.eq(id))
        .filter(cat_change::state.eq(ChangeState::Draft))
        .filter(cat_change::revision.eq(revision));
    let saved = diesel::update(row)
        .set((
            cat_change::doc.eq(Some(Doc(doc.clone()))),
            cat_change::name_zh.eq(&doc.name.zh),
            cat_change::name_en.eq(&doc.name.en),
            cat_change::revision.eq(revision + 1),
            cat_change::updated_at.eq(now),
        ))
        .execute(c)?;
    Ok(saved == 1)
}

/// What is said with a step of a change.
#[derive(Default)]
pub(in crate::catalogue) struct Step<'a> {
    pub reason: Option<&'a str>,
    pub effective_on: Option<Option<Day>>,
    pub opinion: Option<&'a str>,
    pub reviewer: Option<Option<Id>>,
}

/// Moves a change on, if it still is as it was read.
pub(in crate::catalogue) fn advance(
    c: &mut Conn,
    x: &Change,
    to: ChangeState,
    step: &Step<'_>,
    now: Ts,
) -> Result<bool> {
    let row = cat_change::table
        .filter(cat_change::id.eq(x.id))
        .filter(cat_change::state.eq(x.state))
        .filter(cat_change::revision.eq(x.revision));
    let moved = diesel::update(row)
        .set((
            cat_change::state.eq(to),
            step.reason.map(|r| cat_change::reason.eq(r)),
            step.effective_on.map(|d| cat_change::effective_on.eq(d)),
            step.opinion.map(|o| cat_change::opinion.eq(o)),
            step.reviewer.map(|r| cat_change::reviewer_id.eq(r)),
            (to == ChangeState::Review).then(|| cat_change::submitted_at.eq(Some(now))),
            cat_change::updated_at.eq(now),
        ))
        .execute(c)?;
    Ok(moved == 1)
}

/// Ends a planned change that is in force now.
pub(in crate::catalogue) fn finish(c: &mut Conn, id: ChangeId, item: ItemId, no: Option<i32>, now: Ts) -> Result<bool> {
    let row = cat_change::table.filter(cat_change::id.eq(id)).filter(cat_change::state.eq(ChangeState::Planned));
    let ended = diesel::update(row)
        .set((
            cat_change::state.eq(ChangeState::Done),
            cat_change::item_id.eq(Some(item)),
            cat_change::no.eq(no),
            cat_change::done_at.eq(Some(now)),
            cat_change::updated_at.eq(now),
        ))
        .execute(c)?;
    Ok(ended == 1)
}

pub(in crate::catalogue) fn add_hand(c: &mut Conn, id: ChangeId, staff: Id) -> Result<()> {
    let row = (cat_hand::change_id.eq(id), cat_hand::staff_id.eq(staff));
    Each(diesel::insert_into(cat_hand::table).values(row).on_conflict_do_nothing()).execute(c)?;
    Ok(())
}

pub(in crate::catalogue) fn has_hand(c: &mut Conn, id: ChangeId, staff: Id) -> Result<bool> {
    Ok(cat_hand::table.find((id, staff)).select(cat_hand::staff_id).first::<Id>(c).optional()?.is_some())
}

/// Planned changes whose day has come.
pub(in crate::catalogue) fn due(c: &mut Conn, today: Day, limit: i64) -> Result<Vec<ChangeId>> {
    Ok(cat_change::table
        .filter(cat_change::state.eq(ChangeState::Planned))
        .filter(cat_change::effective_on.le(today).or(cat_change::effective_on.is_null()))
        .order((cat_change::effective_on, cat_change::updated_at))
        .limit(limit)
        .select(cat_change::id)
        .load(c)?)
}

type Line = (ChangeId, ChangeKind, ChangeState, String, String, String, i32, Option<Day>, Id, Ts);

pub(in crate::catalogue) fn list(
    c: &mut Conn,
    department: Option<DepartmentId>,
    state: ChangeState,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Vec<ChangeRow>> {
    let mut rows = cat_change::table
        .filter(cat_change::state.eq(state))
        .order((cat_change::updated_at.desc(), cat_change::id.desc()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((
            cat_change::id,
            cat_change::kind,
            cat_change::state,
            cat_change::code,
            cat_change::name_zh,
            cat_change::name_en,
            cat_change::revision,
            cat_change::effective_on,
            cat_change::author_id,
            cat_change::updated_at,
        ))
        .into_boxed();
    if let Some(department) = department {
        rows = rows.filter(cat_change::department_id.eq(department));
    }
    if let Some(Cursor { at, id }) = after {
        let earlier = cat_change::updated_at.eq(at).and(cat_change::id.lt(ChangeId(id)));
        rows = rows.filter(cat_change::updated_at.lt(at).or(earlier));
    }
    let line = |(id, kind, state, code, zh, en, revision, effective_on, author_id, updated_at): Line| ChangeRow {
        id,
        kind,
        state,
        code,
        name: Text::new(zh, en),
        revision,
        effective_on,
        author_id,
        updated_at,
    };
    Ok(rows.load::<Line>(c)?.into_iter().map(line).collect())
}

type KeptRow = (ItemId, DepartmentId, ItemState, i32, Doc<Elements>, Ts);

fn kept((id, department_id, state, no, doc, published_at): KeptRow) -> Kept {
    Kept { id, department_id, state, no, elements: doc.0, published_at }
}

pub(in crate::catalogue) fn item(c: &mut Conn, id: ItemId) -> Result<Option<Kept>> {
    let wanted = Wanted { ids: Some(vec![id]), ..Wanted::default() };
    Ok(items(c, None, &wanted, 1)?.pop())
}

pub(in crate::catalogue) fn items(
    c: &mut Conn,
    department: Option<DepartmentId>,
    wanted: &Wanted,
    limit: usize,
) -> Result<Vec<Kept>> {
    let mut rows = cat_item::table
        .inner_join(cat_version::table.on(cat_version::id.eq(cat_item::version_id)))
        .filter(cat_item::code.gt(&wanted.after))
        .order(cat_item::code)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((
            cat_item::id,
            cat_item::department_id,
            cat_item::state,
            cat_version::no,
            cat_version::doc,
            cat_version::published_at,
        ))
        .into_boxed();
    if let Some(department) = department {
        rows = rows.filter(cat_item::department_id.eq(department));
    }
    if let Some(state) = wanted.state {
        rows = rows.filter(cat_item::state.eq(state));
    }
    if let Some(ids) = &wanted.ids {
        rows = rows.filter(cat_item::id.eq_any(ids.clone()));
    }
    Ok(rows.load::<KeptRow>(c)?.into_iter().map(kept).collect())
}
