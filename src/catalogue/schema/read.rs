//! A form that comes as JSON Schema 2020-12, with or without a layout: from another city's platform, from a department, or one that
//! went out from here.
//!
//! Taken are an object's properties that are texts, numbers, days, yes or no, choices (`enum`, or `oneOf` with `const`), lists of
//! choices, and lists of objects of these. What a form cannot ask, such as an object in an object, is refused and not left out silently.

use serde_json::{Map, Value};

use super::super::model::{Choice, Field, FieldKind, Form, Group};
use super::{DRAFT, ID_NUMBER, LONGEST_ANSWER, NUMBER, PHONE, USCC, within};
use crate::kernel::Text;

/// Why a schema does not become a form: where, and the code of its text (`field-<code>`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// JSON pointer.
    pub at: String,
    pub code: &'static str,
    /// What the validator says, where it says something.
    pub what: String,
}

/// Texts longer than this are asked in several lines.
const LONG: u64 = 200;
/// Rows of a list that says no number.
const ROWS: u32 = 20;

/// The form that a schema describes, in the order of its layout.
///
/// # Errors
/// All that keeps it from being one: `schema-draft`, `schema-invalid`, `schema-object`, `schema-kind`, `schema-key`.
pub fn read(schema: &Value, layout: Option<&Value>) -> Result<Form, Vec<Refused>> {
    let refused = |at: &str, code, what: String| vec![Refused { at: at.to_owned(), code, what }];
    let draft = schema["$schema"].as_str().unwrap_or(DRAFT);
    if draft.trim_end_matches('#') != DRAFT {
        return Err(refused("/$schema", "schema-draft", draft.to_owned()));
    }
    if let Err(e) = jsonschema::draft202012::meta::validate(schema) {
        let what: String = e.to_string().chars().take(LONG as usize).collect();
        return Err(refused(&e.instance_path().to_string(), "schema-invalid", what));
    }
    let Some(properties) = schema["properties"].as_object().filter(|p| !p.is_empty() && schema["type"] == "object")
    else {
        return Err(refused("", "schema-object", String::new()));
    };
    let mut reader = Reader { refused: vec![] };
    let groups = reader.groups(schema, properties, layout);
    if reader.refused.is_empty() { Ok(Form { groups }) } else { Err(reader.refused) }
}

struct Reader {
    refused: Vec<Refused>,
}

impl Reader {
    fn refuse(&mut self, at: &str, code: &'static str) {
        self.refused.push(Refused { at: at.to_owned(), code, what: String::new() });
    }

    fn groups(&mut self, schema: &Value, properties: &Map<String, Value>, layout: Option<&Value>) -> Vec<Group> {
        let mut left: Vec<&String> = properties.keys().collect();
        let mut groups = vec![];
        for (no, laid) in layout.into_iter().flat_map(|l| list(&l["elements"])).enumerate() {
            let keys: Vec<String> = controls(laid).filter(|(key, _)| left.contains(&key)).map(|(key, _)| key).collect();
            left.retain(|key| !keys.contains(key));
            let mut group = Group { title: text(&laid["label"], &laid["i18n"]["en"]), ..group(laid, no) };
            for key in keys {
                self.property(schema, &key, laid, &mut group, &mut groups);
            }
            if !group.fields.is_empty() {
                groups.push(group);
            }
        }
        let mut rest = Group { title: text(&schema["title"], &Value::Null), ..group(&Value::Null, groups.len()) };
        for key in left {
            self.property(schema, key, &Value::Null, &mut rest, &mut groups);
        }
        if !rest.fields.is_empty() {
            groups.push(rest);
        }
        groups
    }

