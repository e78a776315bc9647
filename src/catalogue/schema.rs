//! An item's form as JSON Schema 2020-12, for programs that fill it in, and the order in which to ask (a UI schema in the manner of JSON
//! Forms). Answers are texts, also numbers and days: as the form itself sends them; several choices are a list of texts.
//!
//! What the schema cannot say is checked when a case is declared: check digits, days that there are, the bounds of a number.

use serde_json::{Map, Value, json};

use super::model::{Elements, Field, FieldKind, Form};

/// Longest answer where the form says nothing else, in characters.
pub const LONGEST_ANSWER: usize = 2000;

/// The schema of the answers to a version's form.
pub fn schema(e: &Elements, version: i32) -> Value {
    let properties: Map<String, Value> = e.form.fields().map(|f| (f.key.clone(), property(f))).collect();
    let required: Vec<&str> = e.form.fields().filter(|f| f.required).map(|f| f.key.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:cloudmart:form:{}:{version}", e.code),
        "title": e.name.zh,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// How the form is laid out: its groups and their fields in order.
pub fn layout(form: &Form) -> Value {
    let control = |f: &Field| {
        let control = match f.kind {
            FieldKind::Textarea => json!({ "multi": true }),
            FieldKind::Radio => json!({ "format": "radio" }),
            _ => json!({}),
        };
        json!({ "type": "Control", "scope": format!("#/properties/{}", f.key), "options": control })
    };
    let group = |g: &super::model::Group| {
        let elements: Vec<Value> = g.fields.iter().map(control).collect();
        json!({ "type": "Group", "label": g.title.zh, "i18n": { "en": g.title.en }, "elements": elements })
    };
    json!({ "type": "VerticalLayout", "elements": form.groups.iter().map(group).collect::<Vec<_>>() })
}

fn property(f: &Field) -> Value {
    let mut p = json!({ "title": f.label.zh, "type": "string" });
    if let Some(help) = &f.help {
        p["description"] = help.zh.clone().into();
    }
    // What the field means in all forms: the shared field dictionary.
    if let Some(fact) = &f.fact {
        p["x-fact"] = fact.clone().into();
    }
    p["x-en"] = f.label.en.clone().into();
    if f.required {
        p["minLength"] = 1.into();
    }
    let options = || -> Vec<Value> {
        let all = f.options.as_deref().unwrap_or_default().iter();
        all.map(|o| json!({ "const": o.value, "title": o.label.zh, "x-en": o.label.en })).collect()
    };
    match f.kind {
        FieldKind::Select | FieldKind::Radio => p["oneOf"] = options().into(),
        FieldKind::Checkbox => {
            p["type"] = "array".into();
            p["items"] = json!({ "type": "string", "oneOf": options() });
            p["uniqueItems"] = true.into();
            if f.required {
                p["minItems"] = 1.into();
            }
        }
        FieldKind::Date => p["format"] = "date".into(),
        FieldKind::Email => p["format"] = "email".into(),
        FieldKind::Number => {
            p["pattern"] = "^-?[0-9]+(\\.[0-9]+)?$".into();
            p["x-minimum"] = json!(f.min);
            p["x-maximum"] = json!(f.max);
        }
        // GB 11643 and GB 32100: the shapes.
        FieldKind::IdNumber => p["pattern"] = "^[0-9]{17}[0-9Xx]$".into(),
        FieldKind::Uscc => p["pattern"] = "^[0-9A-HJ-NP-RTUW-Ya-hj-np-rtuw-y]{18}$".into(),
        FieldKind::Phone => p["pattern"] = "^[0-9+][0-9 -]{9,16}$".into(),
        FieldKind::Text | FieldKind::Textarea | FieldKind::Address => {}
    }
    if matches!(f.kind, FieldKind::Text | FieldKind::Textarea | FieldKind::Address) {
        p["maxLength"] = f.max_length.unwrap_or(LONGEST_ANSWER).into();
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_form_is_said() {
        for e in crate::catalogue::search_tests::seeded() {
            let (schema, layout) = (schema(&e, 3), layout(&e.form));
            let scopes: Vec<&str> = layout["elements"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|g| g["elements"].as_array().unwrap())
                .map(|c| c["scope"].as_str().unwrap())
                .collect();
            assert_eq!(scopes.len(), e.form.fields().count());
            for (f, scope) in e.form.fields().zip(scopes) {
                assert_eq!(scope, format!("#/properties/{}", f.key), "in the form's order");
                let p = &schema["properties"][&f.key];
                assert_eq!(p["title"], f.label.zh);
                let is_required = schema["required"].as_array().unwrap().iter().any(|k| *k == f.key);
                assert_eq!(is_required, f.required, "{} {}", e.slug, f.key);
                let all = p["oneOf"].as_array().or(p["items"]["oneOf"].as_array());
                let is_choice = matches!(f.kind, FieldKind::Select | FieldKind::Radio | FieldKind::Checkbox);
                assert_eq!(all.map(Vec::len), is_choice.then(|| f.options.as_ref().unwrap().len()));
            }
        }
    }
}
