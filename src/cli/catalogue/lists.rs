//! The implementing list as a file, in and out.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::super::seed;
use crate::app::App;
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::sheets::{self, Bad, Format, Imported, Reading, Told};
use crate::config::Config;
use crate::flows;
use crate::kernel::{Error, Result};

/// Items a transaction.
const BATCH: usize = 100;
/// Differences of one item that a dry run writes out.
const SHOWN: usize = 20;

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// XLSX, CSV or JSON, headed by the Chinese names of the elements
    file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The file to write: its end says the format, .xlsx, .csv or .json
    file: PathBuf,
    /// The sheet that a CSV has, such as 申请材料; the items themselves when nothing is said
    #[arg(long)]
    sheet: Option<String>,
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) async fn export(config: Config, args: Export) -> Result<ExitCode> {
    let app = super::super::open_ready(config).await?;
    let format = Format::of_name(&name(&args.file)).ok_or_else(|| Error::invalid("import-kind"))?;
    let shelf = app.books().shelf;
    let of = shelf.clone();
    let codes = app.db.read(move |c| flows::dictionaries(c, &of)).await?;
    let items: Vec<_> = shelf.items().iter().map(|i| &i.elements).collect();
    let mut tables = if format == Format::Json { vec![] } else { sheets::write(items.iter().copied(), &codes)? };
    if let Some(sheet) = &args.sheet {
        tables.retain(|t| t.name == *sheet);
        if tables.is_empty() {
            return Err(Error::internal(format!("there is no sheet {sheet}")));
        }
    }
    std::fs::write(&args.file, sheets::save(format, &tables, &items)?).map_err(Error::internal)?;
    println!("{}: {} items.", args.file.display(), items.len());
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn import(config: Config, args: Import) -> Result<ExitCode> {
    let app = super::super::open_ready(config).await?;
    let reading = open(&app, &args.file).await?;
    let mut seen = Seen { is_json: args.json, ..Seen::default() };
    let (reading, loaded) = match args.dry_run {
        true => (look(reading, &mut seen).await?, seed::Loaded::default()),
        false => put(&app, reading).await?,
    };
    let told = reading.told();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(told, seen, &loaded))?);
    } else {
        print(told, &seen, &loaded, args.dry_run);
    }
    Ok(if told.bad_total == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Opens a file of the list for taking its items up.
async fn open(app: &App, path: &Path) -> Result<Reading> {
    let shelf = app.books().shelf;
    let against = app.db.read(move |c| flows::list_against(c, shelf)).await?;
    let (path, folder) = (path.to_owned(), app.config.files.folder.clone());
    let read = move || {
        let file = File::open(&path).map_err(|e| Error::internal(format!("{}: {e}", path.display())))?;
        let spool = sheets::open(Path::new(&folder), &name(&path), BufReader::new(file))?;
        Ok(Reading::new(spool, against))
    };
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)?
}

async fn next(mut reading: Reading) -> Result<(Reading, Vec<Imported>)> {
    let read = move || reading.batch(BATCH).map(|batch| (reading, batch));
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)?
}

/// Publishes items in batches, reading the next one while one is written, and shows how far it has come.
async fn put(app: &App, reading: Reading) -> Result<(Reading, seed::Loaded)> {
    let bar = super::super::progress(reading.total(), "items");
    let mut all = seed::Loaded::default();
    let (mut reading, mut batch) = next(reading).await?;
    loop {
        let is_last = reading.at() == reading.total();
        bar.set_position(reading.at() as u64);
        let elements = batch.into_iter().map(|i| i.elements).collect();
        let ((back, following), loaded) = tokio::try_join!(next(reading), seed::put_items(app, elements))?;
        all.add(&loaded);
        (reading, batch) = (back, following);
        if is_last {
            bar.finish();
            return Ok((reading, all));
        }
    }
}

/// What a dry run has seen.
#[derive(Default)]
struct Seen {
    is_json: bool,
    good: usize,
    same: usize,
    changes: Vec<serde_json::Value>,
}

async fn look(mut reading: Reading, seen: &mut Seen) -> Result<Reading> {
    while reading.at() < reading.total() {
        let (back, batch) = next(reading).await?;
        reading = back;
        seen.good += batch.len();
        for item in &batch {
            if item.is_same() {
                seen.same += 1;
            } else if seen.is_json {
                let (code, is_new) = (&item.elements.code, item.before.is_none());
                seen.changes.push(json!({ "code": code, "new": is_new, "differences": differences(item)? }));
            } else {
                print_change(item)?;
            }
        }
    }
    Ok(reading)
}

fn differences(item: &Imported) -> Result<Vec<Difference>> {
    let Some(before) = &item.before else { return Ok(vec![]) };
    diff::between(&before.elements, &item.elements, &crate::catalogue::Codes::default())
}

fn print_change(item: &Imported) -> Result<()> {
    let what = if item.before.is_some() { "changed" } else { "new" };
    println!("{what}  {}  {}", item.elements.code, item.elements.name.zh);
    for d in differences(item)?.iter().take(SHOWN) {
        let place: Vec<_> = d.place.iter().map(|t| t.zh.as_str()).collect();
        let of = |t: &Option<crate::kernel::Text>| t.as_ref().map_or_else(String::new, |t| t.zh.clone());
        println!("    {}: {} -> {}", place.join(" > "), of(&d.before), of(&d.after));
    }
    Ok(())
}

fn as_json(told: &Told, seen: Seen, loaded: &seed::Loaded) -> serde_json::Value {
    let good = seen.good + loaded.added + loaded.renewed + loaded.same + loaded.kept;
    json!({
        "good": good, "left_out": told.left_out, "bad": told.bad, "bad_total": told.bad_total, "unknown": told.unknown,
        "changes": seen.changes,
        "added": loaded.added, "renewed": loaded.renewed, "same": loaded.same, "kept": loaded.kept,
    })
}

fn print(told: &Told, seen: &Seen, loaded: &seed::Loaded, is_dry: bool) {
    for Bad { sheet, row, column, value, why, rule } in &told.bad {
        println!("bad  {sheet} {row}  {column}  {value:?}  {why}{}", rule.map(|r| format!(" {r}")).unwrap_or_default());
    }
    if told.bad_total > told.bad.len() {
        println!("bad  and {} more", told.bad_total - told.bad.len());
    }
    for (sheet, heading) in &told.unknown {
        println!("unknown  {sheet}  {heading}");
    }
    let (left_out, Seen { good, same, .. }) = (told.left_out, seen);
    if is_dry {
        println!("{good} items would come in, {same} of them unchanged; {left_out} left out.");
    } else {
        let seed::Loaded { added, renewed, same, kept } = loaded;
        println!(
            "{added} added, {renewed} with a new version, {same} unchanged, {kept} kept as people changed them, {left_out} left out."
        );
    }
}
