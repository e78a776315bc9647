//! Files of the implementing list on their way in: taken in as changes by the background, while their page tells how far it has come.
//!
//! # Rules
//! - Who has looked at a file has it taken in, one at a time; the changes are theirs, as if each had been submitted by hand.
//! - Whoever lost the right to write the catalogue meanwhile takes nothing in any more.
//!
//! # Guarantees
//! How far it has come is written in the transaction that takes a batch in, so that each item is taken in once. Whoever works on it has
//! a lease; when the process dies, it runs out and another goes on from there, so many times ([`MOST_ATTEMPTS`]).

mod acts;
mod model;

pub use acts::{begin, fail, go_on, import, is_due, lease, mine};
pub use model::*;
