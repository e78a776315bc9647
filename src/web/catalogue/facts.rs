//! The shared field dictionary: all fields, and one of them.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::codes::{uses_everywhere, uses_in_force};
use crate::catalogue::changes::Scope;
use crate::catalogue::dictionaries::{self, FactRow, HOLDERS, Uses, is_known};
use crate::catalogue::elements::FIELD_KINDS;
use crate::catalogue::topics::keeps_topics;
use crate::db::Conn;
use crate::kernel::{FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Facts {
    rows: Vec<Row>,
    may_write: bool,
    fields: Form,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    key: String,
    name: Text,
    /// Text `pick-…`
    kind: &'static str,
    /// Text `facts-holder-…`
    holder: String,
    uses: usize,
    href: String,
}

/// What is typed of a field.
#[derive(Debug, Serialize)]
pub struct Form {
    key: Field,
    name_zh: Field,
    name_en: Field,
    kinds: Vec<Choice>,
    kind: Field,
    holders: Vec<Choice>,
    holder: Field,
    /// Kind and holder stay as they are.
    is_fixed: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: &'static str,
    text: String,
    is_on: bool,
}

impl Form {
    fn of(fact: &FactRow, is_fixed: bool, faults: &[FieldError]) -> Self {
        let kind = |(value, text): &(&'static str, &str)| Choice {
            value,
            text: format!("pick-{text}"),
            is_on: *value == fact.kind,
        };
        let holder = |value: &&'static str| Choice {
            value,
            text: format!("facts-holder-{value}"),
            is_on: *value == fact.holder,
        };
        Self {
            key: Field::new("key", &fact.key, faults),
            name_zh: Field::new("name_zh", &fact.name.zh, faults),
            name_en: Field::new("name_en", &fact.name.en, faults),
            kinds: FIELD_KINDS.iter().map(kind).collect(),
            kind: Field::new("kind", &fact.kind, faults),
            holders: HOLDERS.iter().map(holder).collect(),
            holder: Field::new("holder", &fact.holder, faults),
            is_fixed,
        }
    }
}

fn blank() -> FactRow {
    FactRow { key: String::new(), name: Text::default(), kind: "text".into(), holder: "person".into(), revision: 0 }
}

/// Text of a kind of fields.
fn kind_text(kind: &str) -> &'static str {
    FIELD_KINDS.iter().find(|(value, _)| *value == kind).map_or("", |(_, text)| text)
}

fn sample_faults() -> Vec<FieldError> {
    let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
    vec![fault("key", "fact-key"), fault("kind", "choice-required"), fault("holder", "choice-required")]
}

impl View for Facts {
    const TEMPLATE: &'static str = "catalogue/facts";
    fn samples() -> Vec<Self> {
        let row = |uses| Row {
            key: "person.name".into(),
            name: Text::new("姓名 <b>", "Name <b>"),
            kind: "field-text",
            holder: "person".into(),
            uses,
            href: if uses == 0 { String::new() } else { "/catalogue/facts/person.name".into() },
        };
        let of = |may_write: bool, faults: Vec<FieldError>| Self {
            rows: vec![row(0), row(1), row(2)],
            may_write,
            fields: Form::of(&blank(), false, &faults),
            notice: may_write.then(|| "x".into()),
            faults,
        };
        vec![of(true, sample_faults()), of(false, vec![])]
    }
}

async fn view(who: &Keeper, typed: &FactRow, faults: Vec<FieldError>) -> Result<Facts> {
    let ctx = who.ctx.clone();
    let all = who.app.db.read(move |c| dictionaries::fact_rows(c, &ctx)).await?;
    let (uses, keeps) = (uses_in_force(who).await?, keeps_topics(&who.ctx));
    let row = |f: FactRow| Row {
        uses: uses.of("fact", &f.key),
        href: if keeps { format!("/catalogue/facts/{}", f.key) } else { String::new() },
        kind: kind_text(&f.kind),
        key: f.key,
        name: f.name,
        holder: f.holder,
    };
    Ok(Facts {
        rows: all.into_iter().map(row).collect(),
        may_write: Scope::writes_city(&who.ctx),
        fields: Form::of(typed, false, &faults),
        faults,
        notice: None,
    })
}

pub async fn list(who: Keeper) -> Result<HttpResponse, PageError> {
    let view = view(&who, &blank(), vec![]).await?;
    Ok(page::show(&who, &view)?)
}

