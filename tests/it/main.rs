//! The integration tests: one binary. Every test of behaviour runs on SQLite and on PostgreSQL ([`both!`]); `tests/postgres` gives
//! it a server: `tests/postgres cargo test --test it`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends there")]

#[macro_use]
mod harness;

mod calendar;
mod cli;
mod declare;
mod frame;
mod hall;
mod jobs;
mod mails;
mod my;
mod process;
mod story;
