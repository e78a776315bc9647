//! A form's fields on their way back to the page: what was typed, and what is wrong with it.

use serde::Serialize;

use crate::kernel::{Error, FieldError, Lang};
use crate::render::texts;

/// One field, as `partials/field` shows it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Field {
    pub name: &'static str,
    /// Never a secret.
    pub value: String,
    /// Code of the text `field-…` that says what is wrong.
    pub code: Option<&'static str>,
    /// The number that this text names.
    pub arg: Option<String>,
}

impl Field {
    pub fn new(name: &'static str, value: &str, faults: &[FieldError]) -> Self {
        let fault = faults.iter().find(|f| f.field == name);
        Self { name, value: value.to_owned(), code: fault.map(|f| f.code), arg: fault.and_then(|f| f.value.clone()) }
    }
}

/// The sentence of an error that concerns the whole page; `None` when the fields say it.
pub fn notice(lang: Lang, error: &Error) -> Option<String> {
    let says_fields = !error.field_errors().is_empty();
    (!says_fields).then(|| texts().with_texts(lang, &format!("error-{}", error.code()), error.args()))
}
