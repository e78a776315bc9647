//! Passkeys (通行密钥, W3C Web Authentication): a device of one's own holds a key and shows it after it has recognised its owner by
//! finger, face or PIN. That is two kinds of proof in one, so that a login by passkey asks for nothing else.
//!
//! # Rules
//! - A passkey belongs to one account. Who adds one proves who they are again, first.
//! - What a device is asked to sign waits in the database, for five minutes, one answer, and the browser that asked.
//! - The device has to find the account by itself (a discoverable credential): nobody types a name, and nobody learns who has one.
//! - A passkey whose counter did not go on may be a copy: it lets nobody in.
//! - What takes a member's factors away takes their passkeys; closing an account, too.
//!
//! Tables: `idn_passkey`, `idn_ceremony`.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::logins::Door;
use super::model::{How, Passkey, PasskeyId};
use super::sessions::{self, Opened, Subject, Visit};
use super::store::{passkeys as store, people, staff};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Result, Ts, crypto, mask};

pub const COOKIE: &str = "cm_passkey";

/// Seconds for which a device may take its time.
pub const SECONDS: i64 = 5 * 60;
/// Of one account.
pub const MOST: usize = 10;
/// Characters of a passkey's name.
pub const NAME_LENGTH: usize = 30;

/// Many people may share an address.
const PER_ADDRESS: Limit = Limit { what: "passkey-address", tries: 120, window: 15 * 60 };

crate::text_enum!(
    /// What a device is asked for.
    Purpose { Add = "add", Login = "login" }
);

/// The platform, as devices know it: by the host name that people reach it at. Cheap to copy.
#[derive(Clone)]
pub struct Party(Option<Arc<Webauthn>>, String);

impl Party {
    /// By the platform's own address. Passkeys are for names: where it is a bare number, there are none, but for this machine's own.
    /// `name` is what devices show.
    pub fn of(public_url: &str, name: &str) -> Self {
        let Some((origin, id)) = Url::parse(public_url).ok().and_then(named) else { return Self(None, String::new()) };
        let built = WebauthnBuilder::new(&id, &origin).map(|b| b.rp_name(name));
        Self(built.and_then(WebauthnBuilder::build).ok().map(Arc::new), id)
    }

    pub fn is_off(&self) -> bool {
        self.0.is_none()
    }

    /// The host name that passkeys are bound to.
    pub fn id(&self) -> &str {
        &self.1
    }

    fn get(&self) -> Result<&Webauthn> {
        self.0.as_deref().ok_or_else(Error::not_found)
    }
}

/// The origin, and the name in it.
fn named(mut url: Url) -> Option<(Url, String)> {
    if matches!(url.host_str()?, "127.0.0.1" | "[::1]") {
        url.set_host(Some("localhost")).ok()?;
    }
    let id = url.domain()?.to_owned();
    Some((url, id))
}

/// A ceremony that was begun. Not `Debug`: it must not end in a log.
pub struct Begun {
    /// For the visitor's cookie; nowhere else.
    pub token: String,
    /// What the browser's script is told (JSON of `PublicKeyCredentialCreationOptions` or `…RequestOptions`).
    pub options: String,
}

fn begun(c: &mut Conn, ctx: &Ctx, ceremony: &store::Ceremony, options: &impl Serialize) -> Result<Begun> {
    let token = crypto::random_token();
    store::begin(c, &sessions::key(&token), ceremony, ctx.now.plus_secs(SECONDS))?;
    Ok(Begun { token, options: serde_json::to_string(options)? })
}

/// One's own, the first made first.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Passkey>> {
    Ok(store::of(c, Subject::acting(ctx)?)?.into_iter().map(|(passkey, _)| passkey).collect())
}

