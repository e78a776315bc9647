//! Who is acted for, and by what.

use diesel::prelude::*;

use crate::db::reseal::Sealed;
use crate::db::schema::{idn_mandate, idn_principal, idn_session};
use crate::db::{Bytes, Conn, Doc};
use crate::identity::model::{
    EvidenceId, Mandate, MandateEnd, MandateId, MandateKind, PersonId, Power, Principal, PrincipalId, PrincipalKind,
};
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Day, Id, Result, Ts};

const PRINCIPAL_NAME: &str = "idn_principal.name";
const PRINCIPAL_NUMBER: &str = "idn_principal.number";
const NAME: &str = "idn_mandate.name";
const PHONE: &str = "idn_mandate.phone";

pub(in crate::identity) const SEALED: [Sealed; 4] = [
    Sealed { table: "idn_principal", key: "id", column: "name", place: PRINCIPAL_NAME, index: None },
    Sealed {
        table: "idn_principal",
        key: "id",
        column: "number",
        place: PRINCIPAL_NUMBER,
        index: Some(("number_index", |keys, value| Some(keys.index("id_number", std::str::from_utf8(value).ok()?)))),
    },
    Sealed { table: "idn_mandate", key: "id", column: "name", place: NAME, index: None },
    Sealed {
        table: "idn_mandate",
        key: "id",
        column: "phone",
        place: PHONE,
        index: Some(("phone_index", |keys, value| Some(keys.index("phone", std::str::from_utf8(value).ok()?)))),
    },
];

