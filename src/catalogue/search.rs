//! Finding an item by what people say, in memory: a table from words to items, made whenever the shelf is made.
//!
//! # Ranking
//! Whole name (or code) > name that begins with or contains the query > keyword > shared words, by how rare each is and where it
//! stands (name, keyword, department, material, summary). What only shares a common word with the query is left out.
//!
//! # Cost
//! A query touches the lists of its own words alone: about as many steps as items share a word with it, never all texts.

use std::collections::HashMap;
use std::ops::Range;

use super::facets::{Chosen, Counts, Facets};
use super::shelf::Shelved;
use super::words::{self, Token};
use crate::identity::Department;
use crate::kernel::Text;

/// Where a word stands in an item: one bit each, so that a list's entry stays one number.
mod place {
    pub const NAME: u32 = 1;
    pub const KEYWORD: u32 = 2;
    pub const DEPARTMENT: u32 = 4;
    pub const MATERIAL: u32 = 8;
    pub const SUMMARY: u32 = 16;
    pub const BITS: u32 = 5;
}

/// Item in the upper bits, places in the lower five.
#[derive(Debug, Clone, Copy)]
struct Entry(u32);

impl Entry {
    fn item(self) -> usize {
        (self.0 >> place::BITS) as usize
    }
    fn is_in(self, places: u32) -> bool {
        self.0 & places != 0
    }
    fn weight(self) -> f32 {
        match () {
            () if self.is_in(place::NAME) => 3.0,
            () if self.is_in(place::KEYWORD) => 2.5,
            () if self.is_in(place::SUMMARY) => 1.0,
            () if self.is_in(place::DEPARTMENT) => 0.9,
            () => 0.5,
        }
    }
}

/// The table of one shelf.
#[derive(Debug, Default)]
pub struct Index {
    lists: HashMap<Token, Vec<Entry>>,
    /// All words of letters, sorted, for what begins with the typed ones.
    latin: Vec<String>,
    /// Whole names, names without what stands in brackets, and codes.
    names: HashMap<String, Vec<u32>>,
    keywords: HashMap<String, Vec<u32>>,
    /// Folded names and keywords by item, to look whether a query stands in them as it is.
    folded: Vec<Folded>,
    facets: Facets,
    /// The order when nothing is asked: complete items first.
    plain: Vec<u32>,
    /// What each choice would leave when nothing is asked.
    counts: Counts,
}

#[derive(Debug)]
struct Folded {
    names: [String; 2],
    /// One a line.
    keywords: String,
}

/// The page of a list.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// As typed; at most [`words::MAX_QUERY`] characters are read.
    pub text: String,
    pub chosen: Chosen,
    /// From 1; a page after the last one is the last one.
    pub page: usize,
    pub size: usize,
}

/// Places of items on the shelf, best first, and how many there are in all.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub at: Vec<usize>,
    pub total: usize,
    pub page: usize,
    pub pages: usize,
    pub counts: Counts,
}

/// At most so many different words of a query count, one bit each.
const MAX_WORDS: usize = 64;
/// At most so many words that begin with a typed one.
const MAX_ENDINGS: usize = 40;

#[derive(Clone, Copy, Default)]
struct Score {
    points: f32,
    /// Rarity of the whole words that it has.
    told: f32,
    all: u64,
    name: u64,
    keyword: u64,
}

/// A word of a query: its entries, and how much it tells.
struct Wanted<'a> {
    lists: Vec<(&'a [Entry], f32)>,
    rarity: f32,
    /// Single characters of longer words only break ties and mend typing errors.
    is_whole: bool,
}

