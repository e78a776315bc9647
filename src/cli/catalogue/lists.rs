//! The implementing list as a file, in and out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::super::seed;
use crate::catalogue::diff;
use crate::catalogue::sheets::{self, Bad, Format, Imported, Read};
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
    let bytes = std::fs::read(&args.file).map_err(|e| Error::internal(format!("{}: {e}", args.file.display())))?;
    let content = sheets::open(&name(&args.file), &bytes)?;
    let shelf = app.books().shelf;
    let read = app.db.read(move |c| flows::read_list(c, &shelf, &content)).await?;
    let loaded = match args.dry_run {
        true => seed::Loaded::default(),
        false => put(&app, &read.good).await?,
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&read, &loaded, args.dry_run)?)?);
    } else {
        told(&read, &loaded, args.dry_run)?;
    }
    Ok(if read.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Publishes items in batches, and shows how far it has come.
pub(in crate::cli) async fn put(app: &crate::app::App, good: &[Imported]) -> Result<seed::Loaded> {
    let bar = super::super::progress(good.len(), "items");
    let mut all = seed::Loaded::default();
    for some in good.chunks(BATCH) {
        let loaded = seed::put_items(app, some.iter().map(|i| i.elements.clone()).collect()).await?;
        all.add(&loaded);
        bar.inc(some.len() as u64);
    }
    bar.finish();
    app.refresh().await?;
    Ok(all)
}

fn as_json(read: &Read, loaded: &seed::Loaded, is_dry: bool) -> Result<serde_json::Value> {
    let mut changes = vec![];
    for item in read.good.iter().filter(|i| is_dry && !i.is_same()) {
        let differences = match &item.before {
            Some((_, before)) => diff::between(before, &item.elements, &crate::catalogue::Codes::default())?,
            None => vec![],
        };
        let (code, is_new) = (&item.elements.code, item.before.is_none());
        changes.push(json!({ "code": code, "new": is_new, "differences": differences }));
    }
    Ok(json!({
        "good": read.good.len(), "left_out": read.left_out, "bad": read.bad, "unknown": read.unknown, "changes": changes,
        "added": loaded.added, "renewed": loaded.renewed, "same": loaded.same, "kept": loaded.kept,
    }))
}

fn told(read: &Read, loaded: &seed::Loaded, is_dry: bool) -> Result<()> {
    for Bad { sheet, row, column, value, why, rule } in &read.bad {
        println!("bad  {sheet} {row}  {column}  {value:?}  {why}{}", rule.map(|r| format!(" {r}")).unwrap_or_default());
    }
    for (sheet, heading) in &read.unknown {
        println!("unknown  {sheet}  {heading}");
    }
    if is_dry {
        for item in read.good.iter().filter(|i| !i.is_same()) {
            println!(
                "{}  {}  {}",
                if item.before.is_some() { "changed" } else { "new" },
                item.elements.code,
                item.elements.name.zh
            );
            let Some((_, before)) = &item.before else { continue };
            let found = diff::between(before, &item.elements, &crate::catalogue::Codes::default())?;
            for d in found.iter().take(SHOWN) {
                let place: Vec<_> = d.place.iter().map(|t| t.zh.as_str()).collect();
                let of = |t: &Option<crate::kernel::Text>| t.as_ref().map_or_else(String::new, |t| t.zh.clone());
                println!("    {}: {} -> {}", place.join(" > "), of(&d.before), of(&d.after));
            }
        }
        let same = read.good.iter().filter(|i| i.is_same()).count();
        println!("{} items would come in, {same} of them unchanged; {} left out.", read.good.len(), read.left_out);
    } else {
        let seed::Loaded { added, renewed, same, kept } = loaded;
        println!(
            "{added} added, {renewed} with a new version, {same} unchanged, {kept} kept as people changed them, {} left out.",
            read.left_out
        );
    }
    Ok(())
}
