//! `cloudmart calendar due`, as a person at a terminal runs it.

use std::process::{Command, Output};

fn due(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cloudmart")).args(["calendar", "due"]).args(args).output().unwrap()
}

#[track_caller]
fn last_day(args: &[&str], expected: &str) {
    let output = due(args);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{expected}\n"), "{args:?}");
}

#[test]
fn limits_in_working_days() {
    // The plan of 2026: Spring Festival 15–23 February with a make-up Saturday on the 14th, 1–5 May, 1–7 October.
    for (from, days, expected) in [
        ("2026-01-28", "10", "2026-02-11"),
        ("2026-02-12", "5", "2026-02-26"),
        ("2026-02-13", "1", "2026-02-14"),
        ("2026-04-28", "5", "2026-05-08"),
        ("2026-09-18", "5", "2026-09-24"),
        ("2026-09-30", "20", "2026-11-03"),
    ] {
        last_day(&["--from", from, "--days", days], expected);
    }
}

#[test]
fn suspended_days_do_not_count() {
    last_day(&["--from", "2026-09-14", "--days", "5", "--suspend", "2026-09-16..2026-09-28"], "2026-10-09");
    let two = ["--suspend", "2026-03-03..2026-03-03", "--suspend", "2026-03-05..2026-03-05"];
    last_day(&[&["--from", "2026-03-02", "--days", "2"], &two[..]].concat(), "2026-03-06");
}

#[test]
fn calendar_days_end_on_a_working_day() {
    last_day(&["--from", "2026-09-21", "--days", "10", "--unit", "calendar"], "2026-10-08");
    last_day(&["--from", "2026-03-02", "--days", "3", "--unit", "calendar"], "2026-03-05");
}

#[test]
fn a_year_without_a_plan_is_said() {
    let output = due(&["--from", "2027-03-01", "--days", "1"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "2027-03-02\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("not known"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    for args in [
        &["--from", "2026-02-30", "--days", "1"][..],
        &["--from", "2026-02-03", "--days", "-1"],
        &["--from", "2026-02-03", "--days", "1", "--suspend", "2026-02-05..2026-02-04"],
        &["--days", "1"],
    ] {
        let output = due(args);
        assert!(!output.status.success() && output.stdout.is_empty(), "{args:?}");
        assert!(!output.stderr.is_empty());
    }
}
