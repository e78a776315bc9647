//! `work`: the background work without pages; any number of these may run on one PostgreSQL database.

use std::process::ExitCode;

use super::{asked_to_end, open_ready};
use crate::config::Config;
use crate::kernel::Result;
use crate::worker;

pub(super) async fn run(config: Config) -> Result<ExitCode> {
    let app = open_ready(config).await?;
    let background = worker::start(&app, true);
    tracing::info!("Working.");
    asked_to_end().await?;
    background.stop().await;
    tracing::info!("Stopped.");
    Ok(ExitCode::SUCCESS)
}
