//! From a form that was sent to elements, and the rows that come, go and move on the way. The names of a form's fields are the
//! paths of elements: `materials.3.name.zh`; `materials.n` says how many rows there are.

use serde_json::{Value, json};

use crate::catalogue::doc::{at, put};
use crate::catalogue::elements::{Element, Kind, Section, fresh_key};
use crate::catalogue::papers;
use crate::catalogue::{Condition, Elements};
use crate::kernel::{Day, Fen, FieldError, Result};
use crate::web::form::Fields;

/// Rows of a list, at most.
const MOST: usize = 200;

/// What was read, and what of it does not fit. What does not fit stands in the value as it was typed.
pub struct Filled {
    pub doc: Value,
    pub faults: Vec<FieldError>,
}

/// Writes what was sent for a section over a document.
pub fn section(section: &Section, doc: &Value, form: &Fields) -> Filled {
    let mut filled = Filled { doc: doc.clone(), faults: vec![] };
    let mut reader = Reader { form, faults: vec![] };
    for e in section.elements {
        let value = reader.element(e, e.path, at(doc, e.path));
        put(&mut filled.doc, e.path, value);
    }
    filled.faults = reader.faults;
    filled
}

/// The elements of a document.
pub fn elements(doc: Value) -> Result<Elements> {
    let mut elements: Elements = serde_json::from_value(doc)?;
    elements.form.tidy();
    Ok(elements)
}

pub fn join(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}.{path}"),
    }
}

struct Reader<'a> {
    form: &'a Fields,
    faults: Vec<FieldError>,
}

impl Reader<'_> {
    fn element(&mut self, e: &Element, name: &str, before: &Value) -> Value {
        let typed = self.form.get(name);
        match e.kind {
            Kind::Fixed(_) => before.clone(),
            Kind::Line | Kind::Area => tidy(typed).into(),
            Kind::Both { may_lack, .. } => {
                let of = |lang: &str| tidy(self.form.get(&format!("{name}.{lang}")));
                let (zh, en) = (of("zh"), of("en"));
                if may_lack && zh.is_empty() && en.is_empty() { Value::Null } else { json!({ "zh": zh, "en": en }) }
            }
            Kind::Code { may_lack, .. } if may_lack && typed.is_empty() => Value::Null,
            Kind::Code { .. } => typed.into(),
            Kind::Codes(_) | Kind::Picks(_) => chosen(self.form.all(name), before),
            Kind::Digit(_) => typed.parse::<i64>().map_or_else(|_| before.clone(), Value::from),
            Kind::Pick(all) => {
                let known = all.iter().find(|(value, _)| *value == typed).or(all.first());
                known.map_or("", |(value, _)| value).into()
            }
            Kind::Yes => self.form.has(name).into(),
            Kind::Whole { may_lack } if typed.is_empty() => {
                if !may_lack {
                    self.fault(name, "whole-missing");
                }
                Value::Null
            }
            Kind::Whole { .. } => self.number(name, typed.parse::<u32>().ok().map(Value::from), "number-whole"),
            Kind::Number if typed.is_empty() => Value::Null,
            Kind::Number => {
                let number = typed.parse::<f64>().ok().filter(|n| n.is_finite());
                self.number(name, number.map(Value::from), "number-shape")
            }
            Kind::Money => self.number(name, Fen::from_yuan(typed).map(|fen| fen.0.into()), "money-shape"),
            Kind::Words => {
                let words = typed.lines().map(str::trim).filter(|w| !w.is_empty());
                words.map(|w| Value::from(tidy(w))).collect::<Vec<_>>().into()
            }
            Kind::Day if typed.is_empty() => Value::Null,
            Kind::Day => self.number(name, typed.parse::<Day>().ok().map(|d| d.to_string().into()), "day-shape"),
            Kind::Condition if typed.is_empty() => Value::Null,
            Kind::Condition => {
                if let Err(wrong) = Condition::of(typed) {
                    let value = wrong.column().map(|column| column.to_string());
                    self.faults.push(FieldError { field: name.to_owned(), code: wrong.code(), value });
                }
                typed.into()
            }
            Kind::Key => if typed.is_empty() { fresh_key() } else { typed.to_owned() }.into(),
            Kind::File if typed.is_empty() || self.form.has(&format!("{name}.gone")) => Value::Null,
            // A name that leads elsewhere was not made here.
            Kind::File if !papers::is_name(typed) => before.clone(),
            Kind::File => typed.into(),
            Kind::Rows(row) => {
                let n = self.form.get(&format!("{name}.n")).parse().unwrap_or(0usize).min(MOST);
                (0..n).map(|at| self.row(row, &format!("{name}.{at}"), before)).collect::<Vec<_>>().into()
            }
        }
    }

    fn row(&mut self, row: &[Element], prefix: &str, before: &Value) -> Value {
        let key = self.form.get(&join(prefix, "key"));
        let same = before.as_array().and_then(|all| all.iter().find(|r| !key.is_empty() && r["key"] == key));
        let mut value = Value::Null;
        for e in row {
            let read = self.element(e, &join(prefix, e.path), at(same.unwrap_or(&Value::Null), e.path));
            put(&mut value, e.path, read);
        }
        value
    }

    /// The number, or what was typed with its fault.
    fn number(&mut self, name: &str, number: Option<Value>, code: &'static str) -> Value {
        number.unwrap_or_else(|| {
            self.fault(name, code);
            self.form.get(name).into()
        })
    }

    fn fault(&mut self, name: &str, code: &'static str) {
        self.faults.push(FieldError { field: name.to_owned(), code, value: None });
    }
}

