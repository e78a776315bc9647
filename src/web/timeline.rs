//! The steps of a case, as staff see them. Template: `{{part "partials/timeline" steps=…}}`.

use serde::Serialize;

use crate::cases::Happened;
use crate::kernel::Ts;

#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub at: Ts,
    /// Text `case-event-…`.
    pub event: &'static str,
    /// Text `case-by-…`, where there is no name.
    pub by_kind: String,
    pub by: String,
    pub note: String,
}

pub fn step(h: &Happened) -> Step {
    Step {
        at: h.at,
        event: h.event.code(),
        by_kind: h.actor_kind.clone(),
        by: h.actor_name.clone(),
        note: h.note.clone(),
    }
}

impl Step {
    /// For the samples of pages.
    pub fn samples() -> Vec<Self> {
        let step = |event, by_kind: &str, by: &str, note: &str| Self {
            at: Ts::from_micros(1_770_000_000_000_000),
            event,
            by_kind: by_kind.into(),
            by: by.into(),
            note: note.into(),
        };
        vec![
            step("submit", "person", "", ""),
            step("accept", "staff", "许静怡", ""),
            step("assign", "staff", "许静怡", ""),
            step("handle", "staff", "彭思远", "经现场核查 <b>"),
        ]
    }
}
