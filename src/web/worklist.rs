//! The work list of a desk, the most urgent first: tabs by step, a filter by item, pages. Templates: `partials/worklist_tabs` and
//! `partials/worklist`; the page stands around them and has it as `v.list`.

use serde::{Deserialize, Serialize};

use super::due::Due;
use super::guard::Anyone;
use crate::cases::{self, COUNT_CAP, DeskKind, DeskQuery, DeskRow, DeskStep, Identity};
use crate::catalogue::{ItemId, Shelved};
use crate::flows::Books;
use crate::kernel::{Cursor, Id, Page, Result, Text};
use crate::render::texts;

/// Rows a page.
const ROWS: usize = 100;

/// What a list is asked by its query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    tab: Option<String>,
    item: Option<String>,
    after: Option<String>,
    /// A case's number or receipt number, to open it.
    pub number: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Worklist {
    /// The desk's path.
    pub base: &'static str,
    pub tab: &'static str,
    pub tabs: Vec<Tab>,
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
    /// The step is this person's to do.
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
    /// Its name in the page's language.
    pub item: String,
    pub applicant: String,
    pub channel: &'static str,
    pub state: &'static str,
    pub is_corrected: bool,
    /// `pending` or `failed` while it is not known who declared; empty otherwise.
    pub identity: &'static str,
    /// Day and time.
    pub entered_at: String,
    /// Who else is at it, or empty.
    pub held_by: String,
    pub due: Due,
}

/// Which list: a desk with its steps, the one that is shown unless another is asked, and those that are this person's.
pub struct Desk<'a> {
    pub base: &'static str,
    pub kind: DeskKind,
    pub steps: &'static [DeskStep],
    pub first: DeskStep,
    pub own: &'a [DeskStep],
}

/// Reads a page of the list that the acting member of staff has. `items` stand in the filter.
pub async fn read(who: &Anyone, desk: &Desk<'_>, asked: &Asked, items: &[&Shelved]) -> Result<Worklist> {
    let wanted = asked.tab.as_deref().and_then(|tab| desk.steps.iter().find(|s| s.code() == tab));
    let tab = wanted.copied().unwrap_or(desk.first);
    let item = asked.item.as_deref().and_then(|i| i.parse::<Id>().ok()).map(ItemId);
    let after = asked.after.as_deref().and_then(Cursor::decode);
    let query = DeskQuery { step: tab, item, after, limit: ROWS };
    let (ctx, kind, steps) = (who.ctx.clone(), desk.kind, desk.steps);
    let read = move |c: &mut crate::db::Conn| {
        let counts =
            steps.iter().map(|s| Ok((*s, cases::desk_count(c, &ctx, kind, *s)?))).collect::<Result<Vec<_>>>()?;
        Ok((counts, cases::desk_list(c, &ctx, kind, &query)?))
    };
    let (counts, found) = who.app.db.read(read).await?;
    let books = who.app.books();
    let tab_of = |(step, count): (DeskStep, i64)| Tab {
        code: step.code(),
        count: count.min(COUNT_CAP - 1),
        is_capped: count >= COUNT_CAP,
        is_own: desk.own.contains(&step),
    };
    let choice = |i: &&Shelved| Choice {
        id: i.item_id.to_string(),
        name: i.elements.name.clone(),
        is_on: item == Some(i.item_id),
    };
    Ok(Worklist {
        base: desk.base,
        tab: tab.code(),
        tabs: counts.into_iter().map(tab_of).collect(),
        next: next(tab, item, &found),
        rows: found.rows.iter().map(|row| shown(&books, who, row)).collect(),
        items: items.iter().map(choice).collect(),
        item: item.map(|i| i.to_string()).unwrap_or_default(),
        is_first: after.is_none(),
    })
}

fn next(tab: DeskStep, item: Option<ItemId>, found: &Page<DeskRow>) -> Option<String> {
    let after = found.next?.encode();
    let item = item.map(|i| format!("&item={i}")).unwrap_or_default();
    Some(format!("tab={tab}{item}&after={after}"))
}

fn shown(books: &Books, who: &Anyone, row: &DeskRow) -> Row {
    let held = row.held_until.is_some_and(|until| until > who.ctx.now) && row.held_by != who.ctx.actor.id();
    let (item, lang) = (books.shelf.by_item(row.item_id), who.ctx.lang);
    Row {
        id: row.case_id.to_string(),
        receipt_no: row.receipt_no.clone(),
        item: item.map_or_else(
            |_| texts().get(lang, "case-item-gone").into_owned(),
            |i| i.elements.name.get(lang).to_owned(),
        ),
        applicant: row.applicant_mask.clone(),
        channel: row.channel.code(),
        state: row.state.code(),
        is_corrected: row.is_corrected,
        identity: if row.identity == Identity::Known { "" } else { row.identity.code() },
        entered_at: row.entered_at.minute(),
        held_by: row.held_name.clone().filter(|_| held).unwrap_or_default(),
        due: Due::of(&books.plan, who.ctx.now.day(), Some(row.due_at.day())),
    }
}

impl Worklist {
    /// For the samples of pages: a full list of these tabs.
    pub fn sample(tabs: &[(&'static str, i64, bool)]) -> Self {
        let row = |tone, text, days, held: &str, is_corrected| Row {
            id: "1".into(),
            receipt_no: "260302000017".into(),
            item: "公共场所卫生许可 <新办>".into(),
            applicant: "林*".into(),
            channel: "web",
            state: "handling",
            is_corrected,
            identity: if is_corrected { "pending" } else { "" },
            entered_at: "2026-02-02 10:40".into(),
            held_by: held.to_owned(),
            due: Due { day: crate::kernel::Day::from_ymd_opt(2026, 3, 9), tone, text, days },
        };
        Self {
            rows: vec![
                row("red", "over", 2, "彭思远", false),
                row("yellow", "today", 0, "", true),
                row("ok", "ok", 5, "", false),
            ],
            items: vec![Choice {
                id: "1".into(),
                name: Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>"),
                is_on: true,
            }],
            item: "1".into(),
            next: Some("tab=x&after=x".into()),
            is_first: false,
            ..Self::empty(tabs)
        }
    }

    /// For the samples of pages: nothing to do. The first tab is shown.
    pub fn empty(tabs: &[(&'static str, i64, bool)]) -> Self {
        let tab = |(code, count, is_own): &(&'static str, i64, bool)| Tab {
            code,
            count: *count,
            is_capped: *count == COUNT_CAP - 1,
            is_own: *is_own,
        };
        Self {
            base: "/hall",
            tab: tabs[0].0,
            tabs: tabs.iter().map(tab).collect(),
            rows: vec![],
            items: vec![],
            item: String::new(),
            next: None,
            is_first: true,
        }
    }
}
