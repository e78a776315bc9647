//! A citizen's own account: who they are to us and by which evidence, how to reach them, password, devices.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::db::Conn;
use crate::identity::accounts::{self, Contact};
use crate::identity::sessions::{self, Device};
use crate::identity::{self, Evidence, PersonId, assurance, passwords};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, Ts, mask};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::login::required;

#[derive(Debug, Default, Serialize)]
pub struct Account {
    /// Masked; none before the verification.
    pub name: Option<String>,
    pub id_number: Option<String>,
    pub level: i32,
    pub evidence: Vec<Piece>,
    pub phone: Field,
    pub email: Field,
    pub address: Field,
    /// The password that a change of the phone needs.
    pub current: Field,
    pub old: Field,
    pub password: Field,
    pub repeated: Field,
    pub devices: Vec<DeviceRow>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Piece {
    pub how: &'static str,
    pub issuer: String,
    pub result: String,
    /// Text `evidence-via-…`.
    pub via: &'static str,
    pub at: Ts,
    pub expires_at: Option<Ts>,
    /// Whether it counts now.
    pub counts: bool,
}

#[derive(Debug, Serialize)]
pub struct DeviceRow {
    pub key: String,
    pub browser: &'static str,
    pub system: &'static str,
    pub created_at: Ts,
    pub seen_at: Ts,
    pub is_this: bool,
}

impl View for Account {
    const TEMPLATE: &'static str = "account/me";
    fn samples() -> Vec<Self> {
        let at = Ts::from_micros(1_800_000_000_000_000);
        let piece = |how, result: &str, expires_at, counts| Piece {
            how,
            issuer: "公安人口库".into(),
            result: result.into(),
            via: "online",
            at,
            expires_at,
            counts,
        };
        let device = |is_this| DeviceRow {
            key: "00".into(),
            browser: "Chrome",
            system: "Android",
            created_at: at,
            seen_at: at,
            is_this,
        };
        let phone = Field::new("phone", "13800138000", &[]);
        let fault = Error::field("password", "password-short");
        let empty = Account { phone: phone.clone(), devices: vec![device(true)], ..Account::default() };
        let full = Account {
            name: Some("林*".into()),
            id_number: Some("9801**********0249".into()),
            level: 2,
            evidence: vec![
                piece("name_id_phone", "match", None, true),
                piece("name_id_phone", "mismatch", None, false),
                piece("face", "match", Some(at), false),
            ],
            phone,
            password: Field::new("password", "", fault.field_errors()),
            faults: fault.field_errors().to_vec(),
            notice: Some("x".into()),
            devices: vec![device(true), device(false)],
            ..Account::default()
        };
        vec![empty, full]
    }
}

/// What the account's page shows beside its forms.
struct Known {
    contact: Contact,
    view: Account,
}

fn load(c: &mut Conn, ctx: &Ctx, life: sessions::Lifetime, this: &[u8]) -> Result<Known> {
    let id = PersonId(ctx.person()?);
    let facts = identity::person_facts(c, ctx, id)?;
    let piece = |e: Evidence| Piece {
        how: e.kind.code(),
        counts: assurance::counts(&e, ctx.now),
        via: e.via.code(),
        issuer: e.issuer,
        result: e.result,
        at: e.at,
        expires_at: e.expires_at,
    };
    let view = Account {
        name: facts.name.as_deref().map(mask::name),
        id_number: facts.id_number.as_deref().map(mask::id_number),
        level: facts.level,
        evidence: identity::evidence(c, ctx)?.into_iter().map(piece).collect(),
        devices: sessions::of_self(c, ctx, life)?.into_iter().map(|d| row(d, this)).collect(),
        ..Account::default()
    };
    let contact = Contact {
        phone: facts.phone,
        email: facts.email.unwrap_or_default(),
        address: facts.address.unwrap_or_default(),
    };
    Ok(Known { contact, view })
}

fn row(device: Device, this: &[u8]) -> DeviceRow {
    let (browser, system) = describe(&device.user_agent);
    DeviceRow {
        key: hex::encode(&device.key),
        browser,
        system,
        created_at: device.created_at,
        seen_at: device.seen_at,
        is_this: device.key == this,
    }
}

/// Browser and system of a `User-Agent`, in names that people know; empty when it says neither. The order matters: most browsers
/// also claim to be others.
fn describe(agent: &str) -> (&'static str, &'static str) {
    const BROWSERS: [(&str, &str); 9] = [
        ("MicroMessenger", "WeChat"),
        ("AlipayClient", "Alipay"),
        ("HuaweiBrowser", "Huawei Browser"),
        ("MiuiBrowser", "Mi Browser"),
        ("QQBrowser", "QQ Browser"),
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |n| n.1);
    (find(&BROWSERS), find(&SYSTEMS))
}

/// The page with the forms as they were typed, or as the account has them.
async fn view(who: &Citizen, typed: Option<&Contact>, error: Option<&Error>) -> Result<Account> {
    let (ctx, life, this) = (who.ctx.clone(), who.app.lifetime(), this_session(who)?);
    let known = who.app.db.read(move |c| load(c, &ctx, life, &this)).await?;
    let contact = typed.unwrap_or(&known.contact);
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Ok(Account {
        phone: Field::new("phone", &contact.phone, &faults),
        email: Field::new("email", &contact.email, &faults),
        address: Field::new("address", &contact.address, &faults),
        current: Field::new("current", "", &faults),
        old: Field::new("old", "", &faults),
        password: Field::new("password", "", &faults),
        repeated: Field::new("repeated", "", &faults),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
        ..known.view
    })
}

fn this_session(who: &Citizen) -> Result<Vec<u8>> {
    who.session.as_ref().map(|s| s.key.clone()).ok_or_else(Error::unauthenticated)
}

pub async fn show(who: Citizen) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &view(&who, None, None).await?)?)
}

