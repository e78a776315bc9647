//! My cases and drafts, the newest first, and above them what waits for me.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::shown::{self, Standing};
use crate::cases::{self, Listed, State};
use crate::catalogue::{self, Shelved};
use crate::db::Conn;
use crate::flows::Books;
use crate::kernel::{Ctx, Cursor, Lang, Result, Text, Ts};
use crate::render::{View, texts};
use crate::web::due::Due;
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
    pub rows: Vec<Line>,
    pub is_first: bool,
    /// Key of the next page.
    pub next: Option<String>,
}

/// What has to be done.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    /// Not `title`: that is the layout's own in a template.
    pub name: Text,
    pub due: Due,
}

/// A case in the list, in the page's language: each look of a template at a row costs more than to make the sentence here.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub href: String,
    pub name: String,
    /// Empty for a draft.
    pub receipt_no: String,
    pub told: String,
    pub tone: &'static str,
    pub tag: String,
}

impl Line {
    /// `at`: when it was handed in, or begun.
    pub fn new(lang: Lang, href: String, name: &Text, receipt_no: &str, s: &Standing, at: Ts) -> Self {
        let text = |key: &str, name: &'static str, value: String| texts().with_texts(lang, key, &[(name, value)]);
        let told = if receipt_no.is_empty() {
            text("my-row-draft", "at", at.minute())
        } else {
            let mut told = text("my-row-submitted", "at", at.day().to_string());
            if let (Some(ends), Some(day)) = (s.ends, s.due.day) {
                told += " · ";
                told += &text(&format!("my-row-ends-{ends}"), "day", day.to_string());
            }
            if !s.identity.is_empty() {
                told += " · ";
                told += &texts().get(lang, &format!("my-identity-{}", s.identity));
            }
            if let Some(ended) = s.ended_at {
                told += " · ";
                told += &text("my-row-ended", "at", ended.day().to_string());
            }
            told
        };
        Self {
            href,
            name: name.get(lang).to_owned(),
            receipt_no: receipt_no.to_owned(),
            told,
            tone: s.tone,
            tag: texts().get(lang, &format!("my-tag-{}", s.state)).into_owned(),
        }
    }
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
    let cases::Own { page, correcting } = cases::my_cases(c, ctx, after, ROWS)?;
    let mut waiting = vec![];
    for case in &correcting {
        let Shown { href, item, standing, .. } = shown(c, ctx, books, case)?;
        waiting.push(Row { href, name: item.elements.name.clone(), due: standing.due });
    }
    waiting.sort_by_key(|r| r.due.day);
    let mut rows = Vec::with_capacity(page.rows.len());
    for case in &page.rows {
        let Shown { href, item, standing, at } = shown(c, ctx, books, case)?;
        let receipt_no = case.receipt_no.as_deref().unwrap_or_default();
        rows.push(Line::new(ctx.lang, href, &item.elements.name, receipt_no, &standing, at));
    }
    Ok(Mine { waiting, rows, is_first: after.is_none(), next: page.next.map(|n| n.encode()) })
}

struct Shown {
    href: String,
    item: Arc<Shelved>,
    standing: Standing,
    at: Ts,
}

fn shown(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Listed) -> Result<Shown> {
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let correct_by = cases::open_correction_of(c, case)?.map(|x| x.due_on);
    let is_draft = case.state == State::Draft;
    Ok(Shown {
        href: if is_draft { format!("/declare/drafts/{}", case.id) } else { format!("/my/cases/{}", case.id) },
        item,
        standing: shown::standing(&books.plan, ctx.now.day(), case, correct_by),
        at: case.submitted_at.unwrap_or(case.created_at),
    })
}
