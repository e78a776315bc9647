//! Citizens and the evidence for who they are.

use diesel::prelude::*;

use crate::db::reseal::{IndexOf, Sealed};
use crate::db::schema::{idn_evidence, idn_person};
use crate::db::{Bytes, Conn};
use crate::identity::assurance;
use crate::identity::model::{Evidence, EvidenceId, EvidenceKind, PersonFacts, PersonId, Via};
use crate::kernel::crypto::{self, Keys};
use crate::kernel::{Ctx, Lang, Result, Ts};

const PHONE: &str = "idn_person.phone";
const NAME: &str = "idn_person.name";
const ID_NUMBER: &str = "idn_person.id_number";
const EMAIL: &str = "idn_person.email";
const ADDRESS: &str = "idn_person.address";

const fn sealed(column: &'static str, place: &'static str, index: Option<(&'static str, IndexOf)>) -> Sealed {
    Sealed { table: "idn_person", key: "id", column, place, index }
}

/// The index of a phone; of a closed account, which has none, a random one.
fn of_phone(keys: &Keys, phone: &[u8]) -> Option<Bytes> {
    match std::str::from_utf8(phone).ok()? {
        "" => Some(crypto::random32()[..16].to_vec()),
        phone => Some(phone_index(keys, phone)),
    }
}

pub(in crate::identity) const SEALED: [Sealed; 5] = [
    sealed("phone", PHONE, Some(("phone_index", of_phone))),
    sealed("name", NAME, None),
    sealed(
        "id_number",
        ID_NUMBER,
        Some(("id_number_index", |keys, value| Some(id_number_index(keys, std::str::from_utf8(value).ok()?)))),
    ),
    sealed("email", EMAIL, None),
    sealed("address", ADDRESS, None),
];

/// What a new account begins with.
pub(in crate::identity) struct New<'a> {
    pub id: PersonId,
    pub phone: &'a str,
    pub email: Option<&'a str>,
    pub address: Option<&'a str>,
    pub password_hash: &'a str,
    pub lang: Lang,
}

fn phone_index(keys: &Keys, phone: &str) -> Bytes {
    keys.index("phone", phone)
}

pub(in crate::identity) fn id_number_index(keys: &Keys, number: &str) -> Bytes {
    keys.index("id_number", number)
}

/// Whether this is the index of the number, whichever key it was made with.
pub(in crate::identity) fn is_id_number_index(keys: &Keys, number: &str, index: &[u8]) -> bool {
    keys.indexes("id_number", number).iter().any(|own| own == index)
}

