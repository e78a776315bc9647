//! 信息收藏: items that a person keeps at hand.

use super::model::ItemId;
use super::store;
use crate::db::Conn;
use crate::identity::PersonId;
use crate::kernel::{Ctx, Error, Result};

/// So many a person may keep.
const MOST: usize = 200;

/// Longest address of a result of guidance.
const LONGEST: usize = 1000;

/// The results of guidance that the acting citizen keeps, as addresses of ours; the last one first.
pub fn kept_guidance(c: &mut Conn, ctx: &Ctx) -> Result<Vec<String>> {
    store::kept(c, PersonId(ctx.person()?))
}

/// Keeps a result of guidance, or no longer.
///
/// # Errors
/// Conflict `favourites-full`; `form-unreadable` when it is no such address.
pub fn keep_guidance(c: &mut Conn, ctx: &Ctx, address: &str, is_on: bool) -> Result<()> {
    let person = PersonId(ctx.person()?);
    let is_ours = ["/topics/", "/items/"].iter().any(|begin| address.starts_with(begin));
    if !is_ours || address.len() > LONGEST || address.chars().any(|ch| ch.is_control() || ch == '\\') {
        return Err(Error::invalid("form-unreadable"));
    }
    if is_on && store::kept(c, person)?.len() >= MOST {
        return Err(Error::conflict("favourites-full"));
    }
    store::set_kept(c, person, address, is_on, ctx.now)
}

/// Forgets all that the acting citizen keeps: items and results of guidance.
pub fn forget_favourites(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    store::forget_favourites(c, PersonId(ctx.person()?))
}

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
