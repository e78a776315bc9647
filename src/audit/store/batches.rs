//! Batches, and the entries in them.

use diesel::dsl::{exists, max, not};
use diesel::prelude::*;

use super::{Row, entry, row};
use crate::audit::canonical::{BEGINNING, Digest, Head};
use crate::audit::model::Entry;
use crate::db::schema::{aud_batch, aud_chain, aud_entry, aud_removal, aud_waiting};
use crate::db::{Bytes, Conn, Doc};
use crate::kernel::signing::Signature;
use crate::kernel::{Error, Id, Result, Ts};

/// A batch as it stands in the database.
#[derive(Debug, Clone)]
pub(in crate::audit) struct Batch {
    pub head: Head,
    /// Of the head, as it was when it was signed.
    pub digest: Bytes,
    pub signature: Signature,
}

/// A row that says that the entries of a batch went.
#[derive(Debug, Clone)]
pub(in crate::audit) struct Removal {
    pub batch: i64,
    pub at: Ts,
    pub signature: Signature,
}

/// The number of the last batch, or 0, and the digest of its head. A head that is gone has the digest of no head: sealing goes on, and the
/// chain is seen to be broken there.
pub(in crate::audit) fn last(c: &mut Conn) -> Result<(i64, Bytes)> {
    let no = chain(c)?.ok_or_else(|| Error::internal("the audit's chain has no beginning"))?;
    let digest: Option<Bytes> = aud_batch::table.find(no).select(aud_batch::digest).first(c).optional()?;
    Ok((no, digest.unwrap_or_else(|| BEGINNING.to_vec())))
}

/// The number of the last batch, as the chain itself has it.
pub(in crate::audit) fn chain(c: &mut Conn) -> Result<Option<i64>> {
    Ok(aud_chain::table.find(1).select(aud_chain::no).first(c).optional()?)
}

/// The first that wait, by their ids.
pub(in crate::audit) fn waiting(c: &mut Conn, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = aud_waiting::table.order(aud_waiting::id).limit(limit).select(row!(aud_waiting)).load(c)?;
    Ok(rows.into_iter().map(|r| entry(r, None)).collect())
}

/// How many wait, and since when.
pub(in crate::audit) fn count_waiting(c: &mut Conn) -> Result<(i64, Option<Ts>)> {
    let n = aud_waiting::table.count().get_result(c)?;
    let first = aud_waiting::table.order(aud_waiting::id).select(aud_waiting::at).first(c).optional()?;
    Ok((n, first))
}

/// Takes the number after this one; whether nobody else has.
pub(in crate::audit) fn advance(c: &mut Conn, from: i64) -> Result<bool> {
    let taken = diesel::update(aud_chain::table.find(1).filter(aud_chain::no.eq(from)))
        .set(aud_chain::no.eq(from + 1))
        .execute(c)?;
    Ok(taken == 1)
}

#[derive(Insertable)]
#[diesel(table_name = aud_entry, treat_none_as_default_value = false)]
struct EntryRow {
    id: Id,
    at: Ts,
    actor_kind: String,
    actor_id: Option<Id>,
    action: String,
    object_kind: String,
    object_id: Option<Id>,
    person_id: Option<Id>,
    outcome: crate::audit::Outcome,
    detail: Doc<serde_json::Value>,
    request_id: Id,
    batch: i64,
    seq: i32,
}

/// Puts a batch's entries to the others, and takes them from those that wait.
///
/// # Errors
/// Internal when one of them does not wait any more.
pub(in crate::audit) fn move_entries(c: &mut Conn, no: i64, entries: &[Entry]) -> Result<()> {
    let row = |(seq, e): (i32, &Entry)| EntryRow {
        id: e.id,
        at: e.at,
        actor_kind: e.actor_kind.clone(),
        actor_id: e.actor_id,
        action: e.action.clone(),
        object_kind: e.object_kind.clone(),
        object_id: e.object_id,
        person_id: e.person_id,
        outcome: e.outcome,
        detail: Doc(e.detail.clone()),
        request_id: e.request_id,
        batch: no,
        seq,
    };
    let rows: Vec<EntryRow> = (0..).zip(entries).map(row).collect();
    crate::each_engine!(c, c => diesel::insert_into(aud_entry::table).values(rows).execute(c))?;
    let ids: Vec<Id> = entries.iter().map(|e| e.id).collect();
    let gone = diesel::delete(aud_waiting::table.filter(aud_waiting::id.eq_any(ids))).execute(c)?;
    if gone == entries.len() { Ok(()) } else { Err(Error::internal("entries of the audit went before their seal")) }
}

pub(in crate::audit) fn insert(c: &mut Conn, batch: &Batch) -> Result<()> {
    let (h, s) = (&batch.head, &batch.signature);
    diesel::insert_into(aud_batch::table)
        .values((
            aud_batch::no.eq(h.no),
            aud_batch::previous.eq(&h.previous),
            aud_batch::entries.eq(h.entries),
            aud_batch::first_at.eq(h.first_at),
            aud_batch::last_at.eq(h.last_at),
            aud_batch::sealed_at.eq(h.sealed_at),
            aud_batch::digests.eq(&h.digests),
            aud_batch::digest.eq(&batch.digest),
            aud_batch::suite.eq(&s.suite),
            aud_batch::signer.eq(&s.key),
            aud_batch::signature.eq(&s.bytes),
        ))
        .execute(c)?;
    Ok(())
}

