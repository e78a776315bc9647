//! One's own passkeys: which there are, one more, one less. Who adds one proves who they are again.

use std::future::Future;
use std::ops::Deref;

use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;

use super::token;
use crate::identity::factors;
use crate::identity::passkeys::{self, Added, COOKIE, MOST, NAME_LENGTH};
use crate::identity::{Passkey, PasskeyId};
use crate::kernel::{Error, FieldError, Kind, Result, Ts};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Citizen, Staff};
use crate::web::page;
use crate::web::public::login::required;
use crate::web::public::me;
use crate::web::staff;

/// By what somebody proves again who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Password,
    /// Of the authenticator.
    Code,
}

/// Whose passkeys they are.
pub trait Holder: FromRequest + Deref<Target = Anyone> {
    /// Where their pages stand.
    const BASE: &'static str;
    /// The kind of page.
    const KIND: &'static str;
    fn proof(&self) -> impl Future<Output = Result<Proof>>;
    /// # Errors
    /// Field `current`; too many: `too-many-tries`.
    fn prove(&self, req: &HttpRequest, typed: &str) -> impl Future<Output = Result<()>>;
}

impl Holder for Citizen {
    const BASE: &'static str = "/account/passkeys";
    const KIND: &'static str = "public";
    async fn proof(&self) -> Result<Proof> {
        Ok(Proof::Password)
    }
    async fn prove(&self, _req: &HttpRequest, typed: &str) -> Result<()> {
        me::check_old(self, typed, "current").await
    }
}

impl Holder for Staff {
    const BASE: &'static str = "/staff/security/passkeys";
    const KIND: &'static str = "work";
    async fn proof(&self) -> Result<Proof> {
        let ctx = self.ctx.clone();
        let factors = self.app.db.read(move |c| factors::of_self(c, &ctx)).await?;
        Ok(if factors.authenticator.is_some() { Proof::Code } else { Proof::Password })
    }
    async fn prove(&self, req: &HttpRequest, typed: &str) -> Result<()> {
        if self.proof().await? == Proof::Password {
            let is_right = staff::security::is_right(self, typed).await?;
            return if is_right { Ok(()) } else { Err(Error::field("current", "password-wrong")) };
        }
        let (ctx, typed, from) = (self.ctx.clone(), typed.to_owned(), doors::address(self, req));
        let is_right = self.app.db.write(move |c| factors::confirm(c, &ctx, &typed, &from)).await?;
        if is_right { Ok(()) } else { Err(Error::field("current", "code-wrong")) }
    }
}

#[derive(Debug, Serialize)]
pub struct Passkeys {
    pub kind: &'static str,
    pub base: &'static str,
    /// The host name that they are bound to.
    pub party: String,
    pub rows: Vec<PasskeyRow>,
    pub is_full: bool,
    pub most: usize,
    pub name: Field,
    pub current: Field,
    /// Asks for a code of the authenticator, not for the password.
    pub by_code: bool,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub made_at: Ts,
    pub used_at: Option<Ts>,
}

/// The device is asked to make one.
#[derive(Debug, Serialize)]
pub struct MakePasskey {
    pub kind: &'static str,
    pub base: &'static str,
    pub party: String,
    pub name: String,
    /// For the script.
    pub options: String,
}

impl View for Passkeys {
    const TEMPLATE: &'static str = "account/passkeys";
    fn samples() -> Vec<Self> {
        let at = Ts::from_micros(1_800_000_000_000_000);
        let row = |name: &str, used_at| PasskeyRow { id: "00".into(), name: name.into(), made_at: at, used_at };
        let rows = || vec![row("我的手机", Some(at)), row("<公司电脑>", None)];
        let faults = required(&[("name", "", "passkey-name-missing"), ("current", "", "password-missing")]);
        let long = FieldError { field: "name".into(), code: "text-long", value: Some(NAME_LENGTH.to_string()) };
        let code = FieldError { field: "current".into(), code: "code-wrong", value: None };
        let citizens = |rows: Vec<PasskeyRow>, faults: &[FieldError]| Self {
            kind: Citizen::KIND,
            base: Citizen::BASE,
            party: "localhost".into(),
            is_full: false,
            most: MOST,
            rows,
            name: Field::new("name", "", faults),
            current: Field::new("current", "", faults),
            by_code: false,
            faults: faults.to_vec(),
            notice: None,
        };
        let staffs = |faults: &[FieldError]| Self {
            kind: Staff::KIND,
            base: Staff::BASE,
            by_code: true,
            ..citizens(rows(), faults)
        };
        vec![
            citizens(vec![], &[]),
            citizens(rows(), &faults),
            staffs(&[long, code]),
            Self { is_full: true, notice: Some("x".into()), ..citizens(rows(), &[]) },
        ]
    }
}

