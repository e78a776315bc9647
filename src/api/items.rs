//! Service items, for everybody.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::guard::Caller;
use super::json;
use super::problem::{ApiError, Problem};
use crate::calendar::{self, Unit};
use crate::catalogue::{self, Ask, CaseKind, Choice, Chosen, Field, Group, Material, Shelf, Shelved};
use crate::kernel::{Error, Result, Text};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// What people say: `开饭店`, `food licence`.
    #[serde(default)]
    q: String,
    /// Key of a department.
    #[serde(default)]
    department: String,
    /// From 1.
    #[serde(default)]
    page: usize,
    /// At most 100; 20 without it.
    #[serde(default)]
    size: usize,
}

/// A text in both languages; `en` may be empty.
#[derive(Debug, Serialize, ToSchema)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl From<&Text> for Words {
    fn from(t: &Text) -> Self {
        Self { zh: t.zh.clone(), en: t.en.clone() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Department {
    pub key: String,
    /// Unified social credit code.
    pub code: String,
    pub name: Words,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Limit {
    pub days: u32,
    /// `working` or `calendar`
    pub unit: &'static str,
}

impl From<calendar::Limit> for Limit {
    fn from(l: calendar::Limit) -> Self {
        let unit = match l.unit {
            Unit::Working => "working",
            Unit::Calendar => "calendar",
        };
        Self { days: l.days, unit }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemRow {
    /// 31 characters.
    pub code: String,
    pub slug: String,
    pub name: Words,
    pub summary: Words,
    pub department: Department,
    pub promised: Limit,
    /// How often one has to come.
    pub visits: u32,
    /// 服务模式: `online`, `nearby` (the identity is seen at any hall that may), `one-visit` or `window`.
    #[schema(value_type = String, example = "online")]
    pub mode: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Items {
    pub items: Vec<ItemRow>,
    pub total: usize,
    pub page: usize,
    pub pages: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NeededMaterial {
    /// The same in all versions; names the material in a declaration.
    pub key: String,
    pub name: Words,
    /// Always, or in the case that `when` says.
    pub is_needed: bool,
    pub when: Option<Words>,
    /// The same as a condition in CEL over the answers: where it holds the material is needed, elsewhere it is not taken.
    pub only_if: Option<String>,
    pub formats: Vec<String>,
    pub max_mb: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Question {
    pub key: String,
    pub kind: String,
    pub label: Words,
    pub is_required: bool,
    pub max_length: Option<usize>,
    pub options: Vec<Answer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    pub value: String,
    pub label: Words,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Questions {
    pub key: String,
    pub title: Words,
    pub fields: Vec<Question>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    #[serde(flatten)]
    pub row: ItemRow,
    /// Counts the published versions.
    pub version: i32,
    /// `immediate` or `promise`
    pub kind: &'static str,
    /// Codes of `audience`: 1 natural person, 2 enterprise …
    pub audience: Vec<String>,
    pub legal: Limit,
    pub conditions: Vec<Words>,
    pub materials: Vec<NeededMaterial>,
    pub form: Vec<Questions>,
    pub results: Vec<Words>,
    pub is_charged: bool,
    /// Codes of the halls that handle it.
    pub halls: Vec<String>,
    /// How a decision is contested.
    pub remedy: Words,
    pub consult: String,
    pub complain: String,
}

/// Finds items.
#[utoipa::path(get, path = "/api/v1/items", operation_id = "items", tag = "items", params(Query), responses(
    (status = 200, body = Items),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "Parameters that cannot be read"),
))]
pub async fn list(caller: Caller, query: web::Query<Query>) -> Result<HttpResponse, ApiError> {
    let query = query.into_inner();
    let departments = if query.department.is_empty() { vec![] } else { vec![query.department] };
    let size = if query.size == 0 { 20 } else { query.size.min(100) };
    let chosen = Chosen { departments, ..Chosen::default() };
    let books = caller.app.books();
    let found = books.shelf.search(&Ask { text: query.q, chosen, page: query.page.max(1), size });
    let items = found.items.iter().map(|i| row(&books.shelf, i)).collect::<Result<_>>()?;
    Ok(json(&Items { items, total: found.total, page: found.page, pages: found.pages }))
}

/// An item's form for programs: what answers it takes, and the order in which to ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSchema {
    pub version: i32,
    /// JSON Schema 2020-12 of the answers, as `form` of a declaration has them.
    #[schema(value_type = Object)]
    pub schema: serde_json::Value,
    /// Groups and fields in order, in the manner of JSON Forms.
    #[schema(value_type = Object)]
    pub layout: serde_json::Value,
}

/// The form of an item as JSON Schema.
#[utoipa::path(get, path = "/api/v1/items/{code}/form", tag = "items", params(("code" = String, Path)), responses(
    (status = 200, body = FormSchema),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn form(caller: Caller, code: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let books = caller.app.books();
    let item = find(&books.shelf, &code)?;
    let (e, version) = (&item.elements, item.version_no);
    let (schema, layout) = (catalogue::schema(e, version), catalogue::layout(&e.form));
    Ok(json(&FormSchema { version, schema, layout }))
}

/// One item, by its implementing code or its slug.
#[utoipa::path(get, path = "/api/v1/items/{code}", tag = "items", params(("code" = String, Path)), responses(
    (status = 200, body = Item),
    (status = 404, body = Problem, content_type = "application/problem+json"),
))]
pub async fn item(caller: Caller, code: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let books = caller.app.books();
    Ok(json(&whole(&books.shelf, find(&books.shelf, &code)?)?))
}

/// The published item of a code or slug.
pub fn find<'a>(shelf: &'a Shelf, code: &str) -> Result<&'a Shelved> {
    let found = shelf.items().iter().find(|i| i.elements.code == code || i.elements.slug == code);
    found.map(AsRef::as_ref).ok_or_else(Error::not_found)
}

