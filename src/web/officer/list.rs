//! The work list of a department: 承办, 审核, 批准, and what is with the department's own system.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::{STEPS, own_step};
use crate::cases::{self, COUNT_CAP, DeskKind, DeskQuery, DeskRow, DeskStep};
use crate::catalogue::ItemId;
use crate::flows::Books;
use crate::identity::Channel;
use crate::kernel::{Cursor, Error, Id, Page, StaffActor, Text, Ts};
use crate::render::View;
use crate::web::due::Due;
use crate::web::error::PageError;
use crate::web::guard::Officer;
use crate::web::page;

/// Rows a page.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    tab: Option<String>,
    item: Option<String>,
    after: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Desk {
    pub department: Text,
    pub tab: &'static str,
    pub tabs: Vec<Tab>,
    /// The officer may do this tab's step.
    pub is_own: bool,
    pub rows: Vec<Row>,
    pub items: Vec<Choice>,
    pub item: String,
    /// Query of the next page.
    pub next: Option<String>,
    pub is_first: bool,
}

#[derive(Debug, Serialize)]
pub struct Tab {
    pub code: &'static str,
    pub count: i64,
    /// There are as many or more.
    pub is_capped: bool,
    pub is_own: bool,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub id: String,
    pub name: Text,
    pub is_on: bool,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub id: String,
    pub receipt_no: String,
    pub item: Option<Text>,
    pub applicant: String,
    pub channel: &'static str,
    pub state: &'static str,
    pub entered_at: Ts,
    pub held_by: Option<String>,
    pub due: Due,
}

impl View for Desk {
    const TEMPLATE: &'static str = "officer/desk";
    fn samples() -> Vec<Self> {
        super::samples::desks()
    }
}

fn step(code: &str) -> Option<DeskStep> {
    let known = [DeskStep::Handle, DeskStep::Review, DeskStep::Approve, DeskStep::Outside];
    known.into_iter().find(|s| s.code() == code)
}

pub async fn show(who: Officer, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let staff = who.ctx.staff()?.clone();
    let books = who.app.books();
    let department = books.shelf.department(staff.department.ok_or_else(Error::forbidden)?)?;
    let first = match department.channel {
        Channel::System => DeskStep::Outside,
        Channel::Desk => own_step(&staff).and_then(step).unwrap_or(DeskStep::Handle),
    };
    let tab = asked.tab.as_deref().and_then(step).unwrap_or(first);
    let item = asked.item.as_deref().and_then(|i| i.parse::<Id>().ok()).map(ItemId);
    let after = asked.after.as_deref().and_then(Cursor::decode);
    let query = DeskQuery { step: tab, item, after, limit: ROWS };
    let ctx = who.ctx.clone();
    let (counts, found) = who
        .app
        .db
        .read(move |c| {
            let mut counts = vec![];
            for step in [DeskStep::Handle, DeskStep::Review, DeskStep::Approve, DeskStep::Outside] {
                counts.push((step, cases::desk_count(c, &ctx, DeskKind::Department, step)?));
            }
            Ok((counts, cases::desk_list(c, &ctx, DeskKind::Department, &query)?))
        })
        .await?;
    let is_shown = |step: DeskStep, count: i64| {
        count > 0 || step == tab || (step == DeskStep::Outside) == (department.channel == Channel::System)
    };
    let view = Desk {
        department: department.name.clone(),
        tab: tab.code(),
        tabs: counts.into_iter().filter(|(s, n)| is_shown(*s, *n)).map(|(s, n)| tab_of(&staff, s, n)).collect(),
        is_own: STEPS.iter().any(|(_, role, code)| *code == tab.code() && staff.has(*role)),
        next: next(tab, item, &found),
        rows: found.rows.iter().map(|row| shown(&books, &who, row)).collect(),
        items: items(&books, department.id.0, item),
        item: item.map(|i| i.to_string()).unwrap_or_default(),
        is_first: after.is_none(),
    };
    Ok(page::show(&who, &view)?)
}

fn tab_of(staff: &StaffActor, step: DeskStep, count: i64) -> Tab {
    let is_own = STEPS.iter().any(|(_, role, code)| *code == step.code() && staff.has(*role));
    Tab { code: step.code(), count: count.min(COUNT_CAP - 1), is_capped: count >= COUNT_CAP, is_own }
}

fn next(tab: DeskStep, item: Option<ItemId>, found: &Page<DeskRow>) -> Option<String> {
    let after = found.next?.encode();
    let item = item.map(|i| format!("&item={i}")).unwrap_or_default();
    Some(format!("tab={tab}{item}&after={after}"))
}

fn shown(books: &Books, who: &Officer, row: &DeskRow) -> Row {
    let held = row.held_until.is_some_and(|until| until > who.ctx.now) && row.held_by != who.ctx.actor.id();
    Row {
        id: row.case_id.to_string(),
        receipt_no: row.receipt_no.clone(),
        item: books.shelf.by_item(row.item_id).ok().map(|i| i.elements.name.clone()),
        applicant: row.applicant_mask.clone(),
        channel: row.channel.code(),
        state: row.state.code(),
        entered_at: row.entered_at,
        held_by: row.held_name.clone().filter(|_| held),
        due: Due::of(&books.plan, who.ctx.now.day(), Some(row.due_at.day())),
    }
}

fn items(books: &Books, department: Id, chosen: Option<ItemId>) -> Vec<Choice> {
    let own = books.shelf.items().iter().filter(|i| i.department_id == department);
    own.map(|i| Choice { id: i.item_id.to_string(), name: i.elements.name.clone(), is_on: chosen == Some(i.item_id) })
        .collect()
}
