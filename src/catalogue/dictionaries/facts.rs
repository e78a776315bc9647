//! The shared field dictionary: what questions of different forms mean by the same.

use super::uses::Uses;
use super::{What, all_right, edit, fault, name_faults};
use crate::audit;
use crate::catalogue::changes::Scope;
use crate::catalogue::elements::FIELD_KINDS;
use crate::catalogue::store::words as table;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result, Text};

/// A field that has one meaning in all forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    pub key: String,
    pub name: Text,
    /// As the kinds of a form's fields.
    pub kind: String,
    /// One of [`HOLDERS`]
    pub holder: String,
    /// How often people have changed it.
    pub revision: i32,
}

/// Whom a shared field tells something of.
pub const HOLDERS: &[&str] = &["person", "enterprise"];

/// What an account knows of a person and fills in: the program names these.
const KNOWN: &[&str] = &["person.name", "person.id_number", "person.phone", "person.email", "person.address"];

/// Whether the program itself fills in this field, so that it stays.
pub fn is_known(key: &str) -> bool {
    KNOWN.contains(&key)
}

/// All shared fields, those of persons first.
pub fn fact_rows(c: &mut Conn, ctx: &Ctx) -> Result<Vec<FactRow>> {
    Scope::of(ctx)?;
    let row = |(key, name, kind, holder)| FactRow { key, name, kind, holder, revision: 0 };
    Ok(table::fact_rows(c)?.into_iter().map(row).collect())
}

/// # Errors
/// 404, also for whoever does not keep the whole city's catalogue.
pub fn fact(c: &mut Conn, ctx: &Ctx, key: &str) -> Result<FactRow> {
    Scope::city(ctx, None).map_err(|_| Error::not_found())?;
    let found = fact_rows(c, ctx)?.into_iter().find(|f| f.key == key).ok_or_else(Error::not_found)?;
    Ok(FactRow { revision: table::revision(c, What::Fact, key)?, ..found })
}

fn faults_of(fact: &FactRow) -> Vec<FieldError> {
    let mut faults = name_faults(&fact.name);
    if !FIELD_KINDS.iter().any(|(kind, _)| *kind == fact.kind) {
        faults.push(fault("kind", "choice-required", None));
    }
    if !HOLDERS.contains(&fact.holder.as_str()) {
        faults.push(fault("holder", "choice-required", None));
    }
    faults
}

/// Adds a shared field; its revision says nothing here.
///
/// # Errors
/// The fields `key`, `name_zh`, `name_en`, `kind`, `holder`; conflict `word-edited` when somebody else is just adding it.
pub fn add_fact(c: &mut Conn, ctx: &Ctx, fact: &FactRow) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_lowercase())
            && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let fits = fact.key.len() <= 60 && fact.key.split_once('.').is_some_and(|(a, b)| part(a) && part(b));
    let mut faults = vec![];
    if !fits {
        faults.push(fault("key", "fact-key", None));
    } else if table::fact_rows(c)?.iter().any(|(key, ..)| *key == fact.key) {
        faults.push(fault("key", "already-there", None));
    }
    faults.extend(faults_of(fact));
    all_right(faults)?;
    let revision = table::revision(c, What::Fact, &fact.key)?;
    put(c, ctx, "fact.add", &FactRow { revision, ..fact.clone() })
}

/// Changes names; kind and holder only while no form in force uses the field.
///
/// # Errors
/// The fields that have to be mended; conflicts `fact-used`, `word-edited`, `words-moved` as for a removal; 404.
pub fn change_fact(c: &mut Conn, ctx: &Ctx, fact: &FactRow, uses: &Uses) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    all_right(faults_of(fact))?;
    let before = is_there(c, fact)?;
    if before != (fact.kind.clone(), fact.holder.clone()) {
        may_go(c, fact, uses)?;
    }
    put(c, ctx, "fact.change", fact)
}

/// Removes a shared field that nothing uses.
///
/// # Errors
/// Conflicts: `code-relied` for what the program itself fills in, `fact-used`, `word-edited` when somebody else has changed it since,
/// `words-moved` when the catalogue has changed since the uses were counted; 404.
pub fn remove_fact(c: &mut Conn, ctx: &Ctx, fact: &FactRow, uses: &Uses) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    is_there(c, fact)?;
    may_go(c, fact, uses)?;
    edit(c, ctx, (What::Fact, &fact.key, fact.revision), true)?;
    table::delete_fact(c, &fact.key)?;
    done(c, ctx, "fact.remove", &fact.key)
}

fn may_go(c: &mut Conn, fact: &FactRow, uses: &Uses) -> Result<()> {
    if is_known(&fact.key) {
        return Err(Error::conflict("code-relied"));
    }
    if !uses.is_fresh(c)? {
        return Err(Error::conflict("words-moved"));
    }
    match uses.of("fact", &fact.key) {
        0 => Ok(()),
        n => Err(Error::conflict("fact-used").with("n", n)),
    }
}

/// Kind and holder as they are; what somebody else has removed meanwhile is told as an edit.
fn is_there(c: &mut Conn, fact: &FactRow) -> Result<(String, String)> {
    let found = table::fact_rows(c)?.into_iter().find(|(key, ..)| *key == fact.key);
    match found {
        Some((_, _, kind, holder)) => Ok((kind, holder)),
        None if table::revision(c, What::Fact, &fact.key)? > 0 => Err(Error::conflict("word-edited")),
        None => Err(Error::not_found()),
    }
}

fn put(c: &mut Conn, ctx: &Ctx, act: &'static str, fact: &FactRow) -> Result<()> {
    edit(c, ctx, (What::Fact, &fact.key, fact.revision), false)?;
    table::put_fact(c, (&fact.key, &fact.name, &fact.kind, &fact.holder))?;
    done(c, ctx, act, &fact.key)
}

fn done(c: &mut Conn, ctx: &Ctx, act: &'static str, key: &str) -> Result<()> {
    audit::record_plain(c, ctx, act, "fact", serde_json::json!({ "key": key }))
}
