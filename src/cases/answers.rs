//! The answers of an item's form: pure.

use std::collections::HashMap;

use serde_json::Value;

use super::model::Answers;
use super::rules::{is_email, refused};
use crate::catalogue::{Elements, Field, FieldKind, Group, Relevant};
use crate::kernel::{Day, FieldError, numbers};

/// Longest answer where the field names no limit, in characters.
const MAX_LENGTH: usize = crate::catalogue::LONGEST_ANSWER;

/// Checks the answers of an applicant of this kind against the item's form. What is unknown or not asked is taken out; numbers come
/// back in their canonical form. Errors are named `form.<key>`, in rows `form.<group>.<n>.<key>`. Returns what concerns the applicant, too.
pub fn check_answers(
    elements: &Elements,
    applicant: &str,
    answers: &mut Answers,
    today: Day,
) -> (Relevant, Vec<FieldError>) {
    answers.retain(|key, _| elements.form.knows(key));
    let repeated = elements.form.groups.iter().filter(|g| g.is_repeated());
    let places: HashMap<&str, Vec<usize>> = repeated.map(|g| (g.key.as_str(), tidy_rows(g, answers))).collect();
    let relevant = elements.relevant(applicant, answers);
    let mut found = vec![];
    for group in &elements.form.groups {
        if group.is_repeated() {
            let places = places.get(group.key.as_str()).map_or(&[][..], Vec::as_slice);
            let rows = Rows { group, relevant: &relevant, places, today };
            rows.check(answers, &mut found);
            continue;
        }
        for field in &group.fields {
            if relevant.asks(&field.key) {
                found.extend(check_field(field, answers, format!("form.{}", field.key), today));
            } else {
                answers.remove(&field.key);
            }
        }
    }
    (relevant, found)
}

/// Rows are objects of the group's fields; those in which nothing was answered are left out. Returns where the others stood.
fn tidy_rows(group: &Group, answers: &mut Answers) -> Vec<usize> {
    let Some(Value::Array(rows)) = answers.remove(&group.key) else { return vec![] };
    let is_answer = |v: &Value| match v {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    let rows = rows.into_iter().enumerate().filter_map(|(at, row)| {
        let Value::Object(mut row) = row else { return None };
        row.retain(|key, _| group.fields.iter().any(|f| f.key == *key));
        row.values().any(is_answer).then_some((at, Value::Object(row)))
    });
    let (places, rows): (Vec<usize>, Vec<Value>) = rows.unzip();
    answers.insert(group.key.clone(), rows.into());
    places
}

/// The rows of a repeated group.
struct Rows<'a> {
    group: &'a Group,
    relevant: &'a Relevant,
    /// Where each row stood before empty ones were left out: errors name that place.
    places: &'a [usize],
    today: Day,
}

impl Rows<'_> {
    fn check(&self, answers: &mut Answers, found: &mut Vec<FieldError>) {
        let Self { group, relevant, places, today } = self;
        let rows = answers.remove(&group.key);
        if !relevant.asks_group(&group.key) {
            return;
        }
        let Some(Value::Array(mut rows)) = rows.or_else(|| Some(Value::Array(vec![]))) else { return };
        let (least, most) = (group.least_rows.unwrap_or(0) as usize, group.most_rows.unwrap_or(0) as usize);
        let name = format!("form.{}", group.key);
        if rows.len() < least {
            found.push(refused(name.clone(), "rows-few", Some(least.to_string())));
        }
        if rows.len() > most {
            found.push(refused(name.clone(), "rows-many", Some(most.to_string())));
            rows.truncate(most);
        }
        for (n, row) in rows.iter_mut().enumerate() {
            let Value::Object(row) = row else { continue };
            let place = places.get(n).copied().unwrap_or(n);
            for field in &group.fields {
                if relevant.asks(&format!("{}.{n}.{}", group.key, field.key)) {
                    found.extend(check_field(field, row, format!("{name}.{place}.{}", field.key), *today));
                } else {
                    row.remove(&field.key);
                }
            }
        }
        if !rows.is_empty() {
            answers.insert(group.key.clone(), rows.into());
        }
    }
}

fn check_field(field: &Field, answers: &mut Answers, name: String, today: Day) -> Option<FieldError> {
    if field.kind == FieldKind::Checkbox {
        return check_chosen(field, answers, &name);
    }
    let text = answers.get(&field.key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    if text.is_empty() {
        answers.remove(&field.key);
        let is_choice = matches!(field.kind, FieldKind::Select | FieldKind::Radio);
        return field.required.then(|| refused(name, if is_choice { "choice-required" } else { "required" }, None));
    }
    match check_text(field, &text, today) {
        Ok(text) => {
            answers.insert(field.key.clone(), Value::String(text));
            None
        }
        Err((code, value)) => Some(refused(name, code, value)),
    }
}

fn check_chosen(field: &Field, answers: &mut Answers, name: &str) -> Option<FieldError> {
    let given = answers.get(&field.key);
    let mut chosen: Vec<String> = match given {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) if !one.is_empty() => vec![one.clone()],
        _ => vec![],
    };
    chosen.dedup();
    let options = field.options.as_deref().unwrap_or_default();
    if chosen.iter().any(|v| !options.iter().any(|o| o.value == *v)) {
        return Some(refused(name, "not-an-option", None));
    }
    if chosen.is_empty() {
        answers.remove(&field.key);
        return field.required.then(|| refused(name, "choice-required", None));
    }
    answers.insert(field.key.clone(), chosen.into());
    None
}

