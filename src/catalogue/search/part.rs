//! From words to items, for some of the items: a table that never changes once it is made.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::facets::{Facets, Row};
use super::super::model::{ItemId, VersionId};
use super::super::shelf::Shelved;
use super::super::sounds;
use super::super::words::{self, Token};
use super::GONE;
use crate::identity::Department;
use crate::kernel::{Id, Text};

/// The departments by id.
pub(in crate::catalogue) type Departments = HashMap<Id, Arc<Department>>;

/// Where a word stands in an item: one bit each, so that a list's entry stays one number.
pub(super) mod place {
    pub const NAME: u32 = 1;
    pub const KEYWORD: u32 = 2;
    pub const DEPARTMENT: u32 = 4;
    pub const MATERIAL: u32 = 8;
    pub const SUMMARY: u32 = 16;
    pub const BITS: u32 = 5;
}

/// Slot of the item in the upper bits, places in the lower five.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry(u32);

impl Entry {
    fn new(slot: u32, places: u32) -> Self {
        Self(slot << place::BITS | places)
    }
    pub fn slot(self) -> usize {
        (self.0 >> place::BITS) as usize
    }
    pub fn is_in(self, places: u32) -> bool {
        self.0 & places != 0
    }
    pub fn weight(self) -> f32 {
        match () {
            () if self.is_in(place::NAME) => 3.0,
            () if self.is_in(place::KEYWORD) => 2.5,
            () if self.is_in(place::SUMMARY) => 1.0,
            () if self.is_in(place::DEPARTMENT) => 0.9,
            () => 0.5,
        }
    }
    /// The same places in the item's new slot; nothing when it is gone.
    fn moved(self, to: &[u32]) -> Option<Self> {
        let slot = to[self.slot()];
        (slot != GONE).then(|| Self::new(slot, self.0 & ((1 << place::BITS) - 1)))
    }
}

/// Folded names and keywords of an item, to look whether a query stands in them as it is.
#[derive(Debug, Clone)]
pub(super) struct Folded {
    pub names: [String; 2],
    /// One a line.
    pub keywords: String,
}

/// The table of some items. Each has a slot; the first has `first`.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub first: usize,
    pub items: Vec<Arc<Shelved>>,
    pub lists: HashMap<Token, Vec<Entry>>,
    /// All words of letters, sorted, for what begins with the typed ones.
    pub latin: Arc<[String]>,
    /// Whole names, names without what stands in brackets, and codes.
    pub names: HashMap<String, Vec<u32>>,
    pub keywords: HashMap<String, Vec<u32>>,
    pub folded: Vec<Folded>,
    /// First letters of the readings of names, keywords and results, sorted, with their items.
    pub initials: Vec<(Box<str>, u32)>,
    pub facets: Facets,
    pub by_slug: HashMap<String, u32>,
    pub by_item: HashMap<ItemId, u32>,
    pub by_version: HashMap<VersionId, u32>,
}

impl Part {
    /// The table of these items, whose choices are numbered on from those of `facets`.
    pub fn new(first: usize, items: Vec<Arc<Shelved>>, departments: &Departments, facets: Facets) -> Self {
        let mut part = Self { first, facets, ..Self::default() };
        for (n, item) in items.iter().enumerate() {
            part.add((first + n) as u32, item, departments.get(&item.department_id).map(AsRef::as_ref));
        }
        part.items = items;
        part.sort();
        part
    }

    fn sort(&mut self) {
        let word = |t: &Token| if let Token::Word(w) = t { Some(w.clone()) } else { None };
        let mut latin: Vec<String> = self.lists.keys().filter_map(word).collect();
        latin.sort_unstable();
        self.latin = latin.into();
        self.initials.sort_unstable();
        self.initials.dedup();
    }

    fn add(&mut self, slot: u32, item: &Shelved, department: Option<&Department>) {
        let e = &item.elements;
        for (token, places) in tokens(item, department) {
            self.lists.entry(token).or_default().push(Entry::new(slot, places));
        }
        let names = [words::fold_text(&e.name.zh), words::fold_text(&e.name.en)];
        let plain = [words::fold_text(without_brackets(&e.name.zh)), words::fold_text(without_brackets(&e.name.en))];
        let codes = [words::fold_text(&e.code), words::fold_text(&e.basic_code)];
        let mut whole: Vec<String> =
            names.iter().cloned().chain(plain).chain(codes).filter(|n| !n.is_empty()).collect();
        whole.sort_unstable();
        whole.dedup();
        whole.into_iter().for_each(|n| self.names.entry(n).or_default().push(slot));
        // People name an item by the paper that it gives: 营业执照, 残疾人证.
        let results = e.results.iter().map(|r| words::fold_text(&r.name.zh));
        let keywords: Vec<String> = e.keywords.iter().map(|k| words::fold_text(k)).chain(results).collect();
        let plain = words::fold_text(without_brackets(&e.name.zh));
        for text in keywords.iter().chain([&names[0], &plain]).filter(|t| t.chars().any(words::is_han)) {
            self.initials.push((sounds::initials(text).into(), slot));
        }
        for keyword in &keywords {
            self.keywords.entry(keyword.clone()).or_default().push(slot);
        }
        self.folded.push(Folded { names, keywords: keywords.join("\n") });
        self.facets.add(e, department);
        self.by_slug.insert(e.slug.clone(), slot);
        self.by_item.insert(item.item_id, slot);
        self.by_version.insert(item.version_id, slot);
    }

