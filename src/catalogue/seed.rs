//! Taking in a catalogue from files: dictionaries, shared fields, items. Doing it again changes only what differs.

use serde::Deserialize;

use super::dictionaries::What;
use super::model::{Elements, ItemId, VersionId};
use super::store::{self, words};
use crate::audit;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::{Ctx, Result, Text};

/// A code of a dictionary.
#[derive(Debug, Clone, Deserialize)]
pub struct Code {
    pub code: String,
    #[serde(flatten)]
    pub text: Text,
}

/// A field that has one meaning in all forms.
#[derive(Debug, Clone, Deserialize)]
pub struct Fact {
    pub key: String,
    pub label: Text,
    pub kind: String,
    /// `person` or `enterprise`
    pub holder: String,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    /// It has a new version.
    Renewed,
    Same,
    /// People have changed it since it came from a file: theirs stays.
    Kept,
}

/// Takes in a dictionary (`item_type`, `material_form` …) in this order. Names and an order that people have changed stay.
pub fn codes(c: &mut Conn, ctx: &Ctx, set: &str, codes: &[Code]) -> Result<()> {
    ctx.is_system()?;
    let (edited, is_ordered) = (words::edited(c, What::Code)?, words::edited(c, What::Order)?.contains(set));
    for (ord, code) in (1..).zip(codes) {
        if edited.contains(&What::key_of_code(set, &code.code)) {
            if !is_ordered {
                words::place_code(c, set, &code.code, ord)?;
            }
            continue;
        }
        let ord = match words::place_of_code(c, set, &code.code)? {
            Some(place) if is_ordered => place,
            None if is_ordered => words::last_place(c, set)? + 1,
            _ => ord,
        };
        words::put_code(c, set, &code.code, &code.text, ord)?;
    }
    Ok(())
}

/// Takes in what people say for what the catalogue calls otherwise: pairs of word and meaning. What people have changed stays.
pub fn synonyms(c: &mut Conn, ctx: &Ctx, rows: &[(String, String)]) -> Result<()> {
    ctx.is_system()?;
    let edited = words::edited(c, What::Synonym)?;
    for (word, means) in rows.iter().filter(|(word, _)| !edited.contains(word)) {
        words::put_synonym(c, word, means)?;
    }
    Ok(())
}

/// Takes in shared fields. What people have changed stays.
pub fn facts(c: &mut Conn, ctx: &Ctx, facts: &[Fact]) -> Result<()> {
    ctx.is_system()?;
    let edited = words::edited(c, What::Fact)?;
    for fact in facts.iter().filter(|f| !edited.contains(&f.key)) {
        words::put_fact(c, (&fact.key, &fact.label, &fact.kind, &fact.holder))?;
    }
    Ok(())
}

/// People have changed it, or are about to.
fn is_kept(c: &mut Conn, id: ItemId, code: &str) -> Result<bool> {
    Ok(store::changes::is_kept(c, id)? || store::changes::open_of_code(c, code)?.is_some())
}

/// Takes in items by their implementing codes, each code once: a new one in version 1, a changed one in its next version, at once
/// published. Cases keep the version that they were declared under. What became of each comes back in their order.
pub fn items(c: &mut Conn, ctx: &Ctx, all: &[(DepartmentId, &Elements)]) -> Result<Vec<(ItemId, Change)>> {
    ctx.is_system()?;
    let codes: Vec<&str> = all.iter().map(|(_, e)| e.code.as_str()).collect();
    let known = store::bulk::by_codes(c, &codes)?;
    let (mut done, mut added, mut versions) = (vec![], vec![], vec![]);
    for (department, elements) in all {
        let version = VersionId::random();
        let (id, no, change) = match known.get(&elements.code) {
            Some((id, _, known)) if known == *elements => (*id, 0, Change::Same),
            Some((id, ..)) if is_kept(c, *id, &elements.code)? => (*id, 0, Change::Kept),
            Some((id, no, _)) => (*id, no + 1, Change::Renewed),
            None => (ItemId::random(), 1, Change::Added),
        };
        match change {
            Change::Added => added.push((id, *department, version, *elements)),
            Change::Renewed => store::publish(c, ctx.now, id, version, elements)?,
            Change::Same | Change::Kept => {}
        }
        if no > 0 {
            versions.push((version, id, no, *elements));
        }
        done.push((id, change));
    }
    store::bulk::insert_items(c, ctx.now, &added)?;
    store::bulk::insert_versions(c, ctx.now, &versions)?;
    for (_, id, no, _) in &versions {
        audit::record(c, ctx, "item.seed", ("item", id.0), serde_json::json!({ "no": no }))?;
    }
    let moved: Vec<ItemId> = versions.iter().map(|(_, id, ..)| *id).collect();
    store::shelf::touch_items(c, &moved)?;
    Ok(done)
}
