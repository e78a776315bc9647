//! Finding an item by what people say, in memory: a table from words to items, which follows the shelf ([`layers`]).
//!
//! # Ranking
//! Whole name (or code) > name that begins with or contains the query > keyword > shared words, by how rare each is and where it
//! stands (name, keyword, department, material, summary). What only shares a common word with the query is left out.
//!
//! # Cost
//! A query touches the lists of its own words alone: about as many steps as items share a word with it, never all texts.

mod layers;
mod part;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::facets::{Chosen, Counts, Row, sift};
use super::model::{ItemId, VersionId};
use super::sounds;
use super::synonyms::Synonyms;
use super::words::{self, Token};
use part::{Entry, Folded, Part, place};

pub(super) use part::Departments;

/// Of a slot whose item does not stand on the shelf any more.
const GONE: u32 = u32::MAX;

/// The table of one shelf. An item's slot says where the table has it; its place is that on the shelf.
#[derive(Debug, Default)]
pub struct Index {
    /// What this shelf shares with earlier ones.
    base: Arc<Part>,
    /// What has changed since.
    over: Part,
    /// The place of each slot, or [`GONE`].
    places: Vec<u32>,
    /// How many items stand on the shelf.
    live: usize,
    /// In how many items of `base` that are gone a word stands.
    gone: HashMap<Token, usize>,
    /// Those that `base` was made with.
    departments: Departments,
    latin: Arc<[String]>,
    synonyms: Arc<Synonyms>,
    /// Slots in the order when nothing is asked: complete items first.
    plain: Vec<u32>,
    /// What each choice would leave when nothing is asked.
    counts: Counts,
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
/// What is found by a synonym counts a little less than what is found as it was typed.
const OTHER_WAY: f32 = 0.95;
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

/// Where a word stands.
#[derive(Clone, Copy)]
struct List<'a> {
    parts: [&'a [Entry]; 2],
    /// Of how many items on the shelf.
    count: usize,
}

/// A word of a query: its entries, and how much it tells.
struct Wanted<'a> {
    lists: Vec<(&'a [Entry], f32)>,
    rarity: f32,
    /// Single characters of longer words only break ties and mend typing errors.
    is_whole: bool,
    /// Found by how it is spoken.
    is_spoken: bool,
}

impl Index {
    /// The places of the item in force under an address, of an item, of a version.
    pub(super) fn by_slug(&self, slug: &str) -> Option<usize> {
        self.place(self.over.by_slug.get(slug)).or_else(|| self.place(self.base.by_slug.get(slug)))
    }
    pub(super) fn by_item(&self, id: ItemId) -> Option<usize> {
        self.place(self.over.by_item.get(&id)).or_else(|| self.place(self.base.by_item.get(&id)))
    }
    pub(super) fn by_version(&self, id: VersionId) -> Option<usize> {
        self.place(self.over.by_version.get(&id)).or_else(|| self.place(self.base.by_version.get(&id)))
    }

    fn place(&self, slot: Option<&u32>) -> Option<usize> {
        let place = *self.places.get(*slot? as usize)?;
        (place != GONE).then_some(place as usize)
    }

    fn part(&self, slot: usize) -> &Part {
        if slot < self.over.first { &self.base } else { &self.over }
    }

    fn row(&self, slot: usize) -> &Row {
        self.part(slot).row(slot)
    }

    fn folded(&self, slot: usize) -> &Folded {
        let part = self.part(slot);
        &part.folded[slot - part.first]
    }

    /// What is not gone of some slots.
    fn standing<'a>(&'a self, slots: impl Iterator<Item = u32> + 'a) -> impl Iterator<Item = usize> + 'a {
        slots.map(|slot| slot as usize).filter(|slot| self.places[*slot] != GONE)
    }

    fn sift(&self, found: impl Iterator<Item = usize>, chosen: &Chosen) -> (Vec<usize>, Counts) {
        // The part over the other one knows the choices of both.
        sift(&self.over.facets, |slot| self.row(slot), found, chosen)
    }

