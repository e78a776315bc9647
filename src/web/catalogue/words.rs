//! Names of departments and people.

use std::collections::HashMap;

use crate::catalogue::Shelf;
use crate::db::Conn;
use crate::identity;
use crate::kernel::{Id, Result, Text};

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
