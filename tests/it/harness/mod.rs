//! A platform for one test: its own database, files, clock and world outside, a real server, and people who use it.
//!
//! ```ignore
//! both!(a_citizen_sees_her_cases, async |t| {
//!     let linyue = t.citizen("linyue").await;
//!     linyue.get("/my").await.ok().has("我的办件");
//! });
//! ```
//!
//! - [`TestApp::citizen`], [`TestApp::clerk`], [`TestApp::officer`] …: browsers of people of `seed-data/demo`, logged in.
//! - [`Browser::get`], [`Browser::submit`] …: what they do; [`Seen`] is what they see.
//! - [`TestApp::at`], [`TestApp::advance`]: the clock, which stands at Monday 2026-03-02 10:00 when a test begins.
//! - [`TestApp::settle`]: does all background work that is due now.
//! - `t.mailer`, `t.verifier`, `t.http`: what was asked of the world outside; [`TestApp::departments_answer`] plays it.

#![allow(dead_code, unused_imports, reason = "a harness offers more than the tests of one day use")]

mod app;
mod browser;
mod database;
mod form;
mod seen;

pub use app::{BEGIN, NEWCOMER, PASSWORD, TestApp, instant, run, run_with};
pub use browser::Browser;
pub use database::{Database, Engine, Folder};
pub use seen::Seen;

/// One test on each engine: `both!(name, async |t| { … })`, where `t` is a `&TestApp`; with settings of its own:
/// `both!(name, |config| config.verifier.degraded = "accept".into(), async |t| { … })`.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, async |$t:ident| $body:block) => {
        $crate::both!($(#[$meta])* $name, |_config| (), async |$t| $body);
    };
    ($(#[$meta:meta])* $name:ident, |$config:ident| $set:expr, async |$t:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its module")]
            use super::*;

            async fn body($t: &$crate::harness::TestApp) $body

            fn set($config: &mut cloudmart::config::Config) {
                $set
            }

            #[test]
            fn sqlite() {
                $crate::harness::run_with($crate::harness::Engine::Sqlite, set, |t| Box::pin(body(t)));
            }
            #[test]
            fn postgres() {
                $crate::harness::run_with($crate::harness::Engine::Postgres, set, |t| Box::pin(body(t)));
            }
        }
    };
}
