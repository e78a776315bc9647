//! What a declaration has to say before it can be handed in: pure.

use serde_json::Value;

use super::model::{Answers, Applicant};
use crate::catalogue::{Elements, Field, FieldKind};
use crate::kernel::{Day, FieldError, numbers};

/// Longest answer where the field names no limit, in characters.
const MAX_LENGTH: usize = crate::catalogue::LONGEST_ANSWER;

fn refused(field: impl Into<String>, code: &'static str, value: Option<String>) -> FieldError {
    FieldError { field: field.into(), code, value }
}

/// Checks the applicant; the numbers come back in their canonical form.
pub fn check_applicant(applicant: &mut Applicant, today: Day) -> Vec<FieldError> {
    let mut found = vec![];
    if applicant.name.trim().is_empty() {
        found.push(refused("applicant.name", "required", None));
    }
    if applicant.name.chars().count() > 100 {
        found.push(refused("applicant.name", "too-long", Some("100".into())));
    }
    let number = match applicant.id_kind.as_str() {
        "111" => numbers::resident_id(&applicant.id_number, today),
        "uscc" => numbers::uscc(&applicant.id_number),
        _ if applicant.id_number.trim().is_empty() => Err("required"),
        _ => Ok(applicant.id_number.trim().to_owned()),
    };
    match number {
        _ if applicant.id_number.trim().is_empty() => found.push(refused("applicant.id_number", "required", None)),
        Ok(number) => applicant.id_number = number,
        Err(code) => found.push(refused("applicant.id_number", code, None)),
    }
    match numbers::mobile(&applicant.phone) {
        Ok(phone) => applicant.phone = phone,
        Err(_) if applicant.phone.trim().is_empty() => found.push(refused("applicant.phone", "required", None)),
        Err(code) => found.push(refused("applicant.phone", code, None)),
    }
    if applicant.address.chars().count() > 200 {
        found.push(refused("applicant.address", "too-long", Some("200".into())));
    }
    found
}

/// Checks who came to the window for the applicant: needed for a legal person, which cannot come itself.
pub fn check_agent(applicant: &mut Applicant, today: Day) -> Vec<FieldError> {
    let mut found = vec![];
    let (has_name, has_number) =
        (!applicant.agent_name.trim().is_empty(), !applicant.agent_id_number.trim().is_empty());
    let is_needed = applicant.kind != "1" || has_name || has_number;
    if is_needed && !has_name {
        found.push(refused("applicant.agent_name", "required", None));
    }
    if applicant.agent_name.chars().count() > 100 {
        found.push(refused("applicant.agent_name", "too-long", Some("100".into())));
    }
    match numbers::resident_id(&applicant.agent_id_number, today) {
        Ok(number) => applicant.agent_id_number = number,
        Err(_) if !is_needed => {}
        Err(_) if !has_number => found.push(refused("applicant.agent_id_number", "required", None)),
        Err(code) => found.push(refused("applicant.agent_id_number", code, None)),
    }
    found
}

/// Checks the answers against the item's form. Unknown fields are taken out; numbers come back in their canonical form.
/// Errors are named `form.<key>`.
pub fn check_answers(elements: &Elements, answers: &mut Answers, today: Day) -> Vec<FieldError> {
    answers.retain(|key, _| elements.form.fields().any(|f| f.key == *key));
    let mut found = vec![];
    for field in elements.form.fields() {
        let name = format!("form.{}", field.key);
        if field.kind == FieldKind::Checkbox {
            found.extend(check_chosen(field, answers, &name));
            continue;
        }
        let text = answers.get(&field.key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        if text.is_empty() {
            if field.required {
                let is_choice = matches!(field.kind, FieldKind::Select | FieldKind::Radio);
                found.push(refused(name, if is_choice { "choice-required" } else { "required" }, None));
            }
            answers.remove(&field.key);
            continue;
        }
        match check_text(field, &text, today) {
            Ok(text) => {
                answers.insert(field.key.clone(), Value::String(text));
            }
            Err((code, value)) => found.push(refused(name, code, value)),
        }
    }
    found
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

/// Something, an @, a host with a dot: what more can be known without sending a mail.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let host_fits = |host: &str| host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    let shape = parts.is_some_and(|(user, host)| !user.is_empty() && host_fits(host) && !host.contains('@'));
    shape && !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= 254
}

/// Keys of the needed materials that have no file.
pub fn missing_materials<'a>(elements: &'a Elements, keys: &[&str]) -> Vec<&'a str> {
    let missing = elements.materials.iter().filter(|m| m.is_needed() && !keys.contains(&m.key.as_str()));
    missing.map(|m| m.key.as_str()).collect()
}
