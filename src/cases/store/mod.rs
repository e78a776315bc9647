//! The queries on cases: every finder carries its scope.

pub(super) mod bulk;
pub(super) mod desk;
pub(super) mod files;
pub(super) mod lists;
pub(super) mod notices;
mod sealed;

use diesel::prelude::*;
pub use sealed::SEALED;

use super::model::*;
use crate::catalogue::{ItemId, VersionId};
use crate::db::schema::{case_case, case_correction, case_declarant, case_event, case_serial};
use crate::db::{Bytes, Conn, Doc, Each, Fixed, Update};
use crate::identity::{DepartmentId, MandateId, PersonId, StaffId};
use crate::kernel::{Day, Id, Result, Ts};

/// A case without what is sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = case_case, treat_none_as_default_value = false)]
pub struct Case {
    pub id: CaseId,
    pub case_no: Option<String>,
    pub receipt_no: Option<String>,
    pub item_id: ItemId,
    pub version_id: VersionId,
    pub department_id: DepartmentId,
    pub hall_id: Id,
    pub channel: Channel,
    /// Who declared it, and is told of it.
    pub person_id: Option<PersonId>,
    /// Whose it is: theirs, or of the one they act for.
    pub owner_id: Option<Id>,
    pub applicant_mask: String,
    pub identity: Identity,
    pub state: State,
    pub public_state: PublicState,
    pub clock: Clock,
    /// Grows with every change: who acts says which one they saw.
    pub rev: i64,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub submitted_at: Option<Ts>,
    /// The day on which all materials were there: the answering clock begins after it.
    pub received_on: Option<Day>,
    /// The last day to accept, refuse or ask for correction.
    pub accept_by: Option<Day>,
    pub accepted_at: Option<Ts>,
    pub accepted_by: Option<StaffId>,
    /// The promised last day.
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    pub decision: Option<Decision>,
    pub decided_at: Option<Ts>,
    pub finished_at: Option<Ts>,
}

impl Case {
    /// The number that people use; empty for a draft.
    pub fn receipt(&self) -> &str {
        self.receipt_no.as_deref().unwrap_or_default()
    }
}

/// Columns that a step may set beside the states.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = case_case)]
pub(super) struct Set {
    pub state: Option<State>,
    pub public_state: Option<PublicState>,
    pub clock: Option<Clock>,
    pub identity: Option<Identity>,
    pub person_id: Option<PersonId>,
    pub rev: Option<i64>,
    pub updated_at: Option<Ts>,
    pub case_no: Option<String>,
    pub receipt_no: Option<String>,
    pub query_code: Option<Bytes>,
    pub submitted_at: Option<Ts>,
    pub received_on: Option<Option<Day>>,
    pub accept_by: Option<Option<Day>>,
    pub accepted_at: Option<Ts>,
    pub accepted_by: Option<StaffId>,
    pub due_on: Option<Day>,
    pub legal_due_on: Option<Day>,
    pub decision: Option<Decision>,
    pub decided_at: Option<Ts>,
    pub finished_at: Option<Ts>,
}

/// Sets the columns, if the case still is at `rev`.
///
/// # Errors
/// Conflict `case-moved` when it is not; on PostgreSQL at the latest when the transaction is to be committed.
pub(super) fn compare_and_set(c: &mut Conn, id: CaseId, rev: i64, set: Set) -> Result<()> {
    let filter = case_case::id.eq(id).and(case_case::rev.eq(rev));
    let change = Update { table: "case_case", set: set.as_changeset(), filter };
    c.must("case_case", change, "case-moved")
}

/// A whole row: what is sealed stands beside the case.
#[derive(Insertable)]
#[diesel(table_name = case_case, treat_none_as_default_value = false)]
pub(super) struct NewRow {
    #[diesel(embed)]
    pub case: Case,
    pub query_code: Option<Bytes>,
    pub applicant: Bytes,
    pub applicant_index: Option<Bytes>,
    pub form: Bytes,
}

pub(super) fn insert(c: &mut Conn, row: NewRow) -> Result<()> {
    c.later_on("case_case", diesel::insert_into(case_case::table).values(row))
}

pub(super) struct Scope {
    pub owner: Option<Id>,
    pub hall: Option<Id>,
    pub department: Option<Id>,
}

