//! 信息收藏: items that a person keeps at hand.

use super::model::ItemId;
use super::store;
use crate::db::Conn;
use crate::identity::PersonId;
use crate::kernel::{Ctx, Error, Result};

/// So many a person may keep.
const MOST: usize = 200;

/// The acting citizen's favourites, the last one first.
pub fn favourites(c: &mut Conn, ctx: &Ctx) -> Result<Vec<ItemId>> {
    store::favourites(c, PersonId(ctx.person()?))
}

/// Whether an item is one of the acting citizen's favourites.
pub fn is_favourite(c: &mut Conn, ctx: &Ctx, item: ItemId) -> Result<bool> {
    store::is_favourite(c, PersonId(ctx.person()?), item)
}

/// Keeps an item at hand, or no longer. Doing it again changes nothing.
///
/// # Errors
/// Conflict `favourites-full`.
pub fn set_favourite(c: &mut Conn, ctx: &Ctx, item: ItemId, is_on: bool) -> Result<()> {
    let person = PersonId(ctx.person()?);
    if is_on && store::favourites(c, person)?.len() >= MOST {
        return Err(Error::conflict("favourites-full"));
    }
    store::set_favourite(c, person, item, is_on, ctx.now)
}
