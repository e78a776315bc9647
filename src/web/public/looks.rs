//! Who looked at what is kept of a citizen: the office and its task, when, at which case, and what for (个人信息保护法 44, 45).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::looks::{self, Purpose};
use crate::audit::{self, acts};
use crate::cases::{self, CaseId};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::Books;
use crate::kernel::{Ctx, Cursor, Id, Kind, Permission, Result, Text, Ts};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Citizen;
use crate::web::page;
use crate::windows;

/// Rows a page.
const ROWS: usize = 20;

#[derive(Debug, Serialize)]
pub struct Looks {
    pub rows: Vec<Row>,
    pub is_first: bool,
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub at: Ts,
    /// Text `act-…`: what was looked at.
    pub what: String,
    /// Text `look-purpose-…`.
    pub purpose: Option<&'static str>,
    /// Text `permission-…`.
    pub task: Option<&'static str>,
    pub office: Option<Text>,
    pub case: Option<Case>,
    /// By this number an audit administrator finds who it was.
    pub no: Id,
}

#[derive(Debug, Clone, Serialize)]
pub struct Case {
    pub id: String,
    pub item: Text,
    pub receipt_no: String,
}

impl View for Looks {
    const TEMPLATE: &'static str = "account/looks";
    fn samples() -> Vec<Self> {
        let case = || Case {
            id: "1".into(),
            item: Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>"),
            receipt_no: "260302000017".into(),
        };
        let row = |action: &str, purpose: Purpose, is_known: bool| Row {
            at: Ts::from_micros(1_770_000_000_000_000),
            what: acts::key(action),
            purpose: is_known.then(|| purpose.code()),
            task: is_known.then(|| Permission::Window.code()),
            office: is_known.then(|| Text::new("市民中心大厅", "City hall")),
            case: is_known.then(case),
            no: Id::from_bytes([1; 16]),
        };
        let all = looks::LOOKS.iter().cycle().zip(Purpose::ALL).map(|(action, purpose)| row(action, *purpose, true));
        let rows = all.chain([row("case.look", Purpose::Accept, false)]).collect();
        vec![Self { rows: vec![], is_first: true, next: None }, Self { rows, is_first: false, next: Some("x".into()) }]
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    after: String,
}

pub async fn show(who: Citizen, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    // A key that does not parse means the first page.
    let after = Cursor::decode(&asked.after);
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let view = who.app.db.read(move |c| read(c, &ctx, &books, after)).await?;
    Ok(page::show(&who, &view)?)
}

fn read(c: &mut Conn, ctx: &Ctx, books: &Books, after: Option<Cursor>) -> Result<Looks> {
    let found = looks::of_self(c, ctx, after, ROWS)?;
    let halls: HashMap<Id, Text> = windows::halls(c)?.into_iter().map(|h| (h.id.0, h.name)).collect();
    let office = |id: Id| {
        let department = books.shelf.department(id).ok().map(|d| d.name.clone());
        department.or_else(|| halls.get(&id).cloned())
    };
    let mut cases: HashMap<Id, Option<Case>> = HashMap::new();
    for id in found.rows.iter().filter(|e| e.object_kind == "case").filter_map(|e| e.object_id) {
        if let Entry::Vacant(place) = cases.entry(id) {
            place.insert(case(c, ctx, books, CaseId(id))?);
        }
    }
    let row = |e: audit::Entry| {
        let said = |name: &str| e.detail.get(name).and_then(Value::as_str);
        Row {
            at: e.at,
            what: acts::key(&e.action),
            purpose: said("purpose").and_then(Purpose::from_code).map(Purpose::code),
            task: said("task").and_then(Permission::from_code).map(Permission::code),
            office: said("office").and_then(|id| id.parse().ok()).and_then(office),
            case: e.object_id.and_then(|id| cases.get(&id).cloned().flatten()),
            no: e.id,
        }
    };
    Ok(Looks {
        next: found.next.map(|n| n.encode()),
        rows: found.rows.into_iter().map(row).collect(),
        is_first: after.is_none(),
    })
}

/// The case, while it is the citizen's own.
fn case(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Option<Case>> {
    let case = match cases::mine(c, ctx, id) {
        Ok(case) => case,
        Err(e) if e.is(Kind::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    Ok(Some(Case { id: id.to_string(), item: item.elements.name.clone(), receipt_no: case.receipt().to_owned() }))
}
