//! The progress of a case for who has its number and its query code: no login, and nothing in the address, which ends in logs.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::case;
use super::shown::{self, Offices, Passed, Standing};
use crate::cases;
use crate::catalogue;
use crate::db::Conn;
use crate::flows::{self, Books, ProgressAsked};
use crate::kernel::{Ctx, Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::doors;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::public::login::required;

#[derive(Debug, Default, Serialize)]
pub struct Progress {
    pub no: Field,
    pub code: Field,
    pub found: Option<Found>,
    pub faults: Vec<crate::kernel::FieldError>,
    pub notice: Option<String>,
}

/// What the public sees of a case; nothing that anybody wrote, no name.
#[derive(Debug, Serialize)]
pub struct Found {
    pub title: Text,
    pub receipt_no: String,
    pub submitted_at: Option<Ts>,
    pub standing: Standing,
    pub steps: Vec<Passed>,
    pub hall: Option<Text>,
    pub department: Text,
    pub consult: String,
}

impl View for Progress {
    const TEMPLATE: &'static str = "my/progress";
    fn samples() -> Vec<Self> {
        super::samples::progresses()
    }
}

pub async fn show(who: Anyone) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &Progress::new("", "", vec![]))?)
}

impl Progress {
    pub(super) fn new(no: &str, code: &str, faults: Vec<crate::kernel::FieldError>) -> Self {
        Self { no: Field::new("no", no, &faults), code: Field::new("code", code, &faults), faults, ..Self::default() }
    }
}

pub async fn ask(who: Anyone, req: HttpRequest, form: Posted) -> Result<HttpResponse, PageError> {
    let (no, code) = (form.get("no"), form.get("code"));
    let faults = required(&[("no", no, "progress-no-missing"), ("code", code, "progress-code-missing")]);
    if !faults.is_empty() {
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &Progress::new(no, code, faults))?);
    }
    let asked = ProgressAsked { no: no.to_owned(), code: code.to_owned(), address: doors::address(&who, &req) };
    let (ctx, books, look) = (who.ctx.clone(), who.app.books(), asked.clone());
    let error = match who.app.db.read(move |c| find(c, &ctx, &books, &look)).await {
        Ok(found) => return Ok(page::show(&who, &Progress { found: Some(found), ..Progress::new("", "", vec![]) })?),
        Err(e) if matches!(e.kind(), Kind::Invalid | Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let ctx = who.ctx.clone();
    let counted = who.app.db.write(move |c| flows::progress_refused(c, &ctx, &asked)).await;
    let error = match counted {
        Ok(()) => error,
        Err(e) if e.is(Kind::TooMany) => e,
        Err(e) => return Err(e.into()),
    };
    let view = Progress { notice: notice(who.ctx.lang, &error), ..Progress::new(no, code, vec![]) };
    Ok(page::show_as(&who, status(error.kind()), &view)?)
}

fn find(c: &mut Conn, ctx: &Ctx, books: &Books, asked: &ProgressAsked) -> Result<Found> {
    let case = flows::progress_of(c, ctx, asked)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let hall = case::hall(c, case.hall_id)?.map(|h| h.name);
    let department = books.shelf.department(case.department_id.0)?.name.clone();
    let offices = Offices { hall: hall.clone(), department: department.clone() };
    let correct_by = cases::open_correction_of(c, &(&case).into())?.map(|x| x.due_on);
    let happened = cases::timeline(c, &case)?;
    Ok(Found {
        title: item.elements.name.clone(),
        receipt_no: case.receipt().to_owned(),
        submitted_at: case.submitted_at,
        standing: shown::standing(&books.plan, ctx.now.day(), &(&case).into(), correct_by),
        steps: shown::passed(&case, &happened, &offices, false),
        hall,
        department,
        consult: item.elements.contact.consult.clone(),
    })
}
