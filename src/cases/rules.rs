//! What a declaration has to say before it can be handed in: pure.

use super::model::Applicant;
use crate::catalogue::{Elements, Relevant};
use crate::kernel::{Day, FieldError, numbers};

pub use super::answers::check_answers;

pub(super) fn refused(field: impl Into<String>, code: &'static str, value: Option<String>) -> FieldError {
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

/// Something, an @, a host with a dot: what more can be known without sending a mail.
pub fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    let host_fits = |host: &str| host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    let shape = parts.is_some_and(|(user, host)| !user.is_empty() && host_fits(host) && !host.contains('@'));
    shape && !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= 254
}

/// Keys of the needed materials that have no file.
pub fn missing_materials<'a>(elements: &'a Elements, relevant: &Relevant, keys: &[&str]) -> Vec<&'a str> {
    let missing = elements.materials.iter().filter(|m| relevant.needs(m) && !keys.contains(&m.key.as_str()));
    missing.map(|m| m.key.as_str()).collect()
}
