//! An item's form as JSON Schema 2020-12, for programs that fill it in, and the order in which to ask (a UI schema in the manner of JSON
//! Forms). Answers are texts, also numbers and days: as the form itself sends them; several choices are a list of texts.
//!
//! A repeated group is a list of objects under its key. A question that is asked only in some cases carries its condition as `x-only-if`
//! (CEL, see [`super::Condition`]) and is in no list of required ones: `x-required` says that it is needed where it is asked.
//!
//! What the schema cannot say is checked when a case is declared: conditions, check digits, days that there are, the bounds of a number.
//!
//! What only the form knows stands beside it, so that a form that went out comes in the same ([`read`]): `x-kind`, `x-fact`, `x-en`,
//! `x-help-en`, and in the layout the `x-guide` and `x-only-if` of a group.

mod read;

pub use read::{Refused, read};

use serde_json::{Map, Value, json};

use super::model::{Elements, Field, FieldKind, Form, Group};

/// The shapes of GB 11643 and GB 32100, of a phone number and of a number.
const ID_NUMBER: &str = "^[0-9]{17}[0-9Xx]$";
const USCC: &str = "^[0-9A-HJ-NP-RTUW-Ya-hj-np-rtuw-y]{18}$";
const PHONE: &str = "^[0-9+][0-9 -]{9,16}$";
const NUMBER: &str = "^-?[0-9]+(\\.[0-9]+)?$";
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Longest answer where the form says nothing else, in characters.
pub const LONGEST_ANSWER: usize = 2000;

