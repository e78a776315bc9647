//! The badge that shows how much of a limit is left, in working days. Template: `{{part "partials/due" due=…}}`.

use serde::Serialize;

use crate::calendar::Plan;
use crate::kernel::Day;

/// A limit as lists and case pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The last day.
    pub day: Option<Day>,
    /// `ok`, `yellow` (one working day or none is left), `red` (over), `paused`
    pub tone: &'static str,
    /// Key of the text: `case-due-…`.
    pub text: &'static str,
    /// Working days left or over.
    pub days: i64,
}

impl Due {
    /// How `day`, the last one of a limit, stands on `today`.
    pub fn of(plan: &Plan, today: Day, day: Option<Day>) -> Self {
        let Some(last) = day else { return Self { day, tone: "paused", text: "none", days: 0 } };
        let days = plan.working_days(today, last);
        let (tone, text) = match days {
            0 if last < today => ("red", "over-now"),
            _ if last < today => ("red", "over"),
            0 => ("yellow", "today"),
            1 => ("yellow", "soon"),
            _ => ("ok", "ok"),
        };
        Self { day, tone, text, days: days.abs() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(today: &str, last: &str) -> (&'static str, &'static str, i64) {
        let plan = Plan::new([("2026-05-01".parse().unwrap(), false, String::new())]);
        let due = Due::of(&plan, today.parse().unwrap(), Some(last.parse().unwrap()));
        (due.tone, due.text, due.days)
    }

    #[test]
    fn working_days_decide_the_colour() {
        assert_eq!(on("2026-04-27", "2026-04-30"), ("ok", "ok", 3));
        assert_eq!(on("2026-04-30", "2026-05-04"), ("yellow", "soon", 1), "a holiday and a weekend between");
        assert_eq!(on("2026-04-30", "2026-04-30"), ("yellow", "today", 0));
        assert_eq!(on("2026-04-30", "2026-04-28"), ("red", "over", 2));
        assert_eq!(on("2026-05-02", "2026-04-30"), ("red", "over-now", 0), "no working day has passed since");
        assert_eq!(Due::of(&Plan::default(), "2026-05-02".parse().unwrap(), None).text, "none");
    }
}
