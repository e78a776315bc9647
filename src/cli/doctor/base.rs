//! What the platform stands on: settings, secrets, files, the database and its clock, the calendar, the background work.

use std::path::Path;
use std::process::Command;

use chrono::{Datelike, Days};

use super::sheet::{Sheet, without_password};
use crate::cli::explain;
use crate::config::{Config, keyfile};
use crate::db::{Db, Engine};
use crate::files::Files;
use crate::flows::Books;
use crate::jobs::{self, schedule};
use crate::kernel::keys::{self, Use};
use crate::kernel::{Clock, Error, Result, crypto};

/// Below so many MiB of free space one should look, and below so few nothing can be stored soon.
const LITTLE: u64 = 2048;
const LEAST: u64 = 128;

/// Days ahead for which the calendar should be known: limits reach so far.
const AHEAD: u64 = 60;

/// Seconds that a database's clock may be off: beyond, leases and orders of events become doubtful; and beyond `TOLERANCE` of
/// webhooks, departments refuse what we sign.
const OFF: i64 = 2;

/// Seconds past its time after which a periodic task counts as not running.
const LATE: i64 = 180;

pub(super) fn settings(sheet: &mut Sheet, config: &Config) {
    let problems = config.problems();
    for p in &problems {
        sheet.broken("settings", format!("{} = {}", p.key, p.value), p.cure);
    }
    if problems.is_empty() {
        sheet.good("settings", "can be used");
    }
    key_file(sheet, config);
    let is_used = config.secrets.file.is_empty();
    if is_used && is_weak(&config.secrets.master) && !problems.iter().any(|p| p.key == "secrets.master") {
        sheet.broken(
            "secrets.master",
            "looks made up and not random",
            "set 32 random bytes in base64: head -c 32 /dev/urandom | base64 (what is sealed with the old one does not open any more)",
        );
    }
    if !config.login.needs_second_factor() {
        sheet.broken(
            "login.second_factor",
            "is off: whoever has a password of staff acts in their name",
            "set it to \"required\"; members bind an authenticator at their next login",
        );
    }
    let is_open = !["127.", "localhost", "[::1]"].iter().any(|p| config.server.listen.starts_with(p));
    let is_plain = config.server.public_url.starts_with("http://");
    if is_plain && (is_open || !config.server.public_url.contains("127.0.0.1")) {
        sheet.watch(
            "server.public_url",
            format!("{} is without TLS", config.server.public_url),
            "put a reverse proxy with https before it and write its address here",
        );
    }
}

/// The file of keys: whether it can be used, who may read it, and whether something is on its way.
fn key_file(sheet: &mut Sheet, config: &Config) {
    let file = &config.secrets.file;
    if file.is_empty() {
        return;
    }
    let keys = match keyfile::load(&config.secrets) {
        Ok(keys) => keys,
        Err(e) => {
            let cure = "make it with: cloudmart keys new; or bring back the file that was there";
            return sheet.broken("secrets.file", crate::cli::explain(&e), cure);
        }
    };
    if keyfile::is_open(file) {
        sheet.broken("secrets.file", format!("{file} may be read by others"), format!("chmod 600 {file}"));
    }
    match keyfile::read(file) {
        Ok(all) if all.iter().any(|e| e.is_weak()) => sheet.broken(
            "secrets.file",
            "a key looks made up and not random",
            "draw a new one with cloudmart keys new, then cloudmart keys rotate and cloudmart keys drop",
        ),
        _ => {}
    }
    let has = |used| keys.versions().iter().any(|(_, _, u)| *u == used);
    if has(Use::Next) {
        sheet.watch("secrets.file", "a new key waits to be used", "cloudmart keys rotate");
    } else if has(Use::Old) {
        sheet.watch("secrets.file", "holds old keys", "when nothing is sealed with them: cloudmart keys drop");
    } else {
        sheet.good("secrets.file", format!("version {} seals", keys.version()));
    }
}

fn is_weak(master: &str) -> bool {
    crypto::from_base64(master.trim()).is_none_or(|bytes| keys::is_weak(&bytes))
}

pub(super) fn files(sheet: &mut Sheet, config: &Config) {
    let folder = &config.files.folder;
    if !Path::new(folder).exists() {
        sheet.watch("file store", format!("{folder} is not there yet"), "it is made at the first start");
        return;
    }
    match Files::open(folder) {
        Ok(_) => {}
        Err(e) => {
            sheet.broken("file store", explain(&e), format!("let the platform's user write in {folder}"));
            return;
        }
    }
    match free_mib(folder) {
        Some(free) if free < LEAST => {
            sheet.broken("file store", format!("{free} MiB free in {folder}"), "make room: uploads fail soon");
        }
        Some(free) if free < LITTLE => {
            sheet.watch("file store", format!("{free} MiB free in {folder}"), "make room soon")
        }
        Some(free) => sheet.good("file store", format!("{folder} can be written, {} GiB free", free / 1024)),
        None => sheet.good("file store", format!("{folder} can be written")),
    }
}

/// Free space, asked of `df`: the standard library does not know it.
fn free_mib(folder: &str) -> Option<u64> {
    let out = Command::new("df").args(["-Pk", folder]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1024)
}