    pub fn list(&self, token: &Token) -> &[Entry] {
        self.lists.get(token).map_or(&[], Vec::as_slice)
    }

    /// Readings that begin with these letters.
    pub fn beginning<'a>(&'a self, letters: &'a str) -> impl Iterator<Item = &'a (Box<str>, u32)> {
        let from = self.initials.partition_point(|(known, _)| &**known < letters);
        self.initials[from..].iter().take_while(move |(known, _)| known.starts_with(letters))
    }

    pub fn row(&self, slot: usize) -> &Row {
        self.facets.row(slot - self.first)
    }

    /// One table of two, the second going on where the first ends: each slot gets the number that `to` has for it, or goes.
    pub fn joined(base: &Part, over: &Part, to: &[u32], items: Vec<Arc<Shelved>>) -> Self {
        let mut slots: Vec<(u32, usize)> =
            to.iter().enumerate().filter(|(_, new)| **new != GONE).map(|(old, new)| (*new, old)).collect();
        slots.sort_unstable();
        let part = |old: usize| if old < over.first { (base, old) } else { (over, old - over.first) };
        let folded = slots.iter().map(|(_, old)| part(*old)).map(|(p, n)| p.folded[n].clone()).collect();
        let facets =
            over.facets.with_rows(slots.iter().map(|(_, old)| part(*old)).map(|(p, n)| p.facets.row(n).clone()));
        let initials = [base, over].into_iter().flat_map(|p| &p.initials);
        let initials = initials.filter(|(_, old)| to[*old as usize] != GONE);
        let mut joined = Self {
            first: 0,
            lists: union(&base.lists, &over.lists, |e| e.moved(to)),
            latin: Arc::default(),
            names: union(&base.names, &over.names, |old| kept(to, *old)),
            keywords: union(&base.keywords, &over.keywords, |old| kept(to, *old)),
            folded,
            initials: initials.map(|(letters, old)| (letters.clone(), to[*old as usize])).collect(),
            facets,
            by_slug: items.iter().zip(0..).map(|(i, n)| (i.elements.slug.clone(), n)).collect(),
            by_item: items.iter().zip(0..).map(|(i, n)| (i.item_id, n)).collect(),
            by_version: items.iter().zip(0..).map(|(i, n)| (i.version_id, n)).collect(),
            items,
        };
        joined.sort();
        joined
    }
}

fn kept(to: &[u32], old: u32) -> Option<u32> {
    Some(to[old as usize]).filter(|new| *new != GONE)
}

/// Both lists of each key with what becomes of their values; without those keys that have none left.
fn union<K: Clone + Eq + std::hash::Hash, V>(
    base: &HashMap<K, Vec<V>>,
    over: &HashMap<K, Vec<V>>,
    moved: impl Fn(&V) -> Option<V>,
) -> HashMap<K, Vec<V>> {
    let mut all: HashMap<K, Vec<V>> = HashMap::with_capacity(base.len());
    for (key, values) in base {
        let more = over.get(key).into_iter().flatten();
        let list: Vec<V> = values.iter().chain(more).filter_map(&moved).collect();
        if !list.is_empty() {
            all.insert(key.clone(), list);
        }
    }
    for (key, values) in over.iter().filter(|(key, _)| !base.contains_key(*key)) {
        let list: Vec<V> = values.iter().filter_map(&moved).collect();
        if !list.is_empty() {
            all.insert(key.clone(), list);
        }
    }
    all
}

/// The words of an item and where they stand.
pub(super) fn tokens(item: &Shelved, department: Option<&Department>) -> HashMap<Token, u32> {
    let e = &item.elements;
    let mut places: HashMap<Token, u32> = HashMap::new();
    let mut put = |text: &str, place: u32| {
        let folded = words::fold_text(text);
        let spoken = if place & (place::NAME | place::KEYWORD) == 0 { vec![] } else { words::sounds(&folded) };
        for token in words::tokens(&folded).into_iter().chain(spoken) {
            *places.entry(token).or_default() |= place;
        }
    };
    let both = |text: &Text| [text.zh.clone(), text.en.clone()];
    both(&e.name).iter().for_each(|t| put(t, place::NAME));
    e.keywords.iter().for_each(|t| put(t, place::KEYWORD));
    both(&e.summary).iter().for_each(|t| put(t, place::SUMMARY));
    for m in &e.materials {
        both(&m.name).iter().for_each(|t| put(t, place::MATERIAL));
    }
    if let Some(d) = department {
        [&d.name, &d.short].iter().flat_map(|t| both(t)).for_each(|t| put(&t, place::DEPARTMENT));
    }
    for r in &e.results {
        both(&r.name).iter().for_each(|t| put(t, place::KEYWORD));
    }
    places
}

fn without_brackets(name: &str) -> &str {
    name.split(['（', '(']).next().unwrap_or_default()
}
