//! The dictionaries: sets, the codes of one, and one code with its names.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::catalogue::basics;
use crate::catalogue::changes::Scope;
use crate::catalogue::dictionaries::{self, CodeRow, Uses, is_relied};
use crate::catalogue::topics::keeps_topics;
use crate::db::Conn;
use crate::kernel::{Error, FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Sets {
    rows: Vec<SetRow>,
    /// Whoever keeps a department's items alone sees no more of them.
    is_keeper: bool,
}

#[derive(Debug, Clone, Serialize)]
struct SetRow {
    /// Text `codes-set-…`
    set: String,
    n: usize,
}

impl View for Sets {
    const TEMPLATE: &'static str = "catalogue/sets";
    fn samples() -> Vec<Self> {
        let row = SetRow { set: "item_type".into(), n: 12 };
        vec![Self { rows: vec![row.clone()], is_keeper: true }, Self { rows: vec![row], is_keeper: false }]
    }
}

pub async fn sets(who: Keeper) -> Result<HttpResponse, PageError> {
    let ctx = who.ctx.clone();
    let all = who.app.db.read(move |c| dictionaries::dictionaries(c, &ctx)).await?;
    let rows = all.into_iter().map(|(set, n)| SetRow { set, n }).collect();
    Ok(page::show(&who, &Sets { rows, is_keeper: keeps_topics(&who.ctx) })?)
}

#[derive(Debug, Serialize)]
pub struct Codes {
    set: String,
    rows: Vec<Row>,
    is_relied: bool,
    may_write: bool,
    /// A new one.
    fields: NewCode,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    code: String,
    name: Text,
    uses: usize,
    href: String,
}

#[derive(Debug, Serialize)]
struct NewCode {
    code: Field,
    name_zh: Field,
    name_en: Field,
}

impl NewCode {
    fn of(typed: (&str, &Text), faults: &[FieldError]) -> Self {
        Self {
            code: Field::new("code", typed.0, faults),
            name_zh: Field::new("name_zh", &typed.1.zh, faults),
            name_en: Field::new("name_en", &typed.1.en, faults),
        }
    }
}

impl View for Codes {
    const TEMPLATE: &'static str = "catalogue/codes";
    fn samples() -> Vec<Self> {
        let row = |code: &str, uses| Row {
            code: code.into(),
            name: Text::new("行政许可 <b>", "Licence <b>"),
            uses,
            href: "/catalogue/codes/item_type/01".into(),
        };
        let faults = vec![FieldError { field: "code".into(), code: "code-shape", value: None }];
        let of = |may: bool, faults: Vec<FieldError>| Self {
            set: "item_type".into(),
            rows: vec![row("01", 12), row("02", 0), row("03", 1)],
            is_relied: may,
            may_write: may,
            fields: NewCode::of(("a b", &Text::new("甲", "A")), &faults),
            notice: may.then(|| "x".into()),
            faults,
        };
        vec![of(true, faults), of(false, vec![])]
    }
}

/// What is in force, counted on a thread of its own: a large catalogue takes a while.
pub(super) async fn uses_in_force(who: &Keeper) -> Result<Uses> {
    let (shelf, basics) = (who.app.books().shelf, who.app.db.read(basics::basics).await?);
    tokio::task::spawn_blocking(move || Uses::in_force(&shelf, &basics)).await.map_err(Error::internal)?
}

/// All that is kept, counted beside the writers.
pub(super) async fn uses_everywhere(who: &Keeper) -> Result<Uses> {
    let ctx = who.ctx.clone();
    who.app.db.read(move |c| Uses::everywhere(c, &ctx)).await
}

async fn rows_of(who: &Keeper, set: &str) -> Result<Vec<CodeRow>> {
    let (ctx, set) = (who.ctx.clone(), set.to_owned());
    who.app.db.read(move |c| dictionaries::dictionary(c, &ctx, &set)).await
}

async fn view(who: &Keeper, set: &str, typed: (&str, &Text), faults: Vec<FieldError>) -> Result<Codes> {
    let all = rows_of(who, set).await?;
    let uses = uses_in_force(who).await?;
    let row = |r: CodeRow| Row {
        uses: uses.of(set, &r.code),
        href: format!("/catalogue/codes/{set}/{}", form_urlencoded(&r.code)),
        code: r.code,
        name: r.name,
    };
    Ok(Codes {
        set: set.to_owned(),
        rows: all.into_iter().map(row).collect(),
        is_relied: is_relied(set),
        may_write: Scope::writes_city(&who.ctx),
        fields: NewCode::of(typed, &faults),
        faults,
        notice: None,
    })
}

pub async fn list(who: Keeper, set: web::Path<String>) -> Result<HttpResponse, PageError> {
    let view = view(&who, &set, ("", &Text::default()), vec![]).await?;
    Ok(page::show(&who, &view)?)
}

/// Moves a code, or adds one.
pub async fn act(who: Keeper, set: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    rows_of(&who, &set).await?;
    let (ctx, key, base) = (who.ctx.clone(), set.clone(), format!("/catalogue/codes/{set}"));
    if let Some((way @ ("up" | "down"), code)) = form.get("do").split_once(':') {
        let (code, is_up) = (code.to_owned(), way == "up");
        let to = format!("{base}#code.{code}");
        who.app.db.write(move |c: &mut Conn| dictionaries::move_code(c, &ctx, &key, &code, is_up)).await?;
        who.app.refresh().await?;
        return Ok(page::redirect(&to, ""));
    }
    let (code, name) = (form.get("code").to_owned(), Text::new(form.get("name_zh"), form.get("name_en")));
    let (cmd, named) = (code.clone(), name.clone());
    match who.app.db.write(move |c: &mut Conn| dictionaries::add_code(c, &ctx, &key, &cmd, &named)).await {
        Ok(()) => {
            who.app.refresh().await?;
            Ok(page::redirect(&base, "code-saved"))
        }
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let view = view(&who, &set, (&code, &name), e.field_errors().to_vec()).await?;
            Ok(page::show_as(&who, status(e.kind()), &Codes { notice: notice(who.ctx.lang, &e), ..view })?)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Debug, Serialize)]
pub struct One {
    set: String,
    code: String,
    name: Text,
    name_zh: Field,
    name_en: Field,
    revision: i32,
    uses: usize,
    /// Why it is not removed: text `codes-kept-…`; empty when it may be.
    kept: &'static str,
    may_write: bool,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

impl View for One {
    const TEMPLATE: &'static str = "catalogue/code";
    fn samples() -> Vec<Self> {
        let faults = vec![FieldError { field: "name_zh".into(), code: "required", value: None }];
        let of = |kept: &'static str, faults: Vec<FieldError>| Self {
            set: "item_type".into(),
            code: "01".into(),
            name: Text::new("行政许可 <b>", "Licence <b>"),
            name_zh: Field::new("name_zh", "", &faults),
            name_en: Field::new("name_en", "Licence", &faults),
            revision: 1,
            uses: usize::from(kept == "used"),
            kept,
            may_write: kept != "last",
            notice: faults.is_empty().then(|| "x".into()),
            faults,
        };
        vec![of("", faults), of("used", vec![]), of("relied", vec![]), of("last", vec![])]
    }
}

async fn one(who: &Keeper, set: &str, code: &str, typed: Option<&Text>, faults: Vec<FieldError>) -> Result<One> {
    let all = rows_of(who, set).await?;
    let (n, uses) = (all.len(), uses_in_force(who).await?.of(set, code));
    let row = all.into_iter().find(|r| r.code == code).ok_or_else(Error::not_found)?;
    let name = typed.unwrap_or(&row.name);
    Ok(One {
        set: set.to_owned(),
        code: row.code,
        name_zh: Field::new("name_zh", &name.zh, &faults),
        name_en: Field::new("name_en", &name.en, &faults),
        revision: row.revision,
        uses,
        kept: match (is_relied(set), uses, n) {
            (true, ..) => "relied",
            (_, 1.., _) => "used",
            (.., 1) => "last",
            _ => "",
        },
        may_write: Scope::writes_city(&who.ctx),
        faults,
        notice: None,
        name: row.name,
    })
}

type Place = web::Path<(String, String)>;

pub async fn show(who: Keeper, place: Place) -> Result<HttpResponse, PageError> {
    let view = one(&who, &place.0, &place.1, None, vec![]).await?;
    Ok(page::show(&who, &view)?)
}

/// Gives a code other names, or removes it.
pub async fn change(who: Keeper, place: Place, form: Posted) -> Result<HttpResponse, PageError> {
    let (set, code) = place.into_inner();
    rows_of(&who, &set).await?;
    let revision: i32 = form.get("revision").parse().unwrap_or_default();
    let name = Text::new(form.get("name_zh"), form.get("name_en"));
    let (ctx, key, is_gone) = (who.ctx.clone(), set.clone(), form.get("do") == "remove");
    let row = CodeRow { code: code.clone(), name: name.clone(), revision };
    let done = if is_gone {
        let uses = uses_everywhere(&who).await?;
        who.app.db.write(move |c: &mut Conn| dictionaries::remove_code(c, &ctx, &key, &row, &uses)).await
    } else {
        who.app.db.write(move |c: &mut Conn| dictionaries::rename_code(c, &ctx, &key, &row)).await
    };
    match done {
        Ok(()) => {
            who.app.refresh().await?;
            let done = if is_gone { "code-removed" } else { "code-saved" };
            Ok(page::redirect(&format!("/catalogue/codes/{set}"), done))
        }
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let is_edited = e.code() == "word-edited";
            let Ok(view) = one(&who, &set, &code, Some(&name), e.field_errors().to_vec()).await else {
                let view = view(&who, &set, (&code, &name), vec![]).await?;
                let view = Codes { notice: notice(who.ctx.lang, &e), ..view };
                return Ok(page::show_as(&who, status(e.kind()), &view)?);
            };
            // What was typed stands over the name that is there now: saving again takes it.
            let revision = if is_edited { view.revision } else { revision };
            let view = One { notice: notice(who.ctx.lang, &e), revision, ..view };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
