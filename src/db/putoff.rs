//! A connection to PostgreSQL that puts off what nobody waits for.
//!
//! A statement costs more by its way to the server and back than by what it does there. So three of them are put off or left out:
//!
//! - Rows that are only added (an event, an entry of the audit, a message) and changes whose outcome need not be known at once give
//!   nothing back: [`Conn::later`](super::Conn::later) and its like keep them, and they go in one statement, as parts of a `WITH`.
//!   A question that names one of their tables, or anything else that is not a mere question, has them sent before it; otherwise they
//!   go at the end. What is wrong with them fails the transaction.
//! - `BEGIN` waits for the first statement that needs it. Questions before it see what is committed, as they do within a transaction
//!   (`READ COMMITTED`, where each statement has a snapshot of its own), and take no locks.
//! - When all that is to be written goes in one statement at the end, that statement is the transaction: it is done whole or not at
//!   all, and neither `BEGIN` nor `COMMIT` is sent.

use diesel::connection::{
    AnsiTransactionManager, CacheSize, Connection, DefaultLoadingMode, Instrumentation, LoadConnection,
    SimpleConnection, TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::{ConnectionSealed, MultiConnectionHelper};
use diesel::migration::MigrationConnection;
use diesel::pg::{Pg, PgConnection, PgQueryBuilder};
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::r2d2::R2D2Connection;
use diesel::result::{ConnectionResult, Error, QueryResult};
use diesel::sql_types::TypeMetadata;

/// More are sent at once: each combination of statements is prepared for itself.
const MOST: usize = 12;

type Fragment = Box<dyn QueryFragment<Pg> + Send>;
type Lookup = <Pg as TypeMetadata>::MetadataLookup;

/// What a statement that is put off does to its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Adds rows, and changes none that the same transaction may have added or changed.
    Adds,
    /// Changes rows.
    Changes,
    /// Changes a row, or all of the transaction fails with this code: it was not there as it should be.
    Must(&'static str),
}

struct Waiting {
    table: &'static str,
    does: Does,
    statement: Fragment,
}

pub struct PutOff {
    inner: PgConnection,
    waiting: Vec<Waiting>,
    /// A transaction is asked for, and nothing was sent yet that needs it.
    is_owed: bool,
    /// Why a statement failed that must change a row.
    missed: Option<&'static str>,
}

impl PutOff {
    /// Keeps a statement. Statements of one `WITH` do not see one another, so rows that wait are not changed together with it.
    pub(super) fn later(&mut self, table: &'static str, does: Does, statement: Fragment) -> QueryResult<()> {
        let meets = |w: &Waiting| w.table == table && (does != Does::Adds || w.does != Does::Adds);
        if self.waiting.len() == MOST || self.waiting.iter().any(meets) {
            self.settle()?;
        }
        self.waiting.push(Waiting { table, does, statement });
        Ok(())
    }

    /// Sends what waits together with a change of this table; how many rows that one changed.
    pub(super) fn together(&mut self, table: &'static str, last: &dyn QueryFragment<Pg>) -> QueryResult<usize> {
        self.start()?;
        if self.waiting.iter().any(|w| w.table == table || matches!(w.does, Does::Must(_))) {
            self.settle()?;
        }
        let before = std::mem::take(&mut self.waiting);
        self.inner.execute_returning_count(&Together { before: &before, last: Some(last) })
    }

    /// Begins a transaction, when the first statement needs it.
    pub(super) fn owe(&mut self) {
        self.forget();
        (self.is_owed, self.missed) = (true, None);
    }

    /// Ends what [`PutOff::owe`] began: all is committed, or nothing.
    pub(super) fn finish(&mut self) -> QueryResult<()> {
        if std::mem::take(&mut self.is_owed) { self.send() } else { Manager::commit_transaction(self) }
    }

    /// Gives up what [`PutOff::owe`] began.
    pub(super) fn undo(&mut self) -> QueryResult<()> {
        self.forget();
        if std::mem::take(&mut self.is_owed) { Ok(()) } else { Manager::rollback_transaction(self) }
    }

    /// The code of the statement that must have changed a row and did not, when that is why the transaction failed.
    pub(super) fn missed(&self) -> Option<&'static str> {
        self.missed
    }

    /// A transaction in which nothing can be written and all questions see one moment.
    pub(super) fn begin_snapshot(&mut self) -> QueryResult<()> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        AnsiTransactionManager::begin_transaction_sql(&mut self.inner, BEGIN)
    }

    fn start(&mut self) -> QueryResult<()> {
        if std::mem::take(&mut self.is_owed) {
            AnsiTransactionManager::begin_transaction(&mut self.inner)
        } else {
            Ok(())
        }
    }

    /// Sends what waits, within the transaction.
    fn settle(&mut self) -> QueryResult<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.start()?;
        self.send()
    }

    fn send(&mut self) -> QueryResult<()> {
        let before = std::mem::take(&mut self.waiting);
        if before.is_empty() {
            return Ok(());
        }
        let sent = self.inner.execute_returning_count(&Together { before: &before, last: None });
        sent.map(|_| ()).inspect_err(|e| self.missed = missed(&before, e))
    }

    fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Before a question: what it may find has to be written, and what is more than a question needs the transaction.
    fn prepare<T: QueryFragment<Pg>>(&mut self, question: &T) -> QueryResult<()> {
        if !self.is_owed && self.waiting.is_empty() {
            return Ok(());
        }
        let mut builder = PgQueryBuilder::default();
        question.to_sql(&mut builder, &Pg)?;
        let sql = builder.finish();
        let is_question = sql.starts_with("SELECT ") && !sql.contains(" FOR ");
        if is_question && !self.waiting.iter().any(|w| sql.contains(w.table)) {
            return Ok(());
        }
        self.start()?;
        self.settle()
    }
}

