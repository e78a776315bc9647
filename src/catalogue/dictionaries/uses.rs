//! What items and topics use of the dictionaries and the shared fields.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::store;
use crate::catalogue::basics::Basics;
use crate::catalogue::changes::Scope;
use crate::catalogue::doc::{at, plain};
use crate::catalogue::elements::{BASIC_ENTRY, Element, Kind, SECTIONS, TOPIC};
use crate::catalogue::shelf::Shelf;
use crate::db::Conn;
use crate::kernel::{Ctx, Result};

/// How many items, topics and entries of the basic catalogue use a code; shared fields are codes of the set `fact`.
#[derive(Debug, Default)]
pub struct Uses {
    /// Of which state of the catalogue.
    stamp: i64,
    /// By set and code, what uses it.
    by: HashMap<(&'static str, String), HashSet<String>>,
}

impl Uses {
    /// Of what is in force. A large catalogue takes a while: not on a thread that serves others.
    ///
    /// # Errors
    /// None in practice: elements always are a document.
    pub fn in_force(shelf: &Shelf, basics: &Basics) -> Result<Self> {
        let mut uses = Self { stamp: shelf.stamp, ..Self::default() };
        for item in shelf.items() {
            uses.see_item(&item.item_id.to_string(), &serde_json::to_value(&item.elements)?);
        }
        for topic in shelf.topics() {
            uses.see_topic(&topic.key, &serde_json::to_value(&**topic)?);
        }
        for (code, basic) in basics {
            uses.see_basic(code, &serde_json::to_value(basic)?);
        }
        Ok(uses)
    }

    /// Of whatever is kept: all versions of all items, which cases keep, drafts of changes, topics and entries of the
    /// basic catalogue with their drafts.
    ///
    /// # Errors
    /// Forbidden; the database's.
    pub fn everywhere(c: &mut Conn, ctx: &Ctx) -> Result<Self> {
        Scope::city(ctx, None)?;
        let mut uses = Self { stamp: store::stamp(c)?, ..Self::default() };
        store::words::each_doc(c, |item, doc| uses.see_item(item, doc))?;
        store::words::each_topic(c, |key, doc| uses.see_topic(key, doc))?;
        store::words::each_basic(c, |code, doc| uses.see_basic(code, doc))?;
        Ok(uses)
    }

    pub fn of(&self, set: &str, code: &str) -> usize {
        let found = self.by.iter().find(|((s, c), _)| *s == set && c == code);
        found.map_or(0, |(_, by)| by.len())
    }

    /// Whether the catalogue still is as it was when this was counted.
    pub(super) fn is_fresh(&self, c: &mut Conn) -> Result<bool> {
        Ok(store::stamp(c)? == self.stamp)
    }

    fn see_item(&mut self, item: &str, doc: &Value) {
        SECTIONS.iter().for_each(|section| self.see(item, section.elements, doc));
    }

    fn see_topic(&mut self, key: &str, doc: &Value) {
        self.see(&format!("topic {key}"), TOPIC.elements, doc);
    }

    fn see_basic(&mut self, code: &str, doc: &Value) {
        self.see(&format!("basic {code}"), BASIC_ENTRY.elements, doc);
    }

    fn see(&mut self, who: &str, elements: &'static [Element], doc: &Value) {
        for e in elements {
            let value = at(doc, e.path);
            match e.kind {
                Kind::Code { set, .. } | Kind::Fixed(set) => self.count(who, set, &plain(value)),
                Kind::Codes(set) => {
                    value.as_array().into_iter().flatten().for_each(|v| self.count(who, set, &plain(v)));
                }
                Kind::Rows(row) => value.as_array().into_iter().flatten().for_each(|v| self.see(who, row, v)),
                _ => {}
            }
        }
    }

    fn count(&mut self, who: &str, set: &'static str, code: &str) {
        if !set.is_empty() && !code.is_empty() {
            self.by.entry((set, code.to_owned())).or_default().insert(who.to_owned());
        }
    }
}

/// Whether elements of items take codes of this set.
pub(super) fn is_of_items(set: &str) -> bool {
    fn has(elements: &[Element], wanted: &str) -> bool {
        elements.iter().any(|e| match e.kind {
            Kind::Code { set, .. } | Kind::Fixed(set) | Kind::Codes(set) => set == wanted,
            Kind::Rows(row) => has(row, wanted),
            _ => false,
        })
    }
    SECTIONS.iter().chain([&TOPIC]).any(|section| has(section.elements, set))
}
