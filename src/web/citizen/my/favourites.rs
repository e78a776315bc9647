//! The items that a citizen keeps at hand.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::catalogue;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::shown::Row;

#[derive(Debug, Serialize)]
pub struct Favourites {
    rows: Vec<Row>,
    /// Favourites that are withdrawn.
    gone: usize,
}

impl View for Favourites {
    const TEMPLATE: &'static str = "my/favourites";
    fn samples() -> Vec<Self> {
        vec![Self { rows: vec![Row::sample(), Row::sample_at_once()], gone: 1 }, Self { rows: vec![], gone: 0 }]
    }
}

pub async fn show(who: Citizen) -> Result<HttpResponse, PageError> {
    let (ctx, shelf, lang) = (who.ctx.clone(), who.app.books().shelf, who.ctx.lang);
    let all = who.app.db.read(move |c| catalogue::favourites(c, &ctx)).await?;
    let rows: Vec<Row> =
        all.iter().filter_map(|id| shelf.by_item(*id).ok()).map(|i| Row::new(&shelf, &i, lang, "")).collect();
    let gone = all.len() - rows.len();
    Ok(page::show(&who, &Favourites { rows, gone })?)
}
