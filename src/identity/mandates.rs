//! By what somebody acts for another (代理、委托): what they hold, what is offered to them, what they give.
//!
//! # Rules
//! - Whom one acts for is chosen openly, for one's session ([`choose`]); it stands on every page and on every case.
//! - A representative gives mandates to agents: for all items or some, with or without the power to sign and to collect, for three years
//!   at most. The agent takes it on by themself, with their own verified name; nobody becomes one without knowing.
//! - A mandate ends by its last day, by whoever gave it, by whoever holds it, or when the register names somebody else. What an ended one
//!   did stays; from then on it does nothing ([`require`]), also in a session that is open.
//! - An agent's mandate is the organisation's, and outlives the representative who gave it (民法典 61: 法定代表人 acts in its name).

use super::assurance::REGISTERED;
use super::model::{
    Mandate, MandateEnd, MandateId, MandateKind, MandateState, PersonId, Power, Principal, PrincipalId,
};
use super::store::{mandates as store, people};
use super::throttle::{self, Limit};
use super::{accounts, rules, standing};
use crate::audit;
use crate::db::Conn;
use crate::kernel::crypto::Keys;
use crate::kernel::{Acting, Ctx, Day, Error, Id, Kind, Result, numbers};

/// For how many days a mandate is given at most: three years.
pub const LONGEST: i64 = 3 * 366;

/// Agents that a principal may have at once, and offers of one person a day.
const AGENTS: usize = 200;
const OFFERS: Limit = Limit { what: "mandate-offer", tries: 50, window: 86_400 };

/// A mandate with whom it is for.
#[derive(Clone)]
pub struct Held {
    pub mandate: Mandate,
    pub principal: Principal,
}

/// Everything of the acting person: what they hold and held, and what is offered to them.
pub struct Own {
    pub held: Vec<Held>,
    pub offered: Vec<Held>,
}

pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Own> {
    let person = PersonId(ctx.person()?);
    let facts = people::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    let with = |c: &mut Conn, all: Vec<Mandate>| -> Result<Vec<Held>> {
        let one =
            |mandate: Mandate| Ok(Held { principal: store::principal(c, &ctx.keys, mandate.principal)?, mandate });
        all.into_iter().map(one).collect()
    };
    let today = ctx.now.day();
    let held = store::of_person(c, &ctx.keys, person)?;
    let mut offered = store::offered_to(c, &ctx.keys, &facts.phone)?;
    offered.retain(|m| m.state(today) == MandateState::Offered);
    Ok(Own { held: with(c, held)?, offered: with(c, offered)? })
}

/// How many mandates wait for the acting person to take them on.
pub fn count_offered(c: &mut Conn, ctx: &Ctx) -> Result<usize> {
    let facts = people::facts(c, ctx, PersonId(ctx.person()?))?.ok_or_else(Error::not_found)?;
    let offered = store::offered_to(c, &ctx.keys, &facts.phone)?;
    Ok(offered.iter().filter(|m| m.state(ctx.now.day()) == MandateState::Offered).count())
}

