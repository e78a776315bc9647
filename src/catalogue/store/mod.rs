//! The tables of the catalogue, but for the changes.

pub(super) mod basics;
pub(super) mod bulk;
pub(super) mod changes;
pub(super) mod imports;
pub(super) mod papers;
pub(super) mod shelf;
pub(super) mod topics;
pub(super) mod words;

pub(super) use shelf::{stamp, touch};

use std::collections::HashSet;
use std::sync::Arc;

use diesel::prelude::*;

use super::model::{Elements, ItemId, ItemState, VersionId};
use super::shelf::{Shelf, Shelved};
use crate::db::schema::{cat_fact, cat_favourite, cat_halt, cat_item, cat_kept, cat_version};
use crate::db::{Conn, Doc, Each};
use crate::identity::{DepartmentId, PersonId};
use crate::kernel::{Id, Result, Text, Ts};

/// A version that a case keeps: from the shelf, or from the database when the item has a newer one.
pub fn version_doc(c: &mut Conn, shelf: &Shelf, id: VersionId) -> Result<Arc<Shelved>> {
    if let Some(found) = shelf.by_version(id) {
        return Ok(found);
    }
    let (item_id, version_no, department_id, doc): (ItemId, i32, Id, Doc<Elements>) = cat_item::table
        .inner_join(cat_version::table.on(cat_version::item_id.eq(cat_item::id)))
        .filter(cat_version::id.eq(id))
        .select((cat_item::id, cat_version::no, cat_item::department_id, cat_version::doc))
        .first(c)?;
    Ok(Arc::new(Shelved { item_id, version_id: id, version_no, department_id, elements: doc.0, halt: None }))
}

/// The shared field dictionary: keys and names.
pub fn facts(c: &mut Conn) -> Result<Vec<(String, Text)>> {
    let rows: Vec<(String, String, String)> =
        cat_fact::table.order(cat_fact::key).select((cat_fact::key, cat_fact::label_zh, cat_fact::label_en)).load(c)?;
    Ok(rows.into_iter().map(|(key, zh, en)| (key, Text::new(zh, en))).collect())
}

/// Keys of the shared field dictionary.
pub fn fact_keys(c: &mut Conn) -> Result<HashSet<String>> {
    let keys: Vec<String> = cat_fact::table.select(cat_fact::key).load(c)?;
    Ok(keys.into_iter().collect())
}

