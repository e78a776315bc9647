//! Codes by short message (短信验证码): to log in without a password, and to set a new one that was forgotten.
//!
//! # Rules
//! - A code is good for five minutes, five tries, one use, and for the browser that asked for it alone.
//! - A phone without an account gets no message, and its visitor sees just the same pages, as long and as often.
//! - Who sets a new password names the ID number too, when the account knows one: a phone may be in other hands.
//! - Messages to one phone and from one address are limited, so that nobody is flooded and no code is guessed.

use super::model::{How, PersonId};
use super::sessions::{self, Opened, Subject, Visit};
use super::store::{codes as store, people};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Kind, Result, Ts, crypto, numbers};

pub const COOKIE: &str = "cm_code";

/// Seconds for which a code is good, and after which a new one may be asked for.
pub const SECONDS: i64 = 5 * 60;
pub const AGAIN: i64 = 60;
/// Seconds for the choice of a new password after the right code.
const CHOICE: i64 = 10 * 60;
/// Tries with one code.
pub const TRIES: i32 = 5;

/// Beside one a minute to one phone. With the tries of a code they say how often one may guess in a day.
const PER_PHONE: Limit = Limit { what: "code-phone", tries: 6, window: 3600 };
const PER_DAY: Limit = Limit { what: "code-day", tries: 15, window: 86_400 };
/// Many people may share an address.
const PER_ADDRESS: Limit = Limit { what: "code-address", tries: 60, window: 3600 };

crate::text_enum!(
    /// What a code is for.
    Purpose {
        /// To come in.
        Login = "login",
        /// To set a new password.
        Reset = "reset",
    }
);

/// A code that was made. Not `Debug`: it must not end in a log.
pub struct Begun {
    /// For the visitor's cookie; nowhere else.
    pub token: String,
    /// To whom the code goes: nobody, when no account has the phone.
    pub to: Option<To>,
}

/// Not `Debug`: it must not end in a log.
pub struct To {
    pub phone: String,
    pub code: String,
    /// A message that comes later is of no use.
    pub until: Ts,
}

/// Makes a code for whoever has this phone.
///
/// # Errors
/// Field `phone`. Too many: `too-many-tries`.
pub fn begin(c: &mut Conn, ctx: &Ctx, purpose: Purpose, phone: &str, (address, back): (&str, &str)) -> Result<Begun> {
    let phone = numbers::mobile(phone).map_err(|code| Error::field("phone", code))?;
    if store::was_sent(c, &ctx.keys, &phone, ctx.now.minus_secs(AGAIN))? {
        return Err(Error::new(Kind::TooMany, "too-many-tries").with("minutes", 1));
    }
    throttle::take(c, ctx, PER_ADDRESS, address)?;
    throttle::take(c, ctx, PER_DAY, &phone)?;
    throttle::take(c, ctx, PER_PHONE, &phone)?;
    let person = people::find_by_phone(c, &ctx.keys, &phone)?;
    let (token, code, until) = (crypto::random_token(), crypto::random_digits(6), ctx.now.plus_secs(SECONDS));
    let new = store::New {
        id: sessions::key(&token),
        purpose,
        phone: ctx.keys.seal_text(store::PHONE, &phone),
        phone_index: ctx.keys.index("phone", &phone),
        person,
        code: digest(&token, &code),
        back: back.to_owned(),
    };
    store::insert(c, &new, (ctx.now, until))?;
    if let Some(person) = person {
        let detail = serde_json::json!({ "purpose": purpose });
        audit::record(c, ctx, "login.code-sent", ("person", person.0), detail)?;
    }
    Ok(Begun { token, to: person.map(|_| To { phone, code, until }) })
}

/// Bound to the visitor: who reads the table without the cookie learns no code.
fn digest(token: &str, code: &str) -> Vec<u8> {
    crypto::hmac_sha256(token.as_bytes(), code.as_bytes()).to_vec()
}

/// A code that waits. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Waiting {
    pub purpose: Purpose,
    pub phone: String,
    pub back: String,
    /// The right code was typed: a new password is to be chosen.
    pub is_passed: bool,
    /// Seconds until another may be asked for.
    pub again_in: i64,
}

