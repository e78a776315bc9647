//! The implementing list as a file: out for whoever keeps it, and in by a look at what would change and then, in the background, as
//! changes for review.

use std::io::Cursor;
use std::path::Path;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::catalogue::Codes;
use crate::catalogue::changes::Scope;
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::imports::{self, Import, ImportId, Wish};
use crate::catalogue::sheets::{self, Bad, Format, Imported, Reading};
use crate::files::Hash;
use crate::flows;
use crate::identity::DepartmentId;
use crate::kernel::{Error, FieldError, Id, Kind, Permission, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Uploaded, UploadedFile};
use crate::web::guard::Keeper;
use crate::web::page;

/// Bad cells and changed items that a page shows.
const SHOWN: usize = 200;
/// Differences of one item that a page shows.
const FEW: usize = 10;
/// Items that are looked at at once.
const BATCH: usize = 100;

#[derive(Debug, Serialize)]
pub struct Sheets {
    may_write: bool,
    looked: Option<Looked>,
    /// The visitor's last ones.
    imports: Vec<Import>,
    reason: Field,
    mib: u64,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

/// What a file would change.
#[derive(Debug, Default, Serialize)]
struct Looked {
    /// The file, sealed for the next step.
    file: String,
    name: String,
    new: usize,
    changed: usize,
    same: usize,
    left_out: usize,
    bad: Vec<Bad>,
    bad_total: usize,
    unknown: Vec<Unknown>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Unknown {
    sheet: String,
    heading: String,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    code: String,
    name: Text,
    is_new: bool,
    total: usize,
    differences: Vec<Difference>,
}

impl View for Sheets {
    const TEMPLATE: &'static str = "catalogue/sheets";
    fn samples() -> Vec<Self> {
        let bare = || Self {
            may_write: true,
            looked: None,
            imports: vec![],
            reason: Field::new("reason", "", &[]),
            mib: 20,
            faults: vec![],
            notice: None,
        };
        let bad = |rule| Bad {
            sheet: "事项".into(),
            row: 3,
            column: "承诺办结时限".into(),
            value: "三天 <b>".into(),
            why: if rule { "rule" } else { "whole" },
            rule: rule.then_some("promise-too-long"),
        };
        let row = |is_new| Row {
            code: "11980100007480107D3000131001000".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            is_new,
            total: 12,
            differences: if is_new { vec![] } else { super::item::differences() },
        };
        let looked = || Looked {
            file: "x".into(),
            name: "实施清单.xlsx".into(),
            new: 1,
            changed: 1,
            same: 64,
            left_out: 2,
            bad: vec![bad(false), bad(true)],
            bad_total: 2,
            unknown: vec![
                Unknown { sheet: "事项".into(), heading: "备注".into() },
                Unknown { sheet: "说明".into(), heading: String::new() },
            ],
            rows: vec![row(false), row(true)],
        };
        let fault = FieldError { field: "reason".into(), code: "why-missing", value: None };
        let clean = Looked { bad: vec![], bad_total: 0, unknown: vec![], rows: vec![], left_out: 0, ..looked() };
        vec![
            bare(),
            Self { may_write: false, notice: Some("x".into()), ..bare() },
            Self {
                looked: Some(looked()),
                reason: Field::new("reason", "", std::slice::from_ref(&fault)),
                faults: vec![fault],
                ..bare()
            },
            Self { looked: Some(Looked { new: 0, changed: 0, ..clean }), ..bare() },
            Self { imports: super::taking::all(), ..bare() },
        ]
    }
}

async fn empty(who: &Keeper, typed: &str, error: Option<&Error>) -> Result<Sheets> {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let ctx = who.ctx.clone();
    Ok(Sheets {
        may_write: who.ctx.may(Permission::Write).is_ok(),
        looked: None,
        imports: who.app.db.glance(move |c| imports::mine(c, &ctx)).await?,
        reason: Field::new("reason", typed, &faults),
        mib: who.app.config.files.max_mib,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    })
}

pub async fn show(who: Keeper) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &empty(&who, "", None).await?)?)
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    format: String,
    #[serde(default)]
    sheet: String,
}

/// The list of the items that the visitor keeps.
pub async fn export(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let (_, scope) = Scope::of(&who.ctx)?;
    let format = Format::of_name(&asked.format).ok_or_else(Error::not_found)?;
    let shelf = who.app.books().shelf;
    let of = shelf.clone();
    let codes = who.app.db.read(move |c| flows::dictionaries(c, &of)).await?;
    let sheet = asked.into_inner().sheet;
    let write = move || {
        let own = shelf.items().iter().filter(|i| scope.holds(DepartmentId(i.department_id)));
        let items: Vec<_> = own.map(|i| &i.elements).collect();
        let mut tables = if format == Format::Json { vec![] } else { sheets::write(items.iter().copied(), &codes)? };
        tables.retain(|t| sheet.is_empty() || t.name == sheet);
        sheets::save(format, &tables, &items)
    };
    // A large list takes a while: not on a thread that serves others.
    let bytes = tokio::task::spawn_blocking(write).await.map_err(Error::internal)??;
    let name = format!("attachment; filename=\"catalogue-{}.{}\"", who.ctx.now.day(), format.code());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.mime()))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(bytes))
}

const PLACE: &str = "catalogue.sheets";

