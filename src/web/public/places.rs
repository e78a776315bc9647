//! Where an item is done: the halls that do the function needed, those of one's own district first; nearest first with the page's
//! script, which asks the browser where it is, on a click alone, and tells nobody.

use serde::{Deserialize, Serialize};

use crate::identity::Area;
use crate::kernel::Text;
use crate::windows::{Function, Hall, HallId};

/// What a visitor has chosen in the guide.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// Code of the function that the hall must have.
    #[serde(default, rename = "for")]
    function: String,
    /// Code of the visitor's district.
    #[serde(default)]
    district: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Places {
    pub halls: Vec<HallRow>,
    /// What may be needed of a hall; nothing when no hall may do anything for the item.
    pub functions: Vec<Needed>,
    pub districts: Vec<District>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Needed {
    /// Text `near-for-…`
    pub function: &'static str,
    pub is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct District {
    pub code: String,
    pub name: Text,
    pub is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct HallRow {
    pub code: String,
    pub name: Text,
    pub address: Text,
    pub hours: Text,
    pub phone: String,
    /// Degrees, WGS 84
    pub lat: f64,
    pub lng: f64,
    /// Texts `halls-may-…`
    pub functions: Vec<&'static str>,
    /// In the chosen district.
    pub is_own: bool,
}

/// In this order a visitor comes to a hall: to hand in, to show originals, to be accepted, to fetch the result.
const ORDER: &[Function] = &[Function::Receive, Function::Verify, Function::Accept, Function::HandOut];

impl Places {
    /// The halls that do what is asked for; without a question, those that take papers in, or do the first of what any does.
    pub fn new(halls: &[Hall], grants: &[(HallId, Function)], areas: &[Area], asked: &Asked) -> Self {
        let does = |hall: &Hall, f: Function| grants.contains(&(hall.id, f));
        let given: Vec<Function> = ORDER.iter().copied().filter(|f| halls.iter().any(|h| does(h, *f))).collect();
        let wanted = given.iter().copied().find(|f| f.code() == asked.function).or_else(|| given.first().copied());
        let district = areas.iter().find(|a| a.level == "district" && a.code == asked.district);
        let row = |h: &Hall| HallRow {
            code: h.code.clone(),
            name: h.name.clone(),
            address: h.about.address.clone(),
            hours: h.about.hours.clone(),
            phone: h.about.phone.clone(),
            lat: h.about.lat,
            lng: h.about.lng,
            functions: ORDER.iter().filter(|f| does(h, **f)).map(|f| f.code()).collect(),
            is_own: district.is_some_and(|d| is_in(&h.area, d)),
        };
        let fit = halls.iter().filter(|h| wanted.is_some_and(|f| does(h, f)));
        let mut rows: Vec<(bool, HallRow)> = fit.map(|h| (h.level == "city", row(h))).collect();
        if district.is_some() {
            // The city's halls serve everybody.
            rows.sort_by_key(|(is_citys, row)| (!row.is_own, !is_citys));
        }
        Self {
            halls: rows.into_iter().map(|(_, row)| row).collect(),
            functions: given.iter().map(|f| Needed { function: f.code(), is_on: Some(*f) == wanted }).collect(),
            districts: districts(halls, areas, district),
        }
    }
}

impl Places {
    /// For the samples of pages.
    pub fn sample() -> Self {
        let text = || Text::new("文字 <b>", "Text <b>");
        let hall = |code: &str, is_own| HallRow {
            code: code.into(),
            name: text(),
            address: text(),
            hours: text(),
            phone: "0980-8120000".into(),
            lat: 22.9,
            lng: 115.6,
            functions: ORDER.iter().skip(usize::from(is_own)).map(|f| f.code()).collect(),
            is_own,
        };
        let district = |code: &str, is_on| District { code: code.into(), name: text(), is_on };
        Self {
            halls: vec![hall("H01", false), hall("H02", true)],
            functions: ORDER.iter().map(|f| Needed { function: f.code(), is_on: *f == Function::Receive }).collect(),
            districts: vec![district("980102000000", true), district("980103000000", false)],
        }
    }
}

/// Codes of areas have 12 digits; those of a district share the first 6.
fn is_in(area: &str, district: &Area) -> bool {
    area.get(..6) == district.code.get(..6)
}

/// The districts of the cities that have halls.
fn districts(halls: &[Hall], areas: &[Area], chosen: Option<&Area>) -> Vec<District> {
    let is_near = |a: &&Area| a.level == "district" && halls.iter().any(|h| h.area.get(..4) == a.code.get(..4));
    let row = |a: &Area| District {
        code: a.code.clone(),
        name: a.name.clone(),
        is_on: chosen.is_some_and(|c| c.code == a.code),
    };
    areas.iter().filter(is_near).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::windows::About;

    fn hall(n: u8, area: &str, level: &str) -> Hall {
        let about = About {
            address: Text::default(),
            hours: Text::default(),
            phone: String::new(),
            services: Text::default(),
            lat: 0.0,
            lng: 0.0,
            windows: vec![],
        };
        let id = HallId(crate::kernel::Id::from_bytes([n; 16]));
        Hall { id, code: format!("H{n}"), name: Text::default(), area: area.into(), level: level.into(), about }
    }

    fn area(code: &str, level: &str) -> Area {
        Area { code: code.into(), name: Text::default(), level: level.into(), parent: None }
    }

    #[test]
    fn halls_do_what_is_needed_and_ones_own_come_first() {
        let halls = [
            hall(1, "980100000000", "city"),
            hall(2, "980102000000", "district"),
            hall(3, "980104000000", "district"),
            hall(4, "980104001000", "street"),
        ];
        let areas =
            [area("980102000000", "district"), area("980104000000", "district"), area("110101000000", "district")];
        let all: Vec<_> = halls.iter().map(|h| (h.id, Function::Receive)).collect();
        let some = [(halls[3].id, Function::HandOut), (halls[0].id, Function::HandOut)];
        let grants: Vec<_> = all[..3].iter().copied().chain(some).collect();
        let codes = |function: &str, district: &str| {
            let asked = Asked { function: function.into(), district: district.into() };
            let places = Places::new(&halls, &grants, &areas, &asked);
            places.halls.into_iter().map(|h| h.code).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(codes("", ""), "H1 H2 H3", "who hands out alone takes nothing in");
        assert_eq!(codes("hand_out", ""), "H1 H4");
        assert_eq!(codes("receive", "980104000000"), "H3 H1 H2");
        assert_eq!(codes("hand_out", "980104000000"), "H4 H1");
        assert_eq!(codes("verify", "no such"), "H1 H2 H3");
        let places = Places::new(&halls, &grants, &areas, &Asked::default());
        assert_eq!(places.districts.len(), 2, "no district of another city");
        assert_eq!(places.functions.iter().map(|n| n.function).collect::<Vec<_>>(), ["receive", "hand_out"]);
        assert!(Places::new(&halls, &[], &areas, &Asked::default()).halls.is_empty());
    }
}
