//! What several public pages show of an item.

use serde::Serialize;

use crate::calendar::{Limit, Unit};
use crate::catalogue::{self, CaseKind, Elements, Piece, Shelf, Shelved};
use crate::kernel::{Lang, Text};

/// Days of a limit; nought means on the spot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Days {
    pub n: u32,
    pub is_calendar: bool,
}

impl From<Limit> for Days {
    fn from(limit: Limit) -> Self {
        Self { n: limit.days, is_calendar: limit.unit == Unit::Calendar }
    }
}

/// An item in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub slug: String,
    /// The name in the page's language, cut where the query stands in it.
    pub name: Vec<Piece>,
    pub summary: Text,
    pub department: Text,
    pub is_immediate: bool,
    pub promised: Days,
    /// Declared online, and not suspended.
    pub is_online: bool,
    pub is_halted: bool,
    pub visits: u32,
}

impl Row {
    pub fn new(shelf: &Shelf, item: &Shelved, lang: Lang, query: &str) -> Self {
        let e = &item.elements;
        Self {
            slug: e.slug.clone(),
            name: catalogue::marked(e.name.get(lang), query),
            summary: e.summary.clone(),
            department: department(shelf, item),
            is_immediate: e.kind == CaseKind::Immediate,
            promised: e.limits.promised.into(),
            is_online: e.online.enabled && item.halt.is_none(),
            is_halted: item.halt.is_some(),
            visits: item.elements.way().trips,
        }
    }

    pub fn sample() -> Self {
        Self {
            slug: "food-operation-licence".into(),
            name: catalogue::marked("食品经营许可（新办）", "食品"),
            summary: Text::new("开办餐馆前需要取得的许可证。", "The licence needed before opening a restaurant."),
            department: Text::new("云川市市场监督管理局", "Yunchuan Administration for Market Regulation"),
            is_immediate: false,
            promised: Days { n: 6, is_calendar: false },
            is_online: true,
            is_halted: false,
            visits: 0,
        }
    }

    /// One that is done on the spot, at a hall.
    pub fn sample_at_once() -> Self {
        Self {
            is_immediate: true,
            promised: Days { n: 0, is_calendar: false },
            is_online: false,
            is_halted: true,
            visits: 1,
            ..Self::sample()
        }
    }
}

/// The name of an item's department; its key should the department be unknown.
pub fn department(shelf: &Shelf, item: &Shelved) -> Text {
    shelf.department(item.department_id).map_or_else(|_| Text::new(&item.elements.department, ""), |d| d.name.clone())
}

/// A theme's picture among the icons.
pub fn theme_icon(code: &str) -> &'static str {
    match code {
        "101" => "child",
        "102" => "id-card",
        "103" | "217" => "school",
        "104" => "flag",
        "105" | "206" => "briefcase",
        "106" | "203" => "shield",
        "107" => "ring",
        "108" => "star",
        "109" => "house",
        "110" | "207" => "coin",
        "111" => "help",
        "112" => "ticket",
        "113" => "car",
        "114" => "globe",
        "115" => "chat",
        "116" | "212" => "siren",
        "118" | "219" => "grid",
        "119" | "216" => "medical",
        "120" => "logout",
        "122" => "access",
        "123" => "user",
        "124" | "201" => "building",
        "125" | "202" => "stamp",
        "204" => "calendar",
        "205" => "yuan",
        "208" => "chart",
        "209" => "pin",
        "210" => "truck",
        "211" | "214" => "leaf",
        "213" => "flame",
        "215" => "key",
        "220" => "check-circle",
        "221" => "close",
        "222" => "window",
        _ => "list",
    }
}

/// The theme that a page names first for an item: its dictionary and code.
pub fn first_theme(e: &Elements) -> Option<(&'static str, &str)> {
    match (e.themes.person.first(), e.themes.enterprise.first()) {
        (Some(code), _) => Some(("theme_person", code)),
        (None, Some(code)) => Some(("theme_enterprise", code)),
        (None, None) => None,
    }
}