/// The schema of the answers to a version's form.
pub fn schema(e: &Elements, version: i32) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    let mut required: Vec<&str> = vec![];
    for g in &e.form.groups {
        if g.is_repeated() {
            properties.insert(g.key.clone(), rows(g));
            if g.least_rows.unwrap_or(0) > 0 && g.only_if.is_none() {
                required.push(&g.key);
            }
            continue;
        }
        for f in &g.fields {
            properties.insert(f.key.clone(), property(f, g.only_if.as_deref()));
        }
        required.extend(g.fields.iter().filter(|f| is_always_needed(g, f)).map(|f| f.key.as_str()));
    }
    json!({
        "$schema": DRAFT,
        "$id": format!("urn:cloudmart:form:{}:{version}", e.code),
        "title": e.name.zh,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn is_always_needed(g: &Group, f: &Field) -> bool {
    f.required && f.only_if.is_none() && g.only_if.is_none()
}

/// The rows of a repeated group.
fn rows(g: &Group) -> Value {
    let inner: Map<String, Value> = g.fields.iter().map(|f| (f.key.clone(), property(f, None))).collect();
    let required: Vec<&str> =
        g.fields.iter().filter(|f| f.required && f.only_if.is_none()).map(|f| f.key.as_str()).collect();
    let mut p = json!({
        "title": g.title.zh,
        "x-en": g.title.en,
        "type": "array",
        "items": { "type": "object", "properties": inner, "required": required, "additionalProperties": false },
        "minItems": g.least_rows.unwrap_or(0),
        "maxItems": g.most_rows.unwrap_or(0),
    });
    if let Some(condition) = &g.only_if {
        p["x-only-if"] = condition.clone().into();
    }
    p
}

/// How the form is laid out: its groups and their fields in order.
pub fn layout(form: &Form) -> Value {
    let control = |f: &Field, scope: &str| {
        let control = match f.kind {
            FieldKind::Textarea => json!({ "multi": true }),
            FieldKind::Radio => json!({ "format": "radio" }),
            _ => json!({}),
        };
        json!({ "type": "Control", "scope": format!("{scope}/{}", f.key), "options": control })
    };
    let group = |g: &Group| {
        if g.is_repeated() {
            let detail: Vec<Value> = g.fields.iter().map(|f| control(f, "#/properties")).collect();
            let detail = json!({ "type": "VerticalLayout", "elements": detail });
            let control = json!({ "type": "Control", "scope": format!("#/properties/{}", g.key), "options": { "detail": detail } });
            return grouped(g, vec![control]);
        }
        grouped(g, g.fields.iter().map(|f| control(f, "#/properties")).collect())
    };
    json!({ "type": "VerticalLayout", "elements": form.groups.iter().map(group).collect::<Vec<_>>() })
}

fn grouped(g: &Group, elements: Vec<Value>) -> Value {
    let mut group = json!({ "type": "Group", "label": g.title.zh, "i18n": { "en": g.title.en }, "elements": elements });
    group["x-key"] = g.key.clone().into();
    if g.is_guide {
        group["x-guide"] = true.into();
    }
    if let Some(condition) = &g.only_if {
        group["x-only-if"] = condition.clone().into();
    }
    group
}

/// The condition of a field within a group that has one, too.
fn within(outer: Option<&str>, own: Option<&str>) -> Option<String> {
    match (outer, own) {
        (Some(outer), Some(own)) => Some(format!("({outer}) && ({own})")),
        (outer, own) => outer.or(own).map(str::to_owned),
    }
}

/// `outer` is the condition of the field's group.
fn property(f: &Field, outer: Option<&str>) -> Value {
    let mut p = json!({ "title": f.label.zh, "type": "string" });
    if let Some(help) = &f.help {
        p["description"] = help.zh.clone().into();
        p["x-help-en"] = help.en.clone().into();
    }
    // What the field means in all forms: the shared field dictionary.
    if let Some(fact) = &f.fact {
        p["x-fact"] = fact.clone().into();
    }
    p["x-en"] = f.label.en.clone().into();
    p["x-kind"] = json!(f.kind);
    if let Some(only_if) = within(outer, f.only_if.as_deref()) {
        p["x-only-if"] = only_if.into();
        p["x-required"] = f.required.into();
    }
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
            p["pattern"] = NUMBER.into();
            p["x-minimum"] = json!(f.min);
            p["x-maximum"] = json!(f.max);
        }
        FieldKind::IdNumber => p["pattern"] = ID_NUMBER.into(),
        FieldKind::Uscc => p["pattern"] = USCC.into(),
        FieldKind::Phone => p["pattern"] = PHONE.into(),
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

    /// The scopes of a layout, those of rows with their group before them.
    fn scopes(layout: &Value) -> Vec<String> {
        let name = |c: &Value| c["scope"].as_str().unwrap().trim_start_matches("#/properties/").to_owned();
        let all = layout["elements"].as_array().unwrap().iter().flat_map(|g| g["elements"].as_array().unwrap());
        all.flat_map(|c| match c["options"]["detail"]["elements"].as_array() {
            Some(detail) => detail.iter().map(|d| format!("{}.{}", name(c), name(d))).collect::<Vec<_>>(),
            None => vec![name(c)],
        })
        .collect()
    }

    #[test]
    fn every_field_of_every_form_is_said() {
        for e in crate::catalogue::search_tests::seeded() {
            let (schema, layout) = (schema(&e, 3), layout(&e.form));
            let in_form = e.form.groups.iter().flat_map(|g| {
                let of = |f: &Field| if g.is_repeated() { format!("{}.{}", g.key, f.key) } else { f.key.clone() };
                g.fields.iter().map(of).collect::<Vec<_>>()
            });
            assert_eq!(scopes(&layout), in_form.collect::<Vec<_>>(), "in the form's order");
            for (g, f) in e.form.groups.iter().flat_map(|g| g.fields.iter().map(move |f| (g, f))) {
                let home = if g.is_repeated() { &schema["properties"][&g.key]["items"] } else { &schema };
                let p = &home["properties"][&f.key];
                assert_eq!(p["title"], f.label.zh);
                let is_required = home["required"].as_array().unwrap().iter().any(|k| *k == f.key);
                let is_conditional = f.only_if.is_some() || g.only_if.is_some() && !g.is_repeated();
                assert_eq!(is_required, f.required && !is_conditional, "{} {}", e.slug, f.key);
                assert_eq!(p["x-only-if"].is_string(), is_conditional, "{} {}", e.slug, f.key);
                let all = p["oneOf"].as_array().or(p["items"]["oneOf"].as_array());
                let is_choice = matches!(f.kind, FieldKind::Select | FieldKind::Radio | FieldKind::Checkbox);
                assert_eq!(all.map(Vec::len), is_choice.then(|| f.options.as_ref().unwrap().len()));
            }
        }
    }
}