/// A case within a scope; drafts are for their owners alone.
pub(super) fn find(c: &mut Conn, id: CaseId, scope: &Scope) -> Result<Case> {
    let found = crate::each_engine!(c, c => {
        let mut query = case_case::table.filter(case_case::id.eq(id)).select(Case::as_select()).into_boxed();
        match scope.owner {
            Some(owner) => query = query.filter(case_case::owner_id.eq(owner)),
            None => query = query.filter(case_case::state.ne(State::Draft)),
        }
        if let Some(hall) = scope.hall {
            query = query.filter(case_case::hall_id.eq(hall));
        }
        if let Some(department) = scope.department {
            query = query.filter(case_case::department_id.eq(DepartmentId(department)));
        }
        query.first(c)
    });
    Ok(found?)
}

pub(super) fn find_by_case_no(c: &mut Conn, case_no: &str, department: DepartmentId) -> Result<Case> {
    Ok(case_case::table
        .filter(case_case::case_no.eq(case_no))
        .filter(case_case::department_id.eq(department))
        .select(Case::as_select())
        .first(c)?)
}

/// By case number or receipt number, with the sealed query code.
pub(super) fn find_by_number(c: &mut Conn, number: &str) -> Result<Option<(Case, Option<Bytes>)>> {
    let mut query = case_case::table.select((Case::as_select(), case_case::query_code)).into_boxed();
    query = if number.len() == 12 {
        query.filter(case_case::receipt_no.eq(number))
    } else {
        query.filter(case_case::case_no.eq(number))
    };
    Ok(query.first(c).optional()?)
}

pub(super) fn query_code(c: &mut Conn, id: CaseId) -> Result<Option<Bytes>> {
    Ok(case_case::table.find(id).select(case_case::query_code).first(c)?)
}

pub(super) fn sealed(c: &mut Conn, id: CaseId) -> Result<(Bytes, Bytes)> {
    Ok(case_case::table.find(id).select((case_case::applicant, case_case::form)).first(c)?)
}

pub(super) struct DraftSet<'a> {
    pub hall_id: Id,
    pub applicant: Bytes,
    pub applicant_mask: &'a str,
    pub applicant_index: Option<Bytes>,
    pub form: Bytes,
    pub now: Ts,
}

pub(super) fn update_draft(c: &mut Conn, id: CaseId, set: &DraftSet<'_>) -> Result<bool> {
    let draft = case_case::table.filter(case_case::id.eq(id)).filter(case_case::state.eq(State::Draft));
    let n = diesel::update(draft)
        .set((
            case_case::hall_id.eq(set.hall_id),
            case_case::applicant.eq(&set.applicant),
            case_case::applicant_mask.eq(set.applicant_mask),
            case_case::applicant_index.eq(&set.applicant_index),
            case_case::form.eq(&set.form),
            case_case::updated_at.eq(set.now),
            case_case::rev.eq(case_case::rev + 1),
        ))
        .execute(c)?;
    Ok(n == 1)
}

/// Puts a draft under another version of its item.
pub(super) fn renew_draft(c: &mut Conn, id: CaseId, version: VersionId, now: Ts) -> Result<bool> {
    let draft = case_case::table.filter(case_case::id.eq(id)).filter(case_case::state.eq(State::Draft));
    let n = diesel::update(draft)
        .set((case_case::version_id.eq(version), case_case::updated_at.eq(now), case_case::rev.eq(case_case::rev + 1)))
        .execute(c)?;
    Ok(n == 1)
}

pub(super) fn update_form(c: &mut Conn, id: CaseId, form: &[u8]) -> Result<()> {
    diesel::update(case_case::table.find(id)).set(case_case::form.eq(form)).execute(c)?;
    Ok(())
}