impl View for MakePasskey {
    const TEMPLATE: &'static str = "account/passkey_make";
    fn samples() -> Vec<Self> {
        let of = |kind, base| Self {
            kind,
            base,
            party: "localhost".into(),
            name: "我的 <手机>".into(),
            options: "{\"challenge\":\"AA\"}".into(),
        };
        vec![of(Citizen::KIND, Citizen::BASE), of(Staff::KIND, Staff::BASE)]
    }
}

fn is_on(who: &Anyone) -> Result<()> {
    if who.app.party.is_off() { Err(Error::not_found()) } else { Ok(()) }
}

async fn view<H: Holder>(who: &H, name: &str, error: Option<&Error>) -> Result<Passkeys> {
    let ctx = who.ctx.clone();
    let known = who.app.db.read(move |c| passkeys::of_self(c, &ctx)).await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let row = |p: Passkey| PasskeyRow { id: p.id.to_string(), name: p.name, made_at: p.made_at, used_at: p.used_at };
    Ok(Passkeys {
        kind: H::KIND,
        base: H::BASE,
        party: who.app.party.id().to_owned(),
        is_full: known.len() >= MOST,
        most: MOST,
        rows: known.into_iter().map(row).collect(),
        name: Field::new("name", name, &faults),
        current: Field::new("current", "", &faults),
        by_code: who.proof().await? == Proof::Code,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn show<H: Holder>(who: H) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    Ok(page::show(&who, &view(&who, "", None).await?)?)
}

/// Proves who it is, and asks the device to make one.
pub async fn begin<H: Holder>(who: H, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let name = form.get("name").to_owned();
    match begun(&who, &req, &name, form.raw("current")).await {
        Ok(begun) => {
            let party = who.app.party.id().to_owned();
            let view = MakePasskey { kind: H::KIND, base: H::BASE, party, name, options: begun.options };
            Ok(doors::with_cookie(&who, page::show(&who, &view)?, COOKIE, &begun.token)?)
        }
        Err(e) => again(&who, &name, e).await,
    }
}

async fn begun<H: Holder>(who: &H, req: &HttpRequest, name: &str, typed: &str) -> Result<passkeys::Begun> {
    let missing = if who.proof().await? == Proof::Code { "code-missing" } else { "password-missing" };
    let mut faults = passkeys::check_name(name).map_or_else(|e| e.field_errors().to_vec(), |()| vec![]);
    faults.extend(required(&[("current", typed, missing)]));
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    who.prove(req, typed).await?;
    let (ctx, party, name) = (who.ctx.clone(), who.app.party.clone(), name.to_owned());
    who.app.db.write(move |c| passkeys::begin_add(c, &ctx, &party, &name)).await
}

/// The page again when something was refused; anything else is for the page of errors.
async fn again<H: Holder>(who: &H, name: &str, error: Error) -> Result<HttpResponse, PageError> {
    if !matches!(error.kind(), Kind::Invalid | Kind::TooMany | Kind::Conflict) {
        return Err(error.into());
    }
    Ok(page::show_as(who, status(error.kind()), &view(who, name, Some(&error)).await?)?)
}

/// Takes the passkey that the device has made.
pub async fn make<H: Holder>(who: H, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let (ctx, party) = (who.ctx.clone(), who.app.party.clone());
    let (token, answer) = (token(&req), form.get("credential").to_owned());
    let error = match who.app.db.write(move |c| passkeys::add(c, &ctx, &party, &token, &answer)).await {
        Ok(Added::Done) => return Ok(doors::without_cookie(&who, page::redirect(H::BASE, "passkey-added"), COOKIE)?),
        Ok(Added::Over) => Error::invalid("passkey-over"),
        Ok(Added::Refused) => Error::invalid("passkey-refused"),
        // By two windows at the same moment, the second.
        Ok(Added::Known) => Error::invalid("passkey-known"),
        Err(e) if e.is(Kind::Conflict) => Error::invalid("passkey-known"),
        Ok(Added::Full) => Error::conflict("passkeys-full"),
        Err(e) => return Err(e.into()),
    };
    again(&who, "", error).await
}

pub async fn remove<H: Holder>(who: H, form: Posted) -> Result<HttpResponse, PageError> {
    is_on(&who)?;
    let id: PasskeyId = form.get("passkey").parse().map_err(|_| Error::not_found())?;
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| passkeys::remove(c, &ctx, id)).await {
        // It has gone meanwhile, by another window: what was wanted is so.
        Err(e) if !e.is(Kind::NotFound) => Err(e.into()),
        _ => Ok(page::redirect(H::BASE, "passkey-removed")),
    }
}
