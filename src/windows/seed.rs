//! Taking in halls and grants from files.

use serde::Deserialize;

use super::model::{About, Function, HallId};
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

/// Takes in a hall by its code; a known one is changed and keeps its id.
pub fn hall(c: &mut Conn, ctx: &Ctx, hall: &SeedHall) -> Result<HallId> {
    ctx.is_system()?;
    store::upsert(c, hall)
}

/// Grants an item to exactly these halls, with all functions; grants to other halls are taken back.
pub fn grants(c: &mut Conn, ctx: &Ctx, item: ItemId, halls: &[HallId]) -> Result<()> {
    ctx.is_system()?;
    store::delete_grants(c, item)?;
    for hall in halls {
        for function in Function::ALL {
            store::insert_grant(c, *hall, item, *function)?;
        }
    }
    Ok(())
}
