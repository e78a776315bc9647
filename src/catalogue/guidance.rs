//! 情形引导: what an item's guidance asks, and what follows for the materials before anything is declared.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::conditions::Condition;
use super::model::{Elements, FieldKind, Form, Group, Material};
use super::relevant::Relevant;

type Answers = Map<String, Value>;

impl Elements {
    pub fn has_guide(&self) -> bool {
        self.form.groups.iter().any(|g| g.is_guide)
    }

    /// The item with the questions of its guidance alone, and nothing else to ask.
    pub fn guide(&self) -> Elements {
        let groups: Vec<Group> = self.form.groups.iter().filter(|g| g.is_guide).cloned().collect();
        Elements { form: Form { groups }, ..self.clone() }
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

    /// Keys of the questions of guidance that are asked, needed and not answered. A checkbox with nothing in it is an answer unless it
    /// is needed.
    pub fn open_guide(&self, relevant: &Relevant, answers: &Answers) -> Vec<&str> {
        let is_answered = |key: &str| match answers.get(key) {
            Some(Value::Array(list)) => !list.is_empty(),
            Some(Value::String(text)) => !text.trim().is_empty(),
            _ => false,
        };
        let asked = self.form.groups.iter().filter(|g| g.is_guide && relevant.asks_group(&g.key));
        let fields = asked.flat_map(|g| &g.fields).filter(|f| relevant.asks(&f.key));
        let needed = fields.filter(|f| f.required || f.kind == FieldKind::Radio);
        needed.filter(|f| !is_answered(&f.key)).map(|f| f.key.as_str()).collect()
    }
}