/// Begins to add one to one's own account. Whoever asks has just proven again who they are.
///
/// # Errors
/// Field `name`: `passkey-name-missing`, `text-long`. Conflict `passkeys-full`.
pub fn begin_add(c: &mut Conn, ctx: &Ctx, party: &Party, name: &str) -> Result<Begun> {
    let own = Subject::acting(ctx)?;
    check_name(name)?;
    let known = store::of(c, own)?;
    if known.len() >= MOST {
        return Err(Error::conflict("passkeys-full"));
    }
    let called = called(c, ctx, own)?;
    let known = known.into_iter().map(|(_, id)| id).collect();
    let handle = own.object().1.0;
    let started = party.get()?.start_passkey_registration(handle, &called, &called, Some(known));
    let (mut options, state) = started.map_err(Error::internal)?;
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.resident_key = Some(ResidentKeyRequirement::Required);
        wanted.require_resident_key = true;
    }
    let state = serde_json::to_string(&state)?;
    let ceremony = store::Ceremony { purpose: Purpose::Add, subject: Some(own), state, name: name.to_owned() };
    begun(c, ctx, &ceremony, &options.public_key)
}

/// # Errors
/// Field `name`.
pub fn check_name(name: &str) -> Result<()> {
    match name.chars().count() {
        0 => Err(Error::field("name", "passkey-name-missing")),
        n if n > NAME_LENGTH => Err(Error::fields(vec![FieldError {
            field: "name".into(),
            code: "text-long",
            value: Some(NAME_LENGTH.to_string()),
        }])),
        _ => Ok(()),
    }
}

/// As the device's own list calls the account: by the phone, with its middle left out, or the login.
fn called(c: &mut Conn, ctx: &Ctx, own: Subject) -> Result<String> {
    match own {
        Subject::Person(id) => {
            let facts = people::facts(c, ctx, id)?.ok_or_else(Error::not_found)?;
            Ok(mask::phone(&facts.phone))
        }
        Subject::Staff(id) => Ok(staff::find(c, id)?.ok_or_else(Error::not_found)?.login),
    }
}

/// What came of a passkey that a device made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Done,
    /// Nothing waits any more.
    Over,
    /// It is no answer to what was asked.
    Refused,
    Known,
    Full,
}

/// Adds the passkey that a device has made. `answer` is what the browser's script sends; whatever it is, another takes a new beginning.
pub fn add(c: &mut Conn, ctx: &Ctx, party: &Party, token: &str, answer: &str) -> Result<Added> {
    let own = Subject::acting(ctx)?;
    let ceremony = store::take(c, &sessions::key(token), Purpose::Add, ctx.now)?;
    let Some(ceremony) = ceremony.filter(|held| held.subject == Some(own)) else { return Ok(Added::Over) };
    let state: PasskeyRegistration = kept(&ceremony.state)?;
    let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else { return Ok(Added::Refused) };
    let made = party.get()?.finish_passkey_registration(&answer, &state);
    let Ok(credential) = made else { return Ok(Added::Refused) };
    let own_id: &[u8] = credential.cred_id().as_ref();
    if store::find(c, own_id)?.is_some() {
        return Ok(Added::Known);
    }
    if store::of(c, own)?.len() >= MOST {
        return Ok(Added::Full);
    }
    let id = PasskeyId::random();
    let kept = serde_json::to_string(&credential)?;
    let new = store::New { id, subject: own, credential_id: own_id, credential: kept, name: &ceremony.name };
    store::insert(c, &new, ctx.now)?;
    audit::record(c, ctx, "passkey.add", own.object(), serde_json::json!({ "passkey": id }))?;
    Ok(Added::Done)
}

fn kept<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

/// Takes one of one's own away. Nobody comes in by it from then on; sessions that it opened stay.
///
/// # Errors
/// Not found.
pub fn remove(c: &mut Conn, ctx: &Ctx, id: PasskeyId) -> Result<()> {
    let own = Subject::acting(ctx)?;
    if !store::remove(c, own, id)? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "passkey.remove", own.object(), serde_json::json!({ "passkey": id }))
}

/// Begins a login.
///
/// # Errors
/// Too many: `too-many-tries`.
pub fn begin_login(c: &mut Conn, ctx: &Ctx, party: &Party, address: &str) -> Result<Begun> {
    throttle::take(c, ctx, PER_ADDRESS, address)?;
    let (options, state) = party.get()?.start_discoverable_authentication().map_err(Error::internal)?;
    let state = serde_json::to_string(&state)?;
    let ceremony = store::Ceremony { purpose: Purpose::Login, subject: None, state, name: String::new() };
    begun(c, ctx, &ceremony, &options.public_key)
}

