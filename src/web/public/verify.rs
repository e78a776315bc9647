//! Real-name verification (实名核验) of the citizen who is logged in.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::login::{Asked, way_back};
use crate::db::Conn;
use crate::identity::verification::{self, Claim, Concluded, Said};
use crate::identity::{self, PersonId, throttle};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, mask};
use crate::outside::verifier::Outcome;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;

#[derive(Debug, Default, Serialize)]
pub struct Verify {
    pub name: Field,
    pub id_number: Field,
    /// Of the account, masked.
    pub phone: String,
    /// Level of assurance now.
    pub level: i32,
    /// Tries left today.
    pub left: i32,
    /// The evidence's result where it does not speak for the person: `mismatch`, `unknown`, `deceased`, `taken`, `stale`.
    pub refused: Option<&'static str>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
    pub back: String,
}

impl View for Verify {
    const TEMPLATE: &'static str = "account/verify";
    fn samples() -> Vec<Self> {
        let fresh = || Verify { phone: "138****8000".into(), left: 5, back: "/my".into(), ..Verify::default() };
        let typed = |v: Verify, faults: &[FieldError]| Verify {
            name: Field::new("name", "林悦", faults),
            id_number: Field::new("id_number", "98010219920416024X", faults),
            ..v
        };
        let fault = Error::field("id_number", "id-number-check");
        let faulty = typed(Verify { faults: fault.field_errors().to_vec(), ..fresh() }, fault.field_errors());
        let mut all = vec![typed(fresh(), &[]), faulty];
        all.push(typed(Verify { left: 0, notice: Some("x".into()), ..fresh() }, &[]));
        all.push(typed(Verify { level: 2, ..fresh() }, &[]));
        for refused in ["mismatch", "unknown", "deceased", "taken", "stale"] {
            all.push(typed(Verify { refused: Some(refused), left: 3, ..fresh() }, &[]));
        }
        all
    }
}

/// The page's standing: level, phone, tries left.
fn standing(c: &mut Conn, ctx: &Ctx) -> Result<Verify> {
    let id = ctx.person()?;
    let facts = identity::person_facts(c, ctx, PersonId(id))?;
    let left = throttle::left(c, ctx, verification::PER_PERSON, &id.to_string())?;
    Ok(Verify { phone: mask::phone(&facts.phone), level: facts.level, left, ..Verify::default() })
}

async fn page_of(
    who: &Citizen,
    typed: (&str, &str),
    back: String,
    error: Option<&Error>,
    refused: Option<&'static str>,
) -> Result<Verify> {
    let ctx = who.ctx.clone();
    let now = who.app.db.read(move |c| standing(c, &ctx)).await?;
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Ok(Verify {
        name: Field::new("name", typed.0, &faults),
        id_number: Field::new("id_number", typed.1, &faults),
        faults,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        refused,
        back,
        ..now
    })
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let back = way_back(&asked.back, "/account");
    Ok(page::show(&who, &page_of(&who, ("", ""), back, None, None).await?)?)
}

pub async fn verify(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let (name, id_number) = (form.get("name"), form.get("id_number"));
    let back = way_back(form.get("back"), "/account");
    let (status, error, refused) = match ask(&who, name, id_number).await {
        Ok(Concluded::Verified { .. }) => return Ok(page::redirect(&back, "verified")),
        Ok(Concluded::Taken) => (StatusCode::CONFLICT, None, Some("taken")),
        Ok(Concluded::Refused { result, .. }) => (StatusCode::UNPROCESSABLE_ENTITY, None, Some(result)),
        Err(e) if e.is(Kind::Outside) => (StatusCode::SERVICE_UNAVAILABLE, Some(e), None),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => {
            (crate::web::error::status(e.kind()), Some(e), None)
        }
        Err(e) => return Err(e.into()),
    };
    let view = page_of(&who, (name, id_number), back, error.as_ref(), refused).await?;
    Ok(page::show_as(&who, status, &view)?)
}

/// Asks the verifier, between the transaction that counts the try and the one that keeps the answer.
async fn ask(who: &Citizen, name: &str, id_number: &str) -> Result<Concluded> {
    let (ctx, name, id_number) = (who.ctx.clone(), name.to_owned(), id_number.to_owned());
    let claim = who.app.db.write(move |c| verification::begin(c, &ctx, &name, &id_number)).await?;
    match who.app.verifier.verify(&claim.name, &claim.id_number, &claim.phone).await {
        Ok(reply) => {
            let result = match reply.outcome {
                Outcome::Match => identity::rules::MATCH,
                other => other.code(),
            };
            let said = Said { result, issuer: reply.issuer, reference: reply.reference };
            let ctx = who.ctx.clone();
            who.app.db.write(move |c| verification::conclude(c, &ctx, &claim, &said)).await
        }
        Err(e) => {
            give_up(who, claim).await?;
            if e.is(Kind::Outside) {
                // The page answers for it, so the log hears of it here.
                e.log();
            }
            Err(e)
        }
    }
}

async fn give_up(who: &Citizen, claim: Claim) -> Result<()> {
    let ctx = who.ctx.clone();
    who.app.db.write(move |c| verification::give_up(c, &ctx, &claim)).await
}
