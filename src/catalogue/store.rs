use std::sync::Arc;

use diesel::prelude::*;

use super::codes::Codes;
use super::model::{Elements, ItemId, ItemState, VersionId};
use super::shelf::{Shelf, Shelved};
use crate::db::schema::{cat_code, cat_item, cat_stamp, cat_version};
use crate::db::{Conn, Doc};
use crate::identity;
use crate::kernel::{Id, Result, Text};

/// Counts the changes of the catalogue: a process whose shelf has another stamp loads it again.
pub fn stamp(c: &mut Conn) -> Result<i64> {
    Ok(cat_stamp::table.select(cat_stamp::stamp).first(c)?)
}

/// All published versions, the departments and the dictionaries.
pub fn load_shelf(c: &mut Conn) -> Result<Shelf> {
    let at = stamp(c)?;
    let rows: Vec<(ItemId, VersionId, i32, Id, Doc<Elements>)> = cat_item::table
        .inner_join(cat_version::table.on(cat_version::id.eq(cat_item::version_id)))
        .filter(cat_item::state.eq(ItemState::Published))
        .order(cat_item::code)
        .select((cat_item::id, cat_version::id, cat_version::no, cat_item::department_id, cat_version::doc))
        .load(c)?;
    let shelved = |(item_id, version_id, version_no, department_id, doc): (_, _, _, _, Doc<Elements>)| Shelved {
        item_id,
        version_id,
        version_no,
        department_id,
        elements: doc.0,
    };
    Ok(Shelf::new(at, rows.into_iter().map(shelved).collect(), identity::departments(c)?, codes(c)?))
}

fn codes(c: &mut Conn) -> Result<Codes> {
    let rows: Vec<(String, String, String, String)> = cat_code::table
        .order((cat_code::set_name, cat_code::ord))
        .select((cat_code::set_name, cat_code::code, cat_code::zh, cat_code::en))
        .load(c)?;
    Ok(Codes::new(rows.into_iter().map(|(set, code, zh, en)| (set, code, Text::new(zh, en)))))
}

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
    Ok(Arc::new(Shelved { item_id, version_id: id, version_no, department_id, elements: doc.0 }))
}
