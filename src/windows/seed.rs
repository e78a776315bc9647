//! Taking in halls and grants from files.

use serde::Deserialize;

use super::model::{About, Function, Hall, HallId};
use super::store;
use crate::catalogue::ItemId;
use crate::db::Conn;
use crate::kernel::{Ctx, Result, Text};

/// A hall as `seed-data/base/halls.json` has it.
#[derive(Debug, Clone, Deserialize)]
pub struct SeedHall {
    pub code: String,
    pub name: Text,
    pub area: String,
    pub level: String,
    #[serde(flatten)]
    pub about: About,
}

/// Takes in a hall. One that is there already stays as administrators have it.
pub fn hall(c: &mut Conn, ctx: &Ctx, hall: &SeedHall) -> Result<HallId> {
    ctx.is_system()?;
    store::insert_new(c, hall)
}

/// All halls, closed ones too.
pub fn halls(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Hall>> {
    ctx.is_system()?;
    Ok(store::list_all(c)?.into_iter().map(|(hall, _)| hall).collect())
}

/// Grants new items to halls, with all functions.
pub fn grants(c: &mut Conn, ctx: &Ctx, items: &[(ItemId, Vec<HallId>)]) -> Result<()> {
    ctx.is_system()?;
    let of = |(item, halls): &(ItemId, Vec<HallId>)| -> Vec<_> {
        halls.iter().flat_map(|hall| Function::ALL.iter().map(|function| (*hall, *item, *function))).collect()
    };
    let all: Vec<_> = items.iter().flat_map(of).collect();
    store::insert_grants(c, &all)
}
