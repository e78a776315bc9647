//! `bench`: what the platform does in a second, what each operation costs, and how far that is from what the database itself can do.
//!
//! Each engine gets a small and a large database. The server is a process of its own, `cloudmart serve` with its defaults; this process
//! is its clients and, with the sandbox, the department's system. All of it shares the machine's cores, so ratios and CPU times say more
//! than rates. The limit, the raw rows of a submission committed durably by 64 callers, is measured in turns with the submissions.

mod acts;
mod import;
mod limit;
mod load;
mod measure;
mod publish;
mod report;
mod search;
mod server;
mod session;
mod stage;
mod storm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use super::log;
use crate::config::{self, Config};
use crate::kernel::{Clock, Error, Result, crypto};
use crate::sandbox::{self, DepartmentSettings, Manner};
use measure::Measures;
use server::Server;
use stage::Stage;

/// A part of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Submit,
    Lifecycle,
    Decide,
    Pages,
    Lists,
    Storm,
    Session,
    Search,
    Import,
    Publish,
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Cases in the small database
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    cases: usize,
    /// Cases in the large database; 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    large: usize,
    /// Seconds of each measurement
    #[arg(long, value_name = "S", default_value_t = 5)]
    seconds: u64,
    /// Also measure on this PostgreSQL server (an address of a database beside which others may be made)
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
    /// Measure PostgreSQL alone
    #[arg(long, requires = "postgres")]
    postgres_only: bool,
    /// Measure these alone
    #[arg(long, value_name = "PART", value_enum)]
    only: Vec<Part>,
    /// Where the databases stand meanwhile
    #[arg(long, value_name = "FOLDER", default_value = "var/bench")]
    folder: PathBuf,
    /// Also write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The departments' systems in the sandbox, which decide at once: key of the department, address of its system.
struct Offices {
    running: sandbox::Running,
    urls: Vec<(&'static str, String)>,
    secret: Vec<u8>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode> {
    log(&config::Log { level: "warn".into(), format: "text".into() });
    std::fs::create_dir_all(&args.folder)?;
    let offices = offices().await?;
    let mut all = vec![];
    if !args.postgres_only {
        all.push(engine(&args, &offices, None).await?);
    }
    if let Some(server) = &args.postgres {
        all.push(engine(&args, &offices, Some(server)).await?);
    }
    offices.running.stop().await;
    print!("{}", report::table(&all));
    if let Some(file) = &args.json {
        std::fs::write(file, report::json(&all)?)?;
    }
    let is_sound = all.iter().all(Measures::is_sound);
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn offices() -> Result<Offices> {
    let secret = crypto::random32().to_vec();
    let office = |key: &str| {
        let code = super::seed::department_code(key)?;
        Ok::<_, Error>(DepartmentSettings {
            name: code.clone(),
            name_en: code.clone(),
            code,
            secret: secret.clone(),
            manner: Manner::Automatic { progress: Duration::ZERO, decide: Duration::ZERO },
            licence_prefix: "YC".into(),
            fetches: false,
        })
    };
    let running = sandbox::start(sandbox::Settings::quick(office("scjg")?, office("jtys")?)).await?;
    let url = |which| running.addresses.department_url(which).unwrap_or_default();
    let urls = vec![("scjg", url("market")), ("jtys", url("transport"))];
    Ok(Offices { running, urls, secret })
}

/// All measurements on one engine.
async fn engine(args: &Args, offices: &Offices, postgres: Option<&str>) -> Result<Measures> {
    let name = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let prefix = if postgres.is_some() { "bench_pg" } else { "bench_lite" };
    eprintln!("{name}: filling a database with {} cases …", args.cases);
    let small = stage(args, &format!("{prefix}_small"), postgres, args.cases, offices).await?;
    let large = if args.large > 0 {
        eprintln!("{name}: filling a database with {} cases …", args.large);
        Some(stage(args, &format!("{prefix}_large"), postgres, args.large, offices).await?)
    } else {
        None
    };
    let mut measures = Measures::new(name, args.cases, args.large, Duration::from_secs(args.seconds));
    measures.fill(small.seconds_to_fill, large.as_ref().map(|l| l.seconds_to_fill));
    let at_small = start(&small).await?;
    let wants = |part| args.only.is_empty() || args.only.contains(&part);
    if wants(Part::Submit) {
        eprintln!("{name}: submissions in turns with the limit …");
        let raw = limit::Limit::open(&args.folder, postgres, &format!("{prefix}_limit")).await?;
        measures.submissions(&small, &at_small, &raw).await?;
    }
    if wants(Part::Lifecycle) {
        eprintln!("{name}: whole lifecycles …");
        measures.lifecycles(&small, &at_small).await?;
    }
    if wants(Part::Pages) {
        eprintln!("{name}: pages …");
        measures.pages(&small, &at_small).await?;
    }
    if wants(Part::Storm) {
        eprintln!("{name}: a storm of logins …");
        for figure in storm::measure(&small.config.server.listen, Duration::from_secs(2 * args.seconds)).await? {
            measures.push(figure);
        }
    }
    let at_large = match &large {
        Some(large) => Some(start(large).await?),
        None => None,
    };
    let large = large.as_ref().zip(at_large.as_ref());
    // The larger one has more cases to decide.
    let (stage, server) = large.unwrap_or((&small, &at_small));
    if wants(Part::Decide) {
        eprintln!("{name}: decisions …");
        measures.decisions(stage, server).await?;
    }
    if wants(Part::Lists) {
        eprintln!("{name}: lists …");
        measures.lists(&small, &at_small, large).await?;
    }
    if wants(Part::Search) && postgres.is_none() {
        eprintln!("search among {} items …", search::ITEMS);
        measures.push(search::measure(small.departments.clone())?);
    }
    measures.started(server);
    at_large.map_or(Ok(()), Server::stop)?;
    measures.memory(&at_small);
    at_small.stop()?;
    if wants(Part::Session) {
        measures.push(session::measure(&small).await?);
    }
    // Last, and with nobody else at the database: the items stay in it.
    if wants(Part::Import) {
        eprintln!("{name}: import of {} items …", import::ITEMS);
        measures.push(import::measure(&small).await?);
    }
    if wants(Part::Publish) && postgres.is_some() {
        eprintln!("{name}: publishing among {} items …", publish::ITEMS);
        publish::fill(&small).await?;
        let server = start(&small).await?;
        measures.push(publish::measure(&small, &server).await?);
        server.stop()?;
    }
    Ok(measures)
}

async fn start(stage: &Stage) -> Result<Server> {
    let is_postgres = stage.config.database.address.starts_with("post");
    let server = Server::start(&stage.config_file, &stage.config.server.listen, is_postgres).await?;
    server.settle().await;
    Ok(server)
}

async fn stage(args: &Args, name: &str, postgres: Option<&str>, count: usize, offices: &Offices) -> Result<Stage> {
    Stage::set(&args.folder, name, postgres, count, (&free_address()?, offices)).await
}

/// A loopback address on which nobody listens.
fn free_address() -> Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}

/// The built-in settings, on a database of its own.
fn settings(folder: &Path, address: String) -> Result<Config> {
    let mut config: Config = toml::from_str(config::DEFAULT).map_err(Error::internal)?;
    config.database.address = address;
    config.files.folder = folder.join("files").display().to_string();
    config.secrets.master = crypto::base64(&crypto::random32());
    config.log.level = "warn".into();
    Ok(config)
}

/// The clock of commands.
fn clock() -> Clock {
    Clock::default()
}
