//! The integration tests: one binary. Every test of behaviour runs on SQLite and on PostgreSQL ([`both!`]); `tests/postgres` gives
//! it a server: `tests/postgres cargo test --test it`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends there")]

#[macro_use]
mod harness;
mod source;

mod access;
mod admin_exchange;
mod api;
mod architecture;
mod assurance;
mod at_window;
mod audit;
mod audit_pages;
mod authority;
mod basics;
mod browser;
mod calendar;
mod catalogue;
mod cli;
mod clients;
mod codes;
mod declare;
mod degraded;
mod dictionaries;
mod exchange;
mod faults;
mod flows;
mod frame;
mod guidance;
mod hall;
mod inbox;
mod jobs;
mod keys;
mod killed;
mod limits;
mod looks;
mod made;
mod mails;
mod mandates;
mod migrations;
mod my;
mod openapi;
mod own_data;
mod papers;
mod passkeys;
mod places;
mod process;
mod processes;
mod province;
mod putoff;
mod schema;
mod shelf;
mod staff_login;
mod story;
mod supervise;
mod templates;
mod texts;
mod topics;
mod tour;
