//! Before a mandate ends: what follows, and who takes over the open cases.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::db::Conn;
use crate::flows::{self, Ending};
use crate::identity::{MandateEnd, MandateId};
use crate::kernel::{Error, Id, Kind, Result};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::Citizen;
use crate::web::page;

#[derive(Debug, Clone, Serialize)]
pub struct End {
    pub id: String,
    /// Text `mandate-ending-…`: `left`, `declined` or `revoked`.
    pub how: &'static str,
    /// Of who is acted for.
    pub name: String,
    /// Of who holds it.
    pub holder: String,
    /// Cases under way that they are told of.
    pub open: i64,
    /// Who may take those over: the first is who asks.
    pub heirs: Vec<Heir>,
    pub back: String,
    pub notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Heir {
    pub id: String,
    pub name: String,
    pub is_self: bool,
}

impl View for End {
    const TEMPLATE: &'static str = "account/acting_end";
    fn samples() -> Vec<Self> {
        super::samples::ends()
    }
}

async fn view(who: &Citizen, id: MandateId, error: Option<&Error>) -> Result<End> {
    let ctx = who.ctx.clone();
    let ending: Ending = who.app.db.read(move |c: &mut Conn| flows::ending(c, &ctx, id)).await?;
    let heir = |(mandate, name, is_self): (MandateId, String, bool)| Heir { id: mandate.to_string(), name, is_self };
    Ok(End {
        id: id.to_string(),
        how: ending.how.code(),
        name: ending.principal,
        holder: ending.holder,
        open: ending.open,
        heirs: ending.heirs.into_iter().map(heir).collect(),
        back: match ending.managed_by {
            Some(own) => format!("/account/acting/{own}"),
            None => "/account/acting".into(),
        },
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
    })
}

pub async fn ask(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = MandateId(path.parse::<Id>()?);
    Ok(page::show(&who, &view(&who, id, None).await?)?)
}

pub async fn end(who: Citizen, path: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let id = MandateId(path.parse::<Id>()?);
    let heir = match form.get("heir") {
        "" => None,
        text => Some(MandateId(text.parse::<Id>()?)),
    };
    let back = view(&who, id, None).await?.back;
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| flows::end_mandate(c, &ctx, id, heir)).await {
        Ok(why) => {
            let to = if why == MandateEnd::Revoked { back.as_str() } else { "/account/acting" };
            Ok(page::redirect(to, "mandate-ended"))
        }
        Err(e) if matches!(e.kind(), Kind::Conflict | Kind::Invalid) => {
            Ok(page::show_as(&who, status(e.kind()), &view(&who, id, Some(&e)).await?)?)
        }
        Err(e) => Err(e.into()),
    }
}
