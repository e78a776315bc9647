//! What of an item concerns one applicant: the questions that are asked and the materials that are needed, by the answers so far.
//!
//! A question that is not asked counts as not answered, for all conditions that ask for it.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use cel::Value as Known;
use cel::objects::Key;
use serde_json::{Map, Value};

use super::conditions::Condition;
use super::model::{Elements, Field, FieldKind, Group, Material};

/// Answers by key: a text, a list of texts, or for a repeated group a list of objects.
type Answers = Map<String, Value>;

/// What is not asked. An item without conditions asks for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relevant {
    questions: HashSet<String>,
    groups: HashSet<String>,
    materials: HashSet<String>,
}

impl Relevant {
    /// Whether a question is asked: by its key, or in a row `group.0.key`.
    pub fn asks(&self, name: &str) -> bool {
        !self.questions.contains(name)
    }
    pub fn asks_group(&self, key: &str) -> bool {
        !self.groups.contains(key)
    }
    /// Whether a material may be handed in.
    pub fn takes(&self, m: &Material) -> bool {
        !self.materials.contains(&m.key)
    }
    /// Whether a material has to be handed in: always, or in the case that its condition says.
    pub fn needs(&self, m: &Material) -> bool {
        self.takes(m) && (m.is_needed() || m.only_if.is_some())
    }
    /// What is not asked: `form.<key>`, `form.<group>.<n>.<key>`, `group.<key>`, `material.<key>`.
    pub fn hidden(&self) -> Vec<String> {
        let of = |what: &'static str, all: &HashSet<String>| {
            all.iter().map(|key| format!("{what}.{key}")).collect::<Vec<_>>()
        };
        let mut all = of("form", &self.questions);
        all.extend(of("group", &self.groups));
        all.extend(of("material", &self.materials));
        all.sort();
        all
    }
}

impl Elements {
    /// Whether something is asked only of some.
    pub fn has_conditions(&self) -> bool {
        let in_group = |g: &Group| g.only_if.is_some() || g.fields.iter().any(|f| f.only_if.is_some());
        self.form.groups.iter().any(in_group) || self.materials.iter().any(|m| m.only_if.is_some())
    }

    /// What concerns an applicant of this kind (`audience`) with these answers.
    pub fn relevant(&self, applicant: &str, answers: &Answers) -> Relevant {
        let mut found = Relevant::default();
        if !self.has_conditions() {
            return found;
        }
        let look = Look::new(self, applicant, answers);
        for g in &self.form.groups {
            if !look.is_group_asked(g) {
                found.groups.insert(g.key.clone());
            }
            let rows: Vec<Option<usize>> = match g.is_repeated() {
                true => (0..look.rows(g).len()).map(Some).collect(),
                false => vec![None],
            };
            for row in rows {
                let not = g.fields.iter().filter(|f| !look.is_asked(g, f, row));
                found.questions.extend(not.map(|f| name(g, f, row)));
            }
        }
        let not = self.materials.iter().filter(|m| !look.takes(m));
        found.materials.extend(not.map(|m| m.key.clone()));
        found
    }
}

fn name(g: &Group, f: &Field, row: Option<usize>) -> String {
    match row {
        Some(n) => format!("{}.{n}.{}", g.key, f.key),
        None => f.key.clone(),
    }
}

/// One applicant's answers, looked at as far as somebody asks.
pub(super) struct Look<'a> {
    e: &'a Elements,
    applicant: &'a str,
    answers: &'a Answers,
    /// What was found; nothing yet for those that are being looked at. Conditions in a circle are refused in the catalogue: here they
    /// count as asked.
    seen: RefCell<HashMap<String, Option<bool>>>,
}

impl<'a> Look<'a> {
    pub fn new(e: &'a Elements, applicant: &'a str, answers: &'a Answers) -> Self {
        Self { e, applicant, answers, seen: RefCell::default() }
    }

    pub fn takes(&self, m: &Material) -> bool {
        self.holds(m.only_if.as_deref(), None)
    }

    fn once(&self, name: String, tell: impl FnOnce() -> bool) -> bool {
        if let Some(known) = self.seen.borrow().get(&name) {
            return known.unwrap_or(true);
        }
        self.seen.borrow_mut().insert(name.clone(), None);
        let found = tell();
        self.seen.borrow_mut().insert(name, Some(found));
        found
    }

    pub fn is_group_asked(&self, g: &Group) -> bool {
        self.once(format!("group {}", g.key), || self.holds(g.only_if.as_deref(), None))
    }

    pub fn is_asked(&self, g: &Group, f: &Field, row: Option<usize>) -> bool {
        let in_row = row.map(|n| (g, n));
        self.once(name(g, f, row), || self.is_group_asked(g) && self.holds(f.only_if.as_deref(), in_row))
    }

    /// One that is no condition, which the catalogue refuses, hides nothing.
    fn holds(&self, condition: Option<&str>, row: Option<(&Group, usize)>) -> bool {
        let Some(Ok(condition)) = condition.map(Condition::of) else { return true };
        condition.tell(|name| self.known(name, row)).unwrap_or(false)
    }