/// The code of the statement whose row was not there, if that is what the database says.
fn missed(sent: &[Waiting], e: &Error) -> Option<&'static str> {
    let Error::DatabaseError(_, info) = e else { return None };
    let codes = sent.iter().filter_map(|w| if let Does::Must(code) = w.does { Some(code) } else { None });
    codes.into_iter().find(|code| info.message().contains(&format!("\"{MISSED}{code}\"")))
}

/// What a statement says, with its code, that must change a row and did not: text that is no number.
const MISSED: &str = "missed: ";

/// Statements in one, as parts of a `WITH`; they do not see one another. The last one alone tells how many rows it changed.
struct Together<'a> {
    before: &'a [Waiting],
    last: Option<&'a dyn QueryFragment<Pg>>,
}

impl QueryFragment<Pg> for Together<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let has_must = self.before.iter().any(|w| matches!(w.does, Does::Must(_)));
        let (parts, last) = match (self.last, self.before.split_last()) {
            (None, Some((last, parts))) if !has_must => (parts, Some(&*last.statement as &dyn QueryFragment<Pg>)),
            (last, _) => (self.before, last),
        };
        for (at, part) in parts.iter().enumerate() {
            out.push_sql(if at == 0 { "WITH " } else { ", " });
            out.push_sql(NAMES[at]);
            out.push_sql(" AS (");
            part.statement.walk_ast(out.reborrow())?;
            out.push_sql(if matches!(part.does, Does::Must(_)) { " RETURNING 1)" } else { ")" });
        }
        out.push_sql(if parts.is_empty() { "" } else { " " });
        match last {
            Some(last) => last.walk_ast(out),
            None => self.all_found(out),
        }
    }
}

impl Together<'_> {
    /// Fails, and all that goes with it, unless each statement has changed a row that must.
    fn all_found<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT CAST(CASE");
        for (at, part) in self.before.iter().enumerate() {
            if let Does::Must(code) = part.does {
                out.push_sql(" WHEN NOT EXISTS (SELECT FROM ");
                out.push_sql(NAMES[at]);
                out.push_sql(") THEN '");
                out.push_sql(MISSED);
                out.push_sql(code);
                out.push_sql("'");
            }
        }
        out.push_sql(" ELSE '1' END AS integer)");
        Ok(())
    }
}

impl QueryId for Together<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

const NAMES: [&str; MOST] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11"];

impl SimpleConnection for PutOff {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.start()?;
        self.settle()?;
        self.inner.batch_execute(query)
    }
}

/// Transactions as the inner connection has them, with what is put off sent before they begin or end.
pub struct Manager;

impl TransactionManager<PutOff> for Manager {
    type TransactionStateData = AnsiTransactionManager;

    fn begin_transaction(c: &mut PutOff) -> QueryResult<()> {
        c.start()?;
        c.settle()?;
        AnsiTransactionManager::begin_transaction(&mut c.inner)
    }
    fn commit_transaction(c: &mut PutOff) -> QueryResult<()> {
        if let Err(e) = c.settle() {
            AnsiTransactionManager::rollback_transaction(&mut c.inner)?;
            return Err(e);
        }
        AnsiTransactionManager::commit_transaction(&mut c.inner)
    }
    fn rollback_transaction(c: &mut PutOff) -> QueryResult<()> {
        c.forget();
        AnsiTransactionManager::rollback_transaction(&mut c.inner)
    }
    fn transaction_manager_status_mut(c: &mut PutOff) -> &mut TransactionManagerStatus {
        <AnsiTransactionManager as TransactionManager<PgConnection>>::transaction_manager_status_mut(&mut c.inner)
    }
}

impl ConnectionSealed for PutOff {}

impl Connection for PutOff {
    type Backend = Pg;
    type TransactionManager = Manager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Ok(Self { inner: PgConnection::establish(url)?, waiting: vec![], is_owed: false, missed: None })
    }
    fn execute_returning_count<T: QueryFragment<Pg> + QueryId>(&mut self, source: &T) -> QueryResult<usize> {
        self.start()?;
        self.settle()?;
        self.inner.execute_returning_count(source)
    }
    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
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
        self.prepare(&source)?;
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
