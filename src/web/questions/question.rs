//! One question. Template: `{{part "partials/question" q=…}}`.

use serde::Serialize;
use serde_json::Value;

use crate::catalogue::{Field, FieldKind};
use crate::kernel::{Day, FieldError, Text};

/// One question with what was answered, and what is wrong with that.
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    /// Name and id of the field, as errors name it: `form.<key>`.
    pub name: String,
    /// `input`, `textarea`, `select`, `radio` or `checkbox`
    pub shape: &'static str,
    /// The input's type, its keyboard on a phone, what a browser may fill in, and its width.
    pub sort: &'static str,
    pub mode: &'static str,
    pub auto: &'static str,
    pub width: &'static str,
    pub label: Text,
    pub help: Option<Text>,
    pub is_needed: bool,
    /// It is not asked with the answers so far.
    pub is_hidden: bool,
    pub value: String,
    pub choices: Vec<Choice>,
    /// The choices are short enough to stand side by side.
    pub is_row: bool,
    /// Longest answer of a long text.
    pub most: usize,
    /// Text `field-…`
    pub code: Option<&'static str>,
    pub arg: Option<String>,
    /// The answer is what the account says.
    pub is_known: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: Text,
    pub is_on: bool,
    /// The first one bears the question's id, so that an error leads to it.
    pub id: Option<String>,
    pub name: String,
    pub shape: &'static str,
}

/// Longest answer where the field names no limit.
const MOST: usize = 2000;

/// A field's question under a name.
pub(super) fn question(
    field: &Field,
    name: String,
    answer: Option<&Value>,
    known: Option<&Value>,
    faults: &[FieldError],
) -> Question {
    let fault = faults.iter().find(|f| f.field == name);
    let given: Vec<&str> = match answer {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => vec![],
    };
    let shape = shape(field.kind);
    let choices = choices(field, &name, shape, &given);
    let value = if choices.is_empty() { given.join(" ") } else { String::new() };
    let is_short = |c: &Choice| c.label.zh.chars().count() <= 6 && c.label.en.chars().count() <= 14;
    Question {
        shape,
        sort: sort(field.kind, &value),
        mode: mode(field.kind),
        auto: auto(field.fact.as_deref()),
        width: width(field),
        label: field.label.clone(),
        help: field.help.clone(),
        is_needed: field.required,
        is_hidden: false,
        is_row: choices.iter().all(is_short),
        most: field.max_length.unwrap_or(MOST),
        code: fault.map(|f| f.code),
        arg: fault.and_then(|f| f.value.clone()),
        is_known: known.is_some() && known == answer,
        name,
        value,
        choices,
    }
}

fn choices(field: &Field, name: &str, shape: &'static str, given: &[&str]) -> Vec<Choice> {
    let options = field.options.as_deref().unwrap_or_default();
    let choice = |(at, o): (usize, &crate::catalogue::Choice)| Choice {
        value: o.value.clone(),
        label: o.label.clone(),
        is_on: given.contains(&o.value.as_str()),
        id: (at == 0).then(|| name.to_owned()),
        name: name.to_owned(),
        shape,
    };
    options.iter().enumerate().map(choice).collect()
}

fn shape(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Textarea => "textarea",
        FieldKind::Select => "select",
        FieldKind::Radio => "radio",
        FieldKind::Checkbox => "checkbox",
        _ => "input",
    }
}

/// A day that is none, as an old browser may send it, would not be shown in a field for days.
fn sort(kind: FieldKind, value: &str) -> &'static str {
    match kind {
        FieldKind::Date if value.is_empty() || value.parse::<Day>().is_ok() => "date",
        FieldKind::Phone => "tel",
        FieldKind::Email => "email",
        _ => "text",
    }
}

fn mode(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Number => "decimal",
        FieldKind::Phone => "tel",
        FieldKind::Email => "email",
        _ => "text",
    }
}

fn width(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Number | FieldKind::Date => "input--s num",
        FieldKind::IdNumber | FieldKind::Uscc | FieldKind::Phone => "input--m num",
        FieldKind::Select => "input--m",
        FieldKind::Text if field.max_length.is_some_and(|n| n <= 30) => "input--m",
        _ => "",
    }
}

/// Only what is the visitor's own may be filled in by the browser.
fn auto(fact: Option<&str>) -> &'static str {
    match fact {
        Some("person.name") => "name",
        Some("person.phone") => "tel",
        Some("person.email") => "email",
        Some("person.address") => "street-address",
        Some("person.birth_date") => "bday",
        _ => "off",
    }
}

impl Question {
    /// All shapes, answered and wrong, for the samples of pages.
    pub fn samples(prefix: &str) -> Vec<Self> {
        let text = || Text::new("经营场所 <面积>", "Premises <area>");
        let ask = |shape: &'static str, at: usize| Self {
            name: format!("form.{prefix}{shape}{at}"),
            shape,
            sort: "text",
            mode: "decimal",
            auto: "off",
            width: "input--s",
            label: text(),
            help: (at > 0).then(text),
            is_needed: at.is_multiple_of(2),
            is_hidden: at == 1,
            value: "86.5 <".into(),
            choices: ["1", "2"]
                .map(|v| Choice {
                    value: v.into(),
                    label: text(),
                    is_on: v == "2",
                    id: (v == "1").then(|| format!("form.{prefix}{shape}{at}")),
                    name: format!("form.{prefix}{shape}{at}"),
                    shape,
                })
                .to_vec(),
            is_row: at.is_multiple_of(2),
            most: 200,
            code: (at > 1).then_some("too-large"),
            arg: Some("50000".into()),
            is_known: at == 0,
        };
        let shapes = ["input", "textarea", "select", "radio", "checkbox"];
        shapes.iter().flat_map(|shape| (0..3).map(|at| ask(shape, at)).collect::<Vec<_>>()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: &str) -> Field {
        let options = serde_json::json!([{"value": "1", "label": {"zh": "是"}}, {"value": "2", "label": {"zh": "否"}}]);
        let options = if kind == "radio" || kind == "checkbox" { options } else { Value::Null };
        let doc = serde_json::json!({"key": "q", "kind": kind, "label": {"zh": "问"}, "options": options});
        serde_json::from_value(doc).unwrap()
    }

    #[test]
    fn a_day_that_is_none_is_shown_as_it_was_typed() {
        let asked = |value: &str| question(&field("date"), "form.q".into(), Some(&value.into()), None, &[]);
        assert_eq!((asked("2026-02-28").sort, asked("2026-02-31").sort), ("date", "text"));
        assert_eq!(asked("2026-02-31").value, "2026-02-31");
    }

    #[test]
    fn an_error_leads_to_the_first_choice() {
        let asked = question(&field("radio"), "form.q".into(), Some(&"2".into()), None, &[]);
        assert_eq!(asked.choices[0].id.as_deref(), Some("form.q"));
        assert_eq!(asked.choices[1].id, None);
        assert!(asked.choices[1].is_on && !asked.choices[0].is_on);
    }

    #[test]
    fn what_the_account_knows_is_marked_until_it_is_changed() {
        let known: Value = "云川市".into();
        let asked =
            |answer: &str| question(&field("address"), "form.q".into(), Some(&answer.into()), Some(&known), &[]);
        assert!(asked("云川市").is_known && !asked("别处").is_known);
        assert!(!question(&field("address"), "form.q".into(), None, None, &[]).is_known);
    }
}
