//! Coming in by a provider of identities (统一身份认证, [`crate::outside::oidc`]): which account there is whose account here.
//!
//! # Rules
//! - Who is sent there comes back with the state that this browser was given, once, within ten minutes.
//! - An account there that is linked opens the account here. One that is not, but of somebody with the same verified name and ID number,
//!   is linked to it by itself: the law gives everybody one number. Nobody is found by a phone alone.
//! - Who has no account here makes one with what the provider said, which counts as evidence for name and number.
//! - Who is in may link an account there, after the platform has shown whose it is: not one of another number.
//! - What the provider said waits sealed while its person answers.
//!
//! Tables: `idn_link`, `idn_away`.

use super::accounts;
use super::assurance::{self, MATCH};
use super::model::{EvidenceKind, How, PersonId, Via};
use super::sessions::{self, Opened, Subject, Visit};
use super::store::{links as store, people};
use super::throttle::{self, Limit};
use super::verification::{self, Claim, Concluded, Said};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result, Ts, crypto, numbers};
use crate::outside::oidc::{Sent, Told};

pub const COOKIE: &str = "cm_away";

/// Seconds for the login at the provider, and for each answer afterwards.
pub const SECONDS: i64 = 10 * 60;

/// Many people may share an address.
const PER_ADDRESS: Limit = Limit { what: "province-address", tries: 120, window: 15 * 60 };

/// Counts somebody who wants to be sent there.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn count(c: &mut Conn, ctx: &Ctx, address: &str) -> Result<()> {
    throttle::take(c, ctx, PER_ADDRESS, address)
}

/// Keeps that a visitor is sent to the provider; the token is for their cookie. `links`: who is in wants to link, and does not log in.
pub fn begin(c: &mut Conn, ctx: &Ctx, sent: &Sent, links: bool, back: &str) -> Result<String> {
    let token = crypto::random_token();
    let person = if links { Some(PersonId(ctx.person()?)) } else { None };
    let (nonce, verifier) = (sent.nonce.clone(), sent.verifier.clone());
    let away = store::Away { person, nonce, verifier, back: back.to_owned(), told: None };
    store::begin(c, &sessions::key(&token), &sent.state, &away, ctx.now.plus_secs(SECONDS))?;
    Ok(token)
}

/// Somebody who came back. Not `Debug`.
#[derive(Clone)]
pub struct Returned {
    pub nonce: String,
    pub verifier: String,
    pub back: String,
    /// They want to link.
    pub links: bool,
}

/// Who came back with this state; none for a stranger's, an old one, and one that was brought before.
pub fn returned(c: &mut Conn, ctx: &Ctx, token: &str, state: &str) -> Result<Option<Returned>> {
    let key = sessions::key(token);
    let Some(away) = store::away(c, &key, ctx.now)? else { return Ok(None) };
    if !store::take_state(c, &key, state, ctx.now)? {
        return Ok(None);
    }
    Ok(Some(Returned { nonce: away.nonce, verifier: away.verifier, back: away.back, links: away.person.is_some() }))
}

/// What came of it.
#[derive(Debug)]
pub enum Arrived {
    In(Opened),
    /// They are to say more: make an account, or confirm the link.
    Ask,
    /// Why not: the code of an error.
    Refused(&'static str),
}

/// As the provider calls somebody, with its own name.
fn subject(told: &Told) -> String {
    format!("{}\n{}", told.issuer, told.subject)
}

/// Name and number that can be believed; none where the provider says no number.
fn real(told: &Told, now: Ts) -> std::result::Result<Option<(String, String)>, &'static str> {
    let (Some(name), Some(number)) = (&told.name, &told.number) else { return Ok(None) };
    let name = super::rules::person_name(name).ok_or("province-refused")?;
    let number = numbers::resident_id(number, now.day()).map_err(|_| "province-refused")?;
    Ok(Some((name, number)))
}