    pub(super) fn find(&self, ask: &Ask) -> Found {
        let typed: String = words::fold_text(&ask.text.chars().take(words::MAX_QUERY).collect::<String>());
        if typed.is_empty() {
            return self.all(ask);
        }
        let core = words::core(&typed);
        let points = self.points(&typed, &core);
        let (mut kept, counts) = self.sift(points.iter().map(|(at, _)| *at), &ask.chosen);
        let (window, page, pages) = window(kept.len(), ask);
        let mut of = vec![0.0; self.places.len()];
        points.iter().for_each(|(at, p)| of[*at] = *p);
        let order = |a: &usize, b: &usize| of[*b].total_cmp(&of[*a]).then(self.places[*a].cmp(&self.places[*b]));
        let total = kept.len();
        if window.end < total {
            kept.select_nth_unstable_by(window.end, order);
            kept.truncate(window.end);
        }
        kept.sort_unstable_by(order);
        Found { at: self.placed(&kept[window]), total, page, pages, counts }
    }

    fn placed(&self, slots: &[usize]) -> Vec<usize> {
        slots.iter().map(|slot| self.places[*slot] as usize).collect()
    }

    fn all(&self, ask: &Ask) -> Found {
        let plain = || self.plain.iter().map(|at| *at as usize);
        let (kept, counts) = match ask.chosen.is_empty() {
            true => (plain().collect(), self.counts.clone()),
            false => self.sift(plain(), &ask.chosen),
        };
        let (window, page, pages) = window(kept.len(), ask);
        Found { at: self.placed(&kept[window]), total: kept.len(), page, pages, counts }
    }

    /// Items that fit a query as it is typed, or said in another way.
    fn points(&self, typed: &str, core: &str) -> Vec<(usize, f32)> {
        let mut points = self.score(typed, core);
        // What is noise alone may be part of what people say: 消防手续.
        let mut others = self.synonyms.of(core);
        if typed != core {
            others.extend(self.synonyms.of(typed).iter().map(|way| words::core(way)));
            let mut seen = HashSet::new();
            others.retain(|way| way != core && seen.insert(way.clone()));
        }
        for other in others {
            let mut known: HashMap<usize, f32> = points.into_iter().collect();
            for (at, p) in self.score(&other, &other) {
                let best = known.entry(at).or_default();
                *best = best.max(p * OTHER_WAY);
            }
            points = known.into_iter().collect();
        }
        points
    }

