//! The tables of topics.

use diesel::prelude::*;

use super::super::topics::{End, Kept, Topic};
use crate::db::schema::{cat_topic, cat_topic_end, cat_topic_hand, cat_topic_version};
use crate::db::{Conn, Doc, Each};
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

type Row = (String, Option<Doc<Topic>>, Option<Doc<Topic>>, i32, bool);

fn kept((key, doc, draft, revision, is_written): Row) -> Kept {
    Kept { key, doc: doc.map(|d| d.0), draft: draft.map(|d| d.0), revision, is_written, last: None }
}

/// With what visitors saw last, where they see it no more.
fn whole(c: &mut Conn, row: Row) -> Result<Kept> {
    let kept = kept(row);
    let last = if kept.doc.is_none() { last_version(c, &kept.key)? } else { None };
    Ok(Kept { last, ..kept })
}

const ALL: (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::is_written) =
    (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::is_written);

pub fn all(c: &mut Conn) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = cat_topic::table.order(cat_topic::key).select(ALL).load(c)?;
    rows.into_iter().map(|row| whole(c, row)).collect()
}

pub fn find(c: &mut Conn, key: &str) -> Result<Option<Kept>> {
    let row: Option<Row> = cat_topic::table.find(key).select(ALL).first(c).optional()?;
    row.map(|row| whole(c, row)).transpose()
}

/// What visitors see.
pub fn published(c: &mut Conn) -> Result<Vec<Topic>> {
    let rows: Vec<Option<Doc<Topic>>> =
        cat_topic::table.filter(cat_topic::doc.is_not_null()).order(cat_topic::key).select(cat_topic::doc).load(c)?;
    Ok(rows.into_iter().flatten().map(|d| d.0).collect())
}

/// Keeps a draft: of a new topic where `revision` is 0, else over that revision. Tells whether it is so.
pub fn write(c: &mut Conn, revision: i32, draft: &Topic, now: Ts) -> Result<bool> {
    let set = (
        cat_topic::draft.eq(Some(Doc(draft.clone()))),
        cat_topic::revision.eq(revision + 1),
        cat_topic::is_written.eq(true),
        cat_topic::changed_at.eq(now),
    );
    let done = if revision == 0 {
        let row = (cat_topic::key.eq(&draft.key), set);
        Each(diesel::insert_into(cat_topic::table).values(row).on_conflict_do_nothing()).execute(c)?
    } else {
        diesel::update(cat_topic::table.find(&draft.key).filter(cat_topic::revision.eq(revision)))
            .set(set)
            .execute(c)?
    };
    Ok(done > 0)
}

pub fn add_hand(c: &mut Conn, key: &str, staff: StaffId) -> Result<()> {
    let row = (cat_topic_hand::topic_key.eq(key), cat_topic_hand::staff_id.eq(staff));
    Each(diesel::insert_into(cat_topic_hand::table).values(row).on_conflict_do_nothing()).execute(c)?;
    Ok(())
}

pub fn has_hand(c: &mut Conn, key: &str, staff: StaffId) -> Result<bool> {
    let one = cat_topic_hand::table.find((key, staff)).select(cat_topic_hand::staff_id);
    Ok(one.first::<StaffId>(c).optional()?.is_some())
}

/// Takes in a topic that visitors see at once.
pub fn put(c: &mut Conn, topic: &Topic, now: Ts) -> Result<()> {
    let set = (cat_topic::doc.eq(Some(Doc(topic.clone()))), cat_topic::changed_at.eq(now));
    let row = (cat_topic::key.eq(&topic.key), cat_topic::revision.eq(1), set.clone());
    Each(diesel::insert_into(cat_topic::table).values(row).on_conflict(cat_topic::key).do_update().set(set))
        .execute(c)?;
    add_version(c, topic, now)
}

