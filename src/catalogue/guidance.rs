//! 情形引导: what an item's guidance asks, and what follows for the materials before anything is declared.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::conditions::Condition;
use super::model::{Elements, Form, Group, Material};

type Answers = Map<String, Value>;

impl Elements {
    pub fn has_guide(&self) -> bool {
        self.form.groups.iter().any(|g| g.is_guide)
    }

    /// The questions of its guidance alone, as an item of which nothing else is said.
    pub fn guide(&self) -> Elements {
        let groups: Vec<Group> = self.form.groups.iter().filter(|g| g.is_guide).cloned().collect();
        Elements { audience: self.audience.clone(), form: Form { groups }, ..Elements::blank() }
    }

    /// Of these answers, those to the questions of guidance.
    pub fn guided(&self, answers: &Answers) -> Answers {
        let keys: HashSet<&str> = self.guide_fields().collect();
        answers.iter().filter(|(key, _)| keys.contains(key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    fn guide_fields(&self) -> impl Iterator<Item = &str> {
        self.form.groups.iter().filter(|g| g.is_guide).flat_map(|g| &g.fields).map(|f| f.key.as_str())
    }

    /// Whether guidance tells if a material is needed; others wait for the answers of the form.
    pub fn is_guided(&self, m: &Material) -> bool {
        let keys: HashSet<&str> = self.guide_fields().collect();
        let Some(Ok(condition)) = m.only_if.as_deref().map(Condition::of) else { return true };
        condition.names().iter().all(|name| name == "applicant" || keys.contains(name.as_str()))
    }
}
