//! Many items in few statements: on PostgreSQL each statement costs its way to the server and back.

use std::collections::HashMap;

use diesel::prelude::*;

use super::super::model::{Elements, ItemId, ItemState, VersionId};
use crate::db::schema::{cat_item, cat_version};
use crate::db::{Conn, Doc};
use crate::identity::DepartmentId;
use crate::kernel::{Result, Ts};

/// Rows a statement.
const ROWS: usize = 100;

/// Items with the numbers and elements of their versions in force, by implementing code.
pub(in crate::catalogue) fn by_codes(c: &mut Conn, codes: &[&str]) -> Result<HashMap<String, (ItemId, i32, Elements)>> {
    let mut found = HashMap::new();
    for some in codes.chunks(ROWS) {
        let rows: Vec<(String, ItemId, i32, Doc<Elements>)> = cat_item::table
            .inner_join(cat_version::table.on(cat_version::id.eq(cat_item::version_id)))
            .filter(cat_item::code.eq_any(some.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>()))
            .select((cat_item::code, cat_item::id, cat_version::no, cat_version::doc))
            .load(c)?;
        found.extend(rows.into_iter().map(|(code, id, no, doc)| (code, (id, no, doc.0))));
    }
    Ok(found)
}

/// Adds items that are published in versions to be inserted next.
pub(in crate::catalogue) fn insert_items(
    c: &mut Conn,
    now: Ts,
    items: &[(ItemId, DepartmentId, VersionId, &Elements)],
) -> Result<()> {
    for some in items.chunks(ROWS) {
        let row = |(id, department, version, elements): &(ItemId, DepartmentId, VersionId, &Elements)| {
            (
                cat_item::id.eq(*id),
                cat_item::slug.eq(elements.slug.clone()),
                cat_item::code.eq(elements.code.clone()),
                cat_item::department_id.eq(*department),
                cat_item::state.eq(ItemState::Published),
                cat_item::version_id.eq(*version),
                cat_item::created_at.eq(now),
                cat_item::updated_at.eq(now),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        crate::each_engine!(c, c => diesel::insert_into(cat_item::table).values(&rows).execute(c))?;
    }
    Ok(())
}

pub(in crate::catalogue) fn insert_versions(
    c: &mut Conn,
    now: Ts,
    versions: &[(VersionId, ItemId, i32, &Elements)],
) -> Result<()> {
    for some in versions.chunks(ROWS) {
        let row = |(id, item, no, elements): &(VersionId, ItemId, i32, &Elements)| {
            (
                cat_version::id.eq(*id),
                cat_version::item_id.eq(*item),
                cat_version::no.eq(*no),
                cat_version::doc.eq(Doc((*elements).clone())),
                cat_version::published_at.eq(now),
            )
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        crate::each_engine!(c, c => diesel::insert_into(cat_version::table).values(&rows).execute(c))?;
    }
    Ok(())
}
