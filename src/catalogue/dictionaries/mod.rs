//! What the whole catalogue is written with, and who keeps it on pages: synonyms, the codes of dictionaries, shared fields.
//!
//! # Rules
//! - Whoever keeps the catalogue of the whole city writes them; a department's staff do not.
//! - What people have changed or removed stays so when the files are taken in again: `cat_edit` counts their edits.
//! - A code never changes, its names do. One that items, topics, their drafts or older versions use is not removed, nor one of a set
//!   that cases or the program itself keep ([`codes::is_relied`]); no set is ever empty.
//! - Two who edit the same are told apart by its revision: the second gets a conflict.

mod codes;
mod facts;
mod synonyms;
mod uses;

use super::changes::Scope;
use super::store;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result};

pub use codes::{CodeRow, add_code, dictionaries, dictionary, is_relied, move_code, remove_code, rename_code};
pub use facts::{FactRow, HOLDERS, add_fact, change_fact, fact, fact_rows, is_known, remove_fact};
pub use synonyms::{Saying, add_synonym, change_synonym, other_ways, remove_synonym, synonym, synonyms};
pub use uses::Uses;

crate::text_enum!(
    /// What people have changed.
    What {
        Synonym = "synonym",
        Code = "code",
        /// The order of a set.
        Order = "order",
        Fact = "fact",
    }
);

/// Counts an edit by who may make it.
///
/// # Errors
/// Forbidden; conflict `word-edited` when somebody else has changed it since `revision`.
fn edit(c: &mut Conn, ctx: &Ctx, of: (What, &str, i32), is_gone: bool) -> Result<()> {
    let staff = Scope::city(ctx, Some(Permission::Write))?;
    if store::words::count_edit(c, of, is_gone, staff, ctx.now)? { Ok(()) } else { Err(Error::conflict("word-edited")) }
}

fn fault(field: &str, code: &'static str, most: Option<usize>) -> FieldError {
    FieldError { field: field.into(), code, value: most.map(|n| n.to_string()) }
}

/// Names in both languages, at most so many signs.
const MOST_ZH: usize = 100;
const MOST_EN: usize = 200;

fn name_faults(name: &crate::kernel::Text) -> Vec<FieldError> {
    let mut faults = vec![];
    for (field, text, most) in [("name_zh", &name.zh, MOST_ZH), ("name_en", &name.en, MOST_EN)] {
        match text.chars().count() {
            0 => faults.push(fault(field, "required", None)),
            n if n > most => faults.push(fault(field, "text-long", Some(most))),
            _ => {}
        }
    }
    faults
}

fn all_right(faults: Vec<FieldError>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
}
