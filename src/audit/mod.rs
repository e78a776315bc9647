//! The append-only log of acts and looks: who did what to which object, when, in which request, and whether they were let. Written in
//! the act's own transaction, sealed in batches by a chain of signed heads, searched and exported by audit administrators.
//!
//! # Rules, and whence
//! - Every user and every important act, with date, time, user, kind of event and whether it came about (GB/T 22239-2019, 8.1.4.3 a–b);
//!   that covers logins and their failures, what was refused for want of a right, and every look by staff at a case, its files and
//!   notices, or a person's data (个人信息保护法 51, 54).
//! - The records are kept from being deleted, changed or overwritten (8.1.4.3 c): [`seals`], [`verify`], triggers in the database.
//! - They are kept for at least six months (网络安全法 21 (3)); as long as `audit.keep_days` says, by default the three years for which
//!   records of what was done with personal data are kept (个人信息保护法 56): [`keep`].
//! - A person hears who looked at what is kept of them, and what for (个人信息保护法 44, 45): [`looks::of_self`]. They hear the office and
//!   its task, and not the name of the member of staff: the law asks for who handles the data, which is the office. An audit
//!   administrator finds the name by the entry's number.
//! - No personal data stands in it: objects are named by ids, and `detail` holds codes and numbers alone. The one exception is the
//!   reason that an audit administrator types for an export, at whose field this is said.
//!
//! # How it is sealed
//! - An act adds a row to `aud_waiting`, which has no index but its key, so that it costs the act as little as can be. About twice a
//!   minute a task moves what waits to `aud_entry` in batches ([`seals`]). Transactions may end out of order: what comes in late
//!   waits for the next batch, and nothing is looked for by its time. Of two processes that seal at once one wins the number of the
//!   batch ([`seals::seal`]), and the other's transaction comes to nothing.
//! - A batch (`aud_batch`) has the next number, the digest of the head before it, the digests of its entries in the order of their ids,
//!   and a head over all that, which is signed ([`crate::kernel::signing`]). So whoever can write in the database, and has not the
//!   key, can change, drop, add or reorder nothing without its being found, and [`verify`] says which entry it was.
//! - What such a one could do is cut off the end of the chain. So every head is also written to the log of the process and to a file
//!   beside the file store; `cloudmart audit verify` holds the chain against it, and against any other that was kept elsewhere.
//! - What waits is not sealed yet, and how much that is, is told. The database itself refuses to change or delete rows (triggers on both
//!   engines), save those that were sealed or whose retention is over; who may change the schema can get round that, and is found.
//! - When retention is over, the entries of whole batches go ([`keep`]), with a signed row in `aud_removal`. The batches stay with their
//!   digests: the chain goes on to hold, and an entry that somebody exported can still be shown to be true.
//!
//! Tables: `aud_waiting`, `aud_entry`, `aud_batch`, `aud_removal`, `aud_chain` (the number of the last batch), `aud_check`.

pub mod acts;
mod canonical;
pub mod checks;
pub mod keep;
pub mod looks;
mod model;
mod recent;
pub mod seals;
pub mod search;
mod store;
pub mod verify;

pub use model::{Entry, Outcome};
pub use recent::{Recent, Seen};
use serde::Serialize;

use crate::db::Conn;
use crate::kernel::{Ctx, Id, Result};

/// What was done to an object, the first act first.
pub fn of_object(c: &mut Conn, id: Id) -> Result<Vec<Entry>> {
    store::of_object(c, id)
}

/// Records an act.
pub fn record(c: &mut Conn, ctx: &Ctx, action: &str, object: (&str, Id), detail: impl Serialize) -> Result<()> {
    store::append(c, ctx, &act(action, object.0, Some(object.1), serde_json::to_value(detail)?))
}

/// Records an act that has no single object, such as a failed login.
pub fn record_plain(c: &mut Conn, ctx: &Ctx, action: &str, object_kind: &str, detail: impl Serialize) -> Result<()> {
    store::append(c, ctx, &act(action, object_kind, None, serde_json::to_value(detail)?))
}

/// Records what somebody was not let do.
pub fn refused(
    c: &mut Conn,
    ctx: &Ctx,
    action: &str,
    object: (&str, Option<Id>),
    detail: impl Serialize,
) -> Result<()> {
    let act = act(action, object.0, object.1, serde_json::to_value(detail)?);
    store::append(c, ctx, &store::New { outcome: Outcome::Refused, ..act })
}

fn act(action: &str, object_kind: &str, object_id: Option<Id>, detail: serde_json::Value) -> store::New {
    let (action, object_kind) = (action.to_owned(), object_kind.to_owned());
    store::New { action, object_kind, object_id, person_id: None, outcome: Outcome::Done, detail }
}
