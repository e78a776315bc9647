//! Passkeys, and what devices were asked to sign.

use diesel::prelude::*;

use super::sessions::columns;
use crate::db::schema::{idn_ceremony, idn_passkey};
use crate::db::{Bytes, Conn};
use crate::identity::model::{Passkey, PasskeyId, PersonId, StaffId};
use crate::identity::passkeys::Purpose;
use crate::identity::sessions::Subject;
use crate::kernel::{Error, Result, Ts};

fn subject((person, staff): (Option<PersonId>, Option<StaffId>)) -> Option<Subject> {
    person.map(Subject::Person).or_else(|| staff.map(Subject::Staff))
}

pub(in crate::identity) struct Ceremony {
    pub purpose: Purpose,
    pub subject: Option<Subject>,
    pub state: String,
    pub name: String,
}

pub(in crate::identity) fn begin(c: &mut Conn, id: &[u8], new: &Ceremony, until: Ts) -> Result<()> {
    let (person, staff) = new.subject.map_or((None, None), columns);
    diesel::insert_into(idn_ceremony::table)
        .values((
            idn_ceremony::id.eq(id),
            idn_ceremony::purpose.eq(new.purpose),
            idn_ceremony::person_id.eq(person),
            idn_ceremony::staff_id.eq(staff),
            idn_ceremony::state.eq(&new.state),
            idn_ceremony::name.eq(&new.name),
            idn_ceremony::expires_at.eq(until),
        ))
        .execute(c)?;
    Ok(())
}

/// Takes a ceremony that is not over: it is there for one answer. Of two who send one at the same time, one takes it.
pub(in crate::identity) fn take(c: &mut Conn, id: &[u8], purpose: Purpose, now: Ts) -> Result<Option<Ceremony>> {
    type Row = (Option<PersonId>, Option<StaffId>, String, String);
    let alive = idn_ceremony::table
        .filter(idn_ceremony::id.eq(id))
        .filter(idn_ceremony::purpose.eq(purpose))
        .filter(idn_ceremony::expires_at.gt(now));
    let columns = (idn_ceremony::person_id, idn_ceremony::staff_id, idn_ceremony::state, idn_ceremony::name);
    let Some((person, staff, state, name)) = alive.select(columns).first::<Row>(c).optional()? else { return Ok(None) };
    let is_mine = diesel::delete(idn_ceremony::table.filter(idn_ceremony::id.eq(id))).execute(c)? == 1;
    Ok(is_mine.then(|| Ceremony { purpose, subject: subject((person, staff)), state, name }))
}

pub(in crate::identity) fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_ceremony::table.filter(idn_ceremony::expires_at.le(now))).execute(c)?)
}

pub(in crate::identity) struct New<'a> {
    pub id: PasskeyId,
    pub subject: Subject,
    pub credential_id: &'a [u8],
    pub credential: String,
    pub name: &'a str,
}

/// # Errors
/// Conflict, when the credential is somebody's already.
pub(in crate::identity) fn insert(c: &mut Conn, new: &New<'_>, now: Ts) -> Result<()> {
    let (person, staff) = columns(new.subject);
    diesel::insert_into(idn_passkey::table)
        .values((
            idn_passkey::id.eq(new.id),
            idn_passkey::person_id.eq(person),
            idn_passkey::staff_id.eq(staff),
            idn_passkey::credential_id.eq(new.credential_id),
            idn_passkey::credential.eq(&new.credential),
            idn_passkey::name.eq(new.name),
            idn_passkey::made_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Somebody's passkeys with what their devices call them, the first made first.
pub(in crate::identity) fn of(c: &mut Conn, subject: Subject) -> Result<Vec<(Passkey, Bytes)>> {
    type Row = (PasskeyId, String, Ts, Option<Ts>, Bytes);
    let columns =
        (idn_passkey::id, idn_passkey::name, idn_passkey::made_at, idn_passkey::used_at, idn_passkey::credential_id);
    let query = idn_passkey::table.select(columns).order((idn_passkey::made_at, idn_passkey::id));
    let rows: Vec<Row> = match subject {
        Subject::Person(id) => query.filter(idn_passkey::person_id.eq(id)).load(c)?,
        Subject::Staff(id) => query.filter(idn_passkey::staff_id.eq(id)).load(c)?,
    };
    Ok(rows
        .into_iter()
        .map(|(id, name, made_at, used_at, own)| (Passkey { id, name, made_at, used_at }, own))
        .collect())
}

pub(in crate::identity) struct Found {
    pub id: PasskeyId,
    pub subject: Subject,
    pub credential: String,
}

/// Whose credential this is.
pub(in crate::identity) fn find(c: &mut Conn, credential_id: &[u8]) -> Result<Option<Found>> {
    type Row = (PasskeyId, Option<PersonId>, Option<StaffId>, String);
    let columns = (idn_passkey::id, idn_passkey::person_id, idn_passkey::staff_id, idn_passkey::credential);
    let found = idn_passkey::table.filter(idn_passkey::credential_id.eq(credential_id)).select(columns);
    let Some((id, person, staff, credential)) = found.first::<Row>(c).optional()? else { return Ok(None) };
    let subject = subject((person, staff)).ok_or_else(|| Error::internal("a passkey is nobody's"))?;
    Ok(Some(Found { id, subject, credential }))
}

/// It was used: its counter may have gone on.
pub(in crate::identity) fn used(c: &mut Conn, id: PasskeyId, credential: &str, now: Ts) -> Result<()> {
    diesel::update(idn_passkey::table.find(id))
        .set((idn_passkey::credential.eq(credential), idn_passkey::used_at.eq(now)))
        .execute(c)?;
    Ok(())
}

/// Takes one of somebody's away; tells whether it was there.
pub(in crate::identity) fn remove(c: &mut Conn, subject: Subject, id: PasskeyId) -> Result<bool> {
    let one = idn_passkey::table.filter(idn_passkey::id.eq(id));
    let gone = match subject {
        Subject::Person(own) => diesel::delete(one.filter(idn_passkey::person_id.eq(own))).execute(c)?,
        Subject::Staff(own) => diesel::delete(one.filter(idn_passkey::staff_id.eq(own))).execute(c)?,
    };
    Ok(gone == 1)
}

/// Takes all of somebody's away, and what they were about to add.
pub(in crate::identity) fn remove_all(c: &mut Conn, subject: Subject) -> Result<()> {
    match subject {
        Subject::Person(own) => {
            diesel::delete(idn_passkey::table.filter(idn_passkey::person_id.eq(own))).execute(c)?;
            diesel::delete(idn_ceremony::table.filter(idn_ceremony::person_id.eq(own))).execute(c)?;
        }
        Subject::Staff(own) => {
            diesel::delete(idn_passkey::table.filter(idn_passkey::staff_id.eq(own))).execute(c)?;
            diesel::delete(idn_ceremony::table.filter(idn_ceremony::staff_id.eq(own))).execute(c)?;
        }
    }
    Ok(())
}
