//! `catalogue`: the service items as a whole.

mod generate;
mod lists;

use std::process::ExitCode;

use clap::Subcommand;

pub(super) use generate::Generator;

use super::seed;
use crate::catalogue::{self, Checker, Finding, Severity};
use crate::config::Config;
use crate::kernel::Result;

/// Items a transaction.
const BATCH: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Hold all published items against the law, the dictionaries and one another; ends with 1 when there are errors
    Check(Check),
    /// Take in the implementing list: good items are published, bad rows are told; ends with 1 when there are any
    Import(lists::Import),
    /// Write the implementing list of all published items
    Export(lists::Export),
    /// Add made-up items, to see and measure the platform at size
    Generate(Generate),
}

#[derive(Debug, clap::Args)]
struct Check {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Generate {
    /// How many made-up items there shall be in all
    #[arg(long, value_name = "N")]
    items: usize,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    match args.what {
        What::Check(args) => check(config, &args).await,
        What::Import(args) => lists::import(config, args).await,
        What::Export(args) => lists::export(config, args).await,
        What::Generate(args) => generate(config, args).await,
    }
}

async fn check(config: Config, args: &Check) -> Result<ExitCode> {
    let app = super::open_ready(config).await?;
    let books = app.books();
    let (facts, basics) = app.db.read(|c| Ok((catalogue::fact_keys(c)?, catalogue::basics::basics(c)?))).await?;
    let today = app.clock.now().day();
    let items = books.shelf.items();
    let mut found =
        Checker::new(books.shelf.codes(), &facts).with(&basics, today).all(items.iter().map(|i| &i.elements));
    for basic in basics.values() {
        let of_basic = |(rule, element, value): (catalogue::Rule, String, String)| Finding {
            severity: rule.severity(),
            rule: rule.code(),
            item: format!("basic/{}", basic.code),
            code: basic.code.clone(),
            element,
            value,
        };
        found.extend(basic.check(books.shelf.codes()).into_iter().map(of_basic));
    }
    for topic in books.shelf.topics() {
        let of_topic = |(rule, element, value): (catalogue::Rule, String, String)| Finding {
            severity: rule.severity(),
            rule: rule.code(),
            item: topic.key.clone(),
            code: String::new(),
            element,
            value,
        };
        found.extend(topic.check(&books.shelf).into_iter().map(of_topic));
    }
    let errors = found.iter().filter(|f| f.severity == Severity::Error).count();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        for Finding { severity, rule, item, element, value, .. } in &found {
            let severity = if *severity == Severity::Error { "error  " } else { "warning" };
            println!("{severity}  {rule:22}  {item}  {element}  {value}");
        }
        println!("{} items: {errors} errors, {} warnings.", items.len(), found.len() - errors);
    }
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn generate(config: Config, args: Generate) -> Result<ExitCode> {
    let app = super::open_ready(config).await?;
    let generator = Generator::new(seed::true_items()?)?;
    let bar = super::progress(args.items, "items");
    let mut added = 0;
    for from in (0..args.items).step_by(BATCH) {
        let to = (from + BATCH).min(args.items);
        added += seed::put_made_up(&app, (from..to).map(|no| generator.item(no)).collect()).await?.added;
        bar.inc((to - from) as u64);
    }
    bar.finish();
    println!("Service items: {added} made-up ones added.");
    Ok(ExitCode::SUCCESS)
}
