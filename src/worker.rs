//! The background work of a process: what it does between requests, and how it lives through errors.
//!
//! Each task of [`TASKS`] runs in a loop of its own: again at once while there is something to do, else after its pause, or a wake
//! ([`crate::app::Parts::wake`], by `notify_waiters`). An error or a panic ends one round and no more; the pause grows until a round goes
//! well. What tasks do must be safe to do twice: leases and unique keys in the database see to it that several processes may run
//! the same tasks, and that a process that was killed loses nothing.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::app::App;
use crate::jobs::schedule;
use crate::kernel::{Error, Result};
use crate::work::{
    changes, dispatch, imports, levels, limits, mails, retention, seals, sessions, sms, verifications, verifying,
};

type Round = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

#[derive(Clone, Copy)]
struct Task {
    name: &'static str,
    when: When,
    round: fn(App) -> Round,
}

#[derive(Debug, Clone, Copy)]
enum When {
    /// In every process, also one that leaves the work to others; with a pause between two rounds that find nothing.
    Here(Duration),
    /// In every process that works, with a pause, and at once after a wake.
    Woken(Duration),
    /// In one process at a time, every so many seconds.
    Alone(i64),
}

macro_rules! task {
    ($name:literal, $when:expr, $round:path) => {
        Task { name: $name, when: $when, round: |app| Box::pin(async move { $round(&app).await }) }
    };
}

const SECOND: Duration = Duration::from_secs(1);
const QUARTER: Duration = Duration::from_millis(250);

/// All background work. A new task is one line: its name, when it runs, and an `async fn(&App) -> Result<bool>`.
const TASKS: &[Task] = &[
    // What one process publishes is to be seen in all of them within a second.
    task!("books", When::Here(QUARTER), refresh),
    task!("changes", When::Alone(60), changes::round),
    task!("dispatch", When::Woken(SECOND), dispatch::round),
    task!("imports", When::Woken(SECOND), imports::round),
    task!("levels", When::Alone(600), levels::round),
    task!("limits", When::Alone(60), limits::round),
    task!("mails", When::Woken(SECOND), mails::round),
    task!("retention", When::Alone(86_400), retention::round),
    // What is not sealed can be changed without a trace: so that this is never more than of a minute.
    task!("seals", When::Alone(30), seals::round),
    task!("sessions", When::Alone(3600), sessions::round),
    task!("sms", When::Woken(SECOND), sms::round),
    task!("verifications", When::Woken(SECOND), verifications::round),
    task!("verifying", When::Woken(SECOND), verifying::round),
];

/// How often a process looks whether a task of one process has come due.
const LOOK: Duration = Duration::from_secs(5);
/// How long a task waits after a wake for the ones behind it.
const CROWD: Duration = Duration::from_millis(20);
/// The longest pause after errors.
const LONGEST: Duration = Duration::from_secs(60);

/// The background work, started.
pub struct Worker {
    end: watch::Sender<bool>,
    all: JoinHandle<()>,
}

impl Worker {
    /// Lets the rounds under way come to their end, for ten seconds at most.
    pub async fn stop(self) {
        let _ = self.end.send(true);
        if tokio::time::timeout(Duration::from_secs(10), self.all).await.is_err() {
            tracing::warn!("Background work was cut off; its leases run out by themselves.");
        }
    }
}

/// Starts all tasks; or those alone that every process needs, such as one that leaves the work to others.
pub fn start(app: &App, with_work: bool) -> Worker {
    let (end, ended) = watch::channel(false);
    let mut set = JoinSet::new();
    for task in TASKS.iter().filter(|t| with_work || matches!(t.when, When::Here(_))) {
        set.spawn(run(app.clone(), *task, ended.clone()));
    }
    let all = tokio::spawn(async move { while set.join_next().await.is_some() {} });
    Worker { end, all }
}

async fn run(app: App, task: Task, mut ended: watch::Receiver<bool>) {
    let mut failures = 0u32;
    while !*ended.borrow() {
        // Listens from before the round: a wake while it looks is not lost.
        let woken = app.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let pause = match guarded(&app, task).await {
            Ok(true) => {
                failures = 0;
                continue;
            }
            Ok(false) => {
                failures = 0;
                task.when.pause()
            }
            Err(cause) => {
                failures += 1;
                tracing::warn!(task = task.name, failures, cause, "A round of background work failed.");
                longer(task.when.pause(), failures)
            }
        };
        // After an error a wake changes nothing: what is broken needs its time.
        let listens = failures == 0 && matches!(task.when, When::Woken(_));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // Wakes come in crowds: one round serves all that come within a moment.
            () = woken, if listens => tokio::time::sleep(CROWD).await,
            _ = ended.changed() => {}
        }
    }
}

fn longer(pause: Duration, failures: u32) -> Duration {
    pause.saturating_mul(1 << failures.min(10)).min(LONGEST.max(pause))
}

impl When {
    fn pause(self) -> Duration {
        match self {
            When::Here(pause) | When::Woken(pause) => pause,
            When::Alone(_) => LOOK,
        }
    }
}

/// One round, if this process is to do it.
async fn guarded(app: &App, task: Task) -> Result<bool, String> {
    let every = match task.when {
        When::Here(_) | When::Woken(_) => return caught(app, task).await,
        When::Alone(every) => every,
    };
    let now = app.clock.now();
    let told = |e: crate::kernel::Error| format!("{e:?}");
    let is_due = app.db.read(move |c| schedule::is_due(c, now, task.name)).await.map_err(told)?;
    if !is_due || !app.db.write(move |c| schedule::claim(c, now, task.name, every)).await.map_err(told)? {
        return Ok(false);
    }
    let ended = caught(app, task).await;
    let (now, error) = (app.clock.now(), ended.as_ref().err().cloned());
    app.db.write(move |c| schedule::done(c, now, task.name, every, error.as_deref())).await.map_err(told)?;
    ended
}

/// One round on a task of its own, so that a panic ends nothing else.
async fn caught(app: &App, task: Task) -> Result<bool, String> {
    match tokio::spawn((task.round)(app.clone())).await {
        Ok(Ok(did)) => Ok(did),
        Ok(Err(error)) => Err(format!("{error:?}")),
        Err(panic) => Err(format!("panic: {panic}")),
    }
}

/// Does all background work that is due now, in this task: for tests and commands.
///
/// # Errors
/// The first error of a round; work that never comes to its end.
pub async fn settle(app: &App) -> Result<()> {
    for _ in 0..1000 {
        let mut did = false;
        for task in TASKS {
            did |= guarded(app, *task).await.map_err(|e| Error::internal(format!("{}: {e}", task.name)))?;
        }
        if !did {
            return Ok(());
        }
    }
    Err(Error::internal("the background work comes to no end"))
}

async fn refresh(app: &App) -> Result<bool> {
    app.renew_keys()?;
    app.refresh().await
}
