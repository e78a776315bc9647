//! All queries of the exchange, a file a table.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

mod declared;
mod dispatches;
mod endpoints;
mod inbox;

pub use declared::*;
pub use dispatches::*;
pub use endpoints::*;
pub use inbox::{Kept, insert as insert_message, list as list_inbox, state_of, take_up_refused};

/// Written out, since an engine uses an index of a part of the rows only for a condition without parameters.
fn is_queued() -> SqlLiteral<Bool> {
    sql("state = 'queued'")
}

fn is_refused() -> SqlLiteral<Bool> {
    sql("state = 'refused'")
}

fn is_dead() -> SqlLiteral<Bool> {
    sql("state = 'dead'")
}
