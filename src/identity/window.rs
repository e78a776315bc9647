//! A clerk's check (窗口核验): somebody came, and the clerk compared them with their card. It raises the level online, too.
//!
//! # Whose account it is
//! That which has the card's number; or that of the case at hand; or, while an account has no number yet, the one whose code the person
//! shows ([`code`]): it changes every ten minutes and stands on their own page alone, so that nobody is bound to an account that is not
//! theirs. A number that an account has is never replaced.
//!
//! A look for a number needs a purpose, and each is recorded, whether it finds somebody or not.

use super::accounts::fault;
use super::assurance::{self, MATCH};
use super::evidence;
use super::model::{Evidence, EvidenceId, EvidenceKind, PersonId, Via};
use super::rules;
use super::store::{claims, people as store};
use super::throttle::{self, Limit};
use crate::audit;
use crate::audit::looks::{self, Look};
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, Id, Result, Ts, mask, numbers};

/// How often a clerk may look for numbers: a busy day at a window, and no list of people.
const LOOKS: Limit = Limit { what: "window-look", tries: 200, window: 86_400 };
/// Wrong codes that a clerk may type.
const CODES: Limit = Limit { what: CODE, tries: 20, window: 3600 };

/// For how long a code is good, in seconds; the one before is taken, too.
const SLOT: i64 = 600;

const LOOK: &str = "person.window-look";

const CODE: &str = "window-code";
const LENGTH: usize = 8;

/// The cards that are read at a window (GA/T 2000.156): the resident ID card, and the one that is given in its place for a time.
pub const CARDS: [&str; 2] = ["111", "112"];

crate::text_enum!(
    /// Why a clerk looks for a number.
    Purpose {
        /// The person asks to have their account verified.
        Account = "account",
        /// A declaration at the window.
        Declare = "declare",
        /// The result is fetched.
        Collect = "collect",
    }
);

impl Purpose {
    fn of_look(self) -> looks::Purpose {
        match self {
            Self::Account => looks::Purpose::Identify,
            Self::Declare => looks::Purpose::Accept,
            Self::Collect => looks::Purpose::HandOut,
        }
    }
}

/// What the clerk saw. Not `Debug`: it must not end in a log.
#[derive(Clone, Default)]
pub struct Card {
    pub name: String,
    pub id_number: String,
    /// One of [`CARDS`].
    pub id_kind: String,
    /// The last day of the card; none when it says 长期.
    pub valid_until: Option<Day>,
    /// Neither a day nor 长期 was said.
    pub is_open: bool,
    /// The person is the one of the photo.
    pub is_same: bool,
}

impl Card {
    /// In its plain form.
    ///
    /// # Errors
    /// The fields that have to be mended.
    fn check(&self, today: Day) -> Result<Card> {
        let mut faults = vec![];
        let name = rules::person_name(&self.name).unwrap_or_else(|| {
            faults.push(fault("name", "name-shape"));
            String::new()
        });
        let id_number = numbers::resident_id(&self.id_number, today).unwrap_or_else(|code| {
            faults.push(fault("id_number", code));
            String::new()
        });
        if !CARDS.contains(&self.id_kind.as_str()) {
            faults.push(fault("id_kind", "not-an-option"));
        }
        match self.valid_until {
            None if self.is_open => faults.push(fault("valid_until", "card-end-missing")),
            Some(day) if day < today => faults.push(fault("valid_until", "card-ended")),
            _ => {}
        }
        if !self.is_same {
            faults.push(fault("same", "card-not-compared"));
        }
        if faults.is_empty() { Ok(Card { name, id_number, ..self.clone() }) } else { Err(Error::fields(faults)) }
    }
}

/// Whose account it is.
#[derive(Clone)]
pub enum Whose {
    /// The one that has the card's number.
    OfNumber(Purpose),
    /// The one of a case that the clerk has in hand.
    OfCase(PersonId),
    /// The one of this phone, whose code the person shows.
    OfCode { phone: String, code: String, purpose: Purpose },
}

/// What a clerk sees of an account: masked.
#[derive(Debug, Clone)]
pub struct Known {
    pub name: Option<String>,
    pub phone: String,
    pub level: i32,
}

/// The account of a number. The look is recorded.
///
/// # Errors
/// Field `id_number`; too many: `too-many-tries`.
pub fn look(c: &mut Conn, ctx: &Ctx, id_number: &str, purpose: Purpose) -> Result<Option<Known>> {
    let (clerk, hall) = ctx.clerk()?;
    let number = numbers::resident_id(id_number, ctx.now.day()).map_err(|code| Error::field("id_number", code))?;
    throttle::take(c, ctx, LOOKS, &clerk.id.to_string())?;
    match store::find_by_id_number(c, &ctx.keys, &number)? {
        Some(person) => {
            let (object, purpose) = (("person", person.0), purpose.of_look());
            looks::record(c, ctx, &Look { action: LOOK, object, part: None, purpose }, Some(person.0))?;
            known(c, ctx, person).map(Some)
        }
        None => {
            let detail = serde_json::json!({ "purpose": purpose.of_look(), "office": hall });
            audit::record_plain(c, ctx, LOOK, "person", detail).map(|()| None)
        }
    }
}

