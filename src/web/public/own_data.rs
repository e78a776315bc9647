//! What the platform holds of a citizen: to see, to take along, and to have ended.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

use crate::flows::{self, Held};
use crate::identity::{self, PersonId};
use crate::kernel::{Error, FieldError, Kind, Result, Ts, mask};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::me::check_old;

#[derive(Debug, Default, Serialize)]
pub struct OwnData {
    /// Masked, as all of these: whoever looks over a shoulder shall not learn more than the rest of the page says.
    pub name: Option<String>,
    pub id_number: Option<String>,
    pub phone: String,
    pub email: Option<String>,
    pub address: Option<String>,
    /// Who vouched for name and number last, and when.
    pub issuer: Option<String>,
    pub verified_at: Option<Ts>,
    pub held: Held,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for OwnData {
    const TEMPLATE: &'static str = "account/data";
    fn samples() -> Vec<Self> {
        let held = Held { cases: 3, drafts: 1, open: 1, messages: 4, favourites: 2, guidance: 1, evidence: 2 };
        let error = Error::field("password", "password-wrong");
        vec![
            Self { phone: "138****8101".into(), ..Self::default() },
            Self {
                name: Some("林*".into()),
                id_number: Some("9801**********0249".into()),
                phone: "138****8101".into(),
                email: Some("l***@example.com".into()),
                address: Some("云川市……".into()),
                issuer: Some("公安人口库".into()),
                verified_at: Some(Ts::default()),
                held,
                password: Field::new("password", "", error.field_errors()),
                faults: error.field_errors().to_vec(),
                notice: Some("x".into()),
            },
        ]
    }
}

/// Asks before an account is closed.
#[derive(Debug, Serialize)]
pub struct Closing {
    pub held: Held,
    pub password: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Closing {
    const TEMPLATE: &'static str = "account/close";
    fn samples() -> Vec<Self> {
        let error = Error::field("password", "password-wrong");
        let view = |open, error: Option<&Error>| Self {
            held: Held { cases: 3, drafts: 1, open, ..Held::default() },
            password: Field::new("password", "", error.map(Error::field_errors).unwrap_or_default()),
            faults: error.map(|e| e.field_errors().to_vec()).unwrap_or_default(),
            notice: error.map(|_| "x".into()),
        };
        vec![view(0, None), view(2, None), view(0, Some(&error))]
    }
}

async fn data(who: &Citizen, error: Option<&Error>) -> Result<OwnData> {
    let ctx = who.ctx.clone();
    let read = move |c: &mut crate::db::Conn| {
        let facts = identity::person_facts(c, &ctx, PersonId(ctx.person()?))?;
        let evidence = identity::evidence(c, &ctx)?;
        Ok((facts, evidence, flows::held_of_own(c, &ctx)?))
    };
    let (facts, evidence, held) = who.app.db.read(read).await?;
    let last = evidence.into_iter().find(|e| e.result == identity::assurance::MATCH);
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Ok(OwnData {
        name: facts.name.as_deref().map(mask::name),
        id_number: facts.id_number.as_deref().map(mask::id_number),
        phone: mask::phone(&facts.phone),
        email: facts.email.as_deref().map(mask::email),
        address: facts.address.as_deref().map(mask::address),
        issuer: last.as_ref().map(|e| e.issuer.clone()),
        verified_at: last.map(|e| e.at),
        held,
        password: Field::new("password", "", &faults),
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn show(who: Citizen) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &data(&who, None).await?)?)
}

/// The password once more: what follows shows everything, or cannot be taken back.
async fn shown(who: &Citizen, password: &str) -> Result<()> {
    if password.is_empty() {
        return Err(Error::field("password", "password-missing"));
    }
    check_old(who, password, "password").await
}

pub async fn export(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let made = async {
        shown(&who, form.raw("password")).await?;
        let ctx = who.ctx.clone();
        who.app
            .db
            .write(move |c| {
                let id = ctx.person()?;
                crate::audit::record(c, &ctx, "person.export", ("person", id), ())?;
                flows::export_own(c, &ctx)
            })
            .await
    };
    match made.await {
        Ok(all) => Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"))
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\""))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(serde_json::to_string_pretty(&all).map_err(Error::from)?)),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            let view = data(&who, Some(&e)).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn closing(who: &Citizen, error: Option<&Error>) -> Result<Closing> {
    let ctx = who.ctx.clone();
    let held = who.app.db.read(move |c| flows::held_of_own(c, &ctx)).await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let password = Field::new("password", "", &faults);
    Ok(Closing { held, password, notice: error.and_then(|e| notice(who.ctx.lang, e)), faults })
}

pub async fn ask_close(who: Citizen) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &closing(&who, None).await?)?)
}

pub async fn close(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let done = async {
        shown(&who, form.raw("password")).await?;
        let ctx = who.ctx.clone();
        who.app.db.write(move |c| flows::close_account(c, &ctx)).await
    };
    match done.await {
        Ok(()) => Ok(doors::without_session(&who, page::redirect("/", "account-closed"))?),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany | Kind::Conflict) => {
            let view = closing(&who, Some(&e)).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
