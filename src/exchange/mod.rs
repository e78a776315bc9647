//! The exchange (交换平台): messages to and from departments' systems, and the declarations of programs.
//!
//! # Rules
//! - A message to a department is a row written with the act that causes it; its id is the same for every try, so that the
//!   receiver can drop repeats. It is delivered at least once.
//! - Tries come at growing, spread delays and obey `Retry-After` up to an hour. What the department refuses for good, or what was
//!   tried too often, is laid aside; an administrator may send it again.
//! - Each department has at most four messages under way, and a breaker: five failures in a row stop all sending to it for a
//!   growing pause, after which one message tries whether it answers again. Who hangs holds up nobody else.
//! - A message from a department is signed with a secret of its own, counts once (department and message id), and changes cases of
//!   that department alone. One that comes after the case has ended is kept and changes nothing.
//! - Messages are CloudEvents 1.0, signed by the Standard Webhooks scheme ([`protocol`], [`crate::kernel::webhook`]).
//!
//! # Tables
//! `exg_endpoint` (address, secrets, breaker), `exg_dispatch`, `exg_try`, `exg_daily` (counts), `exg_inbox`, `exg_declared` (keys
//! under which programs declared). Secrets and bodies are sealed.
//!
//! # Guarantees
//! A dispatch under way is leased for a time; when its process dies, another takes it up. The breaker is in the database, so every
//! process sees the same one.

mod declared;
mod dispatches;
mod endpoints;
mod inbox;
mod links;
mod model;
pub mod protocol;
mod read;
pub mod rules;
mod store;

pub use declared::{DeclaredKey, declared, keep_declared};
pub use dispatches::{enqueue, has_due, lease_due, record_try, resend};
pub use endpoints::{MIN_SECRET, add_endpoint, change_endpoint, rotate_secret, seed_endpoint};
pub use inbox::{Incoming, MAX_ID, Signature, authenticate, is_repeat, keep_refused, take_in};
pub use links::{follow, link};
pub use model::*;
pub use read::{address, dispatch, dispatches, dispatches_of_case, endpoint, health, inbox};
pub use store::{Dispatch, SEALED};
