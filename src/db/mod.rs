//! The database: one query code for SQLite and PostgreSQL, chosen by the address at run time.
//!
//! - [`Db::read`]: one snapshot for the closure, on a read-only connection. [`Db::glance`]: without one, for a single statement.
//!   [`Db::peek`]: so too, for what lies in memory.
//! - [`Db::write`]: the closure *is* the transaction, and the only way to a writable connection. It may run more than once, so
//!   nothing outside the database may change in it: no mail, no file, no network, no hashing.
//!   On SQLite all closures go through one writer thread that commits them in groups ([`lite`]); on PostgreSQL each has a pooled
//!   transaction that is tried again after a serialisation failure or a deadlock ([`pg`]).
//!
//! An answer of `write` comes after the commit came back; when the commit fails, every caller of that group gets the error.

mod conn;
mod fragments;
pub mod limit;
mod lite;
mod migrate;
mod pg;
mod putoff;
mod report;
pub mod reseal;
pub mod schema;
pub mod scratch;
pub mod types;

use std::sync::Arc;

use diesel::r2d2;
use tokio::sync::Semaphore;

pub use conn::{Conn, MultiBackend};
pub use fragments::{Counted, Each, Fixed, SkipLocked, Tells, Told, Update, Upsert};
pub use migrate::names_of_both as migration_names;
pub use report::{Report, Setting};
pub use types::{Bytes, Doc};

use crate::kernel::{Error, Kind, Result};
use conn::Manager;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A handle to the database; cheap to copy.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    readers: Pool,
    writer: Writer,
}

#[derive(Clone)]
enum Writer {
    Lite(Arc<lite::Writer>),
    Pg(Pool),
    /// For looking only.
    None,
}

/// A pool whose queue is fair: r2d2's own is not, so callers wait at the semaphore and never inside it.
#[derive(Clone)]
struct Pool {
    connections: r2d2::Pool<Manager>,
    permits: Arc<Semaphore>,
}

impl Pool {
    fn new(manager: Manager, size: u32) -> Result<Self> {
        let connections = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(std::time::Duration::from_secs(5))
            .build(manager)
            .map_err(|e| Error::new(Kind::Internal, "database-down").because(e))?;
        Ok(Self { connections, permits: Arc::new(Semaphore::new(size as usize)) })
    }

    /// Runs blocking work with a connection of the pool.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let permit = self.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let connections = self.connections.clone();
        blocking(move || {
            let _permit = permit;
            let mut conn = connections.get().map_err(|e| Error::new(Kind::Internal, "database-down").because(e))?;
            work(&mut conn)
        })
        .await
    }
}

impl Pool {
    /// Runs short work with a connection of the pool on this thread.
    async fn here<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let _permit = self.permits.acquire().await.map_err(Error::internal)?;
        let mut conn = self.connections.get().map_err(|e| Error::new(Kind::Internal, "database-down").because(e))?;
        work(&mut conn)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

impl Db {
    /// Opens the database of this address: `sqlite:PATH` or `postgres://…`. Does not migrate.
    ///
    /// # Errors
    /// The address has another scheme, the file is held by another process, the server does not answer.
    pub fn open(address: &str, connections: u32) -> Result<Self> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let writer = lite::Writer::start(path)?;
            let readers = Pool::new(Manager::Lite { path: path.to_owned(), read_only: true }, connections)?;
            Ok(Self { engine: Engine::Sqlite, readers, writer: Writer::Lite(Arc::new(writer)) })
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let pool = Pool::new(Manager::Pg { url: address.to_owned() }, connections)?;
            Ok(Self { engine: Engine::Postgres, readers: pool.clone(), writer: Writer::Pg(pool) })
        } else {
            Err(Error::internal("the database address begins neither with sqlite: nor with postgres://"))
        }
    }

    /// Opens a database for looking only, also while another process works on it. Nothing is made: an SQLite file must be there.
    ///
    /// # Errors
    /// As [`Db::open`]; a file that is not there.
    pub fn open_to_look(address: &str) -> Result<Self> {
        let Some(path) = address.strip_prefix("sqlite:") else {
            return Ok(Self { writer: Writer::None, ..Self::open(address, 1)? });
        };
        if !std::path::Path::new(path).exists() {
            return Err(Error::internal(format!("there is no file {path}")));
        }
        let readers = Pool::new(Manager::Lite { path: path.to_owned(), read_only: true }, 1)?;
        Ok(Self { engine: Engine::Sqlite, readers, writer: Writer::None })
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Reads in one snapshot.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.readers.run(move |conn| conn.snapshot(f)).await
    }

    /// Reads without a snapshot: for one statement, or for some that need not speak of the same moment.
    pub async fn glance<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.readers.run(f).await
    }

    /// Reads what nearly always lies in memory, such as who asks. On SQLite it is done on the asking thread: that takes less than to hand
    /// it over to another.
    pub async fn peek<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    {
        match self.engine {
            Engine::Sqlite => self.readers.here(f).await,
            Engine::Postgres => self.readers.run(f).await,
        }
    }

    /// Writes: the closure is the transaction.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        match &self.writer {
            Writer::Lite(writer) => writer.write(f).await,
            Writer::Pg(pool) => pool.run(move |conn| pg::transaction(conn, f)).await,
            Writer::None => Err(to_look()),
        }
    }

    /// Applies the migrations that are missing; returns their names.
    pub async fn migrate(&self) -> Result<Vec<String>> {
        match &self.writer {
            Writer::Lite(writer) => {
                let writer = writer.clone();
                blocking(move || writer.alone(migrate::apply)).await
            }
            Writer::Pg(pool) => pool.run(migrate::apply).await,
            Writer::None => Err(to_look()),
        }
    }

    /// Whether the database lacks a migration of this binary.
    pub async fn is_behind(&self) -> Result<bool> {
        match &self.writer {
            Writer::Lite(writer) => {
                let writer = writer.clone();
                blocking(move || writer.alone(migrate::is_behind)).await
            }
            Writer::Pg(_) | Writer::None => self.readers.run(migrate::is_behind).await,
        }
    }

    /// What the engine says of itself, for the doctor.
    pub async fn report(&self) -> Result<Report> {
        self.readers.run(report::report).await
    }

    /// Reverts the last migration; returns its name. For the test of migrations.
    pub async fn revert(&self) -> Result<String> {
        match &self.writer {
            Writer::Lite(writer) => {
                let writer = writer.clone();
                blocking(move || writer.alone(migrate::revert)).await
            }
            Writer::Pg(pool) => pool.run(migrate::revert).await,
            Writer::None => Err(to_look()),
        }
    }
}

fn to_look() -> Error {
    Error::internal("the database was opened for looking only")
}

/// Runs a statement's body on the engine's own connection: for hot writes and for what MultiConnection leaves out.
#[macro_export]
macro_rules! each_engine {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Lite($c) => $body,
        }
    };
}

impl From<diesel::result::Error> for Error {
    fn from(e: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind as D;
        use diesel::result::Error as E;
        match &e {
            E::NotFound => Error::not_found(),
            E::DatabaseError(D::UniqueViolation, _) => Error::conflict("already-there").because(e),
            E::DatabaseError(D::ForeignKeyViolation | D::CheckViolation | D::NotNullViolation, _) => Error::internal(e),
            _ => Error::internal(e),
        }
    }
}
