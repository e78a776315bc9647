//! Elements as a page shows them for editing.

use serde::Serialize;
use serde_json::Value;

use super::fill::join;
use crate::catalogue::Codes;
use crate::catalogue::diff::{name_of, named, shown, title_of};
use crate::catalogue::doc::{at, plain};
use crate::catalogue::elements::{Element, Kind, Section};
use crate::catalogue::papers;
use crate::kernel::{Fen, FieldError, Text};

/// One element.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Input {
    pub name: String,
    pub label: Text,
    /// Which of the template's boxes it is.
    pub shape: &'static str,
    pub value: String,
    pub en: String,
    /// What people read of a value that is not for reading: a file's name.
    pub told: String,
    pub is_on: bool,
    pub is_optional: bool,
    pub options: Vec<Choice>,
    /// Text `field-…`: what is wrong.
    pub code: Option<&'static str>,
    pub arg: Option<String>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: Text,
    pub is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// `materials.3`
    pub at: String,
    pub no: usize,
    pub title: Text,
    /// It is new, or something in it is wrong.
    pub is_open: bool,
    pub is_first: bool,
    pub is_last: bool,
    pub inputs: Vec<Input>,
}

/// The elements of a section. `open` is the place that was just touched.
pub fn of(section: &Section, doc: &Value, codes: &Codes, faults: &[FieldError], open: &str) -> Vec<Input> {
    let maker = Maker { codes, faults, open };
    section.elements.iter().map(|e| maker.input(e, e.path, at(doc, e.path))).collect()
}

struct Maker<'a> {
    codes: &'a Codes,
    faults: &'a [FieldError],
    open: &'a str,
}

