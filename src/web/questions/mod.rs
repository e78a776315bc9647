//! The questions of an item's form, as a page asks them. Template: `{{part "partials/questions" s=…}}`, one section at a time.
//!
//! What is not asked with the answers so far stands in the page and is hidden: a script shows it as soon as it is asked ([`relevant`]),
//! without one it comes when the form was sent. Rows of a repeated group come and go by buttons named `rows`, whose values are
//! `add:<group>` and `remove:<group>.<n>`; `look` asks only for the page with what is asked now.

mod question;
pub mod relevant;

use serde::Serialize;
use serde_json::{Map, Value};

use super::form::Fields;
use crate::cases::Answers;
use crate::catalogue::{Codes, Elements, Field, FieldKind, Form, Group, Relevant, Shelved};
use crate::kernel::{FieldError, Text};
pub use question::{Choice, Question};

/// What belongs together, under one title.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    pub key: String,
    /// Not `title`: that is the layout's own in a template.
    pub name: Text,
    pub is_hidden: bool,
    pub questions: Vec<Question>,
    pub rows: Option<Rows>,
}

/// A kind of applicant that may be chosen.
#[derive(Debug, Clone, Serialize)]
pub struct Kind {
    pub code: String,
    pub name: Text,
    pub is_on: bool,
}

impl Kind {
    /// Those whom an item is for.
    pub fn all(e: &Elements, codes: &Codes, chosen: &str) -> Vec<Self> {
        let kind =
            |code: &String| Self { code: code.clone(), name: codes.name("audience", code), is_on: code == chosen };
        e.audience.iter().map(kind).collect()
    }
    pub fn samples() -> Vec<Self> {
        let kind =
            |code: &str, is_on| Self { code: code.into(), name: Text::new("企业 <b>", "Enterprise <b>"), is_on };
        vec![kind("1", false), kind("2", true)]
    }
}

/// The kind of applicant that a form says; the first that the item is for where it says none of them.
pub fn applicant<'a>(e: &'a Elements, fields: &Fields) -> &'a str {
    let said = fields.get("applicant.kind");
    e.audience.iter().find(|a| *a == said).or(e.audience.first()).map_or("", String::as_str)
}

/// A repeated group: its questions in rows.
#[derive(Debug, Clone, Serialize)]
pub struct Rows {
    /// `form.<group>`, the id of the place.
    pub name: String,
    pub most: u32,
    pub is_full: bool,
    /// Text `field-…` that concerns the rows together.
    pub code: Option<&'static str>,
    pub arg: Option<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// From 1.
    pub no: usize,
    /// `<group>.<n>`
    pub at: String,
    /// It was just added.
    pub is_fresh: bool,
    pub questions: Vec<Question>,
}

/// What a form shows beside its questions.
#[derive(Debug, Clone, Copy, Default)]
pub struct With<'a> {
    /// The answers that the account has.
    pub known: Option<&'a Answers>,
    pub faults: &'a [FieldError],
    /// The place that was just touched ([`rearrange`]).
    pub open: &'a str,
}

/// All questions with the answers so far, of an applicant of this kind.
pub fn sections(elements: &Elements, applicant: &str, answers: &Answers, with: With) -> Vec<Section> {
    let asks = Asks { relevant: elements.relevant(applicant, answers), answers, with };
    elements.form.groups.iter().map(|g| asks.section(g)).collect()
}

struct Asks<'a> {
    relevant: Relevant,
    answers: &'a Answers,
    with: With<'a>,
}

impl Asks<'_> {
    fn section(&self, g: &Group) -> Section {
        let one = |f: &Field| Question {
            is_hidden: !self.relevant.asks(&f.key),
            ..question::question(
                f,
                form(&f.key),
                self.answers.get(&f.key),
                self.with.known.and_then(|known| known.get(&f.key)),
                self.with.faults,
            )
        };
        Section {
            key: g.key.clone(),
            name: g.title.clone(),
            is_hidden: !self.relevant.asks_group(&g.key),
            questions: if g.is_repeated() { vec![] } else { g.fields.iter().map(one).collect() },
            rows: g.is_repeated().then(|| self.rows(g)),
        }
    }

    fn rows(&self, g: &Group) -> Rows {
        let given = self.answers.get(&g.key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (least, most) = (g.least_rows.unwrap_or(0), g.most_rows.unwrap_or(1));
        let count = given.len().max(least.max(1) as usize);
        let row = |n: usize| {
            let ask = |f: &Field| {
                let name = format!("{}.{n}.{}", g.key, f.key);
                let answer = given.get(n).and_then(|r| r.get(&f.key));
                let is_hidden = n < given.len() && !self.relevant.asks(&name);
                Question { is_hidden, ..question::question(f, form(&name), answer, None, self.with.faults) }
            };
            let at = format!("{}.{n}", g.key);
            let is_fresh = self.with.open == form(&at);
            Row { no: n + 1, at, is_fresh, questions: g.fields.iter().map(ask).collect() }
        };
        let name = form(&g.key);
        let fault = self.with.faults.iter().find(|f| f.field == name);
        Rows {
            code: fault.map(|f| f.code),
            arg: fault.and_then(|f| f.value.clone()),
            name,
            most,
            is_full: count >= most as usize,
            rows: (0..count).map(row).collect(),
        }
    }
}

