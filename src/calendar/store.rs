use diesel::prelude::*;

use super::Plan;
use crate::db::schema::cal_day;
use crate::db::{Conn, Each};
use crate::kernel::{Day, Result};

/// Days, whether each is a workday, and their names; and the lines that do not parse, with their numbers.
type Parsed = (Vec<(Day, bool, String)>, Vec<(usize, String)>);

/// Reads `date,kind,name` lines (kind: holiday or workday); other columns are passed over.
/// Gives the lines that do not parse beside the days.
pub fn parse(csv: &str) -> Parsed {
    let mut days = vec![];
    let mut bad = vec![];
    for (at, line) in csv.trim_start_matches('\u{feff}').lines().enumerate().skip(1) {
        let mut cells = line.split(',').map(str::trim);
        let day = cells.next().and_then(|d| d.parse::<Day>().ok());
        let kind = match cells.next() {
            Some("holiday") => Some(false),
            Some("workday") => Some(true),
            _ => None,
        };
        match (day, kind) {
            (Some(day), Some(is_workday)) => days.push((day, is_workday, cells.next().unwrap_or("").to_owned())),
            _ if line.trim().is_empty() => {}
            _ => bad.push((at + 1, line.to_owned())),
        }
    }
    (days, bad)
}

/// Takes in a plan; days already known are replaced. Returns how many, and the lines that do not parse.
pub fn import(c: &mut Conn, csv: &str) -> Result<(usize, Vec<(usize, String)>)> {
    let (days, bad) = parse(csv);
    for (day, is_workday, name) in &days {
        let row = (
            cal_day::day.eq(*day),
            cal_day::kind.eq(if *is_workday { "workday" } else { "holiday" }),
            cal_day::name.eq(name),
        );
        let change = (row.1, cal_day::name.eq(name));
        Each(diesel::insert_into(cal_day::table).values(row).on_conflict(cal_day::day).do_update().set(change))
            .execute(c)?;
    }
    Ok((days.len(), bad))
}

/// The whole plan: about 800 days for nine years.
pub fn load(c: &mut Conn) -> Result<Plan> {
    let rows: Vec<(Day, String, String)> =
        cal_day::table.select((cal_day::day, cal_day::kind, cal_day::name)).load(c)?;
    Ok(Plan::new(rows.into_iter().map(|(day, kind, name)| (day, kind == "workday", name))))
}
