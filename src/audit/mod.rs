//! The append-only log of acts: who did what to which object, when, in which request. Written in the act's own transaction.
//!
//! No personal data stands in it: objects are named by ids, and `detail` holds codes and numbers alone.
//! Table: `aud_entry`.

mod store;

use serde::Serialize;
use serde_json::Value;

use crate::db::Conn;
use crate::kernel::{Ctx, Id, Result, Ts};

/// An act that was recorded.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: Ts,
    pub actor_kind: String,
    pub actor_id: Option<Id>,
    pub action: String,
    pub detail: Value,
}

/// What was done to an object, the first act first.
pub fn of_object(c: &mut Conn, id: Id) -> Result<Vec<Entry>> {
    store::of_object(c, id)
}

/// Records an act.
pub fn record(c: &mut Conn, ctx: &Ctx, action: &str, object: (&str, Id), detail: impl Serialize) -> Result<()> {
    store::append(c, ctx, action, object.0, Some(object.1), serde_json::to_value(detail)?)
}

/// Records an act that has no single object, such as a failed login.
pub fn record_plain(c: &mut Conn, ctx: &Ctx, action: &str, object_kind: &str, detail: impl Serialize) -> Result<()> {
    store::append(c, ctx, action, object_kind, None, serde_json::to_value(detail)?)
}
