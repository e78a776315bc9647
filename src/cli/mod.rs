//! The commands: one file each. Every command ends with 0 when all went well and 1 when it did not.

mod audit;
mod bench;
mod calendar;
mod catalogue;
mod check_number;
mod demo;
mod doctor;
mod keys;
mod migrate;
mod sandbox;
mod search;
pub mod seed;
mod serve;
mod staff;
mod tour;
mod work;
mod world;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{App, Outside};
use crate::config::{self, Config};
use crate::kernel::{Clock, Error, Result};

/// Government-service cloud supermarket (政务服务云超市).
#[derive(Debug, Parser)]
#[command(name = "cloudmart", version)]
struct Args {
    /// Settings that override the defaults (see src/config/default.toml); the environment overrides both
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try everything out: a platform with invented people and cases, and the systems outside, simulated
    Demo(demo::Args),
    /// Serve the pages and the API, and do the background work
    Serve(serve::Args),
    /// Do the background work alone: mails, dispatches, time limits
    Work,
    /// Bring the database's tables up to this version
    Migrate,
    /// Load areas, departments, halls, dictionaries, the calendar and the service items
    Seed(seed::Args),
    /// Measure this platform on this machine beside what its database can do
    Bench(bench::Args),
    /// Look after the service items as a whole
    Catalogue(catalogue::Args),
    /// Find service items by what somebody types
    Search(search::Args),
    /// Tell how often a search brings the item that was meant, for phrases in a file
    SearchCheck(search::CheckArgs),
    /// Look after the log of acts
    Audit(audit::Args),
    /// Tell whether a number is one of its kind; ends with 1 when it is not
    CheckNumber(check_number::Args),
    /// Reckon with the calendar of working days
    Calendar(calendar::Args),
    /// Drive one case of each kind through the whole flow over real HTTP, and say how long each step took
    Tour(tour::Args),
    /// Change the keys under which personal data is sealed, while the platform runs
    Keys(keys::Args),
    /// Make accounts of staff and give the first administrators their roles
    Staff(staff::Args),
    /// What somebody may do
    Permissions(staff::PermissionArgs),
    /// Look at settings, database, files and the systems outside, and say what to do
    Doctor(doctor::Args),
    /// Play the systems outside alone: identity verifier, two departments, mail server
    Sandbox(sandbox::Args),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return tell(&Error::internal(e)),
    };
    let ended = runtime.block_on(run(args));
    // Reads that hang must not hold up the end of the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    ended.unwrap_or_else(|e| tell(&e))
}

async fn run(args: Args) -> Result<ExitCode> {
    let settings = || Config::load(args.config.as_deref());
    match args.command {
        Command::Serve(args) => serve::run(settings()?, args).await,
        Command::Work => work::run(settings()?).await,
        Command::Migrate => migrate::run(settings()?).await,
        Command::Seed(args) => seed::run(settings()?, args).await,
        Command::Bench(args) => bench::run(args).await,
        Command::Catalogue(args) => catalogue::run(settings()?, args).await,
        Command::Search(args) => search::run(settings()?, args).await,
        Command::SearchCheck(args) => search::check(settings()?, args).await,
        Command::Audit(args) => audit::run(settings()?, args).await,
        Command::CheckNumber(args) => check_number::run(&args),
        Command::Calendar(args) => calendar::run(args),
        Command::Demo(args) => demo::run(args).await,
        Command::Tour(args) => tour::run(args).await,
        Command::Keys(args) => keys::run(settings()?, args).await,
        Command::Staff(args) => staff::run(settings()?, args).await,
        Command::Permissions(args) => staff::permissions(settings()?, args).await,
        Command::Doctor(args) => doctor::run(settings()?, args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
    }
}

/// Shows how far a long work has come; `what` are the things that are counted.
fn progress(count: usize, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}  {{per_sec}}  {{eta}}"));
    ProgressBar::new(count as u64).with_style(style.unwrap_or(ProgressStyle::default_bar()))
}

/// Says on standard error what went wrong, with its causes.
fn tell(error: &Error) -> ExitCode {
    eprintln!("cloudmart: {}", explain(error));
    ExitCode::FAILURE
}

/// The code and all causes of an error, in one line, for the operator.
pub(crate) fn explain(error: &Error) -> String {
    let mut parts = vec![];
    if error.code() != "internal" {
        parts.push(error.to_string());
    }
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        let text = e.to_string().trim().to_owned();
        if text != "internal" && parts.last() != Some(&text) {
            parts.push(text);
        }
        cause = e.source();
    }
    if parts.is_empty() { error.to_string() } else { parts.join(": ") }
}

/// Opens everything that the settings name, after a check that they can be used; starts the log.
///
/// # Errors
/// Settings that cannot be used, each with its cure; a database or file store that does not open.
pub(crate) async fn open(config: Config) -> Result<App> {
    log(&config.log);
    sound(&config)?;
    let outside = Outside::from_config(&config)?;
    App::open(config, Clock::default(), outside).await
}

/// As [`open`], for commands that need the tables: refuses a database that is behind this version.
pub(crate) async fn open_ready(config: Config) -> Result<App> {
    let app = open(config).await?;
    if app.db.is_behind().await? {
        return Err(Error::internal(
            "the database's tables are older than this version: run `cloudmart migrate` first",
        ));
    }
    app.refresh().await?;
    Ok(app)
}

fn sound(config: &Config) -> Result<()> {
    let problems = config.problems();
    if problems.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = problems.iter().map(problem).collect();
    Err(Error::internal(format!("settings that cannot be used:\n{}", lines.join("\n"))))
}

fn problem(p: &config::Problem) -> String {
    format!("  {} = {}: {}", p.key, p.value, p.cure)
}

/// Starts the log on standard error. A second start changes nothing.
pub(crate) fn log(settings: &config::Log) {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    // What the HTTP library says of its threads is no news; a filter of one's own may ask for it.
    let level = format!("actix_server=warn,{}", settings.level);
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let base = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // The log may have been started already, by a test.
    let _ = if settings.format == "json" {
        base.json().try_init()
    } else {
        base.with_ansi(std::io::stderr().is_terminal()).with_target(false).try_init()
    };
}

/// Waits until somebody asks the process to end: Ctrl-C or SIGTERM.
pub(crate) async fn asked_to_end() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
