//! How soon another process shows what one has published, among as many items as a province has. SQLite has one process alone.

use std::time::{Duration, Instant};

use super::load::{Ask, Line, Run, summary};
use super::measure::Figure;
use super::stage::Stage;
use crate::app::{App, Outside};
use crate::cli::catalogue::Generator;
use crate::cli::seed;
use crate::kernel::{Error, Result};

pub(super) const ITEMS: usize = 100_000;
/// So many are published, one after another.
const TIMES: usize = 40;
/// Items a transaction.
const BATCH: usize = 200;
/// How often is looked whether it is there.
const LOOK: Duration = Duration::from_millis(10);

/// Adds made-up items to a stage until there are so many. They stay.
pub(super) async fn fill(stage: &Stage) -> Result<()> {
    let (app, generator) = (open(stage).await?, Generator::new(seed::true_items()?)?);
    for from in (0..ITEMS).step_by(BATCH) {
        seed::put_items(&app, (from..ITEMS.min(from + BATCH)).map(|no| generator.item(no)).collect()).await?;
    }
    Ok(())
}

/// This process publishes, and the server is asked.
pub(super) async fn measure(stage: &Stage, server: &super::Server) -> Result<Figure> {
    let (app, generator) = (open(stage).await?, Generator::new(seed::true_items()?)?);
    let mut line = Line::open(&server.address).await?;
    let mut times = vec![];
    for time in 0..TIMES {
        let mut item = generator.item(time * (ITEMS / TIMES));
        item.name.zh = format!("第{time}次公布的{}", item.name.zh);
        let (path, name) = (format!("/items/{}", item.slug), item.name.zh.clone());
        seed::put_items(&app, vec![item]).await?;
        let published = Instant::now();
        while !line.call(&Ask::get(&path, "")).await?.text().contains(&name) {
            if published.elapsed() > Duration::from_secs(60) {
                return Err(Error::internal(format!("{path} was not seen within a minute")));
            }
            tokio::time::sleep(LOOK).await;
        }
        times.push(published.elapsed());
    }
    let most = times.iter().max().copied().unwrap_or_default();
    let (now, peak) = server.memory();
    let took = times.iter().sum();
    let Run { per_second, p50, p95, p99, .. } = summary(times, 0, took);
    let note = format!(
        "{ITEMS} items; {} ms at most; `serve` has {now:.0} MiB, {peak:.0} at most, was ready after {:.1} s",
        most.as_millis(),
        server.ready_after.as_secs_f64()
    );
    let figure = Figure { per_second, p50, p95, p99, note, ..Figure::default() };
    let what = "publish → visible in another process".to_owned();
    Ok(Figure { what, ..figure }.judged("a second".into(), most < Duration::from_secs(1)))
}

/// Without its shelf, which only the server needs.
async fn open(stage: &Stage) -> Result<App> {
    App::open(stage.config.clone(), super::clock(), Outside::from_config(&stage.config)?).await
}
