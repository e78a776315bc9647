//! A transaction on PostgreSQL, tried again when it lost against another.

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DbError};

use super::conn::Conn;
use crate::kernel::{Error, Result};

const TRIES: u32 = 8;

/// Either side of a failed transaction: ours, or the database's (which alone may be tried again).
enum Failed {
    Ours(Error),
    Database(DbError),
}

impl From<DbError> for Failed {
    fn from(e: DbError) -> Self {
        Failed::Database(e)
    }
}

pub(super) fn transaction<T>(conn: &mut Conn, mut work: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    let mut tries = 0;
    loop {
        tries += 1;
        let whole = |c: &mut Conn| {
            let value = work(c).map_err(Failed::Ours)?;
            c.settle()?;
            Ok(value)
        };
        let failed = match conn.transaction(whole) {
            Ok(value) => return Ok(value),
            Err(failed) => failed,
        };
        let again = match &failed {
            Failed::Ours(e) => lost_in(e),
            Failed::Database(e) => lost(e),
        };
        if !again || tries == TRIES {
            return Err(match failed {
                Failed::Ours(e) => e,
                Failed::Database(e) => e.into(),
            });
        }
        let spread = u64::from(std::process::id() % 7) + u64::from(tries);
        std::thread::sleep(Duration::from_millis((1 << tries) + spread));
    }
}

/// Whether the cause of one of our errors is a lost race.
fn lost_in(e: &Error) -> bool {
    let mut cause = std::error::Error::source(e);
    while let Some(e) = cause {
        if e.downcast_ref::<DbError>().is_some_and(lost) {
            return true;
        }
        cause = e.source();
    }
    false
}

fn lost(e: &DbError) -> bool {
    match e {
        DbError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DbError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}