pub(in crate::identity) fn insert(c: &mut Conn, ctx: &Ctx, new: &New<'_>) -> Result<()> {
    let seal = |place: &str, value: Option<&str>| value.map(|v| ctx.keys.seal_text(place, v));
    diesel::insert_into(idn_person::table)
        .values((
            idn_person::id.eq(new.id),
            idn_person::phone.eq(ctx.keys.seal_text(PHONE, new.phone)),
            idn_person::phone_index.eq(phone_index(&ctx.keys, new.phone)),
            idn_person::email.eq(seal(EMAIL, new.email)),
            idn_person::address.eq(seal(ADDRESS, new.address)),
            idn_person::password_hash.eq(new.password_hash),
            idn_person::level.eq(0),
            idn_person::lang.eq(new.lang.tag()),
            idn_person::created_at.eq(ctx.now),
            idn_person::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn find_by_phone(c: &mut Conn, keys: &Keys, phone: &str) -> Result<Option<PersonId>> {
    let found = idn_person::table.filter(idn_person::phone_index.eq_any(keys.indexes("phone", phone)));
    Ok(found.select(idn_person::id).first(c).optional()?)
}

pub(in crate::identity) fn find_by_id_number(c: &mut Conn, keys: &Keys, number: &str) -> Result<Option<PersonId>> {
    let indexes = keys.indexes("id_number", number);
    let found = idn_person::table.filter(idn_person::id_number_index.eq_any(indexes));
    Ok(found.select(idn_person::id).first(c).optional()?)
}

pub(in crate::identity) fn close(c: &mut Conn, ctx: &Ctx, id: PersonId) -> Result<()> {
    let nothing: Option<Bytes> = None;
    diesel::update(idn_person::table.find(id))
        .set((
            idn_person::phone.eq(ctx.keys.seal_text(PHONE, "")),
            // Nobody's: an index has to be there and be the only one of its kind.
            idn_person::phone_index.eq(crypto::random32()[..16].to_vec()),
            idn_person::name.eq(&nothing),
            idn_person::id_number.eq(&nothing),
            idn_person::id_number_index.eq(&nothing),
            idn_person::email.eq(&nothing),
            idn_person::address.eq(&nothing),
            // No hash: no password fits it.
            idn_person::password_hash.eq(""),
            idn_person::level.eq(0),
            idn_person::level_until.eq(None::<Ts>),
            idn_person::closed_at.eq(ctx.now),
            idn_person::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

type Row = (Option<Bytes>, Option<Bytes>, Bytes, Option<Bytes>, Option<Bytes>, i32, Option<Ts>, String);

/// What the account knows, opened; `None` when it is not there or closed.
pub(in crate::identity) fn facts(c: &mut Conn, ctx: &Ctx, id: PersonId) -> Result<Option<PersonFacts>> {
    let keys = &ctx.keys;
    let row: Option<Row> = idn_person::table
        .find(id)
        .filter(idn_person::closed_at.is_null())
        .select((
            idn_person::name,
            idn_person::id_number,
            idn_person::phone,
            idn_person::email,
            idn_person::address,
            idn_person::level,
            idn_person::level_until,
            idn_person::lang,
        ))
        .first(c)
        .optional()?;
    let Some((name, id_number, phone, email, address, level, until, lang)) = row else { return Ok(None) };
    let level = now_level(c, id, (level, until), ctx.now)?;
    let open = |place: &str, sealed: Option<Bytes>| sealed.map(|s| keys.open_text(place, &s)).transpose();
    Ok(Some(PersonFacts {
        name: open(NAME, name)?,
        id_number: open(ID_NUMBER, id_number)?,
        phone: keys.open_text(PHONE, &phone)?,
        email: open(EMAIL, email)?,
        address: open(ADDRESS, address)?,
        level,
        lang: Lang::from_tag(&lang).unwrap_or_default(),
    }))
}

/// The level that is kept, unless what it rests on has ended since: then the one that is left. What is kept is never believed beyond its
/// time, whether or not the work that renews it has come by.
fn now_level(c: &mut Conn, id: PersonId, (level, until): (i32, Option<Ts>), now: Ts) -> Result<i32> {
    match until {
        Some(end) if end <= now => Ok(assurance::level(&evidence(c, id)?, now)),
        _ => Ok(level),
    }
}

pub(in crate::identity) fn level(c: &mut Conn, id: PersonId, now: Ts) -> Result<Option<i32>> {
    let found = idn_person::table.find(id).filter(idn_person::closed_at.is_null());
    let kept: Option<(i32, Option<Ts>)> =
        found.select((idn_person::level, idn_person::level_until)).first(c).optional()?;
    kept.map(|kept| now_level(c, id, kept, now)).transpose()
}

/// Accounts whose kept level has ended.
pub(in crate::identity) fn lapsed(c: &mut Conn, now: Ts, limit: i64) -> Result<Vec<PersonId>> {
    Ok(idn_person::table
        .filter(idn_person::level_until.le(now))
        .select(idn_person::id)
        .order(idn_person::level_until)
        .limit(limit)
        .load(c)?)
}

pub(in crate::identity) fn mail(c: &mut Conn, keys: &Keys, id: PersonId) -> Result<Option<(String, Lang)>> {
    let row: Option<(Option<Bytes>, String)> = idn_person::table
        .find(id)
        .filter(idn_person::closed_at.is_null())
        .select((idn_person::email, idn_person::lang))
        .first(c)
        .optional()?;
    let Some((Some(email), lang)) = row else { return Ok(None) };
    Ok(Some((keys.open_text(EMAIL, &email)?, Lang::from_tag(&lang).unwrap_or_default())))
}

/// Writes the name and number that were verified.
pub(in crate::identity) fn bind(c: &mut Conn, ctx: &Ctx, id: PersonId, name: &str, number: &str) -> Result<()> {
    diesel::update(idn_person::table.find(id))
        .set((
            idn_person::name.eq(ctx.keys.seal_text(NAME, name)),
            idn_person::id_number.eq(ctx.keys.seal_text(ID_NUMBER, number)),
            idn_person::id_number_index.eq(id_number_index(&ctx.keys, number)),
            idn_person::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

/// Keeps a level and when it ends.
pub(in crate::identity) fn set_level(c: &mut Conn, id: PersonId, level: i32, until: Option<Ts>) -> Result<()> {
    diesel::update(idn_person::table.find(id))
        .set((idn_person::level.eq(level), idn_person::level_until.eq(until)))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn insert_evidence(c: &mut Conn, person: PersonId, e: &Evidence) -> Result<()> {
    diesel::insert_into(idn_evidence::table)
        .values((
            idn_evidence::id.eq(e.id),
            idn_evidence::person_id.eq(person),
            idn_evidence::kind.eq(e.kind),
            idn_evidence::issuer.eq(&e.issuer),
            idn_evidence::result.eq(&e.result),
            idn_evidence::reference.eq(&e.reference),
            idn_evidence::via.eq(e.via),
            idn_evidence::at.eq(e.at),
            idn_evidence::expires_at.eq(e.expires_at),
        ))
        .execute(c)?;
    Ok(())
}

type EvidenceRow = (EvidenceId, EvidenceKind, String, String, String, Via, Ts, Option<Ts>);

/// All evidence of a person, the newest first.
pub(in crate::identity) fn evidence(c: &mut Conn, person: PersonId) -> Result<Vec<Evidence>> {
    let rows: Vec<EvidenceRow> = idn_evidence::table
        .filter(idn_evidence::person_id.eq(person))
        .order((idn_evidence::at.desc(), idn_evidence::id.desc()))
        .select((
            idn_evidence::id,
            idn_evidence::kind,
            idn_evidence::issuer,
            idn_evidence::result,
            idn_evidence::reference,
            idn_evidence::via,
            idn_evidence::at,
            idn_evidence::expires_at,
        ))
        .load(c)?;
    let piece = |(id, kind, issuer, result, reference, via, at, expires_at)| Evidence {
        id,
        kind,
        issuer,
        result,
        reference,
        via,
        at,
        expires_at,
    };
    Ok(rows.into_iter().map(piece).collect())
}

/// The password's hash of an account that is not closed.
pub(in crate::identity) fn password_hash(c: &mut Conn, id: PersonId) -> Result<Option<String>> {
    let open = idn_person::table.find(id).filter(idn_person::closed_at.is_null());
    Ok(open.select(idn_person::password_hash).first(c).optional()?)
}

pub(in crate::identity) fn set_password(c: &mut Conn, id: PersonId, hash: &str, now: Ts) -> Result<()> {
    diesel::update(idn_person::table.find(id))
        .set((idn_person::password_hash.eq(hash), idn_person::updated_at.eq(now)))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn set_contact(
    c: &mut Conn,
    ctx: &Ctx,
    id: PersonId,
    phone: &str,
    email: Option<String>,
    address: Option<String>,
    lang: Lang,
) -> Result<()> {
    let seal = |place: &str, value: Option<String>| value.map(|v| ctx.keys.seal_text(place, &v));
    diesel::update(idn_person::table.find(id))
        .set((
            idn_person::phone.eq(ctx.keys.seal_text(PHONE, phone)),
            idn_person::phone_index.eq(phone_index(&ctx.keys, phone)),
            idn_person::email.eq(seal(EMAIL, email)),
            idn_person::address.eq(seal(ADDRESS, address)),
            idn_person::lang.eq(lang.tag()),
            idn_person::updated_at.eq(ctx.now),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends the evidence of one kind that still counts.
pub(in crate::identity) fn end_evidence(c: &mut Conn, person: PersonId, kind: EvidenceKind, now: Ts) -> Result<()> {
    let lasts = idn_evidence::expires_at.is_null().or(idn_evidence::expires_at.gt(now));
    let of_kind = idn_evidence::person_id.eq(person).and(idn_evidence::kind.eq(kind));
    diesel::update(idn_evidence::table.filter(of_kind).filter(lasts))
        .set(idn_evidence::expires_at.eq(now))
        .execute(c)?;
    Ok(())
}
