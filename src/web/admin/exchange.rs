//! The exchange as an administrator looks after it: how each department's system stands, what was sent to it and what came in, and
//! sending again what was given up.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::cases::{self, CaseId};
use crate::exchange::{
    self, Breaker, Dispatch, DispatchFilter, DispatchId, DispatchState, Health, InboxFilter, InboxRow,
};
use crate::flows::Books;
use crate::identity::DepartmentId;
use crate::kernel::{Cursor, Error, Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::notice;
use crate::web::form::Posted;
use crate::web::guard::{Admin, Anyone};
use crate::web::page;
use crate::web::supervise::case::{Try, tone, tried};

/// Rows a page.
const ROWS: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    department: String,
    state: String,
    after: String,
}

#[derive(Debug, Serialize)]
pub struct Dispatches {
    pub systems: Vec<System>,
    pub departments: Vec<Choice>,
    pub states: Vec<StateChoice>,
    pub rows: Vec<Row>,
    pub next: Option<String>,
    pub first: Option<String>,
    pub is_narrowed: bool,
}

/// How a department's system stands.
#[derive(Debug, Serialize)]
pub struct System {
    pub id: DepartmentId,
    pub name: Text,
    /// Text `admin-system-…`.
    pub link: &'static str,
    pub tone: &'static str,
    pub until: Option<Ts>,
    pub queued: i64,
    pub oldest_at: Option<Ts>,
    pub dead: i64,
    pub sent_today: i32,
    pub failed_today: i32,
    pub last_ok_at: Option<Ts>,
    /// Text `exchange-error-…`.
    pub last_error: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub id: DepartmentId,
    pub name: Text,
    pub is_on: bool,
}

#[derive(Debug, Serialize)]
pub struct StateChoice {
    pub code: &'static str,
    pub is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: DispatchId,
    pub receipt_no: String,
    pub department: Text,
    /// Text `exchange-kind-…`.
    pub about: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub attempts: i32,
    pub status: Option<i32>,
    pub error: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
    /// When it is tried next.
    pub next_at: Option<Ts>,
}

impl View for Dispatches {
    const TEMPLATE: &'static str = "admin/exchange";
    fn samples() -> Vec<Self> {
        super::samples::dispatches()
    }
}

#[derive(Debug, Serialize)]
pub struct DispatchPage {
    pub row: Row,
    /// The department's own number.
    pub receipt: String,
    pub tries: Vec<Try>,
    /// It can be sent again.
    pub may_resend: bool,
    pub notice: Option<String>,
}

impl View for DispatchPage {
    const TEMPLATE: &'static str = "admin/dispatch";
    fn samples() -> Vec<Self> {
        super::samples::dispatch_pages()
    }
}

