//! Claims that wait for the verifier, and faces that are shown there.

use diesel::prelude::*;

use crate::db::schema::{idn_face, idn_pending};
use crate::db::{Bytes, Conn};
use crate::identity::model::{EvidenceKind, FaceId, PendingId, PersonId};
use crate::kernel::{Result, Ts};

pub(in crate::identity) fn insert(
    c: &mut Conn,
    (id, person): (PendingId, PersonId),
    kind: EvidenceKind,
    claim: &[u8],
    (now, due_at): (Ts, Ts),
) -> Result<()> {
    diesel::insert_into(idn_pending::table)
        .values((
            idn_pending::id.eq(id),
            idn_pending::person_id.eq(person),
            idn_pending::kind.eq(kind),
            idn_pending::claim.eq(claim),
            idn_pending::asked_at.eq(now),
            idn_pending::attempts.eq(0),
            idn_pending::due_at.eq(due_at),
        ))
        .execute(c)?;
    Ok(())
}

/// Forgets what waits of a person, of these kinds.
pub(in crate::identity) fn remove_of(c: &mut Conn, person: PersonId, kinds: &[EvidenceKind]) -> Result<()> {
    let of_person = idn_pending::table.filter(idn_pending::person_id.eq(person));
    diesel::delete(of_person.filter(idn_pending::kind.eq_any(kinds))).execute(c)?;
    Ok(())
}

/// Forgets what waits of a person, and the faces that they showed.
pub(in crate::identity) fn remove_all(c: &mut Conn, person: PersonId) -> Result<()> {
    diesel::delete(idn_pending::table.filter(idn_pending::person_id.eq(person))).execute(c)?;
    diesel::delete(idn_face::table.filter(idn_face::person_id.eq(person))).execute(c)?;
    Ok(())
}

/// Takes one away; tells whether it was still there.
pub(in crate::identity) fn remove(c: &mut Conn, id: PendingId) -> Result<bool> {
    Ok(diesel::delete(idn_pending::table.find(id)).execute(c)? == 1)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idn_pending)]
pub(in crate::identity) struct PendingRow {
    pub id: PendingId,
    pub person_id: PersonId,
    pub claim: Bytes,
    pub attempts: i32,
}

/// What waits of a person.
pub(in crate::identity) fn of_person(c: &mut Conn, person: PersonId) -> Result<Vec<PendingRow>> {
    let own = idn_pending::table.filter(idn_pending::person_id.eq(person)).order(idn_pending::asked_at);
    Ok(own.select(PendingRow::as_select()).load(c)?)
}

/// Whether something is due that nobody works on.
pub(in crate::identity) fn has_due(c: &mut Conn, now: Ts) -> Result<bool> {
    let found: Option<PendingId> = idn_pending::table
        .filter(idn_pending::due_at.le(now))
        .filter(idn_pending::lease_until.is_null().or(idn_pending::lease_until.lt(now)))
        .select(idn_pending::id)
        .first(c)
        .optional()?;
    Ok(found.is_some())
}

/// Leases what is due, the longest waiting first.
pub(in crate::identity) fn lease(c: &mut Conn, now: Ts, until: Ts, limit: i64) -> Result<Vec<PendingRow>> {
    let free = || idn_pending::lease_until.is_null().or(idn_pending::lease_until.lt(now));
    let due = idn_pending::table.filter(idn_pending::due_at.le(now)).filter(free());
    let ids: Vec<PendingId> = due.order(idn_pending::due_at).select(idn_pending::id).limit(limit).load(c)?;
    let mut leased = vec![];
    for id in ids {
        let still_free = idn_pending::table.filter(idn_pending::id.eq(id)).filter(free());
        let n = diesel::update(still_free)
            .set((idn_pending::lease_until.eq(until), idn_pending::attempts.eq(idn_pending::attempts + 1)))
            .execute(c)?;
        if n == 1 {
            leased.push(idn_pending::table.find(id).select(PendingRow::as_select()).first(c)?);
        }
    }
    Ok(leased)
}

/// Gives a lease back: again at this time.
pub(in crate::identity) fn put_off(c: &mut Conn, id: PendingId, due_at: Ts, why: &str) -> Result<()> {
    diesel::update(idn_pending::table.find(id))
        .set((idn_pending::due_at.eq(due_at), idn_pending::last_error.eq(why), idn_pending::lease_until.eq(None::<Ts>)))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) struct NewFace<'a> {
    pub id: FaceId,
    pub person: PersonId,
    pub reference: &'a str,
    pub address: Bytes,
    pub number_index: Bytes,
    pub back: &'a str,
    pub began_at: Ts,
    pub expires_at: Ts,
}

pub(in crate::identity) fn insert_face(c: &mut Conn, face: NewFace<'_>) -> Result<()> {
    diesel::insert_into(idn_face::table)
        .values((
            idn_face::id.eq(face.id),
            idn_face::person_id.eq(face.person),
            idn_face::reference.eq(face.reference),
            idn_face::address.eq(face.address),
            idn_face::number_index.eq(face.number_index),
            idn_face::back.eq(face.back),
            idn_face::began_at.eq(face.began_at),
            idn_face::expires_at.eq(face.expires_at),
        ))
        .execute(c)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idn_face)]
pub(in crate::identity) struct FaceRow {
    pub id: FaceId,
    pub reference: String,
    pub address: Bytes,
    pub number_index: Bytes,
    pub back: String,
    pub began_at: Ts,
    pub expires_at: Ts,
    pub result: Option<String>,
}

pub(in crate::identity) fn face(c: &mut Conn, person: PersonId, id: FaceId) -> Result<FaceRow> {
    let own = idn_face::table.filter(idn_face::id.eq(id)).filter(idn_face::person_id.eq(person));
    Ok(own.select(FaceRow::as_select()).first(c)?)
}

/// Ends a face; tells whether it had not ended before.
pub(in crate::identity) fn end_face(c: &mut Conn, id: FaceId, result: &str) -> Result<bool> {
    let open = idn_face::table.filter(idn_face::id.eq(id)).filter(idn_face::result.is_null());
    Ok(diesel::update(open).set(idn_face::result.eq(result)).execute(c)? == 1)
}

/// Deletes the faces that ended before this time.
pub(in crate::identity) fn purge_faces(c: &mut Conn, before: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_face::table.filter(idn_face::expires_at.lt(before))).execute(c)?)
}