pub(super) fn update_applicant(c: &mut Conn, id: CaseId, set: &ApplicantSet<'_>) -> Result<()> {
    diesel::update(case_case::table.find(id))
        .set((
            case_case::applicant.eq(&set.applicant),
            case_case::applicant_mask.eq(set.applicant_mask),
            case_case::applicant_index.eq(&set.applicant_index),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) struct ApplicantSet<'a> {
    pub applicant: Bytes,
    pub applicant_mask: &'a str,
    pub applicant_index: Option<Bytes>,
}

/// Cases that a person handed in, for themself or for another, while it was not known who they are, and that are not over.
pub(super) fn held(c: &mut Conn, person: PersonId) -> Result<Vec<Case>> {
    let own = crate::each_engine!(c, c => case_case::table
        .filter(case_case::owner_id.eq(person.0))
        .filter(Fixed("identity <> 'known'"))
        .filter(case_case::finished_at.is_null())
        .order(case_case::id)
        .select(Case::as_select())
        .load(c));
    let mut all: Vec<Case> = own?;
    // Whoever is told of it by now: it was signed by this person.
    let acted = crate::each_engine!(c, c => case_declarant::table
        .inner_join(case_case::table.on(case_case::id.eq(case_declarant::case_id)))
        .filter(case_declarant::person_id.eq(person))
        .filter(case_declarant::mandate_id.is_not_null())
        .filter(Fixed("identity <> 'known'"))
        .filter(case_case::finished_at.is_null())
        .order(case_case::id)
        .select(Case::as_select())
        .load(c));
    all.extend(acted?);
    Ok(all)
}

pub(super) fn count_open_of(c: &mut Conn, owner: Id, person: PersonId) -> Result<i64> {
    let open = case_case::table
        .filter(case_case::owner_id.eq(owner))
        .filter(case_case::person_id.eq(person))
        .filter(case_case::finished_at.is_null())
        .filter(case_case::state.ne(State::Draft));
    Ok(open.count().get_result(c)?)
}

pub(super) fn hand_over(c: &mut Conn, (owner, items): (Id, &[Id]), (from, to): (PersonId, PersonId)) -> Result<usize> {
    let covered: Vec<ItemId> = items.iter().copied().map(ItemId).collect();
    let moved = crate::each_engine!(c, c => {
        let mut open = case_case::table
            .filter(case_case::owner_id.eq(owner))
            .filter(case_case::person_id.eq(from))
            .filter(case_case::finished_at.is_null())
            .select(case_case::id)
            .into_boxed();
        if !covered.is_empty() {
            open = open.filter(case_case::item_id.eq_any(covered));
        }
        open.load::<CaseId>(c)
    });
    let ids: Vec<CaseId> = moved?;
    let moved = case_case::table.filter(case_case::id.eq_any(&ids)).filter(case_case::person_id.eq(from));
    Ok(diesel::update(moved).set(case_case::person_id.eq(to)).execute(c)?)
}

/// Drafts of an owner for an item, newest first.
pub(super) fn drafts_of(c: &mut Conn, owner: Id, item: ItemId) -> Result<Vec<Case>> {
    Ok(case_case::table
        .filter(case_case::owner_id.eq(owner))
        .filter(case_case::item_id.eq(item))
        .filter(case_case::state.eq(State::Draft))
        .order(case_case::created_at.desc())
        .select(Case::as_select())
        .limit(5)
        .load(c)?)
}

pub(super) fn delete_draft(c: &mut Conn, id: CaseId, owner: Id) -> Result<bool> {
    let draft = case_case::table
        .filter(case_case::id.eq(id))
        .filter(case_case::owner_id.eq(owner))
        .filter(case_case::state.eq(State::Draft));
    Ok(diesel::delete(draft).execute(c)? == 1)
}

/// Cases whose answering clock ran out before `today`; not those that nobody may accept, since it is not known whose they are.
pub(super) fn unanswered(c: &mut Conn, today: Day, limit: i64) -> Result<Vec<CaseId>> {
    Ok(case_case::table
        .filter(Fixed("clock = 'answering'"))
        .filter(case_case::accept_by.lt(today))
        .filter(Fixed("identity = 'known'"))
        .select(case_case::id)
        .limit(limit)
        .load(c)?)
}

pub(super) fn add_serials(c: &mut Conn, day: Day, count: i32) -> Result<i32> {
    let insert = diesel::insert_into(case_serial::table)
        .values((case_serial::day.eq(day), case_serial::last.eq(count)))
        .on_conflict(case_serial::day)
        .do_update()
        .set(case_serial::last.eq(case_serial::last + count))
        .returning(case_serial::last);
    Ok(Each(insert).get_result(c)?)
}

pub(super) fn insert_declarant(c: &mut Conn, id: CaseId, d: &Declared, now: Ts) -> Result<()> {
    let row = (
        case_declarant::case_id.eq(id),
        case_declarant::person_id.eq(d.person),
        case_declarant::mandate_id.eq(d.mandate),
        case_declarant::level.eq(d.level),
        case_declarant::at.eq(now),
    );
    c.later("case_declarant", diesel::insert_into(case_declarant::table).values(row))
}

pub(super) fn declarant(c: &mut Conn, id: CaseId) -> Result<Option<Declared>> {
    let row: Option<(Option<PersonId>, Option<MandateId>, i32)> = case_declarant::table
        .find(id)
        .select((case_declarant::person_id, case_declarant::mandate_id, case_declarant::level))
        .first(c)
        .optional()?;
    Ok(row.map(|(person, mandate, level)| Declared { person, mandate, level }))
}

pub(super) struct EventRow<'a> {
    pub case_id: CaseId,
    pub at: Ts,
    pub event: Event,
    pub from: State,
    pub to: State,
    pub actor_kind: &'a str,
    pub actor_id: Option<Id>,
    pub actor_name: &'a str,
    pub note: &'a str,
    pub is_public: bool,
}

