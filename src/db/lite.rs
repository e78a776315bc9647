//! SQLite's one writer, with group commit.
//!
//! Closures come over a bounded channel to one thread. It opens a transaction, runs each waiting closure in a savepoint of its own
//! (an error or a panic undoes that one alone), commits once, and answers the callers only after the commit came back. Batches
//! form by themselves while the one before commits, so that a lone caller is not delayed. A full channel answers "busy" at once.
//! If a commit fails, nothing of the batch is durable: each closure is run again alone, so that one bad neighbour costs nobody
//! else, and who fails again gets the error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use tokio::sync::oneshot;

use super::conn::{Conn, Manager};
use crate::kernel::{Error, Result};

/// Callers that may wait; the next one is told "busy".
const QUEUE: usize = 4096;
/// A batch ends at this many closures or this much time.
const BATCH: usize = 128;
const BATCH_TIME: Duration = Duration::from_millis(5);
const CHECKPOINT: Duration = Duration::from_millis(300);
/// Past this many pages of 4 KiB, 64 MiB, the log is begun anew between two batches. Only the writer itself can: whoever else asks for
/// the lock of writes while it is busy waits in vain, and the log grows for as long as that lasts.
const LONG: i64 = 16_384;

pub(super) struct Writer {
    jobs: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
    /// Dropped to end the checkpoint thread.
    stop: Option<SyncSender<()>>,
    path: String,
    /// Held for as long as the writer lives, so that a second process on the same file is refused.
    _lock: std::fs::File,
}

trait Job: Send {
    /// Whether its changes shall be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    fn fail(&mut self, e: Error);
    fn answer(self: Box<Self>);
}

struct Task<T, F> {
    work: F,
    result: Option<Result<T>>,
    to: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Conn) -> Result<T> + Send> Job for Task<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)))
            .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }
    fn fail(&mut self, e: Error) {
        self.result = Some(Err(e));
    }
    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(Error::internal("a write was not run")));
        // A caller that has gone away needs no answer.
        let _ = self.to.send(result);
    }
}

impl Writer {
    pub(super) fn start(path: &str) -> Result<Self> {
        let lock = lock(path)?;
        let manager = Manager::Lite { path: path.to_owned(), read_only: false };
        let mut conn = manager.open()?;
        execute(&mut conn, "PRAGMA wal_autocheckpoint = 0")?;
        execute(&mut conn, "PRAGMA cache_size = -65536")?;
        let checkpointer = manager.open()?;
        let (jobs, queue) = sync_channel(QUEUE);
        let (stop, stopped) = sync_channel(1);
        let is_long = Arc::new(AtomicBool::new(false));
        let tell = is_long.clone();
        let named = |name: &str| std::thread::Builder::new().name(name.into());
        let threads = vec![
            named("db-writer").spawn(move || run(conn, &queue, &is_long))?,
            named("db-checkpoint").spawn(move || checkpoint(checkpointer, &stopped, &tell))?,
        ];
        Ok(Self { jobs: Some(jobs), threads, stop: Some(stop), path: path.to_owned(), _lock: lock })
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (to, answer) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Task { work, result: None, to });
        match self.jobs.as_ref().map(|jobs| jobs.try_send(job)) {
            Some(Ok(())) => answer.await.unwrap_or_else(|_| Err(Error::internal("the writer has stopped"))),
            Some(Err(TrySendError::Full(_))) => Err(Error::busy()),
            _ => Err(Error::internal("the writer has stopped")),
        }
    }

    /// Runs work on a connection of its own, outside the writer's transactions: migrations.
    pub(super) fn alone<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        work(&mut Manager::Lite { path: self.path.clone(), read_only: false }.open()?)
    }
}

impl Drop for Writer {
    /// Lets what was sent be committed before the process goes on to end.
    fn drop(&mut self) {
        self.jobs = None;
        self.stop = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the database ended in a panic");
            }
        }
    }
}

fn lock(path: &str) -> Result<std::fs::File> {
    if let Some(folder) = std::path::Path::new(path).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = std::fs::File::create(format!("{path}.lock"))?;
    file.try_lock().map_err(|e| {
        Error::internal(format!("{path} is in use by another process ({e}); stop it, or use PostgreSQL for several"))
    })?;
    Ok(file)
}

fn execute(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    match conn {
        Conn::Lite(c) => c.batch_execute(sql),
        Conn::Pg(c) => c.batch_execute(sql),
    }
}

type Manage = AnsiTransactionManager;

fn on_lite<T>(conn: &mut Conn, f: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>) -> QueryResult<T> {
    match conn {
        Conn::Lite(c) => f(c),
        Conn::Pg(_) => Err(diesel::result::Error::NotInTransaction),
    }
}

