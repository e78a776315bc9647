//! The items that somebody keeps, and the changes that are under way.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::words::{Names, department};
use crate::catalogue::changes::{self, ChangeId, ChangeKind, ChangeRow, ChangeState, PAGE, Wanted};
use crate::catalogue::{Ask, ItemState};
use crate::kernel::{Cursor, Day, Kind, Permission, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded};
use crate::web::form::Posted;
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Items {
    q: String,
    /// The chosen state, or nothing.
    state: &'static str,
    rows: Vec<ItemRow>,
    next: Option<String>,
    may_write: bool,
}

#[derive(Debug, Clone, Serialize)]
struct ItemRow {
    id: String,
    name: Text,
    code: String,
    department: Text,
    state: ItemState,
    no: i32,
    published_at: Ts,
}

impl View for Items {
    const TEMPLATE: &'static str = "catalogue/items";
    fn samples() -> Vec<Self> {
        let row = |state| ItemRow {
            id: "1".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            code: "11980100007480107D3000131001000".into(),
            department: Text::new("市市场监督管理局", "Market Regulation"),
            state,
            no: 3,
            published_at: Ts::from_micros(1_767_225_600_000_000),
        };
        let rows = ItemState::ALL.iter().map(|s| row(*s)).collect();
        let full = Self { q: "食品".into(), state: "", rows, next: Some("after=x".into()), may_write: true };
        vec![full, Self { q: String::new(), state: "withdrawn", rows: vec![], next: None, may_write: false }]
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

/// Found by what was typed, at most.
const FOUND: usize = 200;

pub async fn items(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let Asked { q, state, after } = asked.into_inner();
    let (q, shelf) = (q.trim().to_owned(), who.app.books().shelf);
    let state = ItemState::from_code(&state);
    // Withdrawn items are on no shelf: they are listed, and not searched.
    let searches = !q.is_empty() && state != Some(ItemState::Withdrawn);
    let ids = searches.then(|| {
        let ask = Ask { text: q.clone(), page: 1, size: FOUND, ..Ask::default() };
        let by_code = shelf.items().iter().filter(|i| i.elements.code.starts_with(&q)).take(FOUND);
        by_code.chain(&shelf.search(&ask).items).map(|i| i.item_id).collect()
    });
    let (ctx, wanted) = (who.ctx.clone(), Wanted { ids, state, after });
    let mut kept = who.app.db.read(move |c| changes::items(c, &ctx, &wanted)).await?;
    let more = kept.len() > PAGE;
    kept.truncate(PAGE);
    let last = kept.last().filter(|_| more).map(|i| i.elements.code.clone());
    let state = state.map_or("", ItemState::code);
    let next = last.map(|code| format!("q={}&state={state}&after={code}", form_urlencoded(&q)));
    let row = |i: changes::Kept| ItemRow {
        id: i.id.to_string(),
        department: department(&shelf, i.department_id.0),
        name: i.elements.name,
        code: i.elements.code,
        state: i.state,
        no: i.no,
        published_at: i.published_at,
    };
    let may_write = who.ctx.may(Permission::Write).is_ok();
    let view = Items { q, state, rows: kept.into_iter().map(row).collect(), next, may_write };
    Ok(page::show(&who, &view)?)
}

#[derive(Debug, Serialize)]
pub struct Changes {
    state: ChangeState,
    tabs: Vec<ChangeState>,
    rows: Vec<Line>,
    next: Option<String>,
    /// Several can be approved at once here.
    may_review: bool,
    approved: Option<Approved>,
}

/// What came of approving several.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Approved {
    done: usize,
    /// Written by the reviewer, edited since the page was opened, or with errors.
    left: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    id: String,
    revision: i32,
    kind: ChangeKind,
    name: Text,
    code: String,
    author: String,
    effective_on: Option<Day>,
    updated_at: Ts,
}

impl View for Changes {
    const TEMPLATE: &'static str = "catalogue/changes";
    fn samples() -> Vec<Self> {
        let line = |kind| Line {
            id: "1".into(),
            revision: 2,
            kind,
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            code: "11980100007480107D3000131001000".into(),
            author: "林知远".into(),
            effective_on: Day::from_ymd_opt(2026, 12, 1),
            updated_at: Ts::from_micros(1_767_225_600_000_000),
        };
        let rows = ChangeKind::ALL.iter().map(|k| line(*k)).collect();
        let tabs = ChangeState::ALL.to_vec();
        let full = Self {
            state: ChangeState::Review,
            tabs: tabs.clone(),
            rows,
            next: Some("x".into()),
            may_review: true,
            approved: Some(Approved { done: 2, left: 1 }),
        };
        let empty = |state: &ChangeState| Self {
            state: *state,
            tabs: tabs.clone(),
            rows: vec![],
            next: None,
            may_review: false,
            approved: None,
        };
        std::iter::once(full).chain(ChangeState::ALL.iter().map(empty)).collect()
    }
}

#[derive(Deserialize)]
pub struct AskedChanges {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

pub async fn changes(who: Keeper, asked: web::Query<AskedChanges>) -> Result<HttpResponse, PageError> {
    // Who reviews begins with what waits for review.
    let first = if who.ctx.may(Permission::Write).is_ok() { ChangeState::Draft } else { ChangeState::Review };
    let state = ChangeState::from_code(&asked.state).unwrap_or(first);
    let view = changes_of(&who, state, &asked.after, None).await?;
    Ok(page::show(&who, &view)?)
}

/// Approves those that were ticked, each by itself: what hinders one hinders no other.
pub async fn approve(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    who.ctx.may(Permission::Publish)?;
    let mut approved = Approved::default();
    for (id, read) in form.all("change").iter().take(PAGE).filter_map(|c| c.split_once('.')) {
        let (Ok(id), Ok(read)) = (id.parse::<ChangeId>(), read.parse::<i32>()) else { continue };
        let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
        match who.app.db.write(move |c| changes::approve(c, &ctx, shelf.codes(), id, read, "")).await {
            Ok(_) => approved.done += 1,
            Err(e) if e.is(Kind::Conflict) || e.is(Kind::Invalid) || e.is(Kind::NotFound) => approved.left += 1,
            Err(e) => return Err(e.into()),
        }
    }
    who.app.refresh().await?;
    let view = changes_of(&who, ChangeState::Review, "", Some(approved)).await?;
    Ok(page::show(&who, &view)?)
}

async fn changes_of(who: &Keeper, state: ChangeState, after: &str, approved: Option<Approved>) -> Result<Changes> {
    let (ctx, after) = (who.ctx.clone(), Cursor::decode(after));
    let (found, names) = who
        .app
        .db
        .read(move |c| {
            let found = changes::list(c, &ctx, state, after)?;
            let names = Names::of(c, found.rows.iter().map(|r| r.author_id))?;
            Ok((found, names))
        })
        .await?;
    let next = found.next.map(|cursor| format!("state={state}&after={}", cursor.encode()));
    let line = |r: ChangeRow| Line {
        id: r.id.to_string(),
        revision: r.revision,
        kind: r.kind,
        name: r.name,
        code: r.code,
        author: names.get(r.author_id),
        effective_on: r.effective_on,
        updated_at: r.updated_at,
    };
    let rows = found.rows.into_iter().map(line).collect();
    let may_review = state == ChangeState::Review && who.ctx.may(Permission::Publish).is_ok();
    Ok(Changes { state, tabs: ChangeState::ALL.to_vec(), rows, next, may_review, approved })
}
