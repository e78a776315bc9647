//! The implementing list as a file: out for whoever keeps it, and in by a look at what would change and then as changes for review.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::catalogue::changes::{self, Scope, Taken};
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::sheets::{self, Bad, Format, Imported, Read};
use crate::files::Hash;
use crate::flows;
use crate::identity::DepartmentId;
use crate::kernel::{Error, FieldError, Id, Kind, Result, Role, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Uploaded};
use crate::web::guard::Keeper;
use crate::web::page;

/// Bad cells and changed items that a page shows.
const SHOWN: usize = 200;
/// Differences of one item that a page shows.
const FEW: usize = 10;
/// Items that a page takes in; more come in on the command line.
const MOST: usize = 1000;
/// Items a transaction.
const BATCH: usize = 50;

#[derive(Debug, Serialize)]
pub struct Sheets {
    may_write: bool,
    looked: Option<Looked>,
    taken: Option<Done>,
    reason: Field,
    mib: u64,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

/// What a file would change.
#[derive(Debug, Serialize)]
struct Looked {
    /// The file, sealed for the next step.
    file: String,
    name: String,
    new: usize,
    changed: usize,
    same: usize,
    left_out: usize,
    is_too_many: bool,
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

#[derive(Debug, Clone, Serialize)]
struct Done {
    submitted: usize,
    open: usize,
    foreign: usize,
    same: usize,
}

impl View for Sheets {
    const TEMPLATE: &'static str = "catalogue/sheets";
    fn samples() -> Vec<Self> {
        let bare = || Self {
            may_write: true,
            looked: None,
            taken: None,
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
        let looked = |is_too_many| Looked {
            file: "x".into(),
            name: "实施清单.xlsx".into(),
            new: 1,
            changed: 1,
            same: 64,
            left_out: 2,
            is_too_many,
            bad: vec![bad(false), bad(true)],
            bad_total: 2,
            unknown: vec![
                Unknown { sheet: "事项".into(), heading: "备注".into() },
                Unknown { sheet: "说明".into(), heading: String::new() },
            ],
            rows: vec![row(false), row(true)],
        };
        let fault = FieldError { field: "reason".into(), code: "why-missing", value: None };
        let clean = Looked { bad: vec![], bad_total: 0, unknown: vec![], rows: vec![], left_out: 0, ..looked(false) };
        vec![
            bare(),
            Self { may_write: false, notice: Some("x".into()), ..bare() },
            Self {
                looked: Some(looked(false)),
                reason: Field::new("reason", "", std::slice::from_ref(&fault)),
                faults: vec![fault],
                ..bare()
            },
            Self { looked: Some(looked(true)), ..bare() },
            Self { looked: Some(Looked { new: 0, changed: 0, ..clean }), ..bare() },
            Self { taken: Some(Done { submitted: 3, open: 1, foreign: 1, same: 2 }), ..bare() },
            Self { taken: Some(Done { submitted: 0, open: 0, foreign: 0, same: 2 }), ..bare() },
        ]
    }
}

fn empty(who: &Keeper, typed: &str, error: Option<&Error>) -> Sheets {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    Sheets {
        may_write: who.ctx.with_role(Role::Cataloguer).is_ok(),
        looked: None,
        taken: None,
        reason: Field::new("reason", typed, &faults),
        mib: who.app.config.files.max_mib,
        notice: error.and_then(|e| notice(who.ctx.lang, e)),
        faults,
    }
}

pub async fn show(who: Keeper) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &empty(&who, "", None))?)
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

/// A file between the look and the taking in: whose it is, and where it lies.
#[derive(Serialize, Deserialize)]
struct Pending {
    staff: Id,
    name: String,
    hash: String,
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

/// Looks at a file, or takes in the one that was looked at.
pub async fn import(who: Keeper, sent: Uploaded) -> Result<HttpResponse, PageError> {
    who.ctx.with_role(Role::Cataloguer)?;
    let (fields, reason) = (sent.fields.clone(), sent.fields.get("reason").to_owned());
    match imported(&who, sent).await {
        Ok(view) => Ok(page::show(&who, &view)?),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::TooLarge) => {
            let mut view = empty(&who, &reason, Some(&e));
            if let Some(pending) = Pending::open(&who, fields.get("file")) {
                view.looked = Some(looked(&who, &pending, &read(&who, &pending).await?)?);
            }
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn imported(who: &Keeper, sent: Uploaded) -> Result<Sheets> {
    if let Some(file) = sent.files.into_iter().next() {
        if file.is_over {
            return Err(Error::new(Kind::TooLarge, "file-too-large").with("mib", who.app.config.files.max_mib));
        }
        let staff = who.ctx.staff()?.id;
        // What is no list is not kept.
        let (name, bytes) = (file.name.clone(), file.bytes.clone());
        tokio::task::spawn_blocking(move || sheets::open(&name, &bytes)).await.map_err(Error::internal)??;
        let pending = Pending { staff, name: file.name, hash: who.app.files.put(file.bytes).await?.hex() };
        let looked = looked(who, &pending, &read(who, &pending).await?)?;
        return Ok(Sheets { looked: Some(looked), ..empty(who, "", None) });
    }
    let pending = Pending::open(who, sent.fields.get("file")).ok_or_else(|| Error::field("list", "list-missing"))?;
    take(who, &pending, &sent.fields).await
}

async fn read(who: &Keeper, pending: &Pending) -> Result<Read> {
    let hash = Hash::from_slice(&hex::decode(&pending.hash).map_err(Error::internal)?)?;
    let bytes = who.app.files.get(hash).await?;
    let (name, shelf) = (pending.name.clone(), who.app.books().shelf);
    who.app
        .db
        .read(move |c| {
            let content = sheets::open(&name, &bytes)?;
            flows::read_list(c, &shelf, &content)
        })
        .await
}

fn looked(who: &Keeper, pending: &Pending, read: &Read) -> Result<Looked> {
    let shelf = who.app.books().shelf;
    let count = |is: &dyn Fn(&&Imported) -> bool| read.good.iter().filter(is).count();
    let (new, same) = (count(&|i| i.before.is_none()), count(&|i| i.is_same()));
    let row = |i: &Imported| {
        let differences = match &i.before {
            Some((_, before)) => diff::between(before, &i.elements, shelf.codes())?,
            None => vec![],
        };
        Ok(Row {
            code: i.elements.code.clone(),
            name: i.elements.name.clone(),
            is_new: i.before.is_none(),
            total: differences.len(),
            differences: differences.into_iter().take(FEW).collect(),
        })
    };
    let changed = read.good.iter().filter(|i| !i.is_same()).take(SHOWN);
    let unknown = |(sheet, heading): &(String, String)| Unknown { sheet: sheet.clone(), heading: heading.clone() };
    Ok(Looked {
        file: pending.sealed(who)?,
        name: pending.name.clone(),
        new,
        changed: read.good.len() - new - same,
        same,
        left_out: read.left_out,
        is_too_many: read.good.len() - same > MOST,
        bad: read.bad.iter().take(SHOWN).cloned().collect(),
        bad_total: read.bad.len(),
        unknown: read.unknown.iter().take(SHOWN).map(unknown).collect(),
        rows: changed.map(row).collect::<Result<_>>()?,
    })
}

async fn take(who: &Keeper, pending: &Pending, fields: &Fields) -> Result<Sheets> {
    let read = read(who, pending).await?;
    let changed: Vec<Imported> = read.good.iter().filter(|i| !i.is_same()).cloned().collect();
    if changed.len() > MOST {
        return Err(Error::invalid("import-too-many").with("n", MOST));
    }
    let mut all = Taken { same: read.good.len() - changed.len(), ..Taken::default() };
    for some in changed.chunks(BATCH) {
        let (ctx, some, reason) = (who.ctx.clone(), some.to_vec(), fields.get("reason").to_owned());
        let taken = who.app.db.write(move |c| changes::take(c, &ctx, &some, &reason)).await?;
        all.submitted += taken.submitted;
        all.open += taken.open;
        all.foreign += taken.foreign;
    }
    let Taken { submitted, open, foreign, same } = all;
    Ok(Sheets { taken: Some(Done { submitted, open, foreign, same }), ..empty(who, "", None) })
}
