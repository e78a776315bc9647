//! 情形导办: questions that lead from what somebody wants to do, "open a restaurant", to the items that it takes.
//!
//! # Rules
//! - A topic's questions are a form like an item's; each of its items may have a condition over them.
//! - What was answered goes on to the items: an answer whose question has the same key in the item's own guidance, and what the topic
//!   sets for it.
//! - Topics lead over departments: whoever keeps the catalogue of the whole city writes them.
//! - One writes a draft, another reviews it, who had no hand in it; what visitors see is what was reviewed last. All that they have
//!   seen is kept in versions.
//! - That visitors see a topic no more is asked by one with a reason, and agreed to by another.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::changes::Scope;
use super::check::{self, Said};
use super::model::{Elements, FieldKind, Form, Material};
use super::shelf::{Shelf, Shelved};
use super::store;
use crate::audit;
use crate::db::Conn;
use crate::identity::StaffId;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result, Text, Ts};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Part of its address.
    pub key: String,
    pub name: Text,
    pub summary: Text,
    /// Words by which a search finds it.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// `audience`
    pub audience: Vec<String>,
    pub form: Form,
    pub items: Vec<Pick>,
}

/// An item of a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    /// Slug of the item.
    pub item: String,
    /// Condition over the topic's questions; always without one.
    #[serde(default)]
    pub only_if: Option<String>,
    /// What the topic answers in the item's guidance: `business_type=2`; several choices with commas between them.
    #[serde(default)]
    pub answers: Vec<String>,
    #[serde(default)]
    pub note: Option<Text>,
}

/// A topic with what is being written.
#[derive(Debug, Clone)]
pub struct Kept {
    pub key: String,
    pub doc: Option<Topic>,
    pub draft: Option<Topic>,
    pub revision: i32,
    /// People have written it: what comes from a file stays away.
    pub is_written: bool,
    /// What visitors saw last, where they see it no more.
    pub last: Option<Topic>,
}

impl Kept {
    /// What writing goes on from: the draft, what visitors see, or what they saw last.
    pub fn base(&self) -> Option<&Topic> {
        self.draft.as_ref().or(self.seen())
    }
    /// What visitors see, or saw last.
    pub fn seen(&self) -> Option<&Topic> {
        self.doc.as_ref().or(self.last.as_ref())
    }
}

/// Somebody wants visitors to see a topic no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub reason: String,
    pub by: StaffId,
    pub asked_at: Ts,
}

/// The longest reason, in signs.
const LONGEST_REASON: usize = 500;

type Answers = Map<String, Value>;

impl Topic {
    /// Nothing is said yet.
    pub fn blank(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: Text::default(),
            summary: Text::default(),
            keywords: vec![],
            audience: vec![],
            form: Form::default(),
            items: vec![],
        }
    }

    /// As an item whose materials are the topic's items, and whose questions all are of guidance: what holds for those holds for a topic.
    pub fn as_elements(&self) -> Elements {
        let mut form = self.form.clone();
        form.groups.iter_mut().for_each(|g| g.is_guide = true);
        let material = |pick: &Pick| Material {
            key: pick.item.clone(),
            need: "1".into(),
            only_if: pick.only_if.clone(),
            ..Material::blank()
        };
        Elements {
            slug: self.key.clone(),
            name: self.name.clone(),
            audience: self.audience.clone(),
            form,
            materials: self.items.iter().map(material).collect(),
            ..Elements::blank()
        }
    }

    /// The items that somebody with these answers needs, in the topic's order, with the answers that go on to each.
    pub fn needed(&self, shelf: &Shelf, applicant: &str, answers: &Answers) -> Vec<(&Pick, Arc<Shelved>, Answers)> {
        let whole = self.as_elements();
        let relevant = whole.relevant(applicant, answers);
        let taken = self.items.iter().zip(&whole.materials).filter(|(_, m)| relevant.takes(m));
        let found = taken.filter_map(|(pick, _)| Some((pick, shelf.by_slug(&pick.item).ok()?)));
        found.map(|(pick, item)| (pick, item.clone(), pick.answers(&item.elements, answers))).collect()
    }

    /// What is wrong with it: the rule, the element, what stands there.
    pub fn check(&self, shelf: &Shelf) -> Vec<Said> {
        let mut found = check::of_form(&self.as_elements());
        if self.items.is_empty() || self.name.zh.is_empty() || self.form.groups.is_empty() {
            found.push((check::Rule::Missing, "name".into(), String::new()));
        }
        for pick in &self.items {
            let Ok(item) = shelf.by_slug(&pick.item) else {
                found.push((check::Rule::UnknownCode, format!("items.{}", pick.item), pick.item.clone()));
                continue;
            };
            let strange = pick.answers.iter().filter(|said| pick.answer(&item.elements, said).is_none());
            found.extend(strange.map(|said| (check::Rule::UnknownCode, format!("items.{}", pick.item), said.clone())));
        }
        found
    }
}

