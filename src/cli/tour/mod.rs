//! `tour`: drives one case of each kind through the whole flow over real HTTP, as citizen, clerk, department, officers and
//! supervisor, and ends with 1 when anything is not as expected. [`people`] are HTTP clients; each story is a file in [`stories`].

mod browser;
mod form;
mod people;
mod stage;
mod stories;
mod tale;

use std::process::ExitCode;

use stage::Stage;
use tale::Tale;

use crate::kernel::Result;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A PostgreSQL server on which a scratch database is made: postgres://user@host/any. Without it: SQLite
    #[arg(long, value_name = "ADDRESS", conflicts_with = "url")]
    database: Option<String>,
    /// A demo that runs, instead of a platform of the tour's own
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Where that demo's simulated world is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8090")]
    sandbox: String,
    /// Only the stories with these numbers
    #[arg(long, value_name = "N", value_delimiter = ',')]
    only: Vec<usize>,
}

pub(super) async fn run(args: Args) -> Result<ExitCode> {
    let stage = match &args.url {
        Some(url) => Stage::running(url, &args.sandbox).await?,
        None => Stage::build(&args).await?,
    };
    let database = if args.database.is_some() { "PostgreSQL" } else { "SQLite" };
    let place = if args.url.is_some() { "a running platform" } else { database };
    println!("cloudmart tour on {place}: {}\n", stage.url);
    let failed = tell_all(&stage, &args.only).await;
    stage.close().await;
    match failed.as_slice() {
        [] => {
            println!("\nAll as expected.");
            Ok(ExitCode::SUCCESS)
        }
        steps => {
            println!("\nNot as expected:");
            steps.iter().for_each(|s| println!("  {s}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Tells the stories, each to its end or its first surprise; returns the steps that were not as expected.
async fn tell_all(stage: &Stage, only: &[usize]) -> Vec<String> {
    let mut failed = vec![];
    for (at, story) in stories::ALL.iter().enumerate() {
        let no = at + 1;
        if !only.is_empty() && !only.contains(&no) {
            continue;
        }
        if story.moves_clock && stage.clock.is_none() {
            println!(
                "{no}  {}\n   left out: it moves the platform's clock, which only a platform of the tour's own allows\n",
                story.title
            );
            continue;
        }
        println!("{no}  {}", story.title);
        let mut tale = Tale::begin();
        let told = (story.tell)(stage, &mut tale).await;
        if let Err(e) = told {
            let step = tale.failed_step().unwrap_or("its beginning").to_owned();
            failed.push(format!("{no} {}, at \"{step}\": {}", story.title, super::explain(&e)));
        }
        if let Some(case) = tale.case.clone() {
            tale::timeline(stage, &case).await;
        }
        println!();
    }
    failed
}
