//! Short messages that wait to be sent, sealed. What was sent, or came too late, is deleted: it may hold a code.

use super::store::sms::{self as store, TO, WORDS};
use crate::db::Conn;
use crate::kernel::{Ctx, Id, Result, Ts};

/// For how long a process may work on the messages it took, in seconds.
const LEASE: i64 = 60;

/// Seconds until a message that could not be sent is tried again; the last one repeats.
const DELAYS: [i64; 3] = [2, 5, 20];

/// Puts a message in the queue. After `until` it is not sent any more.
pub fn queue(c: &mut Conn, ctx: &Ctx, to: &str, words: &str, until: Ts) -> Result<()> {
    let (to, words) = (ctx.keys.seal_text(TO, to), ctx.keys.seal_text(WORDS, words));
    store::insert(c, to, words, (ctx.now, until))
}

/// A message that this process may send until its lease runs out. Not `Debug`: it must not end in a log.
pub struct DueSms {
    pub id: Id,
    pub to: String,
    pub words: String,
    pub attempt: i32,
}

/// Whether messages wait, without taking them.
pub fn has_due(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    store::has_due(c, ctx.now)
}

/// Takes messages that wait, the longest due first; those that are of no use any more are deleted. For the platform alone.
pub fn lease(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<DueSms>> {
    ctx.is_system()?;
    store::purge(c, ctx.now)?;
    let open = |row: store::Row| {
        let (to, words) = (ctx.keys.open_text(TO, &row.to_phone)?, ctx.keys.open_text(WORDS, &row.words)?);
        Ok(DueSms { id: row.id, to, words, attempt: row.attempts })
    };
    store::lease(c, ctx.now, ctx.now.plus_secs(LEASE), limit as i64)?.into_iter().map(open).collect()
}

/// It was sent, or never will be. For the platform alone.
pub fn done(c: &mut Conn, ctx: &Ctx, id: Id) -> Result<()> {
    ctx.is_system()?;
    store::remove(c, id)
}

/// Again later; `why` is a code. For the platform alone.
pub fn put_off(c: &mut Conn, ctx: &Ctx, sms: (Id, i32), why: &str) -> Result<()> {
    ctx.is_system()?;
    let tried = usize::try_from(sms.1 - 1).unwrap_or_default();
    let delay = DELAYS.get(tried).copied().unwrap_or(DELAYS[DELAYS.len() - 1]);
    store::put_off(c, sms, ctx.now.plus_secs(delay), why)
}
