use diesel::prelude::*;

use crate::db::schema::{idn_person, idn_session, idn_staff, idn_staff_role};
use crate::db::{Bytes, Conn};
use crate::identity::model::{PersonId, StaffId};
use crate::identity::sessions::{Device, Lifetime, Session, Subject};
use crate::kernel::crypto::Keys;
use crate::kernel::{Actor, Id, Result, Role, StaffActor, Ts, mask};

pub(in crate::identity) fn insert_session(
    c: &mut Conn,
    key: &[u8],
    subject: Subject,
    csrf: &str,
    user_agent: &str,
    now: Ts,
    life: Lifetime,
) -> Result<()> {
    let (person, staff) = match subject {
        Subject::Person(id) => (Some(id), None),
        Subject::Staff(id) => (None, Some(id)),
    };
    diesel::insert_into(idn_session::table)
        .values((
            idn_session::id.eq(key),
            idn_session::person_id.eq(person),
            idn_session::staff_id.eq(staff),
            idn_session::csrf.eq(csrf),
            idn_session::created_at.eq(now),
            idn_session::seen_at.eq(now),
            idn_session::expires_at.eq(now.plus_secs(life.absolute)),
            idn_session::user_agent.eq(user_agent),
        ))
        .execute(c)?;
    Ok(())
}

type Row = (Option<PersonId>, Option<StaffId>, String, Ts, Ts);

pub(in crate::identity) fn find_session(
    c: &mut Conn,
    keys: &Keys,
    key: &[u8],
    now: Ts,
    life: Lifetime,
) -> Result<Option<Session>> {
    let row: Option<Row> = idn_session::table
        .find(key)
        .filter(idn_session::expires_at.gt(now))
        .filter(idn_session::seen_at.gt(now.minus_secs(life.idle)))
        .select((
            idn_session::person_id,
            idn_session::staff_id,
            idn_session::csrf,
            idn_session::seen_at,
            idn_session::expires_at,
        ))
        .first(c)
        .optional()?;
    let Some((person, staff, csrf, seen_at, expires_at)) = row else { return Ok(None) };
    let found = match (person, staff) {
        (Some(id), _) => person_actor(c, keys, id)?,
        (None, Some(id)) => staff_actor(c, id)?,
        (None, None) => None,
    };
    let ends_at = expires_at.min(now.plus_secs(life.idle));
    Ok(found.map(|(actor, shown)| Session { key: key.to_vec(), actor, shown, csrf, seen_at, ends_at }))
}

fn person_actor(c: &mut Conn, keys: &Keys, id: PersonId) -> Result<Option<(Actor, String)>> {
    let row: Option<(Option<Bytes>, Bytes)> = idn_person::table
        .find(id)
        .filter(idn_person::closed_at.is_null())
        .select((idn_person::name, idn_person::phone))
        .first(c)
        .optional()?;
    let Some((name, phone)) = row else { return Ok(None) };
    let shown = match name {
        Some(sealed) => mask::name(&keys.open_text("idn_person.name", &sealed)?),
        None => mask::phone(&keys.open_text("idn_person.phone", &phone)?),
    };
    Ok(Some((Actor::Person(id.0), shown)))
}

fn staff_actor(c: &mut Conn, id: StaffId) -> Result<Option<(Actor, String)>> {
    let row: Option<(String, Option<Id>, Option<Id>)> = idn_staff::table
        .find(id)
        .filter(idn_staff::is_active.eq(true))
        .select((idn_staff::name, idn_staff::department_id, idn_staff::hall_id))
        .first(c)
        .optional()?;
    let Some((name, department, hall)) = row else { return Ok(None) };
    let codes: Vec<String> =
        idn_staff_role::table.filter(idn_staff_role::staff_id.eq(id)).select(idn_staff_role::role).load(c)?;
    let roles = codes.iter().filter_map(|code| Role::from_code(code)).collect();
    let actor = Actor::Staff(StaffActor { id: id.0, name: name.clone(), roles, department, hall });
    Ok(Some((actor, name)))
}

pub(in crate::identity) fn touch_session(c: &mut Conn, key: &[u8], now: Ts) -> Result<()> {
    diesel::update(idn_session::table.find(key)).set(idn_session::seen_at.eq(now)).execute(c)?;
    Ok(())
}

pub(in crate::identity) fn delete_session(c: &mut Conn, key: &[u8]) -> Result<()> {
    diesel::delete(idn_session::table.find(key)).execute(c)?;
    Ok(())
}

/// Deletes the sessions of somebody, all or all but one.
pub(in crate::identity) fn delete_sessions_of(c: &mut Conn, subject: Subject, but: Option<&[u8]>) -> Result<()> {
    let kept = idn_session::id.ne(but.unwrap_or_default().to_vec());
    let all = diesel::delete(idn_session::table).filter(kept);
    match subject {
        Subject::Person(id) => all.filter(idn_session::person_id.eq(id)).execute(c)?,
        Subject::Staff(id) => all.filter(idn_session::staff_id.eq(id)).execute(c)?,
    };
    Ok(())
}

/// Deletes one session of a person; false when they have none with this key.
pub(in crate::identity) fn delete_session_of(c: &mut Conn, person: PersonId, key: &[u8]) -> Result<bool> {
    let own = idn_session::table.find(key).filter(idn_session::person_id.eq(person));
    Ok(diesel::delete(own).execute(c)? == 1)
}

/// The living sessions of a person, the last used first.
pub(in crate::identity) fn sessions_of(c: &mut Conn, person: PersonId, now: Ts, life: Lifetime) -> Result<Vec<Device>> {
    let rows: Vec<(Bytes, String, Ts, Ts)> = idn_session::table
        .filter(idn_session::person_id.eq(person))
        .filter(idn_session::expires_at.gt(now))
        .filter(idn_session::seen_at.gt(now.minus_secs(life.idle)))
        .order((idn_session::seen_at.desc(), idn_session::id))
        .select((idn_session::id, idn_session::user_agent, idn_session::created_at, idn_session::seen_at))
        .load(c)?;
    let device = |(key, user_agent, created_at, seen_at)| Device { key, user_agent, created_at, seen_at };
    Ok(rows.into_iter().map(device).collect())
}

pub(in crate::identity) fn purge_sessions(c: &mut Conn, now: Ts, life: Lifetime) -> Result<usize> {
    let ended = idn_session::expires_at.le(now).or(idn_session::seen_at.le(now.minus_secs(life.idle)));
    Ok(diesel::delete(idn_session::table.filter(ended)).execute(c)?)
}
