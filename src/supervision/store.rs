//! Reads `case_case` for the whole city. Conditions that name an index of a part of the rows are written out, since an engine uses
//! such an index only for a condition without parameters.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use super::model::*;
use crate::cases::{Case, CaseId, Decision, State};
use crate::db::schema::case_case;
use crate::db::{Conn, Fixed};
use crate::identity::{DepartmentId, Reach};
use crate::kernel::{Cursor, Day, Result, Ts};

fn is_open() -> Fixed {
    Fixed("finished_at IS NULL AND state <> 'draft'")
}

fn is_answering() -> Fixed {
    Fixed("clock = 'answering'")
}

/// Keeps a boxed query within a reach.
macro_rules! within {
    ($query:expr, $reach:expr) => {
        match $reach {
            Reach::Everywhere => $query,
            Reach::Of(departments) => $query.filter(case_case::department_id.eq_any(departments.clone())),
        }
    };
}

/// Open cases by department and state: one pass over their index.
pub(super) fn open(c: &mut Conn, limits: &Limits, reach: &Reach) -> Result<Vec<OpenCount>> {
    let over =
        sql::<BigInt>("COALESCE(SUM(CASE WHEN due_on < ").bind::<Date, _>(limits.today).sql(" THEN 1 ELSE 0 END), 0)");
    let near = sql::<BigInt>("COALESCE(SUM(CASE WHEN due_on >= ")
        .bind::<Date, _>(limits.today)
        .sql(" AND due_on <= ")
        .bind::<Date, _>(limits.near)
        .sql(" THEN 1 ELSE 0 END), 0)");
    let rows: Vec<(DepartmentId, State, i64, i64, i64)> = case_case::table
        .filter(is_open())
        .group_by((case_case::department_id, case_case::state))
        .select((case_case::department_id, case_case::state, sql::<BigInt>("COUNT(*)"), over, near))
        .order((case_case::department_id, case_case::state))
        .load(c)?;
    let count = |(department, state, all, over, near)| OpenCount { department, state, all, over, near };
    // They come by department: what lies outside is left out here.
    Ok(rows.into_iter().map(count).filter(|count| reach.holds(count.department)).collect())
}

pub(super) fn answering(c: &mut Conn, limits: &Limits, reach: &Reach) -> Result<Answering> {
    let until = |c: &mut Conn, day: Day| -> Result<i64> {
        let all = case_case::table.filter(is_answering()).filter(case_case::accept_by.le(day)).into_boxed();
        Ok(within!(all, reach).count().get_result(c)?)
    };
    let over = limits.today.pred_opt().map_or(Ok(0), |yesterday| until(c, yesterday))?;
    Ok(Answering { near: until(c, limits.near)? - over, over })
}

/// What happened since `start`.
pub(super) fn flow(c: &mut Conn, start: Ts, reach: &Reach, departments: &[DepartmentId]) -> Result<Flow> {
    let submitted = case_case::table.filter(case_case::submitted_at.ge(start)).into_boxed();
    let submitted = within!(submitted, reach).count().get_result(c)?;
    let accepted = case_case::table
        .filter(case_case::department_id.eq_any(departments))
        .filter(case_case::accepted_at.ge(start))
        .count()
        .get_result(c)?;
    let ended: Vec<(DepartmentId, Option<Decision>, i64)> = case_case::table
        .filter(case_case::finished_at.ge(start))
        .group_by((case_case::department_id, case_case::decision))
        .select((case_case::department_id, case_case::decision, sql::<BigInt>("COUNT(*)")))
        .load(c)?;
    let ended: Vec<_> = ended.into_iter().filter(|(department, ..)| reach.holds(*department)).collect();
    let of = |decision| ended.iter().filter(|(_, d, _)| *d == Some(decision)).map(|(.., n)| n).sum();
    Ok(Flow {
        submitted,
        accepted,
        granted: of(Decision::Granted),
        refused: of(Decision::Refused),
        finished: ended.iter().map(|(.., n)| n).sum(),
    })
}

/// What was declared and what ended from one instant until before another.
pub(super) fn day(c: &mut Conn, reach: &Reach, day: Day, from: Ts, to: Ts) -> Result<DayFlow> {
    let submitted =
        case_case::table.filter(case_case::submitted_at.ge(from)).filter(case_case::submitted_at.lt(to)).into_boxed();
    let finished =
        case_case::table.filter(case_case::finished_at.ge(from)).filter(case_case::finished_at.lt(to)).into_boxed();
    Ok(DayFlow {
        day,
        submitted: within!(submitted, reach).count().get_result(c)?,
        finished: within!(finished, reach).count().get_result(c)?,
    })
}

/// The last day and the id of the row before a page.
type After = Option<(Option<Day>, CaseId)>;

