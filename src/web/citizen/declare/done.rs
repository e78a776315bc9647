//! It was handed in: the numbers, the query code, and what happens next. To be printed or kept.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::case_id;
use crate::cases::{self, CaseId, State};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::Books;
use crate::identity::{self, PersonId};
use crate::kernel::{Ctx, Result, Text, Ts, mask};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::windows::{self, HallId};

#[derive(Debug, Clone, Serialize)]
pub struct Done {
    id: String,
    title: Text,
    applicant: String,
    receipt_no: String,
    case_no: String,
    query_code: String,
    submitted_at: Option<Ts>,
    /// The last day on which the office has to answer.
    answer_by: String,
    department: Text,
    hall: Text,
    hall_phone: String,
    /// Where news goes, masked; empty without a mail address.
    mail: String,
}

impl View for Done {
    const TEMPLATE: &'static str = "citizen/declare_done";
    fn samples() -> Vec<Self> {
        let text = || Text::new("食品经营许可 <新办>", "Food licence <new>");
        let full = Self {
            id: "1".into(),
            title: text(),
            applicant: "云川市小满面馆 <b>".into(),
            receipt_no: "260302000017".into(),
            case_no: "11440100007482575H3440118009000202611220001230".into(),
            query_code: "K7MP2QXA".into(),
            submitted_at: Some(Ts::from_micros(1_770_000_000_000_000)),
            answer_by: "2026-03-09".into(),
            department: text(),
            hall: text(),
            hall_phone: "0980-8120000".into(),
            mail: "l***@example.com".into(),
        };
        vec![full.clone(), Self { mail: String::new(), hall: Text::default(), hall_phone: String::new(), ..full }]
    }
}

pub async fn show(who: Citizen, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = case_id(&path)?;
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    match who.app.db.read(move |c| read(c, &ctx, &books, id)).await {
        Ok(Some(view)) => Ok(page::show(&who, &view)?),
        Ok(None) => Ok(page::redirect(&format!("/declare/drafts/{id}/review"), "")),
        Err(e) => Err(e.into()),
    }
}

/// Nothing, while it is a draft.
fn read(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Option<Done>> {
    let case = cases::mine(c, ctx, id)?;
    if case.state == State::Draft {
        return Ok(None);
    }
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let hall = windows::hall(c, HallId(case.hall_id)).ok();
    let mail = identity::person_facts(c, ctx, PersonId(ctx.person()?))?.email;
    Ok(Some(Done {
        id: id.to_string(),
        title: item.elements.name.clone(),
        applicant: cases::content(c, ctx, &case)?.applicant.name,
        receipt_no: case.receipt().to_owned(),
        query_code: cases::query_code(c, ctx, &case)?,
        submitted_at: case.submitted_at,
        answer_by: case.accept_by.map(|d| d.to_string()).unwrap_or_default(),
        department: books.shelf.department(case.department_id.0)?.name.clone(),
        hall_phone: hall.as_ref().map(|h| h.about.phone.clone()).unwrap_or_default(),
        hall: hall.map(|h| h.name).unwrap_or_default(),
        mail: mail.map(|m| mask::email(&m)).unwrap_or_default(),
        case_no: case.case_no.unwrap_or_default(),
    }))
}
