use diesel::prelude::*;

use super::model::{Channel, Department, DepartmentId, PersonId, StaffId};
use super::sessions::{Lifetime, Session, Subject};
use crate::db::schema::{idn_department, idn_person, idn_session, idn_staff, idn_staff_role};
use crate::db::{Bytes, Conn};
use crate::kernel::crypto::Keys;
use crate::kernel::{Actor, Id, Result, Role, StaffActor, Text, Ts, mask};

pub(super) fn insert_session(
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

pub(super) fn find_session(c: &mut Conn, keys: &Keys, key: &[u8], now: Ts, life: Lifetime) -> Result<Option<Session>> {
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

pub(super) fn touch_session(c: &mut Conn, key: &[u8], now: Ts) -> Result<()> {
    diesel::update(idn_session::table.find(key)).set(idn_session::seen_at.eq(now)).execute(c)?;
    Ok(())
}

pub(super) fn delete_session(c: &mut Conn, key: &[u8]) -> Result<()> {
    diesel::delete(idn_session::table.find(key)).execute(c)?;
    Ok(())
}

pub(super) fn delete_sessions_of(c: &mut Conn, subject: Subject) -> Result<()> {
    match subject {
        Subject::Person(id) => diesel::delete(idn_session::table.filter(idn_session::person_id.eq(id))).execute(c)?,
        Subject::Staff(id) => diesel::delete(idn_session::table.filter(idn_session::staff_id.eq(id))).execute(c)?,
    };
    Ok(())
}

pub(super) fn purge_sessions(c: &mut Conn, now: Ts, life: Lifetime) -> Result<usize> {
    let ended = idn_session::expires_at.le(now).or(idn_session::seen_at.le(now.minus_secs(life.idle)));
    Ok(diesel::delete(idn_session::table.filter(ended)).execute(c)?)
}

/// All departments by key. There are dozens, so that whoever shows names takes them all at once.
pub fn departments(c: &mut Conn) -> Result<Vec<Department>> {
    use idn_department as d;
    let names = (d::name_zh, d::name_en, d::short_zh, d::short_en);
    let place = (d::area_code, d::phone, d::address_zh, d::address_en);
    type Names = (String, String, String, String);
    let rows: Vec<(DepartmentId, String, Names, Names, Channel, bool)> =
        d::table.order(d::key).select((d::id, d::key, names, place, d::channel, d::is_active)).load(c)?;
    let made = |(id, key, names, place, channel, is_active): (_, _, Names, Names, _, _)| Department {
        id,
        key,
        name: Text::new(names.0, names.1),
        short: Text::new(names.2, names.3),
        area_code: place.0,
        channel,
        phone: place.1,
        address: Text::new(place.2, place.3),
        is_active,
    };
    Ok(rows.into_iter().map(made).collect())
}
