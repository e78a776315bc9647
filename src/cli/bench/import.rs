//! The implementing list of a city and its districts, taken in from a file: read, checked and published.

use std::time::Instant;

use super::measure::Figure;
use super::stage::Stage;
use crate::catalogue::sheets::{self, Format};
use crate::cli::catalogue::{Generator, put};
use crate::cli::{open_ready, seed};
use crate::flows;
use crate::kernel::Result;

pub(super) const ITEMS: usize = 10_000;

/// Imports as many new items into a stage, which keeps them.
pub(super) async fn measure(stage: &Stage) -> Result<Figure> {
    let app = open_ready(stage.config.clone()).await?;
    let shelf = app.books().shelf;
    let of = shelf.clone();
    let codes = app.db.read(move |c| flows::dictionaries(c, &of)).await?;
    let generator = Generator::new(seed::true_items()?)?;
    let made: Vec<_> = (0..ITEMS).map(|no| generator.item(no)).collect();
    let file = sheets::save(Format::Xlsx, &sheets::write(made.iter(), &codes)?, &[])?;
    drop(made);
    let started = Instant::now();
    let content = sheets::open("list.xlsx", &file)?;
    let read = app.db.read(move |c| flows::read_list(c, &shelf, &content)).await?;
    let seconds_to_read = started.elapsed().as_secs_f64();
    let loaded = put(&app, &read.good).await?;
    let seconds = started.elapsed().as_secs_f64();
    let note = format!(
        "{seconds:.0} s in all, {seconds_to_read:.0} s of them to read {:.1} MB; {} added, {} left out",
        file.len() as f64 / 1e6,
        loaded.added,
        read.left_out
    );
    let figure = Figure { per_second: ITEMS as f64 / seconds, note, ..Figure::default() };
    let what = format!("import of {ITEMS} items as XLSX");
    let is_whole = loaded.added == ITEMS;
    Ok(Figure { what, ..figure }.judged("a minute".into(), is_whole && seconds < 60.0))
}