#[derive(Debug, Serialize)]
pub struct Inbox {
    pub is_all: bool,
    pub rows: Vec<InboxLine>,
    pub next: Option<String>,
    pub first: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct InboxLine {
    pub message_id: String,
    pub department: Text,
    /// Its type.
    pub event: String,
    pub receipt_no: String,
    pub received_at: Ts,
    pub state: &'static str,
    pub tone: &'static str,
    /// Code of the refusal.
    pub reason: Option<String>,
}

impl View for Inbox {
    const TEMPLATE: &'static str = "admin/inbox";
    fn samples() -> Vec<Self> {
        super::samples::inboxes()
    }
}

fn name_of(books: &Books, id: DepartmentId) -> Text {
    books.shelf.department(id.0).map(|d| d.short.clone()).unwrap_or_default()
}

pub async fn list(who: Admin, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let filter = DispatchFilter {
        department: asked.department.parse().ok(),
        state: DispatchState::from_code(&asked.state),
        after: Cursor::decode(&asked.after),
    };
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let (health, found, numbers) = who
        .app
        .db
        .read(move |c| {
            let found = exchange::dispatches(c, &ctx, &filter, ROWS)?;
            let ids: Vec<CaseId> = found.rows.iter().map(|d| d.case_id).collect();
            let numbers: HashMap<_, _> = cases::receipts(c, &ctx, &ids)?.into_iter().collect();
            Ok((exchange::health(c, &ctx)?, found, numbers))
        })
        .await?;
    let query = query(&filter);
    let departments = health.iter().map(|h| Choice {
        id: h.department_id,
        name: name_of(&books, h.department_id),
        is_on: filter.department == Some(h.department_id),
    });
    let view = Dispatches {
        departments: departments.collect(),
        systems: health.iter().map(|h| system(h, &books)).collect(),
        states: DispatchState::ALL
            .iter()
            .map(|s| StateChoice { code: s.code(), is_on: filter.state == Some(*s) })
            .collect(),
        rows: found.rows.iter().map(|d| row(d, &books, numbers.get(&d.case_id))).collect(),
        next: found.next.map(|after| format!("{query}after={}", after.encode())),
        first: filter.after.map(|_| query),
        is_narrowed: filter.department.is_some() || filter.state.is_some(),
    };
    Ok(page::show(&who, &view)?)
}

fn query(f: &DispatchFilter) -> String {
    let department = f.department.map(|d| format!("department={d}&")).unwrap_or_default();
    let state = f.state.map(|s| format!("state={s}&")).unwrap_or_default();
    department + &state
}

fn system(h: &Health, books: &Books) -> System {
    let (link, tone, until) = match h.breaker {
        _ if !h.is_active => ("off", "idle", None),
        Breaker::Open(until) => ("broken", "bad", Some(until)),
        Breaker::HalfOpen => ("trying", "warn", None),
        Breaker::Closed if h.failures > 0 => ("failing", "warn", None),
        Breaker::Closed => ("well", "ok", None),
    };
    System {
        id: h.department_id,
        name: name_of(books, h.department_id),
        link,
        tone,
        until,
        queued: h.queued,
        oldest_at: h.oldest_at,
        dead: h.dead,
        sent_today: h.sent_today,
        failed_today: h.failed_today,
        last_ok_at: h.last_ok_at,
        last_error: h.last_error.clone(),
    }
}

fn row(d: &Dispatch, books: &Books, number: Option<&String>) -> Row {
    Row {
        id: d.id,
        receipt_no: number.cloned().unwrap_or_default(),
        department: name_of(books, d.department_id),
        about: d.kind.code(),
        state: d.state.code(),
        tone: tone(d.state),
        attempts: d.attempts,
        status: d.last_status,
        error: d.last_error.clone(),
        created_at: d.created_at,
        sent_at: d.sent_at,
        next_at: (d.state == DispatchState::Queued).then_some(d.next_at),
    }
}

async fn load(who: &Anyone, id: DispatchId) -> Result<DispatchPage> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app
        .db
        .read(move |c| {
            let (d, tries) = exchange::dispatch(c, &ctx, id)?;
            let number = cases::receipts(c, &ctx, &[d.case_id])?.into_iter().next().map(|(_, no)| no);
            Ok(DispatchPage {
                row: row(&d, &books, number.as_ref()),
                receipt: d.receipt.clone().unwrap_or_default(),
                tries: tries.into_iter().map(tried).collect(),
                may_resend: d.state != DispatchState::Dropped,
                notice: None,
            })
        })
        .await
}

pub async fn show(who: Admin, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = load(&who, id.parse()?).await?;
    Ok(page::show(&who, &view)?)
}

pub async fn resend(who: Admin, id: web::Path<String>, _form: Posted) -> Result<HttpResponse, PageError> {
    let id: DispatchId = id.parse()?;
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| exchange::resend(c, &ctx, id)).await {
        Ok(()) => {
            who.app.wake.notify_waiters();
            Ok(page::redirect(&format!("/admin/exchange/{id}"), "dispatch-resent"))
        }
        Err(e) if e.is(Kind::Conflict) => {
            let view = DispatchPage { notice: notice(who.ctx.lang, &e), ..load(&who, id).await? };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

pub async fn inbox(who: Admin, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let is_all = asked.state == "all";
    let filter = InboxFilter { department: None, is_refused: !is_all, after: Cursor::decode(&asked.after) };
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let (found, numbers) = who
        .app
        .db
        .read(move |c| {
            let found = exchange::inbox(c, &ctx, &filter, ROWS)?;
            let ids: Vec<CaseId> = found.rows.iter().filter_map(|m| m.case_id).collect();
            Ok((found, cases::receipts(c, &ctx, &ids)?))
        })
        .await?;
    let numbers: HashMap<_, _> = numbers.into_iter().collect();
    let query = if is_all { "state=all&" } else { "" };
    let view = Inbox {
        is_all,
        rows: found.rows.into_iter().map(|m| line(m, &books, &numbers)).collect(),
        next: found.next.map(|after| format!("{query}after={}", after.encode())),
        first: filter.after.map(|_| query.to_owned()),
    };
    Ok(page::show(&who, &view)?)
}

fn line(m: InboxRow, books: &Books, numbers: &HashMap<CaseId, String>) -> InboxLine {
    use crate::exchange::InboxState;
    InboxLine {
        department: name_of(books, m.department_id),
        receipt_no: m.case_id.and_then(|id| numbers.get(&id).cloned()).unwrap_or_default(),
        message_id: m.message_id,
        event: m.kind,
        received_at: m.received_at,
        state: m.state.code(),
        tone: match m.state {
            InboxState::Applied => "ok",
            InboxState::Late => "idle",
            InboxState::Refused => "bad",
        },
        reason: m.reason,
    }
}

/// The department in a path.
///
/// # Errors
/// 404 when there is none.
pub(super) async fn department(who: &Anyone, id: DepartmentId) -> Result<crate::identity::Department> {
    let found = who.app.db.read(move |c| crate::identity::department(c, id)).await?;
    found.ok_or_else(Error::not_found)
}
