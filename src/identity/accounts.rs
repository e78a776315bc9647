//! A citizen's own account: registration, how to reach them, password. Hashes are made before, outside the transaction.

use super::model::PersonId;
use super::sessions::Subject;
use super::store::{claims, links, passkeys, people as store, sessions};
use super::throttle::{self, Limit};
use super::{evidence, mandates, rules};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Lang, Result, numbers};

/// New accounts from one address: many for a hall where people register at the counter, few for a program.
const REGISTRATIONS: Limit = Limit { what: "register-address", tries: 60, window: 3600 };
const PASSWORD_CHECKS: Limit = Limit { what: "password-person", tries: 10, window: 15 * 60 };

/// The terms that a new account agrees to; changes with their text.
pub const TERMS: &str = "2026-11";

const ADDRESS_LENGTH: usize = 200;

/// What somebody types to register.
#[derive(Clone, Default)]
pub struct Registration {
    pub phone: String,
    pub email: String,
    pub password: String,
    pub repeated: String,
    pub has_agreed: bool,
}

/// A registration without faults.
#[derive(Clone)]
pub struct Register {
    pub phone: String,
    pub email: Option<String>,
    pub lang: Lang,
    pub password_hash: String,
}

impl Registration {
    /// Phone and mail address in their plain form.
    ///
    /// # Errors
    /// The fields that have to be mended.
    pub fn check(&self) -> Result<(String, Option<String>)> {
        let mut faults = vec![];
        let phone = numbers::mobile(&self.phone).unwrap_or_else(|code| {
            faults.push(fault("phone", code));
            String::new()
        });
        let email = checked_email(&self.email, &mut faults);
        check_new_password(&self.password, &self.repeated, &[&phone, &self.email], &mut faults);
        if !self.has_agreed {
            faults.push(fault("agree", "agree-required"));
        }
        if faults.is_empty() { Ok((phone, email)) } else { Err(Error::fields(faults)) }
    }
}

pub(super) fn fault(field: &str, code: &'static str) -> FieldError {
    FieldError { field: field.to_owned(), code, value: None }
}

fn checked_email(text: &str, faults: &mut Vec<FieldError>) -> Option<String> {
    if !text.is_empty() && !rules::is_email(text) {
        faults.push(fault("email", "email-shape"));
    }
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn check_new_password(password: &str, repeated: &str, about: &[&str], faults: &mut Vec<FieldError>) {
    if let Some(code) = rules::refused_password(password, about) {
        faults.push(fault("password", code));
    }
    if password != repeated {
        faults.push(fault("repeated", "password-differs"));
    }
}

/// Makes an account. It begins without a name: that comes with the verification.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn register(c: &mut Conn, ctx: &Ctx, cmd: &Register, address: &str) -> Result<Option<PersonId>> {
    throttle::take(c, ctx, REGISTRATIONS, address)?;
    if store::find_by_phone(c, &ctx.keys, &cmd.phone)?.is_some() {
        // No error, which would take the count back: whoever asks which phones are known is counted like everybody.
        return Ok(None);
    }
    let id = PersonId::random();
    let new = store::New {
        id,
        phone: &cmd.phone,
        email: cmd.email.as_deref(),
        address: None,
        password_hash: &cmd.password_hash,
        lang: cmd.lang,
    };
    store::insert(c, ctx, &new)?;
    audit::record(c, ctx, "person.register", ("person", id.0), serde_json::json!({ "terms": TERMS }))?;
    Ok(Some(id))
}

/// How a person can be reached.
#[derive(Clone, Default)]
pub struct Contact {
    pub phone: String,
    pub email: String,
    pub address: String,
}

impl Contact {
    /// # Errors
    /// The fields that have to be mended.
    pub fn check(&self) -> Result<Contact> {
        let mut faults = vec![];
        let phone = numbers::mobile(&self.phone).unwrap_or_else(|code| {
            faults.push(fault("phone", code));
            String::new()
        });
        let email = checked_email(&self.email, &mut faults).unwrap_or_default();
        if self.address.chars().count() > ADDRESS_LENGTH {
            let value = Some(ADDRESS_LENGTH.to_string());
            faults.push(FieldError { field: "address".into(), code: "text-long", value });
        }
        if faults.is_empty() {
            Ok(Contact { phone, email, address: self.address.clone() })
        } else {
            Err(Error::fields(faults))
        }
    }
}