impl Index {
    pub(super) fn new<'a>(items: impl Iterator<Item = (&'a Shelved, Option<&'a Department>)>) -> Self {
        let mut index = Self::default();
        for (at, (item, department)) in items.enumerate() {
            index.add(at as u32, item, department);
            index.facets.add(&item.elements, department);
        }
        index.latin =
            index.lists.keys().filter_map(|t| if let Token::Word(w) = t { Some(w.clone()) } else { None }).collect();
        index.latin.sort_unstable();
        index.plain.sort_by_key(|at| !index.facets.is_complete(*at as usize));
        index.counts = index.facets.sift(0..index.folded.len(), &Chosen::default()).1;
        index
    }

    fn add(&mut self, at: u32, item: &Shelved, department: Option<&Department>) {
        let e = &item.elements;
        let mut places: HashMap<Token, u32> = HashMap::new();
        let mut put = |text: &str, place: u32| {
            for token in words::tokens(&words::fold_text(text)) {
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
        for (token, bits) in places {
            self.lists.entry(token).or_default().push(Entry(at << place::BITS | bits));
        }
        let names = [words::fold_text(&e.name.zh), words::fold_text(&e.name.en)];
        let plain = [words::fold_text(without_brackets(&e.name.zh)), words::fold_text(without_brackets(&e.name.en))];
        let codes = [words::fold_text(&e.code), words::fold_text(&e.basic_code)];
        let mut whole: Vec<String> =
            names.iter().cloned().chain(plain).chain(codes).filter(|n| !n.is_empty()).collect();
        whole.sort_unstable();
        whole.dedup();
        whole.into_iter().for_each(|n| self.names.entry(n).or_default().push(at));
        // People name an item by the paper that it gives: 营业执照, 残疾人证.
        let results = e.results.iter().map(|r| words::fold_text(&r.name.zh));
        let keywords: Vec<String> = e.keywords.iter().map(|k| words::fold_text(k)).chain(results).collect();
        for keyword in &keywords {
            self.keywords.entry(keyword.clone()).or_default().push(at);
        }
        self.folded.push(Folded { names, keywords: keywords.join("\n") });
        self.plain.push(at);
    }

    pub(super) fn find(&self, ask: &Ask) -> Found {
        let typed: String = words::fold_text(&ask.text.chars().take(words::MAX_QUERY).collect::<String>());
        if typed.is_empty() {
            return self.all(ask);
        }
        let core = words::core(&typed);
        let points = self.score(&typed, &core);
        let (mut kept, counts) = self.facets.sift(points.iter().map(|(at, _)| *at), &ask.chosen);
        let (window, page, pages) = window(kept.len(), ask);
        let mut of = vec![0.0; self.folded.len()];
        points.iter().for_each(|(at, p)| of[*at] = *p);
        let order = |a: &usize, b: &usize| of[*b].total_cmp(&of[*a]).then(a.cmp(b));
        let total = kept.len();
        if window.end < total {
            kept.select_nth_unstable_by(window.end, order);
            kept.truncate(window.end);
        }
        kept.sort_unstable_by(order);
        Found { at: kept[window].to_vec(), total, page, pages, counts }
    }

    fn all(&self, ask: &Ask) -> Found {
        let plain = || self.plain.iter().map(|at| *at as usize);
        let (kept, counts) = match ask.chosen.is_empty() {
            true => (plain().collect(), self.counts.clone()),
            false => self.facets.sift(plain(), &ask.chosen),
        };
        let (window, page, pages) = window(kept.len(), ask);
        Found { at: kept[window].to_vec(), total: kept.len(), page, pages, counts }
    }

    /// Items that fit a query, with their points.
    fn score(&self, typed: &str, core: &str) -> Vec<(usize, f32)> {
        let wanted = self.wanted(core);
        let mut scores = vec![Score::default(); self.folded.len()];
        let mut touched: Vec<usize> = vec![];
        for (bit, word) in wanted.iter().enumerate() {
            let bit = 1u64 << bit;
            for (entries, share) in &word.lists {
                for entry in *entries {
                    let s = &mut scores[entry.item()];
                    if s.all == 0 {
                        touched.push(entry.item());
                    }
                    if s.all & bit != 0 {
                        continue;
                    }
                    s.all |= bit;
                    s.name |= if entry.is_in(place::NAME) { bit } else { 0 };
                    s.keyword |= if entry.is_in(place::KEYWORD) { bit } else { 0 };
                    s.points += share * word.rarity * entry.weight();
                    s.told += if word.is_whole { word.rarity } else { 0.0 };
                }
            }
        }
        let whole = self.whole(typed, core);
        touched.extend(whole.keys().filter(|at| scores[**at].all == 0));
        let asked: u64 = mask(&wanted, |w| w.is_whole);
        let all_told: f32 = wanted.iter().filter(|w| w.is_whole).map(|w| w.rarity).sum();
        let mut found: Vec<(usize, f32)> = vec![];
        for at in touched {
            let s = scores[at];
            let share = if all_told > 0.0 { s.told / all_told } else { 0.0 };
            let extra = whole.get(&at).copied().unwrap_or_default() + self.contained(at, s, asked, core);
            let is_close = s.points >= 3.0 && (s.name | s.keyword) != 0;
            if extra > 0.0 || share >= 0.5 || is_close {
                found.push((at, s.points * (0.3 + 0.7 * share) + extra));
            }
        }
        let best = found.iter().map(|(_, p)| *p).fold(0.0, f32::max);
        let floor = if best >= 100.0 { 4.0 } else { best * 0.3 };
        found.retain(|(_, p)| *p >= floor);
        found
    }

    fn wanted(&self, core: &str) -> Vec<Wanted<'_>> {
        let mut tokens = words::tokens(core);
        let mut seen = std::collections::HashSet::new();
        tokens.retain(|t| seen.insert(t.clone()));
        let has_pairs = tokens.iter().any(|t| matches!(t, Token::Pair(_)));
        // Whole words first: should there be too many, single characters are what can be missed.
        tokens.sort_by_key(|t| matches!(t, Token::Sign(_)));
        tokens.truncate(MAX_WORDS);
        tokens.iter().filter_map(|t| self.want(t, has_pairs)).collect()
    }

    fn want(&self, token: &Token, has_pairs: bool) -> Option<Wanted<'_>> {
        let all = self.folded.len() as f32;
        let list = self.lists.get(token).map_or(&[][..], Vec::as_slice);
        let rarity = |hits: usize| (1.0 + all / (1.0 + hits as f32)).ln();
        match token {
            Token::Sign(_) if has_pairs => {
                let is_telling = list.len() * 10 <= self.folded.len().max(20);
                is_telling.then(|| Wanted { lists: vec![(list, 0.3)], rarity: rarity(list.len()), is_whole: false })
            }
            Token::Word(word) => {
                let mut lists = vec![(list, 1.0)];
                lists.extend(self.endings(word).map(|entries| (entries, 0.7)));
                let hits = lists.iter().map(|(l, _)| l.len()).sum();
                Some(Wanted { lists, rarity: rarity(hits), is_whole: true })
            }
            _ => Some(Wanted { lists: vec![(list, 1.0)], rarity: rarity(list.len()), is_whole: true }),
        }
    }

    /// Lists of the words that go on after a typed one.
    fn endings(&self, word: &str) -> impl Iterator<Item = &[Entry]> {
        let from = self.latin.partition_point(|w| w.as_str() <= word);
        let is_long = word.len() >= 2;
        let to = self.latin[from..].iter().take(MAX_ENDINGS).take_while(|w| is_long && w.starts_with(word)).count();
        let begins = &self.latin[from..from + to];
        begins.iter().filter_map(|w| self.lists.get(&Token::Word(w.clone()))).map(Vec::as_slice)
    }

    /// Points for items whose whole name or keyword is the query, or stands in it.
    fn whole(&self, typed: &str, core: &str) -> HashMap<usize, f32> {
        let mut points: HashMap<usize, f32> = HashMap::new();
        let mut give = |items: Option<&Vec<u32>>, value: f32| {
            for at in items.into_iter().flatten() {
                let p = points.entry(*at as usize).or_default();
                *p = p.max(value);
            }
        };
        for text in [typed, core] {
            give(self.names.get(text), 1000.0);
            give(self.keywords.get(text), 350.0);
        }
        for text in [typed, core] {
            for part in parts(text) {
                let length = part.chars().count() as f32;
                give(self.names.get(part), 400.0 + length);
                give(self.keywords.get(part), 100.0 + 20.0 * length.min(10.0));
            }
        }
        points
    }

    /// Points for a query that stands in the item's name or in one of its keywords as it is. The words' bits tell first that it may.
    fn contained(&self, at: usize, s: Score, asked: u64, core: &str) -> f32 {
        if asked == 0 || core.chars().count() < 2 {
            return 0.0;
        }
        let texts = &self.folded[at];
        if s.name & asked == asked {
            let [zh, en] = &texts.names;
            let name = if core.starts_with(words::is_han) { zh } else { en };
            let share = core.len() as f32 / name.len().max(1) as f32;
            // A single pair of signs that is in the name needs no second look.
            let is_in = || asked.count_ones() == 1 && core.len() == 6 || name.contains(core);
            if name.starts_with(core) {
                return 500.0 + 50.0 * share;
            } else if is_in() {
                return 400.0 + 50.0 * share;
            }
        }
        if s.keyword & asked == asked && texts.keywords.contains(core) { 200.0 } else { 0.0 }
    }
}

/// Bits of the words for which something holds.
fn mask(wanted: &[Wanted<'_>], holds: impl Fn(&Wanted<'_>) -> bool) -> u64 {
    wanted.iter().enumerate().filter(|(_, w)| holds(w)).map(|(bit, _)| 1 << bit).sum()
}

/// Every part of a text of 2 to 24 signs.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let spans = (0..ends.len()).flat_map(|from| (from + 2..=from + 24).map(move |to| (from, to)));
    let cut: Vec<&str> = spans.filter_map(|(from, to)| text.get(*ends.get(from)?..*ends.get(to)?)).collect();
    cut.into_iter()
}

fn without_brackets(name: &str) -> &str {
    name.split(['（', '(']).next().unwrap_or_default()
}

/// The places of a page in a list, its number and how many pages there are.
fn window(total: usize, ask: &Ask) -> (Range<usize>, usize, usize) {
    let size = ask.size.max(1);
    let pages = total.div_ceil(size).max(1);
    let page = ask.page.clamp(1, pages);
    let from = (page - 1) * size;
    (from..(from + size).min(total), page, pages)
}
