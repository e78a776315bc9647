//! The basic catalogue: which entries there are and what carries them out, and each with its elements on one page.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fill;
use super::inputs::{self, Input};
use crate::catalogue::basics::{self, Head, Kept};
use crate::catalogue::changes::Scope;
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::doc::at;
use crate::catalogue::elements::BASIC_ENTRY;
use crate::catalogue::{Basic, Codes, Severity, Shelf, Standing};
use crate::db::Conn;
use crate::flows;
use crate::kernel::{Day, Error, FieldError, Kind, Permission, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;

const HOME: &str = "/catalogue/basic";
/// Rows of a page.
const PAGE: usize = 50;

#[derive(Debug, Serialize)]
pub struct Entries {
    q: String,
    /// Only those that no item carries out.
    is_missing: bool,
    rows: Vec<Row>,
    total: usize,
    /// Entries that no item carries out, of all.
    missing: usize,
    next: Option<String>,
    may_write: bool,
    code: Field,
    faults: Vec<FieldError>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    code: String,
    name: Text,
    sort: Text,
    /// Text `standing-…`; nothing before the first review.
    standing: Option<&'static str>,
    is_written: bool,
    items: usize,
}

impl View for Entries {
    const TEMPLATE: &'static str = "catalogue/basics";
    fn samples() -> Vec<Self> {
        let row = |standing: Option<Standing>, items| Row {
            code: "000131001000".into(),
            name: Text::new("食品经营许可 <b>", "Food operation licence <b>"),
            sort: Text::new("行政许可", "Administrative licence"),
            standing: standing.map(Standing::code),
            is_written: items == 0,
            items,
        };
        let rows = Standing::ALL.iter().map(|s| row(Some(*s), 2)).chain([row(None, 0)]).collect();
        let faults = vec![FieldError { field: "code".into(), code: "basic-code", value: None }];
        let full = Self {
            q: "食品".into(),
            is_missing: true,
            rows,
            total: 5,
            missing: 1,
            next: Some("after=1".into()),
            may_write: true,
            code: Field::new("code", "12", &faults),
            faults,
        };
        let none = Field::new("code", "", &[]);
        let empty = Self {
            q: String::new(),
            is_missing: false,
            rows: vec![],
            total: 0,
            missing: 0,
            next: None,
            may_write: false,
            code: none,
            faults: vec![],
        };
        vec![full, empty]
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    missing: String,
    #[serde(default)]
    after: String,
}

/// How many published items carry out each entry.
fn carried(shelf: &Shelf) -> HashMap<&str, usize> {
    let mut all: HashMap<&str, usize> = HashMap::new();
    shelf.items().iter().for_each(|i| *all.entry(i.elements.basic_code.as_str()).or_default() += 1);
    all
}

async fn list_of(who: &Keeper, asked: Asked, typed: &str, faults: Vec<FieldError>) -> Result<Entries> {
    let (ctx, shelf) = (who.ctx.clone(), who.app.books().shelf);
    let heads = who.app.db.read(move |c| basics::heads(c, &ctx)).await?;
    let (carried, q) = (carried(&shelf), asked.q.trim().to_owned());
    let is_carried = |h: &Head| carried.contains_key(h.code.as_str());
    let is_missing = !asked.missing.is_empty();
    let missing = heads.iter().filter(|h| h.is_public && !is_carried(h)).count();
    let wanted: Vec<&Head> = heads
        .iter()
        .filter(|h| q.is_empty() || h.code.starts_with(&q) || h.title.contains(&q))
        .filter(|h| !is_missing || (h.is_public && !is_carried(h)))
        .collect();
    let total = wanted.len();
    let shown: Vec<String> =
        wanted.into_iter().map(|h| h.code.clone()).filter(|code| *code > asked.after).take(PAGE + 1).collect();
    let last = (shown.len() > PAGE).then(|| shown[PAGE - 1].clone());
    let next = last.map(|code| format!("q={}&missing={}&after={code}", form_urlencoded(&q), u8::from(is_missing)));
    let (ctx, codes) = (who.ctx.clone(), shown.into_iter().take(PAGE).collect::<Vec<_>>());
    let kept = who.app.db.read(move |c| basics::some(c, &ctx, &codes)).await?;
    let today = who.ctx.now.day();
    let row = |k: Kept| {
        let standing = k.doc.as_ref().map(|b| b.standing(today).code());
        let is_written = k.draft.is_some();
        let b = k.doc.or(k.draft).unwrap_or_else(|| Basic::blank(&k.code));
        let items = carried.get(b.code.as_str()).copied().unwrap_or_default();
        Row {
            sort: shelf.codes().name("item_type", &b.item_type),
            name: b.name,
            standing,
            is_written,
            items,
            code: b.code,
        }
    };
    Ok(Entries {
        rows: kept.into_iter().map(row).collect(),
        q,
        is_missing,
        total,
        missing,
        next,
        may_write: Scope::writes_city(&who.ctx),
        code: Field::new("code", typed, &faults),
        faults,
    })
}

pub async fn list(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &list_of(&who, asked.into_inner(), "", vec![]).await?)?)
}

