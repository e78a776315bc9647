//! The table of topics.

use diesel::prelude::*;

use super::super::topics::{Kept, Topic};
use crate::db::schema::cat_topic;
use crate::db::{Conn, Doc, Each};
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

type Row = (String, Option<Doc<Topic>>, Option<Doc<Topic>>, i32, Option<StaffId>);

fn kept((key, doc, draft, revision, edited_by): Row) -> Kept {
    Kept { key, doc: doc.map(|d| d.0), draft: draft.map(|d| d.0), revision, edited_by }
}

const ALL: (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::edited_by) =
    (cat_topic::key, cat_topic::doc, cat_topic::draft, cat_topic::revision, cat_topic::edited_by);

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

/// Keeps a draft over that of `revision`, 0 for a new topic. Tells whether nobody else was quicker.
pub fn write(c: &mut Conn, revision: i32, draft: &Topic, by: StaffId, now: Ts) -> Result<bool> {
    let set = (
        cat_topic::draft.eq(Some(Doc(draft.clone()))),
        cat_topic::revision.eq(revision + 1),
        cat_topic::edited_by.eq(Some(by)),
        cat_topic::changed_at.eq(now),
    );
    let done = diesel::update(cat_topic::table.filter(cat_topic::key.eq(&draft.key)))
        .filter(cat_topic::revision.eq(revision))
        .set(set.clone())
        .execute(c)?;
    if done > 0 {
        return Ok(true);
    }
    if find(c, &draft.key)?.is_some() {
        return Ok(false);
    }
    let row = (cat_topic::key.eq(&draft.key), set);
    Ok(Each(diesel::insert_into(cat_topic::table).values(row).on_conflict_do_nothing()).execute(c)? > 0)
}

/// Lets visitors see a topic; there is nothing to write any more.
pub fn publish(c: &mut Conn, topic: &Topic, now: Ts) -> Result<()> {
    let set = (
        cat_topic::doc.eq(Some(Doc(topic.clone()))),
        cat_topic::draft.eq(None::<Doc<Topic>>),
        cat_topic::changed_at.eq(now),
    );
    let row = (cat_topic::key.eq(&topic.key), cat_topic::revision.eq(1), set.clone());
    Each(diesel::insert_into(cat_topic::table).values(row).on_conflict(cat_topic::key).do_update().set(set))
        .execute(c)?;
    Ok(())
}

pub fn drop_draft(c: &mut Conn, key: &str, now: Ts) -> Result<()> {
    let set = (
        cat_topic::draft.eq(None::<Doc<Topic>>),
        cat_topic::revision.eq(cat_topic::revision + 1),
        cat_topic::changed_at.eq(now),
    );
    diesel::update(cat_topic::table.find(key)).set(set).execute(c)?;
    Ok(())
}
