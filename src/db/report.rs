//! What an engine says of itself: its version, the settings on which durability hangs, its clock.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::conn::Conn;
use crate::kernel::{Result, Ts};

/// One setting of the engine, and whether it is as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub value: String,
    pub is_good: bool,
}

#[derive(Debug, Clone)]
pub struct Report {
    /// Such as `SQLite 3.50.2` or `PostgreSQL 17.5`.
    pub version: String,
    pub settings: Vec<Setting>,
    pub now: Ts,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Micros {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

type Wanted = (&'static str, &'static str, &'static [&'static str]);

/// Name, the query for it, the good values.
const LITE: &[Wanted] = &[
    ("synchronous", "SELECT CAST(synchronous AS TEXT) AS value FROM pragma_synchronous", &["2", "3"]),
    ("journal_mode", "SELECT journal_mode AS value FROM pragma_journal_mode", &["wal"]),
    ("foreign_keys", "SELECT CAST(foreign_keys AS TEXT) AS value FROM pragma_foreign_keys", &["1"]),
];

const PG: &[Wanted] = &[
    ("fsync", "SELECT current_setting('fsync') AS value", &["on"]),
    ("full_page_writes", "SELECT current_setting('full_page_writes') AS value", &["on"]),
    (
        "synchronous_commit",
        "SELECT current_setting('synchronous_commit') AS value",
        &["on", "remote_write", "remote_apply"],
    ),
    ("server_encoding", "SELECT current_setting('server_encoding') AS value", &["UTF8"]),
    ("TimeZone", "SELECT current_setting('TimeZone') AS value", &["UTC"]),
];

pub(super) fn report(conn: &mut Conn) -> Result<Report> {
    let (version, wanted, clock) = match conn {
        Conn::Lite(_) => (
            "SELECT 'SQLite ' || sqlite_version() AS value",
            LITE,
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS BIGINT) AS value",
        ),
        Conn::Pg(_) => (
            "SELECT 'PostgreSQL ' || current_setting('server_version') AS value",
            PG,
            "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS value",
        ),
    };
    let version = text(conn, version)?;
    let mut settings = vec![];
    for (name, query, good) in wanted {
        let value = text(conn, query)?;
        settings.push(Setting { name, is_good: good.contains(&value.as_str()), value });
    }
    let now: Micros = crate::each_engine!(conn, c => sql_query(clock).get_result(c))?;
    Ok(Report { version, settings, now: Ts::from_micros(now.value) })
}

fn text(conn: &mut Conn, query: &str) -> Result<String> {
    let found: Value = crate::each_engine!(conn, c => sql_query(query).get_result(c))?;
    Ok(found.value)
}
