//! What is missing or wrong, each with its name and the way to its place.

use serde::Serialize;

use super::Draft;
use crate::kernel::{FieldError, Text};
use crate::web::questions;

#[derive(Debug, Clone, Default, Serialize)]
pub struct Missing {
    pub href: String,
    /// Name of the question or material; empty for those of the applicant.
    pub label: Text,
    /// Text `declare-field-…` instead of it.
    pub key: &'static str,
    /// The file that was refused.
    pub file: String,
    /// Text `field-…`
    pub code: &'static str,
    pub arg: Option<String>,
}

impl Missing {
    pub fn samples() -> Vec<Self> {
        let label = || Text::new("经营场所 <b>", "Premises <b>");
        let one = |href: &str, code, arg: Option<&str>| Self {
            href: href.into(),
            label: label(),
            code,
            arg: arg.map(str::to_owned),
            ..Self::default()
        };
        let plain = Self {
            label: Text::default(),
            key: "phone",
            ..one("/declare/drafts/1#applicant.phone", "phone-shape", None)
        };
        let file =
            Self { file: "a <b>.pdf".into(), ..one("/declare/drafts/1/materials#material.a", "file-empty", None) };
        vec![plain, one("/declare/drafts/1#form.area", "too-large", Some("50000")), file]
    }
}

/// Where a page shows the errors: at its own fields, or as ways to the steps before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Here,
    Review,
}

pub(super) fn missing(draft: &Draft, faults: &[FieldError], from: Place) -> Vec<Missing> {
    faults.iter().map(|f| one(draft, f, from)).collect()
}

fn one(draft: &Draft, fault: &FieldError, from: Place) -> Missing {
    let elements = &draft.item.elements;
    let (label, key) = match fault.field.split_once('.') {
        Some(("form", key)) => (questions::label(elements, key), ""),
        Some(("material", key)) => (elements.materials.iter().find(|m| m.key == key).map(|m| m.name.clone()), ""),
        Some(("applicant", "name")) => (None, "name"),
        Some(("applicant", "id_number")) => (None, "id-number"),
        Some(("applicant", "address")) => (None, "address"),
        Some(("applicant", "kind")) => (None, "kind"),
        Some(("applicant", _)) => (None, "phone"),
        _ => (None, "hall"),
    };
    let base = match from {
        Place::Here => String::new(),
        Place::Review if fault.field.starts_with("material.") => {
            format!("/declare/drafts/{}/materials?check=1", draft.case.id)
        }
        Place::Review => format!("/declare/drafts/{}?check=1", draft.case.id),
    };
    Missing {
        href: format!("{base}#{}", fault.field),
        label: label.unwrap_or_default(),
        key,
        file: String::new(),
        code: fault.code,
        arg: fault.value.clone(),
    }
}
