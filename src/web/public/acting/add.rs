//! Somebody shows that they may act for another: the representative of a legal person, the guardian of a child.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::to_verify;
use crate::flows;
use crate::identity::assurance::REGISTERED;
use crate::identity::principals::{self, Claim, Typed};
use crate::identity::verification::Said;
use crate::identity::{MandateId, PersonId, PrincipalKind, person_level, throttle};
use crate::kernel::{Error, FieldError, Kind, Result};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;

#[derive(Debug, Clone, Serialize)]
pub struct Add {
    /// `legal` or `minor`.
    pub kind: &'static str,
    pub name: Field,
    pub number: Field,
    /// The person is registered with their own name, which comes first.
    pub may: bool,
    pub left: i32,
    /// What the register said instead: text `represent-refused-…`.
    pub refused: Option<&'static str>,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Add {
    const TEMPLATE: &'static str = "account/acting_add";
    fn samples() -> Vec<Self> {
        super::samples::adds()
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
}

#[derive(Default)]
struct Back {
    typed: Typed,
    error: Option<Error>,
    refused: Option<&'static str>,
}

async fn view(who: &Citizen, kind: PrincipalKind, back: Back) -> Result<Add> {
    let ctx = who.ctx.clone();
    let read = move |c: &mut crate::db::Conn| {
        let id = ctx.person()?;
        let left = throttle::left(c, &ctx, principals::PER_PERSON, &id.to_string())?;
        Ok((person_level(c, &ctx, PersonId(id))?, left))
    };
    let (level, left) = who.app.db.read(read).await?;
    let faults = back.error.as_ref().map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Ok(Add {
        kind: kind.code(),
        name: Field::new("name", &back.typed.name, &faults),
        number: Field::new("number", &back.typed.number, &faults),
        may: level >= REGISTERED,
        left,
        refused: back.refused,
        notice: back.error.as_ref().and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

fn kind(text: &str) -> Result<PrincipalKind> {
    PrincipalKind::from_code(text).ok_or_else(Error::not_found)
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let kind = if asked.kind.is_empty() { PrincipalKind::Legal } else { kind(&asked.kind)? };
    Ok(page::show(&who, &view(&who, kind, Back::default()).await?)?)
}

pub async fn add(who: Citizen, form: Posted) -> Result<HttpResponse, PageError> {
    let kind = kind(form.get("kind"))?;
    let typed = Typed { name: form.get("name").to_owned(), number: form.get("number").to_owned() };
    let mut back = Back { typed: typed.clone(), ..Back::default() };
    let code = match prove(&who, kind, typed).await {
        Ok(Ok(_)) => return Ok(page::redirect("/account/acting", "mandate-held")),
        Ok(Err(refused)) => {
            back.refused = Some(refused);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(e) if e.code() == "level-too-low" => {
            return Ok(to_verify(&format!("/account/acting/add?kind={}", kind.code())));
        }
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany | Kind::Conflict) => {
            let code = status(e.kind());
            back.error = Some(e);
            code
        }
        Err(e) if e.is(Kind::Outside) => {
            // The page answers for it, so the log hears of it here.
            e.log();
            back.error = Some(e);
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(e) => return Err(e.into()),
    };
    Ok(page::show_as(&who, code, &view(&who, kind, back).await?)?)
}

/// Asks the verifier, between the transaction that counts the try and the one that keeps the answer.
async fn prove(
    who: &Citizen,
    kind: PrincipalKind,
    typed: Typed,
) -> Result<std::result::Result<MandateId, &'static str>> {
    let ctx = who.ctx.clone();
    let claim: Claim = who.app.db.write(move |c| principals::begin(c, &ctx, kind, &typed)).await?;
    let ctx = who.ctx.clone();
    match who.app.verifier.check(&claim.question()).await {
        Ok(reply) => {
            let said = Said::from(reply);
            who.app.db.write(move |c| flows::represent(c, &ctx, &claim, &said)).await
        }
        Err(e) => {
            who.app.db.write(move |c| principals::give_up(c, &ctx)).await?;
            Err(e)
        }
    }
}