/// A mandate that the acting person holds.
///
/// # Errors
/// Not found, when it is somebody else's.
pub fn held(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Held> {
    let mandate = store::mandate(c, &ctx.keys, id)?;
    if mandate.person != Some(PersonId(ctx.person()?)) {
        return Err(Error::not_found());
    }
    Ok(Held { principal: store::principal(c, &ctx.keys, mandate.principal)?, mandate })
}

/// The mandate by which something was done, and for whom: for those who have found the case that names it.
pub fn named(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Held> {
    let mandate = store::mandate(c, &ctx.keys, id)?;
    Ok(Held { principal: store::principal(c, &ctx.keys, mandate.principal)?, mandate })
}

/// For whom a session acts: none when its mandate is not in force any more. Asked at every request of who acts for another.
pub(super) fn acting(
    c: &mut Conn,
    keys: &Keys,
    id: MandateId,
    person: PersonId,
    today: Day,
) -> Result<Option<(Acting, String)>> {
    let mandate = store::mandate(c, keys, id)?;
    if mandate.person != Some(person) || !mandate.is_in_force(today) {
        return Ok(None);
    }
    let principal = store::principal(c, keys, mandate.principal)?;
    let acting = Acting { mandate: id.0, principal: mandate.principal.0, items: mandate.items };
    Ok(Some((acting, principal.name)))
}

/// From now on the session acts for whom this mandate is for; for the person themself, when there is none.
///
/// # Errors
/// Not found for another's; conflict `mandate-ended`.
pub fn choose(c: &mut Conn, ctx: &Ctx, session: &[u8], id: Option<MandateId>) -> Result<()> {
    let person = PersonId(ctx.person()?);
    if let Some(id) = id {
        let held = held(c, ctx, id)?;
        if !held.mandate.is_in_force(ctx.now.day()) {
            return Err(Error::conflict("mandate-ended"));
        }
        audit::record(c, ctx, "mandate.choose", ("mandate", id.0), ())?;
    }
    store::set_session(c, session, person, id)
}

/// Lets the acting person do this for whom they act for; who acts for themself may. Within the transaction of what is done: who takes the
/// mandate back meanwhile comes before it or after it.
///
/// # Errors
/// Forbidden: `mandate-ended`, `mandate-item` (another item), `mandate-power` (it does not reach so far).
pub fn require(c: &mut Conn, ctx: &Ctx, item: Id, power: Option<Power>) -> Result<()> {
    let Some(acting) = &ctx.acting else { return Ok(()) };
    let (id, refused) = (MandateId(acting.mandate), |code| Error::new(Kind::Forbidden, code));
    if !store::use_now(c, id, PersonId(ctx.person()?), ctx.now)? {
        return Err(refused("mandate-ended"));
    }
    let mandate = store::mandate(c, &ctx.keys, id)?;
    if !mandate.covers(item) {
        return Err(refused("mandate-item"));
    }
    if power.is_some_and(|power| !mandate.has(power)) { Err(refused("mandate-power")) } else { Ok(()) }
}

/// As [`require`], for who only reads: it notes nothing.
pub fn may(c: &mut Conn, ctx: &Ctx, item: Id, power: Power) -> Result<()> {
    let Some(acting) = &ctx.acting else { return Ok(()) };
    let mandate = store::mandate(c, &ctx.keys, MandateId(acting.mandate))?;
    let refused = |code| Err(Error::new(Kind::Forbidden, code));
    match () {
        () if !mandate.is_in_force(ctx.now.day()) => refused("mandate-ended"),
        () if !mandate.covers(item) => refused("mandate-item"),
        () if !mandate.has(power) => refused("mandate-power"),
        () => Ok(()),
    }
}

/// The principal that the acting citizen acts for.
pub fn principal(c: &mut Conn, ctx: &Ctx) -> Result<Option<Principal>> {
    ctx.person()?;
    let Some(acting) = &ctx.acting else { return Ok(None) };
    store::principal(c, &ctx.keys, PrincipalId(acting.principal)).map(Some)
}

/// What a representative says of an agent.
#[derive(Clone, Default)]
pub struct Offer {
    pub name: String,
    pub phone: String,
    /// All, when there are none.
    pub items: Vec<Id>,
    pub powers: Vec<Power>,
    pub until: Option<Day>,
}

/// The mandate by which the acting person manages its principal.
///
/// # Errors
/// Not found, unless they are its representative, in force.
pub fn managed(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Held> {
    let held = held(c, ctx, id)?;
    let is_theirs = held.mandate.kind == MandateKind::Representative && held.mandate.is_in_force(ctx.now.day());
    if is_theirs { Ok(held) } else { Err(Error::not_found()) }
}

/// All agents of the principal that the acting person represents, those that are in force first.
pub fn agents(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Vec<Mandate>> {
    let managed = managed(c, ctx, id)?;
    let mut all = store::of_principal(c, &ctx.keys, managed.mandate.principal)?;
    all.retain(|m| m.kind == MandateKind::Agent);
    all.sort_by_key(|m| matches!(m.state(ctx.now.day()), MandateState::Ended | MandateState::Lapsed));
    Ok(all)
}

/// Offers a mandate to whoever has this phone and this name. It does not tell whether anybody has.
///
/// # Errors
/// The fields that have to be mended: `name`, `phone`, `until` (`required`, `mandate-long`, `day-past`); conflict `mandate-many`.
/// Too many: `too-many-tries`.
pub fn offer(c: &mut Conn, ctx: &Ctx, by: MandateId, offer: &Offer) -> Result<MandateId> {
    let managed = managed(c, ctx, by)?;
    let today = ctx.now.day();
    let mut faults = vec![];
    let name = rules::person_name(&offer.name);
    if name.is_none() {
        faults.push(accounts::fault("name", "name-shape"));
    }
    let phone = numbers::mobile(&offer.phone).map_err(|code| faults.push(accounts::fault("phone", code)));
    match offer.until {
        None => faults.push(accounts::fault("until", "required")),
        Some(day) if day < today => faults.push(accounts::fault("until", "day-past")),
        Some(day) if (day - today).num_days() > LONGEST => faults.push(accounts::fault("until", "mandate-long")),
        Some(_) => {}
    }
    let (Some(name), Ok(phone), true) = (name, phone, faults.is_empty()) else { return Err(Error::fields(faults)) };
    throttle::take(c, ctx, OFFERS, &ctx.person()?.to_string())?;
    let there = agents(c, ctx, by)?;
    let is_alive = |m: &&Mandate| matches!(m.state(today), MandateState::Offered | MandateState::InForce);
    if there.iter().filter(is_alive).count() >= AGENTS {
        return Err(Error::conflict("mandate-many").with("count", AGENTS as i64));
    }
    let mandate = Mandate {
        id: MandateId::random(),
        principal: managed.mandate.principal,
        kind: MandateKind::Agent,
        person: None,
        name,
        phone: Some(phone),
        items: offer.items.clone(),
        powers: offer.powers.clone(),
        until: offer.until,
        given_by: Some(by),
        offered_at: ctx.now,
        taken_at: None,
        used_at: None,
        ended_at: None,
        ended_why: None,
    };
    store::insert(c, ctx, &mandate, None)?;
    let detail =
        serde_json::json!({ "items": mandate.items, "powers": mandate.powers, "until": mandate.until, "by": by });
    audit::record(c, ctx, "mandate.offer", ("mandate", mandate.id.0), detail)?;
    Ok(mandate.id)
}

/// An offer that the acting person may take on or decline.
fn offered(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Held> {
    let own = of_self(c, ctx)?;
    own.offered.into_iter().find(|held| held.mandate.id == id).ok_or_else(Error::not_found)
}

/// The acting person takes an offer on. What they held for the same principal as an agent ends with it.
///
/// # Errors
/// Not found for another's; forbidden `level-too-low` for who is not registered with their own name; conflict `mandate-other-name`: it
/// was offered to somebody who is called otherwise.
pub fn take(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<()> {
    let person = PersonId(ctx.person()?);
    let found = offered(c, ctx, id)?;
    let standing = standing::of_self(c, ctx)?;
    if standing.level() < REGISTERED {
        return Err(Error::new(Kind::Forbidden, "level-too-low"));
    }
    if standing.facts.name.as_ref() != Some(&found.mandate.name) {
        return Err(Error::conflict("mandate-other-name"));
    }
    for old in store::of_person(c, &ctx.keys, person)? {
        if old.principal == found.mandate.principal && old.kind == MandateKind::Agent && old.ended_at.is_none() {
            store::end(c, old.id, (MandateEnd::Replaced, Some(person.0)), ctx.now)?;
        }
    }
    if !store::take(c, id, person, ctx.now)? {
        return Err(Error::conflict("mandate-ended"));
    }
    audit::record(c, ctx, "mandate.take", ("mandate", id.0), ())
}

/// A mandate that the acting person may end, and as what.
pub struct Endable {
    pub held: Held,
    pub how: MandateEnd,
    /// The mandate of the representative who takes it back.
    pub managed_by: Option<MandateId>,
}

/// What the acting person may end: what is offered to them, what they hold, what their principal gave.
///
/// # Errors
/// Not found for another's; conflict `mandate-ended`.
pub fn endable(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Endable> {
    let person = PersonId(ctx.person()?);
    let mandate = store::mandate(c, &ctx.keys, id)?;
    let managed_by = match mandate.kind {
        MandateKind::Agent => represents(c, ctx, person, mandate.principal)?,
        _ => None,
    };
    let how = if mandate.person == Some(person) {
        MandateEnd::Left
    } else if managed_by.is_some() {
        MandateEnd::Revoked
    } else {
        offered(c, ctx, id)?;
        MandateEnd::Declined
    };
    if mandate.ended_at.is_some() {
        return Err(Error::conflict("mandate-ended"));
    }
    let principal = store::principal(c, &ctx.keys, mandate.principal)?;
    Ok(Endable { held: Held { mandate, principal }, how, managed_by })
}

/// All mandates of the principal of one that the acting person may end.
pub fn of_principal(c: &mut Conn, ctx: &Ctx, of: &Endable) -> Result<Vec<Mandate>> {
    store::of_principal(c, &ctx.keys, of.held.mandate.principal)
}

/// Ends it.
///
/// # Errors
/// Conflict `mandate-ended` when somebody was quicker.
pub fn end(c: &mut Conn, ctx: &Ctx, of: &Endable) -> Result<()> {
    let id = of.held.mandate.id;
    if !store::end(c, id, (of.how, Some(ctx.person()?)), ctx.now)? {
        return Err(Error::conflict("mandate-ended"));
    }
    audit::record(c, ctx, "mandate.end", ("mandate", id.0), serde_json::json!({ "why": of.how }))
}

/// The mandate by which a person represents a principal.
fn represents(c: &mut Conn, ctx: &Ctx, person: PersonId, principal: PrincipalId) -> Result<Option<MandateId>> {
    let today = ctx.now.day();
    let mut held = store::of_person(c, &ctx.keys, person)?.into_iter().filter(|m| m.principal == principal);
    Ok(held.find(|m| m.kind == MandateKind::Representative && m.is_in_force(today)).map(|m| m.id))
}

/// The account is closed: what it held ends.
pub(super) fn close(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<()> {
    for held in store::of_person(c, &ctx.keys, person)? {
        if held.ended_at.is_none() {
            store::end(c, held.id, (MandateEnd::Closed, Some(person.0)), ctx.now)?;
        }
    }
    Ok(())
}

/// The legal person of a declaration at a window, and the agent who came, when they hold a mandate.
pub struct AtWindow {
    pub principal: PrincipalId,
    pub by: Option<(PersonId, MandateId)>,
}

/// Whose a declaration of an item at a window is that was made for a legal person: none, when nobody ever acted for it here. For clerks.
pub fn at_window(c: &mut Conn, ctx: &Ctx, (uscc, agent): (&str, &str), item: Id) -> Result<Option<AtWindow>> {
    ctx.clerk()?;
    let Some(principal) = store::find_by_number(c, &ctx.keys, uscc)? else { return Ok(None) };
    let Some(person) = people::find_by_id_number(c, &ctx.keys, agent)? else {
        return Ok(Some(AtWindow { principal, by: None }));
    };
    let today = ctx.now.day();
    let mut held = store::of_person(c, &ctx.keys, person)?.into_iter();
    let by = held.find(|m| m.principal == principal && m.is_in_force(today) && m.covers(item) && m.has(Power::Sign));
    Ok(Some(AtWindow { principal, by: by.map(|m| (person, m.id)) }))
}

/// Who is told of a principal's case of this item: who declared it, as long as they may see it; then whoever acts for the principal by
/// right.
pub fn told(
    c: &mut Conn,
    ctx: &Ctx,
    principal: PrincipalId,
    (declarer, item): (PersonId, Id),
) -> Result<Option<PersonId>> {
    let today = ctx.now.day();
    let mut all = store::of_principal(c, &ctx.keys, principal)?;
    all.retain(|m| m.is_in_force(today));
    if all.iter().any(|m| m.person == Some(declarer) && m.covers(item)) {
        return Ok(Some(declarer));
    }
    Ok(all.into_iter().find(|m| m.kind != MandateKind::Agent).and_then(|m| m.person))
}
