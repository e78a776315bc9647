//! The tables of topics.

use diesel::prelude::*;

use super::super::topics::{Kept, Topic};
use crate::db::schema::{cat_topic, cat_topic_hand};
use crate::db::{Conn, Doc, Each};
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

type Row = (String, Option<Doc<Topic>>, Option<Doc<Topic>>, i32, bool);

fn kept((key, doc, draft, revision, is_written): Row) -> Kept {
    Kept { key, doc: doc.map(|d| d.0), draft: draft.map(|d| d.0), revision, is_written }
}

const ALL: (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::is_written) =
    (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::is_written);

pub fn all(c: &mut Conn) -> Result<Vec<Kept>> {
    Ok(cat_topic::table.order(cat_topic::key).select(ALL).load::<Row>(c)?.into_iter().map(kept).collect())
}

pub fn find(c: &mut Conn, key: &str) -> Result<Option<Kept>> {
    Ok(cat_topic::table.find(key).select(ALL).first::<Row>(c).optional()?.map(kept))
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