    fn known(&self, name: &str, row: Option<(&Group, usize)>) -> Known {
        if name == "applicant" {
            let kind: HashMap<Key, Known> = [("kind".into(), self.applicant.into())].into();
            return kind.into();
        }
        if let Some((g, n)) = row
            && let Some(f) = g.fields.iter().find(|f| f.key == name)
        {
            let given = self.rows(g).get(n).and_then(|r| r.get(name));
            return typed(f, given.filter(|_| self.is_asked(g, f, Some(n))));
        }
        for g in &self.e.form.groups {
            if g.is_repeated() && g.key == name {
                let rows = if self.is_group_asked(g) { self.rows(g) } else { &[] };
                return rows.iter().map(|r| whole_row(g, r)).collect::<Vec<_>>().into();
            }
            if let Some(f) = g.fields.iter().find(|f| f.key == name && !g.is_repeated()) {
                return typed(f, self.answers.get(name).filter(|_| self.is_asked(g, f, None)));
            }
        }
        Known::Null
    }

    pub fn rows(&self, g: &Group) -> &'a [Value] {
        self.answers.get(&g.key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn whole_row(g: &Group, row: &Value) -> Known {
    let fields = g.fields.iter().map(|f| (Key::from(f.key.clone()), typed(f, row.get(&f.key))));
    fields.collect::<HashMap<Key, Known>>().into()
}

/// An answer as conditions see it.
fn typed(f: &Field, given: Option<&Value>) -> Known {
    let text = given.and_then(Value::as_str).unwrap_or_default().trim();
    match f.kind {
        FieldKind::Number => text.replace(',', "").parse::<f64>().map_or(Known::Null, Known::from),
        FieldKind::Checkbox => {
            let all: Vec<&str> = match given {
                Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
                Some(Value::String(one)) if !one.is_empty() => vec![one.as_str()],
                _ => vec![],
            };
            all.into_iter().map(Known::from).collect::<Vec<_>>().into()
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Two guide questions, one of them conditional, a repeated group, three materials.
    fn item() -> Elements {
        let mut e = Elements::blank();
        let yes_no = json!([{"value": "yes", "label": {"zh": "是"}}, {"value": "no", "label": {"zh": "否"}}]);
        e.form = serde_json::from_value(json!({ "groups": [
            { "key": "g", "title": {"zh": "情形"}, "is_guide": true, "fields": [
                { "key": "kind", "kind": "radio", "label": {"zh": "业态"}, "options": [
                    {"value": "1", "label": {"zh": "销售"}}, {"value": "2", "label": {"zh": "餐饮"}}] },
                { "key": "online", "kind": "radio", "label": {"zh": "网络"}, "options": yes_no, "only_if": "kind == '2'" },
                { "key": "platform", "kind": "text", "label": {"zh": "平台"}, "only_if": "online == 'yes'" },
                { "key": "area", "kind": "number", "label": {"zh": "面积"} },
            ]},
            { "key": "cars", "title": {"zh": "车辆"}, "most_rows": 3, "only_if": "kind == '2'", "fields": [
                { "key": "fuel", "kind": "text", "label": {"zh": "燃料"} },
                { "key": "tank", "kind": "text", "label": {"zh": "罐"}, "only_if": "fuel == 'gas'" },
            ]},
        ]}))
        .unwrap();
        let one = crate::catalogue::search_tests::seeded().remove(0).materials.remove(0);
        let m = |key: &str, need: &str, only_if: Option<&str>| Material {
            key: key.into(),
            need: need.into(),
            only_if: only_if.map(str::to_owned),
            ..one.clone()
        };
        e.materials = vec![
            m("always", "1", None),
            m("large", "2", Some("area > 150")),
            m("gas", "2", Some("cars.exists(c, c.fuel == 'gas')")),
            m("firm", "1", Some("applicant.kind == '2'")),
            m("maybe", "2", None),
        ];
        e
    }

    fn asked(applicant: &str, answers: Value) -> Vec<String> {
        item().relevant(applicant, answers.as_object().unwrap()).hidden()
    }

    #[test]
    fn what_is_asked_follows_from_the_answers() {
        let all = asked("2", json!({ "kind": "2", "online": "yes", "area": "1,500", "cars": [{"fuel": "gas"}] }));
        assert_eq!(all, Vec::<String>::new());
        let small = asked(
            "1",
            json!({ "kind": "2", "online": "no", "area": "20", "cars": [{"fuel": "oil"}, {"fuel": "gas"}] }),
        );
        assert_eq!(small, ["form.cars.0.tank", "form.platform", "material.firm", "material.large"]);
    }

    #[test]
    fn a_hidden_question_counts_as_not_answered() {
        let sold = asked("2", json!({ "kind": "1", "online": "yes", "area": "", "cars": [{"fuel": "gas"}] }));
        let hidden = [
            "form.cars.0.fuel",
            "form.cars.0.tank",
            "form.online",
            "form.platform",
            "group.cars",
            "material.gas",
            "material.large",
        ];
        assert_eq!(sold, hidden);
    }

    #[test]
    fn needed_is_what_always_or_here_is_needed() {
        let e = item();
        let asked = e.relevant("2", json!({ "area": "200" }).as_object().unwrap());
        let needed: Vec<&str> = e.materials.iter().filter(|m| asked.needs(m)).map(|m| m.key.as_str()).collect();
        assert_eq!(needed, ["always", "large", "firm"]);
        let taken: Vec<&str> = e.materials.iter().filter(|m| asked.takes(m)).map(|m| m.key.as_str()).collect();
        assert_eq!(taken, ["always", "large", "firm", "maybe"]);
    }

    #[test]
    fn conditions_in_a_circle_hide_nothing_and_end() {
        let mut e = item();
        e.form.groups[0].fields[0].only_if = Some("platform == ''".into());
        let answers = json!({ "kind": "2", "online": "yes" });
        assert!(e.relevant("1", answers.as_object().unwrap()).asks("online"));
    }
}