/// Keeps a principal by their number, under the name that was vouched for last. Returns their id.
pub(in crate::identity) fn put_principal(c: &mut Conn, ctx: &Ctx, p: &Principal) -> Result<PrincipalId> {
    let name = ctx.keys.seal_text(PRINCIPAL_NAME, &p.name);
    if let Some(id) = find_by_number(c, &ctx.keys, &p.number)? {
        diesel::update(idn_principal::table.find(id))
            .set((idn_principal::name.eq(name), idn_principal::audience.eq(&p.audience)))
            .execute(c)?;
        return Ok(id);
    }
    diesel::insert_into(idn_principal::table)
        .values((
            idn_principal::id.eq(p.id),
            idn_principal::kind.eq(p.kind),
            idn_principal::audience.eq(&p.audience),
            idn_principal::name.eq(name),
            idn_principal::number.eq(ctx.keys.seal_text(PRINCIPAL_NUMBER, &p.number)),
            idn_principal::number_index.eq(ctx.keys.index("id_number", &p.number)),
            idn_principal::created_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(p.id)
}

pub(in crate::identity) fn find_by_number(c: &mut Conn, keys: &Keys, number: &str) -> Result<Option<PrincipalId>> {
    let found = idn_principal::table.filter(idn_principal::number_index.eq_any(keys.indexes("id_number", number)));
    Ok(found.select(idn_principal::id).first(c).optional()?)
}

type PrincipalRow = (PrincipalId, PrincipalKind, String, Bytes, Bytes);

fn principal_of(keys: &Keys, (id, kind, audience, name, number): PrincipalRow) -> Result<Principal> {
    let name = keys.open_text(PRINCIPAL_NAME, &name)?;
    Ok(Principal { id, kind, audience, name, number: keys.open_text(PRINCIPAL_NUMBER, &number)? })
}

pub(in crate::identity) fn principal(c: &mut Conn, keys: &Keys, id: PrincipalId) -> Result<Principal> {
    let row: PrincipalRow = idn_principal::table
        .find(id)
        .select((
            idn_principal::id,
            idn_principal::kind,
            idn_principal::audience,
            idn_principal::name,
            idn_principal::number,
        ))
        .first(c)?;
    principal_of(keys, row)
}

pub(in crate::identity) fn insert(c: &mut Conn, ctx: &Ctx, m: &Mandate, evidence: Option<EvidenceId>) -> Result<()> {
    let phone = m.phone.as_deref();
    diesel::insert_into(idn_mandate::table)
        .values((
            idn_mandate::id.eq(m.id),
            idn_mandate::principal_id.eq(m.principal),
            idn_mandate::kind.eq(m.kind),
            idn_mandate::person_id.eq(m.person),
            idn_mandate::name.eq(ctx.keys.seal_text(NAME, &m.name)),
            idn_mandate::phone.eq(phone.map(|p| ctx.keys.seal_text(PHONE, p))),
            idn_mandate::phone_index.eq(phone.map(|p| ctx.keys.index("phone", p))),
            idn_mandate::items.eq(Doc(m.items.clone())),
            idn_mandate::powers.eq(Doc(m.powers.clone())),
            idn_mandate::until.eq(m.until),
            idn_mandate::evidence_id.eq(evidence),
            idn_mandate::given_by.eq(m.given_by),
            idn_mandate::offered_at.eq(m.offered_at),
            idn_mandate::taken_at.eq(m.taken_at),
        ))
        .execute(c)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idn_mandate)]
struct Row {
    id: MandateId,
    principal_id: PrincipalId,
    kind: MandateKind,
    person_id: Option<PersonId>,
    name: Bytes,
    phone: Option<Bytes>,
    items: Doc<Vec<Id>>,
    powers: Doc<Vec<Power>>,
    until: Option<Day>,
    given_by: Option<MandateId>,
    offered_at: Ts,
    taken_at: Option<Ts>,
    used_at: Option<Ts>,
    ended_at: Option<Ts>,
    ended_why: Option<MandateEnd>,
}

fn opened(keys: &Keys, row: Row) -> Result<Mandate> {
    Ok(Mandate {
        id: row.id,
        principal: row.principal_id,
        kind: row.kind,
        person: row.person_id,
        name: keys.open_text(NAME, &row.name)?,
        phone: row.phone.map(|p| keys.open_text(PHONE, &p)).transpose()?,
        items: row.items.0,
        powers: row.powers.0,
        until: row.until,
        given_by: row.given_by,
        offered_at: row.offered_at,
        taken_at: row.taken_at,
        used_at: row.used_at,
        ended_at: row.ended_at,
        ended_why: row.ended_why,
    })
}

pub(in crate::identity) fn mandate(c: &mut Conn, keys: &Keys, id: MandateId) -> Result<Mandate> {
    let row = idn_mandate::table.find(id).select(Row::as_select()).first(c)?;
    opened(keys, row)
}

/// What somebody holds, the last taken on first.
pub(in crate::identity) fn of_person(c: &mut Conn, keys: &Keys, person: PersonId) -> Result<Vec<Mandate>> {
    let held = idn_mandate::table
        .filter(idn_mandate::person_id.eq(person))
        .order((idn_mandate::taken_at.desc(), idn_mandate::id.desc()));
    let rows: Vec<Row> = held.select(Row::as_select()).load(c)?;
    rows.into_iter().map(|row| opened(keys, row)).collect()
}

/// What was offered to whoever has this phone.
pub(in crate::identity) fn offered_to(c: &mut Conn, keys: &Keys, phone: &str) -> Result<Vec<Mandate>> {
    let offered = idn_mandate::table
        .filter(idn_mandate::phone_index.eq_any(keys.indexes("phone", phone)))
        .filter(idn_mandate::ended_at.is_null())
        .order(idn_mandate::offered_at.desc());
    let rows: Vec<Row> = offered.select(Row::as_select()).load(c)?;
    rows.into_iter().map(|row| opened(keys, row)).collect()
}

/// All mandates of a principal, the last offered first.
pub(in crate::identity) fn of_principal(c: &mut Conn, keys: &Keys, principal: PrincipalId) -> Result<Vec<Mandate>> {
    let all = idn_mandate::table.filter(idn_mandate::principal_id.eq(principal)).order(idn_mandate::offered_at.desc());
    let rows: Vec<Row> = all.select(Row::as_select()).load(c)?;
    rows.into_iter().map(|row| opened(keys, row)).collect()
}

/// Gives an offer to its person; tells whether it still was one. From now on the phone is not needed.
pub(in crate::identity) fn take(c: &mut Conn, id: MandateId, person: PersonId, now: Ts) -> Result<bool> {
    let open = idn_mandate::table
        .filter(idn_mandate::id.eq(id))
        .filter(idn_mandate::taken_at.is_null())
        .filter(idn_mandate::ended_at.is_null());
    let n = diesel::update(open)
        .set((
            idn_mandate::person_id.eq(person),
            idn_mandate::taken_at.eq(now),
            idn_mandate::phone.eq(None::<Bytes>),
            idn_mandate::phone_index.eq(None::<Bytes>),
        ))
        .execute(c)?;
    Ok(n == 1)
}

/// Ends a mandate, and with it what its holder does in this name at the moment; tells whether it had not ended before.
pub(in crate::identity) fn end(
    c: &mut Conn,
    id: MandateId,
    (why, by): (MandateEnd, Option<Id>),
    now: Ts,
) -> Result<bool> {
    let open = idn_mandate::table.filter(idn_mandate::id.eq(id)).filter(idn_mandate::ended_at.is_null());
    let n = diesel::update(open)
        .set((
            idn_mandate::ended_at.eq(now),
            idn_mandate::ended_why.eq(why),
            idn_mandate::ended_by.eq(by),
            idn_mandate::phone.eq(None::<Bytes>),
            idn_mandate::phone_index.eq(None::<Bytes>),
        ))
        .execute(c)?;
    diesel::update(idn_session::table.filter(idn_session::mandate_id.eq(id)))
        .set(idn_session::mandate_id.eq(None::<MandateId>))
        .execute(c)?;
    Ok(n == 1)
}

/// Notes that something is done by a mandate in force; tells whether it is. Whoever ends it meanwhile waits for this transaction, or this
/// one finds it ended.
pub(in crate::identity) fn use_now(c: &mut Conn, id: MandateId, person: PersonId, now: Ts) -> Result<bool> {
    let in_force = idn_mandate::table
        .filter(idn_mandate::id.eq(id))
        .filter(idn_mandate::person_id.eq(person))
        .filter(idn_mandate::ended_at.is_null())
        .filter(idn_mandate::until.is_null().or(idn_mandate::until.ge(now.day())));
    Ok(diesel::update(in_force).set(idn_mandate::used_at.eq(now)).execute(c)? == 1)
}

/// For whom a session acts from now on.
pub(in crate::identity) fn set_session(
    c: &mut Conn,
    key: &[u8],
    person: PersonId,
    mandate: Option<MandateId>,
) -> Result<()> {
    let own = idn_session::table.filter(idn_session::id.eq(key)).filter(idn_session::person_id.eq(person));
    diesel::update(own).set(idn_session::mandate_id.eq(mandate)).execute(c)?;
    Ok(())
}
