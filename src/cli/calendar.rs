//! `calendar due`: the last day of a limit, by the calendar that is built in. Needs no database.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

use super::seed;
use crate::calendar::{Limit, Span, Unit};
use crate::kernel::{Day, Result};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the last day of a limit, alone
    Due(Due),
}

#[derive(Debug, clap::Args)]
struct Due {
    /// The day on which the limit begins (not counted itself)
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Day,
    /// How many days the limit has
    #[arg(long)]
    days: u32,
    #[arg(long, value_enum, default_value_t = In::Working)]
    unit: In,
    /// Days on which the clock stands still, both included; may be said several times
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    suspend: Vec<Span>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum In {
    Working,
    Calendar,
}

/// Reads `2026-02-01..2026-02-03`.
fn span(text: &str) -> Result<Span, String> {
    let (from, to) = text.split_once("..").ok_or("write FROM..TO, such as 2026-02-01..2026-02-03")?;
    let day = |t: &str| t.trim().parse::<Day>().map_err(|_| format!("{t} is no day: write YYYY-MM-DD"));
    let (from, to) = (day(from)?, day(to)?);
    if to < from { Err("the second day lies before the first".into()) } else { Ok(Span { from, to }) }
}

pub(super) fn run(args: Args) -> Result<ExitCode> {
    let What::Due(due) = args.what;
    let unit = match due.unit {
        In::Working => Unit::Working,
        In::Calendar => Unit::Calendar,
    };
    let plan = seed::plan()?;
    let last = plan.due(due.from, Limit { days: due.days, unit }, &due.suspend);
    println!("{}", last.day);
    if last.is_estimate {
        eprintln!("The plan of {} is not known: after {} weekends alone were counted.", last.day, plan.last_year());
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_span_has_two_days_in_order() {
        assert!(span("2026-02-01..2026-02-03").is_ok_and(|s| s.to.to_string() == "2026-02-03"));
        assert!(span("2026-02-03..2026-02-01").is_err());
        assert!(span("2026-02-30..2026-03-01").is_err());
        assert!(span("2026-02-01").is_err());
    }
}
