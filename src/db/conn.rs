//! The connection to either engine.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::r2d2::ManageConnection;
use diesel::result::Error as DbError;
use diesel::sqlite::Sqlite;

use super::putoff::{self, Does, PutOff};
use crate::kernel::{Error, Result};

#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(PutOff),
    Lite(diesel::SqliteConnection),
}

impl Conn {
    /// Runs a closure in one read-only snapshot.
    pub(super) fn snapshot<T>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        match self {
            Conn::Lite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
            Conn::Pg(c) => c.begin_snapshot()?,
        }
        let result = f(self);
        let ended = self.end();
        let value = result?;
        ended?;
        Ok(value)
    }

    /// Runs a closure in a transaction. On PostgreSQL it is begun when a statement needs it: see [`putoff`](super::putoff).
    pub(super) fn transact<T, E: From<DbError>>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let Conn::Pg(c) = self else { return self.transaction(f) };
        c.owe();
        let result = f(self);
        let Conn::Pg(c) = self else { return result };
        match result {
            Ok(value) => c.finish().map(|()| value).map_err(E::from),
            Err(e) => {
                // Should even that fail, the connection is known to be broken, and the cause says more.
                let _ = c.undo();
                Err(e)
            }
        }
    }

    /// Adds rows to a table, whose making nobody waits for: on PostgreSQL they go with what else was put off, before a statement that
    /// may need them or at the end.
    pub fn later<Q>(&mut self, table: &'static str, statement: Q) -> Result<()>
    where
        Q: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId + Send + 'static,
    {
        self.put_off(table, Does::Adds, statement).map(|_| ())
    }

    /// As [`Conn::later`], where rows of a table are changed, or made that the same transaction may change.
    pub fn later_on<Q>(&mut self, table: &'static str, statement: Q) -> Result<()>
    where
        Q: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId + Send + 'static,
    {
        self.put_off(table, Does::Changes, statement).map(|_| ())
    }

    /// As [`Conn::later_on`], for a row that must be there.
    ///
    /// # Errors
    /// A conflict of this code when no row was changed: at once, or at the latest when the transaction is to be committed.
    pub fn must<Q>(&mut self, table: &'static str, statement: Q, code: &'static str) -> Result<()>
    where
        Q: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId + Send + 'static,
    {
        let changed = self.put_off(table, Does::Must(code), statement)?;
        if changed == Some(0) { Err(Error::conflict(code)) } else { Ok(()) }
    }

    /// How many rows it changed, where that is known at once.
    fn put_off<Q>(&mut self, table: &'static str, does: Does, statement: Q) -> Result<Option<usize>>
    where
        Q: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId + Send + 'static,
    {
        Ok(match self {
            Conn::Pg(c) => {
                c.later(table, does, Box::new(statement))?;
                None
            }
            Conn::Lite(c) => Some(c.execute_returning_count(&statement)?),
        })
    }

    /// Changes rows of a table, together with what is put off; how many rows it changed. It need not see rows of other tables that are
    /// put off.
    pub fn together<Q>(&mut self, table: &'static str, statement: &Q) -> Result<usize>
    where
        Q: QueryFragment<Pg> + QueryFragment<Sqlite> + QueryId,
    {
        Ok(match self {
            Conn::Pg(c) => c.together(table, statement)?,
            Conn::Lite(c) => c.execute_returning_count(statement)?,
        })
    }

    /// The conflict for which the last transaction failed, when a row was not there that had to be.
    pub(super) fn missed(&self) -> Option<&'static str> {
        match self {
            Conn::Pg(c) => c.missed(),
            Conn::Lite(_) => None,
        }
    }

    /// Ends a reading transaction. There is nothing to keep, so the way back is as good as the way on.
    fn end(&mut self) -> QueryResult<()> {
        match self {
            Conn::Lite(c) => AnsiTransactionManager::rollback_transaction(c),
            Conn::Pg(c) => putoff::Manager::rollback_transaction(c),
        }
    }
}

/// Makes pooled connections. The engine is known, so that the true error of a connection is not lost.
#[derive(Debug, Clone)]
pub(super) enum Manager {
    Lite { path: String, read_only: bool },
    Pg { url: String },
}

impl Manager {
    pub(super) fn open(&self) -> Result<Conn> {
        match self {
            Manager::Lite { path, read_only } => {
                let mut c = SqliteConnection::establish(path).map_err(Error::internal)?;
                for pragma in PRAGMAS {
                    c.batch_execute(pragma)?;
                }
                if *read_only {
                    c.batch_execute("PRAGMA query_only = ON")?;
                }
                Ok(Conn::Lite(c))
            }
            Manager::Pg { url } => {
                let mut c = PutOff::establish(url).map_err(Error::internal)?;
                // Messages are compared with English words (a deadlock has no kind of its own in diesel).
                c.batch_execute("SET lc_messages = 'C'; SET TIME ZONE 'UTC'; SET statement_timeout = '60s'")?;
                Ok(Conn::Pg(c))
            }
        }
    }
}

/// One a call, and the time-out first: the others may have to wait.
const PRAGMAS: [&str; 7] = [
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -8192",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
];

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn> {
        self.open()
    }
    fn is_valid(&self, conn: &mut Conn) -> Result<()> {
        Ok(diesel::sql_query("SELECT 1").execute(conn).map(|_| ())?)
    }
    fn has_broken(&self, conn: &mut Conn) -> bool {
        let broken = match conn {
            Conn::Lite(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
            Conn::Pg(c) => putoff::Manager::is_broken_transaction_manager(c),
        };
        std::thread::panicking() || broken
    }
}
