//! Step 3: everything once more, and handing in.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::missing::{Missing, Place, missing};
use super::{Draft, Head, case_id, citizen, draft, elsewhere, load};
use crate::cases::CaseId;
use crate::catalogue::{self, Act};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Error, FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::dossier::{Dossier, dossier};
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;
use crate::web::public::assurance::place::{self, Of};
use crate::windows::{self, HallId};

#[derive(Debug, Clone, Serialize)]
pub struct Review {
    pub head: Head,
    pub dossier: Dossier,
    pub department: Text,
    pub hall: Text,
    pub missing: Vec<Missing>,
    /// Nothing is in the way.
    pub is_ready: bool,
    /// The declaration that it is true was not ticked.
    pub is_unsigned: bool,
    /// It was ticked, and something else kept it from being handed in.
    pub has_agreed: bool,
    pub notice: Option<String>,
}

impl View for Review {
    const TEMPLATE: &'static str = "citizen/declare_review";
    fn samples() -> Vec<Self> {
        super::samples::reviews()
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Agreed {
    /// `1`: the person had ticked it before more was asked of them.
    #[serde(default)]
    agreed: String,
}

pub async fn show(who: Citizen, path: web::Path<String>, said: web::Query<Agreed>) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    match view_of(&who, id).await {
        Ok(view) => Ok(page::show(&who, &Review { has_agreed: said.agreed == "1", ..view })?),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

async fn view_of(who: &Citizen, id: CaseId) -> Result<Review> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.read(move |c| read(c, &ctx, &books, id)).await
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Review> {
    let draft = load(c, ctx, books, id)?;
    let head = draft.head(3);
    let base = format!("/declare/drafts/{id}");
    let codes = books.shelf.codes();
    let missing = missing(&draft, &of_form_and_materials(&draft), Place::Review);
    Ok(Review {
        dossier: dossier(&draft.item.elements, codes, &draft.content, &draft.files, &HashMap::new(), &base),
        department: books.shelf.department(draft.case.department_id.0)?.name.clone(),
        hall: windows::hall(c, HallId(draft.case.hall_id)).map(|h| h.name).unwrap_or_default(),
        is_ready: missing.is_empty() && head.may_go_on(),
        missing,
        is_unsigned: false,
        has_agreed: false,
        notice: None,
        head,
    })
}

/// Who was not verified is told so above, with the way there.
fn of_form_and_materials(draft: &Draft) -> Vec<FieldError> {
    let is_natural = draft.content.applicant.kind == "1";
    let is_told = |f: &FieldError| is_natural && matches!(f.field.as_str(), "applicant.name" | "applicant.id_number");
    draft.faults.iter().filter(|f| !is_told(f)).cloned().collect()
}

/// Hands in. A second click finds it handed in, and leads to the same case.
pub async fn submit(who: Anyone, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let who = match citizen(who, &format!("/declare/drafts/{id}/review"))? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    if posted.get("agree") != "1" {
        return match view_of(&who, id).await {
            Ok(view) => {
                let view = Review { is_unsigned: true, ..view };
                Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?)
            }
            Err(e) => Ok(handed_in(id, e)?),
        };
    }
    match hand_in(&who, id).await {
        Ok(()) => {
            who.app.wake.notify_waiters();
            Ok(done(id))
        }
        Err(e) if e.code() == "case-moved" => Ok(done(id)),
        Err(e) if place::is_unmet(&e) => {
            let back = format!("/declare/drafts/{id}/review?agreed=1#agree");
            Ok(page::redirect(&place::step_up(Act::Sign, Of::Case(id), &back), ""))
        }
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden) => {
            let said = notice(who.ctx.lang, &e);
            let view = Review { notice: said, ..view_of(&who, id).await? };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

fn done(id: CaseId) -> HttpResponse {
    page::redirect(&format!("/declare/drafts/{id}/done"), "")
}

/// What was handed in by the first of two clicks is done for the second one, too.
fn handed_in(id: CaseId, error: Error) -> Result<HttpResponse> {
    if error.code() == "case-moved" { Ok(done(id)) } else { Err(error) }
}

async fn hand_in(who: &Citizen, id: CaseId) -> Result<()> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let code = who.app.db.read(move |c| {
        let case = draft(c, &ctx, id)?;
        Ok(catalogue::version_doc(c, &books.shelf, case.version_id)?.elements.code.clone())
    });
    let numbers = who.app.numbers(&code.await?).await?;
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.write(move |c| flows::submit(c, &ctx, &books, id, &numbers)).await.map(|_| ())
}