impl Maker<'_> {
    fn input(&self, e: &Element, name: &str, value: &Value) -> Input {
        let fault = self.faults.iter().find(|f| f.field == name);
        let base = Input {
            name: name.to_owned(),
            label: name_of(e),
            code: fault.map(|f| f.code),
            arg: fault.and_then(|f| f.value.clone()),
            value: plain(value),
            ..Input::default()
        };
        let has = |wanted: &str| match value {
            Value::Array(all) => all.iter().any(|v| v == wanted),
            one => plain(one) == wanted,
        };
        let from_set = |set: &str| {
            let all = self.codes.set(set).iter();
            all.map(|c| Choice { is_on: has(&c.code), value: c.code.clone(), label: c.name.clone() }).collect()
        };
        let from_list = |list: &[(&str, &str)]| {
            let choice = |(value, key): &(&str, &str)| Choice {
                value: (*value).to_owned(),
                label: named(&format!("pick-{key}")),
                is_on: has(value),
            };
            list.iter().map(choice).collect()
        };
        match e.kind {
            Kind::Line => Input { shape: "line", ..base },
            Kind::Area => Input { shape: "area", ..base },
            Kind::Both { is_long, may_lack } => Input {
                shape: if is_long { "both-long" } else { "both" },
                value: plain(&value["zh"]),
                en: plain(&value["en"]),
                is_optional: may_lack,
                ..base
            },
            Kind::Code { set, may_lack } => {
                Input { shape: "pick", options: from_set(set), is_optional: may_lack, ..base }
            }
            Kind::Codes(set) => Input { shape: "picks", options: from_set(set), ..base },
            Kind::Pick(list) | Kind::Digit(list) => Input { shape: "pick", options: from_list(list), ..base },
            Kind::Picks(list) => Input { shape: "picks", options: from_list(list), ..base },
            Kind::Yes => Input { shape: "yes", is_on: value.as_bool() == Some(true), ..base },
            Kind::Whole { may_lack } => Input { shape: "number", is_optional: may_lack, ..base },
            Kind::Number => Input { shape: "number", is_optional: true, ..base },
            Kind::Day => Input { shape: "day", is_optional: true, ..base },
            Kind::Condition => Input { shape: "condition", is_optional: true, ..base },
            Kind::Money => {
                let value = value.as_i64().map_or_else(|| plain(value), |n| Fen(n).to_string());
                Input { shape: "number", value, ..base }
            }
            Kind::Words => {
                let words: Vec<_> = value.as_array().into_iter().flatten().map(plain).collect();
                Input { shape: "words", value: words.join("\n"), is_optional: true, ..base }
            }
            Kind::Fixed(_) => {
                let told = shown(e.kind, value, self.codes);
                Input { shape: "fixed", value: told.zh, en: told.en, ..base }
            }
            Kind::Key => Input { shape: "kept", ..base },
            Kind::File => {
                Input { shape: "file", told: papers::title(&base.value).to_owned(), is_optional: true, ..base }
            }
            Kind::Rows(row) => Input { shape: "rows", rows: self.rows(row, name, value), ..base },
        }
    }

    fn rows(&self, row: &[Element], name: &str, value: &Value) -> Vec<Row> {
        let all = value.as_array().map_or(&[][..], Vec::as_slice);
        let made = |(no, value): (usize, &Value)| {
            let prefix = format!("{name}.{no}");
            let inside = |path: &str| path == prefix || path.starts_with(&format!("{prefix}."));
            Row {
                no: no + 1,
                title: title_of(row, value),
                is_open: inside(self.open) || self.faults.iter().any(|f| inside(&f.field)),
                is_first: no == 0,
                is_last: no + 1 == all.len(),
                inputs: row
                    .iter()
                    .map(|e| {
                        let name = join(&prefix, e.path);
                        self.input(e, &name, at(value, e.path))
                    })
                    .collect(),
                at: prefix,
            }
        };
        all.iter().enumerate().map(made).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Elements;
    use crate::catalogue::elements::SECTIONS;
    use crate::web::catalogue::fill;
    use crate::web::form::Fields;

    /// What a browser would send of these inputs.
    fn sent(inputs: &[Input], out: &mut Vec<(String, String)>) {
        for i in inputs {
            match i.shape {
                "both" | "both-long" => {
                    out.push((format!("{}.zh", i.name), i.value.replace('\n', "\r\n")));
                    out.push((format!("{}.en", i.name), i.en.clone()));
                }
                "pick" => out.extend(i.options.iter().filter(|o| o.is_on).map(|o| (i.name.clone(), o.value.clone()))),
                "picks" => out.extend(i.options.iter().filter(|o| o.is_on).map(|o| (i.name.clone(), o.value.clone()))),
                "yes" if i.is_on => out.push((i.name.clone(), "1".into())),
                "yes" | "fixed" => {}
                "rows" => {
                    out.push((format!("{}.n", i.name), i.rows.len().to_string()));
                    i.rows.iter().for_each(|r| sent(&r.inputs, out));
                }
                _ => out.push((i.name.clone(), i.value.clone())),
            }
        }
    }

    #[test]
    fn what_is_shown_and_sent_back_is_the_same() {
        let codes = seeded_codes();
        let items = std::fs::read_dir("seed-data/catalogue/items").unwrap();
        let mut n = 0;
        for file in items {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let before: Elements = serde_json::from_str(&text).unwrap();
            let doc = serde_json::to_value(&before).unwrap();
            for section in SECTIONS {
                let mut pairs = vec![];
                sent(&of(section, &doc, &codes, &[], ""), &mut pairs);
                let filled = fill::section(section, &doc, &Fields::from_pairs(pairs));
                assert!(filled.faults.is_empty(), "{} {}: {:?}", before.slug, section.key, filled.faults);
                let after = fill::elements(filled.doc).unwrap();
                assert!(after == before, "{} {}", before.slug, section.key);
            }
            n += 1;
        }
        assert!(n >= 10);
    }

    fn seeded_codes() -> Codes {
        use crate::catalogue::Code;
        let read = |path: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() };
        let code = |v: &Value, name: &str| Code { code: plain(&v[name]), name: Text::default() };
        let list = |v: &Value, name: &str| v.as_array().unwrap().iter().map(|v| code(v, name)).collect::<Vec<_>>();
        let mut codes = Codes::default();
        for (set, rows) in read("seed-data/base/dictionaries.json").as_object().unwrap() {
            codes = codes.with(set, list(rows, "code"));
        }
        codes
            .with("hall", list(&read("seed-data/base/halls.json"), "code"))
            .with("fact", list(&read("seed-data/base/facts.json"), "key"))
            .with("department", list(&read("seed-data/base/departments.json"), "key"))
    }
}
