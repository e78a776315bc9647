//! The exchange (交换平台): messages to and from departments' systems.

mod endpoints;
mod model;
pub mod protocol;
mod store;

pub use endpoints::{MIN_SECRET, change_endpoint, seed_endpoint};
pub use model::*;
