//! Names that stand in no dictionary: halls, shared fields, departments, people.

use std::collections::HashMap;

use crate::catalogue::{self, Code, Codes, Shelf};
use crate::db::Conn;
use crate::identity;
use crate::kernel::{Id, Result, Text};
use crate::windows;

/// The dictionaries, with the halls (`hall`), the shared fields (`fact`) and the departments (`department`).
pub fn all(c: &mut Conn, shelf: &Shelf) -> Result<Codes> {
    let halls = windows::halls(c)?.into_iter().map(|h| Code { code: h.code, name: h.name }).collect();
    let facts = catalogue::facts(c)?.into_iter().map(|(code, name)| Code { code, name }).collect();
    let departments = shelf.departments().iter().map(|d| Code { code: d.key.clone(), name: d.name.clone() }).collect();
    Ok(shelf.codes().clone().with("hall", halls).with("fact", facts).with("department", departments))
}

/// Names of members of staff.
pub struct Names(HashMap<Id, String>);

impl Names {
    pub fn of(c: &mut Conn, ids: impl IntoIterator<Item = Id>) -> Result<Self> {
        Ok(Self(identity::staff::names(c, ids.into_iter().collect())?))
    }
    pub fn get(&self, id: Id) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}

/// The name of a department, or nothing.
pub fn department(shelf: &Shelf, id: Id) -> Text {
    shelf.department(id).map(|d| d.name.clone()).unwrap_or_default()
}
