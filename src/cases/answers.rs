//! The answers of an item's form: pure.

use serde_json::Value;

use super::model::Answers;
use super::rules::{is_email, refused};
use crate::catalogue::{Relevant, Elements, Field, FieldKind, Group};
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
    for group in elements.form.groups.iter().filter(|g| g.is_repeated()) {
        tidy_rows(group, answers);
    }
    let relevant = elements.relevant(applicant, answers);
    let mut found = vec![];
    for group in &elements.form.groups {
        if group.is_repeated() {
            check_rows(group, &relevant, answers, today, &mut found);
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

/// Rows are objects of the group's fields; those in which nothing was answered are left out.
fn tidy_rows(group: &Group, answers: &mut Answers) {
    let Some(Value::Array(rows)) = answers.remove(&group.key) else { return };
    let is_answer = |v: &Value| match v {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    let rows = rows.into_iter().filter_map(|row| {
        let Value::Object(mut row) = row else { return None };
        row.retain(|key, _| group.fields.iter().any(|f| f.key == *key));
        row.values().any(is_answer).then_some(Value::Object(row))
    });
    answers.insert(group.key.clone(), rows.collect());
}

fn check_rows(group: &Group, relevant: &Relevant, answers: &mut Answers, today: Day, found: &mut Vec<FieldError>) {
    let rows = answers.remove(&group.key);
    if !relevant.asks_group(&group.key) {
        return;
    }
    let mut rows = match rows {
        Some(Value::Array(rows)) => rows,
        _ => vec![],
    };
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
        for field in &group.fields {
            if relevant.asks(&format!("{}.{n}.{}", group.key, field.key)) {
                found.extend(check_field(field, row, format!("{name}.{n}.{}", field.key), today));
            } else {
                row.remove(&field.key);
            }
        }
    }
    if !rows.is_empty() {
        answers.insert(group.key.clone(), rows.into());
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