    /// Items that fit a query, with their points.
    fn score(&self, typed: &str, core: &str) -> Vec<(usize, f32)> {
        let wanted = self.wanted(core);
        let mut scores = vec![Score::default(); self.places.len()];
        let mut touched: Vec<usize> = vec![];
        for (bit, word) in wanted.iter().enumerate() {
            let bit = 1u64 << bit;
            for (entries, share) in &word.lists {
                for entry in *entries {
                    let slot = entry.slot();
                    if self.places[slot] == GONE {
                        continue;
                    }
                    let s = &mut scores[slot];
                    if s.all == 0 {
                        touched.push(slot);
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
        let mut whole = self.whole(typed, core);
        for (at, points) in self.by_initials(core) {
            let p = whole.entry(at).or_default();
            *p = p.max(points);
        }
        let is_spoken = wanted.iter().any(|w| w.is_spoken);
        touched.extend(whole.keys().filter(|at| scores[**at].all == 0));
        let asked: u64 = mask(&wanted, |w| w.is_whole);
        let all_told: f32 = wanted.iter().filter(|w| w.is_whole).map(|w| w.rarity).sum();
        let mut found: Vec<(usize, f32)> = vec![];
        for at in touched {
            let s = scores[at];
            let share = if all_told > 0.0 { s.told / all_told } else { 0.0 };
            let contained = if is_spoken { spoken(s, asked) } else { self.contained(at, s, asked, core) };
            let extra = whole.get(&at).copied().unwrap_or_default() + contained;
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
        let wrong = self.wrong_characters(&tokens);
        let mut seen = HashSet::new();
        tokens.retain(|t| seen.insert(t.clone()));
        let has_pairs = tokens.iter().any(|t| matches!(t, Token::Pair(_)));
        // Whole words first: should there be too many, single characters are what can be missed.
        tokens.sort_by_key(|t| matches!(t, Token::Sign(_)));
        tokens.truncate(MAX_WORDS);
        tokens.iter().flat_map(|t| self.want(t, has_pairs, &wrong)).take(MAX_WORDS).collect()
    }

    fn want(&self, token: &Token, has_pairs: bool, wrong: &HashSet<Token>) -> Vec<Wanted<'_>> {
        let list = self.list(token);
        match token {
            Token::Sign(_) if has_pairs => {
                let is_telling = list.count * 10 <= self.live.max(20);
                let wanted = Wanted { is_whole: false, ..self.wanted_whole(vec![(list, 0.3)]) };
                if is_telling { vec![wanted] } else { vec![] }
            }
            Token::Pair(pair) if wrong.contains(token) => {
                words::sounds(pair).iter().map(|sound| self.want_sound(sound, 0.5)).collect()
            }
            Token::Word(word) => {
                let mut lists = vec![(list, 1.0)];
                lists.extend(self.endings(word).map(|entries| (entries, 0.7)));
                if lists.iter().any(|(l, _)| l.count > 0) {
                    return vec![self.wanted_whole(lists)];
                }
                match sounds::syllables(word) {
                    Some(read) if read.len() > 1 => {
                        let pairs = read.windows(2).map(|pair| Token::sound(pair[0], pair[1]));
                        pairs.map(|sound| self.want_sound(&sound, 0.9)).collect()
                    }
                    _ => vec![self.wanted_whole(self.nearly(word).map(|entries| (entries, 0.6)).collect())],
                }
            }
            _ => vec![self.wanted_whole(vec![(list, 1.0)])],
        }
    }

    /// Pairs that stand nowhere but sound like some that do: 姿格 for 资格. A wrong character makes two pairs wrong, so that neighbours
    /// have to sound right together.
    fn wrong_characters(&self, tokens: &[Token]) -> HashSet<Token> {
        let pairs: Vec<&Token> = tokens.iter().filter(|t| matches!(t, Token::Pair(_))).collect();
        let runs = pairs.chunk_by(|a, b| (self.list(a).count == 0) == (self.list(b).count == 0));
        let sounds_right = |token: &&Token| match token {
            Token::Pair(pair) => words::sounds(pair).first().is_some_and(|sound| self.list(sound).count > 0),
            _ => false,
        };
        let wrong = runs.filter(|run| self.list(run[0]).count == 0 && run.iter().all(sounds_right));
        wrong.flatten().map(|t| (*t).clone()).collect()
    }

    fn list(&self, token: &Token) -> List<'_> {
        let (base, over) = (self.base.list(token), self.over.list(token));
        let gone = self.gone.get(token).copied().unwrap_or_default();
        List { parts: [base, over], count: base.len() + over.len() - gone }
    }

    fn wanted_whole<'a>(&self, lists: Vec<(List<'a>, f32)>) -> Wanted<'a> {
        let (all, hits) = (self.live as f32, lists.iter().map(|(l, _)| l.count).sum::<usize>() as f32);
        let lists = lists.into_iter().flat_map(|(l, share)| l.parts.map(|entries| (entries, share))).collect();
        Wanted { lists, rarity: (1.0 + all / (1.0 + hits)).ln(), is_whole: true, is_spoken: false }
    }

    fn want_sound(&self, sound: &Token, share: f32) -> Wanted<'_> {
        Wanted { is_spoken: true, ..self.wanted_whole(vec![(self.list(sound), share)]) }
    }