/// Begins an entry of which nothing but its code is said.
pub async fn create(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let code = form.get("code").to_owned();
    let (ctx, blank) = (who.ctx.clone(), Basic::blank(&code));
    let fault = match who.app.db.write(move |c| basics::save_basic(c, &ctx, 0, &blank)).await {
        Ok(_) => return Ok(page::redirect(&format!("{HOME}/{code}"), "change-saved")),
        Err(e) if e.is(Kind::Invalid) => "basic-code",
        Err(e) if e.code() == "already-there" => "already-there",
        Err(e) => return Err(e.into()),
    };
    let faults = vec![FieldError { field: "code".into(), code: fault, value: None }];
    let view = list_of(&who, Asked::default(), &code, faults).await?;
    Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?)
}

#[derive(Debug, Serialize)]
pub struct EntryPage {
    code: String,
    name: Text,
    standing: Option<&'static str>,
    is_written: bool,
    may_write: bool,
    /// A new item of the implementing list can begin with it.
    may_begin: bool,
    /// Written by somebody else.
    may_publish: bool,
    revision: i32,
    /// The main item that this is a part of.
    main: Option<String>,
    inputs: Vec<Input>,
    /// The same for those who only read.
    said: Vec<Said>,
    findings: Vec<Found>,
    differences: Vec<Difference>,
    items: Vec<ItemRow>,
    versions: Vec<Version>,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Said {
    label: Text,
    value: Text,
}

#[derive(Debug, Clone, Serialize)]
struct Found {
    severity: Severity,
    rule: &'static str,
    element: Text,
    value: String,
}

#[derive(Debug, Clone, Serialize)]
struct ItemRow {
    id: String,
    name: Text,
    code: String,
    department: Text,
}

#[derive(Debug, Clone, Serialize)]
struct Version {
    no: i32,
    at: Ts,
}

impl View for EntryPage {
    const TEMPLATE: &'static str = "catalogue/basic";
    fn samples() -> Vec<Self> {
        let mut doc = serde_json::to_value(Basic::blank("000131001000")).unwrap_or_default();
        fill::rearrange(&BASIC_ENTRY, &mut doc, "add:basis");
        let text = || Text::new("食品经营许可 <b>", "Food operation licence <b>");
        let faults = vec![FieldError { field: "from".into(), code: "day-shape", value: None }];
        let of = |faults: Vec<FieldError>, may: bool| Self {
            code: "000131001001".into(),
            name: if may { text() } else { Text::default() },
            standing: may.then_some("in-force"),
            is_written: may,
            may_write: may,
            may_begin: may,
            may_publish: may,
            revision: 3,
            main: may.then(|| "000131001000".into()),
            inputs: inputs::of(&BASIC_ENTRY, &doc, &Codes::default(), &faults, ""),
            said: vec![Said { label: text(), value: text() }],
            findings: if may {
                vec![Found { severity: Severity::Error, rule: "missing", element: text(), value: "x".into() }]
            } else {
                vec![]
            },
            differences: if may { super::item::differences() } else { vec![] },
            items: if may {
                vec![ItemRow { id: "1".into(), name: text(), code: "1".into(), department: text() }]
            } else {
                vec![]
            },
            versions: if may { vec![Version { no: 1, at: Ts::default() }] } else { vec![] },
            notice: may.then(|| "x".into()),
            faults,
        };
        vec![of(faults, true), of(vec![], false)]
    }
}

struct Shown<'a> {
    kept: &'a Kept,
    doc: Value,
    faults: Vec<FieldError>,
    open: &'a str,
}