/// Lets in whom the provider has named, or keeps what it said until they have answered.
pub fn arrive(c: &mut Conn, ctx: &Ctx, token: &str, told: &Told, worth: &Worth, visit: &Visit) -> Result<Arrived> {
    let key = sessions::key(token);
    let Some(away) = store::away(c, &key, ctx.now)? else { return Ok(Arrived::Refused("province-over")) };
    let real = match real(told, ctx.now) {
        Ok(real) => real,
        Err(code) => return Ok(Arrived::Refused(code)),
    };
    if away.person.is_none() {
        if let Some(person) = known(c, ctx, told, real.as_ref())? {
            store::end(c, &key)?;
            return enter(c, ctx, person, (told, real.as_ref()), worth, visit);
        }
        if real.is_none() {
            return Ok(Arrived::Refused("province-nameless"));
        }
    }
    let kept = ctx.keys.seal(store::TOLD, &serde_json::to_vec(told)?);
    store::keep(c, &key, &kept, ctx.now.plus_secs(SECONDS))?;
    Ok(Arrived::Ask)
}

/// Whose account it is.
fn known(c: &mut Conn, ctx: &Ctx, told: &Told, real: Option<&(String, String)>) -> Result<Option<PersonId>> {
    if let Some(person) = store::find(c, &ctx.keys, &subject(told))? {
        return Ok(Some(person));
    }
    match real {
        Some((_, number)) => people::find_by_id_number(c, &ctx.keys, number),
        None => Ok(None),
    }
}

/// What the provider's word is worth, and under which name it stands in the evidence.
#[derive(Debug, Clone)]
pub struct Worth {
    pub issuer: String,
    pub kind: EvidenceKind,
}

type Heard<'a> = (&'a Told, Option<&'a (String, String)>);

fn enter(
    c: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
    (told, real): Heard<'_>,
    worth: &Worth,
    visit: &Visit,
) -> Result<Arrived> {
    let Some(facts) = people::facts(c, ctx, person)? else { return Ok(Arrived::Refused("province-differs")) };
    let same = |(name, number): &(String, String)| {
        facts.id_number.as_ref().is_none_or(|own| own == number) && facts.name.as_ref().is_none_or(|own| own == name)
    };
    if !real.is_none_or(same) {
        audit::refused(c, ctx, "login.province-differs", ("person", Some(person.0)), ())?;
        return Ok(Arrived::Refused("province-differs"));
    }
    if !store::used(c, &ctx.keys, &subject(told), ctx.now)? {
        add(c, ctx, person, told)?;
    }
    if let Some(real) = real {
        vouch(c, ctx, person, real, told, worth)?;
    }
    audit::record(c, ctx, "login", ("person", person.0), serde_json::json!({ "how": How::Province }))?;
    sessions::open(c, ctx, Subject::Person(person), How::Province, visit).map(Arrived::In)
}

/// An account here has one there: a newer takes the place of an older.
fn add(c: &mut Conn, ctx: &Ctx, person: PersonId, told: &Told) -> Result<()> {
    store::remove(c, person)?;
    store::insert(c, &ctx.keys, person, &subject(told), ctx.now)?;
    audit::record(c, ctx, "link.add", ("person", person.0), ())
}

/// Keeps the provider's word for name and number as evidence, where nothing like it counts. Tells whether it could be bound.
fn vouch(
    c: &mut Conn,
    ctx: &Ctx,
    person: PersonId,
    (name, id_number): &(String, String),
    told: &Told,
    worth: &Worth,
) -> Result<bool> {
    let facts = people::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    let has_phone = told.phone.as_deref().and_then(|p| numbers::mobile(p).ok()).is_some_and(|p| p == facts.phone);
    let kind = if has_phone { worth.kind } else { EvidenceKind::NameId };
    let kinds = assurance::kinds(&people::evidence(c, person)?, ctx.now);
    let is_there =
        kinds.contains(&kind) || (kind == EvidenceKind::NameId && kinds.contains(&EvidenceKind::NameIdPhone));
    if is_there {
        return Ok(true);
    }
    let claim =
        Claim { kind, name: name.clone(), id_number: id_number.clone(), phone: facts.phone, number: String::new() };
    let said = Said { result: MATCH, issuer: worth.issuer.clone(), reference: String::new() };
    let came = verification::keep(c, ctx, person, &claim, &said, Via::Province)?;
    Ok(matches!(came, Concluded::Verified { .. }))
}

/// What waits for an answer of the holder of this token. Not `Debug`.
#[derive(Clone)]
pub struct Asked {
    pub name: Option<String>,
    pub number: Option<String>,
    pub phone: Option<String>,
    pub back: String,
    pub links: bool,
}

fn kept(c: &mut Conn, ctx: &Ctx, token: &str) -> Result<Option<(store::Away, Told)>> {
    let Some(away) = store::away(c, &sessions::key(token), ctx.now)? else { return Ok(None) };
    let Some(sealed) = &away.told else { return Ok(None) };
    let told = serde_json::from_slice(&ctx.keys.open(store::TOLD, sealed)?)?;
    Ok(Some((away, told)))
}

