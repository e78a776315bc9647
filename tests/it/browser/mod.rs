//! Journeys in headless Chromium, one file a kind of user: real pages of a real server, real clicks and typing.
//!
//! A journey runs on SQLite alone: what differs between the databases is tested below the pages. Every page that a window comes to is
//! checked ([`look`]): nothing refused by the page's own policy, no error in the console, nothing wider than the screen, every field
//! with its label, one heading, the right language, and a focus that can be seen.
//!
//! Pictures go to `target/screenshots`; with `CLOUDMART_SCREENSHOTS=1` those for the README go to `docs/img`, too.

mod chromium;
mod look;
mod picture;
mod window;

mod administrator;
mod approver;
mod assurance;
mod auditor;
mod citizen;
mod clerk;
mod codes;
mod form;
mod full;
mod guidance;
mod keeper;
mod mandates;
mod passkeys;
mod province;
mod supervisor;
mod visitor;

use std::future::Future;
use std::pin::Pin;

use cloudmart::cases::Case;
use cloudmart::config::Config;
use cloudmart::sandbox::{self, Addresses};
use tokio::sync::Semaphore;

pub use window::Window;

use crate::harness::{self, Engine, TestApp};
use crate::made;

/// More browsers at once only wait for each other on a small machine.
static BROWSERS: Semaphore = Semaphore::const_new(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    Desk,
    Phone,
}

impl Screen {
    /// Width and height in pixels of CSS.
    pub fn size(self) -> (u32, u32) {
        match self {
            Screen::Desk => (1280, 860),
            Screen::Phone => (375, 780),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }
}

/// The number that people know a case by.
pub fn number(case: &Case) -> &str {
    case.receipt_no.as_deref().expect("a case that was handed in")
}

type Walk<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Runs a journey on a platform of its own.
fn walk(
    name: &'static str,
    screen: Screen,
    lang: Lang,
    body: impl for<'a> FnOnce(&'a TestApp, &'a Window<'a>) -> Walk<'a> + 'static,
) {
    walk_with(name, screen, lang, |_| (), body);
}

/// As [`walk`], with settings of its own.
fn walk_with(
    name: &'static str,
    screen: Screen,
    lang: Lang,
    set: impl FnOnce(&mut Config),
    body: impl for<'a> FnOnce(&'a TestApp, &'a Window<'a>) -> Walk<'a> + 'static,
) {
    if !chromium::is_here() {
        return;
    }
    harness::run_with(Engine::Sqlite, set, move |t| {
        Box::pin(async move {
            let _turn = BROWSERS.acquire().await.unwrap();
            let window = Window::open(t, name, screen, lang).await;
            body(t, &window).await;
            window.close().await;
        })
    });
}

/// As [`walk_with`], beside the systems of the sandbox.
fn walk_beside(
    name: &'static str,
    screen: Screen,
    lang: Lang,
    set: impl FnOnce(&mut Config, &Addresses),
    body: impl for<'a> FnOnce(&'a TestApp, &'a Window<'a>) -> Walk<'a> + 'static,
) {
    if !chromium::is_here() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outside = runtime.block_on(sandbox::start(made::world())).unwrap();
    walk_with(name, screen, lang, |config| set(config, &outside.addresses), body);
    runtime.block_on(outside.stop());
}

/// `journey!(name, Screen::Phone, Lang::Zh, function)`, where the function is `async fn(&TestApp, &Window<'_>)`.
macro_rules! journey {
    ($name:ident, $screen:expr, $lang:expr, $body:path) => {
        #[test]
        fn $name() {
            $crate::browser::walk(stringify!($name), $screen, $lang, |t, w| Box::pin($body(t, w)));
        }
    };
}
use journey;
