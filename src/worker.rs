//! The background work of a process: what it does between requests, and how it lives through errors.
//!
//! Each task of [`TASKS`] runs in a loop of its own: again at once while there is something to do, else after a wake
//! ([`crate::app::Parts::wake`]) or its pause. An error or a panic ends one round and no more; the pause grows until a round goes
//! well. What tasks do must be safe to do twice: leases and unique keys in the database see to it that several processes may run
//! the same tasks, and that a process that was killed loses nothing.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::app::App;
use crate::kernel::Result;
use crate::work::dispatch;

type Round = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// A task: one round of it says whether it found something to do.
#[derive(Clone, Copy)]
struct Task {
    name: &'static str,
    /// Between two rounds that find nothing.
    pause: Duration,
    round: fn(App) -> Round,
}

macro_rules! task {
    ($name:literal, every $secs:literal s, $round:path) => {
        Task {
            name: $name,
            pause: Duration::from_secs($secs),
            round: |app| Box::pin(async move { $round(&app).await }),
        }
    };
}

/// All background work. A new task is one line: its name, its pause, and an `async fn(&App) -> Result<bool>`.
const TASKS: &[Task] = &[task!("books", every 1 s, refresh), task!("dispatch", every 1 s, dispatch::round)];

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

/// Starts all tasks.
pub fn start(app: &App) -> Worker {
    let (end, ended) = watch::channel(false);
    let mut set = JoinSet::new();
    for task in TASKS {
        set.spawn(run(app.clone(), *task, ended.clone()));
    }
    let all = tokio::spawn(async move { while set.join_next().await.is_some() {} });
    Worker { end, all }
}

async fn run(app: App, task: Task, mut ended: watch::Receiver<bool>) {
    let mut failures = 0u32;
    while !*ended.borrow() {
        let pause = match guarded(&app, task).await {
            Ok(true) => {
                failures = 0;
                continue;
            }
            Ok(false) => {
                failures = 0;
                task.pause
            }
            Err(cause) => {
                failures += 1;
                tracing::warn!(task = task.name, failures, cause, "A round of background work failed.");
                longer(task.pause, failures)
            }
        };
        // After an error a wake changes nothing: what is broken needs its time.
        let woken = async { if failures > 0 { std::future::pending().await } else { app.wake.notified().await } };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = woken => {}
            _ = ended.changed() => {}
        }
    }
}

fn longer(pause: Duration, failures: u32) -> Duration {
    pause.saturating_mul(1 << failures.min(10)).min(LONGEST.max(pause))
}

/// One round on a task of its own, so that a panic ends nothing else.
async fn guarded(app: &App, task: Task) -> Result<bool, String> {
    match tokio::spawn((task.round)(app.clone())).await {
        Ok(Ok(did)) => Ok(did),
        Ok(Err(error)) => Err(format!("{error:?}")),
        Err(panic) => Err(format!("panic: {panic}")),
    }
}

async fn refresh(app: &App) -> Result<bool> {
    app.refresh().await
}
