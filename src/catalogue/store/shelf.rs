//! What is on the shelf, and what has changed of it.
//!
//! `cat_stamp` has one row, which every change counts up: a transaction that has done so holds the row until its end, so that counts
//! become visible in their order, and whoever sees a count sees all that was written with it and with the lower ones. `cat_moved` says
//! at which count an item last changed. So a process that knows the shelf at a count needs the items with higher ones alone.

use diesel::prelude::*;

use super::super::codes::Codes;
use super::super::model::{Elements, ItemId, ItemState, VersionId};
use super::super::shelf::{Halt, Rest, Shelf, Shelved};
use super::{topics, words};
use crate::db::schema::{cat_code, cat_halt, cat_item, cat_moved, cat_stamp, cat_version};
use crate::db::{Conn, Doc};
use crate::identity;
use crate::kernel::{Id, Result, Text, Ts};

/// Counts the changes of the catalogue: a process whose shelf has another stamp has to look for what is new.
pub fn stamp(c: &mut Conn) -> Result<i64> {
    Ok(cat_stamp::table.select(cat_stamp::stamp).first(c)?)
}

/// Tells all processes that something of the catalogue other than its items has changed, or the calendar.
pub fn touch(c: &mut Conn) -> Result<()> {
    count(c).map(|_| ())
}

fn count(c: &mut Conn) -> Result<i64> {
    let counted = diesel::update(cat_stamp::table).set(cat_stamp::stamp.eq(cat_stamp::stamp + 1));
    Ok(counted.returning(cat_stamp::stamp).get_result(c)?)
}

/// Tells all processes that these items have changed. To be done last, since others who change items wait from here on.
pub(in crate::catalogue) fn touch_items(c: &mut Conn, ids: &[ItemId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let stamp = count(c)?;
    for some in ids.chunks(500) {
        diesel::delete(cat_moved::table.filter(cat_moved::item_id.eq_any(some.to_vec()))).execute(c)?;
        let rows: Vec<_> = some.iter().map(|id| (cat_moved::item_id.eq(*id), cat_moved::stamp.eq(stamp))).collect();
        crate::each_engine!(c, c => diesel::insert_into(cat_moved::table).values(&rows).execute(c))?;
    }
    Ok(())
}

type OnShelf = (ItemId, VersionId, i32, Id, Doc<Elements>, Option<String>, Option<Ts>);

fn shelved((item_id, version_id, version_no, department_id, doc, reason, since): OnShelf) -> Shelved {
    let halt = reason.zip(since).map(|(reason, since)| Halt { reason, since: since.day() });
    Shelved { item_id, version_id, version_no, department_id, elements: doc.0, halt }
}

macro_rules! items {
    () => {
        cat_item::table
            .inner_join(cat_version::table.on(cat_version::id.eq(cat_item::version_id)))
            .left_join(cat_halt::table.on(cat_halt::item_id.eq(cat_item::id)))
            .filter(cat_item::state.ne(ItemState::Withdrawn))
            .select((
                cat_item::id,
                cat_version::id,
                cat_version::no,
                cat_item::department_id,
                cat_version::doc,
                cat_halt::reason.nullable(),
                cat_halt::since.nullable(),
            ))
    };
}

/// The version in force of every item that is not withdrawn in the order of their codes, the departments and the dictionaries.
pub fn load_shelf(c: &mut Conn) -> Result<Shelf> {
    let at = stamp(c)?;
    let rows: Vec<OnShelf> = items!().load(c)?;
    let mut items: Vec<Shelved> = rows.into_iter().map(shelved).collect();
    // Databases differ in how they order letters and digits.
    items.sort_by(|a, b| a.elements.code.cmp(&b.elements.code));
    let mut rest = rest(c)?;
    let departments = std::mem::take(&mut rest.departments);
    Ok(Shelf::new(at, items, departments, Codes::default()).with(rest))
}

/// The shelf as it is now, from one that was: costs what has changed. Nothing when nothing has. One that is not older than a database
/// that was put back from a backup is loaded whole.
pub fn next_shelf(c: &mut Conn, known: &Shelf) -> Result<Option<Shelf>> {
    let at = stamp(c)?;
    if at == known.stamp {
        return Ok(None);
    }
    if at < known.stamp || known.items().is_empty() {
        return load_shelf(c).map(Some);
    }
    let moved = cat_moved::table.filter(cat_moved::stamp.gt(known.stamp));
    let ids: Vec<ItemId> = moved.select(cat_moved::item_id).load(c)?;
    if ids.len() > known.items().len() {
        return load_shelf(c).map(Some);
    }
    let mut found: Vec<Shelved> = vec![];
    for some in ids.chunks(500) {
        let rows: Vec<OnShelf> = items!().filter(cat_item::id.eq_any(some.to_vec())).load(c)?;
        found.extend(rows.into_iter().map(shelved));
    }
    let mut now: std::collections::HashMap<ItemId, Shelved> = found.into_iter().map(|i| (i.item_id, i)).collect();
    let moved = ids.into_iter().map(|id| (id, now.remove(&id))).collect();
    Ok(Some(known.following(at, moved, rest(c)?)))
}

fn rest(c: &mut Conn) -> Result<Rest> {
    let (departments, codes) = (identity::departments(c)?, codes(c)?);
    Ok(Rest { departments, codes, synonyms: words::synonyms(c)?, topics: topics::published(c)? })
}

fn codes(c: &mut Conn) -> Result<Codes> {
    let rows: Vec<(String, String, String, String)> = cat_code::table
        .order((cat_code::set_name, cat_code::ord, cat_code::code))
        .select((cat_code::set_name, cat_code::code, cat_code::zh, cat_code::en))
        .load(c)?;
    Ok(Codes::new(rows.into_iter().map(|(set, code, zh, en)| (set, code, Text::new(zh, en)))))
}
