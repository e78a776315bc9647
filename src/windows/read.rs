//! What pages and other domains ask about halls.

use super::model::{Function, Hall, HallId};
use super::store;
use crate::catalogue::ItemId;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result};

/// All open halls, the city's first.
pub fn halls(c: &mut Conn) -> Result<Vec<Hall>> {
    store::list(c)
}

/// All halls, and whether each is open: for administrators.
pub fn all_halls(c: &mut Conn, ctx: &Ctx) -> Result<Vec<(Hall, bool)>> {
    ctx.may(Permission::Offices)?;
    store::list_all(c)
}

/// A hall and whether it is open: for administrators.
///
/// # Errors
/// 404 when there is no such hall.
pub fn any_hall_by_code(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<(Hall, bool)> {
    ctx.may(Permission::Offices)?;
    store::find_any_by_code(c, code)?.ok_or_else(Error::not_found)
}

/// # Errors
/// 404 when there is no such hall, or when it is closed.
pub fn hall(c: &mut Conn, id: HallId) -> Result<Hall> {
    store::find(c, id)?.ok_or_else(Error::not_found)
}

/// As [`hall`], by the code that people know (`H01`).
pub fn hall_by_code(c: &mut Conn, code: &str) -> Result<Hall> {
    store::find_by_code(c, code)?.ok_or_else(Error::not_found)
}

/// The open hall with this code, if it may do this for an item.
pub fn granted_hall(c: &mut Conn, code: &str, item: ItemId, function: Function) -> Result<Option<HallId>> {
    store::find_granted(c, code, item, function)
}

/// The open halls that may do this for an item, the city's first.
pub fn halls_of_item(c: &mut Conn, item: ItemId, function: Function) -> Result<Vec<Hall>> {
    store::list_granted(c, item, function)
}

/// The items for which a hall may do this.
pub fn items_of_hall(c: &mut Conn, hall: HallId, function: Function) -> Result<Vec<ItemId>> {
    store::items_granted(c, hall, function)
}

/// What each open hall may do for an item: pairs in the order of halls.
pub fn grants_of_item(c: &mut Conn, item: ItemId) -> Result<Vec<(HallId, Function)>> {
    store::grants_of_item(c, item)
}

/// What a hall may do for which item: pairs, those of an item together.
pub fn grants_of_hall(c: &mut Conn, hall: HallId) -> Result<Vec<(ItemId, Function)>> {
    store::grants_of_hall(c, hall)
}

/// Whether a hall is open and may do this for an item.
pub fn may(c: &mut Conn, hall: HallId, item: ItemId, function: Function) -> Result<bool> {
    store::is_granted(c, hall, item, function)
}
