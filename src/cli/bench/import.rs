//! The implementing list of a city and its districts, taken in from a file by the command that does so: read, checked and published.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::measure::Figure;
use super::server::memory_of;
use super::stage::Stage;
use crate::catalogue::sheets::{self, Format};
use crate::cli::catalogue::Generator;
use crate::cli::{open_ready, seed};
use crate::flows;
use crate::kernel::{Error, Result};

pub(super) const ITEMS: usize = 10_000;

/// How much memory it may take, in MiB: the shelf that there is, the texts that the file's cells share, and a batch or two.
const MEMORY: f64 = 300.0;

/// Imports as many new items into a stage, which keeps them.
pub(super) async fn measure(stage: &Stage) -> Result<Figure> {
    let file = stage.folder.join("list.xlsx");
    let megabytes = made(stage, &file).await? as f64 / 1e6;
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--config", &stage.config_file, "catalogue", "import", "--json"])
        .arg(&file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut most = 0.0_f64;
    let status = loop {
        most = most.max(memory_of(child.id()).1);
        match child.try_wait()? {
            Some(status) => break status,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let said: serde_json::Value = match child.stdout.take() {
        Some(out) => serde_json::from_reader(out)?,
        None => return Err(Error::internal("the import has no output")),
    };
    std::fs::remove_file(&file)?;
    let note = format!("{seconds:.0} s for {megabytes:.1} MB, {most:.0} MiB at most; {} added", said["added"]);
    let figure = Figure { per_second: ITEMS as f64 / seconds, note, ..Figure::default() };
    let what = format!("import of {ITEMS} items as XLSX");
    let is_whole = status.success() && said["added"] == ITEMS;
    let is_met = is_whole && seconds < 60.0 && most < MEMORY;
    Ok(Figure { what, ..figure }.judged(format!("a minute, {MEMORY:.0} MiB"), is_met))
}

/// Writes the file; its size in bytes.
async fn made(stage: &Stage, file: &std::path::Path) -> Result<usize> {
    let app = open_ready(stage.config.clone()).await?;
    let shelf = app.books().shelf;
    let codes = app.db.read(move |c| flows::dictionaries(c, &shelf)).await?;
    let generator = Generator::new(seed::true_items()?)?;
    let made: Vec<_> = (0..ITEMS).map(|no| generator.item(no)).collect();
    let bytes = sheets::save(Format::Xlsx, &sheets::write(made.iter(), &codes)?, &[])?;
    std::fs::write(file, &bytes)?;
    Ok(bytes.len())
}
