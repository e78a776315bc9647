//! `audit verify`: finds every change, gap and reorder in the log of acts. Changes nothing, and works beside a platform that runs. Ends
//! with 1 when anything is wrong.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::{log, progress, sound};
use crate::audit::verify::{Check, Fault, Report, Wrong};
use crate::config::{self, Config};
use crate::db::Db;
use crate::kernel::crypto::Keys;
use crate::kernel::{Error, Result};
use crate::work::heads;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Hold the log of acts against its chain of signed heads
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
struct Verify {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// A file of heads that were kept elsewhere, such as a copy of the one beside the file store, which is looked at in any case
    #[arg(long, value_name = "FILE")]
    head: Vec<PathBuf>,
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    let What::Verify(args) = args.what;
    log(&config::Log { level: "error".into(), format: "text".into() });
    sound(&config)?;
    let keys = Keys::from_secret(&config.secrets.master)?;
    let mut kept = heads::kept(&config)?;
    for file in &args.head {
        kept.extend(heads::read(file)?);
    }
    let outside = kept.len();
    let db = Db::open_to_look(&config.database.address)?;
    if db.is_behind().await? {
        return Err(Error::internal(
            "the database's tables are older than this version: run `cloudmart migrate` first",
        ));
    }
    let report = verified(&db, &keys, Check::new(kept)).await?;
    if args.json {
        let mut all = serde_json::to_value(&report)?;
        all["is_whole"] = json!(report.faults == 0);
        all["heads_outside"] = json!(outside);
        all["public_keys"] = keys.audit_public().into();
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        print(&report, outside);
    }
    Ok(if report.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn verified(db: &Db, keys: &Keys, mut check: Check) -> Result<Report> {
    let total = db.glance(Check::total).await?;
    let bar = progress(usize::try_from(total).unwrap_or_default(), "batches");
    loop {
        let keys = keys.clone();
        let (back, has_more) = db
            .read(move |c| {
                let has_more = check.step(c, &keys)?;
                Ok((check, has_more))
            })
            .await?;
        check = back;
        bar.set_position(u64::try_from(check.place()).unwrap_or_default());
        if !has_more {
            bar.finish_and_clear();
            return Ok(check.into_report());
        }
    }
}

fn print(r: &Report, outside: usize) {
    println!("Batches   {}, of which {} have lost their entries to the end of retention", r.batches, r.removed);
    println!("Entries   {}", r.entries);
    let since = r.waiting_since.map(|at| format!(", the first since {}", at.minute())).unwrap_or_default();
    println!("Unsealed  {}{since}", r.waiting);
    match &r.head {
        Some(head) => println!("Head      {} {} of {}", head.no, head.digest, head.sealed_at.minute()),
        None => println!("Head      none yet"),
    }
    match outside {
        0 => println!("Outside   no head was kept outside the database: a cut at the end would not be seen"),
        n => println!("Outside   held against {n} heads that were kept outside the database"),
    }
    for fault in &r.found {
        println!("✗ {}", sentence(fault));
    }
    if r.faults > r.found.len() {
        println!("✗ and {} more", r.faults - r.found.len());
    }
    match r.faults {
        0 => println!("✓ The audit is as it was sealed."),
        n => println!("✗ {n} faults. Keep the database as it is, and ask who could write in it."),
    }
}

fn sentence(f: &Fault) -> String {
    let batch = f.batch;
    let to = f.to.unwrap_or(batch);
    let entry = match (f.entry, f.seq) {
        (Some(id), Some(seq)) => format!("batch {batch}, entry {id} at place {seq}"),
        (None, Some(seq)) => format!("batch {batch}, place {seq}"),
        _ => format!("batch {batch}"),
    };
    let says = match f.what {
        Wrong::Changed => "the entry is another than was sealed",
        Wrong::Missing => "the entry is gone",
        Wrong::Added => "the entry was never sealed",
        Wrong::Reordered => "the entry stands at another's place",
        Wrong::Gap => return format!("batches {batch} to {to}: they are gone"),
        Wrong::Head => "its head was changed",
        Wrong::Signature => "its signature does not hold",
        Wrong::Key => "it was signed with a key that is not of these settings",
        Wrong::Chain => "it does not follow on the one before it",
        Wrong::Cut => return format!("batches {batch} to {to}: the end of the chain was cut off"),
        Wrong::Kept => "it is another than was kept outside the database",
        Wrong::Removal => "its entries went, and not by the end of retention",
    };
    format!("{entry}: {says}")
}
