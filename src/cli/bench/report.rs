//! The figures as a table for people and as JSON.

use serde_json::json;

use super::measure::{Figure, Measures};
use crate::kernel::{Result, crypto};

/// What it ran on: processor, cores, memory.
fn machine() -> String {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let of = |text: &str, key: &str| {
        let line = text.lines().find(|l| l.starts_with(key));
        line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kib: f64 = of(&text("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
    let (model, gib) = (of(&text("/proc/cpuinfo"), "model name"), kib / 1024.0 / 1024.0);
    format!("{model}, {cores} cores, {gib:.0} GiB; pace {:.0} ms", pace())
}

/// Milliseconds for a fixed piece of work (JSON written, read and hashed), the best of five: machines of one name differ by a factor of
/// two from day to day, and CPU times can be compared only with this beside them.
fn pace() -> f64 {
    let rows: Vec<_> =
        (0..500).map(|n| serde_json::json!({ "no": n, "name": "云川市政务服务", "ok": n % 3 == 0 })).collect();
    let once = || {
        let started = std::time::Instant::now();
        for _ in 0..100 {
            let text = serde_json::to_string(&rows).unwrap_or_default();
            let back: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap_or_default();
            std::hint::black_box((crypto::sha256(text.as_bytes()), back.len()));
        }
        started.elapsed().as_secs_f64() * 1000.0
    };
    (0..5).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn line(f: &Figure) -> String {
    let number = |v: f64| match v {
        _ if v == 0.0 => "–".to_owned(),
        _ if v >= 100.0 => format!("{v:.0}"),
        _ => format!("{v:.2}"),
    };
    let judged = match (f.target.as_deref(), f.is_met) {
        (None, _) => String::new(),
        (Some(target), Some(true)) => format!("{target} ✓"),
        (Some(target), Some(false)) => format!("{target} ✗"),
        (Some(target), None) => target.to_owned(),
    };
    let cells = [f.per_second, f.p50, f.p95, f.p99, f.cpu_ms].map(number).join(" | ");
    format!("| {} | {cells} | {} | {judged} |\n", f.what, f.note)
}

/// Markdown, as the README shows it.
pub(super) fn table(all: &[Measures]) -> String {
    let mut text = format!("\n{}\n", machine());
    for m in all {
        text += &format!("\n**{}**, {} and {} cases\n\n", m.engine, m.small, m.large);
        text += "| what | a second | p50 ms | p95 ms | p99 ms | CPU ms each | | asked |\n|---|---|---|---|---|---|---|---|\n";
        text.extend(m.figures.iter().map(line));
    }
    text
}

pub(super) fn json(all: &[Measures]) -> Result<String> {
    let engines: Vec<_> = all
        .iter()
        .map(|m| json!({ "engine": m.engine, "small": m.small, "large": m.large, "figures": m.figures }))
        .collect();
    Ok(serde_json::to_string_pretty(&json!({ "machine": machine(), "engines": engines }))?)
}
