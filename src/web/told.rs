//! What an applicant was told to correct, in the page's language.

use serde::Serialize;

use crate::cases::Defect;
use crate::catalogue::Elements;
use crate::kernel::Text;

#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// Of the material; empty when it is about the form.
    pub name: Text,
    pub reason: String,
}

/// The defects by the names that the item's materials have; a material that is gone keeps the name it was told by.
pub fn told(elements: &Elements, defects: Vec<Defect>) -> Vec<Told> {
    let told = |defect: Defect| {
        let material = elements.materials.iter().find(|m| m.key == defect.key);
        Told { name: material.map_or_else(|| Text::new(defect.name, ""), |m| m.name.clone()), reason: defect.reason }
    };
    defects.into_iter().map(told).collect()
}

/// For the samples of pages.
pub fn samples() -> Vec<Told> {
    let name = Text::new("营业执照 <b>", "Business licence <b>");
    vec![Told { name, reason: "看不清 <b>".into() }, Told { name: Text::default(), reason: "与表单不一致".into() }]
}
