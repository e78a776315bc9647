//! How far a file of the implementing list has come that somebody has taken in, and what came of it.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::catalogue::imports::{self, Import, ImportId, ImportState};
use crate::identity::StaffId;
use crate::kernel::{Id, Result, Ts};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Taking {
    import: Import,
    /// No process has begun yet.
    is_first: bool,
}

impl View for Taking {
    const TEMPLATE: &'static str = "catalogue/taking";
    fn samples() -> Vec<Self> {
        all().into_iter().map(|import| Self { is_first: import.place == 0, import }).collect()
    }
}

/// Imports in all their states, for samples.
pub(super) fn all() -> Vec<Import> {
    let half = Import { place: 450, submitted: 430, unchanged: 15, left_out: 5, ..sample() };
    let ended = Import { ended_at: Some(Ts::default()), ..half.clone() };
    let done = Import { state: ImportState::Done, place: 900, ..ended.clone() };
    let others = Import { under_way: 3, not_kept: 2, ..done.clone() };
    let nothing = Import { submitted: 0, unchanged: 900, left_out: 0, ..done.clone() };
    let failed = Import { state: ImportState::Failed, error: Some("import-broken".into()), ..ended };
    vec![sample(), half, done, others, nothing, failed]
}

fn sample() -> Import {
    Import {
        id: ImportId(Id::random()),
        staff_id: StaffId(Id::random()),
        name: "实施清单 <b>.xlsx".into(),
        state: ImportState::Waiting,
        error: None,
        total: 900,
        place: 0,
        submitted: 0,
        under_way: 0,
        not_kept: 0,
        unchanged: 0,
        left_out: 0,
        created_at: Ts::default(),
        ended_at: None,
    }
}

pub async fn show(who: Keeper, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let (ctx, id) = (who.ctx.clone(), id.parse()?);
    let import = who.app.db.glance(move |c| imports::import(c, &ctx, id)).await?;
    Ok(page::show(&who, &Taking { is_first: import.place == 0, import })?)
}
