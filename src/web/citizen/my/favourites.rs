//! The items that a citizen keeps at hand.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::catalogue::{self, Shelf};
use crate::kernel::Text;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::web::public::shown::Row;

#[derive(Debug, Serialize)]
pub struct Favourites {
    rows: Vec<Row>,
    kept: Vec<Guided>,
    /// Favourites that are withdrawn.
    gone: usize,
}

/// A result of guidance.
#[derive(Debug, Serialize)]
struct Guided {
    address: String,
    name: Text,
}

impl View for Favourites {
    const TEMPLATE: &'static str = "my/favourites";
    fn samples() -> Vec<Self> {
        let kept =
            Guided { address: "/topics/x?form.a=1&go=1".into(), name: Text::new("开餐馆 <b>", "A restaurant <b>") };
        vec![
            Self { rows: vec![Row::sample(), Row::sample_at_once()], kept: vec![kept], gone: 1 },
            Self { rows: vec![], kept: vec![], gone: 0 },
        ]
    }
}

pub async fn show(who: Citizen) -> Result<HttpResponse, PageError> {
    let (ctx, shelf, lang) = (who.ctx.clone(), who.app.books().shelf, who.ctx.lang);
    let load = move |c: &mut crate::db::Conn| Ok((catalogue::favourites(c, &ctx)?, catalogue::kept_guidance(c, &ctx)?));
    let (all, kept) = who.app.db.read(load).await?;
    let kept = kept.into_iter().filter_map(|address| Some(Guided { name: name(&shelf, &address)?, address })).collect();
    let rows: Vec<Row> =
        all.iter().filter_map(|id| shelf.by_item(*id).ok()).map(|i| Row::new(&shelf, &i, lang, "")).collect();
    let gone = all.len() - rows.len();
    Ok(page::show(&who, &Favourites { rows, kept, gone })?)
}

/// What a result of guidance is about; nothing when that is gone.
fn name(shelf: &Shelf, address: &str) -> Option<Text> {
    let path = address.split('?').next()?;
    if let Some(key) = path.strip_prefix("/topics/") {
        return Some(shelf.topic(key).ok()?.name.clone());
    }
    let slug = path.strip_prefix("/items/")?.strip_suffix("/situation")?;
    Some(shelf.by_slug(slug).ok()?.elements.name.clone())
}