fn check_text(field: &Field, text: &str, today: Day) -> Result<String, (&'static str, Option<String>)> {
    let limit = field.max_length.unwrap_or(MAX_LENGTH);
    if text.chars().count() > limit {
        return Err(("too-long", Some(limit.to_string())));
    }
    let plain = |code| (code, None);
    match field.kind {
        FieldKind::Text | FieldKind::Textarea | FieldKind::Address | FieldKind::Checkbox => Ok(text.to_owned()),
        FieldKind::Select | FieldKind::Radio => {
            let known = field.options.as_deref().unwrap_or_default().iter().any(|o| o.value == text);
            if known { Ok(text.to_owned()) } else { Err(plain("not-an-option")) }
        }
        FieldKind::Date => match text.parse::<Day>() {
            Ok(day) => Ok(day.to_string()),
            Err(_) => Err(plain("date-shape")),
        },
        FieldKind::Number => check_number(field, text),
        FieldKind::IdNumber => numbers::resident_id(text, today).map_err(plain),
        FieldKind::Uscc => numbers::uscc(text).map_err(plain),
        FieldKind::Phone => check_phone(text).ok_or_else(|| plain("phone-shape")),
        FieldKind::Email if is_email(text) => Ok(text.to_owned()),
        FieldKind::Email => Err(plain("email-shape")),
    }
}

fn check_number(field: &Field, text: &str) -> Result<String, (&'static str, Option<String>)> {
    let number: f64 = text.replace(',', "").parse().map_err(|_| ("number-shape", None))?;
    match (field.min, field.max) {
        _ if !number.is_finite() => Err(("number-shape", None)),
        (Some(min), _) if number < min => Err(("too-small", Some(min.to_string()))),
        (_, Some(max)) if number > max => Err(("too-large", Some(max.to_string()))),
        _ => Ok(text.replace(',', "")),
    }
}

/// A mobile number, or a fixed line with its area code.
fn check_phone(text: &str) -> Option<String> {
    if let Ok(mobile) = numbers::mobile(text) {
        return Some(mobile);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text.starts_with('0') && (10..=12).contains(&digits);
    (fits && text.chars().all(|c| c.is_ascii_digit() || c == '-')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn checked(answers: Value) -> (Value, Vec<(String, &'static str)>) {
        let mut e = Elements::blank();
        let options = json!([{"value": "1", "label": {"zh": "甲"}}, {"value": "2", "label": {"zh": "乙"}}]);
        e.form = serde_json::from_value(json!({ "groups": [
            { "key": "g", "title": {"zh": "组"}, "fields": [
                { "key": "kind", "kind": "radio", "label": {"zh": "类"}, "required": true, "options": options },
                { "key": "scale", "kind": "text", "label": {"zh": "规模"}, "required": true, "only_if": "kind == '2'" } ]},
            { "key": "cars", "title": {"zh": "车辆"}, "least_rows": 1, "most_rows": 2, "only_if": "kind == '2'", "fields": [
                { "key": "no", "kind": "text", "label": {"zh": "车牌"}, "required": true, "max_length": 4 },
                { "key": "load", "kind": "number", "label": {"zh": "载重"} } ]},
        ]}))
        .unwrap();
        let mut answers = answers.as_object().cloned().unwrap();
        let (_, found) = check_answers(&e, "1", &mut answers, "2026-01-01".parse().unwrap());
        (Value::from(answers), found.into_iter().map(|f| (f.field, f.code)).collect())
    }

    #[test]
    fn what_is_not_asked_is_not_wanted_and_not_kept() {
        let (kept, found) = checked(json!({ "kind": "1", "scale": "x", "cars": [{ "no": "a" }], "strange": "y" }));
        assert_eq!((kept, found), (json!({ "kind": "1" }), vec![]));
    }

    #[test]
    fn what_is_asked_is_wanted() {
        let (_, found) = checked(json!({ "kind": "2" }));
        assert_eq!(found, [("form.scale".into(), "required"), ("form.cars".into(), "rows-few")]);
    }

    #[test]
    fn faults_of_rows_stand_where_the_rows_stood() {
        let rows = json!([{}, { "no": "云A123" }, { "no": " ", "load": "" }, { "load": "x" }]);
        let (kept, found) = checked(json!({ "kind": "2", "scale": "x", "cars": rows }));
        let at = |name: &str, code| (format!("form.cars.{name}"), code);
        assert_eq!(found, [at("1.no", "too-long"), at("3.no", "required"), at("3.load", "number-shape")]);
        assert_eq!(kept["cars"].as_array().unwrap().len(), 2);
        let (_, many) = checked(json!({ "kind": "2", "scale": "x", "cars": [{"no": "a"}, {"no": "b"}, {"no": "c"}] }));
        assert_eq!(many, [("form.cars".into(), "rows-many")]);
    }
}
