//! Looking at cases: lists, one by its number.

use super::model::*;
use super::store;
use crate::calendar::Plan;
use crate::cases::{Case, CaseId};
use crate::db::Conn;
use crate::identity::Reach;
use crate::kernel::{Ctx, Cursor, Day, Page, Result, Ts};

/// A page of cases. The order is that of [`Which`].
pub fn list(c: &mut Conn, ctx: &Ctx, plan: &Plan, filter: &Filter, limit: usize) -> Result<Page<Case>> {
    let reach = Reach::of(c, ctx)?.narrowed(filter.department);
    let limits = Limits::of(plan, ctx.now.day());
    let rows = limit as i64 + 1;
    let after = filter.after.map(|cursor| (day_of(cursor), CaseId(cursor.id)));
    Ok(match filter.which {
        Which::Open => {
            let found = store::open_cases(c, filter.state, &reach, after, rows)?;
            Page::cut(found, limit, |case| key(case, case.due_on))
        }
        Which::Over | Which::Near => {
            let found = store::due_cases(c, filter.which, &limits, &reach, after, rows)?;
            Page::cut(found, limit, |case| key(case, case.due_on))
        }
        Which::Answering => {
            Page::cut(store::answering_cases(c, &limits, &reach, after, rows)?, limit, |case| key(case, case.accept_by))
        }
        Which::Submitted => Page::cut(store::submitted_cases(c, &reach, filter.after, rows)?, limit, |case| Cursor {
            at: case.submitted_at.unwrap_or_default(),
            id: case.id.0,
        }),
        Which::Finished => Page::cut(store::finished_cases(c, &reach, filter.after, rows)?, limit, |case| Cursor {
            at: case.finished_at.unwrap_or_default(),
            id: case.id.0,
        }),
    })
}

/// Stands for "no day" in a cursor, after all real days.
const NO_DAY: Day = match Day::from_ymd_opt(9999, 12, 30) {
    Some(day) => day,
    None => Day::MAX,
};

fn key(case: &Case, day: Option<Day>) -> Cursor {
    Cursor { at: Ts::start_of(day.unwrap_or(NO_DAY)), id: case.id.0 }
}

fn day_of(cursor: Cursor) -> Option<Day> {
    Some(cursor.at.day()).filter(|day| *day != NO_DAY)
}

/// The case with this receipt number or case number, if there is one.
pub fn by_number(c: &mut Conn, ctx: &Ctx, number: &str) -> Result<Option<CaseId>> {
    let reach = Reach::of(c, ctx)?;
    let number: String = number.chars().filter(|ch| !ch.is_whitespace() && *ch != '-').collect();
    store::by_number(c, &number.to_ascii_uppercase(), &reach)
}
