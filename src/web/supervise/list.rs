//! What stands behind a figure of the board: cases by kind, department and state; and one found by its number.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::cases::{Case, State};
use crate::flows::Books;
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Day, Error, Text, Ts};
use crate::render::View;
use crate::supervision::{self, Filter, Which};
use crate::web::due::Due;
use crate::web::error::PageError;
use crate::web::guard::Supervisor;
use crate::web::page;

/// Rows a page.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    which: String,
    department: String,
    state: String,
    after: String,
    number: String,
}

#[derive(Debug, Serialize)]
pub struct List {
    pub which: &'static str,
    pub tabs: Vec<&'static str>,
    pub departments: Vec<Choice>,
    pub states: Vec<Choice>,
    /// The list can be narrowed to a department; to a state.
    pub by_department: bool,
    pub by_state: bool,
    pub is_narrowed: bool,
    pub rows: Vec<Row>,
    /// Query of the next page, and of the first.
    pub next: Option<String>,
    pub first: Option<String>,
    pub number: String,
    /// No case has the number that was typed.
    pub is_unknown: bool,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub code: String,
    /// None for a state, whose name is a text.
    pub name: Option<Text>,
    pub is_on: bool,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub receipt_no: String,
    pub item: Option<Text>,
    pub applicant: String,
    pub department: Text,
    pub state: &'static str,
    pub decision: Option<&'static str>,
    pub submitted_at: Option<Ts>,
    pub finished_at: Option<Ts>,
    /// The limit that runs: to answer, or to decide.
    pub due: Option<Due>,
}

impl View for List {
    const TEMPLATE: &'static str = "supervise/cases";
    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

pub async fn show(who: Supervisor, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let number = asked.number.trim().to_owned();
    if !number.is_empty() {
        let (ctx, wanted) = (who.ctx.clone(), number.clone());
        if let Some(id) = who.app.db.read(move |c| supervision::by_number(c, &ctx, &wanted)).await? {
            return Ok(page::redirect(&format!("/supervise/cases/{id}"), ""));
        }
    }
    let filter = filter(&asked);
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let plan = books.plan.clone();
    let found = who.app.db.read(move |c| supervision::list(c, &ctx, &plan, &filter, ROWS)).await?;
    let (by_department, by_state) = narrows(filter.which);
    let query = query(&filter);
    let view = List {
        which: filter.which.code(),
        tabs: Which::ALL.iter().map(|w| w.code()).collect(),
        departments: departments(&books, filter.department),
        states: states(filter.state),
        by_department,
        by_state,
        is_narrowed: filter.department.is_some() || filter.state.is_some(),
        rows: found.rows.iter().map(|case| row(case, &books, who.ctx.now.day())).collect(),
        next: found.next.map(|after| format!("{query}&after={}", after.encode())),
        first: filter.after.map(|_| query),
        is_unknown: !number.is_empty(),
        number,
    };
    Ok(page::show(&who, &view)?)
}

/// Which filters a list obeys.
fn narrows(which: Which) -> (bool, bool) {
    (matches!(which, Which::Open | Which::Over | Which::Near), which == Which::Open)
}

fn filter(asked: &Asked) -> Filter {
    let which = Which::from_code(&asked.which).unwrap_or(Which::Open);
    let (by_department, by_state) = narrows(which);
    Filter {
        which,
        state: State::from_code(&asked.state).filter(|_| by_state),
        department: asked.department.parse::<DepartmentId>().ok().filter(|_| by_department),
        after: Cursor::decode(&asked.after),
    }
}

fn query(f: &Filter) -> String {
    let mut query = format!("which={}", f.which);
    if let Some(department) = f.department {
        query.push_str(&format!("&department={department}"));
    }
    if let Some(state) = f.state {
        query.push_str(&format!("&state={state}"));
    }
    query
}

fn departments(books: &Books, chosen: Option<DepartmentId>) -> Vec<Choice> {
    let all = books.shelf.departments().into_iter();
    all.map(|d| Choice { code: d.id.to_string(), name: Some(d.name.clone()), is_on: chosen == Some(d.id) }).collect()
}

/// States in which a case is open.
fn states(chosen: Option<State>) -> Vec<Choice> {
    let is_open = |s: &&State| **s != State::Draft && !crate::cases::state::is_final(**s);
    let choice = |s: &State| Choice { code: s.code().into(), name: None, is_on: chosen == Some(*s) };
    State::ALL.iter().filter(is_open).map(choice).collect()
}

fn row(case: &Case, books: &Books, today: Day) -> Row {
    Row {
        id: case.id.to_string(),
        receipt_no: case.receipt().to_owned(),
        item: books.shelf.by_item(case.item_id).ok().map(|i| i.elements.name.clone()),
        applicant: case.applicant_mask.clone(),
        department: books.shelf.department(case.department_id.0).map(|d| d.short.clone()).unwrap_or_default(),
        state: case.state.code(),
        decision: case.decision.map(|d| d.code()),
        submitted_at: case.submitted_at,
        finished_at: case.finished_at,
        due: due(case, books, today),
    }
}

/// The limit that runs: to answer before acceptance, to decide after it; none for what has ended or waits for the applicant.
pub(super) fn due(case: &Case, books: &Books, today: Day) -> Option<Due> {
    use crate::cases::Clock;
    let day = match case.clock {
        Clock::Answering => case.accept_by,
        Clock::Running => case.due_on,
        Clock::None | Clock::Waiting | Clock::Stopped => None,
    };
    day.map(|_| Due::of(&books.plan, today, day))
}

/// The id in a path.
///
/// # Errors
/// 404 when it is none.
pub(super) fn case_id(path: &str) -> Result<crate::cases::CaseId, Error> {
    path.parse()
}
