//! Codes that were sent to phones.

use diesel::prelude::*;

use crate::db::schema::idn_code;
use crate::db::{Bytes, Conn};
use crate::identity::codes::Purpose;
use crate::identity::model::PersonId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Result, Ts};

pub(in crate::identity) const PHONE: &str = "idn_code.phone";

pub(in crate::identity) struct New {
    pub id: Bytes,
    pub purpose: Purpose,
    pub phone: Bytes,
    pub phone_index: Bytes,
    pub person: Option<PersonId>,
    pub code: Bytes,
    pub back: String,
}

pub(in crate::identity) fn insert(c: &mut Conn, new: &New, (now, until): (Ts, Ts)) -> Result<()> {
    diesel::insert_into(idn_code::table)
        .values((
            idn_code::id.eq(&new.id),
            idn_code::purpose.eq(new.purpose),
            idn_code::phone.eq(&new.phone),
            idn_code::phone_index.eq(&new.phone_index),
            idn_code::person_id.eq(new.person),
            idn_code::code.eq(&new.code),
            idn_code::tries.eq(0),
            idn_code::back.eq(&new.back),
            idn_code::sent_at.eq(now),
            idn_code::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// Whether a code was made for a phone after this time.
pub(in crate::identity) fn was_sent(c: &mut Conn, keys: &Keys, phone: &str, after: Ts) -> Result<bool> {
    let of_phone = idn_code::table.filter(idn_code::phone_index.eq_any(keys.indexes("phone", phone)));
    let found: Option<Ts> =
        of_phone.filter(idn_code::sent_at.gt(after)).select(idn_code::sent_at).first(c).optional()?;
    Ok(found.is_some())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idn_code)]
pub(in crate::identity) struct Row {
    pub purpose: Purpose,
    pub phone: Bytes,
    #[diesel(column_name = person_id)]
    pub person: Option<PersonId>,
    pub code: Bytes,
    pub back: String,
    pub sent_at: Ts,
    pub passed_at: Option<Ts>,
}

/// One that is not over.
pub(in crate::identity) fn find(c: &mut Conn, id: &[u8], now: Ts) -> Result<Option<Row>> {
    let alive = idn_code::table.filter(idn_code::id.eq(id)).filter(idn_code::expires_at.gt(now));
    Ok(alive.select(Row::as_select()).first(c).optional()?)
}

/// Counts a try; tells whether there was one left.
pub(in crate::identity) fn count_try(c: &mut Conn, id: &[u8], most: i32) -> Result<bool> {
    let left = idn_code::table.filter(idn_code::id.eq(id)).filter(idn_code::tries.lt(most));
    Ok(diesel::update(left).set(idn_code::tries.eq(idn_code::tries + 1)).execute(c)? == 1)
}

pub(in crate::identity) fn pass(c: &mut Conn, id: &[u8], now: Ts, until: Ts) -> Result<()> {
    let passed = (idn_code::passed_at.eq(now), idn_code::expires_at.eq(until), idn_code::tries.eq(0));
    diesel::update(idn_code::table.filter(idn_code::id.eq(id))).set(passed).execute(c)?;
    Ok(())
}

pub(in crate::identity) fn remove(c: &mut Conn, id: &[u8]) -> Result<()> {
    diesel::delete(idn_code::table.filter(idn_code::id.eq(id))).execute(c)?;
    Ok(())
}

pub(in crate::identity) fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_code::table.filter(idn_code::expires_at.le(now))).execute(c)?)
}
