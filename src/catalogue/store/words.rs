//! The tables of synonyms, dictionaries and shared fields, and what people have changed of them.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::Value;

use super::super::changes::ChangeState;
use super::super::dictionaries::What;
use super::super::model::{ItemId, VersionId};
use crate::db::schema::{
    cat_basic, cat_basic_version, cat_change, cat_code, cat_edit, cat_fact, cat_synonym, cat_topic, cat_version,
};
use crate::db::{Conn, Doc, Each};
use crate::identity::StaffId;
use crate::kernel::{Result, Text, Ts};

/// How often people have changed it; 0 for what is as it came from a file.
pub fn revision(c: &mut Conn, what: What, key: &str) -> Result<i32> {
    Ok(cat_edit::table.find((what, key)).select(cat_edit::revision).first(c).optional()?.unwrap_or(0))
}

/// What people have changed or removed.
pub fn edited(c: &mut Conn, what: What) -> Result<HashSet<String>> {
    let keys: Vec<String> = cat_edit::table.filter(cat_edit::what.eq(what)).select(cat_edit::key).load(c)?;
    Ok(keys.into_iter().collect())
}

/// Counts an edit over a revision. Tells whether it still was that revision.
pub fn count_edit(
    c: &mut Conn,
    (what, key, revision): (What, &str, i32),
    is_gone: bool,
    staff: StaffId,
    now: Ts,
) -> Result<bool> {
    let set = (
        cat_edit::revision.eq(revision + 1),
        cat_edit::is_gone.eq(is_gone),
        cat_edit::staff_id.eq(staff),
        cat_edit::changed_at.eq(now),
    );
    let done = if revision == 0 {
        let row = (cat_edit::what.eq(what), cat_edit::key.eq(key), set);
        Each(diesel::insert_into(cat_edit::table).values(row).on_conflict_do_nothing()).execute(c)?
    } else {
        diesel::update(cat_edit::table.find((what, key)).filter(cat_edit::revision.eq(revision))).set(set).execute(c)?
    };
    Ok(done > 0)
}

/// Words and what they mean, with | between meanings, by word.
pub fn synonyms(c: &mut Conn) -> Result<Vec<(String, String)>> {
    Ok(cat_synonym::table.order(cat_synonym::word).select((cat_synonym::word, cat_synonym::means)).load(c)?)
}

pub fn synonym(c: &mut Conn, word: &str) -> Result<Option<String>> {
    Ok(cat_synonym::table.find(word).select(cat_synonym::means).first(c).optional()?)
}

pub fn put_synonym(c: &mut Conn, word: &str, means: &str) -> Result<()> {
    let row = (cat_synonym::word.eq(word), cat_synonym::means.eq(means));
    let what = cat_synonym::means.eq(means);
    Each(diesel::insert_into(cat_synonym::table).values(row).on_conflict(cat_synonym::word).do_update().set(what))
        .execute(c)?;
    Ok(())
}

pub fn delete_synonym(c: &mut Conn, word: &str) -> Result<()> {
    diesel::delete(cat_synonym::table.find(word)).execute(c)?;
    Ok(())
}

/// The names of sets with how many codes each has.
pub fn sets(c: &mut Conn) -> Result<Vec<(String, usize)>> {
    let sets: Vec<String> = cat_code::table.order(cat_code::set_name).select(cat_code::set_name).load(c)?;
    Ok(sets.chunk_by(|a, b| a == b).filter_map(|same| Some((same.first()?.clone(), same.len()))).collect())
}

/// The codes of a set in its order.
pub fn codes_of(c: &mut Conn, set: &str) -> Result<Vec<(String, Text)>> {
    let rows: Vec<(String, String, String)> = cat_code::table
        .filter(cat_code::set_name.eq(set))
        .order((cat_code::ord, cat_code::code))
        .select((cat_code::code, cat_code::zh, cat_code::en))
        .load(c)?;
    Ok(rows.into_iter().map(|(code, zh, en)| (code, Text::new(zh, en))).collect())
}

/// Adds a code, or gives one another name and place.
pub fn put_code(c: &mut Conn, set: &str, code: &str, text: &Text, ord: i32) -> Result<()> {
    let what = (cat_code::zh.eq(&text.zh), cat_code::en.eq(&text.en), cat_code::ord.eq(ord));
    let row = (cat_code::set_name.eq(set), cat_code::code.eq(code), what);
    let key = (cat_code::set_name, cat_code::code);
    Each(diesel::insert_into(cat_code::table).values(row).on_conflict(key).do_update().set(what)).execute(c)?;
    Ok(())
}

pub fn rename_code(c: &mut Conn, set: &str, code: &str, text: &Text) -> Result<()> {
    let set_to = (cat_code::zh.eq(&text.zh), cat_code::en.eq(&text.en));
    diesel::update(cat_code::table.find((set, code))).set(set_to).execute(c)?;
    Ok(())
}

/// Puts codes of a set in this order.
pub fn order_codes(c: &mut Conn, set: &str, codes: &[String]) -> Result<()> {
    (1..).zip(codes).try_for_each(|(ord, code)| place_code(c, set, code, ord))
}

