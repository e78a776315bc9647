//! `migrate`: brings the tables up to this version. Several processes may try at once; one does it.

use std::process::ExitCode;

use super::open;
use crate::config::Config;
use crate::kernel::Result;

pub(super) async fn run(config: Config) -> Result<ExitCode> {
    let app = open(config).await?;
    let applied = app.db.migrate().await?;
    match applied.as_slice() {
        [] => println!("The database is up to date."),
        names => println!("Applied: {}", names.join(", ")),
    }
    Ok(ExitCode::SUCCESS)
}