/// The account of a case that the clerk has in hand.
///
/// # Errors
/// Not found, when it is closed.
pub fn known(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Known> {
    ctx.clerk()?;
    let facts = store::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    Ok(Known { name: facts.name.as_deref().map(mask::name), phone: mask::phone(&facts.phone), level: facts.level })
}

/// The acting person's code of this moment, to be shown at a window.
pub fn code(ctx: &Ctx) -> Result<String> {
    Ok(ctx.keys.spoken(CODE, &slot(PersonId(ctx.person()?), ctx.now), LENGTH))
}

/// What the code of this time says, before it is signed.
fn slot(person: PersonId, at: Ts) -> String {
    format!("{person}:{}", at.micros().div_euclid(SLOT * 1_000_000))
}

fn is_code(ctx: &Ctx, person: PersonId, typed: &str) -> bool {
    let plain: String = typed.chars().filter(|ch| ch.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase();
    let is = |at| ctx.keys.is_spoken(CODE, &slot(person, at), &plain);
    plain.len() == LENGTH && is(ctx.now) | is(ctx.now.minus_secs(SLOT))
}

/// Keeps that the acting clerk saw the person with this card. Binds name and number to an account that has none. `issuer` is the
/// office, `case` what the clerk had in hand. Returns the account and its level.
///
/// # Errors
/// The fields that have to be mended: beside those of the card `window-no-account`, `window-code-wrong`, `window-other-number` and
/// `window-other-name` (the account is somebody else's), `window-number-taken` (another account has the number).
pub fn check(
    c: &mut Conn,
    ctx: &Ctx,
    card: &Card,
    whose: &Whose,
    (issuer, case): (&str, Option<Id>),
) -> Result<(PersonId, i32)> {
    let (clerk, hall) = ctx.clerk()?;
    let clerk = clerk.id.to_string();
    let card = card.check(ctx.now.day())?;
    let (person, purpose) = match whose {
        Whose::OfCase(person) => (*person, None),
        Whose::OfNumber(purpose) => {
            let found = store::find_by_id_number(c, &ctx.keys, &card.id_number)?;
            (found.ok_or_else(|| Error::field("id_number", "window-no-account"))?, Some(*purpose))
        }
        Whose::OfCode { phone, code, purpose } => {
            throttle::take(c, ctx, CODES, &clerk)?;
            let phone = numbers::mobile(phone).map_err(|code| Error::field("phone", code))?;
            let found = store::find_by_phone(c, &ctx.keys, &phone)?.filter(|person| is_code(ctx, *person, code));
            let person = found.ok_or_else(|| Error::field("code", "window-code-wrong"))?;
            throttle::give_back(c, ctx, CODES, &clerk)?;
            (person, Some(*purpose))
        }
    };
    bind(c, ctx, person, &card)?;
    let kind = EvidenceKind::WindowCard;
    let piece = Evidence {
        id: EvidenceId::random(),
        kind,
        issuer: issuer.to_owned(),
        result: MATCH.to_owned(),
        reference: Id::random().to_string(),
        via: Via::Window,
        at: ctx.now,
        expires_at: Some(assurance::expiry(kind, ctx.now, card.valid_until.map(Ts::end_of))),
    };
    let level = evidence::add(c, ctx, person, &piece)?;
    let detail = serde_json::json!({
        "kind": kind, "result": MATCH, "level": level, "via": piece.via, "hall": hall, "case": case, "purpose": purpose,
        "card": card.id_kind,
    });
    audit::record(c, ctx, "person.verify", ("person", person.0), detail)?;
    Ok((person, level))
}

/// The account is that of the card, or becomes so.
fn bind(c: &mut Conn, ctx: &Ctx, person: PersonId, card: &Card) -> Result<()> {
    let facts = store::facts(c, ctx, person)?.ok_or_else(Error::not_found)?;
    if facts.id_number.as_ref().is_some_and(|own| *own != card.id_number) {
        return Err(Error::field("id_number", "window-other-number"));
    }
    // A name that was changed is brought by the person's own verification, which asks the register.
    if facts.name.as_ref().is_some_and(|own| *own != card.name) {
        return Err(Error::field("name", "window-other-name"));
    }
    if facts.name.is_some() && facts.id_number.is_some() {
        return Ok(());
    }
    if store::find_by_id_number(c, &ctx.keys, &card.id_number)?.is_some_and(|owner| owner != person) {
        return Err(Error::field("id_number", "window-number-taken"));
    }
    store::bind(c, ctx, person, &card.name, &card.id_number)?;
    // What the verifier was to be asked of them has been answered by the card.
    claims::remove_of(c, person, &[EvidenceKind::NameId, EvidenceKind::NameIdPhone])
}
