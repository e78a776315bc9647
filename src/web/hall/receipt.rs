//! What the applicant takes home from the window: the numbers, the query code, and what was handed over. To be printed.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::audit::looks::{Look, Purpose};
use crate::cases::{self, CaseId, Channel};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::Books;
use crate::kernel::{Ctx, Error, Id, Result, Text, Ts};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Clerk;
use crate::web::qr::qr;
use crate::web::{looks, notice, page};
use crate::windows::{self, HallId};

#[derive(Debug, Serialize)]
pub struct Receipt {
    pub id: String,
    pub title: Text,
    pub applicant: String,
    pub agent: String,
    pub receipt_no: String,
    pub case_no: String,
    pub query_code: String,
    pub submitted_at: Option<Ts>,
    /// The applicant has an account, which can be verified here.
    pub has_account: bool,
    /// The last day on which the office has to answer.
    pub answer_by: Option<String>,
    pub department: Text,
    pub hall: Text,
    pub hall_address: Text,
    pub hall_phone: String,
    /// Address of the progress page, and its QR code.
    pub progress: String,
    pub qr: String,
    pub clerk: String,
    pub materials: Vec<Handed>,
}

#[derive(Debug, Serialize)]
pub struct Handed {
    pub name: Text,
    pub files: usize,
    pub on_paper: bool,
}

impl View for Receipt {
    const TEMPLATE: &'static str = "hall/receipt";
    fn samples() -> Vec<Self> {
        super::samples::receipts()
    }
}

pub async fn show(who: Clerk, path: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let progress = notice::progress_address(&who.app.config.server.public_url);
    let (object, purpose) = (("case", id.0), Purpose::Accept);
    let look = Look { action: "case.print-receipt", object, part: None, purpose };
    let view = looks::at(&who, look, move |c| read(c, &ctx, &books, id, progress.clone())).await?;
    Ok(page::show(&who, &view)?)
}

/// Of a case that was declared at a window of this hall. The look is recorded: the page shows the query code.
fn read(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId, progress: String) -> Result<(Receipt, Option<Id>)> {
    let case = cases::at_hall(c, ctx, id)?;
    if case.channel != Channel::Window {
        return Err(Error::not_found());
    }
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let applicant = cases::content(c, ctx, &case)?.applicant;
    let (files, on_paper) = (cases::files(c, ctx, &case)?, cases::on_paper(c, &case)?);
    let handed = |m: &catalogue::Material| {
        let files = files.iter().filter(|f| f.key == m.key).count();
        let on_paper = on_paper.contains(&m.key);
        (files > 0 || on_paper).then(|| Handed { name: m.name.clone(), files, on_paper })
    };
    let hall = windows::hall(c, HallId(case.hall_id))?;
    let person = looks::person(&case);
    let receipt = Receipt {
        id: id.to_string(),
        title: item.elements.name.clone(),
        applicant: applicant.name,
        agent: applicant.agent_name,
        receipt_no: case.receipt().to_owned(),
        query_code: cases::query_code(c, ctx, &case)?,
        submitted_at: case.submitted_at,
        has_account: case.person_id.is_some(),
        answer_by: case.accept_by.map(|d| d.to_string()),
        department: books.shelf.department(case.department_id.0)?.name.clone(),
        hall: hall.name,
        hall_address: hall.about.address,
        hall_phone: hall.about.phone,
        qr: qr(&progress)?,
        progress,
        clerk: ctx.staff()?.name.clone(),
        materials: item.elements.materials.iter().filter_map(handed).collect(),
        case_no: case.case_no.unwrap_or_default(),
    };
    Ok((receipt, person))
}
