//! How the table follows the shelf: a large part that many shelves share, and over it a small one of what has changed since.
//!
//! Ranking is as if all were one part: a word's rarity counts the items that stand on the shelf, and equal points go by the place there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::super::facets::{Chosen, Facets};
use super::super::shelf::Shelved;
use super::super::synonyms::Synonyms;
use super::super::words::Token;
use super::part::{Departments, Part, tokens};
use super::{GONE, Index};
use crate::identity::Department;
use crate::kernel::Id;

impl Index {
    pub(in crate::catalogue) fn new(items: &[Arc<Shelved>], departments: &Departments) -> Self {
        let base = Part::new(0, items.to_vec(), departments, Facets::default());
        let over = Part { first: items.len(), facets: base.facets.with_rows([]), ..Part::default() };
        let places = (0..items.len()).map(|at| at as u32).collect();
        let base = Arc::new(base);
        let index = Self { base, over, places, departments: departments.clone(), ..Self::default() };
        index.counted(items.len())
    }

    /// The index of a shelf that has these items now, of which most are those that there were. Costs as much as the others are many.
    pub(in crate::catalogue) fn following(&self, items: &[Arc<Shelved>], departments: &Departments) -> Self {
        let otherwise = changed(&self.departments, departments);
        let mut places = vec![GONE; self.base.items.len()];
        let mut over: Vec<(u32, Arc<Shelved>)> = vec![];
        let mut next = 0;
        for (at, item) in (0..).zip(items) {
            let is_here = |slot: &usize| self.base.items.get(*slot).is_some_and(|known| Arc::ptr_eq(known, item));
            // Items mostly stand in the order in which they stood.
            let find = || self.base.by_item.get(&item.item_id).map(|slot| *slot as usize).filter(is_here);
            let slot = Some(next).filter(is_here).or_else(find);
            match slot.filter(|_| !otherwise.contains(&item.department_id)) {
                Some(slot) => {
                    places[slot] = at;
                    next = slot + 1;
                }
                None => over.push((at, item.clone())),
            }
        }
        if over.len() * 3 > items.len() {
            return Self { synonyms: self.synonyms.clone(), ..Self::new(items, departments) };
        }
        let gone = self.gone(&places);
        places.extend(over.iter().map(|(at, _)| *at));
        let over = over.into_iter().map(|(_, item)| item).collect();
        let over = Part::new(self.base.items.len(), over, departments, self.base.facets.with_rows([]));
        let (base, synonyms) = (self.base.clone(), self.synonyms.clone());
        // What the large part knows of departments stays as it was when that was made.
        let departments = self.departments.clone();
        Self { base, over, places, gone, departments, synonyms, ..Self::default() }.counted(items.len())
    }

    /// The same in one large part; `departments` are those of the shelf.
    pub(in crate::catalogue) fn joined(&self, items: &[Arc<Shelved>], departments: &Departments) -> Self {
        let base = Arc::new(Part::joined(&self.base, &self.over, &self.places, items.to_vec()));
        let over = Part { first: items.len(), facets: base.facets.with_rows([]), ..Part::default() };
        let places = (0..items.len()).map(|at| at as u32).collect();
        let (departments, synonyms) = (departments.clone(), self.synonyms.clone());
        Self { base, over, places, departments, synonyms, ..Self::default() }.counted(items.len())
    }

    /// How many items stand over the large part.
    pub(in crate::catalogue) fn changed(&self) -> usize {
        self.over.items.len() + self.places.iter().take(self.base.items.len()).filter(|at| **at == GONE).count()
    }

    pub(in crate::catalogue) fn with_synonyms(self, synonyms: Arc<Synonyms>) -> Self {
        Self { synonyms, ..self }
    }

    pub(in crate::catalogue) fn synonyms(&self) -> Arc<Synonyms> {
        self.synonyms.clone()
    }

    /// How often words stood in the items of the large part that are gone.
    fn gone(&self, places: &[u32]) -> HashMap<Token, usize> {
        let mut gone: HashMap<Token, usize> = HashMap::new();
        for (item, _) in self.base.items.iter().zip(places).filter(|(_, at)| **at == GONE) {
            let department = self.departments.get(&item.department_id).map(AsRef::as_ref);
            for token in tokens(item, department).into_keys() {
                *gone.entry(token).or_default() += 1;
            }
        }
        gone
    }

    /// With what is told of all items.
    fn counted(mut self, live: usize) -> Self {
        self.live = live;
        self.latin = self.latin();
        let mut order = vec![GONE; live];
        for (slot, at) in (0..).zip(&self.places).filter(|(_, at)| **at != GONE) {
            order[*at as usize] = slot;
        }
        order.retain(|slot| *slot != GONE);
        order.sort_by_key(|slot| !self.row(*slot as usize).is_complete());
        self.counts = self.sift(order.iter().map(|slot| *slot as usize), &Chosen::default()).1;
        self.plain = order;
        self
    }

    /// Words of letters that some item on the shelf has.
    fn latin(&self) -> Arc<[String]> {
        let word = |token: &Token| if let Token::Word(w) = token { Some(w.clone()) } else { None };
        let lost: HashSet<String> = self.gone.keys().filter(|t| self.list(t).count == 0).filter_map(word).collect();
        let new: BTreeSet<&String> =
            self.over.latin.iter().filter(|w| self.base.latin.binary_search(w).is_err()).collect();
        if lost.is_empty() && new.is_empty() {
            return self.base.latin.clone();
        }
        let mut all: Vec<String> = self.base.latin.iter().filter(|w| !lost.contains(*w)).cloned().collect();
        all.extend(new.into_iter().cloned());
        all.sort_unstable();
        all.into()
    }
}

/// Departments of which something is found, or counted, otherwise than before.
fn changed(before: &Departments, now: &Departments) -> HashSet<Id> {
    let told = |d: &Arc<Department>| (d.key.clone(), d.name.clone(), d.short.clone());
    let ids = before.keys().chain(now.keys());
    ids.filter(|id| before.get(id).map(told) != now.get(id).map(told)).copied().collect()
}
