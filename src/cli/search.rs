//! `search`: what a visitor would find. `search-check`: how often that is the right thing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;

use crate::app::App;
use crate::catalogue::{Ask, Shelf};
use crate::config::Config;
use crate::kernel::{Error, Result};

/// Of all phrases so many have to bring the right item at the first place, and among the first three.
const FIRST: f64 = 0.90;
const THREE: f64 = 0.97;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What somebody types into the search box
    phrase: String,
    /// At most so many items
    #[arg(long, default_value_t = 10)]
    rows: usize,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Phrases and the item that each means, with the columns phrase and item (slug or code; alternatives with | between them)
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
}

#[derive(Serialize)]
struct Hit {
    slug: String,
    code: String,
    name: String,
    department: String,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    let app = super::open_ready(config).await?;
    let hits = hits(&app, &args.phrase, args.rows);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&hits)?);
    } else {
        for (at, hit) in (1..).zip(&hits) {
            println!("{at:2}  {}  {}  {}", hit.code, hit.name, hit.department);
        }
    }
    if hits.is_empty() {
        eprintln!("Nothing fits. Try fewer words, or another name for it.");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn hits(app: &App, phrase: &str, rows: usize) -> Vec<Hit> {
    let books = app.books();
    let ask = Ask { text: phrase.to_owned(), page: 1, size: rows, ..Ask::default() };
    let name = |id| books.shelf.department(id).map(|d| d.short.zh.clone()).unwrap_or_default();
    let hit = |item: &std::sync::Arc<crate::catalogue::Shelved>| Hit {
        slug: item.elements.slug.clone(),
        code: item.elements.code.clone(),
        name: item.elements.name.zh.clone(),
        department: name(item.department_id),
    };
    books.shelf.search(&ask).items.iter().map(hit).collect()
}

#[derive(Serialize)]
struct Rates {
    phrases: usize,
    /// Shares of the phrases.
    first: f64,
    first_three: f64,
    /// Where the item did not come first: what came.
    missed: Vec<Missed>,
}

#[derive(Serialize)]
struct Missed {
    phrase: String,
    item: String,
    /// From 1; none when it is not among the first ten.
    place: Option<usize>,
    came: Vec<String>,
}

pub(super) async fn check(config: Config, args: CheckArgs) -> Result<ExitCode> {
    let app = super::open_ready(config).await?;
    let rates = rates(&app.books().shelf, &phrases(&args.file)?);
    println!("{}", serde_json::to_string_pretty(&rates)?);
    let is_good = rates.first >= FIRST && rates.first_three >= THREE;
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Phrase and item of each row.
fn phrases(file: &Path) -> Result<Vec<(String, String)>> {
    let wrong = |e: csv::Error| Error::internal(format!("{}: {e}", file.display()));
    let mut rows = csv::Reader::from_path(file).map_err(wrong)?;
    rows.deserialize().map(|row| row.map_err(wrong)).collect()
}

fn rates(shelf: &Shelf, phrases: &[(String, String)]) -> Rates {
    let (mut first, mut three, mut missed) = (0, 0, vec![]);
    for (phrase, item) in phrases {
        let found = shelf.search(&Ask { text: phrase.clone(), page: 1, size: 10, ..Ask::default() }).items;
        let is_it = |slug: &str, code: &str| item.split('|').any(|wanted| wanted == slug || wanted == code);
        let place = found.iter().position(|i| is_it(&i.elements.slug, &i.elements.code)).map(|at| at + 1);
        first += usize::from(place == Some(1));
        three += usize::from(place.is_some_and(|p| p <= 3));
        if place != Some(1) {
            let came = found.iter().take(3).map(|i| i.elements.slug.clone()).collect();
            missed.push(Missed { phrase: phrase.clone(), item: item.clone(), place, came });
        }
    }
    let all = phrases.len().max(1) as f64;
    Rates { phrases: phrases.len(), first: first as f64 / all, first_three: three as f64 / all, missed }
}
