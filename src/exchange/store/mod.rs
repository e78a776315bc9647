//! All queries of the exchange, a file a table.

use super::inbox::BODY;
use crate::db::Fixed;
use crate::db::reseal::Sealed;

mod declared;
mod dispatches;
mod endpoints;
mod inbox;

pub use declared::*;
pub use dispatches::*;
pub use endpoints::*;
pub use inbox::{Kept, insert as insert_message, list as list_inbox, state_of, take_up_refused};

const fn sealed(table: &'static str, key: &'static str, column: &'static str, place: &'static str) -> Sealed {
    Sealed { table, key, column, place, index: None }
}

/// The columns that are sealed.
pub const SEALED: &[Sealed] = &[
    sealed("exg_endpoint", "department_id", "secret", endpoints::SECRET),
    sealed("exg_endpoint", "department_id", "old_secret", endpoints::SECRET),
    sealed("exg_inbox", "id", "body", BODY),
];

/// Written out, since an engine uses an index of a part of the rows only for a condition without parameters.
fn is_queued() -> Fixed {
    Fixed("state = 'queued'")
}

fn is_refused() -> Fixed {
    Fixed("state = 'refused'")
}

fn is_dead() -> Fixed {
    Fixed("state = 'dead'")
}