async fn view(who: &Keeper, shown: Shown<'_>) -> Result<EntryPage> {
    let Shown { kept, doc, faults, open } = shown;
    let shelf = who.app.books().shelf;
    let (ctx, of, code) = (who.ctx.clone(), shelf.clone(), kept.code.clone());
    let load = move |c: &mut Conn| {
        let may = basics::may_publish_basic(c, &ctx, &code)?;
        Ok((flows::dictionaries(c, &of)?, may, basics::versions(c, &ctx, &code)?))
    };
    let (codes, may_publish, versions) = who.app.db.read(load).await?;
    let blank = Basic::blank(&kept.code);
    let before = kept.draft.as_ref().or(kept.doc.as_ref()).unwrap_or(&blank);
    let typed: Basic = serde_json::from_value(doc.clone()).unwrap_or_else(|_| before.clone());
    let today: Day = who.ctx.now.day();
    let found = typed.check(&codes).into_iter().map(|(rule, element, value)| Found {
        severity: rule.severity(),
        rule: rule.code(),
        element: BASIC_ENTRY.elements.iter().find(|e| e.path == element).map(diff::name_of).unwrap_or_default(),
        value,
    });
    let differences = match (&kept.doc, &kept.draft) {
        (Some(old), Some(new)) => {
            diff::within(&BASIC_ENTRY, &serde_json::to_value(old)?, &serde_json::to_value(new)?, &codes)
        }
        _ => vec![],
    };
    let items = shelf.items().iter().filter(|i| i.elements.basic_code == kept.code).take(PAGE);
    let item = |i: &std::sync::Arc<crate::catalogue::Shelved>| ItemRow {
        id: i.item_id.to_string(),
        name: i.elements.name.clone(),
        code: i.elements.code.clone(),
        department: super::words::department(&shelf, i.department_id),
    };
    let standing = kept.doc.as_ref().map(|b| b.standing(today));
    Ok(EntryPage {
        code: kept.code.clone(),
        name: before.name.clone(),
        standing: standing.map(Standing::code),
        is_written: kept.draft.is_some(),
        may_write: Scope::writes_city(&who.ctx),
        may_begin: standing == Some(Standing::InForce) && who.ctx.may(Permission::Write).is_ok(),
        may_publish: kept.draft.is_some() && may_publish,
        revision: kept.revision,
        main: before.main(),
        inputs: inputs::of(&BASIC_ENTRY, &doc, &codes, &faults, open),
        said: said(&doc, &codes),
        findings: if kept.draft.is_some() { found.collect() } else { vec![] },
        differences,
        items: items.map(item).collect(),
        versions: versions.into_iter().map(|(no, at)| Version { no, at }).collect(),
        faults,
        notice: None,
    })
}

/// The elements in words, those that say nothing left out.
fn said(doc: &Value, codes: &Codes) -> Vec<Said> {
    let all = BASIC_ENTRY
        .elements
        .iter()
        .map(|e| Said { label: diff::name_of(e), value: diff::told(e, at(doc, e.path), codes) });
    all.filter(|s| !s.value.zh.is_empty()).collect()
}