/// What came of a change of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The phone is another, and what vouched for the old one has ended: the person has to be verified again.
    pub is_unverified: bool,
}

/// Changes how the person can be reached. Evidence that rests on the old phone ends with it.
///
/// # Errors
/// Field `phone`, code `phone-known`, when another account has it.
pub fn change_contact(c: &mut Conn, ctx: &Ctx, contact: &Contact, lang: Lang) -> Result<Reached> {
    let id = PersonId(ctx.person()?);
    let before = store::facts(c, ctx, id)?.ok_or_else(Error::not_found)?;
    let is_new_phone = before.phone != contact.phone;
    if is_new_phone && store::find_by_phone(c, &ctx.keys, &contact.phone)?.is_some() {
        return Err(Error::field("phone", "phone-known"));
    }
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    store::set_contact(c, ctx, id, &contact.phone, filled(&contact.email), filled(&contact.address), lang)?;
    let mut level = before.level;
    if is_new_phone {
        level = evidence::end_phone(c, ctx, id)?;
    }
    let detail = serde_json::json!({ "phone": is_new_phone, "level": level });
    audit::record(c, ctx, "person.contact", ("person", id.0), detail)?;
    Ok(Reached { is_unverified: level < before.level })
}

/// Counts a try to show the password again and returns the kept hash, to compare it with.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn begin_password_check(c: &mut Conn, ctx: &Ctx) -> Result<String> {
    let id = ctx.person()?;
    throttle::take(c, ctx, PASSWORD_CHECKS, &id.to_string())?;
    store::password_hash(c, PersonId(id))?.ok_or_else(Error::not_found)
}

/// What keeps this from being the new password: faults of the fields `password` and `repeated`. `about` are things that everybody
/// knows of its owner.
pub fn faults_of_password(password: &str, repeated: &str, about: &[&str]) -> Vec<FieldError> {
    let mut faults = vec![];
    check_new_password(password, repeated, about, &mut faults);
    faults
}

/// Keeps a new password and ends all other sessions of the person.
pub fn change_password(c: &mut Conn, ctx: &Ctx, password_hash: &str, this_session: &[u8]) -> Result<()> {
    let id = PersonId(ctx.person()?);
    store::set_password(c, id, password_hash, ctx.now)?;
    sessions::delete_sessions_of(c, Subject::Person(id), Some(this_session))?;
    throttle::clear(c, ctx, PASSWORD_CHECKS, &id.to_string())?;
    audit::record(c, ctx, "person.password", ("person", id.0), ())
}

/// Closes the acting person's account: nobody comes in with it, and what it knew of them is gone. Its phone and ID number are free for
/// a new one. The evidence stays, as a record of what cases rested on.
pub fn close(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    let id = PersonId(ctx.person()?);
    store::close(c, ctx, id)?;
    claims::remove_all(c, id)?;
    passkeys::remove_all(c, Subject::Person(id))?;
    links::remove(c, id)?;
    mandates::close(c, ctx, id)?;
    audit::record(c, ctx, "person.close", ("person", id.0), ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Registration {
        Registration {
            phone: "138 0013 8000".into(),
            email: String::new(),
            password: "long enough".into(),
            repeated: "long enough".into(),
            has_agreed: true,
        }
    }

    fn faults(r: &Registration) -> Vec<(String, &'static str)> {
        let found = r.check().err();
        found.iter().flat_map(|e| e.field_errors()).map(|f| (f.field.clone(), f.code)).collect()
    }

    #[test]
    fn a_registration_names_all_its_faults_at_once() {
        assert_eq!(filled().check().ok(), Some(("13800138000".into(), None)));
        let bad =
            Registration { phone: "1".into(), email: "x".into(), password: "x".into(), ..Registration::default() };
        let names: Vec<_> = faults(&bad).into_iter().map(|(_, code)| code).collect();
        assert_eq!(names, ["phone-shape", "email-shape", "password-short", "password-differs", "agree-required"]);
        let differs = Registration { repeated: "other".into(), ..filled() };
        assert_eq!(faults(&differs), [("repeated".to_owned(), "password-differs")]);
        let phone = Registration { password: "13800138000".into(), repeated: "13800138000".into(), ..filled() };
        assert_eq!(faults(&phone), [("password".to_owned(), "password-common")]);
    }
}
