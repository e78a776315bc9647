//! A transaction on PostgreSQL, tried again when it lost against another.

use std::time::Duration;

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
        let failed = match conn.transact(|c| work(c).map_err(Failed::Ours)) {
            Ok(value) => return Ok(value),
            Err(failed) => failed,
        };
        let again = match &failed {
            Failed::Ours(e) => lost_in(e),
            Failed::Database(e) => lost(e),
        };
        if !again || tries == TRIES {
            let error = match failed {
                Failed::Ours(e) => e,
                Failed::Database(e) => e.into(),
            };
            return Err(match conn.missed() {
                Some(code) => Error::conflict(code).because(error),
                None => error,
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
