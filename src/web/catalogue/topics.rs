//! Topics of guidance: a list, and each with all its elements on one page, tried as it is written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value;

use super::change::Found;
use super::fill;
use super::inputs::{self, Input};
use super::topic_history::History;
use super::trial::{self, Trial};
use crate::catalogue::elements::TOPIC;
use crate::catalogue::topics::{self, Kept};
use crate::catalogue::{Elements, Rule, Severity, Shelf, Topic, diff};
use crate::db::Conn;
use crate::flows;
use crate::kernel::{Error, FieldError, Kind, Permission, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Keeper;
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Topics {
    rows: Vec<Row>,
    may_write: bool,
    key: Field,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    key: String,
    name: Text,
    is_public: bool,
    is_written: bool,
    /// Visitors have seen it, and see it no more.
    is_ended: bool,
    /// The page on which it is written, or for others the one that visitors see; empty where there is none.
    href: String,
}

impl View for Topics {
    const TEMPLATE: &'static str = "catalogue/topics";
    fn samples() -> Vec<Self> {
        let row = |is_public| Row {
            key: "open-restaurant".into(),
            name: Text::new("我要开办餐饮店 <b>", "Open a restaurant <b>"),
            is_public,
            is_written: !is_public,
            is_ended: !is_public,
            href: if is_public { "/catalogue/topics/x".into() } else { String::new() },
        };
        let faults = vec![FieldError { field: "key".into(), code: "topic-key", value: None }];
        let full = Self {
            rows: vec![row(true), row(false)],
            may_write: true,
            key: Field::new("key", "A b", &faults),
            faults,
            notice: Some("x".into()),
        };
        let empty =
            Self { rows: vec![], may_write: false, key: Field::new("key", "", &[]), faults: vec![], notice: None };
        vec![full, empty]
    }
}

async fn list_of(who: &Keeper, typed: &str, faults: Vec<FieldError>) -> Result<Topics> {
    let ctx = who.ctx.clone();
    let all = who.app.db.read(move |c| topics::topics(c, &ctx)).await?;
    let keeps = topics::keeps_topics(&who.ctx);
    let row = |k: Kept| {
        let href = match (keeps, k.doc.is_some()) {
            (true, _) => format!("/catalogue/topics/{}", k.key),
            (false, true) => format!("/topics/{}", k.key),
            (false, false) => String::new(),
        };
        Row {
            name: k.base().map(|t| t.name.clone()).unwrap_or_default(),
            is_public: k.doc.is_some(),
            is_written: k.draft.is_some(),
            is_ended: k.last.is_some(),
            href,
            key: k.key,
        }
    };
    Ok(Topics {
        rows: all.into_iter().map(row).collect(),
        may_write: keeps && who.ctx.may(Permission::Write).is_ok(),
        key: Field::new("key", typed, &faults),
        faults,
        notice: None,
    })
}

pub async fn list(who: Keeper) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &list_of(&who, "", vec![]).await?)?)
}