/// Keeps what visitors see from now on.
fn add_version(c: &mut Conn, topic: &Topic, now: Ts) -> Result<()> {
    let of = cat_topic_version::table.filter(cat_topic_version::topic_key.eq(&topic.key));
    let last: Option<i32> = of.order(cat_topic_version::no.desc()).select(cat_topic_version::no).first(c).optional()?;
    diesel::insert_into(cat_topic_version::table)
        .values((
            cat_topic_version::topic_key.eq(&topic.key),
            cat_topic_version::no.eq(last.unwrap_or(0) + 1),
            cat_topic_version::doc.eq(Doc(topic.clone())),
            cat_topic_version::published_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

fn last_version(c: &mut Conn, key: &str) -> Result<Option<Topic>> {
    let of = cat_topic_version::table.filter(cat_topic_version::topic_key.eq(key));
    let last = of.order(cat_topic_version::no.desc()).select(cat_topic_version::doc);
    Ok(last.first::<Doc<Topic>>(c).optional()?.map(|d| d.0))
}

/// Numbers and instants of all versions, the last first.
pub fn versions(c: &mut Conn, key: &str) -> Result<Vec<(i32, Ts)>> {
    Ok(cat_topic_version::table
        .filter(cat_topic_version::topic_key.eq(key))
        .order(cat_topic_version::no.desc())
        .select((cat_topic_version::no, cat_topic_version::published_at))
        .load(c)?)
}

pub fn version(c: &mut Conn, key: &str, no: i32) -> Result<Option<Topic>> {
    let one = cat_topic_version::table.find((key, no)).select(cat_topic_version::doc);
    Ok(one.first::<Doc<Topic>>(c).optional()?.map(|d| d.0))
}

/// Whether somebody wants visitors to see it no more.
pub fn end_of(c: &mut Conn, key: &str) -> Result<Option<End>> {
    let row: Option<(String, StaffId, Ts)> = cat_topic_end::table
        .find(key)
        .select((cat_topic_end::reason, cat_topic_end::staff_id, cat_topic_end::asked_at))
        .first(c)
        .optional()?;
    Ok(row.map(|(reason, by, asked_at)| End { reason, by, asked_at }))
}

/// Tells whether nobody had asked before.
pub fn ask_end(c: &mut Conn, key: &str, end: &End) -> Result<bool> {
    let row = (
        cat_topic_end::topic_key.eq(key),
        cat_topic_end::reason.eq(&end.reason),
        cat_topic_end::staff_id.eq(end.by),
        cat_topic_end::asked_at.eq(end.asked_at),
    );
    Ok(Each(diesel::insert_into(cat_topic_end::table).values(row).on_conflict_do_nothing()).execute(c)? > 0)
}

/// Tells whether somebody had asked.
pub fn forget_end(c: &mut Conn, key: &str) -> Result<bool> {
    Ok(diesel::delete(cat_topic_end::table.find(key)).execute(c)? > 0)
}

/// Visitors see it no more; what is being written stays.
pub fn withdraw(c: &mut Conn, key: &str, now: Ts) -> Result<()> {
    let set = (cat_topic::doc.eq(None::<Doc<Topic>>), cat_topic::is_written.eq(true), cat_topic::changed_at.eq(now));
    diesel::update(cat_topic::table.find(key)).set(set).execute(c)?;
    Ok(())
}

/// Lets visitors see the draft of a revision; there is nothing to write any more. Tells whether it still was that revision.
pub fn publish(c: &mut Conn, revision: i32, draft: &Topic, now: Ts) -> Result<bool> {
    let set = (
        cat_topic::doc.eq(Some(Doc(draft.clone()))),
        cat_topic::draft.eq(None::<Doc<Topic>>),
        cat_topic::changed_at.eq(now),
    );
    let same = cat_topic::table.find(&draft.key).filter(cat_topic::revision.eq(revision));
    let is_same = diesel::update(same).set(set).execute(c)? > 0;
    if is_same {
        forget_hands(c, &draft.key)?;
        add_version(c, draft, now)?;
    }
    Ok(is_same)
}

/// Drops the draft of a revision. Tells whether it still was that revision.
pub fn drop_draft(c: &mut Conn, key: &str, revision: i32, now: Ts) -> Result<bool> {
    let set =
        (cat_topic::draft.eq(None::<Doc<Topic>>), cat_topic::revision.eq(revision + 1), cat_topic::changed_at.eq(now));
    let same = cat_topic::table.find(key).filter(cat_topic::revision.eq(revision));
    let is_same = diesel::update(same).set(set).execute(c)? > 0;
    if is_same {
        forget_hands(c, key)?;
    }
    Ok(is_same)
}

fn forget_hands(c: &mut Conn, key: &str) -> Result<()> {
    diesel::delete(cat_topic_hand::table.filter(cat_topic_hand::topic_key.eq(key))).execute(c)?;
    Ok(())
}