/// Open cases, those with a promised limit first, by its last day; then the oldest.
pub(super) fn open_cases(
    c: &mut Conn,
    state: Option<State>,
    reach: &Reach,
    after: After,
    limit: i64,
) -> Result<Vec<Case>> {
    let mut query = case_case::table.filter(is_open()).select(case_case::id).into_boxed();
    query = within!(query, reach);
    if let Some(state) = state {
        query = query.filter(case_case::state.eq(state));
    }
    match after {
        Some((Some(day), id)) => {
            let tie = case_case::due_on.eq(day).and(case_case::id.gt(id));
            let later = case_case::due_on.gt(day).or(tie).assume_not_null();
            query = query.filter(case_case::due_on.is_null().or(later));
        }
        Some((None, id)) => query = query.filter(case_case::due_on.is_null()).filter(case_case::id.gt(id)),
        None => {}
    }
    let order = (case_case::due_on.is_null(), case_case::due_on, case_case::id);
    let ids = query.order(order).limit(limit).load(c)?;
    in_order(c, ids)
}

/// Cases that are over their limit or near it, by its last day.
pub(super) fn due_cases(
    c: &mut Conn,
    which: Which,
    limits: &Limits,
    reach: &Reach,
    after: After,
    limit: i64,
) -> Result<Vec<Case>> {
    let mut query = case_case::table.filter(is_open()).select(case_case::id).into_boxed();
    query = match which {
        Which::Over => query.filter(case_case::due_on.lt(limits.today)),
        _ => query.filter(case_case::due_on.ge(limits.today)).filter(case_case::due_on.le(limits.near)),
    };
    query = within!(query, reach);
    if let Some((Some(day), id)) = after {
        let tie = case_case::due_on.eq(day).and(case_case::id.gt(id));
        query = query.filter(case_case::due_on.gt(day).or(tie));
    }
    let ids = query.order((case_case::due_on, case_case::id)).limit(limit).load(c)?;
    in_order(c, ids)
}

/// Cases that wait for an answer, and have at most one working day left for it.
pub(super) fn answering_cases(
    c: &mut Conn,
    limits: &Limits,
    reach: &Reach,
    after: After,
    limit: i64,
) -> Result<Vec<Case>> {
    let mut query = case_case::table
        .filter(is_answering())
        .filter(case_case::accept_by.le(limits.near))
        .select(case_case::id)
        .into_boxed();
    query = within!(query, reach);
    if let Some((Some(day), id)) = after {
        let tie = case_case::accept_by.eq(day).and(case_case::id.gt(id));
        query = query.filter(case_case::accept_by.ge(day)).filter(case_case::accept_by.gt(day).or(tie));
    }
    let ids = query.order((case_case::accept_by, case_case::id)).limit(limit).load(c)?;
    in_order(c, ids)
}

/// All cases, the last declared first.
pub(super) fn submitted_cases(c: &mut Conn, reach: &Reach, after: Option<Cursor>, limit: i64) -> Result<Vec<Case>> {
    let mut query =
        case_case::table.filter(case_case::submitted_at.is_not_null()).select(Case::as_select()).into_boxed();
    query = within!(query, reach);
    if let Some(Cursor { at, id }) = after {
        let tie = case_case::submitted_at.eq(at).and(case_case::id.lt(CaseId(id)));
        query = query.filter(case_case::submitted_at.le(at)).filter(case_case::submitted_at.lt(at).or(tie));
    }
    Ok(query.order((case_case::submitted_at.desc(), case_case::id.desc())).limit(limit).load(c)?)
}

/// Ended cases, the last first.
pub(super) fn finished_cases(c: &mut Conn, reach: &Reach, after: Option<Cursor>, limit: i64) -> Result<Vec<Case>> {
    let mut query =
        case_case::table.filter(case_case::finished_at.is_not_null()).select(Case::as_select()).into_boxed();
    query = within!(query, reach);
    if let Some(Cursor { at, id }) = after {
        let tie = case_case::finished_at.eq(at).and(case_case::id.lt(CaseId(id)));
        query = query.filter(case_case::finished_at.le(at)).filter(case_case::finished_at.lt(at).or(tie));
    }
    Ok(query.order((case_case::finished_at.desc(), case_case::id.desc())).limit(limit).load(c)?)
}

/// The cases of these ids, in their order: lists are found in an index alone, and only a page's rows are fetched.
fn in_order(c: &mut Conn, ids: Vec<CaseId>) -> Result<Vec<Case>> {
    let mut rows: Vec<Case> = case_case::table.filter(case_case::id.eq_any(&ids)).select(Case::as_select()).load(c)?;
    rows.sort_by_key(|case| ids.iter().position(|id| *id == case.id));
    Ok(rows)
}

pub(super) fn by_number(c: &mut Conn, number: &str, reach: &Reach) -> Result<Option<CaseId>> {
    let query = within!(case_case::table.select(case_case::id).into_boxed(), reach);
    let query = if number.len() == 12 {
        query.filter(case_case::receipt_no.eq(number))
    } else {
        query.filter(case_case::case_no.eq(number))
    };
    Ok(query.first(c).optional()?)
}
