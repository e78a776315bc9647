//! A citizen's own account: who they are to us and by which evidence, how to reach them, password, devices.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::db::Conn;
use crate::identity::accounts::{self, Contact};
use crate::identity::sessions;
use crate::identity::{self, Evidence, PersonId, assurance, links, mandates, passkeys, passwords};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, Ts, mask};
use crate::render::View;
use crate::web::devices::{self, DeviceRow};
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::login::required;
use crate::web::public::province;

#[derive(Debug, Default, Serialize)]
pub struct Account {
    /// Masked; none before the verification.
    pub name: Option<String>,
    pub id_number: Option<String>,
    pub level: i32,
    pub evidence: Vec<Piece>,
    /// Mandates that wait to be taken on.
    pub offered: usize,
    /// What the provider of identities is called; empty where there is none.
    pub province: String,
    /// Since when the account is linked there, and when that was last used.
    pub linked_at: Option<Ts>,
    pub link_used_at: Option<Ts>,
    /// Whether there can be passkeys, and how many there are.
    pub has_passkeys: bool,
    pub passkeys: usize,
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
        let phone = Field::new("phone", "13800138000", &[]);
        let fault = Error::field("password", "password-short");
        let empty = Account {
            phone: phone.clone(),
            province: "省统一身份认证".into(),
            devices: devices::samples(1),
            ..Account::default()
        };
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
            offered: 1,
            province: "省统一身份认证".into(),
            linked_at: Some(at),
            link_used_at: Some(at),
            has_passkeys: true,
            passkeys: 2,
            devices: devices::samples(2),
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

fn load(c: &mut Conn, ctx: &Ctx, lives: sessions::Lifetimes, this: &[u8]) -> Result<Known> {
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
    let link = links::of_self(c, ctx)?;
    let view = Account {
        linked_at: link.map(|l| l.0),
        link_used_at: link.map(|l| l.1),
        name: facts.name.as_deref().map(mask::name),
        id_number: facts.id_number.as_deref().map(mask::id_number),
        level: facts.level,
        offered: mandates::count_offered(c, ctx)?,
        passkeys: passkeys::of_self(c, ctx)?.len(),
        evidence: identity::evidence(c, ctx)?.into_iter().map(piece).collect(),
        devices: devices::of_self(c, ctx, lives, this)?,
        ..Account::default()
    };
    let contact = Contact {
        phone: facts.phone,
        email: facts.email.unwrap_or_default(),
        address: facts.address.unwrap_or_default(),
    };
    Ok(Known { contact, view })
}

/// The page with the forms as they were typed, or as the account has them.
async fn view(who: &Citizen, typed: Option<&Contact>, error: Option<&Error>) -> Result<Account> {
    let (ctx, lives, this) = (who.ctx.clone(), who.app.lifetimes(), this_session(who)?);
    let known = who.app.db.read(move |c| load(c, &ctx, lives, &this)).await?;
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
        province: province::called(who),
        has_passkeys: !who.app.party.is_off(),
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
pub(in crate::web) async fn check_old(who: &Citizen, password: &str, field: &'static str) -> Result<()> {
    let ctx = who.ctx.clone();
    let kept = who.app.db.write(move |c| accounts::begin_password_check(c, &ctx)).await?;
    if kept.is_empty() {
        // It was opened by a provider of identities.
        return Err(Error::field(field, "password-none"));
    }
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
    Ok(devices::end(&who, &form, "/account").await?)
}
