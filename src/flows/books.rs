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
}