    /// A field of the group, or a group of its own where the property is a list of objects.
    fn property(&mut self, schema: &Value, key: &str, laid: &Value, group: &mut Group, groups: &mut Vec<Group>) {
        let (p, at) = (&schema["properties"][key], format!("/properties/{key}"));
        if !is_key(key) {
            return self.refuse(&at, "schema-key");
        }
        if p["type"] == "array" && p["items"]["type"] == "object" {
            let at = format!("{at}/items");
            let inner = &p["items"];
            let details = controls(laid).find(|(k, _)| k == key).map(|(_, c)| c["options"]["detail"].clone());
            let details = details.unwrap_or_default();
            let number = |name: &str| p[name].as_u64().and_then(|n| u32::try_from(n).ok());
            let names: Vec<String> = ordered(&inner["properties"], &details);
            let fields = names.iter().filter_map(|k| self.field(inner, k, &details, None, &at)).collect();
            let title = text(&p["title"], &p["x-en"]);
            groups.push(Group {
                key: key.to_owned(),
                title: if title.zh.is_empty() { Text::new(key, "") } else { title },
                is_guide: false,
                only_if: p["x-only-if"].as_str().map(str::to_owned),
                least_rows: number("minItems").filter(|n| *n > 0),
                most_rows: Some(number("maxItems").filter(|n| *n > 0).unwrap_or(ROWS)),
                fields,
            });
        } else if let Some(field) = self.field(schema, key, laid, group.only_if.as_deref(), "") {
            group.fields.push(field);
        }
    }

    fn field(&mut self, schema: &Value, key: &str, laid: &Value, outer: Option<&str>, base: &str) -> Option<Field> {
        let (p, at) = (&schema["properties"][key], format!("{base}/properties/{key}"));
        if !is_key(key) {
            self.refuse(&at, "schema-key");
            return None;
        }
        let control = controls(laid).find(|(k, _)| k == key).map(|(_, c)| c["options"].clone()).unwrap_or_default();
        let Some(kind) = kind(p, &control) else {
            self.refuse(&at, "schema-kind");
            return None;
        };
        let said = p["x-only-if"].as_str();
        let is_listed = list(&schema["required"]).any(|k| k == key);
        let help = text(&p["description"], &p["x-help-en"]);
        let title = text(&p["title"], &p["x-en"]);
        let is_text = matches!(kind, FieldKind::Text | FieldKind::Textarea | FieldKind::Address);
        let length = p["maxLength"].as_u64().and_then(|n| usize::try_from(n).ok());
        Some(Field {
            key: key.to_owned(),
            fact: p["x-fact"].as_str().map(str::to_owned),
            kind,
            label: if title.zh.is_empty() { Text::new(key, "") } else { title },
            help: Some(help).filter(|h| !h.zh.is_empty()),
            required: is_listed || p["x-required"] == true,
            only_if: said.and_then(|said| own(outer, said)),
            max_length: length.filter(|n| is_text && *n < LONGEST_ANSWER),
            min: p["x-minimum"].as_f64().or(p["minimum"].as_f64()),
            max: p["x-maximum"].as_f64().or(p["maximum"].as_f64()),
            options: options(p, kind),
        })
    }
}

/// What is left of a condition that its group says already.
fn own(outer: Option<&str>, said: &str) -> Option<String> {
    let Some(outer) = outer else { return Some(said.to_owned()) };
    if said == outer {
        return None;
    }
    let inner = said.strip_prefix(&format!("({outer}) && (")).and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.filter(|inner| within(Some(outer), Some(inner)).as_deref() == Some(said));
    Some(inner.unwrap_or(said).to_owned())
}

