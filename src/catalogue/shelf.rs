//! All versions in force in memory.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::codes::Codes;
use super::facets::Counts;
use super::model::{Elements, ItemId, VersionId};
use super::search::{Ask, Index};
use super::synonyms::Synonyms;
use super::topics::Topic;
use super::words;
use crate::identity::Department;
use crate::kernel::{Day, Error, Id, Result};

/// One published version with its ids.
#[derive(Debug)]
pub struct Shelved {
    pub item_id: ItemId,
    pub version_id: VersionId,
    pub version_no: i32,
    pub department_id: Id,
    pub elements: Elements,
    /// It is suspended: read, and not declared.
    pub halt: Option<Halt>,
}

/// Why an item is suspended, and since which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Halt {
    pub reason: String,
    pub since: Day,
}

/// A snapshot of the published items, the departments and the dictionaries; `stamp` tells which.
#[derive(Debug, Default)]
pub struct Shelf {
    pub stamp: i64,
    items: Vec<Arc<Shelved>>,
    by_slug: HashMap<String, usize>,
    by_item: HashMap<ItemId, usize>,
    by_version: HashMap<VersionId, usize>,
    departments: HashMap<Id, Arc<Department>>,
    codes: Codes,
    index: Index,
    topics: Vec<Arc<Topic>>,
}

/// A page of found items, best first.
#[derive(Debug)]
pub struct Answer {
    pub items: Vec<Arc<Shelved>>,
    pub total: usize,
    /// From 1.
    pub page: usize,
    pub pages: usize,
    pub counts: Counts,
}

impl Shelf {
    pub fn new(stamp: i64, items: Vec<Shelved>, departments: Vec<Department>, codes: Codes) -> Self {
        let departments = departments.into_iter().map(|d| (d.id.0, Arc::new(d))).collect();
        let mut shelf = Self { stamp, departments, codes, ..Self::default() };
        for (at, item) in items.into_iter().enumerate() {
            shelf.by_slug.insert(item.elements.slug.clone(), at);
            shelf.by_item.insert(item.item_id, at);
            shelf.by_version.insert(item.version_id, at);
            shelf.items.push(Arc::new(item));
        }
        let of = |i: &Shelved| shelf.departments.get(&i.department_id).map(AsRef::as_ref);
        let index = Index::new(shelf.items.iter().map(|i| (i.as_ref(), of(i))));
        shelf.index = index;
        shelf
    }
    /// The shelf with pairs of a word that people say and what it means; several meanings stand with | between them.
    pub fn with_synonyms(mut self, rows: impl IntoIterator<Item = (String, String)>) -> Self {
        self.index = std::mem::take(&mut self.index).with_synonyms(Synonyms::new(rows));
        self
    }
    pub fn with_topics(mut self, topics: Vec<Topic>) -> Self {
        self.topics = topics.into_iter().map(Arc::new).collect();
        self
    }
    /// 情形导办: what leads from a wish to items.
    pub fn topics(&self) -> &[Arc<Topic>] {
        &self.topics
    }
    pub fn topic(&self, key: &str) -> Result<Arc<Topic>> {
        self.topics.iter().find(|t| t.key == key).cloned().ok_or_else(Error::not_found)
    }
    /// The topics that somebody means who types this: a keyword stands in it, or it in a keyword or the name.
    pub fn topics_for(&self, query: &str) -> Vec<Arc<Topic>> {
        let query = words::fold_text(query);
        if query.chars().count() < 2 {
            return vec![];
        }
        let means = |word: &String| {
            let word = words::fold_text(word);
            query.contains(&word) || word.contains(&query)
        };
        let fits = |t: &&Arc<Topic>| {
            t.keywords.iter().any(means)
                || [&t.name.zh, &t.name.en].into_iter().any(|n| words::fold_text(n).contains(&query))
        };
        self.topics.iter().filter(fits).cloned().collect()
    }
    pub fn items(&self) -> &[Arc<Shelved>] {
        &self.items
    }
    pub fn by_slug(&self, slug: &str) -> Result<Arc<Shelved>> {
        self.at(self.by_slug.get(slug))
    }
    pub fn by_item(&self, id: ItemId) -> Result<Arc<Shelved>> {
        self.at(self.by_item.get(&id))
    }
    /// The item, if it may be declared now.
    ///
    /// # Errors
    /// 404; conflict `item-suspended`.
    pub fn open_item(&self, id: ItemId) -> Result<Arc<Shelved>> {
        let item = self.by_item(id)?;
        if item.halt.is_some() { Err(Error::conflict("item-suspended")) } else { Ok(item) }
    }
    /// The version, when it is the published one of its item; older ones are in the database alone.
    pub fn by_version(&self, id: VersionId) -> Option<Arc<Shelved>> {
        self.at(self.by_version.get(&id)).ok()
    }
    /// Items that fit what was typed and chosen; without a text all of them, complete ones first.
    pub fn search(&self, ask: &Ask) -> Answer {
        let found = self.index.find(ask);
        let items = found.at.iter().filter_map(|at| self.items.get(*at)).cloned().collect();
        Answer { items, total: found.total, page: found.page, pages: found.pages, counts: found.counts }
    }
    /// The dictionaries.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }
    pub fn department(&self, id: Id) -> Result<Arc<Department>> {
        self.departments.get(&id).cloned().ok_or_else(Error::not_found)
    }
    /// All departments by key.
    pub fn departments(&self) -> Vec<Arc<Department>> {
        let mut all: Vec<_> = self.departments.values().cloned().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }
    fn at(&self, at: Option<&usize>) -> Result<Arc<Shelved>> {
        at.and_then(|at| self.items.get(*at)).cloned().ok_or_else(Error::not_found)
    }
}
