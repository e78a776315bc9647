//! `keys`: a new key, and sealing under it all that older ones sealed, while the platform runs.
//!
//! In this order: `new` adds a key that opens and does not seal yet; every process reads the file within a second; `rotate` makes it
//! the one that seals, and seals anew all that is there; `drop` removes keys with which nothing is sealed any more.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Subcommand, ValueEnum};

use super::{open_ready, progress};
use crate::app::App;
use crate::audit;
use crate::config::{Config, keyfile};
use crate::db::reseal;
use crate::flows;
use crate::kernel::keys::{Entry, Suite, Use};
use crate::kernel::{Error, Id, Result};

/// How long a new key has to lie in the file before it may seal: every process has read it by then.
const KNOWN: Duration = Duration::from_secs(10);
/// Values of one transaction: it holds up every writer.
const BATCH: i64 = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Draw a new key and add it to secrets.file, which is made when it is not there
    New {
        #[arg(long, value_enum, default_value_t = Algorithms::Aes)]
        suite: Algorithms,
    },
    /// Say which keys there are, and how much is sealed with older ones
    Status,
    /// Seal with the newest key from now on, and seal anew all that older ones sealed
    Rotate,
    /// Remove older keys with which nothing is sealed any more
    Drop,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Algorithms {
    /// AES-256-GCM and HMAC-SHA-256
    Aes,
    /// SM4-GCM and HMAC-SM3
    Sm,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    if config.secrets.file.is_empty() {
        let cure = "set secrets.file to where the keys shall lie, such as /etc/cloudmart/keys";
        return Err(Error::internal(format!("keys that change need a file: {cure}")));
    }
    match args.what {
        What::New { suite } => new(config, suite).await,
        What::Status => status(&open_ready(config).await?).await,
        What::Rotate => rotate(&open_ready(config).await?).await,
        What::Drop => drop_old(&open_ready(config).await?).await,
    }
}

async fn new(config: Config, suite: Algorithms) -> Result<ExitCode> {
    let suite = match suite {
        Algorithms::Aes => Suite::Aes,
        Algorithms::Sm => Suite::Sm,
    };
    let file = config.secrets.file.clone();
    let mut all = if std::path::Path::new(&file).exists() {
        keyfile::read(&file)?
    } else if config.secrets.master.is_empty() {
        vec![]
    } else {
        vec![Entry::new(1, Suite::Aes, Use::Current, &config.secrets.master)?]
    };
    if all.iter().any(|e| e.used == Use::Next) {
        return Err(Error::internal("a new key waits already: cloudmart keys rotate"));
    }
    let last = all.iter().map(|e| e.version).max().unwrap_or(0);
    let version = last.checked_add(1).ok_or_else(|| Error::internal("there are no versions left"))?;
    let used = if all.is_empty() { Use::Current } else { Use::Next };
    all.push(Entry::random(version, suite, used));
    keyfile::write(&file, &all)?;
    println!(
        "Version {version} ({}) stands in {file}, readable by its user alone. Keep a copy in a safe place.",
        suite.code()
    );
    if used == Use::Next {
        println!("When every process has the file: cloudmart keys rotate");
    }
    Ok(ExitCode::SUCCESS)
}

async fn status(app: &App) -> Result<ExitCode> {
    for (version, suite, used) in app.keys.versions() {
        println!("version {version:3}  {:4} {}", suite.code(), used.code());
    }
    let old = all_old(app).await?;
    println!("{old} values are sealed with another than version {}.", app.keys.version());
    Ok(ExitCode::SUCCESS)
}

async fn all_old(app: &App) -> Result<i64> {
    let mut all = 0;
    for column in flows::sealed() {
        let keys = app.keys.clone();
        all += app.db.read(move |c| reseal::old(c, &keys, column)).await?;
    }
    Ok(all)
}

async fn rotate(app: &App) -> Result<ExitCode> {
    let file = &app.config.secrets.file;
    let mut all = keyfile::read(file)?;
    if all.iter().any(|e| e.used == Use::Next) {
        let written = std::fs::metadata(file).and_then(|m| m.modified()).ok();
        let age = written.and_then(|at| SystemTime::now().duration_since(at).ok());
        if age.is_none_or(|age| age < KNOWN) {
            return Err(Error::internal(
                "the new key was added just now: wait ten seconds, until every process knows it",
            ));
        }
        for e in &mut all {
            e.used = match e.used {
                Use::Next => Use::Current,
                Use::Current => Use::Old,
                other => other,
            };
        }
        keyfile::write(file, &all)?;
        app.renew_keys()?;
        record(app, "keys.rotate").await?;
        println!("Version {} seals from now on.", app.keys.version());
        // Processes that have not read the file yet seal with the one before for another moment.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    for _ in 0..5 {
        reseal_all(app).await?;
        if all_old(app).await? == 0 {
            println!(
                "Everything is sealed with version {}. Older keys may go: cloudmart keys drop",
                app.keys.version()
            );
            return Ok(ExitCode::SUCCESS);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    eprintln!("Something is still sealed with an older key: does a process run with another file?");
    Ok(ExitCode::FAILURE)
}

/// Seals anew what stands there now, column by column.
async fn reseal_all(app: &App) -> Result<()> {
    for column in flows::sealed() {
        let keys = app.keys.clone();
        let count = app.db.read(move |c| reseal::old(c, &keys, column)).await?;
        if count == 0 {
            continue;
        }
        let bar = progress(usize::try_from(count).unwrap_or(0), &format!("{}.{}", column.table, column.column));
        let mut after = Id::from_bytes([0; 16]);
        loop {
            let keys = app.keys.clone();
            let (done, last) = app.db.write(move |c| reseal::reseal(c, &keys, column, after, BATCH)).await?;
            bar.inc(done as u64);
            let Some(last) = last else { break };
            after = last;
        }
        bar.finish();
    }
    Ok(())
}

async fn drop_old(app: &App) -> Result<ExitCode> {
    let old = all_old(app).await?;
    if old > 0 {
        eprintln!("{old} values are sealed with an older key: cloudmart keys rotate");
        return Ok(ExitCode::FAILURE);
    }
    let file = &app.config.secrets.file;
    let mut all = keyfile::read(file)?;
    let count = all.iter().filter(|e| e.used == Use::Old).count();
    all = all.into_iter().map(|e| if e.used == Use::Old { e.retired() } else { e }).collect();
    keyfile::write(file, &all)?;
    record(app, "keys.drop").await?;
    println!(
        "{count} removed; their public halves stay, to check the audit. Links and tokens that they signed do not hold any more."
    );
    Ok(ExitCode::SUCCESS)
}

async fn record(app: &App, act: &'static str) -> Result<()> {
    let (ctx, version) = (app.system(), app.keys.version());
    let detail = serde_json::json!({ "version": version });
    app.db.write(move |c| audit::record_plain(c, &ctx, act, "keys", &detail)).await
}
