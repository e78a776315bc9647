//! The codes of dictionaries.

use super::uses::{self, Uses};
use super::{What, all_right, edit, fault, name_faults};
use crate::audit;
use crate::catalogue::changes::Scope;
use crate::catalogue::store::{self, words as table};
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result, Text};

/// A code of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    pub code: String,
    pub name: Text,
    /// How often people have changed it.
    pub revision: i32,
}

/// The program itself decides by codes of these sets, or they are what cases and messages say.
const RELIED: &[&str] = &["audience", "material_need", "material_form", "same_city"];

impl What {
    pub(in crate::catalogue) fn key_of_code(set: &str, code: &str) -> String {
        format!("{set}:{code}")
    }
}

/// Whether codes of this set are never removed: the program decides by them, or cases and messages keep them.
pub fn is_relied(set: &str) -> bool {
    RELIED.contains(&set) || !uses::is_of_items(set)
}

/// All sets, and how many codes each has.
pub fn dictionaries(c: &mut Conn, ctx: &Ctx) -> Result<Vec<(String, usize)>> {
    Scope::of(ctx)?;
    table::sets(c)
}

/// The codes of a set in its order.
///
/// # Errors
/// 404, also for whoever does not keep the whole city's catalogue.
pub fn dictionary(c: &mut Conn, ctx: &Ctx, set: &str) -> Result<Vec<CodeRow>> {
    Scope::city(ctx, None).map_err(|_| Error::not_found())?;
    let all = known(c, set)?;
    let row = |(code, name): (String, Text)| {
        let revision = table::revision(c, What::Code, &What::key_of_code(set, &code))?;
        Ok(CodeRow { code, name, revision })
    };
    all.into_iter().map(row).collect()
}

fn known(c: &mut Conn, set: &str) -> Result<Vec<(String, Text)>> {
    Some(table::codes_of(c, set)?).filter(|all| !all.is_empty()).ok_or_else(Error::not_found)
}

/// Adds a code at the end of a set.
///
/// # Errors
/// The fields `code`, `name_zh`, `name_en`; 404 for a set that is not there; conflict `word-edited` when somebody else is just adding it.
pub fn add_code(c: &mut Conn, ctx: &Ctx, set: &str, code: &str, name: &Text) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let all = known(c, set)?;
    let fits = (1..=20).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let mut faults = vec![];
    if !fits {
        faults.push(fault("code", "code-shape", None));
    } else if all.iter().any(|(known, _)| known == code) {
        faults.push(fault("code", "already-there", None));
    }
    faults.extend(name_faults(name));
    faults.extend(taken(&all, code, name));
    all_right(faults)?;
    let key = What::key_of_code(set, code);
    let revision = table::revision(c, What::Code, &key)?;
    edit(c, ctx, (What::Code, &key, revision), false)?;
    let ord = table::last_place(c, set)? + 1;
    table::put_code(c, set, code, name, ord)?;
    done(c, ctx, "code.add", set, code)
}

/// Gives a code other names.
///
/// # Errors
/// The fields `name_zh` and `name_en`; 404; conflict `word-edited` when somebody else has changed it since.
pub fn rename_code(c: &mut Conn, ctx: &Ctx, set: &str, row: &CodeRow) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let all = known(c, set)?;
    is_there(c, &all, set, row)?;
    all_right(name_faults(&row.name).into_iter().chain(taken(&all, &row.code, &row.name)).collect())?;
    edit(c, ctx, (What::Code, &What::key_of_code(set, &row.code), row.revision), false)?;
    table::rename_code(c, set, &row.code, &row.name)?;
    done(c, ctx, "code.rename", set, &row.code)
}

/// Moves a code before or behind its neighbour; at the end of the set it stays where it is.
///
/// # Errors
/// 404.
pub fn move_code(c: &mut Conn, ctx: &Ctx, set: &str, code: &str, is_up: bool) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let mut order: Vec<String> = known(c, set)?.into_iter().map(|(code, _)| code).collect();
    let at = order.iter().position(|known| known == code).ok_or_else(Error::not_found)?;
    let to = if is_up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < order.len()) };
    let Some(to) = to else { return Ok(()) };
    order.swap(at, to);
    let revision = table::revision(c, What::Order, set)?;
    edit(c, ctx, (What::Order, set, revision), false)?;
    table::order_codes(c, set, &order)?;
    done(c, ctx, "code.move", set, code)
}

/// Removes a code that nothing uses.
///
/// # Errors
/// Conflicts: `code-relied` for a set whose codes are never removed, `code-last` for the only one, `code-used`, `word-edited` when
/// somebody else has changed it since, `words-moved` when the catalogue has changed since the uses were counted; 404.
pub fn remove_code(c: &mut Conn, ctx: &Ctx, set: &str, row: &CodeRow, uses: &Uses) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let all = known(c, set)?;
    is_there(c, &all, set, row)?;
    if is_relied(set) {
        return Err(Error::conflict("code-relied"));
    }
    if all.len() == 1 {
        return Err(Error::conflict("code-last"));
    }
    if !uses.is_fresh(c)? {
        return Err(Error::conflict("words-moved"));
    }
    match uses.of(set, &row.code) {
        0 => {}
        n => return Err(Error::conflict("code-used").with("n", n)),
    }
    edit(c, ctx, (What::Code, &What::key_of_code(set, &row.code), row.revision), true)?;
    table::delete_code(c, set, &row.code)?;
    done(c, ctx, "code.remove", set, &row.code)
}

/// What somebody else has removed meanwhile is told as an edit.
fn is_there(c: &mut Conn, all: &[(String, Text)], set: &str, row: &CodeRow) -> Result<()> {
    if all.iter().any(|(known, _)| *known == row.code) {
        return Ok(());
    }
    let was = table::revision(c, What::Code, &What::key_of_code(set, &row.code))? > 0;
    Err(if was { Error::conflict("word-edited") } else { Error::not_found() })
}

/// Two codes of a set with one name could not be told apart.
fn taken(all: &[(String, Text)], code: &str, name: &Text) -> Option<FieldError> {
    let mut others = all.iter().filter(|(known, _)| known != code);
    others.any(|(_, known)| known.zh == name.zh).then(|| fault("name_zh", "already-there", None))
}

fn done(c: &mut Conn, ctx: &Ctx, act: &'static str, set: &str, code: &str) -> Result<()> {
    store::touch(c)?;
    audit::record_plain(c, ctx, act, "dictionary", serde_json::json!({ "set": set, "code": code }))
}
