//! The work list of a hall: what has to be looked at, what can be accepted, what waits for its applicant.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::cases::{self, DeskKind, DeskStep};
use crate::catalogue::Shelved;
use crate::kernel::{FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::field::Field;
use crate::web::guard::Clerk;
use crate::web::page;
use crate::web::worklist::{self, Asked, Worklist};
use crate::windows::{self, Function, HallId};

#[derive(Debug, Serialize)]
pub struct Hall {
    pub hall: Text,
    /// A number that was looked for and is not here.
    pub number: Field,
    pub list: Worklist,
}

impl View for Hall {
    const TEMPLATE: &'static str = "hall/list";
    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

const TABS: &[DeskStep] = &[DeskStep::PreAccept, DeskStep::Accept, DeskStep::Waiting];

pub async fn show(who: Clerk, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let number = asked.number.as_deref().map(str::trim).unwrap_or_default();
    if number.is_empty() {
        return Ok(page::show(&who, &view(&who, &asked, Field::new("number", "", &[])).await?)?);
    }
    let (ctx, wanted) = (who.ctx.clone(), number.to_owned());
    match who.app.db.read(move |c| cases::at_hall_by_number(c, &ctx, &wanted)).await {
        Ok(case) => Ok(page::redirect(&format!("/hall/cases/{}", case.id), "")),
        Err(e) if e.is(Kind::NotFound) => {
            let fault = FieldError { field: "number".into(), code: "number-unknown", value: None };
            let view = view(&who, &asked, Field::new("number", number, &[fault])).await?;
            Ok(page::show_as(&who, StatusCode::NOT_FOUND, &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn view(who: &Clerk, asked: &Asked, number: Field) -> Result<Hall> {
    let (_, hall) = who.ctx.clerk()?;
    let read = move |c: &mut crate::db::Conn| {
        let hall = HallId(hall);
        Ok((windows::hall(c, hall)?.name, windows::items_of_hall(c, hall, Function::Verify)?))
    };
    let (name, granted) = who.app.db.read(read).await?;
    let books = who.app.books();
    let items = books.shelf.items().iter().map(AsRef::as_ref);
    let items: Vec<&Shelved> = items.filter(|i| granted.contains(&i.item_id)).collect();
    let desk = worklist::Desk {
        kind: DeskKind::Hall,
        steps: TABS,
        base: "/hall",
        first: DeskStep::PreAccept,
        own: &TABS[..2],
    };
    Ok(Hall { hall: name, number, list: worklist::read(who, &desk, asked, &items).await? })
}
