//! Verifying: every entry is held against its batch's digests, every batch against its signed head, every head against the one before it,
//! and the last against what was kept outside.
//!
//! It goes through the chain in steps that each read some batches in one snapshot, so that it takes the same little memory for any length,
//! and works while others write, seal and remove. Nothing is changed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::canonical::{self, BEGINNING};
use super::model::Entry;
use super::seals::Sealed;
use super::store::batches::{self as store, Batch, Removal};
use crate::db::Conn;
use crate::kernel::crypto::Keys;
use crate::kernel::signing::Checked;
use crate::kernel::{Id, Result, Ts};

/// Batches of a step.
const BATCHES: i64 = 16;
/// Entries beyond those that a step's batches say they have: more are looked at batch by batch.
const MORE: i64 = 100;
/// So many faults are kept one by one; all are counted.
const KEPT: usize = 500;

crate::text_enum!(
    /// What is wrong.
    Wrong {
        /// An entry is another than was sealed.
        Changed = "changed",
        /// A sealed entry is not there.
        Missing = "missing",
        /// An entry is there that was not sealed.
        Added = "added",
        /// An entry stands at the place of another of its batch.
        Reordered = "reordered",
        /// Batches are not there: a gap in the numbers.
        Gap = "gap",
        /// A head is another than was signed.
        Head = "head",
        /// The signature of a head does not hold.
        Signature = "signature",
        /// A head was signed with a suite or a key that is not known here.
        Key = "key",
        /// A head does not follow on the one before it.
        Chain = "chain",
        /// The end of the chain was cut off.
        Cut = "cut",
        /// A head that was kept outside is another than the chain has.
        Kept = "kept",
        /// Entries went, and what says that their retention was over is not ours.
        Removal = "removal",
    }
);

/// A fault, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub what: Wrong,
    /// Number of the batch; of a gap, the first.
    pub batch: i64,
    /// Of a gap, the last.
    pub to: Option<i64>,
    /// Place in the batch, from 0.
    pub seq: Option<i32>,
    pub entry: Option<Id>,
}

/// What was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Batches that were looked at.
    pub batches: i64,
    /// Of these, so many whose entries went when their retention was over.
    pub removed: i64,
    pub entries: i64,
    /// Entries that are not sealed yet, and the time of the first.
    pub waiting: i64,
    pub waiting_since: Option<Ts>,
    /// The last head.
    pub head: Option<Sealed>,
    /// How many there are; `found` has the first of them.
    pub faults: usize,
    pub found: Vec<Fault>,
}

/// A verification under way.
pub struct Check {
    /// The number that comes next.
    next: i64,
    /// Digest of the last head; none after a gap.
    previous: Option<Vec<u8>>,
    /// Heads that were kept outside and were not met yet.
    kept: Vec<Sealed>,
    /// Entries behind the last batch.
    left: Vec<Entry>,
    report: Report,
}

/// How many entries a batch has digests of.
fn sealed_in(batch: &Batch) -> i64 {
    i64::try_from(batch.head.digests.len() / 32).unwrap_or(i64::MAX)
}

/// What an entry is that none of its batch's digests fits.
fn wrong_at(place: Option<usize>) -> Wrong {
    if place.is_some() { Wrong::Changed } else { Wrong::Added }
}

impl Check {
    /// `kept` are heads from outside the database.
    pub fn new(kept: Vec<Sealed>) -> Self {
        Self { next: 1, previous: Some(BEGINNING.to_vec()), kept, left: vec![], report: Report::default() }
    }

    /// How many batches there are to go through.
    pub fn total(c: &mut Conn) -> Result<i64> {
        store::greatest(c)
    }

    /// The number of the last batch that was gone through.
    pub fn place(&self) -> i64 {
        self.next - 1
    }

    pub fn report(&self) -> &Report {
        &self.report
    }

    pub fn into_report(self) -> Report {
        self.report
    }

    /// Goes through the next batches; whether there are more. To be called in one snapshot.
    pub fn step(&mut self, c: &mut Conn, keys: &Keys) -> Result<bool> {
        if self.next == 1 {
            self.before_all(c)?;
        }
        let batches = store::from(c, self.next, BATCHES)?;
        let is_last = (batches.len() as i64) < BATCHES;
        let to = if is_last { i64::MAX } else { batches.last().map_or(i64::MAX, |b| b.head.no) };
        let range = (self.next, to);
        let removals = store::removals(c, range)?;
        let expected: i64 = batches.iter().map(sealed_in).sum();
        let entries = store::entries(c, range, expected + MORE)?;
        if entries.len() as i64 == expected + MORE {
            self.one_by_one(c, keys, &batches, &removals, to)?;
        } else {
            self.pass(keys, &batches, &removals, entries);
        }
        if is_last {
            self.end(c)?;
        }
        Ok(!is_last)
    }

    /// Entries that stand before the first batch.
    fn before_all(&mut self, c: &mut Conn) -> Result<()> {
        for e in store::entries(c, (i64::MIN, 0), MORE)? {
            self.of_entry(Wrong::Added, &e);
        }
        Ok(())
    }

    /// As [`Self::pass`], where somebody has put in more entries than may be held at once.
    fn one_by_one(
        &mut self,
        c: &mut Conn,
        keys: &Keys,
        batches: &[Batch],
        removals: &[Removal],
        to: i64,
    ) -> Result<()> {
        for batch in batches {
            let no = batch.head.no;
            let limit = sealed_in(batch) + MORE;
            let mut entries = store::entries(c, (self.next, no - 1), MORE)?;
            entries.extend(store::entries(c, (no, no), limit)?);
            self.pass(keys, std::slice::from_ref(batch), removals, entries);
        }
        let rest = store::entries(c, (self.next, to), MORE)?;
        self.pass(keys, &[], removals, rest);
        Ok(())
    }

