//! The items that somebody keeps, and the changes that are under way.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::words::{Names, department};
use crate::catalogue::changes::{self, ChangeKind, ChangeRow, ChangeState, PAGE, Wanted};
use crate::catalogue::{Ask, ItemState};
use crate::kernel::{Cursor, Day, Role, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded};
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
            name: Text::new("食品经营许可（新办）", "Food Operation Licence (new)"),
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
    let may_write = who.ctx.with_role(Role::Cataloguer).is_ok();
    let view = Items { q, state, rows: kept.into_iter().map(row).collect(), next, may_write };
    Ok(page::show(&who, &view)?)
}

#[derive(Debug, Serialize)]
pub struct Changes {
    state: ChangeState,
    tabs: Vec<ChangeState>,
    rows: Vec<Line>,
    next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    id: String,
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
            kind,
            name: Text::new("食品经营许可（新办）", "Food Operation Licence (new)"),
            code: "11980100007480107D3000131001000".into(),
            author: "林知远".into(),
            effective_on: Day::from_ymd_opt(2026, 12, 1),
            updated_at: Ts::from_micros(1_767_225_600_000_000),
        };
        let rows = ChangeKind::ALL.iter().map(|k| line(*k)).collect();
        let tabs = ChangeState::ALL.to_vec();
        let full = Self { state: ChangeState::Review, tabs: tabs.clone(), rows, next: Some("x".into()) };
        let empty = |state: &ChangeState| Self { state: *state, tabs: tabs.clone(), rows: vec![], next: None };
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
    let first = if who.ctx.with_role(Role::Cataloguer).is_ok() { ChangeState::Draft } else { ChangeState::Review };
    let state = ChangeState::from_code(&asked.state).unwrap_or(first);
    let (ctx, after) = (who.ctx.clone(), Cursor::decode(&asked.after));
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
        kind: r.kind,
        name: r.name,
        code: r.code,
        author: names.get(r.author_id),
        effective_on: r.effective_on,
        updated_at: r.updated_at,
    };
    let rows = found.rows.into_iter().map(line).collect();
    Ok(page::show(&who, &Changes { state, tabs: ChangeState::ALL.to_vec(), rows, next })?)
}