/// The database, if it can be looked at any further.
pub(super) async fn database(sheet: &mut Sheet, config: &Config, clock: &Clock) -> Option<Db> {
    let address = without_password(&config.database.address);
    let found = async {
        let db = Db::open_to_look(&config.database.address)?;
        let report = db.report().await?;
        Ok::<_, Error>((db, report))
    };
    let (db, report) = match found.await {
        Ok(found) => found,
        Err(e) => {
            let cure = match config.database.address.starts_with("sqlite:") {
                true => "make it with `cloudmart migrate`, or mend database.address",
                false => "start the server, or mend database.address (host, user, password, name)",
            };
            sheet.broken("database", format!("{address}: {}", explain(&e)), cure);
            return None;
        }
    };
    sheet.good("database", format!("{} at {address}", report.version));
    for s in &report.settings {
        let says = format!("{} = {}", s.name, s.value);
        match s.is_good {
            true => sheet.good("database", says),
            false => sheet.broken("database", says, format!("set {} as PostgreSQL's default has it: what was acknowledged could be lost, or sorted and read wrongly", s.name)),
        }
    }
    let off = report.now.secs_since(clock.now()).abs();
    match off {
        0..=OFF => sheet.good("clocks", "the database and this machine agree"),
        _ => sheet.broken(
            "clocks",
            format!("the database is {off} s off this machine"),
            "set both by NTP: leases and signatures hang on the time",
        ),
    }
    match db.is_behind().await {
        Ok(false) => sheet.good("migrations", "up to date"),
        Ok(true) => {
            sheet.broken("migrations", "the tables are older than this version", "run `cloudmart migrate`");
            return None;
        }
        Err(e) => {
            sheet.broken("migrations", explain(&e), "run `cloudmart migrate`");
            return None;
        }
    }
    if config.database.connections < 2 && db.engine() == Engine::Postgres {
        sheet.watch("database", "database.connections is 1", "give it some more: each request that reads needs one");
    }
    Some(db)
}

pub(super) async fn calendar(sheet: &mut Sheet, db: &Db, clock: &Clock) {
    let today = clock.now().day();
    let Some(Books { plan, shelf }) = told(sheet, "catalogue", db.read(Books::load).await) else { return };
    match shelf.items().len() {
        0 => return sheet.broken("catalogue", "there are no service items", "run `cloudmart seed`"),
        n => sheet.good("catalogue", format!("{n} service items")),
    }
    let until = today.checked_add_days(Days::new(AHEAD)).unwrap_or(today);
    if until.year() <= plan.last_year() {
        sheet.good("calendar", format!("holidays are known to the end of {}", plan.last_year()));
    } else {
        let says = format!("holidays are known to the end of {} alone; limits reach to {until}", plan.last_year());
        let cure = "take the State Council's notice for the next year into seed-data/base/calendar.csv and run `cloudmart seed`; \
                    until then days off are reckoned by weekends";
        if today.year() <= plan.last_year() {
            sheet.watch("calendar", says, cure)
        } else {
            sheet.broken("calendar", says, cure)
        }
    }
}

/// Whether somebody does the background work, and what was laid aside.
pub(super) async fn work(sheet: &mut Sheet, db: &Db, clock: &Clock) {
    let read = db.read(|c| Ok((schedule::list(c)?, jobs::counts(c)?))).await;
    let Some((tasks, counts)) = told(sheet, "background work", read) else { return };
    let now = clock.now();
    if tasks.is_empty() {
        sheet.watch("background work", "has never run on this database", "start `cloudmart serve` or `cloudmart work`");
    }
    for task in &tasks {
        let what = format!("task {}", task.name);
        let last = task.ended_at.or(task.started_at).map_or_else(|| "never".into(), |at| at.minute());
        let late = now.secs_since(task.next_at).min(now.secs_since(task.lease_until.unwrap_or(task.next_at)));
        match (&task.last_error, late) {
            (_, late) if late > LATE => {
                let cure = "start `cloudmart serve` or `cloudmart work`: limits, mails and dispatches wait";
                sheet.watch(what, format!("ran last {last}, is {} min late", late / 60), cure);
            }
            (Some(error), _) => {
                sheet.broken(what, format!("failed {last}: {error}"), "look into the log of the process that works")
            }
            (None, _) => sheet.good(what, format!("ran last {last}")),
        }
    }
    if counts.failed > 0 {
        sheet.watch("jobs", format!("{} were laid aside", counts.failed), "an administrator may try them again");
    }
}

/// The value, or a finding in its place.
pub(super) fn told<T>(sheet: &mut Sheet, what: &str, read: Result<T>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(e) => {
            sheet.broken(what, explain(&e), "look at the database");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_secrets_are_weak_and_drawn_ones_are_not() {
        let of = |bytes: Vec<u8>| is_weak(&crypto::base64(&bytes));
        assert!(of(vec![7; 32]) && of((1..=32).collect()) && of((0..64).map(|i| b"geheim"[i % 6]).collect()));
        for _ in 0..200 {
            assert!(!of(crypto::random32().to_vec()));
        }
    }

    #[test]
    fn there_is_room_somewhere() {
        assert!(free_mib("/").is_some());
        assert!(free_mib("/no/such/folder").is_none());
    }
}
