//! One case of mine on one page: how it stands, what I have to do, the papers, what I declared.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::shown::{self, Offices, Passed, Standing};
use crate::cases::{self, Case, CaseId, Event, FileId, FileRole, NoticeKind, State, StoredFile};
use crate::catalogue::{self, Act, Shelved};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Day, Error, Id, Kind, Result, Text, Ts};
use crate::render::{View, texts};
use crate::web::dossier::{Dossier, dossier};
use crate::web::error::{self, PageError};
use crate::web::guard::Citizen;
use crate::web::notice::NoticeLink;
use crate::web::public::assurance::place::{self, Of};
use crate::web::told::{Told, told};
use crate::web::{page, stored};
use crate::windows::{self, Hall, HallId};

#[derive(Debug, Serialize)]
pub struct CasePage {
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub case_no: String,
    pub query_code: String,
    /// Text `case-channel-…`.
    pub channel: &'static str,
    pub submitted_at: Option<Ts>,
    pub standing: Standing,
    /// Text `my-next-…`.
    pub next: &'static str,
    pub correction: Option<Asked>,
    /// What a refusal said.
    pub refusal: Option<Refusal>,
    pub dossier: Dossier,
    pub notices: Vec<NoticeLink>,
    pub steps: Vec<Passed>,
    pub may_withdraw: bool,
    /// The result is there, and taking it asks for more than the person has shown so far.
    pub is_collect_low: bool,
    pub hall: Option<Place>,
    pub department: Text,
    pub consult: String,
    pub complain: String,
    /// Why what was asked could not be done.
    pub notice: Option<String>,
}

/// The open request for correction.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    pub asked_at: Ts,
    pub defects: Vec<Told>,
    pub note: String,
    pub due_on: Day,
}

#[derive(Debug, Clone, Serialize)]
pub struct Refusal {
    pub reason: String,
    pub remedy: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Place {
    pub code: String,
    pub name: Text,
    pub address: Text,
    pub phone: String,
}

impl View for CasePage {
    const TEMPLATE: &'static str = "my/case";
    fn samples() -> Vec<Self> {
        super::samples::cases()
    }
}

pub async fn show(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    match load(&who, id).await? {
        Some(view) => Ok(page::show(&who, &view)?),
        None => Ok(page::redirect(&format!("/declare/drafts/{id}"), "")),
    }
}

/// The page as the case is now; none for a draft, which has a page of its own.
pub(super) async fn load(who: &Citizen, id: CaseId) -> Result<Option<CasePage>> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.read(move |c| read(c, &ctx, &books, id)).await
}

