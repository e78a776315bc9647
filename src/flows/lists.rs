//! The implementing list as a whole: what its sheets may name, and its way in.

use std::sync::Arc;

use crate::catalogue::sheets::Against;
use crate::catalogue::{self, Code, Codes, Shelf};
use crate::db::Conn;
use crate::kernel::Result;
use crate::windows;

/// The dictionaries, with the halls (`hall`), the shared fields (`fact`) and the departments (`department`).
pub fn dictionaries(c: &mut Conn, shelf: &Shelf) -> Result<Codes> {
    let halls = windows::halls(c)?.into_iter().map(|h| Code { code: h.code, name: h.name }).collect();
    let facts = catalogue::facts(c)?.into_iter().map(|(code, name)| Code { code, name }).collect();
    let departments = shelf.departments().iter().map(|d| Code { code: d.key.clone(), name: d.name.clone() }).collect();
    Ok(shelf.codes().clone().with("hall", halls).with("fact", facts).with("department", departments))
}

/// What a file of the list is read against.
pub fn list_against(c: &mut Conn, shelf: Arc<Shelf>) -> Result<Against> {
    let (codes, facts) = (dictionaries(c, &shelf)?, catalogue::fact_keys(c)?);
    Ok(Against { shelf, codes: Arc::new(codes), facts: Arc::new(facts) })
}