/// Begins a topic of which nothing but its address is said.
pub async fn create(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let key = form.get("key").to_owned();
    let fits =
        (3..=60).contains(&key.len()) && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits {
        let faults = vec![FieldError { field: "key".into(), code: "topic-key", value: None }];
        let view = list_of(&who, &key, faults).await?;
        return Ok(page::show_as(&who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let blank = Topic { audience: vec!["1".into()], ..Topic::blank(&key) };
    let ctx = who.ctx.clone();
    match who.app.db.write(move |c| topics::save_topic(c, &ctx, 0, &blank)).await {
        Ok(_) => Ok(page::redirect(&format!("/catalogue/topics/{key}"), "change-saved")),
        Err(e) if e.code() == "already-there" => {
            let faults = vec![FieldError { field: "key".into(), code: "already-there", value: None }];
            let view = list_of(&who, &key, faults).await?;
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Debug, Serialize)]
pub struct TopicPage {
    key: String,
    name: Text,
    is_public: bool,
    is_written: bool,
    /// Visitors have seen it, and see it no more.
    is_ended: bool,
    may_write: bool,
    /// Written by somebody else.
    may_publish: bool,
    revision: i32,
    inputs: Vec<Input>,
    findings: Vec<Found>,
    names: Vec<trial::Name>,
    trial: Trial,
    history: History,
    /// Why visitors shall see it no more, as it was typed.
    reason: Field,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

impl View for TopicPage {
    const TEMPLATE: &'static str = "catalogue/topic";
    fn samples() -> Vec<Self> {
        let mut doc = serde_json::to_value(Topic::blank("x")).unwrap_or_default();
        for act in ["add:form.groups", "add:form.groups.0.fields", "add:items"] {
            fill::rearrange(&TOPIC, &mut doc, act);
        }
        let faults =
            vec![FieldError { field: "items.0.only_if".into(), code: "condition-shape", value: Some("8".into()) }];
        let of = |faults: Vec<FieldError>, may: bool| Self {
            key: "x".into(),
            name: Text::new("开餐馆 <b>", "A restaurant <b>"),
            is_public: may,
            is_written: may,
            is_ended: !may,
            may_write: may,
            may_publish: may,
            revision: 3,
            inputs: inputs::of(&TOPIC, &doc, &crate::catalogue::Codes::default(), &faults, ""),
            findings: if may { vec![super::change::found(Severity::Error)] } else { vec![] },
            names: vec![],
            trial: Trial { is_topic: true, ..Trial::sample() },
            history: if may { History::sample(faults.is_empty()) } else { History::default() },
            reason: Field::new("reason", "", &faults),
            notice: may.then(|| "x".into()),
            faults,
        };
        let why = vec![FieldError { field: "reason".into(), code: "why-missing", value: None }];
        let asks = History { end: None, may_ask_end: true, ..History::sample(true) };
        let asking = Self { history: asks, ..of(why, true) };
        vec![of(faults, true), of(vec![], true), asking, of(vec![], false)]
    }
}

/// What is wrong with a topic, with its places in words.
pub(super) fn findings(topic: &Topic, shelf: &Shelf) -> Vec<Found> {
    let found = |(rule, element, value): (Rule, String, String)| Found {
        severity: rule.severity(),
        rule: rule.code(),
        section: TOPIC.key,
        place: diff::place_in_topic(topic, shelf, &element),
        value,
    };
    topic.check(shelf).into_iter().map(found).collect()
}

/// The topic as an item, its materials called by the names of its items.
fn as_elements(topic: &Topic, shelf: &Shelf) -> Elements {
    let mut e = topic.as_elements();
    for m in &mut e.materials {
        m.name = shelf.by_slug(&m.key).map_or_else(|_| Text::new(&m.key, &m.key), |i| i.elements.name.clone());
    }
    e
}

fn topic_of(doc: Value) -> Result<Topic> {
    let mut topic: Topic = serde_json::from_value(doc)?;
    topic.form.tidy();
    Ok(topic)
}

/// An item is named by its address, its implementing code, or its whole name.
fn named(topic: &mut Topic, shelf: &Shelf) {
    for pick in topic.items.iter_mut().filter(|p| shelf.by_slug(&p.item).is_err()) {
        let typed = pick.item.trim();
        let found = shelf.items().iter().find(|i| i.elements.code == typed || i.elements.name.zh == typed);
        if let Some(item) = found {
            pick.item.clone_from(&item.elements.slug);
        }
    }
}

struct Shown<'a> {
    kept: &'a Kept,
    doc: Value,
    faults: Vec<FieldError>,
    open: &'a str,
}

async fn view(who: &Keeper, shown: Shown<'_>) -> Result<TopicPage> {
    let Shown { kept, doc, faults, open } = shown;
    let shelf = who.app.books().shelf;
    let (ctx, read, key) = (who.ctx.clone(), shelf.clone(), kept.key.clone());
    let before = kept.base().cloned().unwrap_or_else(|| Topic::blank(&kept.key));
    let now = kept.clone();
    let load = move |c: &mut Conn| {
        let is_own = topics::has_hand_in_topic(c, &ctx, &key)?;
        Ok((flows::dictionaries(c, &read)?, is_own, History::of(c, &ctx, &read, &now)?))
    };
    let (codes, is_own, history) = who.app.db.read(load).await?;
    let topic = topic_of(doc.clone()).unwrap_or_else(|_| before.clone());
    let elements = as_elements(&topic, &shelf);
    let mut inputs = inputs::of(&TOPIC, &doc, &codes, &faults, open);
    // An item is called by its name, not by its address.
    for row in inputs.iter_mut().filter(|i| i.name == "items").flat_map(|i| &mut i.rows) {
        let slug = row.inputs.first().map(|i| i.value.as_str()).unwrap_or_default();
        if let Ok(item) = shelf.by_slug(slug) {
            row.title.clone_from(&item.elements.name);
        }
    }
    Ok(TopicPage {
        key: kept.key.clone(),
        name: before.name,
        is_public: kept.doc.is_some(),
        is_written: kept.draft.is_some(),
        is_ended: kept.last.is_some(),
        may_write: who.ctx.may(Permission::Write).is_ok(),
        may_publish: kept.draft.is_some() && who.ctx.may(Permission::Publish).is_ok() && !is_own,
        revision: kept.revision,
        inputs,
        findings: findings(&topic, &shelf),
        names: trial::names(&elements),
        trial: Trial { is_topic: true, ..Trial::of(&elements, &codes, &Fields::default()) },
        history,
        reason: Field::new("reason", "", &faults),
        faults,
        notice: None,
    })
}

async fn kept(who: &Keeper, key: &str) -> Result<Kept> {
    let (ctx, key) = (who.ctx.clone(), key.to_owned());
    who.app.db.read(move |c| topics::topic(c, &ctx, &key)).await
}

fn doc_of(kept: &Kept) -> Result<Value> {
    let blank = Topic::blank(&kept.key);
    Ok(serde_json::to_value(kept.base().unwrap_or(&blank))?)
}

#[derive(Debug, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    open: String,
}

pub async fn show(who: Keeper, key: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let kept = kept(&who, &key).await?;
    let doc = doc_of(&kept)?;
    let view = view(&who, Shown { kept: &kept, doc, faults: vec![], open: &asked.open }).await?;
    Ok(page::show(&who, &view)?)
}

/// Keeps what was written, lets visitors see it, or drops it.
pub async fn act(who: Keeper, key: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let kept = kept(&who, &key).await?;
    let revision: i32 = form.get("revision").parse().unwrap_or_default();
    let (ctx, key, base) = (who.ctx.clone(), key.into_inner(), format!("/catalogue/topics/{}", kept.key));
    let done = match form.get("do") {
        "publish" => {
            let shelf = who.app.books().shelf;
            let publish = move |c: &mut Conn| topics::publish_topic(c, &ctx, &shelf, &key, revision);
            who.app.db.write(publish).await.map(|()| page::redirect(&base, "topic-public"))
        }
        "drop" => {
            let drop = move |c: &mut Conn| topics::drop_topic_draft(c, &ctx, &key, revision);
            who.app.db.write(drop).await.map(|()| page::redirect("/catalogue/topics", "topic-dropped"))
        }
        "ask-end" => {
            let reason = form.get("reason").to_owned();
            let ask = move |c: &mut Conn| topics::ask_topic_end(c, &ctx, &key, &reason);
            who.app.db.write(ask).await.map(|()| page::redirect(&base, "topic-end-asked"))
        }
        "end" => {
            let asked = form.get("asked").to_owned();
            let end = move |c: &mut Conn| topics::end_topic(c, &ctx, &key, &asked);
            who.app.db.write(end).await.map(|()| page::redirect(&base, "topic-ended"))
        }
        "keep" => {
            let keep = move |c: &mut Conn| topics::keep_topic(c, &ctx, &key);
            who.app.db.write(keep).await.map(|()| page::redirect(&base, "topic-kept"))
        }
        _ => return save(&who, &kept, revision, &form).await,
    };
    match done {
        Ok(response) => {
            who.app.refresh().await?;
            Ok(response)
        }
        Err(e) if e.is(Kind::Conflict) || e.is(Kind::Invalid) => {
            let shown = Shown { kept: &kept, doc: doc_of(&kept)?, faults: e.field_errors().to_vec(), open: "" };
            let view = view(&who, shown).await?;
            let reason = Field::new("reason", form.get("reason"), e.field_errors());
            let view = TopicPage { notice: notice(who.ctx.lang, &e), reason, ..view };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn again(who: &Keeper, kept: &Kept, doc: Value, e: &Error) -> Result<HttpResponse, PageError> {
    let view = view(who, Shown { kept, doc, faults: vec![], open: "" }).await?;
    let view = TopicPage { notice: notice(who.ctx.lang, e), ..view };
    Ok(page::show_as(who, status(e.kind()), &view)?)
}

async fn save(who: &Keeper, kept: &Kept, revision: i32, form: &Fields) -> Result<HttpResponse, PageError> {
    let mut filled = fill::section(&TOPIC, &doc_of(kept)?, form);
    let open = fill::rearrange(&TOPIC, &mut filled.doc, form.get("do"));
    if !filled.faults.is_empty() {
        let open = open.unwrap_or_default();
        let shown = Shown { kept, doc: filled.doc, faults: filled.faults, open: &open };
        let view = TopicPage { revision, ..view(who, shown).await? };
        return Ok(page::show_as(who, StatusCode::UNPROCESSABLE_ENTITY, &view)?);
    }
    let mut topic = topic_of(filled.doc.clone())?;
    named(&mut topic, &who.app.books().shelf);
    let (ctx, base) = (who.ctx.clone(), format!("/catalogue/topics/{}", kept.key));
    match who.app.db.write(move |c| topics::save_topic(c, &ctx, revision, &topic)).await {
        Ok(_) => Ok(page::redirect(&fill::saved(&base, open.as_deref()), "")),
        Err(e) if e.code() == "topic-edited" => again(who, kept, filled.doc, &e).await,
        Err(e) => Err(e.into()),
    }
}

/// The topic as a visitor will see it, by what stands in the form: for the page's script.
pub async fn again_tried(who: Keeper, key: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let kept = kept(&who, &key).await?;
    let shelf = who.app.books().shelf;
    let before = doc_of(&kept)?;
    let filled = fill::section(&TOPIC, &before, &form);
    let mut topic = topic_of(if filled.faults.is_empty() { filled.doc } else { before })?;
    named(&mut topic, &shelf);
    let trial = Trial { is_topic: true, ..Trial::of(&as_elements(&topic, &shelf), shelf.codes(), &form) };
    Ok(trial::part(&who, trial)?)
}