fn typed(form: &Fields, key: &str) -> FactRow {
    FactRow {
        key: key.to_owned(),
        name: Text::new(form.get("name_zh"), form.get("name_en")),
        kind: form.get("kind").to_owned(),
        holder: form.get("holder").to_owned(),
        revision: form.get("revision").parse().unwrap_or_default(),
    }
}

pub async fn add(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let fact = typed(&form, form.get("key"));
    let (ctx, cmd) = (who.ctx.clone(), fact.clone());
    match who.app.db.write(move |c: &mut Conn| dictionaries::add_fact(c, &ctx, &cmd)).await {
        Ok(()) => Ok(page::redirect("/catalogue/facts", "fact-saved")),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let view = view(&who, &fact, e.field_errors().to_vec()).await?;
            Ok(page::show_as(&who, status(e.kind()), &Facts { notice: notice(who.ctx.lang, &e), ..view })?)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Debug, Serialize)]
pub struct FactPage {
    key: String,
    name: Text,
    revision: i32,
    uses: usize,
    is_known: bool,
    may_write: bool,
    fields: Form,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

impl View for FactPage {
    const TEMPLATE: &'static str = "catalogue/fact";
    fn samples() -> Vec<Self> {
        let of = |uses: usize, is_known: bool, faults: Vec<FieldError>| Self {
            key: "person.name".into(),
            name: Text::new("姓名 <b>", "Name <b>"),
            revision: 1,
            uses,
            is_known,
            may_write: uses < 2,
            fields: Form::of(&blank(), uses > 0 || is_known, &faults),
            notice: faults.is_empty().then(|| "x".into()),
            faults,
        };
        let faults = sample_faults().into_iter().filter(|f| f.field != "key").collect();
        vec![of(0, false, faults), of(1, false, vec![]), of(0, true, vec![]), of(2, false, vec![])]
    }
}

async fn find(who: &Keeper, key: &str) -> Result<FactRow> {
    let (ctx, key) = (who.ctx.clone(), key.to_owned());
    who.app.db.read(move |c| dictionaries::fact(c, &ctx, &key)).await
}

async fn one(who: &Keeper, now: &FactRow, typed: &FactRow, faults: Vec<FieldError>) -> Result<FactPage> {
    let (uses, is_known) = (uses_in_force(who).await?.of("fact", &now.key), is_known(&now.key));
    Ok(FactPage {
        key: now.key.clone(),
        name: now.name.clone(),
        revision: now.revision,
        uses,
        is_known,
        may_write: Scope::writes_city(&who.ctx),
        fields: Form::of(typed, is_known || uses > 0, &faults),
        faults,
        notice: None,
    })
}

pub async fn show(who: Keeper, key: web::Path<String>) -> Result<HttpResponse, PageError> {
    let fact = find(&who, &key).await?;
    let view = one(&who, &fact, &fact, vec![]).await?;
    Ok(page::show(&who, &view)?)
}

/// Changes a field, or removes it.
pub async fn change(who: Keeper, key: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let (now, mut fact) = (find(&who, &key).await?, typed(&form, &key));
    if !form.has("kind") {
        // Both stand on the page as they are.
        (fact.kind, fact.holder) = (now.kind.clone(), now.holder.clone());
    }
    let is_gone = form.get("do") == "remove";
    let is_other = (&now.kind, &now.holder) != (&fact.kind, &fact.holder);
    let uses = if is_gone || is_other { uses_everywhere(&who).await? } else { Uses::default() };
    let (ctx, cmd) = (who.ctx.clone(), fact.clone());
    let write = move |c: &mut Conn| match is_gone {
        true => dictionaries::remove_fact(c, &ctx, &cmd, &uses),
        false => dictionaries::change_fact(c, &ctx, &cmd, &uses),
    };
    match who.app.db.write(write).await {
        Ok(()) => Ok(page::redirect("/catalogue/facts", if is_gone { "fact-removed" } else { "fact-saved" })),
        Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
            let Ok(after) = find(&who, &key).await else {
                let view = view(&who, &fact, vec![]).await?;
                let view = Facts { notice: notice(who.ctx.lang, &e), ..view };
                return Ok(page::show_as(&who, status(e.kind()), &view)?);
            };
            // What was typed stands over what is there now: saving again takes it.
            let revision = if e.code() == "word-edited" { after.revision } else { fact.revision };
            let view = one(&who, &after, &fact, e.field_errors().to_vec()).await?;
            let view = FactPage { notice: notice(who.ctx.lang, &e), revision, ..view };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
