//! A shelf that follows what is published, suspended and withdrawn is the same as one that is made of it anew.

use std::collections::HashMap;
use std::sync::Arc;

use super::search_tests::{departments, seeded};
use super::shelf::Rest;
use super::*;
use crate::identity::Department;
use crate::kernel::{Day, Id};

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// What is in the database.
struct World {
    dice: Dice,
    seeds: Vec<Elements>,
    departments: Vec<Department>,
    items: HashMap<ItemId, (VersionId, i32, Elements, Option<Halt>)>,
    made: usize,
    stamp: i64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            dice: Dice(seed),
            seeds: seeded(),
            departments: departments(),
            items: HashMap::new(),
            made: 0,
            stamp: 1,
        };
        for _ in 0..150 {
            world.publish_new();
        }
        world
    }

    /// A seed under another code, some with another name.
    fn elements(&mut self) -> Elements {
        let mut e = self.seeds[self.made % self.seeds.len()].clone();
        let no = self.made / self.seeds.len();
        self.made += 1;
        let place = 10_000 + self.dice.below(90_000);
        e.slug = format!("{}-{place}-{}", e.slug, self.made);
        e.code = format!("{}{place}{}", &e.code[..20], self.made);
        if no > 0 {
            e.name.zh = format!("{}{no}号", e.name.zh);
            e.name.en = format!("{} number{no}", e.name.en);
        }
        e
    }

    fn publish_new(&mut self) -> ItemId {
        let id = ItemId(Id::random());
        let elements = self.elements();
        self.items.insert(id, (VersionId(Id::random()), 1, elements, None));
        id
    }

    fn some(&mut self) -> ItemId {
        let mut ids: Vec<ItemId> = self.items.keys().copied().collect();
        ids.sort_by_key(|id| self.items[id].2.code.clone());
        ids[self.dice.below(ids.len())]
    }

    /// One change of an item.
    fn step(&mut self) -> ItemId {
        let act = self.dice.below(5);
        if act == 0 {
            return self.publish_new();
        }
        let id = self.some();
        let other = self.dice.below(self.seeds.len());
        let other = self.seeds[other].clone();
        let Some((version, no, elements, halt)) = self.items.get_mut(&id) else { return id };
        match act {
            1 => {
                let reason = "系统升级".to_owned();
                *halt =
                    halt.take().map_or(Some(Halt { reason, since: Day::from_ymd_opt(2026, 5, 6).unwrap() }), |_| None);
            }
            2 => {
                self.items.remove(&id);
            }
            _ => {
                (*version, *no) = (VersionId(Id::random()), *no + 1);
                elements.name = other.name;
                elements.keywords = other.keywords;
                elements.keywords.push(format!("新词{no} word{no}"));
                elements.themes = other.themes;
                elements.item_type = other.item_type;
                elements.complete = !elements.complete;
                elements.slug = format!("{}-{no}", elements.slug);
            }
        }
        id
    }

    fn rename_department(&mut self) {
        let at = self.dice.below(self.departments.len());
        self.departments[at].name.zh.push_str("综合窗口");
        self.departments[at].short.zh.push('甲');
    }

    fn shelved(&self, id: ItemId) -> Option<Shelved> {
        let (version, no, elements, halt) = self.items.get(&id)?;
        let department = self.departments.iter().find(|d| d.key == elements.department).unwrap();
        Some(Shelved {
            item_id: id,
            version_id: *version,
            version_no: *no,
            department_id: department.id.0,
            elements: elements.clone(),
            halt: halt.clone(),
        })
    }

    fn rest(&self) -> Rest {
        let synonyms = csv::Reader::from_path("seed-data/base/synonyms.csv").unwrap().into_deserialize();
        Rest {
            departments: self.departments.clone(),
            synonyms: synonyms.map(Result::unwrap).collect(),
            ..Rest::default()
        }
    }

    fn fresh(&self) -> Shelf {
        let mut items: Vec<Shelved> = self.items.keys().map(|id| self.shelved(*id).unwrap()).collect();
        items.sort_by(|a, b| a.elements.code.cmp(&b.elements.code));
        Shelf::new(self.stamp, items, self.departments.clone(), Codes::default()).with(self.rest())
    }

    fn next(&mut self, shelf: &Shelf, steps: usize) -> Shelf {
        let moved: Vec<ItemId> = (0..steps).map(|_| self.step()).collect();
        self.stamp += 1;
        let moved: HashMap<ItemId, _> = moved.into_iter().map(|id| (id, self.shelved(id))).collect();
        shelf.following(self.stamp, moved.into_iter().collect(), self.rest())
    }
}