pub(super) fn insert_event(c: &mut Conn, e: &EventRow<'_>) -> Result<()> {
    let row = (
        case_event::id.eq(Id::random()),
        case_event::case_id.eq(e.case_id),
        case_event::at.eq(e.at),
        case_event::event.eq(e.event),
        case_event::from_state.eq(e.from),
        case_event::to_state.eq(e.to),
        case_event::actor_kind.eq(e.actor_kind.to_owned()),
        case_event::actor_id.eq(e.actor_id),
        case_event::actor_name.eq(e.actor_name.to_owned()),
        case_event::note.eq(e.note.to_owned()),
        case_event::is_public.eq(e.is_public),
    );
    c.later("case_event", diesel::insert_into(case_event::table).values(row))
}

type EventTuple = (Ts, Event, State, State, String, Option<Id>, String, String, bool);

pub(super) fn events(c: &mut Conn, id: CaseId) -> Result<Vec<Happened>> {
    let rows: Vec<EventTuple> = case_event::table
        .filter(case_event::case_id.eq(id))
        .order((case_event::at, case_event::id))
        .select((
            case_event::at,
            case_event::event,
            case_event::from_state,
            case_event::to_state,
            case_event::actor_kind,
            case_event::actor_id,
            case_event::actor_name,
            case_event::note,
            case_event::is_public,
        ))
        .load(c)?;
    let happened = |(at, event, from, to, actor_kind, actor_id, actor_name, note, is_public)| Happened {
        at,
        event,
        from,
        to,
        actor_kind,
        actor_id,
        actor_name,
        note,
        is_public,
    };
    Ok(rows.into_iter().map(happened).collect())
}

pub(super) fn insert_correction(
    c: &mut Conn,
    case: CaseId,
    by: Id,
    at: Ts,
    defects: &[Defect],
    note: &str,
    due_on: Day,
) -> Result<CorrectionId> {
    let id = CorrectionId::random();
    diesel::insert_into(case_correction::table)
        .values((
            case_correction::id.eq(id),
            case_correction::case_id.eq(case),
            case_correction::asked_at.eq(at),
            case_correction::asked_by.eq(by),
            case_correction::defects.eq(Doc(defects.to_vec())),
            case_correction::note.eq(note),
            case_correction::due_on.eq(due_on),
        ))
        .execute(c)?;
    Ok(id)
}

type CorrectionTuple = (CorrectionId, Ts, Doc<Vec<Defect>>, String, Day, Option<Ts>, Option<String>);

pub(super) fn corrections(c: &mut Conn, case: CaseId) -> Result<Vec<Correction>> {
    let rows: Vec<CorrectionTuple> = case_correction::table
        .filter(case_correction::case_id.eq(case))
        .order(case_correction::asked_at.desc())
        .select((
            case_correction::id,
            case_correction::asked_at,
            case_correction::defects,
            case_correction::note,
            case_correction::due_on,
            case_correction::closed_at,
            case_correction::answer,
        ))
        .load(c)?;
    let correction = |(id, asked_at, defects, note, due_on, closed_at, answer): CorrectionTuple| Correction {
        id,
        asked_at,
        defects: defects.0,
        note,
        due_on,
        closed_at,
        answer,
    };
    Ok(rows.into_iter().map(correction).collect())
}

pub(super) fn close_correction(c: &mut Conn, case: CaseId, at: Ts, answer: Option<&str>) -> Result<()> {
    let open =
        case_correction::table.filter(case_correction::case_id.eq(case)).filter(case_correction::closed_at.is_null());
    diesel::update(open).set((case_correction::closed_at.eq(at), case_correction::answer.eq(answer))).execute(c)?;
    Ok(())
}

/// Cases whose open correction was due before `today`.
pub(super) fn uncorrected(c: &mut Conn, today: Day, limit: i64) -> Result<Vec<CaseId>> {
    Ok(case_correction::table
        .filter(case_correction::closed_at.is_null())
        .filter(case_correction::due_on.lt(today))
        .select(case_correction::case_id)
        .limit(limit)
        .load(c)?)
}

pub(super) fn receipts(c: &mut Conn, ids: &[CaseId]) -> Result<Vec<(CaseId, String)>> {
    let rows: Vec<(CaseId, Option<String>)> =
        case_case::table.filter(case_case::id.eq_any(ids)).select((case_case::id, case_case::receipt_no)).load(c)?;
    Ok(rows.into_iter().map(|(id, no)| (id, no.unwrap_or_default())).collect())
}
