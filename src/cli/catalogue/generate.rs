//! Made-up service items, to see and measure the catalogue at a city's and at a province's size.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalogue::{Elements, Material};
use crate::cli::seed::{data, dice::Dice};
use crate::kernel::{Result, Text};

#[derive(Deserialize)]
struct Words {
    /// 新办, 变更 …
    acts: Vec<(String, String)>,
    /// By key of the department: what it licenses, registers or recognises.
    objects: BTreeMap<String, Vec<(String, String)>>,
}

/// Makes items out of the true ones: each has the law, limits and steps of an item of its department, another name, and materials from
/// all of them. The same number always gives the same items.
pub(in crate::cli) struct Generator {
    acts: Vec<(String, String)>,
    /// Key of the department, and what it licenses, registers or recognises.
    objects: Vec<(String, (String, String))>,
    /// The true items by department.
    models: BTreeMap<String, Vec<Elements>>,
    materials: Vec<Material>,
    places: Vec<Text>,
}

#[derive(Deserialize)]
struct Place {
    name: Text,
    level: String,
}

impl Generator {
    pub fn new(models: Vec<Elements>) -> Result<Self> {
        // Conditions ask for the questions of the item that they stand in.
        let plain = |m: &Material| Material { only_if: None, ..m.clone() };
        let materials = models.iter().flat_map(|e| e.materials.iter().map(plain)).collect();
        let mut by_department: BTreeMap<String, Vec<Elements>> = BTreeMap::new();
        for e in models {
            by_department.entry(e.department.clone()).or_default().push(e);
        }
        let places: Vec<Place> = data::json("base/areas.json")?;
        let places = places.into_iter().filter(|p| p.level == "street").map(|p| p.name).collect();
        let Words { acts, objects } = data::json("catalogue/made-up.json")?;
        let objects = objects.into_iter().flat_map(|(d, all)| all.into_iter().map(move |o| (d.clone(), o))).collect();
        Ok(Self { acts, objects, models: by_department, materials, places })
    }

    /// The item of this number.
    pub fn item(&self, no: usize) -> Elements {
        let mut dice = Dice(no as u64);
        let (objects, acts) = (&self.objects, &self.acts);
        let (department, object) = &objects[no % objects.len()];
        let act = &acts[no / objects.len() % acts.len()];
        let round = no / (objects.len() * acts.len());
        let mut e = dice.pick(&self.models[department]).clone();
        e.name = Text::new(format!("{}（{}）", object.0, act.0), format!("{} ({})", object.1, act.1));
        if round > 0 && !self.places.is_empty() {
            let place = &self.places[(round - 1) % self.places.len()];
            e.name.zh = format!("{}{}", place.zh, e.name.zh);
            e.name.en = format!("{}, {}", e.name.en, place.en);
        }
        if round > self.places.len() {
            e.name.zh = format!("{} {round} 类", e.name.zh);
            e.name.en = format!("{}, class {round}", e.name.en);
        }
        e.slug = format!("made-up-{no:06}");
        // Province 90, where no real code begins.
        e.basic_code = format!("90{}{:05}{:03}", e.item_type, no % 100_000, no / 100_000 % 1000);
        e.code = format!("{}{}{}", &e.code[..18], e.level, e.basic_code);
        e.summary = Text::new(
            format!("{}的{}，用于演示和测量，不是真实的办事事项。", object.0, act.0),
            format!("{} of: {}. Made up for demonstration and measurement.", act.1, object.1),
        );
        e.keywords = vec![object.0.clone(), format!("{}{}", act.0, object.0)];
        e.materials = self.some_materials(&mut dice);
        e.faq.clear();
        e.complete = false;
        e
    }

    fn some_materials(&self, dice: &mut Dice) -> Vec<Material> {
        let count = 6 + dice.below(6) as usize;
        let mut all: Vec<Material> = vec![];
        while all.len() < count {
            let mut next = dice.pick(&self.materials).clone();
            if all.iter().all(|m| m.name != next.name) {
                next.key = format!("m{}", all.len() + 1);
                (next.sample, next.blank) = (None, None);
                all.push(next);
            }
        }
        all
    }
}
