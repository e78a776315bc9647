//! What flows look up and never change: the calendar and the published catalogue, as snapshots.

use std::sync::Arc;

use crate::calendar::{self, Plan};
use crate::catalogue::{self, Shelf};
use crate::db::Conn;
use crate::kernel::Result;

#[derive(Debug, Clone, Default)]
pub struct Books {
    pub plan: Arc<Plan>,
    pub shelf: Arc<Shelf>,
}

impl Books {
    pub fn load(c: &mut Conn) -> Result<Self> {
        Ok(Self { plan: Arc::new(calendar::load(c)?), shelf: Arc::new(catalogue::load_shelf(c)?) })
    }
    /// What they are now, when they are not as they were: costs what has changed of the items.
    pub fn next(c: &mut Conn, known: &Self) -> Result<Option<Self>> {
        let Some(shelf) = catalogue::next_shelf(c, &known.shelf)? else { return Ok(None) };
        Ok(Some(Self { plan: Arc::new(calendar::load(c)?), shelf: Arc::new(shelf) }))
    }
}
