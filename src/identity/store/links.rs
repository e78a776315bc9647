//! Accounts at a provider of identities, and who is there just now.

use diesel::prelude::*;

use crate::db::reseal::Sealed;
use crate::db::schema::{idn_away, idn_link};
use crate::db::{Bytes, Conn};
use crate::identity::model::PersonId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Id, Result, Ts};

const SUBJECT: &str = "idn_link.subject";
pub(in crate::identity) const TOLD: &str = "idn_away.told";
/// What the index of a subject is made for.
const INDEX: &str = "oidc-subject";

pub(in crate::identity) const SEALED: Sealed = Sealed {
    table: "idn_link",
    key: "id",
    column: "subject",
    place: SUBJECT,
    index: Some(("subject_index", |keys, value| Some(keys.index(INDEX, std::str::from_utf8(value).ok()?)))),
};

/// Whose account at the provider this is. `subject` names the issuer, too.
pub(in crate::identity) fn find(c: &mut Conn, keys: &Keys, subject: &str) -> Result<Option<PersonId>> {
    let found = idn_link::table.filter(idn_link::subject_index.eq_any(keys.indexes(INDEX, subject)));
    Ok(found.select(idn_link::person_id).first(c).optional()?)
}

/// Since when somebody has a link, and when they last came by it.
pub(in crate::identity) fn of(c: &mut Conn, person: PersonId) -> Result<Option<(Ts, Ts)>> {
    let own = idn_link::table.filter(idn_link::person_id.eq(person));
    Ok(own.select((idn_link::made_at, idn_link::used_at)).first(c).optional()?)
}

/// # Errors
/// Conflict, when somebody has it already.
pub(in crate::identity) fn insert(c: &mut Conn, keys: &Keys, person: PersonId, subject: &str, now: Ts) -> Result<()> {
    diesel::insert_into(idn_link::table)
        .values((
            idn_link::id.eq(Id::random()),
            idn_link::person_id.eq(person),
            idn_link::subject.eq(keys.seal_text(SUBJECT, subject)),
            idn_link::subject_index.eq(keys.index(INDEX, subject)),
            idn_link::made_at.eq(now),
            idn_link::used_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Notes that somebody came by it; tells whether it is there.
pub(in crate::identity) fn used(c: &mut Conn, keys: &Keys, subject: &str, now: Ts) -> Result<bool> {
    let one = idn_link::table.filter(idn_link::subject_index.eq_any(keys.indexes(INDEX, subject)));
    Ok(diesel::update(one).set(idn_link::used_at.eq(now)).execute(c)? == 1)
}

/// Takes somebody's links away, and what they were about to add; tells whether there was one.
pub(in crate::identity) fn remove(c: &mut Conn, person: PersonId) -> Result<bool> {
    diesel::delete(idn_away::table.filter(idn_away::person_id.eq(person))).execute(c)?;
    Ok(diesel::delete(idn_link::table.filter(idn_link::person_id.eq(person))).execute(c)? > 0)
}

pub(in crate::identity) struct Away {
    pub person: Option<PersonId>,
    pub nonce: String,
    pub verifier: String,
    pub back: String,
    pub told: Option<Bytes>,
}

pub(in crate::identity) fn begin(c: &mut Conn, id: &[u8], state: &str, away: &Away, until: Ts) -> Result<()> {
    diesel::insert_into(idn_away::table)
        .values((
            idn_away::id.eq(id),
            idn_away::person_id.eq(away.person),
            idn_away::state.eq(state),
            idn_away::nonce.eq(&away.nonce),
            idn_away::verifier.eq(&away.verifier),
            idn_away::back.eq(&away.back),
            idn_away::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// One that is not over.
pub(in crate::identity) fn away(c: &mut Conn, id: &[u8], now: Ts) -> Result<Option<Away>> {
    type Row = (Option<PersonId>, String, String, String, Option<Bytes>);
    let alive = idn_away::table.filter(idn_away::id.eq(id)).filter(idn_away::expires_at.gt(now));
    let columns = (idn_away::person_id, idn_away::nonce, idn_away::verifier, idn_away::back, idn_away::told);
    let row: Option<Row> = alive.select(columns).first(c).optional()?;
    Ok(row.map(|(person, nonce, verifier, back, told)| Away { person, nonce, verifier, back, told }))
}

/// Takes the state that somebody brought back: it is there once.
pub(in crate::identity) fn take_state(c: &mut Conn, id: &[u8], state: &str, now: Ts) -> Result<bool> {
    let sent = idn_away::table.filter(idn_away::id.eq(id)).filter(idn_away::state.eq(state));
    let alive = sent.filter(idn_away::state.ne("")).filter(idn_away::expires_at.gt(now));
    Ok(diesel::update(alive).set(idn_away::state.eq("")).execute(c)? == 1)
}

/// Keeps what the provider said, until its person has answered.
pub(in crate::identity) fn keep(c: &mut Conn, id: &[u8], told: &[u8], until: Ts) -> Result<()> {
    diesel::update(idn_away::table.filter(idn_away::id.eq(id)))
        .set((idn_away::told.eq(told), idn_away::expires_at.eq(until)))
        .execute(c)?;
    Ok(())
}

/// Tells whether it was there.
pub(in crate::identity) fn end(c: &mut Conn, id: &[u8]) -> Result<bool> {
    Ok(diesel::delete(idn_away::table.filter(idn_away::id.eq(id))).execute(c)? == 1)
}

pub(in crate::identity) fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_away::table.filter(idn_away::expires_at.le(now))).execute(c)?)
}
