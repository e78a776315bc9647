use diesel::prelude::*;

use super::model::{About, Function, Hall, HallId};
use super::seed::SeedHall;
use crate::catalogue::ItemId;
use crate::db::schema::{win_grant, win_hall};
use crate::db::{Conn, Doc, Each};
use crate::kernel::{Result, Text};

type Row = (HallId, String, String, String, String, String, Doc<About>);
const COLUMNS: (
    win_hall::id,
    win_hall::code,
    win_hall::name_zh,
    win_hall::name_en,
    win_hall::area_code,
    win_hall::level,
    win_hall::doc,
) = (
    win_hall::id,
    win_hall::code,
    win_hall::name_zh,
    win_hall::name_en,
    win_hall::area_code,
    win_hall::level,
    win_hall::doc,
);

fn hall((id, code, zh, en, area, level, about): Row) -> Hall {
    Hall { id, code, name: Text { zh, en }, area, level, about: about.0 }
}

/// Codes are given from the city downwards, so that their order is the order of levels.
pub(super) fn list(c: &mut Conn) -> Result<Vec<Hall>> {
    let rows: Vec<Row> =
        win_hall::table.filter(win_hall::is_active.eq(true)).order(win_hall::code).select(COLUMNS).load(c)?;
    Ok(rows.into_iter().map(hall).collect())
}

/// With whether each is open.
pub(super) fn list_all(c: &mut Conn) -> Result<Vec<(Hall, bool)>> {
    let rows: Vec<(Row, bool)> =
        win_hall::table.order(win_hall::code).select((COLUMNS, win_hall::is_active)).load(c)?;
    Ok(rows.into_iter().map(|(row, is_open)| (hall(row), is_open)).collect())
}

pub(super) fn find_any_by_code(c: &mut Conn, code: &str) -> Result<Option<(Hall, bool)>> {
    let found = win_hall::table.filter(win_hall::code.eq(code)).select((COLUMNS, win_hall::is_active));
    let row: Option<(Row, bool)> = found.first(c).optional()?;
    Ok(row.map(|(row, is_open)| (hall(row), is_open)))
}

pub(super) fn update(c: &mut Conn, h: &Hall, is_open: bool) -> Result<()> {
    diesel::update(win_hall::table.find(h.id))
        .set((
            win_hall::name_zh.eq(&h.name.zh),
            win_hall::name_en.eq(&h.name.en),
            win_hall::doc.eq(Doc(h.about.clone())),
            win_hall::is_active.eq(is_open),
        ))
        .execute(c)?;
    Ok(())
}

pub(super) fn find(c: &mut Conn, id: HallId) -> Result<Option<Hall>> {
    let row: Option<Row> =
        win_hall::table.find(id).filter(win_hall::is_active.eq(true)).select(COLUMNS).first(c).optional()?;
    Ok(row.map(hall))
}

pub(super) fn find_by_code(c: &mut Conn, code: &str) -> Result<Option<Hall>> {
    let row: Option<Row> = win_hall::table
        .filter(win_hall::code.eq(code))
        .filter(win_hall::is_active.eq(true))
        .select(COLUMNS)
        .first(c)
        .optional()?;
    Ok(row.map(hall))
}

pub(super) fn find_granted(c: &mut Conn, code: &str, item: ItemId, function: Function) -> Result<Option<HallId>> {
    Ok(win_grant::table
        .inner_join(win_hall::table.on(win_hall::id.eq(win_grant::hall_id)))
        .filter(win_hall::code.eq(code))
        .filter(win_hall::is_active.eq(true))
        .filter(win_grant::item_id.eq(item))
        .filter(win_grant::function.eq(function))
        .select(win_hall::id)
        .first(c)
        .optional()?)
}

pub(super) fn list_granted(c: &mut Conn, item: ItemId, function: Function) -> Result<Vec<Hall>> {
    let rows: Vec<Row> = win_hall::table
        .inner_join(win_grant::table.on(win_grant::hall_id.eq(win_hall::id)))
        .filter(win_grant::item_id.eq(item))
        .filter(win_grant::function.eq(function))
        .filter(win_hall::is_active.eq(true))
        .order(win_hall::code)
        .select(COLUMNS)
        .load(c)?;
    Ok(rows.into_iter().map(hall).collect())
}