/// What came of a passkey that was shown.
#[derive(Debug)]
pub enum Shown {
    In(Opened),
    /// It is too late, or nothing was asked.
    Over,
    /// Nobody's, removed, or not what was asked for.
    Refused,
    /// It opens the other door: of the staff, or of the citizens.
    OtherDoor,
}

/// Lets in whose passkey it is. `answer` is what the browser's script sends.
pub fn enter(
    c: &mut Conn,
    ctx: &Ctx,
    party: &Party,
    (token, answer): (&str, &str),
    door: Door,
    visit: &Visit,
) -> Result<Shown> {
    let Some(ceremony) = store::take(c, &sessions::key(token), Purpose::Login, ctx.now)? else {
        return Ok(Shown::Over);
    };
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return refused(c, ctx, door, None) };
    let webauthn = party.get()?;
    let Ok((handle, own_id)) = webauthn.identify_discoverable_authentication(&answer) else {
        return refused(c, ctx, door, None);
    };
    let found = store::find(c, own_id)?.filter(|f| f.subject.object().1.0 == handle);
    let Some(found) = found else { return refused(c, ctx, door, None) };
    let state: DiscoverableAuthentication = kept(&ceremony.state)?;
    let mut credential: Credential = kept(&found.credential)?;
    let Ok(result) = webauthn.finish_discoverable_authentication_v2(&answer, state, &credential) else {
        return refused(c, ctx, door, Some(found.subject));
    };
    if !is_alive(c, ctx, found.subject)? {
        return refused(c, ctx, door, Some(found.subject));
    }
    if matches!(found.subject, Subject::Staff(_)) != (door == Door::Staff) {
        return Ok(Shown::OtherDoor);
    }
    credential.update_credential(&result);
    store::used(c, found.id, &serde_json::to_string(&credential)?, ctx.now)?;
    let detail = serde_json::json!({ "how": How::Passkey, "passkey": found.id });
    audit::record(c, ctx, "login", found.subject.object(), detail)?;
    sessions::open(c, ctx, found.subject, How::Passkey, visit).map(Shown::In)
}

fn refused(c: &mut Conn, ctx: &Ctx, door: Door, whose: Option<Subject>) -> Result<Shown> {
    let object = whose.map_or((door.code(), None), |s| (s.object().0, Some(s.object().1)));
    audit::refused(c, ctx, "login.passkey-failed", object, ())?;
    Ok(Shown::Refused)
}

fn is_alive(c: &mut Conn, ctx: &Ctx, subject: Subject) -> Result<bool> {
    Ok(match subject {
        Subject::Person(id) => people::facts(c, ctx, id)?.is_some(),
        Subject::Staff(id) => staff::find(c, id)?.is_some_and(|member| member.is_active),
    })
}

/// Deletes what nobody answers any more; returns how many. For the cleaning task.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    store::purge(c, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_a_name() {
        for (url, id) in [
            ("https://ysc.example.gov.cn", "ysc.example.gov.cn"),
            ("https://ysc.example.gov.cn:8443", "ysc.example.gov.cn"),
            ("http://127.0.0.1:8080", "localhost"),
            ("http://localhost:8080", "localhost"),
        ] {
            let party = Party::of(url, "x");
            assert!(!party.is_off() && party.id() == id, "{url}");
        }
        for url in ["http://192.168.1.7:8080", "http://[fd00::1]", "nonsense"] {
            assert!(Party::of(url, "x").is_off(), "{url}");
        }
    }

    #[test]
    fn a_name_is_not_empty_and_not_long() {
        assert!(check_name("我的手机").is_ok());
        assert!(check_name("").is_err_and(|e| e.field_errors()[0].code == "passkey-name-missing"));
        assert!(check_name(&"长".repeat(NAME_LENGTH + 1)).is_err_and(|e| e.field_errors()[0].code == "text-long"));
    }
}
