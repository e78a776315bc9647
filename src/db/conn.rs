//! The connection to either engine, and what diesel's MultiConnection leaves out.

use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::r2d2::ManageConnection;
use diesel::sql_types::{BigInt, Bool};
use diesel::sqlite::Sqlite;

use crate::kernel::{Error, Result};

#[derive(diesel::MultiConnection)]
pub enum Conn {
    Pg(diesel::PgConnection),
    Lite(diesel::SqliteConnection),
}

impl Conn {
    /// Runs a closure in one read-only snapshot.
    pub(super) fn snapshot<T>(&mut self, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        match self {
            Conn::Lite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
            Conn::Pg(c) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            }
        }
        let result = f(self);
        let ended = self.end();
        let value = result?;
        ended?;
        Ok(value)
    }

    /// Ends a reading transaction. There is nothing to keep, so the way back is as good as the way on.
    fn end(&mut self) -> QueryResult<()> {
        match self {
            Conn::Lite(c) => AnsiTransactionManager::rollback_transaction(c),
            Conn::Pg(c) => AnsiTransactionManager::rollback_transaction(c),
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
                let mut c = PgConnection::establish(url).map_err(Error::internal)?;
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
            Conn::Pg(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
        };
        std::thread::panicking() || broken
    }
}

/// Sends on each engine the SQL that diesel makes for that engine: upserts, unions, casts, filtered aggregates.
pub struct Each<Q>(pub Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Each<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: QueryId> QueryId for Each<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for Each<Q> {
    type SqlType = Q::SqlType;
}
impl<Q, C> RunQueryDsl<C> for Each<Q> {}

/// Appends `FOR UPDATE SKIP LOCKED` on PostgreSQL; nothing on SQLite, which has one writer.
pub struct SkipLocked<Q>(pub Q);

struct ForUpdateSkipLocked;
static LOCK: ForUpdateSkipLocked = ForUpdateSkipLocked;

impl QueryFragment<Pg> for ForUpdateSkipLocked {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(" FOR UPDATE SKIP LOCKED");
        Ok(())
    }
}
impl QueryFragment<Sqlite> for ForUpdateSkipLocked {
    fn walk_ast<'b>(&'b self, _: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        Ok(())
    }
}
impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for SkipLocked<Q>
where
    MultiBackend: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        MultiBackend::walk_variant_ast(&LOCK, out)
    }
}
impl<Q: QueryId> QueryId for SkipLocked<Q> {
    type QueryId = SkipLocked<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for SkipLocked<Q> {
    type SqlType = Q::SqlType;
}
impl<Q, C> RunQueryDsl<C> for SkipLocked<Q> {}

/// A condition written out, without parameters: an engine uses an index of a part of the rows only for such a one. Unlike diesel's own
/// literals it does not keep the statement around it from being cached.
#[derive(Debug, Clone, Copy)]
pub struct Fixed(pub &'static str);

impl Expression for Fixed {
    type SqlType = Bool;
}
impl<DB: Backend> QueryFragment<DB> for Fixed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}
impl QueryId for Fixed {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<T> AppearsOnTable<T> for Fixed {}
impl<T> SelectableExpression<T> for Fixed {}
impl<G> ValidGrouping<G> for Fixed {
    type IsAggregate = is_aggregate::Never;
}

/// How many rows a query gives. One with a limit is counted up to it, so that a long list costs no more than a short one.
pub struct Counted<Q>(pub Q);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}
impl<Q: QueryId> QueryId for Counted<Q> {
    type QueryId = Counted<Q::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}
impl<Q, C> RunQueryDsl<C> for Counted<Q> {}

/// Lets a statement be cached that diesel compiles anew each time: an UPDATE, an upsert. For those of few shapes.
pub struct Steady<Q>(pub Q);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Steady<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}
impl<Q> QueryId for Steady<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<Q, C> RunQueryDsl<C> for Steady<Q> {}
