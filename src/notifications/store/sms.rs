//! Short messages that wait to be sent.

use diesel::prelude::*;

use crate::db::reseal::Sealed;
use crate::db::schema::ntf_sms;
use crate::db::{Bytes, Conn};
use crate::kernel::{Id, Result, Ts};

pub(in crate::notifications) const TO: &str = "ntf_sms.to_phone";
pub(in crate::notifications) const WORDS: &str = "ntf_sms.words";

/// The columns that are sealed.
pub(super) const SEALED: [Sealed; 2] = [
    Sealed { table: "ntf_sms", key: "id", column: "to_phone", place: TO, index: None },
    Sealed { table: "ntf_sms", key: "id", column: "words", place: WORDS, index: None },
];

pub(in crate::notifications) fn insert(c: &mut Conn, to: Bytes, words: Bytes, (now, until): (Ts, Ts)) -> Result<()> {
    diesel::insert_into(ntf_sms::table)
        .values((
            ntf_sms::id.eq(Id::random()),
            ntf_sms::to_phone.eq(to),
            ntf_sms::words.eq(words),
            ntf_sms::attempts.eq(0),
            ntf_sms::due_at.eq(now),
            ntf_sms::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// Whether one waits whose time has come: a read, for the look before the write.
pub(in crate::notifications) fn has_due(c: &mut Conn, now: Ts) -> Result<bool> {
    let free = ntf_sms::lease_until.is_null().or(ntf_sms::lease_until.lt(now));
    let due = ntf_sms::table.filter(ntf_sms::due_at.le(now)).filter(free);
    let found: Option<Id> = due.select(ntf_sms::id).first(c).optional()?;
    Ok(found.is_some())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ntf_sms)]
pub(in crate::notifications) struct Row {
    pub id: Id,
    pub to_phone: Bytes,
    pub words: Bytes,
    pub attempts: i32,
}

/// Leases those whose time has come, the longest due first.
pub(in crate::notifications) fn lease(c: &mut Conn, now: Ts, until: Ts, limit: i64) -> Result<Vec<Row>> {
    let free = || ntf_sms::lease_until.is_null().or(ntf_sms::lease_until.lt(now));
    let due = ntf_sms::table.filter(ntf_sms::due_at.le(now)).filter(free()).order(ntf_sms::due_at);
    let ids: Vec<Id> = due.select(ntf_sms::id).limit(limit).load(c)?;
    let mut leased = vec![];
    for id in ids {
        let still_free = ntf_sms::table.filter(ntf_sms::id.eq(id)).filter(free());
        let taken = (ntf_sms::lease_until.eq(until), ntf_sms::attempts.eq(ntf_sms::attempts + 1));
        if diesel::update(still_free).set(taken).execute(c)? == 1 {
            leased.push(ntf_sms::table.find(id).select(Row::as_select()).first(c)?);
        }
    }
    Ok(leased)
}

pub(in crate::notifications) fn remove(c: &mut Conn, id: Id) -> Result<()> {
    diesel::delete(ntf_sms::table.find(id)).execute(c)?;
    Ok(())
}

/// Deletes what comes too late.
pub(in crate::notifications) fn purge(c: &mut Conn, now: Ts) -> Result<()> {
    diesel::delete(ntf_sms::table.filter(ntf_sms::expires_at.le(now))).execute(c)?;
    Ok(())
}

/// Gives a lease back: again at this time.
pub(in crate::notifications) fn put_off(c: &mut Conn, (id, attempt): (Id, i32), again_at: Ts, why: &str) -> Result<()> {
    let again =
        (ntf_sms::due_at.eq(again_at), ntf_sms::lease_until.eq(None::<Ts>), ntf_sms::last_error.eq(why.to_owned()));
    let own = ntf_sms::table.filter(ntf_sms::id.eq(id)).filter(ntf_sms::attempts.eq(attempt));
    diesel::update(own).set(again).execute(c)?;
    Ok(())
}
