//! The log as a file. It leaves for a reason that is typed, and that it left is recorded before its first row; it is sent as it is read, so
//! that a year of it takes no more memory than a page.

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::asked::{Asked, Form, Meant};
use super::names::{Name, Names, Row};
use crate::app::App;
use crate::audit::search::{self, Filter};
use crate::audit::{Entry, acts};
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Kind, Lang, Result};
use crate::render::{View, texts};
use crate::web::error::{PageError, status};
use crate::web::field::Field;
use crate::web::form::Posted;
use crate::web::guard::Auditor;
use crate::web::page;

/// Entries that are read at once.
const CHUNK: usize = 500;

#[derive(Debug, Serialize)]
pub struct Export {
    pub form: Form,
    pub reason: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

impl View for Export {
    const TEMPLATE: &'static str = "audit/export";
    fn samples() -> Vec<Self> {
        super::samples::exports()
    }
}

fn view(asked: &Asked, reason: &str, faults: Vec<FieldError>) -> Export {
    Export { form: Form::new(asked, &faults), reason: Field::new("reason", reason, &faults), faults, notice: None }
}

pub async fn ask(who: Auditor, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let asked = asked.into_inner().or_days(who.ctx.now.day());
    Ok(page::show(&who, &view(&asked, "", vec![]))?)
}

pub async fn export(who: Auditor, form: Posted) -> Result<HttpResponse, PageError> {
    let get = |name: &str| form.get(name).to_owned();
    let asked = Asked {
        from: get("from"),
        to: get("to"),
        actor: get("actor"),
        kind: get("kind"),
        act: get("act"),
        object: get("object"),
        outcome: get("outcome"),
        after: String::new(),
    };
    match begin(&who, &asked, form.get("reason")).await {
        Ok(filter) => Ok(file(&who, filter)),
        Err(e) if e.is(Kind::Invalid) => {
            let view = view(&asked, form.get("reason"), e.field_errors().to_vec());
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

/// Records the export. All faults of the form are told at once.
async fn begin(who: &Auditor, asked: &Asked, reason: &str) -> Result<Filter> {
    let (ctx, sought) = (who.ctx.clone(), asked.clone());
    let Meant { filter, entry, mut faults } = who.app.db.read(move |c| sought.meant(c, &ctx)).await?;
    let filter = Filter { object: filter.object.or(entry), before: None, ..filter };
    let is_told = |faults: &[FieldError], field: &str| faults.iter().any(|f| f.field == field);
    for (field, is_open) in [("from", filter.from.is_none()), ("to", filter.until.is_none())] {
        if is_open && !is_told(&faults, field) {
            faults.push(FieldError { field: field.into(), code: "audit-day", value: None });
        }
    }
    faults.extend(search::reason(reason).err().iter().flat_map(|e| e.field_errors().to_vec()));
    if !faults.is_empty() {
        return Err(Error::fields(faults));
    }
    let (ctx, kept, why) = (who.ctx.clone(), filter.clone(), reason.to_owned());
    who.app.db.write(move |c| search::exported(c, &ctx, &kept, &why)).await?;
    Ok(filter)
}

fn file(who: &Auditor, filter: Filter) -> HttpResponse {
    let name = format!("attachment; filename=\"audit-{}.csv\"", who.ctx.now.day());
    let rows = Rows { app: who.app.clone(), ctx: who.ctx.clone(), filter: Some(filter), is_first: true };
    let body = futures_util::stream::unfold(rows, |mut rows| async move {
        let chunk = rows.next().await?;
        // A file that breaks off is seen to: its transfer has no end.
        Some((
            chunk.inspect_err(|e| {
                e.log();
            }),
            rows,
        ))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(body)
}

/// The file as it goes.
struct Rows {
    app: App,
    ctx: Ctx,
    /// What is still to come; none at the end.
    filter: Option<Filter>,
    is_first: bool,
}

impl Rows {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        let filter = self.filter.take()?;
        let (ctx, books, asked) = (self.ctx.clone(), self.app.books(), filter.clone());
        let read = move |c: &mut Conn| {
            let found = search::list(c, &ctx, &asked, CHUNK)?;
            let names = Names::of(c, &ctx, &books, &found.rows)?;
            let rows: Vec<(Row, Entry)> = found.rows.into_iter().map(|e| (names.row(&e), e)).collect();
            Ok((rows, found.next))
        };
        let made = async {
            let (rows, next) = self.app.db.read(read).await?;
            let bytes = csv(self.ctx.lang, &rows, self.is_first)?;
            Ok((bytes, next))
        };
        let made: Result<_> = made.await;
        self.is_first = false;
        Some(made.map(|(bytes, next)| {
            self.filter = next.map(|n| Filter { before: Some(n.id), ..filter });
            Bytes::from(bytes)
        }))
    }
}

const HEADINGS: [&str; 13] = [
    "audit-at",
    "audit-no",
    "audit-kind",
    "audit-actor",
    "audit-act",
    "audit-code",
    "audit-object-kind",
    "audit-object",
    "audit-object-id",
    "audit-outcome",
    "audit-detail",
    "audit-request",
    "audit-batch",
];

fn csv(lang: Lang, rows: &[(Row, Entry)], is_first: bool) -> Result<Vec<u8>> {
    // With its mark, by which spreadsheet programs know UTF-8.
    let start = if is_first { b"\xEF\xBB\xBF".to_vec() } else { vec![] };
    let mut out = csv::Writer::from_writer(start);
    let t = |key: &str| texts().get(lang, key).into_owned();
    if is_first {
        out.write_record(HEADINGS.map(t)).map_err(Error::internal)?;
    }
    for (row, e) in rows {
        let place = e.place.map_or_else(|| t("audit-unsealed"), |(batch, seq)| format!("{batch}/{}", seq + 1));
        let record = [
            e.at.rfc3339(),
            e.id.to_string(),
            t(&format!("audit-kind-{}", e.actor_kind)),
            named(&row.who, lang, e.actor_id.map(|id| id.to_string())),
            if acts::is_known(&e.action) { t(&format!("act-{}", acts::key(&e.action))) } else { e.action.clone() },
            e.action.clone(),
            row.what.kind.as_ref().map_or_else(|| e.object_kind.clone(), |k| t(&format!("object-{k}"))),
            named(&row.what, lang, None),
            e.object_id.map(|id| id.to_string()).unwrap_or_default(),
            t(&format!("audit-outcome-{}", row.outcome)),
            if e.detail.is_null() { String::new() } else { e.detail.to_string() },
            e.request_id.to_string(),
            place,
        ];
        out.write_record(record.iter().map(|cell| guarded(cell))).map_err(Error::internal)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

/// Login or number with the name; else the whole id, where there is one.
fn named(name: &Name, lang: Lang, id: Option<String>) -> String {
    let text = name.text.as_ref().map(|t| t.get(lang).to_owned()).unwrap_or_default();
    match (name.mark.as_str(), text.as_str()) {
        (mark, "") if mark.starts_with('…') => id.unwrap_or_default(),
        (mark, "") => mark.to_owned(),
        ("", text) => text.to_owned(),
        (mark, text) => format!("{mark} {text}"),
    }
}

/// A cell that a spreadsheet program would take for a formula is text.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
