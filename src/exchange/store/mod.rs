//! All queries of the exchange, a file a table.

use crate::db::Fixed;

mod declared;
mod dispatches;
mod endpoints;
mod inbox;

pub use declared::*;
pub use dispatches::*;
pub use endpoints::*;
pub use inbox::{Kept, insert as insert_message, list as list_inbox, state_of, take_up_refused};

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
