//! `serve`: pages, API and (unless told otherwise) the background work, until asked to end.

use std::net::TcpListener;
use std::process::ExitCode;

use super::{asked_to_end, open_ready};
use crate::app::App;
use crate::config::Config;
use crate::kernel::{Error, Result};
use crate::web::server;
use crate::worker;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Leave the background work to other processes (`cloudmart work`)
    #[arg(long)]
    no_work: bool,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    let listener = bind(&config.server.listen)?;
    let app = open_ready(config).await?;
    until_asked(app, listener, !args.no_work).await?;
    Ok(ExitCode::SUCCESS)
}

/// Takes the address at once, so that a busy port is told before anything else is opened.
pub(super) fn bind(address: &str) -> Result<TcpListener> {
    let cure = "another process may listen there: set server.listen";
    TcpListener::bind(address).map_err(|e| Error::internal(format!("cannot listen on {address}: {e} ({cure})")))
}

/// Serves until Ctrl-C or SIGTERM, then lets requests that are under way come to their end.
pub(super) async fn until_asked(app: App, listener: TcpListener, with_work: bool) -> Result<()> {
    let background = worker::start(&app, with_work);
    let server = server::start(app.clone(), listener, app.config.server.workers)?;
    tracing::info!(address = %server.address, url = %app.config.server.public_url, "Serving.");
    asked_to_end().await?;
    tracing::info!("Stopping.");
    server.stop().await;
    background.stop().await;
    tracing::info!("Stopped.");
    Ok(())
}