    fn pass(&mut self, keys: &Keys, batches: &[Batch], removals: &[Removal], entries: Vec<Entry>) {
        let mut of_batch: HashMap<i64, Vec<Entry>> = HashMap::new();
        for e in entries {
            of_batch.entry(e.place.map_or(0, |p| p.0)).or_default().push(e);
        }
        for batch in batches {
            let no = batch.head.no;
            self.head(keys, batch);
            let entries = of_batch.remove(&no).unwrap_or_default();
            match removals.iter().find(|r| r.batch == no) {
                Some(removal) if entries.is_empty() => self.removal(keys, batch, removal),
                _ => self.entries(batch, &entries),
            }
            self.next = no + 1;
            self.report.batches += 1;
        }
        // What is left belongs to no batch that there is: to one that is missing, which is told, or to none that ever was.
        let beyond = of_batch.into_iter().filter(|(no, _)| *no >= self.next).flat_map(|(_, entries)| entries);
        self.left.extend(beyond);
        self.left.sort_unstable_by_key(|e| e.place);
    }

    fn head(&mut self, keys: &Keys, batch: &Batch) {
        let no = batch.head.no;
        if no > self.next {
            self.fault(Fault { what: Wrong::Gap, batch: self.next, to: Some(no - 1), seq: None, entry: None });
            self.previous = None;
        }
        if self.previous.as_ref().is_some_and(|p| *p != batch.head.previous) {
            self.of_batch(Wrong::Chain, no);
        }
        let digest = canonical::head(&batch.head);
        if digest != *batch.digest {
            self.of_batch(Wrong::Head, no);
        } else {
            match keys.check_audit(&digest, &batch.signature) {
                Checked::Good => {}
                Checked::Wrong => self.of_batch(Wrong::Signature, no),
                Checked::Unknown => self.of_batch(Wrong::Key, no),
            }
        }
        let hex = hex::encode(digest);
        let (met, kept) = std::mem::take(&mut self.kept).into_iter().partition(|k: &Sealed| k.no == no);
        self.kept = kept;
        if met.iter().any(|k: &Sealed| k.digest != hex) {
            self.of_batch(Wrong::Kept, no);
        }
        self.previous = Some(batch.digest.clone());
        self.report.head = Some(Sealed::of(batch));
    }

    fn removal(&mut self, keys: &Keys, batch: &Batch, removal: &Removal) {
        let s = &removal.signature;
        let digest = canonical::removal(removal.batch, &batch.digest, removal.at, (&s.suite, &s.key));
        if keys.check_audit(&digest, s) == Checked::Good {
            self.report.removed += 1;
        } else {
            self.of_batch(Wrong::Removal, batch.head.no);
        }
    }

    fn entries(&mut self, batch: &Batch, entries: &[Entry]) {
        let sealed: Vec<&[u8]> = batch.head.digests.chunks(32).collect();
        let mut there = vec![false; sealed.len()];
        for e in entries {
            let digest = canonical::entry(e);
            let at = e.place.and_then(|p| usize::try_from(p.1).ok()).filter(|at| *at < sealed.len());
            if let Some(at) = at {
                there[at] = true;
            }
            let is_here = |d: &&[u8]| **d == digest;
            if !at.is_some_and(|at| is_here(&sealed[at])) {
                self.of_entry(if sealed.iter().any(is_here) { Wrong::Reordered } else { wrong_at(at) }, e);
            }
            self.report.entries += 1;
        }
        for (seq, _) in (0..).zip(&there).filter(|(_, is_there)| !**is_there) {
            self.fault(Fault { what: Wrong::Missing, batch: batch.head.no, to: None, seq: Some(seq), entry: None });
        }
    }

    /// What the end of the chain has to be.
    fn end(&mut self, c: &mut Conn) -> Result<()> {
        let (last, chain) = (self.place(), store::chain(c)?);
        let kept = std::mem::take(&mut self.kept);
        let greatest = kept.iter().map(|k| k.no).chain(chain).max().unwrap_or(0);
        if greatest > last {
            self.fault(Fault { what: Wrong::Cut, batch: last + 1, to: Some(greatest), seq: None, entry: None });
        } else if chain != Some(last) {
            self.of_batch(Wrong::Chain, last);
        }
        // Those whose batch was cut off are told with it.
        let left = std::mem::take(&mut self.left);
        left.iter().filter(|e| e.place.is_none_or(|p| p.0 > greatest)).for_each(|e| self.of_entry(Wrong::Added, e));
        (self.report.waiting, self.report.waiting_since) = store::count_waiting(c)?;
        Ok(())
    }

    fn of_entry(&mut self, what: Wrong, e: &Entry) {
        let (batch, seq) = e.place.unwrap_or_default();
        self.fault(Fault { what, batch, to: None, seq: Some(seq), entry: Some(e.id) });
    }

    fn of_batch(&mut self, what: Wrong, batch: i64) {
        self.fault(Fault { what, batch, to: None, seq: None, entry: None });
    }

    fn fault(&mut self, fault: Fault) {
        self.report.faults += 1;
        if self.report.found.len() < KEPT {
            self.report.found.push(fault);
        }
    }
}