/// Adds an item that is published in a version to be inserted next.
pub(super) fn insert_item(
    c: &mut Conn,
    now: Ts,
    id: ItemId,
    department: DepartmentId,
    version: VersionId,
    elements: &Elements,
) -> Result<()> {
    diesel::insert_into(cat_item::table)
        .values((
            cat_item::id.eq(id),
            cat_item::slug.eq(&elements.slug),
            cat_item::code.eq(&elements.code),
            cat_item::department_id.eq(department),
            cat_item::state.eq(ItemState::Published),
            cat_item::version_id.eq(version),
            cat_item::created_at.eq(now),
            cat_item::updated_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) fn insert_version(
    c: &mut Conn,
    now: Ts,
    id: VersionId,
    item: ItemId,
    no: i32,
    elements: &Elements,
) -> Result<()> {
    diesel::insert_into(cat_version::table)
        .values((
            cat_version::id.eq(id),
            cat_version::item_id.eq(item),
            cat_version::no.eq(no),
            cat_version::doc.eq(Doc(elements.clone())),
            cat_version::published_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Makes a version the one that the public sees.
pub(super) fn publish(c: &mut Conn, now: Ts, id: ItemId, version: VersionId, elements: &Elements) -> Result<()> {
    diesel::update(cat_item::table.find(id))
        .set((
            cat_item::version_id.eq(version),
            cat_item::slug.eq(&elements.slug),
            cat_item::state.eq(ItemState::Published),
            cat_item::updated_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Makes a version the one in force, whatever the item's state.
pub(super) fn replace_version(c: &mut Conn, now: Ts, id: ItemId, version: VersionId) -> Result<()> {
    diesel::update(cat_item::table.find(id))
        .set((cat_item::version_id.eq(version), cat_item::updated_at.eq(now)))
        .execute(c)?;
    Ok(())
}

pub(super) fn state(c: &mut Conn, id: ItemId) -> Result<ItemState> {
    Ok(cat_item::table.find(id).select(cat_item::state).first(c)?)
}

/// The number of an item's last version.
pub(super) fn last_no(c: &mut Conn, id: ItemId) -> Result<i32> {
    let last = cat_version::table.filter(cat_version::item_id.eq(id)).order(cat_version::no.desc());
    Ok(last.select(cat_version::no).first(c)?)
}

pub(super) fn version_no(c: &mut Conn, id: ItemId, no: i32) -> Result<Option<Elements>> {
    let one = cat_version::table.filter(cat_version::item_id.eq(id)).filter(cat_version::no.eq(no));
    let doc: Option<Doc<Elements>> = one.select(cat_version::doc).first(c).optional()?;
    Ok(doc.map(|d| d.0))
}

/// Numbers and days of an item's versions, the last first.
pub(super) fn versions(c: &mut Conn, id: ItemId) -> Result<Vec<(i32, Ts)>> {
    Ok(cat_version::table
        .filter(cat_version::item_id.eq(id))
        .order(cat_version::no.desc())
        .select((cat_version::no, cat_version::published_at))
        .load(c)?)
}

/// Whether there is, or was, an item with this code or address.
pub(super) fn is_taken(c: &mut Conn, code: &str, slug: &str) -> Result<bool> {
    let taken = cat_item::table.filter(cat_item::code.eq(code).or(cat_item::slug.eq(slug)));
    Ok(taken.select(cat_item::id).first::<ItemId>(c).optional()?.is_some())
}

/// Turns an item into a state; the halt is why it is suspended.
pub(super) fn turn(c: &mut Conn, now: Ts, id: ItemId, state: ItemState, halt: Option<&str>) -> Result<()> {
    diesel::update(cat_item::table.find(id))
        .set((cat_item::state.eq(state), cat_item::updated_at.eq(now)))
        .execute(c)?;
    diesel::delete(cat_halt::table.find(id)).execute(c)?;
    if let Some(reason) = halt {
        diesel::insert_into(cat_halt::table)
            .values((cat_halt::item_id.eq(id), cat_halt::reason.eq(reason), cat_halt::since.eq(now)))
            .execute(c)?;
    }
    Ok(())
}

pub(super) fn favourites(c: &mut Conn, person: PersonId) -> Result<Vec<ItemId>> {
    Ok(cat_favourite::table
        .filter(cat_favourite::person_id.eq(person))
        .order((cat_favourite::at.desc(), cat_favourite::item_id))
        .select(cat_favourite::item_id)
        .load(c)?)
}

pub(super) fn forget_favourites(c: &mut Conn, person: PersonId) -> Result<()> {
    diesel::delete(cat_favourite::table.filter(cat_favourite::person_id.eq(person))).execute(c)?;
    diesel::delete(cat_kept::table.filter(cat_kept::person_id.eq(person))).execute(c)?;
    Ok(())
}

/// Addresses of results of guidance, the last one first.
pub(super) fn kept(c: &mut Conn, person: PersonId) -> Result<Vec<String>> {
    let mine = cat_kept::table.filter(cat_kept::person_id.eq(person));
    Ok(mine.order((cat_kept::at.desc(), cat_kept::address)).select(cat_kept::address).load(c)?)
}

pub(super) fn set_kept(c: &mut Conn, person: PersonId, address: &str, is_on: bool, now: Ts) -> Result<()> {
    if is_on {
        let row = (cat_kept::person_id.eq(person), cat_kept::address.eq(address), cat_kept::at.eq(now));
        Each(diesel::insert_into(cat_kept::table).values(row).on_conflict_do_nothing()).execute(c)?;
    } else {
        diesel::delete(cat_kept::table.find((person, address))).execute(c)?;
    }
    Ok(())
}

pub(super) fn is_favourite(c: &mut Conn, person: PersonId, item: ItemId) -> Result<bool> {
    let one = cat_favourite::table.find((person, item)).select(cat_favourite::item_id);
    Ok(one.first::<ItemId>(c).optional()?.is_some())
}

pub(super) fn set_favourite(c: &mut Conn, person: PersonId, item: ItemId, is_on: bool, now: Ts) -> Result<()> {
    if is_on {
        let row = (cat_favourite::person_id.eq(person), cat_favourite::item_id.eq(item), cat_favourite::at.eq(now));
        Each(diesel::insert_into(cat_favourite::table).values(row).on_conflict_do_nothing()).execute(c)?;
    } else {
        diesel::delete(cat_favourite::table.find((person, item))).execute(c)?;
    }
    Ok(())
}