fn form(key: &str) -> String {
    format!("form.{key}")
}

/// Where a page's script asks what is asked; empty when everything is.
pub fn watch(item: &Shelved) -> String {
    if item.elements.has_conditions() { format!("/relevant/{}", item.version_id) } else { String::new() }
}

/// What a form says to the questions. A question that the form does not have counts as not answered. Rows without an answer are left
/// out, but where a button says something of rows.
pub fn read(elements: &Elements, fields: &Fields) -> Answers {
    let mut answers = Answers::new();
    for group in &elements.form.groups {
        if !group.is_repeated() {
            read_fields(group, "", fields, &mut answers);
            continue;
        }
        let count: usize = fields.get(&format!("form.{}.n", group.key)).parse().unwrap_or(0);
        let row = |n: usize| {
            let mut row = Map::new();
            read_fields(group, &format!("{}.{n}.", group.key), fields, &mut row);
            (fields.has("rows") || !row.is_empty()).then_some(Value::Object(row))
        };
        // One more than may be, so that too many are told.
        let rows: Vec<Value> = (0..count.min(group.most_rows.unwrap_or(0) as usize + 1)).filter_map(row).collect();
        if !rows.is_empty() {
            answers.insert(group.key.clone(), rows.into());
        }
    }
    answers
}

/// Answers that are not in rows as fields of a form, which [`read`] reads.
pub fn pairs(answers: &Answers) -> Vec<(String, String)> {
    let texts = |value: &Value| match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        other => other.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    };
    answers.iter().flat_map(|(key, value)| texts(value).into_iter().map(move |text| (form(key), text))).collect()
}

fn read_fields(group: &Group, prefix: &str, fields: &Fields, answers: &mut Answers) {
    for field in &group.fields {
        let name = format!("form.{prefix}{}", field.key);
        if field.kind == FieldKind::Checkbox {
            let chosen: Vec<String> = fields.all(&name).iter().filter(|v| !v.is_empty()).cloned().collect();
            if !chosen.is_empty() {
                answers.insert(field.key.clone(), chosen.into());
            }
        } else if !fields.get(&name).is_empty() {
            answers.insert(field.key.clone(), fields.get(&name).into());
        }
    }
}

/// What a button named `rows` does to the answers. Returns the place to look at afterwards; nothing when no such button was pressed.
pub fn rearrange(form: &Form, answers: &mut Answers, fields: &Fields) -> Option<String> {
    let (act, place) = fields.get("rows").split_once(':').unwrap_or((fields.get("rows"), ""));
    let (key, n) = place.split_once('.').unwrap_or((place, ""));
    let group = form.groups.iter().find(|g| g.is_repeated() && g.key == key);
    let Some(group) = group else { return fields.has("rows").then(String::new) };
    let rows = answers.entry(group.key.clone()).or_insert_with(|| Value::Array(vec![]));
    let rows = rows.as_array_mut()?;
    match (act, n.parse::<usize>()) {
        ("add", _) if rows.len() < group.most_rows.unwrap_or(0) as usize => {
            rows.push(Value::Object(Map::new()));
            Some(format!("form.{}.{}", group.key, rows.len() - 1))
        }
        ("remove", Ok(n)) if n < rows.len() => {
            rows.remove(n);
            Some(format!("form.{}", group.key))
        }
        _ => Some(format!("form.{}", group.key)),
    }
}

/// What a place of the form is called: `form.<key>`, a repeated group, or a question in one of its rows.
pub fn label(elements: &Elements, key: &str) -> Option<Text> {
    let mut parts = key.split('.');
    let first = parts.next()?;
    let group = elements.form.groups.iter().find(|g| g.is_repeated() && g.key == first);
    let Some(group) = group else {
        return elements.form.single().find(|f| f.key == first).map(|f| f.label.clone());
    };
    let Some(no) = parts.next().and_then(|n| n.parse::<usize>().ok()) else { return Some(group.title.clone()) };
    let key = parts.next()?;
    let field = group.fields.iter().find(|f| f.key == key)?;
    let of = |title: &str, label: &str| format!("{title} {} · {label}", no + 1);
    Some(Text::new(of(&group.title.zh, &field.label.zh), of(&group.title.en, &field.label.en)))
}