    /// Lists of the words that differ from a typed one by one letter.
    fn nearly(&self, word: &str) -> impl Iterator<Item = List<'_>> {
        let is_long = word.len() >= 5;
        let close = self.latin.iter().filter(move |w| is_long && is_nearly(w, word)).take(MAX_ENDINGS);
        close.map(|w| self.list(&Token::Word(w.clone())))
    }

    /// Items one of whose names begins with characters that are read with these first letters.
    fn by_initials(&self, core: &str) -> HashMap<usize, f32> {
        let mut points: HashMap<usize, f32> = HashMap::new();
        if core.len() < 2 || !core.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return points;
        }
        for (letters, at) in [&*self.base, &self.over].into_iter().flat_map(|part| part.beginning(core)) {
            if self.places[*at as usize] == GONE {
                continue;
            }
            let value = match letters.len() == core.len() {
                true => 300.0,
                false if core.len() >= 3 => 150.0 + 50.0 * core.len() as f32 / letters.len() as f32,
                false => continue,
            };
            let p = points.entry(*at as usize).or_default();
            *p = p.max(value);
        }
        points
    }

    /// Lists of the words that go on after a typed one.
    fn endings(&self, word: &str) -> impl Iterator<Item = List<'_>> {
        let from = self.latin.partition_point(|w| w.as_str() <= word);
        let is_long = word.len() >= 2;
        let to = self.latin[from..].iter().take(MAX_ENDINGS).take_while(|w| is_long && w.starts_with(word)).count();
        let begins = &self.latin[from..from + to];
        begins.iter().map(|w| self.list(&Token::Word(w.clone())))
    }

    /// Points for items whose whole name or keyword is the query, or stands in it.
    fn whole(&self, typed: &str, core: &str) -> HashMap<usize, f32> {
        let mut points: HashMap<usize, f32> = HashMap::new();
        let mut give = |text: &str, name: f32, keyword: f32| {
            for part in [&*self.base, &self.over] {
                for (all, value) in [(&part.names, name), (&part.keywords, keyword)] {
                    for slot in self.standing(all.get(text).into_iter().flatten().copied()) {
                        let p = points.entry(slot).or_default();
                        *p = p.max(value);
                    }
                }
            }
        };
        for text in [typed, core] {
            give(text, 1000.0, 350.0);
        }
        for text in [typed, core] {
            for part in words::parts(text) {
                let length = part.chars().count() as f32;
                give(part, 400.0 + length, 100.0 + 20.0 * length.min(10.0));
            }
        }
        points
    }

    /// Points for a query that stands in the item's name or in one of its keywords as it is. The words' bits tell first that it may.
    fn contained(&self, at: usize, s: Score, asked: u64, core: &str) -> f32 {
        if asked == 0 || core.chars().count() < 2 {
            return 0.0;
        }
        let texts = self.folded(at);
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

/// Points for a query all of whose sounds are in the item's name or keywords.
fn spoken(s: Score, asked: u64) -> f32 {
    match () {
        () if asked == 0 => 0.0,
        () if s.name & asked == asked => 300.0,
        () if (s.name | s.keyword) & asked == asked => 150.0,
        () => 0.0,
    }
}

/// Whether two words differ by one letter too many, missing, wrong, or by two neighbours exchanged.
fn is_nearly(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let ends = a[same..].iter().rev().zip(b[same..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..a.len() - ends], &b[same..b.len() - ends]);
    match (a, b) {
        ([x, y], [v, w]) => x == w && y == v,
        _ => a.len() <= 1 && b.len() <= 1,
    }
}

/// Bits of the words for which something holds.
fn mask(wanted: &[Wanted<'_>], holds: impl Fn(&Wanted<'_>) -> bool) -> u64 {
    wanted.iter().enumerate().filter(|(_, w)| holds(w)).map(|(bit, _)| 1 << bit).sum()
}

/// The places of a page in a list, its number and how many pages there are.
fn window(total: usize, ask: &Ask) -> (Range<usize>, usize, usize) {
    let size = ask.size.max(1);
    let pages = total.div_ceil(size).max(1);
    let page = ask.page.clamp(1, pages);
    let from = (page - 1) * size;
    (from..(from + size).min(total), page, pages)
}