/// What waits for the holder of this token; none when it is over.
pub fn waiting(c: &mut Conn, ctx: &Ctx, token: &str) -> Result<Option<Waiting>> {
    let Some(row) = store::find(c, &sessions::key(token), ctx.now)? else { return Ok(None) };
    Ok(Some(Waiting {
        purpose: row.purpose,
        phone: ctx.keys.open_text(store::PHONE, &row.phone)?,
        back: row.back,
        is_passed: row.passed_at.is_some(),
        again_in: (AGAIN - ctx.now.secs_since(row.sent_at)).max(0),
    }))
}

/// What came of a code that was typed.
#[derive(Debug)]
pub enum Typed {
    In(Opened),
    /// A new password may be chosen.
    Passed,
    Wrong,
    /// It is too late, was tried too often, or there was none.
    Over,
}

/// Takes a code. A wrong one stays counted.
pub fn take(c: &mut Conn, ctx: &Ctx, token: &str, typed: &str, visit: &Visit) -> Result<Typed> {
    let key = sessions::key(token);
    let Some(row) = store::find(c, &key, ctx.now)?.filter(|row| row.passed_at.is_none()) else {
        return Ok(Typed::Over);
    };
    if !store::count_try(c, &key, TRIES)? {
        return Ok(Typed::Over);
    }
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    let is_right = crypto::same(&digest(token, &typed), &row.code);
    let Some(person) = holder(c, ctx, &row)?.filter(|_| is_right) else {
        let object = ("person", row.person.map(|p| p.0));
        audit::refused(c, ctx, "login.code-failed", object, serde_json::json!({ "purpose": row.purpose }))?;
        return Ok(Typed::Wrong);
    };
    match row.purpose {
        Purpose::Reset => store::pass(c, &key, ctx.now, ctx.now.plus_secs(CHOICE)).map(|()| Typed::Passed),
        Purpose::Login => {
            store::remove(c, &key)?;
            audit::record(c, ctx, "login", ("person", person.0), serde_json::json!({ "how": How::Sms }))?;
            sessions::open(c, ctx, Subject::Person(person), How::Sms, visit).map(Typed::In)
        }
    }
}

/// Whose code it is: nobody's, when the account has another phone by now or is closed.
fn holder(c: &mut Conn, ctx: &Ctx, row: &store::Row) -> Result<Option<PersonId>> {
    let phone = ctx.keys.open_text(store::PHONE, &row.phone)?;
    let now = people::find_by_phone(c, &ctx.keys, &phone)?;
    Ok(row.person.filter(|person| now == Some(*person)))
}

/// What came of a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    Done,
    /// The ID number is not the account's.
    Wrong,
    Over,
}

/// Sets the new password of whoever typed the right code, and ends all their sessions. A wrong ID number stays counted.
pub fn reset(c: &mut Conn, ctx: &Ctx, token: &str, id_number: &str, password_hash: &str) -> Result<Reset> {
    let key = sessions::key(token);
    let Some(row) = store::find(c, &key, ctx.now)?.filter(|row| row.passed_at.is_some()) else {
        return Ok(Reset::Over);
    };
    let Some(person) = holder(c, ctx, &row)? else { return Ok(Reset::Over) };
    if !store::count_try(c, &key, 2 * TRIES)? {
        return Ok(Reset::Over);
    }
    let known = people::facts(c, ctx, person)?.and_then(|facts| facts.id_number);
    let typed = id_number.trim().to_ascii_uppercase();
    if known.is_some_and(|number| !crypto::same(number.as_bytes(), typed.as_bytes())) {
        let object = ("person", Some(person.0));
        audit::refused(c, ctx, "login.code-failed", object, serde_json::json!({ "purpose": row.purpose }))?;
        return Ok(Reset::Wrong);
    }
    store::remove(c, &key)?;
    people::set_password(c, person, password_hash, ctx.now)?;
    sessions::close_all(c, Subject::Person(person))?;
    audit::record(c, ctx, "person.password-reset", ("person", person.0), ())?;
    Ok(Reset::Done)
}

/// Deletes what is over; returns how many. For the cleaning task.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    store::purge(c, now)
}