impl Section {
    /// All shapes, answered and wrong, once and in rows, for the samples of pages.
    pub fn samples() -> Vec<Self> {
        let name = || Text::new("经营信息 <b>", "Business <b>");
        let plain =
            Self { key: "site".into(), name: name(), is_hidden: false, questions: Question::samples(""), rows: None };
        let row = |key: &str, no| {
            let at = format!("{key}.{}", no - 1);
            Row { no, is_fresh: no == 2, questions: Question::samples(&format!("{at}.")), at }
        };
        let rows = |key: &str, is_full| Rows {
            name: format!("form.{key}"),
            most: 3,
            is_full,
            code: is_full.then_some("rows-few"),
            arg: Some("1".into()),
            rows: vec![row(key, 1), row(key, 2)],
        };
        let repeated = |key: &str, is_full| Self {
            key: key.into(),
            is_hidden: is_full,
            questions: vec![],
            rows: Some(rows(key, is_full)),
            ..plain.clone()
        };
        vec![plain.clone(), repeated("cars", false), repeated("vans", true)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item() -> Elements {
        let mut e = Elements::blank();
        e.form = serde_json::from_value(json!({ "groups": [
            { "key": "g", "title": {"zh": "组"}, "fields": [
                { "key": "a", "kind": "text", "label": {"zh": "甲"} },
                { "key": "b", "kind": "text", "label": {"zh": "乙"}, "only_if": "a == 'x'" } ]},
            { "key": "cars", "title": {"zh": "车辆"}, "least_rows": 1, "most_rows": 2, "fields": [
                { "key": "no", "kind": "text", "label": {"zh": "车牌"} },
                { "key": "use", "kind": "checkbox", "label": {"zh": "用途"} } ]},
        ]}))
        .unwrap();
        e
    }

    fn sent(pairs: &[(&str, &str)]) -> (Answers, Option<String>) {
        let fields = Fields::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let mut answers = read(&item(), &fields);
        let place = rearrange(&item().form, &mut answers, &fields);
        (answers, place)
    }

    #[test]
    fn rows_are_read_and_empty_ones_left_out() {
        let rows = [("form.a", "1"), ("form.cars.n", "2"), ("form.cars.1.no", "云A1"), ("form.cars.1.use", "x")];
        let (answers, place) = sent(&rows);
        assert_eq!(Value::from(answers), json!({ "a": "1", "cars": [{ "no": "云A1", "use": ["x"] }] }));
        assert_eq!(place, None);
        let (many, _) = sent(&[("form.cars.n", "9999999"), ("form.cars.0.no", "a"), ("form.cars.7.no", "b")]);
        assert_eq!(Value::from(many), json!({ "cars": [{ "no": "a" }] }));
    }

    #[test]
    fn rows_come_and_go_by_buttons() {
        let one = [("form.cars.n", "1"), ("form.cars.0.no", "a")];
        let with = |rows| [one[0], one[1], ("rows", rows)];
        assert_eq!(Value::from(sent(&with("add:cars")).0), json!({ "cars": [{ "no": "a" }, {}] }));
        assert_eq!(sent(&with("add:cars")).1.as_deref(), Some("form.cars.1"));
        assert_eq!(Value::from(sent(&with("remove:cars.0")).0), json!({ "cars": [] }));
        let full = [("form.cars.n", "2"), ("form.cars.0.no", "a"), ("form.cars.1.no", "b"), ("rows", "add:cars")];
        assert_eq!(
            Value::from(sent(&full).0),
            json!({ "cars": [{ "no": "a" }, { "no": "b" }] }),
            "no more than may be"
        );
        assert_eq!(sent(&[("rows", "look")]).1.as_deref(), Some(""));
        assert_eq!(sent(&[("rows", "remove:g.0")]).1.as_deref(), Some(""), "no rows of what has none");
    }

    #[test]
    fn a_page_shows_as_many_rows_as_there_have_to_be_and_hides_what_is_not_asked() {
        let shown = |answers: Value| sections(&item(), "1", answers.as_object().unwrap(), With::default());
        let empty = shown(json!({}));
        assert!(empty[0].questions[1].is_hidden && !empty[0].questions[0].is_hidden);
        assert_eq!(empty[1].rows.as_ref().unwrap().rows[0].questions[0].name, "form.cars.0.no");
        let full = shown(json!({ "a": "x", "cars": [{ "no": "a" }, { "no": "b" }] }));
        assert!(!full[0].questions[1].is_hidden && full[1].rows.as_ref().unwrap().is_full);
        assert_eq!(full[1].rows.as_ref().unwrap().rows[1].questions[0].value, "b");
    }

    #[test]
    fn places_have_names() {
        let named = |key| label(&item(), key).map(|t| t.zh);
        assert_eq!(named("a").as_deref(), Some("甲"));
        assert_eq!(named("cars").as_deref(), Some("车辆"));
        assert_eq!(named("cars.1.no").as_deref(), Some("车辆 2 · 车牌"));
        assert_eq!(named("cars.1.zz"), None);
    }
}
