//! What the citizen was told. A page that is opened counts as read, the others do not.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::list::Asked;
use crate::kernel::{Cursor, Text, Ts};
use crate::notifications::{self, Message};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;

/// Rows a page.
const ROWS: usize = 20;

#[derive(Debug, Serialize)]
pub struct Messages {
    pub rows: Vec<Row>,
    pub is_first: bool,
    /// Key of the next page.
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Page of the case; empty when it is about none.
    pub href: String,
    /// Text `news-…`.
    pub news: &'static str,
    pub item: Text,
    pub receipt_no: String,
    pub at: Ts,
    pub is_new: bool,
}

impl View for Messages {
    const TEMPLATE: &'static str = "my/messages";
    fn samples() -> Vec<Self> {
        super::samples::messages()
    }
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let after = asked.after();
    let ctx = who.ctx.clone();
    let found = who.app.db.read(move |c| notifications::messages(c, &ctx, after, ROWS)).await?;
    let shown: Vec<_> = found.rows.iter().filter(|m| !m.is_read).map(|m| m.id).collect();
    if !shown.is_empty() {
        let ctx = who.ctx.clone();
        who.app.db.write(move |c| notifications::mark_read(c, &ctx, &shown)).await?;
    }
    let view = Messages {
        rows: found.rows.iter().map(row).collect(),
        is_first: after.is_none(),
        next: found.next.map(|n: Cursor| n.encode()),
    };
    Ok(page::show(&who, &view)?)
}

fn row(m: &Message) -> Row {
    Row {
        href: m.case_id.map(|id| format!("/my/cases/{id}")).unwrap_or_default(),
        news: m.news.code(),
        item: m.item.clone(),
        receipt_no: m.receipt_no.clone(),
        at: m.created_at,
        is_new: !m.is_read,
    }
}
