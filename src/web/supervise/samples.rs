//! States of the pages, for the test of templates.

use super::board::*;
use super::case::{CasePage, Correction, Dates, Said, Sent, Try};
use super::list::{Choice, List, Row};
use crate::identity::DepartmentId;
use crate::kernel::{Id, Text, Ts};
use crate::web::due::Due;
use crate::web::notice::NoticeLink;
use crate::web::timeline::Step;

pub(super) fn due(tone: &'static str, text: &'static str, days: i64) -> Due {
    Due { day: chrono::NaiveDate::from_ymd_opt(2026, 3, 2), tone, text, days }
}

fn tile(code: &'static str, value: &str, tone: &'static str) -> Tile {
    Tile { code, value: value.into(), which: "open", tone, a: "1,002".into(), b: "3".into() }
}

pub(super) fn boards() -> Vec<Board> {
    let codes = ["submitted", "open", "finished", "answering", "near", "over"];
    let empty = Board {
        at: "10:42:08".into(),
        tiles: codes.map(|code| tile(code, "0", "ok")).into(),
        chart: String::new(),
        days: vec![],
        states: vec![],
        most: 1,
        departments: vec![],
        late: vec![],
        soon: vec![],
        warns: 0,
    };
    let department = |link, link_tone, has_system, over| DepartmentRow {
        id: DepartmentId::random(),
        name: Text::new("云川市市场监督管理局", "Yunchuan Administration for Market Regulation"),
        open: 12,
        before: 5,
        deciding: 7,
        over,
        near: over,
        link,
        link_tone,
        until: "10:55".into(),
        queued: over,
        dead: over,
        failed_today: over,
        last_ok: if has_system { "10:41".into() } else { String::new() },
        has_system,
    };
    let warn = |item, tone, text| Warn {
        id: Id::random().to_string(),
        item,
        receipt_no: "202603020017".into(),
        department: Text::new("市监局", "Market Regulation"),
        state: "reviewing",
        due: due(tone, text, 2),
    };
    let day = |day: &str| DayRow { day: day.into(), submitted: 12, finished: 9 };
    let links = [("well", "ok"), ("failing", "warn"), ("trying", "warn"), ("broken", "bad"), ("off", "idle")];
    let full = Board {
        tiles: codes.map(|code| tile(code, "1,284", "bad")).into(),
        chart: "<svg></svg>".into(),
        days: vec![day("2026-03-02"), day("2026-03-01")],
        states: vec![StateRow { state: "submitted", count: 4 }, StateRow { state: "approving", count: 1 }],
        most: 4,
        departments: links
            .map(|(link, tone)| department(link, tone, true, 2))
            .into_iter()
            .chain([department("desk", "line", false, 0), department("none", "warn", false, 0)])
            .collect(),
        late: vec![warn(Some(Text::new("食品经营许可", "Food business licence")), "red", "over")],
        soon: vec![warn(None, "yellow", "today")],
        warns: 17,
        ..empty.clone()
    };
    vec![empty, full]
}

pub(super) fn lists() -> Vec<List> {
    let codes = || crate::supervision::Which::ALL.iter().map(|w| w.code()).collect::<Vec<_>>();
    let row = |item, state, decision, due| Row {
        id: Id::random().to_string(),
        receipt_no: "202603020017".into(),
        item,
        applicant: "林**".into(),
        department: Text::new("市监局", "Market Regulation"),
        state,
        decision,
        submitted_at: Some(Ts::from_micros(1_770_000_000_000_000)),
        finished_at: decision.map(|_| Ts::from_micros(1_770_900_000_000_000)),
        due,
    };
    let choice = |name: Option<Text>, is_on| Choice { code: "reviewing".into(), name, is_on };
    let list = |which, rows, next: Option<&str>, number: &str| List {
        which,
        tabs: codes(),
        departments: vec![choice(Some(Text::new("市监局", "Market Regulation")), true)],
        states: vec![choice(None, false)],
        by_department: which == "open",
        by_state: which == "open",
        is_narrowed: which == "open",
        rows,
        next: next.map(Into::into),
        first: next.map(Into::into),
        number: number.into(),
        is_unknown: !number.is_empty(),
    };
    let licence = || Some(Text::new("食品经营许可", "Food business licence"));
    vec![
        list("over", vec![], None, ""),
        list("open", vec![row(licence(), "reviewing", None, Some(due("red", "over", 2)))], Some("which=open"), ""),
        list("finished", vec![row(None, "finished", Some("granted"), None)], None, "2026<b>"),
    ]
}

pub(super) fn cases() -> Vec<CasePage> {
    let at = Ts::from_micros(1_770_000_000_000_000);
    let day = due("ok", "ok", 3).day;
    let empty = CasePage {
        id: Id::random().to_string(),
        title: Text::new("食品经营许可", "Food business licence"),
        receipt_no: "202603020017".into(),
        case_no: String::new(),
        state: "submitted",
        channel: "web",
        decision: None,
        applicant: "林**".into(),
        department: Text::new("云川市市场监督管理局", "Administration for Market Regulation"),
        due: None,
        clock: "answering",
        dates: Dates::default(),
        steps: vec![],
        corrections: vec![],
        opinions: vec![],
        dispatches: vec![],
        notices: vec![],
    };
    let tried = |status, error: Option<&str>| Try { at, status, error: error.map(Into::into), millis: 1200 };
    let sent = |state, tone, next_at, tries| Sent {
        about: "accepted",
        state,
        tone,
        created_at: at,
        next_at,
        receipt: "SJ-1".into(),
        tries,
    };
    let full = CasePage {
        case_no: "11980100007480107D".into(),
        state: "finished",
        decision: Some("granted"),
        due: Some(due("ok", "ok", 3)),
        clock: "running",
        dates: Dates {
            submitted_at: Some(at),
            received_on: day,
            accept_by: day,
            accepted_at: Some(at),
            due_on: day,
            legal_due_on: day,
            decided_at: Some(at),
            finished_at: Some(at),
        },
        steps: Step::samples(),
        corrections: vec![
            Correction {
                asked_at: at,
                due_on: day.unwrap_or_default(),
                closed_at: None,
                defects: vec![("平面图".into(), "不清晰".into())],
            },
            Correction { asked_at: at, due_on: day.unwrap_or_default(), closed_at: Some(at), defects: vec![] },
        ],
        opinions: vec![Said { step: "review", verdict: "return", opinion: "<b>".into(), by: "彭思远".into(), at }],
        dispatches: vec![
            sent(
                "queued",
                "warn",
                Some(at),
                vec![tried(Some(500), Some("outside-refused")), tried(None, Some("outside-timeout"))],
            ),
            sent("sent", "ok", None, vec![tried(Some(202), None)]),
        ],
        notices: vec![NoticeLink { id: Id::random().to_string(), heading: "acceptance", no: "1".into(), made_at: at }],
        ..empty.clone()
    };
    vec![empty, full]
}