fn group(laid: &Value, no: usize) -> Group {
    Group {
        key: laid["x-key"].as_str().filter(|k| is_key(k)).map_or_else(|| format!("g{}", no + 1), str::to_owned),
        title: Text::default(),
        is_guide: laid["x-guide"] == true,
        only_if: laid["x-only-if"].as_str().map(str::to_owned),
        least_rows: None,
        most_rows: None,
        fields: vec![],
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The controls of a group or layout, by the key that their scope ends with.
fn controls(laid: &Value) -> impl Iterator<Item = (String, &Value)> {
    list(&laid["elements"]).filter_map(|c| {
        let (_, key) = c["scope"].as_str()?.rsplit_once('/')?;
        Some((key.to_owned(), c))
    })
}

/// The names of properties: those that are laid out first, in that order.
fn ordered(properties: &Value, laid: &Value) -> Vec<String> {
    let all: Vec<String> = properties.as_object().into_iter().flat_map(|p| p.keys().cloned()).collect();
    let mut names: Vec<String> = controls(laid).map(|(key, _)| key).filter(|k| all.contains(k)).collect();
    names.dedup();
    let rest: Vec<String> = all.into_iter().filter(|k| !names.contains(k)).collect();
    names.extend(rest);
    names
}

/// Names that conditions can use.
fn is_key(key: &str) -> bool {
    let mut letters = key.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.len() <= 64
}

fn text(zh: &Value, en: &Value) -> Text {
    Text::new(zh.as_str().unwrap_or_default(), en.as_str().unwrap_or_default())
}

fn choices(p: &Value) -> bool {
    list(&p["oneOf"]).chain(list(&p["enum"])).next().is_some()
}

/// What kind of question asks for this; nothing where none does.
fn kind(p: &Value, control: &Value) -> Option<FieldKind> {
    if ["$ref", "allOf", "anyOf", "not", "if"].iter().any(|k| p.get(k).is_some()) {
        return None;
    }
    // It says itself what it was, where that fits what it is.
    let named = serde_json::from_value::<FieldKind>(p["x-kind"].clone()).ok();
    let found = match p["type"].as_str() {
        Some("array") if choices(&p["items"]) => FieldKind::Checkbox,
        Some("boolean") => FieldKind::Radio,
        Some("number" | "integer") => FieldKind::Number,
        Some("string") | None if choices(p) && control["format"] == "radio" => FieldKind::Radio,
        Some("string") | None if choices(p) => FieldKind::Select,
        Some("string") => match (p["format"].as_str(), p["pattern"].as_str()) {
            (Some("date"), _) => FieldKind::Date,
            (Some("email"), _) => FieldKind::Email,
            (_, Some(ID_NUMBER)) => FieldKind::IdNumber,
            (_, Some(USCC)) => FieldKind::Uscc,
            (_, Some(PHONE)) => FieldKind::Phone,
            (_, Some(NUMBER)) => FieldKind::Number,
            _ if control["multi"] == true || p["maxLength"].as_u64().is_some_and(|n| n > LONG) => FieldKind::Textarea,
            _ => FieldKind::Text,
        },
        _ => return None,
    };
    let is_choice = |k: FieldKind| matches!(k, FieldKind::Select | FieldKind::Radio);
    let is_text = |k: FieldKind| matches!(k, FieldKind::Text | FieldKind::Textarea | FieldKind::Address);
    let fits = |named: &FieldKind| {
        *named == found || (is_choice(*named) && is_choice(found)) || (is_text(*named) && is_text(found))
    };
    Some(named.filter(fits).unwrap_or(found))
}

fn options(p: &Value, kind: FieldKind) -> Option<Vec<Choice>> {
    if p["type"] == "boolean" {
        let choice = |value: &str, zh, en| Choice { value: value.into(), label: Text::new(zh, en) };
        return Some(vec![choice("true", "是", "Yes"), choice("false", "否", "No")]);
    }
    let from = if kind == FieldKind::Checkbox { &p["items"] } else { p };
    let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let said = |o: &Value| {
        let value = plain(&o["const"]);
        let label = text(&o["title"], &o["x-en"]);
        Choice { label: if label.zh.is_empty() { Text::new(&value, "") } else { label }, value }
    };
    let bare = |v: &Value| Choice { label: Text::new(plain(v), ""), value: plain(v) };
    let is_choice = matches!(kind, FieldKind::Select | FieldKind::Radio | FieldKind::Checkbox);
    is_choice.then(|| list(&from["oneOf"]).map(said).chain(list(&from["enum"]).map(bare)).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::super::{layout, schema};
    use super::*;
    use crate::catalogue::search_tests::seeded;

    #[test]
    fn a_form_that_went_out_comes_in_the_same() {
        for mut e in seeded() {
            // A length that the kind or the longest answer says already comes back as none.
            for f in e.form.groups.iter_mut().flat_map(|g| &mut g.fields) {
                let is_text = matches!(f.kind, FieldKind::Text | FieldKind::Textarea | FieldKind::Address);
                f.max_length = f.max_length.filter(|n| is_text && *n < LONGEST_ANSWER);
            }
            let form = read(&schema(&e, 3), Some(&layout(&e.form))).unwrap();
            for (was, is) in e.form.groups.iter().zip(&form.groups) {
                assert_eq!(is, was, "{}", e.slug);
            }
            assert_eq!(form.groups.len(), e.form.groups.len(), "{}", e.slug);
        }
    }

    /// As a form sends them.
    fn texts(answers: &Value) -> Value {
        match answers {
            Value::Number(n) => n.to_string().into(),
            Value::Array(all) => all.iter().map(texts).collect(),
            Value::Object(all) => all.iter().map(|(k, v)| (k.clone(), texts(v))).collect::<Map<_, _>>().into(),
            other => other.clone(),
        }
    }

    #[test]
    fn every_form_is_a_valid_schema_that_takes_its_answers() {
        let stories: Vec<Value> =
            serde_json::from_str(&std::fs::read_to_string("seed-data/demo/cases.json").unwrap()).unwrap();
        let mut n = 0;
        for e in seeded() {
            let validator = jsonschema::draft202012::new(&schema(&e, 1)).unwrap();
            for story in stories.iter().filter(|s| s["item"] == e.slug && s["path"] != "draft") {
                let answers = texts(&story["form"]);
                let faults: Vec<_> = validator.iter_errors(&answers).map(|e| e.to_string()).collect();
                assert!(faults.is_empty(), "{}: {faults:?}", e.slug);
                let mut strange = answers.clone();
                strange["no_such_question"] = "1".into();
                assert!(!validator.is_valid(&strange), "{}", e.slug);
                n += 1;
            }
        }
        assert!(n >= 20, "{n}");
    }

    #[test]
    fn a_schema_of_somebody_else_becomes_a_form() {
        let form = read(
            &json!({
                "type": "object", "title": "登记", "required": ["name"],
                "properties": {
                    "name": { "type": "string", "title": "姓名", "maxLength": 30 },
                    "story": { "type": "string", "maxLength": 1000 },
                    "age": { "type": "integer", "minimum": 18, "maximum": 70 },
                    "born": { "type": "string", "format": "date" },
                    "is_local": { "type": "boolean", "title": "本地户籍" },
                    "colour": { "enum": ["红", "绿"] },
                    "kinds": { "type": "array", "items": { "oneOf": [{ "const": "a", "title": "甲" }] } },
                    "people": { "type": "array", "maxItems": 3, "items": { "type": "object", "required": ["who"],
                        "properties": { "who": { "type": "string" } } } },
                }
            }),
            None,
        );
        let form = form.unwrap();
        let kinds: Vec<_> = form.fields().map(|f| (f.key.as_str(), f.kind, f.required)).collect();
        use FieldKind as K;
        assert_eq!(kinds[0], ("who", K::Text, true));
        let own: HashMap<_, _> = kinds[1..].iter().map(|(key, kind, _)| (*key, *kind)).collect();
        assert_eq!(own["name"], K::Text);
        assert_eq!((own["story"], own["age"], own["born"]), (K::Textarea, K::Number, K::Date));
        assert_eq!((own["is_local"], own["colour"], own["kinds"]), (K::Radio, K::Select, K::Checkbox));
        let age = form.fields().find(|f| f.key == "age").unwrap();
        assert_eq!((age.min, age.max), (Some(18.0), Some(70.0)));
        assert_eq!(form.groups[0].most_rows, Some(3));
        assert_eq!(form.groups[1].title.zh, "登记");
    }

    #[test]
    fn what_is_no_form_is_refused_with_its_place() {
        let code = |schema: Value| {
            let refused = read(&schema, None).unwrap_err();
            (refused[0].at.clone(), refused[0].code)
        };
        let of = |p: Value| json!({ "type": "object", "properties": { "a": p } });
        assert_eq!(code(json!({ "type": "objekt" })), ("/type".into(), "schema-invalid"));
        assert_eq!(
            code(of(json!({ "type": "string", "maxLength": -1 }))),
            ("/properties/a/maxLength".into(), "schema-invalid")
        );
        assert_eq!(code(json!({ "$schema": "http://json-schema.org/draft-07/schema#" })).1, "schema-draft");
        assert_eq!(code(json!(["x"])).1, "schema-invalid");
        assert_eq!(code(json!({ "type": "string" })).1, "schema-object");
        assert_eq!(code(of(json!({ "type": "object" }))), ("/properties/a".into(), "schema-kind"));
        assert_eq!(code(of(json!({ "$ref": "#/x" }))).1, "schema-kind");
        assert_eq!(code(of(json!(true))).1, "schema-kind");
        let key = json!({ "type": "object", "properties": { "姓名": { "type": "string" } } });
        assert_eq!(code(key), ("/properties/姓名".into(), "schema-key"));
    }
}
