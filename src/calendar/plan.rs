//! The arithmetic, pure: a plan of days off and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Weekday};
use serde::{Deserialize, Serialize};

use crate::kernel::Day;

/// What limits are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Working,
    Calendar,
}

/// A limit as an item's element says it. Nought days: on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub days: u32,
    pub unit: Unit,
}

/// Days, both included, in which a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Day,
    pub to: Day,
}

/// The last day of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub day: Day,
    /// The limit reaches past the last year whose plan is known: 暂按周末推算.
    pub is_estimate: bool,
}

/// All known days that differ from the week's rhythm.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    holidays: BTreeSet<Day>,
    workdays: BTreeSet<Day>,
    names: BTreeMap<Day, String>,
    last_year: i32,
}

impl Plan {
    pub fn new(days: impl IntoIterator<Item = (Day, bool, String)>) -> Self {
        let mut plan = Plan::default();
        for (day, is_workday, name) in days {
            if is_workday {
                plan.workdays.insert(day)
            } else {
                plan.holidays.insert(day)
            };
            plan.names.insert(day, name);
            plan.last_year = plan.last_year.max(day.year());
        }
        plan
    }

    pub fn is_working(&self, day: Day) -> bool {
        if self.workdays.contains(&day) {
            return true;
        }
        !self.holidays.contains(&day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// The last day of a limit that begins on `from`, without the suspended days.
    pub fn due(&self, from: Day, limit: Limit, suspended: &[Span]) -> Due {
        let stands = |day: Day| suspended.iter().any(|s| s.from <= day && day <= s.to);
        let mut day = from;
        let mut left = limit.days;
        while left > 0 {
            day = next(day);
            let counts = !stands(day) && (limit.unit == Unit::Calendar || self.is_working(day));
            left -= u32::from(counts);
        }
        // A limit of calendar days does not end on a day off; one of nought days ends where it began.
        while limit.unit == Unit::Calendar && limit.days > 0 && (!self.is_working(day) || stands(day)) {
            day = next(day);
        }
        Due { day, is_estimate: day.year() > self.last_year }
    }

    /// Working days after `from` up to and with `to`; negative when `to` lies before `from`.
    pub fn working_days(&self, from: Day, to: Day) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let count = first.iter_days().skip(1).take_while(|d| *d <= last).filter(|d| self.is_working(*d)).count();
        sign * i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// The working day that lies so many working days before `day`: for seeded history.
    pub fn back(&self, day: Day, working_days: u32) -> Day {
        let mut at = day;
        let mut left = working_days;
        while left > 0 {
            at = at.pred_opt().unwrap_or(at);
            left -= u32::from(self.is_working(at));
        }
        at
    }

    pub fn name(&self, day: Day) -> Option<&str> {
        self.names.get(&day).map(String::as_str)
    }

    pub fn last_year(&self) -> i32 {
        self.last_year
    }
}

fn next(day: Day) -> Day {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let csv = include_str!("../../seed-data/base/calendar.csv");
        let (days, bad) = crate::calendar::store::parse(csv);
        assert!(bad.is_empty(), "{bad:?}");
        Plan::new(days)
    }
    fn day(text: &str) -> Day {
        text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
    }
    fn working(from: &str, days: u32) -> Day {
        plan().due(day(from), Limit { days, unit: Unit::Working }, &[]).day
    }

    #[test]
    fn limits_over_the_holidays_of_2025_and_2026() {
        for (from, days, due) in [
            ("2026-01-28", 10, "2026-02-11"),
            ("2026-02-12", 5, "2026-02-26"),
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-04-28", 5, "2026-05-08"),
            ("2026-09-18", 5, "2026-09-24"),
            ("2026-09-30", 20, "2026-11-03"),
            ("2026-10-09", 1, "2026-10-10"),
            ("2025-09-26", 5, "2025-10-10"),
            ("2025-01-24", 3, "2025-02-05"),
        ] {
            assert_eq!(working(from, days), day(due), "{days} working days from {from}");
        }
    }

    #[test]
    fn a_suspension_stops_the_count() {
        let stop = Span { from: day("2026-09-16"), to: day("2026-09-28") };
        let due = plan().due(day("2026-09-14"), Limit { days: 5, unit: Unit::Working }, &[stop]);
        assert_eq!(due, Due { day: day("2026-10-09"), is_estimate: false });
    }

    #[test]
    fn working_days_of_whole_years() {
        for (year, count) in [(2024, 251), (2025, 248), (2026, 248)] {
            let eve = day(&format!("{}-12-31", year - 1));
            assert_eq!(plan().working_days(eve, day(&format!("{year}-12-31"))), count, "{year}");
        }
    }

    #[test]
    fn calendar_days_end_on_a_working_day() {
        let limit = Limit { days: 3, unit: Unit::Calendar };
        assert_eq!(plan().due(day("2026-09-29"), limit, &[]).day, day("2026-10-08"));
        assert_eq!(plan().due(day("2026-10-03"), Limit { days: 0, unit: Unit::Working }, &[]).day, day("2026-10-03"));
    }

    #[test]
    fn past_the_known_years_a_date_is_an_estimate() {
        assert!(plan().due(day("2026-12-30"), Limit { days: 5, unit: Unit::Working }, &[]).is_estimate);
    }

    #[test]
    fn days_left_may_be_negative() {
        assert_eq!(plan().working_days(day("2026-01-30"), day("2026-01-28")), -2);
        assert_eq!(plan().back(day("2026-02-24"), 1), day("2026-02-14"));
    }
}