fn phrases() -> Vec<String> {
    let mut rows = csv::Reader::from_path("seed-data/catalogue/search-phrases.csv").unwrap();
    let mut all: Vec<String> = rows.records().map(|r| r.unwrap()[0].to_owned()).collect();
    all.extend(["", "licence", "numb", "wordd1", "新词1", "shiping", "spjyxk", "综合窗口"].map(str::to_owned));
    all
}

type Said<'a> = (Vec<(ItemId, VersionId, Option<Halt>)>, usize, usize, &'a Counts);

/// What an answer says, with the first items of it.
fn told(answer: &Answer) -> Said<'_> {
    let items = answer.items.iter().map(|i| (i.item_id, i.version_id, i.halt.clone())).collect();
    (items, answer.total, answer.pages, &answer.counts)
}

fn same(next: &Shelf, fresh: &Shelf, phrases: &[String]) {
    assert_eq!(next.items().len(), fresh.items().len());
    for item in fresh.items() {
        assert_eq!(next.by_item(item.item_id).unwrap().elements, item.elements);
        assert_eq!(next.by_slug(&item.elements.slug).unwrap().item_id, item.item_id);
        assert_eq!(next.by_version(item.version_id).unwrap().item_id, item.item_id);
    }
    let chosen = [
        Chosen::default(),
        Chosen { departments: vec!["scjg".into()], ..Chosen::default() },
        Chosen { audience: Some(Audience::Person), no_visit: true, ..Chosen::default() },
    ];
    for (n, text) in phrases.iter().enumerate() {
        let narrowed = Some((2, &chosen[1 + n % 2])).filter(|_| n % 4 < 2);
        for (page, chosen) in [(1, &chosen[0])].into_iter().chain(narrowed) {
            let ask = Ask { text: text.clone(), chosen: chosen.clone(), page, size: 20 };
            assert_eq!(told(&next.search(&ask)), told(&fresh.search(&ask)), "{text} {chosen:?}");
        }
    }
}

fn follow(seed: u64) {
    let (mut world, phrases) = (World::new(seed), phrases());
    let mut shelf = world.fresh();
    let mut settled: Option<Settled> = None;
    for round in 0..6 {
        let steps = 1 + world.dice.below(12);
        shelf = world.next(&shelf, steps);
        if round == 3 {
            world.rename_department();
            shelf = world.next(&shelf, 1);
        }
        // Put in order while others go on.
        match settled.take() {
            Some(order) => shelf = shelf.on(&order),
            None if round % 3 == 1 => settled = Some(shelf.settled()),
            None => {}
        }
        same(&shelf, &world.fresh(), &phrases);
    }
}

#[test]
fn what_follows_is_the_same_as_what_is_made_anew() {
    (1..3).for_each(follow);
}

#[test]
fn what_has_not_changed_is_shared() {
    let mut world = World::new(9);
    let shelf = world.fresh();
    let next = world.next(&shelf, 3);
    let shared = next.items().iter().filter(|i| shelf.by_item(i.item_id).is_ok_and(|before| Arc::ptr_eq(&before, i)));
    assert!(shared.count() >= shelf.items().len() - 3);
    assert!(!next.is_unsettled());
}

#[test]
fn withdrawn_items_are_gone_under_all_their_names() {
    let mut world = World::new(4);
    let shelf = world.fresh();
    let id = world.some();
    let before = shelf.by_item(id).unwrap();
    world.items.remove(&id);
    let next = shelf.following(2, vec![(id, None)], world.rest());
    assert!(next.by_item(id).is_err() && next.by_slug(&before.elements.slug).is_err());
    assert!(next.by_version(before.version_id).is_none());
    assert_eq!(shelf.by_item(id).unwrap().elements, before.elements, "who still looks at the earlier shelf has it");
}
