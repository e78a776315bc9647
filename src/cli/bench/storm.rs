//! A storm of logins: many are offered, more than the machine can check passwords for, while others look at pages. The pages must not
//! wait for the passwords.
//!
//! An open loop: logins come at their rate whatever becomes of those before. Each is of another name and from another address, so that no
//! limit of tries spares the platform the work.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::load::{Ask, Line, summary};
use super::measure::Figure;
use crate::kernel::Result;

/// Logins offered in a second.
const RATE: u64 = 100;
/// Between two looks at a page.
const LOOK: Duration = Duration::from_millis(25);

#[derive(Default)]
struct Came {
    /// The password was checked.
    checked: AtomicUsize,
    /// Told to come again in a second.
    busy: AtomicUsize,
    other: AtomicUsize,
}

/// The time of a page while the storm lasts, beside the same without it.
pub(super) async fn measure(address: &str, time: Duration) -> Result<[Figure; 2]> {
    let calm = looks(address, time / 2).await?;
    let came = Arc::new(Came::default());
    let storm = tokio::spawn(storm(address.to_owned(), time, came.clone()));
    let run = looks(address, time).await?;
    let offered = storm.await.map_err(crate::kernel::Error::internal)?;
    let of = |what: &AtomicUsize| what.load(Ordering::Relaxed);
    let is_met = run.p95 < 50.0;
    let mut figure = Figure::of("front page during 100 logins/s", &run, 0.0).judged("p95 < 50 ms".into(), is_met);
    let per = |n: usize| n as f64 / time.as_secs_f64();
    figure.note = format!(
        "{offered} offered: {:.0}/s checked, {:.0}/s told to come again, {} otherwise; p95 {:.2} ms without",
        per(of(&came.checked)),
        per(of(&came.busy)),
        of(&came.other),
        calm.p95
    );
    Ok([Figure::of("front page, looked at 40 times a second", &calm, 0.0), figure])
}

/// Looks at the front page at an even pace.
async fn looks(address: &str, time: Duration) -> Result<super::load::Run> {
    let mut line = Line::open(address).await?;
    let (ask, started) = (Ask::get("/", ""), Instant::now());
    let (mut times, mut failed) = (vec![], 0);
    let mut pace = tokio::time::interval(LOOK);
    while started.elapsed() < time {
        pace.tick().await;
        let began = Instant::now();
        if line.call(&ask).await?.status == 200 {
            times.push(began.elapsed());
        } else {
            failed += 1;
        }
    }
    Ok(summary(times, failed, started.elapsed()))
}

async fn storm(address: String, time: Duration, came: Arc<Came>) -> usize {
    let mut pace = tokio::time::interval(Duration::from_millis(1000 / RATE));
    let (started, mut offered) = (Instant::now(), 0);
    while started.elapsed() < time {
        pace.tick().await;
        let (address, came, n) = (address.clone(), came.clone(), offered);
        tokio::spawn(async move {
            let counted = match login(&address, n).await {
                Ok(422) => &came.checked,
                Ok(503) => &came.busy,
                _ => &came.other,
            };
            counted.fetch_add(1, Ordering::Relaxed);
        });
        offered += 1;
    }
    offered
}

async fn login(address: &str, n: usize) -> Result<u16> {
    let mut ask = Ask::form("/login", "", &format!("name=139{:08}&password=never-right-{n}&back=/my", n % 100_000_000));
    ask.headers = format!(
        "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\nx-forwarded-for: 10.{}.{}.{}\r\n",
        n / 62_500 % 250,
        n / 250 % 250,
        n % 250
    );
    Ok(Line::open(address).await?.call(&ask).await?.status)
}
