//! A member's own account: what they prove themself with, their password, their devices.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::db::Conn;
use crate::identity::factors::{self, recovery};
use crate::identity::sessions::Lifetimes;
use crate::identity::{accounts, passkeys, passwords, staff};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, Ts};
use crate::render::View;
use crate::web::devices::{self, DeviceRow};
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Staff};
use crate::web::page;
use crate::web::public::login::required;

#[derive(Debug, Default, Serialize)]
pub struct Security {
    pub login: String,
    /// Whether the settings ask for a second factor.
    pub is_needed: bool,
    /// Since when an authenticator is bound.
    pub authenticator: Option<Ts>,
    pub recovery_left: usize,
    pub recovery_count: usize,
    pub recovery_made_at: Option<Ts>,
    /// Whether there can be passkeys, and how many there are.
    pub has_passkeys: bool,
    pub passkeys: usize,
    pub old: Field,
    pub password: Field,
    pub repeated: Field,
    pub devices: Vec<DeviceRow>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Security {
    const TEMPLATE: &'static str = "staff/security";
    fn samples() -> Vec<Self> {
        let at = Some(Ts::from_micros(1_800_000_000_000_000));
        let fault = Error::field("password", "password-short");
        let full = Self {
            login: "wsjk.handler".into(),
            is_needed: true,
            authenticator: at,
            recovery_left: 8,
            recovery_count: recovery::COUNT,
            recovery_made_at: at,
            has_passkeys: true,
            passkeys: 1,
            password: Field::new("password", "", fault.field_errors()),
            faults: fault.field_errors().to_vec(),
            notice: Some("x".into()),
            devices: devices::samples(3),
            ..Self::default()
        };
        let few = Self { authenticator: at, recovery_left: 2, devices: devices::samples(1), ..Self::default() };
        let unbound = |is_needed| Self { is_needed, devices: devices::samples(1), ..Self::default() };
        vec![unbound(true), unbound(false), full, few]
    }
}

fn load(c: &mut Conn, ctx: &Ctx, lives: Lifetimes, this: &[u8]) -> Result<Security> {
    let factors = factors::of_self(c, ctx)?;
    Ok(Security {
        login: staff::login_of_self(c, ctx)?,
        authenticator: factors.authenticator,
        recovery_left: factors.recovery_left,
        recovery_made_at: factors.recovery_made_at,
        recovery_count: recovery::COUNT,
        passkeys: passkeys::of_self(c, ctx)?.len(),
        devices: devices::of_self(c, ctx, lives, this)?,
        ..Security::default()
    })
}

pub(super) fn this_session(who: &Anyone) -> Result<Vec<u8>> {
    who.session.as_ref().map(|s| s.key.clone()).ok_or_else(Error::unauthenticated)
}

async fn view(who: &Anyone, error: Option<&Error>) -> Result<Security> {
    let (ctx, lives, this) = (who.ctx.clone(), who.app.lifetimes(), this_session(who)?);
    let known = who.app.db.read(move |c| load(c, &ctx, lives, &this)).await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Ok(Security {
        is_needed: who.app.config.login.needs_second_factor(),
        has_passkeys: !who.app.party.is_off(),
        old: Field::new("old", "", &faults),
        password: Field::new("password", "", &faults),
        repeated: Field::new("repeated", "", &faults),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
        ..known
    })
}

pub async fn show(who: Staff) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &view(&who, None).await?)?)
}

pub async fn password(who: Staff, form: Posted) -> Result<HttpResponse, PageError> {
    match keep_password(&who, form.raw("old"), form.raw("password"), form.raw("repeated")).await {
        Ok(()) => Ok(page::redirect("/staff/security", "password-changed")),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            Ok(page::show_as(&who, status(e.kind()), &view(&who, Some(&e)).await?)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn keep_password(who: &Staff, old: &str, new: &str, repeated: &str) -> Result<()> {
    let ctx = who.ctx.clone();
    let login = who.app.db.read(move |c| staff::login_of_self(c, &ctx)).await?;
    let mut faults = required(&[("old", old, "old-password-missing")]);
    if !old.is_empty() && !is_right(who, old).await? {
        faults.push(FieldError { field: "old".into(), code: "old-password-wrong", value: None });
    }
    faults.extend(accounts::faults_of_password(new, repeated, &[&login, old]));
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let new = new.to_owned();
    let hash = who.app.hash(move || passwords::hash(&new)).await?;
    let (ctx, this) = (who.ctx.clone(), this_session(who)?);
    who.app.db.write(move |c| staff::change_password(c, &ctx, &hash, &this)).await
}

pub(in crate::web) async fn is_right(who: &Staff, password: &str) -> Result<bool> {
    let ctx = who.ctx.clone();
    let kept = who.app.db.write(move |c| staff::begin_password_check(c, &ctx)).await?;
    let password = password.to_owned();
    who.app.hash(move || passwords::is_right(&password, Some(&kept))).await
}

/// Ends one of one's own sessions, or all the others.
pub async fn end_session(who: Staff, form: Posted) -> Result<HttpResponse, PageError> {
    Ok(devices::end(&who, &form, "/staff/security").await?)
}
