//! `seed`: the base data and the service items, from files embedded in the binary. Running it again changes only what differs.

mod data;

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::open_ready;
use crate::app::App;
use crate::calendar::{self, Plan};
use crate::catalogue;
use crate::catalogue::seed::{Code, Fact};
use crate::config::Config;
use crate::kernel::{Error, Result};
use crate::windows::{self, seed::SeedHall};

#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Loads everything but the service items.
///
/// # Errors
/// A file that does not parse.
pub async fn base(app: &App) -> Result<()> {
    let ctx = app.system();
    let calendar = data::text("base/calendar.csv")?;
    let dictionaries: BTreeMap<String, Vec<Code>> = data::json("base/dictionaries.json")?;
    let facts: Vec<Fact> = data::json("base/facts.json")?;
    let halls: Vec<SeedHall> = data::json("base/halls.json")?;
    plan()?;
    app.db
        .write(move |c| {
            calendar::import(c, &calendar)?;
            for (set, codes) in &dictionaries {
                catalogue::seed::codes(c, &ctx, set, codes)?;
            }
            catalogue::seed::facts(c, &ctx, &facts)?;
            for hall in &halls {
                windows::seed::hall(c, &ctx, hall)?;
            }
            catalogue::touch(c)
        })
        .await
}

pub(super) async fn run(config: Config, _args: Args) -> Result<ExitCode> {
    let app = open_ready(config).await?;
    base(&app).await?;
    Ok(ExitCode::SUCCESS)
}

/// The calendar that is built in.
pub(super) fn plan() -> Result<Plan> {
    let (days, bad) = calendar::parse(&data::text("base/calendar.csv")?);
    if bad.is_empty() { Ok(Plan::new(days)) } else { Err(unreadable(&bad)) }
}

fn unreadable(bad: &[(usize, String)]) -> Error {
    Error::internal(format!("seed-data/base/calendar.csv: lines that do not parse: {bad:?}"))
}