type BatchRow = (i64, Bytes, i32, Ts, Ts, Ts, Bytes, Bytes, String, String, Bytes);

fn batch(row: BatchRow) -> Batch {
    let (no, previous, entries, first_at, last_at, sealed_at, digests, digest, suite, key, bytes) = row;
    let signature = Signature { suite: suite.clone(), key: key.clone(), bytes };
    let head = Head { no, previous, entries, first_at, last_at, sealed_at, digests, suite, signer: key };
    Batch { head, digest, signature }
}

/// Batches from a number on.
pub(in crate::audit) fn from(c: &mut Conn, no: i64, limit: i64) -> Result<Vec<Batch>> {
    let rows: Vec<BatchRow> =
        aud_batch::table.filter(aud_batch::no.ge(no)).order(aud_batch::no).limit(limit).load(c)?;
    Ok(rows.into_iter().map(batch).collect())
}

/// Batches before a number, the last one first.
pub(in crate::audit) fn before(c: &mut Conn, no: i64, limit: i64) -> Result<Vec<Batch>> {
    let rows: Vec<BatchRow> =
        aud_batch::table.filter(aud_batch::no.lt(no)).order(aud_batch::no.desc()).limit(limit).load(c)?;
    Ok(rows.into_iter().map(batch).collect())
}

/// The digest of a batch's head.
pub(in crate::audit) fn digest(c: &mut Conn, no: i64) -> Result<Option<Bytes>> {
    Ok(aud_batch::table.find(no).select(aud_batch::digest).first(c).optional()?)
}

/// The greatest number of a batch.
pub(in crate::audit) fn greatest(c: &mut Conn) -> Result<i64> {
    let no: Option<i64> = aud_batch::table.select(max(aud_batch::no)).first(c)?;
    Ok(no.unwrap_or(0))
}

/// Entries of the batches from one number to another, both included, in their order.
pub(in crate::audit) fn entries(c: &mut Conn, (from, to): (i64, i64), limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<(Row, (i64, i32))> = aud_entry::table
        .filter(aud_entry::batch.between(from, to))
        .order((aud_entry::batch, aud_entry::seq))
        .limit(limit)
        .select((row!(aud_entry), (aud_entry::batch, aud_entry::seq)))
        .load(c)?;
    Ok(rows.into_iter().map(|(r, place)| entry(r, Some(place))).collect())
}

/// Batches whose last entry is older than this and whose entries are still there, by their numbers.
pub(in crate::audit) fn older(c: &mut Conn, than: Ts, limit: i64) -> Result<Vec<(i64, Digest, i32)>> {
    let removed = exists(aud_removal::table.filter(aud_removal::batch.eq(aud_batch::no)));
    let rows: Vec<(i64, Bytes, i32)> = aud_batch::table
        .filter(aud_batch::last_at.lt(than))
        .filter(not(removed))
        .order(aud_batch::no)
        .limit(limit)
        .select((aud_batch::no, aud_batch::digest, aud_batch::entries))
        .load(c)?;
    let known = |(no, digest, n): (i64, Bytes, i32)| {
        let digest = digest.try_into().map_err(|_| Error::internal("a digest is not of 32 bytes"))?;
        Ok((no, digest, n))
    };
    rows.into_iter().map(known).collect()
}

/// Takes the entries of a batch away, with the row that says so. Tells whether nobody else has done it.
pub(in crate::audit) fn remove(c: &mut Conn, removal: &Removal) -> Result<bool> {
    let row = (
        aud_removal::batch.eq(removal.batch),
        aud_removal::at.eq(removal.at),
        aud_removal::suite.eq(&removal.signature.suite),
        aud_removal::signer.eq(&removal.signature.key),
        aud_removal::signature.eq(&removal.signature.bytes),
    );
    let insert = diesel::insert_into(aud_removal::table).values(row).on_conflict(aud_removal::batch).do_nothing();
    if crate::db::Each(insert).execute(c)? == 0 {
        return Ok(false);
    }
    diesel::delete(aud_entry::table.filter(aud_entry::batch.eq(removal.batch))).execute(c)?;
    Ok(true)
}

/// The removals of batches from one number to another.
pub(in crate::audit) fn removals(c: &mut Conn, (from, to): (i64, i64)) -> Result<Vec<Removal>> {
    let rows: Vec<(i64, Ts, String, String, Bytes)> =
        aud_removal::table.filter(aud_removal::batch.between(from, to)).order(aud_removal::batch).load(c)?;
    let removal = |(batch, at, suite, key, bytes)| Removal { batch, at, signature: Signature { suite, key, bytes } };
    Ok(rows.into_iter().map(removal).collect())
}
