//! The steps of one story as they are printed: who did what, when, and how long it took.

use std::time::Instant;

use super::people::Receipt;
use super::stage::Stage;
use crate::kernel::{Error, Result};

pub(super) struct Tale {
    began: Instant,
    failed: Option<String>,
    /// Whose timeline is printed at the end.
    pub case: Option<Receipt>,
}

impl Tale {
    pub fn begin() -> Self {
        Self { began: Instant::now(), failed: None, case: None }
    }

    pub fn failed_step(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Does one step and prints it.
    ///
    /// # Errors
    /// That of the step, which is kept by its name.
    pub async fn step<T>(&mut self, who: &str, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let begun = Instant::now();
        let done = work.await;
        let (at, took) = (self.began.elapsed().as_secs_f64(), begun.elapsed().as_secs_f64() * 1000.0);
        let mark = if done.is_ok() { "✓" } else { "✗" };
        println!("   {mark} {at:6.2} s {took:7.0} ms  {who}: {what}");
        if done.is_err() {
            self.failed = Some(format!("{who}: {what}"));
        }
        done
    }

    /// Something that must be so.
    pub fn expect(&mut self, what: &str, is_so: bool, found: &str) -> Result<()> {
        if is_so {
            return Ok(());
        }
        println!("   ✗ {what}");
        self.failed = Some(what.to_owned());
        Err(Error::internal(format!("expected otherwise, found {found}")))
    }
}

/// Prints the case's own timeline, as its applicant may see it.
pub(super) async fn timeline(stage: &Stage, case: &Receipt) {
    let Ok(progress) = stage.progress(case).await else { return };
    let steps = progress["timeline"].as_array().cloned().unwrap_or_default();
    let word = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let shown: Vec<String> = steps
        .iter()
        .map(|s| {
            let at = word(&s["at"]);
            format!("{} {}", word(&s["state"]), at.get(5..19).unwrap_or_default().replace('T', " "))
        })
        .collect();
    println!("     {}  {}", case.receipt_no, shown.join(" → "));
}