impl Pick {
    fn answers(&self, item: &Elements, answers: &Answers) -> Answers {
        let mut all = item.guided(answers);
        all.extend(self.answers.iter().filter_map(|said| self.answer(item, said)));
        all
    }

    /// What `key=value` answers in the item's guidance; nothing where it has no such question or choice.
    fn answer(&self, item: &Elements, said: &str) -> Option<(String, Value)> {
        let (key, value) = said.split_once('=')?;
        let (key, value) = (key.trim(), value.trim());
        let mut guide = item.form.groups.iter().filter(|g| g.is_guide).flat_map(|g| &g.fields);
        let field = guide.find(|f| f.key == key)?;
        let knows = |v: &str| field.options.as_deref().is_none_or(|all| all.iter().any(|o| o.value == v));
        let value: Value = match field.kind {
            FieldKind::Checkbox => value.split(',').map(str::trim).filter(|v| knows(v)).collect(),
            _ if knows(value) => value.into(),
            _ => return None,
        };
        Some((key.to_owned(), value))
    }
}

/// All topics, for those who keep the catalogue.
pub fn topics(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Kept>> {
    Scope::of(ctx)?;
    store::topics::all(c)
}

/// Whether the actor keeps topics: who keeps a department's items alone does not.
pub fn keeps_topics(ctx: &Ctx) -> bool {
    Scope::city(ctx, None).is_ok()
}

/// One of them, for those who keep topics.
pub fn topic(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<Kept> {
    Scope::city(ctx, None).map_err(|_| Error::not_found())?;
    store::topics::find(c, key)?.ok_or_else(Error::not_found)
}

/// Takes in a topic from a file. What people have written since stays.
pub fn seed_topic(c: &mut Conn, ctx: &Ctx, topic: &Topic) -> Result<()> {
    ctx.is_system()?;
    let known = store::topics::find(c, &topic.key)?;
    if known.as_ref().is_some_and(|k| k.is_written || k.doc.as_ref() == Some(topic)) {
        return Ok(());
    }
    store::topics::put(c, topic, ctx.now)?;
    store::touch(c)
}

/// Keeps a draft, of a new topic or beside the one that visitors see.
///
/// # Errors
/// Conflict `topic-edited` when somebody else has saved since `revision`; `already-there` when a new one's key is taken.
pub fn save_topic(c: &mut Conn, ctx: &Ctx, revision: i32, draft: &Topic) -> Result<i32> {
    let staff = Scope::city(ctx, Some(Permission::Write))?;
    if !store::topics::write(c, revision, draft, ctx.now)? {
        return Err(Error::conflict(if revision == 0 { "already-there" } else { "topic-edited" }));
    }
    store::topics::add_hand(c, &draft.key, staff)?;
    audit_topic(c, ctx, "topic.save", &draft.key, revision + 1)?;
    Ok(revision + 1)
}

/// Lets visitors see what was written, as it was read by who approves it.
///
/// # Errors
/// Conflicts: `own-change` for who had a hand in it, `topic-edited` when it has been saved since, `topic-wrong` with findings that are errors.
pub fn publish_topic(c: &mut Conn, ctx: &Ctx, shelf: &Shelf, key: &str, revision: i32) -> Result<()> {
    let staff = Scope::city(ctx, Some(Permission::Publish))?;
    let kept = store::topics::find(c, key)?.ok_or_else(Error::not_found)?;
    let draft = kept.draft.filter(|_| kept.revision == revision).ok_or_else(|| Error::conflict("topic-edited"))?;
    if store::topics::has_hand(c, key, staff)? {
        return Err(Error::conflict("own-change"));
    }
    if draft.check(shelf).iter().any(|(rule, ..)| rule.severity() == super::Severity::Error) {
        return Err(Error::conflict("topic-wrong"));
    }
    if !store::topics::publish(c, revision, &draft, ctx.now)? {
        return Err(Error::conflict("topic-edited"));
    }
    store::touch(c)?;
    audit_topic(c, ctx, "topic.publish", key, revision)
}

/// Drops what was written, as it was read; what visitors see stays.
///
/// # Errors
/// Conflict `topic-edited` when it has been saved since.
pub fn drop_topic_draft(c: &mut Conn, ctx: &Ctx, key: &str, revision: i32) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    if !store::topics::drop_draft(c, key, revision, ctx.now)? {
        return Err(Error::conflict("topic-edited"));
    }
    audit_topic(c, ctx, "topic.drop", key, revision)
}

/// Whether the actor had a hand in what is being written: then somebody else reviews it.
pub fn has_hand_in_topic(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<bool> {
    store::topics::has_hand(c, key, Scope::city(ctx, None)?)
}

/// Numbers and instants of all that visitors have seen of a topic, the last first.
///
/// # Errors
/// 404, as [`topic`].
pub fn topic_versions(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<Vec<(i32, Ts)>> {
    topic(c, ctx, key)?;
    store::topics::versions(c, key)
}

/// One version of a topic; that before the first is blank.
///
/// # Errors
/// 404, as [`topic`].
pub fn topic_version(c: &mut Conn, ctx: &Ctx, key: &str, no: i32) -> Result<Topic> {
    topic(c, ctx, key)?;
    if no == 0 {
        return Ok(Topic::blank(key));
    }
    store::topics::version(c, key, no)?.ok_or_else(Error::not_found)
}

/// Whether somebody wants visitors to see a topic no more.
///
/// # Errors
/// 404, as [`topic`].
pub fn topic_end(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<Option<End>> {
    Scope::city(ctx, None).map_err(|_| Error::not_found())?;
    store::topics::end_of(c, key)
}

/// Asks that visitors see a topic no more.
///
/// # Errors
/// The field `reason`; conflict `topic-ending` when somebody has asked already, or visitors do not see it; 404.
pub fn ask_topic_end(c: &mut Conn, ctx: &Ctx, key: &str, reason: &str) -> Result<()> {
    let by = Scope::city(ctx, Some(Permission::Write))?;
    let kept = store::topics::find(c, key)?.ok_or_else(Error::not_found)?;
    let fault = match reason.chars().count() {
        0 => Some("why-missing"),
        n if n > LONGEST_REASON => Some("why-long"),
        _ => None,
    };
    if let Some(code) = fault {
        return Err(Error::fields(vec![FieldError { field: "reason".into(), code, value: None }]));
    }
    let end = End { reason: reason.to_owned(), by, asked_at: ctx.now };
    if kept.doc.is_none() || !store::topics::ask_end(c, key, &end)? {
        return Err(Error::conflict("topic-ending"));
    }
    audit_topic(c, ctx, "topic.ask-end", key, kept.revision)
}

/// Agrees: visitors see the topic no more; a draft stays, and may be published again.
///
/// # Errors
/// Conflicts: `own-change` for who asked, `topic-ending` when nobody asks for it any more, or somebody does anew; 404.
pub fn end_topic(c: &mut Conn, ctx: &Ctx, key: &str, asked_at: &str) -> Result<()> {
    let staff = Scope::city(ctx, Some(Permission::Publish))?;
    let kept = store::topics::find(c, key)?.ok_or_else(Error::not_found)?;
    let end = store::topics::end_of(c, key)?.filter(|e| e.asked_at.rfc3339() == asked_at);
    let end = end.filter(|_| kept.doc.is_some()).ok_or_else(|| Error::conflict("topic-ending"))?;
    if end.by == staff {
        return Err(Error::conflict("own-change"));
    }
    store::topics::forget_end(c, key)?;
    store::topics::withdraw(c, key, ctx.now)?;
    store::touch(c)?;
    audit_topic(c, ctx, "topic.end", key, kept.revision)
}

/// Takes the question back, or refuses it: visitors go on seeing the topic.
///
/// # Errors
/// Conflict `topic-ending` when nobody asks for it any more; 404.
pub fn keep_topic(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<()> {
    Scope::city(ctx, None)?;
    let kept = store::topics::find(c, key)?.ok_or_else(Error::not_found)?;
    if !store::topics::forget_end(c, key)? {
        return Err(Error::conflict("topic-ending"));
    }
    audit_topic(c, ctx, "topic.keep", key, kept.revision)
}

fn audit_topic(c: &mut Conn, ctx: &Ctx, act: &'static str, key: &str, revision: i32) -> Result<()> {
    audit::record_plain(c, ctx, act, "topic", serde_json::json!({ "key": key, "revision": revision }))
}
