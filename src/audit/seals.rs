//! Sealing: what waits becomes a batch.
//!
//! What is to be sealed is read and signed before the transaction ([`plan`]), which then only moves it ([`seal`]): it holds up other
//! writers for some milliseconds. Entries that wait never change, and only a seal takes them away; so the plan holds if the number of the
//! last batch is still the same, and otherwise another process was quicker and the plan is thrown away.

use serde::{Deserialize, Serialize};

use super::canonical::{self, Head};
use super::model::Entry;
use super::store::batches::{self as store, Batch};
use crate::db::Conn;
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Permission, Result, Ts};

/// Entries of a batch, at most: more hold up other writers.
pub const MOST: i64 = 256;

/// A batch that is ready to be written.
#[derive(Debug, Clone)]
pub struct Plan {
    entries: Vec<Entry>,
    batch: Batch,
}

/// A head, as it is kept outside the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Number of the batch.
    pub no: i64,
    /// Of the head, which holds all before it: in hexadecimal digits.
    pub digest: String,
    pub entries: i32,
    pub sealed_at: Ts,
    pub suite: String,
    /// Name of the key.
    pub key: String,
    /// Of the digest, in hexadecimal digits.
    pub signature: String,
}

impl Sealed {
    pub(super) fn of(batch: &Batch) -> Self {
        Self {
            no: batch.head.no,
            digest: hex::encode(&batch.digest),
            entries: batch.head.entries,
            sealed_at: batch.head.sealed_at,
            suite: batch.signature.suite.clone(),
            key: batch.signature.key.clone(),
            signature: hex::encode(&batch.signature.bytes),
        }
    }
}

/// The next batch, if anything waits.
pub fn plan(c: &mut Conn, keys: &Keys, now: Ts) -> Result<Option<Plan>> {
    let (no, previous) = store::last(c)?;
    let entries = store::waiting(c, MOST)?;
    let times = || entries.iter().map(|e| e.at);
    let (Some(first_at), Some(last_at)) = (times().min(), times().max()) else { return Ok(None) };
    let key = keys.audit();
    let (suite, signer) = key.names();
    let head = Head {
        no: no + 1,
        previous,
        entries: i32::try_from(entries.len()).unwrap_or(i32::MAX),
        first_at,
        last_at,
        sealed_at: now,
        digests: entries.iter().flat_map(canonical::entry).collect(),
        suite: suite.into(),
        signer: signer.into(),
    };
    let digest = canonical::head(&head);
    let signature = key.sign(&digest);
    Ok(Some(Plan { entries, batch: Batch { head, digest: digest.to_vec(), signature } }))
}

/// Writes a batch. `None` when another process was quicker: what was planned is to be planned anew.
pub fn seal(c: &mut Conn, plan: &Plan) -> Result<Option<Sealed>> {
    if !store::advance(c, plan.batch.head.no - 1)? {
        return Ok(None);
    }
    store::move_entries(c, plan.batch.head.no, &plan.entries)?;
    store::insert(c, &plan.batch)?;
    Ok(Some(Sealed::of(&plan.batch)))
}

impl Plan {
    /// Whether there may be more that waits.
    pub fn is_full(&self) -> bool {
        self.entries.len() as i64 == MOST
    }
}

/// Whether this head is one of the chain's: not of a part that was cut off and written anew.
pub fn holds(c: &mut Conn, head: &Sealed) -> Result<bool> {
    Ok(store::digest(c, head.no)?.is_some_and(|digest| hex::encode(digest) == head.digest))
}

/// A batch, as audit administrators see it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    #[serde(flatten)]
    pub sealed: Sealed,
    pub first_at: Ts,
    pub last_at: Ts,
    /// When its entries went, their retention being over.
    pub removed_at: Option<Ts>,
}

/// How the sealing stands.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// The last batches before a number, the newest first.
    pub batches: Vec<Shown>,
    /// Entries that are not sealed yet.
    pub waiting: i64,
    pub waiting_since: Option<Ts>,
}

/// The last batches, before this number if one is given, and what waits.
///
/// # Errors
/// Forbidden for all but audit administrators.
pub fn standing(c: &mut Conn, ctx: &Ctx, before: Option<i64>, limit: i64) -> Result<Standing> {
    ctx.may(Permission::Audit)?;
    let batches = store::before(c, before.unwrap_or(i64::MAX), limit)?;
    let range = (batches.last().map_or(0, |b| b.head.no), batches.first().map_or(0, |b| b.head.no));
    let removals = store::removals(c, range)?;
    let shown = |b: &Batch| Shown {
        sealed: Sealed::of(b),
        first_at: b.head.first_at,
        last_at: b.head.last_at,
        removed_at: removals.iter().find(|r| r.batch == b.head.no).map(|r| r.at),
    };
    let (waiting, waiting_since) = store::count_waiting(c)?;
    Ok(Standing { batches: batches.iter().map(shown).collect(), waiting, waiting_since })
}
