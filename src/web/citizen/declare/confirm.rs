//! What cannot be taken back is asked about once more: discarding a draft, removing a file.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{case_id, citizen, draft, elsewhere};
use crate::cases::{self, CaseId, FileId};
use crate::catalogue;
use crate::flows;
use crate::kernel::{Id, Result, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted};
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;

#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    /// `discard` or `remove`
    pub what: &'static str,
    pub title: Text,
    /// The file's name.
    pub file: String,
    pub action: String,
    pub back: String,
    /// Where a discarded draft leads: `anew`, or nothing.
    pub then: &'static str,
}

impl View for Confirm {
    const TEMPLATE: &'static str = "citizen/declare_confirm";
    fn samples() -> Vec<Self> {
        let one = |what, file: &str, then| Self {
            what,
            title: Text::new("食品经营许可 <新办>", "Food licence <new>"),
            file: file.into(),
            action: "/declare/drafts/1/discard".into(),
            back: "/declare/drafts/1".into(),
            then,
        };
        vec![one("discard", "", "anew"), one("discard", "", ""), one("remove", "a <b>.pdf", "")]
    }
}

/// Where a discarded draft leads.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub then: String,
}

/// `anew` begins again at the item; else to the person's own pages.
fn then(asked: &str) -> &'static str {
    if asked == "anew" { "anew" } else { "" }
}

pub async fn ask_discard(
    who: Citizen,
    path: web::Path<String>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    Ok(ask(&who, id, None, then(&asked.then)).await.or_else(|e| elsewhere(id, e))?)
}

async fn ask(who: &Citizen, id: CaseId, file: Option<FileId>, then: &'static str) -> Result<HttpResponse> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let found = who.app.db.read(move |c| {
        let case = draft(c, &ctx, id)?;
        let file = file.map(|f| cases::file(c, &ctx, &case, f)).transpose()?;
        Ok((catalogue::version_doc(c, &books.shelf, case.version_id)?, file))
    });
    let (item, file) = found.await?;
    let base = format!("/declare/drafts/{id}");
    let (what, action, back) = match &file {
        Some(f) => ("remove", format!("{base}/files/{}/remove", f.id), format!("{base}/materials")),
        None => ("discard", format!("{base}/discard"), base),
    };
    let file = file.map(|f| f.name).unwrap_or_default();
    page::show(who, &Confirm { what, title: item.elements.name.clone(), file, action, back, then })
}

/// The form of this page says so; another one's does not, and is asked.
fn is_sure(posted: &Fields) -> bool {
    posted.get("sure") == "1"
}

pub async fn discard(who: Anyone, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let who = match citizen(who, &format!("/declare/drafts/{id}/discard"))? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    let then = then(posted.get("then"));
    if !is_sure(&posted) {
        return Ok(ask(&who, id, None, then).await.or_else(|e| elsewhere(id, e))?);
    }
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let gone = who.app.db.write(move |c| {
        let case = draft(c, &ctx, id)?;
        cases::discard(c, &ctx, &case)?;
        Ok(catalogue::version_doc(c, &books.shelf, case.version_id)?.elements.slug.clone())
    });
    match gone.await {
        Ok(slug) if then == "anew" => Ok(page::redirect(&format!("/declare/{slug}"), "draft-discarded")),
        Ok(_) => Ok(page::redirect("/my", "draft-discarded")),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

/// Takes the draft over to the item's version in force.
pub async fn renew(who: Anyone, path: web::Path<String>, _: Posted) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let back = format!("/declare/drafts/{id}");
    let who = match citizen(who, &back)? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    match who.app.db.write(move |c| flows::renew_draft(c, &ctx, &books, id)).await {
        Ok(()) => Ok(page::redirect(&back, "draft-renewed")),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}

fn ids(path: &(String, String)) -> Result<(CaseId, FileId)> {
    Ok((case_id(&path.0)?, FileId(path.1.parse::<Id>()?)))
}

pub async fn ask_remove(who: Citizen, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (id, file) = ids(&path)?;
    Ok(ask(&who, id, Some(file), "").await.or_else(|e| elsewhere(id, e))?)
}

pub async fn remove(who: Anyone, path: web::Path<(String, String)>, posted: Posted) -> Result<HttpResponse, PageError> {
    let (id, file) = ids(&path)?;
    let back = format!("/declare/drafts/{id}/materials");
    let who = match citizen(who, &back)? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    if !is_sure(&posted) {
        return Ok(ask(&who, id, Some(file), "").await.or_else(|e| elsewhere(id, e))?);
    }
    let ctx = who.ctx.clone();
    let gone = who.app.db.write(move |c| {
        let case = draft(c, &ctx, id)?;
        cases::drop_file(c, &ctx, &case, file)
    });
    match gone.await {
        Ok(()) => Ok(page::redirect(&back, "declare-removed")),
        Err(e) => Ok(elsewhere(id, e)?),
    }
}
