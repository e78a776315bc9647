//! Short messages that wait to be sent, sealed, each by a job of the queue ([`jobs`]). What was sent, or came too late, is deleted: it may
//! hold a code.

use super::store::sms::{self as store, TO, WORDS};
use crate::db::Conn;
use crate::jobs::{self, Leased};
use crate::kernel::{Ctx, Id, Result, Ts};

/// Of the job, whose payload is the message's id.
const KIND: &str = "sms";

/// For how long a process may work on the messages it took, in seconds.
const LEASE: i64 = 60;

/// Seconds until a message that could not be sent is tried again; the last one repeats.
const DELAYS: [i64; 3] = [2, 5, 20];

/// Puts a message in the queue. After `until` it is not sent any more.
pub fn queue(c: &mut Conn, ctx: &Ctx, to: &str, words: &str, until: Ts) -> Result<()> {
    let id = Id::random();
    store::insert(c, id, ctx.keys.seal_text(TO, to), ctx.keys.seal_text(WORDS, words), until)?;
    jobs::enqueue(c, ctx.now, KIND, &id, ctx.now, None)?;
    Ok(())
}

/// A message that this process may send until its lease runs out. Not `Debug`: it must not end in a log.
pub struct DueSms {
    pub id: Id,
    pub to: String,
    pub words: String,
    job: Leased,
}

/// Whether messages wait, without taking them.
pub fn has_due(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    jobs::has_due(c, ctx.now, KIND)
}

/// Takes messages that wait, the longest due first; those that are of no use any more are deleted. For the platform alone.
pub fn lease(c: &mut Conn, ctx: &Ctx, limit: i64) -> Result<Vec<DueSms>> {
    ctx.is_system()?;
    let mut due = vec![];
    for job in jobs::lease(c, ctx.now, KIND, limit, LEASE)? {
        let id: Id = serde_json::from_value(job.payload.clone())?;
        match store::find(c, id, ctx.now)? {
            Some((to, words)) => {
                let (to, words) = (ctx.keys.open_text(TO, &to)?, ctx.keys.open_text(WORDS, &words)?);
                due.push(DueSms { id, to, words, job });
            }
            None => finish(c, id, &job)?,
        }
    }
    Ok(due)
}

fn finish(c: &mut Conn, id: Id, job: &Leased) -> Result<()> {
    store::remove(c, id)?;
    jobs::finish(c, job).map(|_| ())
}

/// It was sent, or never will be. For the platform alone.
pub fn done(c: &mut Conn, ctx: &Ctx, due: &DueSms) -> Result<()> {
    ctx.is_system()?;
    finish(c, due.id, &due.job)
}

/// Again later; `why` is a code. For the platform alone.
pub fn put_off(c: &mut Conn, ctx: &Ctx, due: &DueSms, why: &str) -> Result<()> {
    ctx.is_system()?;
    let tried = usize::try_from(due.job.attempt - 1).unwrap_or_default();
    let delay = DELAYS.get(tried).copied().unwrap_or(DELAYS[DELAYS.len() - 1]);
    jobs::retry(c, &due.job, ctx.now.plus_secs(delay), why).map(|_| ())
}