/// Gives a code its place in the set, if it is there.
pub fn place_code(c: &mut Conn, set: &str, code: &str, ord: i32) -> Result<()> {
    diesel::update(cat_code::table.find((set, code))).set(cat_code::ord.eq(ord)).execute(c)?;
    Ok(())
}

pub fn place_of_code(c: &mut Conn, set: &str, code: &str) -> Result<Option<i32>> {
    Ok(cat_code::table.find((set, code)).select(cat_code::ord).first(c).optional()?)
}

pub fn last_place(c: &mut Conn, set: &str) -> Result<i32> {
    let last = cat_code::table.filter(cat_code::set_name.eq(set)).order(cat_code::ord.desc());
    Ok(last.select(cat_code::ord).first(c).optional()?.unwrap_or(0))
}

pub fn delete_code(c: &mut Conn, set: &str, code: &str) -> Result<()> {
    diesel::delete(cat_code::table.find((set, code))).execute(c)?;
    Ok(())
}

/// Key, name, kind and holder.
pub type FactRow = (String, Text, String, String);

pub fn fact_rows(c: &mut Conn) -> Result<Vec<FactRow>> {
    let rows: Vec<(String, String, String, String, String)> = cat_fact::table
        .order((cat_fact::holder.desc(), cat_fact::key))
        .select((cat_fact::key, cat_fact::label_zh, cat_fact::label_en, cat_fact::kind, cat_fact::holder))
        .load(c)?;
    Ok(rows.into_iter().map(|(key, zh, en, kind, holder)| (key, Text::new(zh, en), kind, holder)).collect())
}

pub fn put_fact(c: &mut Conn, (key, label, kind, holder): (&str, &Text, &str, &str)) -> Result<()> {
    let what = (
        cat_fact::label_zh.eq(&label.zh),
        cat_fact::label_en.eq(&label.en),
        cat_fact::kind.eq(kind),
        cat_fact::holder.eq(holder),
    );
    let row = (cat_fact::key.eq(key), what);
    Each(diesel::insert_into(cat_fact::table).values(row).on_conflict(cat_fact::key).do_update().set(what))
        .execute(c)?;
    Ok(())
}

pub fn delete_fact(c: &mut Conn, key: &str) -> Result<()> {
    diesel::delete(cat_fact::table.find(key)).execute(c)?;
    Ok(())
}

/// So many documents are read at once.
const AT_ONCE: i64 = 500;

/// Shows every version of every item, whatever its state, and every open change, with what tells items apart.
pub fn each_doc(c: &mut Conn, mut see: impl FnMut(&str, &Value)) -> Result<()> {
    let mut after: Option<VersionId> = None;
    loop {
        let mut page = cat_version::table.order(cat_version::id).limit(AT_ONCE).into_boxed();
        if let Some(after) = after {
            page = page.filter(cat_version::id.gt(after));
        }
        let rows: Vec<(VersionId, ItemId, Doc<Value>)> =
            page.select((cat_version::id, cat_version::item_id, cat_version::doc)).load(c)?;
        rows.iter().for_each(|(_, item, doc)| see(&item.to_string(), &doc.0));
        after = match rows.last() {
            Some((id, ..)) => Some(*id),
            None => break,
        };
    }
    let open = [ChangeState::Draft, ChangeState::Review, ChangeState::Planned];
    let changes: Vec<(String, Option<ItemId>, Option<Doc<Value>>)> = cat_change::table
        .filter(cat_change::state.eq_any(open))
        .select((cat_change::code, cat_change::item_id, cat_change::doc))
        .load(c)?;
    for (code, item, doc) in changes {
        if let Some(doc) = doc {
            see(&item.map_or(code, |id| id.to_string()), &doc.0);
        }
    }
    Ok(())
}

/// Shows every entry of the basic catalogue with its draft, and all versions.
pub fn each_basic(c: &mut Conn, mut see: impl FnMut(&str, &Value)) -> Result<()> {
    let drafts: Vec<(String, Option<Doc<Value>>)> =
        cat_basic::table.filter(cat_basic::draft.is_not_null()).select((cat_basic::code, cat_basic::draft)).load(c)?;
    for (code, draft) in drafts {
        draft.into_iter().for_each(|doc| see(&code, &doc.0));
    }
    let versions: Vec<(String, Doc<Value>)> =
        cat_basic_version::table.select((cat_basic_version::code, cat_basic_version::doc)).load(c)?;
    versions.iter().for_each(|(code, doc)| see(code, &doc.0));
    Ok(())
}

/// Shows what visitors see of every topic, and every draft.
pub fn each_topic(c: &mut Conn, mut see: impl FnMut(&str, &Value)) -> Result<()> {
    type Row = (String, Option<Doc<Value>>, Option<Doc<Value>>);
    let rows: Vec<Row> = cat_topic::table.select((cat_topic::key, cat_topic::doc, cat_topic::draft)).load(c)?;
    for (key, doc, draft) in rows {
        doc.into_iter().chain(draft).for_each(|doc| see(&key, &doc.0));
    }
    Ok(())
}
