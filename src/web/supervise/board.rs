//! The board: the whole city's cases on one page, kept up to date by [`super::live`].

use std::collections::HashMap;

use actix_web::HttpResponse;
use serde::Serialize;

use super::chart;
use crate::cases::{Case, State};
use crate::exchange::{Breaker, Health};
use crate::flows::Books;
use crate::identity::{Channel, Department, DepartmentId, Reach};
use crate::kernel::{Day, Lang, Text, Ts};
use crate::render::View;
use crate::supervision::{DayFlow, Figures, OpenCount};
use crate::web::due::Due;
use crate::web::error::PageError;
use crate::web::guard::Supervisor;
use crate::web::page;

#[derive(Debug, Clone, Serialize)]
pub struct Board {
    /// When the figures were counted: `10:42:08`.
    pub at: String,
    pub tiles: Vec<Tile>,
    pub chart: String,
    pub days: Vec<DayRow>,
    pub states: Vec<StateRow>,
    /// The largest of them, for the bars.
    pub most: i64,
    pub departments: Vec<DepartmentRow>,
    pub late: Vec<Warn>,
    pub soon: Vec<Warn>,
    pub warns: i64,
}

/// One large figure, which leads to the cases behind it. Texts `supervise-tile-…` and `supervise-note-…`.
#[derive(Debug, Clone, Serialize)]
pub struct Tile {
    pub code: &'static str,
    pub value: String,
    /// Of the list behind it.
    pub which: &'static str,
    pub tone: &'static str,
    /// What the note names.
    pub a: String,
    pub b: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct DayRow {
    pub day: String,
    pub submitted: i64,
    pub finished: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct StateRow {
    pub state: &'static str,
    pub count: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct DepartmentRow {
    pub id: DepartmentId,
    pub name: Text,
    pub open: i64,
    /// Not accepted yet, or waiting for the applicant.
    pub before: i64,
    /// Accepted, and not decided.
    pub deciding: i64,
    pub over: i64,
    pub near: i64,
    /// Text `supervise-link-…`: how its system is reached, or that it works at the desk here.
    pub link: &'static str,
    pub link_tone: &'static str,
    /// Until when its system is left alone.
    pub until: String,
    pub queued: i64,
    /// Laid aside for an administrator.
    pub dead: i64,
    pub failed_today: i64,
    pub last_ok: String,
    pub has_system: bool,
}

/// A case whose limit has run out or runs out soon.
#[derive(Debug, Clone, Serialize)]
pub struct Warn {
    pub id: String,
    pub item: Option<Text>,
    pub receipt_no: String,
    pub department: Text,
    pub state: &'static str,
    pub due: Due,
}

impl View for Board {
    const TEMPLATE: &'static str = "supervise/board";
    fn samples() -> Vec<Self> {
        super::samples::boards()
    }
}

pub async fn show(who: Supervisor) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    let reach = who.app.db.read(move |c| Reach::of(c, &ctx)).await?;
    let figures = who.app.figures(&reach).await?;
    let board = Board::of(&figures, &who.app.books(), who.ctx.lang);
    Ok(page::show(&who, &board)?)
}

impl Board {
    pub fn of(f: &Figures, books: &Books, lang: Lang) -> Self {
        let states = states(&f.open);
        let warn = |case: &Case| warn(case, books, f.at.day());
        Self {
            at: f.at.local().format("%H:%M:%S").to_string(),
            tiles: tiles(f),
            chart: chart::flow(&f.days, lang),
            days: f.days.iter().rev().map(day_row).collect(),
            most: states.iter().map(|s| s.count).max().unwrap_or_default().max(1),
            states,
            departments: departments(f, books),
            late: f.late.iter().map(warn).collect(),
            soon: f.soon.iter().map(warn).collect(),
            warns: f.all_over() + f.all_near(),
        }
    }
}

fn tiles(f: &Figures) -> Vec<Tile> {
    let correcting = f.open.iter().filter(|o| o.state == State::Correcting).map(|o| o.all).sum();
    let tile = |code, value: i64, which, tone, a: i64, b: i64| Tile {
        code,
        value: grouped(value),
        which,
        tone,
        a: grouped(a),
        b: grouped(b),
    };
    let answering = f.answering.near + f.answering.over;
    let urgent = |over: i64, near: i64| match (over, near) {
        (1.., _) => "bad",
        (_, 1..) => "warn",
        _ => "ok",
    };
    vec![
        tile("submitted", f.today.submitted, "submitted", "info", f.today.accepted, 0),
        tile("open", f.all_open(), "open", "idle", correcting, 0),
        tile("finished", f.today.finished, "finished", "ok", f.today.granted, f.today.refused),
        tile(
            "answering",
            answering,
            "answering",
            urgent(f.answering.over, answering),
            f.answering.near,
            f.answering.over,
        ),
        tile("near", f.all_near(), "near", urgent(0, f.all_near()), 0, 0),
        tile("over", f.all_over(), "over", urgent(f.all_over(), 0), 0, 0),
    ]
}

/// `1284` → `1,284`
pub(super) fn grouped(n: i64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digit.is_ascii_digit() && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn day_row(d: &DayFlow) -> DayRow {
    DayRow { day: d.day.to_string(), submitted: d.submitted, finished: d.finished }
}

fn states(open: &[OpenCount]) -> Vec<StateRow> {
    let count = |state: State| open.iter().filter(|o| o.state == state).map(|o| o.all).sum::<i64>();
    let rows = State::ALL.iter().map(|s| StateRow { state: s.code(), count: count(*s) });
    rows.filter(|row| row.count > 0).collect()
}

/// All departments that work or have something open, the most urgent first.
fn departments(f: &Figures, books: &Books) -> Vec<DepartmentRow> {
    let health: HashMap<_, _> = f.exchange.iter().map(|h| (h.department_id, h)).collect();
    let mut rows: Vec<_> = books
        .shelf
        .departments()
        .iter()
        .map(|d| department(d, f, health.get(&d.id).copied()))
        .zip(books.shelf.departments())
        .filter(|(row, d)| d.is_active || row.open > 0)
        .map(|(row, _)| row)
        .collect();
    rows.sort_by_key(|r| (-r.over, -r.near, -(r.dead + r.queued), -r.open));
    rows
}

fn department(d: &Department, f: &Figures, health: Option<&Health>) -> DepartmentRow {
    let own = || f.open.iter().filter(|o| o.department == d.id);
    let is_before = |s: State| matches!(s, State::Submitted | State::Correcting | State::PreAccepted | State::Received);
    let open = own().map(|o| o.all).sum::<i64>();
    let before = own().filter(|o| is_before(o.state)).map(|o| o.all).sum();
    let health = health.filter(|h| d.channel == Channel::System || h.queued + h.dead > 0);
    let without = if d.channel == Channel::System { ("none", "warn", None) } else { ("desk", "line", None) };
    let (link, link_tone, until) = health.map_or(without, link);
    let last_ok = health.and_then(|h| h.last_ok_at).map(|at| short(at, f.at)).unwrap_or_default();
    DepartmentRow {
        id: d.id,
        // The English names are too long for a table with nine columns.
        name: Text::new(&d.name.zh, &d.short.en),
        open,
        before,
        deciding: open - before,
        over: own().map(|o| o.over).sum(),
        near: own().map(|o| o.near).sum(),
        link,
        link_tone,
        until: until.map(|at| short(at, f.at)).unwrap_or_default(),
        queued: health.map_or(0, |h| h.queued),
        dead: health.map_or(0, |h| h.dead),
        failed_today: health.map_or(0, |h| i64::from(h.failed_today)),
        last_ok,
        has_system: health.is_some(),
    }
}

fn link(h: &Health) -> (&'static str, &'static str, Option<Ts>) {
    match h.breaker {
        _ if !h.is_active => ("off", "idle", None),
        Breaker::Open(until) => ("broken", "bad", Some(until)),
        Breaker::HalfOpen => ("trying", "warn", None),
        Breaker::Closed if h.failures > 0 || h.dead > 0 => ("failing", "warn", None),
        Breaker::Closed => ("well", "ok", None),
    }
}

/// The time of day, with the day when it is another.
fn short(at: Ts, now: Ts) -> String {
    let format = if at.day() == now.day() { "%H:%M" } else { "%m-%d %H:%M" };
    at.local().format(format).to_string()
}

fn warn(case: &Case, books: &Books, today: Day) -> Warn {
    Warn {
        id: case.id.to_string(),
        item: books.shelf.by_item(case.item_id).ok().map(|i| i.elements.name.clone()),
        receipt_no: case.receipt().to_owned(),
        department: books.shelf.department(case.department_id.0).map(|d| d.short.clone()).unwrap_or_default(),
        state: case.state.code(),
        due: Due::of(&books.plan, today, case.due_on),
    }
}

/// The parts that the stream sends by themselves, each after its place in the page; their templates.
pub(super) const PARTS: [(&str, &str); 5] = [
    ("tiles", "supervise/board_tiles"),
    ("days", "supervise/board_days"),
    ("states", "supervise/board_states"),
    ("departments", "supervise/board_departments"),
    ("warns", "supervise/board_warns"),
];
/// When the figures were counted.
pub(super) const AT: (&str, &str) = ("at", "supervise/board_at");

#[cfg(test)]
mod tests {
    #[test]
    fn large_numbers_are_grouped() {
        for (n, text) in [(0, "0"), (999, "999"), (1284, "1,284"), (1_034_221, "1,034,221"), (-1500, "-1,500")] {
            assert_eq!(super::grouped(n), text);
        }
    }
}