fn begin(conn: &mut Conn) -> QueryResult<()> {
    on_lite(conn, |c| Manage::begin_transaction_sql(c, "BEGIN IMMEDIATE"))
}

fn depth(conn: &mut Conn) -> u32 {
    use diesel::connection::TransactionManagerStatus::Valid;
    match conn {
        Conn::Lite(c) => match Manage::transaction_manager_status_mut(c) {
            Valid(v) => v.transaction_depth().map_or(0, |d| d.get()),
            diesel::connection::TransactionManagerStatus::InError => 0,
        },
        Conn::Pg(_) => 0,
    }
}

fn run(mut conn: Conn, queue: &Receiver<Box<dyn Job>>, is_long: &AtomicBool) {
    while let Ok(first) = queue.recv() {
        if is_long.swap(false, Ordering::Relaxed) {
            begin_log_anew(&mut conn);
        }
        let mut batch: Vec<Box<dyn Job>> = Vec::with_capacity(BATCH);
        let outcome =
            fill(&mut conn, first, queue, &mut batch).and_then(|()| on_lite(&mut conn, Manage::commit_transaction));
        if let Err(e) = outcome {
            tracing::warn!(error = %e, jobs = batch.len(), "A group of writes did not commit; each is run again alone.");
            reset(&mut conn);
            for job in &mut batch {
                alone(&mut conn, job.as_mut());
            }
        }
        for job in batch {
            job.answer();
        }
    }
}

/// Most of the log has been copied beside. A reader that takes long is not waited for: there will be a next time.
fn begin_log_anew(conn: &mut Conn) {
    for sql in ["PRAGMA busy_timeout = 50", "PRAGMA wal_checkpoint(RESTART)", "PRAGMA busy_timeout = 5000"] {
        if let Err(e) = execute(conn, sql) {
            tracing::warn!(error = %e, sql, "The log of the database could not be begun anew.");
        }
    }
}

/// Runs the first closure and those that wait behind it, each in a savepoint.
fn fill(
    conn: &mut Conn,
    first: Box<dyn Job>,
    queue: &Receiver<Box<dyn Job>>,
    batch: &mut Vec<Box<dyn Job>>,
) -> QueryResult<()> {
    let started = Instant::now();
    let begun = begin(conn);
    let mut next = Some(first);
    let mut result = begun;
    while let Some(mut job) = next.take() {
        if result.is_ok() {
            result = in_savepoint(conn, job.as_mut());
        }
        batch.push(job);
        if result.is_ok() && batch.len() < BATCH && started.elapsed() < BATCH_TIME {
            next = queue.try_recv().ok();
        }
    }
    result
}

fn in_savepoint(conn: &mut Conn, job: &mut dyn Job) -> QueryResult<()> {
    let started = Instant::now();
    on_lite(conn, Manage::begin_transaction)?;
    let keep = job.run(conn);
    if keep && depth(conn) == 2 {
        on_lite(conn, Manage::commit_transaction)?;
    } else {
        // A panic may have left transactions open inside the closure's own.
        while depth(conn) > 1 {
            on_lite(conn, Manage::rollback_transaction)?;
        }
        if depth(conn) != 1 {
            return Err(diesel::result::Error::BrokenTransactionManager);
        }
    }
    if started.elapsed() > Duration::from_millis(200) {
        tracing::warn!(ms = started.elapsed().as_millis() as u64, "A write held up all others.");
    }
    Ok(())
}

/// Runs one closure in a transaction of its own, after its batch has failed.
fn alone(conn: &mut Conn, job: &mut dyn Job) {
    let result =
        begin(conn).and_then(|()| in_savepoint(conn, job)).and_then(|()| on_lite(conn, Manage::commit_transaction));
    if let Err(e) = result {
        reset(conn);
        job.fail(Error::internal(e));
    }
}

/// Back to no transaction at all, whatever state the connection is in.
fn reset(conn: &mut Conn) {
    let _ = execute(conn, "ROLLBACK");
    if let Conn::Lite(c) = conn {
        *Manage::transaction_manager_status_mut(c) = diesel::connection::TransactionManagerStatus::default();
    }
}

#[derive(QueryableByName)]
struct Copied {
    /// Pages in the log.
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    log: i64,
}

/// Copies the log into the database beside the writer, so that no commit has to wait for it, and tells the writer when it is long.
fn checkpoint(mut conn: Conn, stopped: &Receiver<()>, is_long: &AtomicBool) {
    use std::sync::mpsc::RecvTimeoutError::Timeout;
    while stopped.recv_timeout(CHECKPOINT) == Err(Timeout) {
        match on_lite(&mut conn, |c| diesel::sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Copied>(c)) {
            Ok(copied) => is_long.store(copied.log > LONG, Ordering::Relaxed),
            Err(e) => tracing::warn!(error = %e, "A checkpoint of the database failed."),
        }
    }
}