pub(super) fn items_granted(c: &mut Conn, hall: HallId, function: Function) -> Result<Vec<ItemId>> {
    Ok(win_grant::table
        .filter(win_grant::hall_id.eq(hall))
        .filter(win_grant::function.eq(function))
        .select(win_grant::item_id)
        .load(c)?)
}

/// What each open hall may do for an item, the city's hall first.
pub(super) fn grants_of_item(c: &mut Conn, item: ItemId) -> Result<Vec<(HallId, Function)>> {
    Ok(win_grant::table
        .inner_join(win_hall::table.on(win_hall::id.eq(win_grant::hall_id)))
        .filter(win_grant::item_id.eq(item))
        .filter(win_hall::is_active.eq(true))
        .order((win_hall::code, win_grant::function))
        .select((win_grant::hall_id, win_grant::function))
        .load(c)?)
}

pub(super) fn grants_of_hall(c: &mut Conn, hall: HallId) -> Result<Vec<(ItemId, Function)>> {
    Ok(win_grant::table
        .filter(win_grant::hall_id.eq(hall))
        .order((win_grant::item_id, win_grant::function))
        .select((win_grant::item_id, win_grant::function))
        .load(c)?)
}

pub(super) fn is_granted(c: &mut Conn, hall: HallId, item: ItemId, function: Function) -> Result<bool> {
    let found: Option<HallId> = win_grant::table
        .inner_join(win_hall::table.on(win_hall::id.eq(win_grant::hall_id)))
        .filter(win_grant::hall_id.eq(hall))
        .filter(win_grant::item_id.eq(item))
        .filter(win_grant::function.eq(function))
        .filter(win_hall::is_active.eq(true))
        .select(win_hall::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// Takes in a hall whose code is not known yet; tells the id of the one with this code.
pub(super) fn insert_new(c: &mut Conn, hall: &SeedHall) -> Result<HallId> {
    let row = (
        win_hall::id.eq(HallId::random()),
        win_hall::code.eq(&hall.code),
        win_hall::name_zh.eq(&hall.name.zh),
        win_hall::name_en.eq(&hall.name.en),
        win_hall::area_code.eq(&hall.area),
        win_hall::level.eq(&hall.level),
        win_hall::doc.eq(Doc(hall.about.clone())),
        win_hall::is_active.eq(true),
    );
    Each(diesel::insert_into(win_hall::table).values(row).on_conflict(win_hall::code).do_nothing()).execute(c)?;
    Ok(win_hall::table.filter(win_hall::code.eq(&hall.code)).select(win_hall::id).first(c)?)
}

pub(super) fn insert_grant(c: &mut Conn, hall: HallId, item: ItemId, function: Function) -> Result<()> {
    diesel::insert_into(win_grant::table)
        .values((win_grant::hall_id.eq(hall), win_grant::item_id.eq(item), win_grant::function.eq(function)))
        .execute(c)?;
    Ok(())
}

pub(super) fn insert_grants(c: &mut Conn, grants: &[(HallId, ItemId, Function)]) -> Result<()> {
    for some in grants.chunks(1000) {
        let row = |(hall, item, function): &(HallId, ItemId, Function)| {
            (win_grant::hall_id.eq(*hall), win_grant::item_id.eq(*item), win_grant::function.eq(*function))
        };
        let rows: Vec<_> = some.iter().map(row).collect();
        crate::each_engine!(c, c => diesel::insert_into(win_grant::table).values(&rows).execute(c))?;
    }
    Ok(())
}

pub(super) fn delete_grant(c: &mut Conn, hall: HallId, item: ItemId, function: Function) -> Result<()> {
    diesel::delete(win_grant::table.find((hall, item, function))).execute(c)?;
    Ok(())
}
