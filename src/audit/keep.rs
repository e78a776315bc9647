//! The end of retention: the entries of batches that are old enough go.
//!
//! Only whole batches go, and only by their last entry. That they go is recorded before it is done, and each has a signed row, without
//! which its missing entries would be a fault. Their digests stay.

use super::canonical::{self, Digest};
use super::store::batches::{self as store, Removal};
use crate::db::Conn;
use crate::kernel::{Ctx, Result, Ts};

/// Batches of one round.
const BATCHES: i64 = 500;

/// 网络安全法 21 (3): logs are kept for six months at least, which is up to 184 days; GB/T 22239 in assessments, the same.
pub const LEAST_DAYS: i64 = 183;

/// Batches whose entries are to go.
#[derive(Debug, Clone)]
pub struct Old {
    batches: Vec<(i64, Digest, i32)>,
    /// Of each batch the last entry is older than this.
    before: Ts,
}

impl Old {
    pub fn numbers(&self) -> Vec<i64> {
        self.batches.iter().map(|(no, _, _)| *no).collect()
    }
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }
}

/// What is older than so many days, [`LEAST_DAYS`] at least. For the platform alone.
pub fn old(c: &mut Conn, ctx: &Ctx, days: i64) -> Result<Old> {
    ctx.is_system()?;
    let before = ctx.now.minus_secs(days.max(LEAST_DAYS) * 86_400);
    Ok(Old { batches: store::older(c, before, BATCHES)?, before })
}

/// Records that they go: before they do.
pub fn announce(c: &mut Conn, ctx: &Ctx, old: &Old) -> Result<()> {
    ctx.is_system()?;
    let (first, last) = (old.batches.first().map(|b| b.0), old.batches.last().map(|b| b.0));
    let entries: i64 = old.batches.iter().map(|b| i64::from(b.2)).sum();
    let detail = serde_json::json!({
        "from": first, "to": last, "batches": old.batches.len(), "entries": entries, "before": old.before,
    });
    super::record_plain(c, ctx, "audit.remove", "audit", detail)
}

/// Takes the entries of one of them away. Nothing when another process has.
pub fn remove(c: &mut Conn, ctx: &Ctx, old: &Old, no: i64) -> Result<bool> {
    ctx.is_system()?;
    let Some((_, digest, _)) = old.batches.iter().find(|b| b.0 == no) else { return Ok(false) };
    let key = ctx.keys.audit();
    let names = key.names();
    let signature = key.sign(&canonical::removal(no, digest, ctx.now, names));
    store::remove(c, &Removal { batch: no, at: ctx.now, signature })
}
