//! The search among as many items as a province has, in memory, without HTTP.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::load::{Run, summary};
use super::measure::Figure;
use crate::catalogue::{Ask, Codes, ItemId, Shelf, Shelved, VersionId};
use crate::cli::catalogue::Generator;
use crate::cli::seed;
use crate::identity::Department;
use crate::kernel::{Id, Result};

pub(super) const ITEMS: usize = 100_000;

/// What is typed: names and keywords of the true items and the phrases of `search-check`, among many times as many made-up items.
pub(super) fn measure(departments: Vec<Department>) -> Result<Figure> {
    let truly = seed::true_items()?;
    let name = |e: &crate::catalogue::Elements| e.name.zh.split('（').next().unwrap_or_default().to_owned();
    let mut phrases: Vec<String> = truly.iter().flat_map(|e| e.keywords.iter().cloned().chain([name(e)])).collect();
    phrases.extend(seed::phrases()?);
    let ids: HashMap<String, Id> = departments.iter().map(|d| (d.key.clone(), d.id.0)).collect();
    let generator = Generator::new(truly.clone())?;
    let made = (0..ITEMS - truly.len()).map(|no| generator.item(no));
    let shelved = |elements: crate::catalogue::Elements| Shelved {
        halt: None,
        item_id: ItemId(Id::random()),
        version_id: VersionId(Id::random()),
        version_no: 1,
        department_id: ids.get(&elements.department).copied().unwrap_or_else(Id::random),
        elements,
    };
    let items = truly.into_iter().chain(made).map(shelved).collect();
    let started = Instant::now();
    let shelf = Shelf::new(1, items, departments, Codes::default());
    let shelf = shelf.with_synonyms(seed::synonyms()?);
    let seconds_to_index = started.elapsed().as_secs_f64();
    let mut times: Vec<Duration> = vec![];
    for text in phrases.iter().cycle().take(phrases.len() * 2) {
        let started = Instant::now();
        let ask = Ask { text: text.clone(), page: 1, size: 20, ..Ask::default() };
        std::hint::black_box(shelf.search(&ask).total);
        times.push(started.elapsed());
    }
    let note = format!("{} phrases; {seconds_to_index:.1} s to index", phrases.len());
    let took = times.iter().sum();
    let Run { per_second, p50, p95, p99, .. } = summary(times, 0, took);
    let figure = Figure { per_second, p50, p95, p99, note, ..Figure::default() };
    let what = format!("search among {ITEMS} items");
    Ok(Figure { what, ..figure }.judged("p95 < 10 ms".into(), p95 < 10.0))
}
