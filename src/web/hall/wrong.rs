//! What is wrong with a form, each with the name of its place and the way there. Template: `{{include "hall/wrong"}}`.

use serde::Serialize;

use crate::kernel::{FieldError, Text};

#[derive(Debug, Clone, Serialize)]
pub struct Wrong {
    /// Id of the place.
    pub field: String,
    /// Name of the question or material; empty where text `hall-field-…` names it.
    pub label: Text,
    pub key: &'static str,
    /// Text `field-…`
    pub code: &'static str,
    pub arg: Option<String>,
}

/// As it is told at the counter, where paper may come instead of a file.
pub fn at_counter(faults: &mut [FieldError]) {
    faults.iter_mut().filter(|f| f.code == "material-missing").for_each(|f| f.code = "material-not-handed");
}

/// `name` knows the questions (`form`) and materials (anything else) by their keys.
pub fn wrong(faults: &[FieldError], name: impl Fn(&str, &str) -> Option<Text>) -> Vec<Wrong> {
    let one = |f: &FieldError| {
        let (label, key) = match f.field.split_once('.') {
            Some(("applicant", key)) => (None, applicant(key)),
            Some((part, key)) => (name(part, key), ""),
            // The store names the material by its key alone.
            None if name("material", &f.field).is_some() => (name("material", &f.field), ""),
            None if f.field == "kept" => (None, "upload"),
            None if f.field == "answer" => (None, "answer"),
            None => (None, "words"),
        };
        Wrong { field: f.field.clone(), label: label.unwrap_or_default(), key, code: f.code, arg: f.value.clone() }
    };
    faults.iter().map(one).collect()
}

fn applicant(key: &str) -> &'static str {
    match key {
        "kind" => "kind",
        "name" => "name",
        "id_number" => "id-number",
        "phone" => "phone",
        "address" => "address",
        "agent_name" => "agent-name",
        _ => "agent-id-number",
    }
}
