//! Time: instants in UTC microseconds, and days of China Standard Time, in which all limits run.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// A calendar day in China Standard Time (UTC+8, no summer time since 1992).
pub type Day = NaiveDate;

const CST: FixedOffset = FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset");

/// An instant, cut to microseconds since both engines keep no more.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, diesel::AsExpression, diesel::FromSqlRow,
)]
#[diesel(sql_type = crate::db::schema::types::TsSql)]
pub struct Ts(i64);

impl Ts {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }
    pub fn local(self) -> DateTime<FixedOffset> {
        self.utc().with_timezone(&CST)
    }
    pub fn day(self) -> Day {
        self.local().date_naive()
    }
    /// The first instant of a day.
    pub fn start_of(day: Day) -> Self {
        Self::local_at(day, NaiveTime::MIN)
    }
    /// The last microsecond of a day: when a limit that ends on it runs out.
    pub fn end_of(day: Day) -> Self {
        Self(Self::start_of(day).0 + 86_400_000_000 - 1)
    }
    pub fn local_at(day: Day, time: NaiveTime) -> Self {
        let at = CST.from_local_datetime(&day.and_time(time)).single();
        Self(at.map_or(0, |t| t.timestamp_micros()))
    }
    pub fn plus_secs(self, secs: i64) -> Self {
        Self(self.0 + secs * 1_000_000)
    }
    pub fn minus_secs(self, secs: i64) -> Self {
        Self(self.0 - secs * 1_000_000)
    }
    /// Whole seconds from `earlier` to this; negative when it is later.
    pub fn secs_since(self, earlier: Ts) -> i64 {
        (self.0 - earlier.0).div_euclid(1_000_000)
    }
    /// `2026-01-28 09:30` in China Standard Time.
    pub fn minute(self) -> String {
        self.local().format("%Y-%m-%d %H:%M").to_string()
    }
    /// `2026-01-28 09:30:05` in China Standard Time.
    pub fn second(self) -> String {
        self.local().format("%Y-%m-%d %H:%M:%S").to_string()
    }
    pub fn rfc3339(self) -> String {
        self.local().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
    }
}

impl From<DateTime<Utc>> for Ts {
    fn from(t: DateTime<Utc>) -> Self {
        Self(t.timestamp_micros())
    }
}
impl Serialize for Ts {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    }
}
impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        DateTime::parse_from_rfc3339(&text).map(|t| Self(t.timestamp_micros())).map_err(serde::de::Error::custom)
    }
}

/// The only source of the current time. Tests move it; nothing else reads the system's clock for a rule.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    shift: Arc<AtomicI64>,
}

impl Clock {
    pub fn now(&self) -> Ts {
        let now = Ts::from(Utc::now());
        Ts(now.0 + self.shift.load(Ordering::Relaxed))
    }
    /// Moves this clock and all its copies so that it now shows `to`.
    pub fn set(&self, to: Ts) {
        self.shift.store(to.0 - Ts::from(Utc::now()).0, Ordering::Relaxed);
    }
    pub fn advance_secs(&self, secs: i64) {
        self.shift.fetch_add(secs * 1_000_000, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_sixteen_hours_utc() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap_or_default();
        assert_eq!(Ts::start_of(day).utc().to_rfc3339(), "2026-01-27T16:00:00+00:00");
        assert_eq!(Ts::end_of(day).day(), day);
        assert_eq!(Ts::from_micros(Ts::end_of(day).micros() + 1).day(), day.succ_opt().unwrap_or_default());
    }
}