/// What is asked; nothing when it is over.
pub fn asked(c: &mut Conn, ctx: &Ctx, token: &str) -> Result<Option<Asked>> {
    let Some((away, told)) = kept(c, ctx, token)? else { return Ok(None) };
    let (links, back) = (away.person.is_some(), away.back);
    Ok(Some(Asked { name: told.name, number: told.number, phone: told.phone, back, links }))
}

/// What came of a new account.
#[derive(Debug)]
pub enum Registered {
    In(Opened, String),
    Over,
    /// Another account has the phone.
    PhoneKnown,
}

/// Makes an account of what the provider said, without a password, and lets its person in. `phone` is what they typed.
///
/// # Errors
/// The fields `phone` and `agree`; too many: `too-many-tries`.
pub fn register(
    c: &mut Conn,
    ctx: &Ctx,
    token: &str,
    (phone, has_agreed): (&str, bool),
    worth: &Worth,
    visit: &Visit,
) -> Result<Registered> {
    let mut faults = vec![];
    let phone = numbers::mobile(phone).map_err(|code| faults.push(accounts::fault("phone", code))).unwrap_or_default();
    if !has_agreed {
        faults.push(accounts::fault("agree", "agree-required"));
    }
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let Some((away, told)) = kept(c, ctx, token)?.filter(|(away, _)| away.person.is_none()) else {
        return Ok(Registered::Over);
    };
    let Ok(Some(real)) = real(&told, ctx.now) else { return Ok(Registered::Over) };
    // Somebody made one by another window meanwhile: they come in by it, the next time.
    if known(c, ctx, &told, Some(&real))?.is_some() {
        return Ok(Registered::Over);
    }
    let new = accounts::Register { phone, email: None, lang: ctx.lang, password_hash: String::new() };
    let Some(person) = accounts::register(c, ctx, &new, &visit.address)? else { return Ok(Registered::PhoneKnown) };
    // Of two forms at the same time, one makes it.
    if !store::end(c, &sessions::key(token))? {
        return Err(Error::conflict("try-again"));
    }
    match enter(c, ctx, person, (&told, Some(&real)), worth, visit)? {
        Arrived::In(opened) => Ok(Registered::In(opened, away.back)),
        Arrived::Ask | Arrived::Refused(_) => Err(Error::conflict("try-again")),
    }
}

/// Links what waits to one's own account. `Err` is the code of what keeps it.
pub fn link(c: &mut Conn, ctx: &Ctx, token: &str, worth: &Worth) -> Result<std::result::Result<(), &'static str>> {
    let own = PersonId(ctx.person()?);
    let Some((_, told)) = kept(c, ctx, token)?.filter(|(away, _)| away.person == Some(own)) else {
        return Ok(Err("province-over"));
    };
    if !store::end(c, &sessions::key(token))? {
        return Ok(Err("province-over"));
    }
    if store::find(c, &ctx.keys, &subject(&told))?.is_some_and(|person| person != own) {
        return Ok(Err("province-taken"));
    }
    let real = match real(&told, ctx.now) {
        Ok(real) => real,
        Err(code) => return Ok(Err(code)),
    };
    if let Some((name, number)) = &real {
        let facts = people::facts(c, ctx, own)?.ok_or_else(Error::not_found)?;
        let is_other = facts.id_number.is_some_and(|n| n != *number) || facts.name.is_some_and(|n| n != *name);
        if is_other {
            return Ok(Err("province-differs"));
        }
        if !vouch(c, ctx, own, &(name.clone(), number.clone()), &told, worth)? {
            return Ok(Err("province-taken"));
        }
    }
    add(c, ctx, own, &told)?;
    Ok(Ok(()))
}

/// Takes one's own link away. Nobody comes in by it from then on, until it is linked anew.
pub fn unlink(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    let own = PersonId(ctx.person()?);
    if store::remove(c, own)? {
        audit::record(c, ctx, "link.remove", ("person", own.0), ())?;
    }
    Ok(())
}

/// Since when one's own account is linked, and when it was last used.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Option<(Ts, Ts)>> {
    store::of(c, PersonId(ctx.person()?))
}

/// Deletes what is over; returns how many. For the cleaning task.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    store::purge(c, now)
}
