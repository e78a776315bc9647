//! `doctor`: looks at everything that the platform needs and says what to do about what is not well. Changes nothing, and works
//! beside a platform that runs. Ends with 1 when something is broken.

mod base;
mod outside;
mod sheet;

use std::process::ExitCode;

use sheet::Sheet;

use super::log;
use crate::config::Config;
use crate::kernel::{Clock, Result};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Leave out the settings, show the findings alone
    #[arg(long)]
    brief: bool,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    log(&crate::config::Log { level: "error".into(), format: "text".into() });
    if !args.brief {
        println!("Settings, with secrets hidden:\n\n{}", sheet::hidden(&config)?);
    }
    let mut sheet = Sheet::default();
    let clock = Clock::default();
    base::settings(&mut sheet, &config);
    base::files(&mut sheet, &config);
    let db = base::database(&mut sheet, &config, &clock).await;
    outside::verifier(&mut sheet, &config).await;
    outside::mail(&mut sheet, &config).await;
    if let Some(db) = db {
        base::calendar(&mut sheet, &db, &clock).await;
        outside::departments(&mut sheet, &config, &db, &clock).await;
        base::work(&mut sheet, &db, &clock).await;
        outside::mails(&mut sheet, &config, &db, &clock).await;
    }
    println!("{}", sheet.text());
    Ok(if sheet.is_broken() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
