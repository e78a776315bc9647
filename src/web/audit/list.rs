//! The log, narrowed by what an audit administrator asks for. That they look is recorded.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::asked::{Asked, Form, Meant};
use super::names::{Names, Row};
use crate::audit::Seen;
use crate::audit::search::{self, Filter};
use crate::db::Conn;
use crate::kernel::{FieldError, Id, Result, crypto};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Auditor;
use crate::web::page;

/// Rows a page.
const ROWS: usize = 50;

#[derive(Debug, Default, Serialize)]
pub struct Log {
    pub form: Form,
    pub rows: Vec<Row>,
    /// Query of the next page, and of the first one when this is another.
    pub next: Option<String>,
    pub first: Option<String>,
    /// Query of the same for an export.
    pub query: String,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Log {
    const TEMPLATE: &'static str = "audit/list";
    fn samples() -> Vec<Self> {
        super::samples::logs()
    }
}

pub async fn show(who: Auditor, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let asked = asked.into_inner().or_days(who.ctx.now.day());
    let (ctx, sought) = (who.ctx.clone(), asked.clone());
    let Meant { filter, entry, faults } = who.app.db.read(move |c| sought.meant(c, &ctx)).await?;
    if let Some(id) = entry {
        return Ok(page::redirect(&format!("/audit/entries/{id}"), ""));
    }
    let form = Form::new(&asked, &faults);
    if !faults.is_empty() {
        let view = Log { form, faults, query: asked.query(), ..Log::default() };
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    recorded(&who, &filter).await?;
    let (ctx, books, is_first) = (who.ctx.clone(), who.app.books(), filter.before.is_none());
    let read = move |c: &mut Conn| {
        let found = search::list(c, &ctx, &filter, ROWS)?;
        let names = Names::of(c, &ctx, &books, &found.rows)?;
        Ok(found.map(|e| names.row(&e)))
    };
    let found = who.app.db.read(read).await?;
    let query = asked.query();
    let view = Log {
        form,
        rows: found.rows,
        next: found.next.map(|n| format!("{query}&after={}", n.id)),
        first: (!is_first).then(|| query.clone()),
        query,
        ..Log::default()
    };
    Ok(page::show(&who, &view)?)
}

/// Records the search, once in ten minutes for the same one: its further pages are the same.
async fn recorded(who: &Auditor, filter: &Filter) -> Result<()> {
    let mut mark = [0; 16];
    mark.copy_from_slice(&crypto::sha256(&serde_json::to_vec(filter)?)[..16]);
    let object = Some(Id::from_bytes(mark));
    let seen = Seen { actor: who.ctx.actor.id(), action: "audit.search", object, part: None };
    if !who.app.recent.is_new(&seen, who.ctx.now) {
        return Ok(());
    }
    let (ctx, filter) = (who.ctx.clone(), filter.clone());
    who.app.db.write(move |c| search::searched(c, &ctx, &filter)).await?;
    who.app.recent.saw(seen, who.ctx.now);
    Ok(())
}
