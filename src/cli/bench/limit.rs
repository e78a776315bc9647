//! The limit: the rows of a submission with nothing around them, committed durably.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::load::{Run, summary};
use super::stage::address;
use crate::db::limit::{Sizes, one_by_one, rows};
use crate::db::{Db, scratch};
use crate::kernel::{Error, Result};

pub(super) struct Limit {
    db: Option<Db>,
    folder: std::path::PathBuf,
    server: Option<(String, String)>,
    next: Arc<AtomicU64>,
}

impl Limit {
    /// An empty database with the platform's tables and indexes.
    pub async fn open(base: &Path, server: Option<&str>, name: &str) -> Result<Self> {
        let folder = base.join(name);
        std::fs::create_dir_all(&folder)?;
        let address = address(&folder, server, name)?;
        let config = super::settings(&folder, address)?;
        let db = Db::open(&config.database.address, config.database.connections)?;
        db.migrate().await?;
        let server = server.map(|s| (s.to_owned(), name.to_owned()));
        Ok(Self { db: Some(db), folder, server, next: Arc::default() })
    }

    /// Each submission in a transaction of its own, as a database does it by itself: on SQLite one after the other, on PostgreSQL on so
    /// many connections as the platform has.
    pub async fn alone(&self, callers: usize, time: Duration, files: usize) -> Result<Run> {
        if self.server.is_some() {
            return self.run(callers, time, files).await;
        }
        let path = self.folder.join("bench.db").display().to_string();
        let (now, sizes, started) = (super::clock().now(), sizes(files), Instant::now());
        let first = self.next.fetch_add(10_000_000, Ordering::Relaxed);
        let run = tokio::task::spawn_blocking(move || one_by_one(&path, time, (first, now), &sizes));
        Ok(summary(run.await.map_err(Error::internal)??, 0, started.elapsed()))
    }

    /// So many callers, each writing one submission after the other.
    pub async fn run(&self, callers: usize, time: Duration, files: usize) -> Result<Run> {
        let db = self.db.clone().ok_or_else(|| Error::internal("closed"))?;
        let now = super::clock().now();
        let sizes = Arc::new(sizes(files));
        let started = Instant::now();
        let mut tasks = vec![];
        for _ in 0..callers {
            let (db, next, sizes) = (db.clone(), self.next.clone(), sizes.clone());
            tasks.push(tokio::spawn(async move {
                let mut times = vec![];
                while started.elapsed() < time {
                    let (n, sizes, sent) = (next.fetch_add(1, Ordering::Relaxed), sizes.clone(), Instant::now());
                    db.write(move |c| rows(c, n, now, &sizes)).await?;
                    times.push(sent.elapsed());
                }
                Ok::<_, Error>(times)
            }));
        }
        let mut times = vec![];
        for task in tasks {
            times.extend(task.await.map_err(Error::internal)??);
        }
        Ok(summary(times, 0, started.elapsed()))
    }
}

fn sizes(files: usize) -> Sizes {
    Sizes { applicant: vec![7; 260], form: vec![7; 420], files }
}

impl Drop for Limit {
    fn drop(&mut self) {
        self.db = None;
        if let Some((server, name)) = &self.server {
            let _ = scratch::drop(server, name);
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