/// The case's page with the reason why something could not be done, as when it has moved on since.
pub(super) async fn refused(who: &Citizen, id: CaseId, e: Error) -> Result<HttpResponse> {
    if !matches!(e.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden) {
        return Err(e);
    }
    let mut view = load(who, id).await?.ok_or_else(Error::not_found)?;
    view.notice = Some(texts().with_texts(who.ctx.lang, &format!("error-{}", e.code()), e.args()));
    let status = if e.is(Kind::Invalid) { StatusCode::UNPROCESSABLE_ENTITY } else { error::status(e.kind()) };
    page::show_as(who, status, &view)
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Option<CasePage>> {
    let case = cases::mine(c, ctx, id)?;
    if case.state == State::Draft {
        return Ok(None);
    }
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let open = cases::open_correction_of(c, &(&case).into())?;
    let hall = hall(c, case.hall_id)?;
    let department = books.shelf.department(case.department_id.0)?.name.clone();
    let offices = Offices { hall: hall.as_ref().map(|h| h.name.clone()), department: department.clone() };
    let happened = cases::timeline(c, &case)?;
    let notices = cases::notices(c, ctx, &case)?;
    let refusal = notices.iter().rfind(|n| matches!(n.kind, NoticeKind::NotAccepted | NoticeKind::Refused));
    let dossier = declared(c, ctx, books, &case, &item, false)?;
    let is_collect_low = !dossier.results.is_empty() && flows::require_for(c, ctx, books, &case, Act::Collect).is_err();
    let standing = shown::standing(&books.plan, ctx.now.day(), &(&case).into(), open.as_ref().map(|x| x.due_on));
    Ok(Some(CasePage {
        id: id.to_string(),
        title: item.elements.name.clone(),
        receipt_no: case.receipt().to_owned(),
        case_no: case.case_no.clone().unwrap_or_default(),
        query_code: cases::query_code(c, ctx, &case)?,
        channel: case.channel.code(),
        submitted_at: case.submitted_at,
        next: next(standing.state, &dossier),
        standing,
        correction: open.map(|x| Asked {
            asked_at: x.asked_at,
            defects: told(&item.elements, x.defects),
            note: x.note,
            due_on: x.due_on,
        }),
        refusal: refusal.map(|n| Refusal { reason: n.doc.reason.clone(), remedy: n.doc.remedy.clone() }),
        dossier,
        notices: notices.iter().map(NoticeLink::of).collect(),
        steps: shown::passed(&case, &happened, &offices, true),
        may_withdraw: cases::state::may(case.state, Event::Withdraw),
        is_collect_low,
        hall: hall.map(place),
        department,
        consult: item.elements.contact.consult.clone(),
        complain: item.elements.contact.complain.clone(),
        notice: None,
    }))
}

/// What comes next, in a sentence.
pub(super) fn next(state: &'static str, dossier: &Dossier) -> &'static str {
    if state == "granted" && !dossier.results.is_empty() { "granted-file" } else { state }
}

/// What was declared and handed in. Numbers of identity are masked unless the page is the declaration itself; a clerk's verdicts are
/// inner to the office until a correction tells them.
pub(super) fn declared(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    case: &Case,
    item: &Shelved,
    is_whole: bool,
) -> Result<Dossier> {
    let content = cases::content(c, ctx, case)?;
    let files: Vec<StoredFile> = cases::files(c, ctx, case)?.into_iter().filter(|f| f.is_sent).collect();
    let verdicts = std::collections::HashMap::new();
    let base = format!("/my/cases/{}", case.id);
    let mut d = dossier(&item.elements, books.shelf.codes(), &content, &files, &verdicts, &base);
    if !is_whole {
        d.mask();
    }
    Ok(d)
}

/// A hall that has closed since is not shown.
pub(super) fn hall(c: &mut Conn, id: Id) -> Result<Option<Hall>> {
    match windows::hall(c, HallId(id)) {
        Ok(hall) => Ok(Some(hall)),
        Err(e) if e.is(Kind::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

fn place(h: Hall) -> Place {
    Place { code: h.code, name: h.name, address: h.about.address, phone: h.about.phone }
}

/// A file of mine: a material or the result.
pub async fn file(who: Citizen, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (case, file) = path.into_inner();
    let (case, id) = (CaseId(case.parse::<Id>()?), FileId(file.parse::<Id>()?));
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let found = who.app.db.read(move |c| {
        let own = cases::mine(c, &ctx, case)?;
        let file = cases::file(c, &ctx, &own, id)?;
        let act = if file.role == FileRole::Result { Act::Collect } else { Act::View };
        Ok((flows::require_for(c, &ctx, &books, &own, act), act, file))
    });
    let (may, act, file) = found.await?;
    match may {
        Ok(()) => Ok(stored::send(&who.app, &file).await?),
        Err(e) => Ok(place::lead(e, act, Of::Case(case), &who.here)?),
    }
}

/// The declaration as it was handed in, to print and sign.
#[derive(Debug, Serialize)]
pub struct Declaration {
    pub id: String,
    pub title: Text,
    pub department: Text,
    pub receipt_no: String,
    pub case_no: String,
    pub submitted_at: Option<Ts>,
    pub dossier: Dossier,
    pub on_paper: Vec<String>,
}

impl View for Declaration {
    const TEMPLATE: &'static str = "my/declaration";
    fn samples() -> Vec<Self> {
        super::samples::declarations()
    }
}

pub async fn declaration(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let made = who
        .app
        .db
        .read(move |c| {
            let case = cases::mine(c, &ctx, id)?;
            if case.state == State::Draft {
                return Err(Error::not_found());
            }
            flows::require_for(c, &ctx, &books, &case, Act::View)?;
            let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
            Ok(Declaration {
                id: id.to_string(),
                title: item.elements.name.clone(),
                department: books.shelf.department(case.department_id.0)?.name.clone(),
                receipt_no: case.receipt().to_owned(),
                case_no: case.case_no.clone().unwrap_or_default(),
                submitted_at: case.submitted_at,
                dossier: declared(c, &ctx, &books, &case, &item, true)?,
                on_paper: cases::on_paper(c, &case)?,
            })
        })
        .await;
    match made {
        Ok(view) => Ok(page::show(&who, &view)?),
        Err(e) => Ok(place::lead(e, Act::View, Of::Case(id), &who.here)?),
    }
}