async fn kept(who: &Keeper, code: &str) -> Result<Kept> {
    let (ctx, code) = (who.ctx.clone(), code.to_owned());
    who.app.db.read(move |c| basics::basic(c, &ctx, &code)).await
}

fn doc_of(kept: &Kept) -> Result<Value> {
    let blank = Basic::blank(&kept.code);
    Ok(serde_json::to_value(kept.draft.as_ref().or(kept.doc.as_ref()).unwrap_or(&blank))?)
}

#[derive(Debug, Deserialize)]
pub struct Opened {
    #[serde(default)]
    open: String,
}

pub async fn show(who: Keeper, code: web::Path<String>, asked: web::Query<Opened>) -> Result<HttpResponse, PageError> {
    let kept = kept(&who, &code).await?;
    let doc = doc_of(&kept)?;
    let view = view(&who, Shown { kept: &kept, doc, faults: vec![], open: &asked.open }).await?;
    Ok(page::show(&who, &view)?)
}

/// Keeps what was written, puts it in force, or drops it.
pub async fn act(who: Keeper, code: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let kept = kept(&who, &code).await?;
    let revision: i32 = form.get("revision").parse().unwrap_or_default();
    let (ctx, code, base) = (who.ctx.clone(), code.into_inner(), format!("{HOME}/{}", kept.code));
    let done = match form.get("do") {
        "publish" => {
            let shelf = who.app.books().shelf;
            let publish = move |c: &mut Conn| basics::publish_basic(c, &ctx, shelf.codes(), &code, revision);
            who.app.db.write(publish).await.map(|()| page::redirect(&base, "basic-public"))
        }
        "drop" => {
            // The code stays: it may not mean something else some day.
            let drop = move |c: &mut Conn| basics::drop_basic_draft(c, &ctx, &code, revision);
            who.app.db.write(drop).await.map(|()| page::redirect(&base, "basic-dropped"))
        }
        _ => return save(&who, &kept, revision, &form).await,
    };
    match done {
        Ok(response) => Ok(response),
        Err(e) if e.is(Kind::Conflict) => again(&who, &kept, doc_of(&kept)?, &e).await,
        Err(e) => Err(e.into()),
    }
}

async fn again(who: &Keeper, kept: &Kept, doc: Value, e: &Error) -> Result<HttpResponse, PageError> {
    let view = view(who, Shown { kept, doc, faults: vec![], open: "" }).await?;
    let view = EntryPage { notice: notice(who.ctx.lang, e), ..view };
    Ok(page::show_as(who, status(e.kind()), &view)?)
}

async fn save(who: &Keeper, kept: &Kept, revision: i32, form: &Fields) -> Result<HttpResponse, PageError> {
    let mut filled = fill::section(&BASIC_ENTRY, &doc_of(kept)?, form);
    let open = fill::rearrange(&BASIC_ENTRY, &mut filled.doc, form.get("do"));
    if !filled.faults.is_empty() {
        let open = open.unwrap_or_default();
        let shown = Shown { kept, doc: filled.doc, faults: filled.faults, open: &open };
        let view = EntryPage { revision, ..view(who, shown).await? };
        return Ok(page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let basic: Basic = serde_json::from_value(filled.doc.clone()).map_err(Error::from)?;
    let (ctx, base) = (who.ctx.clone(), format!("{HOME}/{}", kept.code));
    match who.app.db.write(move |c| basics::save_basic(c, &ctx, revision, &basic)).await {
        Ok(_) => Ok(page::redirect(&fill::saved(&base, open.as_deref()), "")),
        Err(e) if e.code() == "basic-edited" => again(who, kept, filled.doc, &e).await,
        Err(e) => Err(e.into()),
    }
}
