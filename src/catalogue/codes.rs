//! Dictionaries: codes of the standards and their names.

use std::collections::HashMap;

use crate::kernel::Text;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Code {
    pub code: String,
    pub name: Text,
}

/// All dictionaries, each in its own order.
#[derive(Debug, Clone, Default)]
pub struct Codes(HashMap<String, Vec<Code>>);

impl Codes {
    /// From rows of set, code and name in the order in which they are shown.
    pub fn new(rows: impl IntoIterator<Item = (String, String, Text)>) -> Self {
        let mut all: HashMap<String, Vec<Code>> = HashMap::new();
        for (set, code, name) in rows {
            all.entry(set).or_default().push(Code { code, name });
        }
        Self(all)
    }
    /// With a set more, such as the halls.
    pub fn with(mut self, set: &str, codes: Vec<Code>) -> Self {
        self.0.insert(set.to_owned(), codes);
        self
    }
    pub fn set(&self, set: &str) -> &[Code] {
        self.0.get(set).map_or(&[], Vec::as_slice)
    }
    /// The name of a code; the code itself where the dictionary lacks it.
    pub fn name(&self, set: &str, code: &str) -> Text {
        let found = self.set(set).iter().find(|c| c.code == code);
        found.map_or_else(|| Text::new(code, ""), |c| c.name.clone())
    }
}