/// The page again when the input was refused; anything else is for the page of errors.
async fn again(who: &Citizen, typed: Option<&Contact>, error: Error) -> Result<HttpResponse, PageError> {
    if !matches!(error.kind(), Kind::Invalid | Kind::TooMany) {
        return Err(error.into());
    }
    let view = view(who, typed, Some(&error)).await?;
    Ok(page::show_as(who, status(error.kind()), &view)?)
}

pub async fn contact(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let typed = Contact {
        phone: form.get("phone").to_owned(),
        email: form.get("email").to_owned(),
        address: form.get("address").to_owned(),
    };
    match keep_contact(&who, &typed, form.raw("current")).await {
        Ok(reached) if reached.is_unverified => Ok(page::redirect("/account/verify", "phone-changed")),
        Ok(_) => Ok(page::redirect("/account", "contact-saved")),
        // Another account took the phone at the same moment.
        Err(e) if e.is(Kind::Conflict) => again(&who, Some(&typed), Error::field("phone", "phone-known")).await,
        Err(e) => again(&who, Some(&typed), e).await,
    }
}

async fn keep_contact(who: &Citizen, typed: &Contact, password: &str) -> Result<accounts::Reached> {
    let contact = typed.check()?;
    let (ctx, person) = (who.ctx.clone(), PersonId(who.ctx.person()?));
    let facts = who.app.db.read(move |c| identity::person_facts(c, &ctx, person)).await?;
    if facts.phone != contact.phone {
        // The phone opens the account: whoever found a browser open must not be able to take it over.
        check_old(who, password, "current").await?;
    }
    let (ctx, lang) = (who.ctx.clone(), who.ctx.lang);
    who.app.db.write(move |c| accounts::change_contact(c, &ctx, &contact, lang)).await
}

/// Whether this is the password that the person has now; a wrong one is a fault of this field.
async fn check_old(who: &Citizen, password: &str, field: &'static str) -> Result<()> {
    let ctx = who.ctx.clone();
    let kept = who.app.db.write(move |c| accounts::begin_password_check(c, &ctx)).await?;
    let password = password.to_owned();
    if who.app.hash(move || passwords::is_right(&password, Some(&kept))).await? {
        Ok(())
    } else {
        let code = if field == "old" { "old-password-wrong" } else { "password-wrong" };
        Err(Error::field(field, code))
    }
}

pub async fn password(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    match keep_password(&who, form.raw("old"), form.raw("password"), form.raw("repeated")).await {
        Ok(()) => Ok(page::redirect("/account", "password-changed")),
        Err(e) => again(&who, None, e).await,
    }
}

async fn keep_password(who: &Citizen, old: &str, new: &str, repeated: &str) -> Result<()> {
    let (ctx, person) = (who.ctx.clone(), PersonId(who.ctx.person()?));
    let facts = who.app.db.read(move |c| identity::person_facts(c, &ctx, person)).await?;
    let known = [Some(facts.phone), facts.email, facts.id_number, Some(old.to_owned())];
    let known: Vec<_> = known.iter().flatten().map(String::as_str).collect();
    let mut faults = required(&[("old", old, "old-password-missing")]);
    if !old.is_empty() {
        match check_old(who, old, "old").await {
            Err(e) if e.is(Kind::Invalid) => faults.extend(e.field_errors().to_vec()),
            checked => checked?,
        }
    }
    faults.extend(accounts::faults_of_password(new, repeated, &known));
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let new = new.to_owned();
    let hash = who.app.hash(move || passwords::hash(&new)).await?;
    let (ctx, this) = (who.ctx.clone(), this_session(who)?);
    who.app.db.write(move |c| accounts::change_password(c, &ctx, &hash, &this)).await
}

/// Ends one session of the person's, or all the others.
pub async fn end_session(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let (ctx, this) = (who.ctx.clone(), this_session(&who)?);
    if form.has("others") {
        who.app.db.write(move |c| sessions::end_others(c, &ctx, &this)).await?;
        return Ok(page::redirect("/account", "sessions-ended"));
    }
    let key = hex::decode(form.get("session")).map_err(|_| Error::not_found())?;
    if key == this {
        return Err(Error::not_found().into());
    }
    match who.app.db.write(move |c| sessions::end_own(c, &ctx, &key)).await {
        // It has ended by itself meanwhile: what was wanted is so.
        Err(e) if !e.is(Kind::NotFound) => Err(e.into()),
        _ => Ok(page::redirect("/account", "session-ended")),
    }
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn browsers_are_told_by_the_name_that_is_theirs_alone() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36 Edg/143.0";
        let wechat = "Mozilla/5.0 (Linux; Android 15; M2012) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
        assert_eq!(describe(edge), ("Edge", "Windows"));
        assert_eq!(describe(wechat), ("WeChat", "Android"));
        assert_eq!(describe(safari), ("Safari", "iPhone"));
        assert_eq!(describe("curl/8"), ("", ""));
    }
}