fn row(shelf: &Shelf, item: &Shelved) -> Result<ItemRow> {
    let (e, department) = (&item.elements, shelf.department(item.department_id)?);
    let way = e.way();
    Ok(ItemRow {
        code: e.code.clone(),
        slug: e.slug.clone(),
        name: Words::from(&e.name),
        summary: Words::from(&e.summary),
        department: Department {
            key: department.key.clone(),
            code: department.code.clone(),
            name: Words::from(&department.name),
        },
        promised: e.limits.promised.into(),
        visits: way.trips,
        mode: way.mode.code(),
    })
}

fn whole(shelf: &Shelf, item: &Shelved) -> Result<Item> {
    let e = &item.elements;
    Ok(Item {
        row: row(shelf, item)?,
        version: item.version_no,
        kind: match e.kind {
            CaseKind::Immediate => "immediate",
            CaseKind::Promise => "promise",
        },
        audience: e.audience.clone(),
        legal: e.limits.legal.into(),
        conditions: e.conditions.iter().map(Words::from).collect(),
        materials: e.materials.iter().map(material).collect(),
        form: e.form.groups.iter().map(questions).collect(),
        results: e.results.iter().map(|r| Words::from(&r.name)).collect(),
        is_charged: e.fees.charged,
        halls: e.halls.clone(),
        remedy: Words::from(&e.remedy),
        consult: e.contact.consult.clone(),
        complain: e.contact.complain.clone(),
    })
}

fn material(m: &Material) -> NeededMaterial {
    NeededMaterial {
        key: m.key.clone(),
        name: Words::from(&m.name),
        is_needed: m.is_needed(),
        when: m.when.as_ref().map(Words::from),
        only_if: m.only_if.clone(),
        formats: m.formats.clone(),
        max_mb: m.max_mb,
    }
}

fn questions(g: &Group) -> Questions {
    Questions { key: g.key.clone(), title: Words::from(&g.title), fields: g.fields.iter().map(question).collect() }
}

fn question(f: &Field) -> Question {
    let answer = |c: &Choice| Answer { value: c.value.clone(), label: Words::from(&c.label) };
    let kind = serde_json::to_value(f.kind).ok().and_then(|v| v.as_str().map(str::to_owned));
    Question {
        key: f.key.clone(),
        kind: kind.unwrap_or_default(),
        label: Words::from(&f.label),
        is_required: f.required,
        max_length: f.max_length,
        options: f.options.iter().flatten().map(answer).collect(),
    }
}
