//! What a guide says beside the main things: special procedures, other places, rights and duties, who else takes part.

use serde::Serialize;

use super::shown::Days;
use crate::calendar::Unit;
use crate::catalogue::{Agency, Elements, Place, Shelf, Special};
use crate::kernel::Text;

#[derive(Debug, Clone, Default, Serialize)]
pub struct More {
    /// 实施主体性质
    body: Option<Text>,
    office: Option<Text>,
    joint: Vec<Text>,
    powers: Option<Text>,
    exercise: Option<Text>,
    quota: Option<Text>,
    rights: Option<Text>,
    duties: Option<Text>,
    agencies: Vec<Agency>,
    specials: Vec<SpecialRow>,
    places: Vec<Place>,
    /// A site of the department's own.
    url: String,
    handling_code: String,
    local_code: String,
}

#[derive(Debug, Clone, Serialize)]
struct SpecialRow {
    name: Text,
    /// Nothing where no law says how long it takes.
    days: Option<Days>,
    note: Option<Text>,
}

impl More {
    pub fn new(shelf: &Shelf, e: &Elements) -> Self {
        let departments = if e.joint.is_empty() { vec![] } else { shelf.departments() };
        let named = |key: &String| departments.iter().find(|d| d.key == *key).map(|d| d.name.clone());
        let special = |s: &Special| SpecialRow {
            name: s.name.clone(),
            days: (s.days > 0).then_some(Days { n: s.days, is_calendar: s.unit == Unit::Calendar }),
            note: s.note.clone(),
        };
        Self {
            body: Some(&e.body_kind).filter(|c| !c.is_empty()).map(|c| shelf.codes().name("body_kind", c)),
            office: e.office.clone(),
            joint: e.joint.iter().filter_map(named).collect(),
            powers: e.powers.clone(),
            exercise: e.exercise.clone(),
            quota: e.quota.clone(),
            rights: e.rights.clone(),
            duties: e.duties.clone(),
            agencies: e.agencies.clone(),
            specials: e.specials.iter().map(special).collect(),
            places: e.places.clone(),
            // What is no address of a site leads nowhere.
            url: Some(&e.online.url).filter(|u| crate::catalogue::is_site(u)).cloned().unwrap_or_default(),
            handling_code: e.handling_code.clone(),
            local_code: e.local_code.clone(),
        }
    }

    pub fn sample() -> Self {
        let text = || Text::new("文字 <b>", "Text <b>");
        let some = || Some(text());
        Self {
            body: some(),
            office: some(),
            joint: vec![text(), text()],
            powers: some(),
            exercise: some(),
            quota: some(),
            rights: some(),
            duties: some(),
            agencies: vec![Agency { name: text(), basis: "《法》".into(), note: some() }],
            specials: [None, Some(Days { n: 10, is_calendar: false })]
                .map(|days| SpecialRow { name: text(), days, note: some() })
                .to_vec(),
            places: vec![Place {
                name: text(),
                address: text(),
                hours: some(),
                phone: "0980-1".into(),
                traffic: some(),
            }],
            url: "https://example.org/".into(),
            handling_code: "1".into(),
            local_code: "2".into(),
        }
    }
}
