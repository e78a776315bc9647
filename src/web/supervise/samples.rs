//! States of the pages, for the test of templates.

use super::board::*;
use crate::identity::DepartmentId;
use crate::kernel::{Id, Text};
use crate::web::due::Due;

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
    let links =
        [("well", "ok"), ("failing", "warn"), ("trying", "warn"), ("broken", "bad"), ("off", "idle")];
    let full = Board {
        tiles: codes.map(|code| tile(code, "1,284", "bad")).into(),
        chart: "<svg></svg>".into(),
        days: vec![day("2026-03-02"), day("2026-03-01")],
        states: vec![StateRow { state: "submitted", count: 4 }, StateRow { state: "approving", count: 1 }],
        most: 4,
        departments: links
            .map(|(link, tone)| department(link, tone, true, 2))
            .into_iter()
            .chain([department("desk", "line", false, 0)])
            .collect(),
        late: vec![warn(Some(Text::new("食品经营许可", "Food business licence")), "red", "over")],
        soon: vec![warn(None, "yellow", "today")],
        warns: 17,
        ..empty.clone()
    };
    vec![empty, full]
}
