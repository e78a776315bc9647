//! One entry with all that it holds.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;

use super::names::{Names, Row};
use crate::audit::looks::Purpose;
use crate::audit::search;
use crate::db::Conn;
use crate::kernel::{Id, Permission, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Auditor;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct EntryPage {
    pub row: Row,
    /// Of a look: in which business, in which task, for which office.
    pub purpose: Option<&'static str>,
    pub task: Option<&'static str>,
    pub office: Option<Text>,
    /// Whose data were looked at.
    pub person: Option<Id>,
    pub detail: Vec<Said>,
    pub request: Id,
    /// Number of the batch and place in it, from 1.
    pub batch: Option<i64>,
    pub place: i32,
}

/// Something that stands in the detail, as it is there.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub name: String,
    pub value: String,
}

impl View for EntryPage {
    const TEMPLATE: &'static str = "audit/entry";
    fn samples() -> Vec<Self> {
        super::samples::entries()
    }
}

pub async fn show(who: Auditor, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let id: Id = id.parse()?;
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let read = move |c: &mut Conn| {
        let e = search::entry(c, &ctx, id)?;
        let names = Names::of(c, &ctx, &books, std::slice::from_ref(&e))?;
        let said = |name: &str| e.detail.get(name).and_then(Value::as_str);
        Ok(EntryPage {
            row: names.row(&e),
            purpose: said("purpose").and_then(Purpose::from_code).map(Purpose::code),
            task: said("task").and_then(Permission::from_code).map(Permission::code),
            office: said("office").and_then(|o| o.parse().ok()).and_then(|o| names.office(o)),
            person: e.person_id,
            detail: detail(&e.detail),
            request: e.request_id,
            batch: e.place.map(|p| p.0),
            place: e.place.map_or(0, |p| p.1 + 1),
        })
    };
    Ok(page::show(&who, &who.app.db.read(read).await?)?)
}

fn detail(value: &Value) -> Vec<Said> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    match value {
        Value::Object(all) => all.iter().map(|(k, v)| Said { name: k.clone(), value: text(v) }).collect(),
        Value::Null => vec![],
        other => vec![Said { name: String::new(), value: text(other) }],
    }
}
