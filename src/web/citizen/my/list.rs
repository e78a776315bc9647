//! My cases and drafts, the newest first, and above them what waits for me.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::shown::{self, Standing};
use crate::cases::{self, Case, State};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::Books;
use crate::kernel::{Ctx, Cursor, Result, Text, Ts};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;

/// Rows a page.
const ROWS: usize = 20;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    after: Option<String>,
}

impl Asked {
    /// A key that does not parse means the first page.
    pub fn after(&self) -> Option<Cursor> {
        self.after.as_deref().and_then(Cursor::decode)
    }
}

#[derive(Debug, Serialize)]
pub struct Mine {
    /// What the applicant has to do now: corrections, the most urgent first.
    pub waiting: Vec<Row>,
    pub rows: Vec<Row>,
    pub is_first: bool,
    /// Key of the next page.
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    /// Not `title`: that is the layout's own in a template.
    pub name: Text,
    pub receipt_no: String,
    pub standing: Standing,
    pub is_draft: bool,
    /// When it was handed in, or begun.
    pub at: Ts,
}

impl View for Mine {
    const TEMPLATE: &'static str = "my/list";
    fn samples() -> Vec<Self> {
        super::samples::lists()
    }
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let after = asked.after();
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let view = who.app.db.glance(move |c| read(c, &ctx, &books, after)).await?;
    Ok(page::show(&who, &view)?)
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, after: Option<Cursor>) -> Result<Mine> {
    let found = cases::my_cases(c, ctx, after, ROWS)?;
    let mut waiting = vec![];
    if after.is_none() {
        // Most people have no more cases than a page shows.
        let all = found.next.is_none();
        let wait = |case: &&Case| case.state == State::Correcting;
        let known = found.rows.iter().filter(wait).cloned().collect();
        for case in if all { known } else { cases::my_corrections(c, ctx)? } {
            waiting.push(row(c, ctx, books, &case)?);
        }
        waiting.sort_by_key(|r| r.standing.due.day);
    }
    let rows = found.rows.iter().map(|case| row(c, ctx, books, case)).collect::<Result<Vec<_>>>()?;
    Ok(Mine { waiting, rows, is_first: after.is_none(), next: found.next.map(|n| n.encode()) })
}

fn row(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Case) -> Result<Row> {
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let correct_by = cases::open_correction_of(c, case)?.map(|x| x.due_on);
    let is_draft = case.state == State::Draft;
    Ok(Row {
        href: if is_draft { format!("/declare/drafts/{}", case.id) } else { format!("/my/cases/{}", case.id) },
        name: item.elements.name.clone(),
        receipt_no: case.receipt().to_owned(),
        standing: shown::standing(&books.plan, ctx.now.day(), case, correct_by),
        is_draft,
        at: case.submitted_at.unwrap_or(case.created_at),
    })
}
