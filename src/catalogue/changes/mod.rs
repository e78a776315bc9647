//! How the catalogue changes: one person proposes, another reviews, and it is in force from a day on.
//!
//! # Rules
//! - A change is a draft, then under review, then in force or planned for its day. Nobody reviews what they had a hand in
//!   (108号: 编制 and 审核 of the list are apart).
//! - An item has one open change at a time. Who saves over a newer state is told so ([`acts::save`]).
//! - Staff of a department see and touch its items alone; those without a department, all.
//! - What has errors by the rules of [`super::check`] is not submitted, and not put in force.
//!
//! # Guarantees
//! A version in force never changes; the next one gets the next number, and cases keep theirs. Code, slug and department of an item
//! stay for ever.

mod acts;
mod model;
mod read;
mod seen;
mod state;

pub(in crate::catalogue) use acts::said;
pub use acts::{
    Proposal, Taken, approve, drop_change, hindered, in_force, propose, recall, save, send_back, submit, take,
};
pub use model::*;
pub use read::{PAGE, Wanted, change, due, findings, has_hand, history, item, items, list, open_of, version, versions};
pub use seen::Scope;
