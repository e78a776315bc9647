//! Halls (办事大厅) with their windows, and what each hall may do for which item (授权).
//!
//! # Rules
//! - A hall does for an item only what it was granted: to receive, verify, accept, or hand out results.
//! - A closed hall does nothing, whatever its grants say.
//!
//! Tables: `win_hall`, `win_grant`.

mod change;
mod model;
mod read;
pub mod seed;
mod store;

pub use change::{HallDraft, change_hall, grant};
pub use model::*;
pub use read::{
    all_halls, any_hall_by_code, granted_hall, grants_of_hall, grants_of_item, hall, hall_by_code, halls,
    halls_of_item, items_of_hall, may,
};
