//! All versions in force in memory.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use super::codes::Codes;
use super::facets::Counts;
use super::model::{Elements, ItemId, VersionId};
use super::search::{Ask, Departments, Index};
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
    departments: Departments,
    codes: Codes,
    index: Index,
    topics: Vec<Arc<Topic>>,
}

/// What a shelf has beside its items.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub departments: Vec<Department>,
    pub codes: Codes,
    /// A word that people say and what it means; several meanings stand with | between them.
    pub synonyms: Vec<(String, String)>,
    pub topics: Vec<Topic>,
}

/// So many changed items may lie over the others before they are put among them: each shelf looks at them anew.
const FEW: usize = 500;

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
        let items: Vec<_> = items.into_iter().map(Arc::new).collect();
        let departments = by_id(departments);
        let index = Index::new(&items, &departments);
        Self { stamp, items, departments, codes, index, topics: vec![] }
    }
    pub(super) fn with(self, rest: Rest) -> Self {
        Self { codes: rest.codes, ..self }.with_synonyms(rest.synonyms).with_topics(rest.topics)
    }
    /// The next shelf: `moved` are all items that may have changed, with what they are now, or nothing when they are not on it. Items
    /// stand in the order of their codes.
    pub(super) fn following(&self, stamp: i64, moved: Vec<(ItemId, Option<Shelved>)>, rest: Rest) -> Self {
        let ids: HashSet<ItemId> = moved.iter().map(|(id, _)| *id).collect();
        let mut items: Vec<_> = self.items.iter().filter(|i| !ids.contains(&i.item_id)).cloned().collect();
        if moved.iter().any(|(_, now)| now.is_some()) {
            items.extend(moved.into_iter().filter_map(|(_, now)| now).map(Arc::new));
            items.sort_by(|a, b| a.elements.code.cmp(&b.elements.code));
        }
        let departments = by_id(rest.departments);
        let index = self.index.following(&items, &departments);
        let next = Self { stamp, items, departments, index, ..Self::default() };
        next.with(Rest { departments: vec![], ..rest })
    }
    /// Whether so much has changed that [`Shelf::settled`] is worth its while.
    pub fn is_unsettled(&self) -> bool {
        self.index.changed() > FEW.max(self.items.len() / 100)
    }
    /// How the items are found, put in order for the shelves to come. Takes about a second for 100,000 items.
    pub fn settled(&self) -> Settled {
        Settled(self.index.joined(&self.items, &self.departments))
    }
    /// The same shelf, or one that came after that which was settled, on this order.
    pub fn on(&self, settled: &Settled) -> Self {
        Self {
            stamp: self.stamp,
            items: self.items.clone(),
            departments: self.departments.clone(),
            codes: self.codes.clone(),
            index: settled.0.following(&self.items, &self.departments).with_synonyms(self.index.synonyms()),
            topics: self.topics.clone(),
        }
    }
    /// The shelf with pairs of a word that people say and what it means; several meanings stand with | between them.
    pub fn with_synonyms(mut self, rows: impl IntoIterator<Item = (String, String)>) -> Self {
        self.index = std::mem::take(&mut self.index).with_synonyms(Arc::new(Synonyms::new(rows)));
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
        self.at(self.index.by_slug(slug))
    }
    pub fn by_item(&self, id: ItemId) -> Result<Arc<Shelved>> {
        self.at(self.index.by_item(id))
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
        self.at(self.index.by_version(id)).ok()
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
    fn at(&self, at: Option<usize>) -> Result<Arc<Shelved>> {
        at.and_then(|at| self.items.get(at)).cloned().ok_or_else(Error::not_found)
    }
}

/// See [`Shelf::settled`].
#[derive(Debug)]
pub struct Settled(Index);

fn by_id(departments: Vec<Department>) -> Departments {
    departments.into_iter().map(|d| (d.id.0, Arc::new(d))).collect()
}