/// What is chosen, in the order in which it stood: the first theme is the one that counts. A page shows them in the dictionary's order.
fn chosen(sent: &[String], before: &Value) -> Value {
    let place = |code: &String| before.as_array().and_then(|all| all.iter().position(|v| v == code));
    let mut all = sent.to_vec();
    all.sort_by_key(|code| place(code).unwrap_or(usize::MAX));
    all.into()
}

/// Line ends as they are everywhere but in forms.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What a button does to rows: `add:materials`, `remove:materials.3`, `up:…`, `down:…`. Returns the place to look at afterwards.
pub fn rearrange(section: &Section, doc: &mut Value, act: &str) -> Option<String> {
    let (act, path) = act.split_once(':')?;
    if act == "add" {
        let row = row_of(section, path)?;
        let list = list(doc, path)?;
        if list.len() < MOST {
            list.push(blank(row));
        }
        return Some(format!("{path}.{}", list.len() - 1));
    }
    let (path, place) = path.rsplit_once('.')?;
    let place: usize = place.parse().ok()?;
    row_of(section, path)?;
    let list = list(doc, path)?;
    match act {
        "remove" if place < list.len() => {
            list.remove(place);
            Some(format!("{path}-rows"))
        }
        "up" if place > 0 && place < list.len() => {
            list.swap(place, place - 1);
            Some(format!("{path}.{}", place - 1))
        }
        "down" if place + 1 < list.len() => {
            list.swap(place, place + 1);
            Some(format!("{path}.{}", place + 1))
        }
        _ => None,
    }
}

/// The address of a page after it was saved: at the place that [`rearrange`] touched.
pub fn saved(page: &str, place: Option<&str>) -> String {
    match place {
        Some(rows) if rows.ends_with("-rows") => format!("{page}?done=change-saved#{rows}"),
        Some(row) => format!("{page}?open={row}&done=change-saved#{row}-row"),
        None => format!("{page}?done=change-saved"),
    }
}

fn list<'a>(doc: &'a mut Value, path: &str) -> Option<&'a mut Vec<Value>> {
    let mut inner = doc;
    for name in path.split('.') {
        inner = match name.parse::<usize>() {
            Ok(at) => inner.get_mut(at)?,
            Err(_) => inner.get_mut(name)?,
        };
    }
    if inner.is_null() {
        *inner = Value::Array(vec![]);
    }
    inner.as_array_mut()
}

/// The elements of the rows at a path: `form.groups.0.fields`.
fn row_of(section: &Section, path: &str) -> Option<&'static [Element]> {
    let mut elements = section.elements;
    let mut name = String::new();
    let mut found = None;
    for part in path.split('.') {
        if part.parse::<usize>().is_ok() {
            elements = found.take()?;
            name.clear();
            continue;
        }
        name = join(&name, part);
        found = elements.iter().find(|e| e.path == name).and_then(|e| match e.kind {
            Kind::Rows(row) => Some(row),
            _ => None,
        });
    }
    found
}

/// An empty row.
fn blank(row: &[Element]) -> Value {
    let mut value = Value::Null;
    row.iter().for_each(|e| put(&mut value, e.path, e.blank()));
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::elements::SECTIONS;

    #[test]
    fn rows_of_rows_come_go_and_move() {
        let section = Section::find("form").unwrap();
        let mut doc = json!({ "form": { "groups": [] } });
        assert_eq!(rearrange(section, &mut doc, "add:form.groups").as_deref(), Some("form.groups.0"));
        assert_eq!(rearrange(section, &mut doc, "add:form.groups.0.fields").as_deref(), Some("form.groups.0.fields.0"));
        rearrange(section, &mut doc, "add:form.groups.0.fields");
        doc["form"]["groups"][0]["fields"][0]["label"]["zh"] = "甲".into();
        rearrange(section, &mut doc, "down:form.groups.0.fields.0");
        assert_eq!(doc["form"]["groups"][0]["fields"][1]["label"]["zh"], "甲");
        rearrange(section, &mut doc, "remove:form.groups.0.fields.0");
        assert_eq!(doc["form"]["groups"][0]["fields"].as_array().unwrap().len(), 1);
        for strange in
            ["add:materials", "remove:form.groups.7", "up:form.groups.0", "add:form.groups.0.key", "x", "add:"]
        {
            let before = doc.clone();
            assert_eq!(rearrange(section, &mut doc, strange), None, "{strange}");
            assert_eq!(doc, before);
        }
        assert!(SECTIONS.iter().all(|s| rearrange(s, &mut json!({}), "add:nothing").is_none()));
    }
}
