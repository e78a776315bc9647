use diesel::prelude::*;

use crate::db::schema::{idn_person, idn_role_permission, idn_session, idn_staff, idn_staff_role};
use crate::db::{Bytes, Conn, Tells, Told};
use crate::identity::model::{How, MandateId, PersonId, StaffId};
use crate::identity::sessions::{Device, Lifetime, Lifetimes, Session, Subject};
use crate::kernel::crypto::Keys;
use crate::kernel::{Actor, Id, Permission, Result, StaffActor, Ts, mask};

/// Whose something is, as tables of citizens' and staff's things keep it.
pub(super) fn columns(subject: Subject) -> (Option<PersonId>, Option<StaffId>) {
    match subject {
        Subject::Person(id) => (Some(id), None),
        Subject::Staff(id) => (None, Some(id)),
    }
}

/// What a new session begins with.
pub(in crate::identity) struct New {
    pub key: Bytes,
    pub subject: Subject,
    pub how: How,
    pub csrf: String,
    pub user_agent: String,
}

pub(in crate::identity) fn insert_session(c: &mut Conn, new: &New, now: Ts, life: Lifetime) -> Result<()> {
    let (person, staff) = columns(new.subject);
    diesel::insert_into(idn_session::table)
        .values((
            idn_session::id.eq(&new.key),
            idn_session::person_id.eq(person),
            idn_session::staff_id.eq(staff),
            idn_session::made_by.eq(new.how),
            idn_session::csrf.eq(&new.csrf),
            idn_session::created_at.eq(now),
            idn_session::seen_at.eq(now),
            idn_session::expires_at.eq(now.plus_secs(life.absolute)),
            idn_session::user_agent.eq(&new.user_agent),
        ))
        .execute(c)?;
    Ok(())
}

type Found = (
    (Option<PersonId>, Option<StaffId>, How, String, Ts, Ts, Option<MandateId>, i64),
    Option<(Option<Bytes>, Bytes, Option<Ts>)>,
    Option<(String, Option<String>, Option<Id>, Option<Id>, bool)>,
    Option<String>,
);

/// A living session, whose it is, and what is told of them, in one query: it is asked at every request. A row for each permission of
/// a member of staff, so that one that was taken is gone at the next request.
pub(in crate::identity) fn find_session<X: Tells>(
    c: &mut Conn,
    keys: &Keys,
    key: &[u8],
    now: Ts,
    lives: Lifetimes,
) -> Result<Option<(Session, Option<MandateId>, i64)>> {
    let in_force = idn_staff_role::until.is_null().or(idn_staff_role::until.ge(now.day()));
    let role = idn_staff_role::staff_id.nullable().eq(idn_session::staff_id).and(in_force);
    let permission = idn_role_permission::role.nullable().eq(idn_staff_role::role.nullable());
    let query = idn_session::table
        .left_join(idn_person::table.on(idn_person::id.nullable().eq(idn_session::person_id)))
        .left_join(idn_staff::table.on(idn_staff::id.nullable().eq(idn_session::staff_id)))
        .left_join(idn_staff_role::table.on(role))
        .left_join(idn_role_permission::table.on(permission))
        .filter(idn_session::id.eq(key))
        .filter(idn_session::expires_at.gt(now))
        .select((
            (
                idn_session::person_id,
                idn_session::staff_id,
                idn_session::made_by,
                idn_session::csrf,
                idn_session::seen_at,
                idn_session::expires_at,
                idn_session::mandate_id,
                Told::<X, _>::of(idn_session::person_id),
            ),
            (idn_person::name, idn_person::phone, idn_person::closed_at).nullable(),
            (idn_staff::name, idn_staff::area_code, idn_staff::department_id, idn_staff::hall_id, idn_staff::is_active)
                .nullable(),
            idn_role_permission::permission.nullable(),
        ));
    let rows: Vec<Found> = crate::each_engine!(c, c => query.load(c))?;
    let permissions = rows.iter().filter_map(|row| Permission::from_code(row.3.as_deref()?)).collect();
    let Some((of_session, person, staff, _)) = rows.into_iter().next() else { return Ok(None) };
    let (person_id, staff_id, how, csrf, seen_at, expires_at, mandate, told) = of_session;
    let (actor, shown, life) = match (person_id, person, staff_id, staff) {
        (Some(id), Some((name, phone, None)), ..) => (Actor::Person(id.0), shown(keys, name, &phone)?, lives.citizens),
        (_, _, Some(id), Some((name, area, department, hall, true))) => {
            let actor = StaffActor { id: id.0, name: name.clone(), permissions, area, department, hall };
            (Actor::Staff(actor), name, lives.staff)
        }
        _ => return Ok(None),
    };
    if seen_at <= now.minus_secs(life.idle) {
        return Ok(None);
    }
    let ends_at = expires_at.min(now.plus_secs(life.idle));
    let session = Session { key: key.to_vec(), actor, acting: None, how, shown, csrf, seen_at, ends_at };
    Ok(Some((session, mandate, told)))
}

/// A person as the frame of pages names them.
fn shown(keys: &Keys, name: Option<Bytes>, phone: &[u8]) -> Result<String> {
    Ok(match name {
        Some(sealed) => mask::name(&keys.open_text("idn_person.name", &sealed)?),
        None => mask::phone(&keys.open_text("idn_person.phone", phone)?),
    })
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

/// Deletes one session of somebody; false when they have none with this key.
pub(in crate::identity) fn delete_session_of(c: &mut Conn, subject: Subject, key: &[u8]) -> Result<bool> {
    let one = diesel::delete(idn_session::table.find(key));
    let deleted = match subject {
        Subject::Person(id) => one.filter(idn_session::person_id.eq(id)).execute(c)?,
        Subject::Staff(id) => one.filter(idn_session::staff_id.eq(id)).execute(c)?,
    };
    Ok(deleted == 1)
}

/// The living sessions of somebody, the last used first.
pub(in crate::identity) fn sessions_of(c: &mut Conn, of: Subject, now: Ts, life: Lifetime) -> Result<Vec<Device>> {
    let mut query = idn_session::table
        .filter(idn_session::expires_at.gt(now))
        .filter(idn_session::seen_at.gt(now.minus_secs(life.idle)))
        .order((idn_session::seen_at.desc(), idn_session::id))
        .into_boxed();
    query = match of {
        Subject::Person(id) => query.filter(idn_session::person_id.eq(id)),
        Subject::Staff(id) => query.filter(idn_session::staff_id.eq(id)),
    };
    let rows: Vec<(Bytes, How, String, Ts, Ts)> = query
        .select((
            idn_session::id,
            idn_session::made_by,
            idn_session::user_agent,
            idn_session::created_at,
            idn_session::seen_at,
        ))
        .load(c)?;
    let device = |(key, how, user_agent, created_at, seen_at)| Device { key, how, user_agent, created_at, seen_at };
    Ok(rows.into_iter().map(device).collect())
}

pub(in crate::identity) fn purge_sessions(c: &mut Conn, now: Ts, lives: Lifetimes) -> Result<usize> {
    let unseen = |life: Lifetime| idn_session::seen_at.le(now.minus_secs(life.idle));
    let citizens = idn_session::person_id.is_not_null().and(unseen(lives.citizens));
    let staff = idn_session::staff_id.is_not_null().and(unseen(lives.staff));
    let ended = idn_session::expires_at.le(now).or(citizens).or(staff);
    Ok(diesel::delete(idn_session::table.filter(ended)).execute(c)?)
}