/// A file between the look and the taking in: whose it is, where it lies, and how many items it has.
#[derive(Serialize, Deserialize)]
struct Pending {
    staff: Id,
    name: String,
    hash: String,
    items: usize,
}

impl Pending {
    fn sealed(&self, who: &Keeper) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(who.app.keys.seal(PLACE, &serde_json::to_vec(self)?)))
    }
    fn open(who: &Keeper, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let pending: Self = serde_json::from_slice(&who.app.keys.open(PLACE, &sealed).ok()?).ok()?;
        (Some(pending.staff) == who.ctx.actor.id()).then_some(pending)
    }
}

/// Looks at a file, or has the one taken in that was looked at.
pub async fn import(who: Keeper, sent: Uploaded) -> Result<HttpResponse, PageError> {
    who.ctx.may(Permission::Write)?;
    let fields = sent.fields.clone();
    let done = match sent.files.into_iter().next() {
        Some(file) => look(&who, file).await.map(Next::Look),
        None => begin(&who, &fields).await.map(Next::Follow),
    };
    match done {
        Ok(Next::Look(view)) => Ok(page::show(&who, &*view)?),
        Ok(Next::Follow(id)) => Ok(page::redirect(&format!("/catalogue/sheets/{id}"), "")),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::TooLarge) || e.is(Kind::Conflict) => {
            let mut view = empty(&who, fields.get("reason"), Some(&e)).await?;
            if let Some(pending) = Pending::open(&who, fields.get("file")) {
                view.looked = Some(looked(&who, pending).await?);
            }
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

enum Next {
    Look(Box<Sheets>),
    Follow(ImportId),
}

async fn look(who: &Keeper, file: UploadedFile) -> Result<Box<Sheets>> {
    if file.is_over {
        return Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", who.app.config.files.max_mib));
    }
    let staff = who.ctx.staff()?.id;
    // What is no list is not kept.
    let reading = open(who, file.name.clone(), file.bytes.clone()).await?;
    let hash = who.app.files.put(file.bytes).await?.hex();
    let pending = Pending { staff, name: file.name, hash, items: reading.total() };
    let looked = compared(who, &pending, reading).await?;
    Ok(Box::new(Sheets { looked: Some(looked), ..empty(who, "", None).await? }))
}

async fn begin(who: &Keeper, fields: &Fields) -> Result<ImportId> {
    let pending = Pending::open(who, fields.get("file")).ok_or_else(|| Error::field("list", "list-missing"))?;
    let file = hex::decode(&pending.hash).map_err(Error::internal)?;
    let wish = Wish { name: pending.name, file, reason: fields.get("reason").to_owned(), total: pending.items };
    let ctx = who.ctx.clone();
    let id = who.app.db.write(move |c| imports::begin(c, &ctx, &wish)).await?;
    who.app.wake.notify_waiters();
    Ok(id)
}

async fn open(who: &Keeper, name: String, bytes: Vec<u8>) -> Result<Reading> {
    let shelf = who.app.books().shelf;
    let against = who.app.db.read(move |c| flows::list_against(c, shelf)).await?;
    let folder = who.app.config.files.folder.clone();
    let open = move || Ok(Reading::new(sheets::open(Path::new(&folder), &name, Cursor::new(bytes))?, against));
    tokio::task::spawn_blocking(open).await.map_err(Error::internal)?
}

async fn looked(who: &Keeper, pending: Pending) -> Result<Looked> {
    let hash = Hash::from_slice(&hex::decode(&pending.hash).map_err(Error::internal)?)?;
    let bytes = who.app.files.get(hash).await?;
    let reading = open(who, pending.name.clone(), bytes).await?;
    compared(who, &pending, reading).await
}

/// What a file would change: all of it is counted, and the first of it shown.
async fn compared(who: &Keeper, pending: &Pending, mut reading: Reading) -> Result<Looked> {
    let shelf = who.app.books().shelf;
    let (file, name) = (pending.sealed(who)?, pending.name.clone());
    let compare = move || {
        let mut looked = Looked { file, name, ..Looked::default() };
        while reading.at() < reading.total() {
            for item in reading.batch(BATCH)? {
                match &item.before {
                    _ if item.is_same() => {
                        looked.same += 1;
                        continue;
                    }
                    None => looked.new += 1,
                    Some(_) => looked.changed += 1,
                }
                if looked.rows.len() < SHOWN {
                    looked.rows.push(row(&item, shelf.codes())?);
                }
            }
        }
        let told = reading.told();
        looked.bad = told.bad.iter().take(SHOWN).cloned().collect();
        (looked.bad_total, looked.left_out) = (told.bad_total, told.left_out);
        let unknown = |(sheet, heading): &(String, String)| Unknown { sheet: sheet.clone(), heading: heading.clone() };
        looked.unknown = told.unknown.iter().take(SHOWN).map(unknown).collect();
        Ok(looked)
    };
    // A large list takes a while: not on a thread that serves others.
    tokio::task::spawn_blocking(compare).await.map_err(Error::internal)?
}

fn row(item: &Imported, codes: &Codes) -> Result<Row> {
    let differences = match &item.before {
        Some(before) => diff::between(&before.elements, &item.elements, codes)?,
        None => vec![],
    };
    Ok(Row {
        code: item.elements.code.clone(),
        name: item.elements.name.clone(),
        is_new: item.before.is_none(),
        total: differences.len(),
        differences: differences.into_iter().take(FEW).collect(),
    })
}
