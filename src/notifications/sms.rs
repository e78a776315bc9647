//! Short messages that wait to be sent, sealed. What was sent, or came too late, is deleted: it may hold a code.

use diesel::prelude::*;

use crate::db::reseal::Sealed;
use crate::db::schema::ntf_sms;
use crate::db::{Bytes, Conn};
use crate::kernel::{Ctx, Id, Result, Ts};

const TO: &str = "ntf_sms.to_phone";
const WORDS: &str = "ntf_sms.words";

/// The columns that are sealed.
pub const SEALED: [Sealed; 2] = [
    Sealed { table: "ntf_sms", key: "id", column: "to_phone", place: TO, index: None },
    Sealed { table: "ntf_sms", key: "id", column: "words", place: WORDS, index: None },
];

/// For how long a process may work on the messages it took, in seconds.
const LEASE: i64 = 60;

/// Seconds until a message that could not be sent is tried again; the last one repeats.
const DELAYS: [i64; 3] = [2, 5, 20];

/// Puts a message in the queue. After `until` it is not sent any more.
pub fn queue(c: &mut Conn, ctx: &Ctx, to: &str, words: &str, until: Ts) -> Result<()> {
    diesel::insert_into(ntf_sms::table)
        .values((
            ntf_sms::id.eq(Id::random()),
            ntf_sms::to_phone.eq(ctx.keys.seal_text(TO, to)),
            ntf_sms::words.eq(ctx.keys.seal_text(WORDS, words)),
            ntf_sms::attempts.eq(0),
            ntf_sms::due_at.eq(ctx.now),
            ntf_sms::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
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
    let free = ntf_sms::lease_until.is_null().or(ntf_sms::lease_until.lt(ctx.now));
    let due = ntf_sms::table.filter(ntf_sms::due_at.le(ctx.now)).filter(free);
    let found: Option<Id> = due.select(ntf_sms::id).first(c).optional()?;
    Ok(found.is_some())
}

/// Takes messages that wait, the longest due first; those that are of no use any more are deleted. For the platform alone.
pub fn lease(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<Vec<DueSms>> {
    ctx.is_system()?;
    diesel::delete(ntf_sms::table.filter(ntf_sms::expires_at.le(ctx.now))).execute(c)?;
    let free = || ntf_sms::lease_until.is_null().or(ntf_sms::lease_until.lt(ctx.now));
    let due = ntf_sms::table.filter(ntf_sms::due_at.le(ctx.now)).filter(free()).order(ntf_sms::due_at);
    let ids: Vec<Id> = due.select(ntf_sms::id).limit(limit as i64).load(c)?;
    let mut leased = vec![];
    for id in ids {
        let still_free = ntf_sms::table.filter(ntf_sms::id.eq(id)).filter(free());
        let taken = (ntf_sms::lease_until.eq(ctx.now.plus_secs(LEASE)), ntf_sms::attempts.eq(ntf_sms::attempts + 1));
        if diesel::update(still_free).set(taken).execute(c)? == 1 {
            let columns = (ntf_sms::to_phone, ntf_sms::words, ntf_sms::attempts);
            let (to, words, attempt): (Bytes, Bytes, i32) = ntf_sms::table.find(id).select(columns).first(c)?;
            let (to, words) = (ctx.keys.open_text(TO, &to)?, ctx.keys.open_text(WORDS, &words)?);
            leased.push(DueSms { id, to, words, attempt });
        }
    }
    Ok(leased)
}

/// It was sent, or never will be. For the platform alone.
pub fn done(c: &mut Conn, ctx: &Ctx, id: Id) -> Result<()> {
    ctx.is_system()?;
    diesel::delete(ntf_sms::table.find(id)).execute(c)?;
    Ok(())
}

/// Again later; `why` is a code. For the platform alone.
pub fn put_off(c: &mut Conn, ctx: &Ctx, sms: (Id, i32), why: &str) -> Result<()> {
    ctx.is_system()?;
    let tried = usize::try_from(sms.1 - 1).unwrap_or_default();
    let delay = DELAYS.get(tried).copied().unwrap_or(DELAYS[DELAYS.len() - 1]);
    let again = (
        ntf_sms::due_at.eq(ctx.now.plus_secs(delay)),
        ntf_sms::lease_until.eq(None::<Ts>),
        ntf_sms::last_error.eq(why.to_owned()),
    );
    diesel::update(ntf_sms::table.filter(ntf_sms::id.eq(sms.0)).filter(ntf_sms::attempts.eq(sms.1)))
        .set(again)
        .execute(c)?;
    Ok(())
}
