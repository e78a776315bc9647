//! A connection to PostgreSQL that puts off what nobody waits for.
//!
//! A statement costs more by its way to the server and back than by what it does there. Rows that are only added (an event, an entry of the
//! audit, a message) give nothing back, so [`Conn::later`](super::Conn::later) keeps them, and they go in one statement, as parts of a
//! `WITH`: before anything else is asked of the connection, and at the latest before the commit. Who reads afterwards finds them
//! written; what is wrong with them fails the transaction.

use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, DefaultLoadingMode, Instrumentation, LoadConnection,
    SimpleConnection, TransactionManager,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::{ConnectionSealed, MultiConnectionHelper};
use diesel::migration::MigrationConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::r2d2::R2D2Connection;
use diesel::result::{ConnectionResult, QueryResult};
use diesel::sql_types::TypeMetadata;

/// More are sent at once: each combination of statements is prepared for itself.
const MOST: usize = 12;

type Fragment = Box<dyn QueryFragment<Pg> + Send>;
type Lookup = <Pg as TypeMetadata>::MetadataLookup;

pub struct PutOff {
    inner: PgConnection,
    waiting: Vec<Fragment>,
    /// Tables whose rows are changed by what waits.
    tables: Vec<&'static str>,
}

impl PutOff {
    /// Keeps a statement. `table`: the one whose rows it changes, if they are not new; statements of one `WITH` do not see one another,
    /// so there is but one of a table among them.
    pub(super) fn later(&mut self, table: Option<&'static str>, statement: Fragment) -> QueryResult<()> {
        if self.waiting.len() == MOST || table.is_some_and(|t| self.tables.contains(&t)) {
            self.settle()?;
        }
        self.tables.extend(table);
        self.waiting.push(statement);
        Ok(())
    }

    /// Sends what waits.
    pub(super) fn settle(&mut self) -> QueryResult<()> {
        match self.waiting.pop() {
            Some(last) => self.send(&*last).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Sends what waits together with a change of this table; how many rows that one changed.
    pub(super) fn together(&mut self, table: &'static str, last: &dyn QueryFragment<Pg>) -> QueryResult<usize> {
        if self.tables.contains(&table) {
            self.settle()?;
        }
        self.send(last)
    }

    fn send(&mut self, last: &dyn QueryFragment<Pg>) -> QueryResult<usize> {
        self.tables.clear();
        let before = std::mem::take(&mut self.waiting);
        self.inner.execute_returning_count(&Together { before: &before, last })
    }
}

/// Statements in one: all but the last as parts of a `WITH`. They do not see one another.
struct Together<'a> {
    before: &'a [Fragment],
    last: &'a dyn QueryFragment<Pg>,
}

impl QueryFragment<Pg> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (at, statement) in self.before.iter().enumerate() {
            out.push_sql(if at == 0 { "WITH " } else { ", " });
            out.push_sql(NAMES[at]);
            out.push_sql(" AS (");
            statement.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        out.push_sql(if self.before.is_empty() { "" } else { " " });
        self.last.walk_ast(out)
    }
}
impl QueryId for Together<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

const NAMES: [&str; MOST] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11"];

impl SimpleConnection for PutOff {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        if query.starts_with("ROLLBACK") {
            self.waiting.clear();
            self.tables.clear();
        } else {
            self.settle()?;
        }
        self.inner.batch_execute(query)
    }
}

impl ConnectionSealed for PutOff {}

impl Connection for PutOff {
    type Backend = Pg;
    type TransactionManager = AnsiTransactionManager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Ok(Self { inner: PgConnection::establish(url)?, waiting: vec![], tables: vec![] })
    }
    fn execute_returning_count<T: QueryFragment<Pg> + QueryId>(&mut self, source: &T) -> QueryResult<usize> {
        self.settle()?;
        self.inner.execute_returning_count(source)
    }
    fn transaction_state(&mut self) -> &mut <AnsiTransactionManager as TransactionManager<Self>>::TransactionStateData {
        self.inner.transaction_state()
    }
    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }
    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation);
    }
    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.inner.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection<DefaultLoadingMode> for PutOff {
    type Cursor<'conn, 'query> = <PgConnection as LoadConnection<DefaultLoadingMode>>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <PgConnection as LoadConnection<DefaultLoadingMode>>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        self.settle()?;
        LoadConnection::<DefaultLoadingMode>::load(&mut self.inner, source)
    }
}

impl MultiConnectionHelper for PutOff {
    fn to_any<'a>(lookup: &mut Lookup) -> &mut (dyn std::any::Any + 'a) {
        PgConnection::to_any(lookup)
    }
    fn from_any(lookup: &mut dyn std::any::Any) -> Option<&mut Lookup> {
        PgConnection::from_any(lookup)
    }
}

impl MigrationConnection for PutOff {
    fn setup(&mut self) -> QueryResult<usize> {
        self.inner.setup()
    }
}

impl R2D2Connection for PutOff {
    fn ping(&mut self) -> QueryResult<()> {
        self.inner.ping()
    }
    fn is_broken(&mut self) -> bool {
        self.inner.is_broken()
    }
}
