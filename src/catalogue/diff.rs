//! What differs between two versions of an item, element by element, in words that a reviewer reads.

use serde::Serialize;
use serde_json::Value;

use super::codes::Codes;
use super::doc::{at, plain};
use super::elements::{Element, Kind, SECTIONS, Section, TOPIC, has_key};
use super::model::Elements;
use super::papers;
use super::shelf::Shelf;
use super::topics::Topic;
use crate::kernel::{Fen, Lang, Result, Text};
use crate::render::texts;

/// One element that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub section: &'static str,
    /// Where it stands: 申请材料 › 营业执照 › 复印件份数.
    pub place: Vec<Text>,
    /// Nothing for a row that is new.
    pub before: Option<Text>,
    /// Nothing for a row that is gone.
    pub after: Option<Text>,
}

/// The differences in the order of the elements.
///
/// # Errors
/// None in practice: elements always are a document.
pub fn between(before: &Elements, after: &Elements, codes: &Codes) -> Result<Vec<Difference>> {
    let (before, after) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    Ok(SECTIONS.iter().flat_map(|section| within(section, &before, &after, codes)).collect())
}

/// The differences between two documents in the elements of a section.
pub fn within(section: &Section, before: &Value, after: &Value, codes: &Codes) -> Vec<Difference> {
    let mut diff = Diff { codes, section: section.key, place: vec![], found: vec![] };
    diff.elements(section.elements, before, after);
    diff.found
}

/// What differs between two states of a topic, its items called by their names.
///
/// # Errors
/// None in practice: topics always are a document.
pub fn between_topics(before: &Topic, after: &Topic, shelf: &Shelf, codes: &Codes) -> Result<Vec<Difference>> {
    let doc = |topic: &Topic| {
        let mut topic = topic.clone();
        for pick in &mut topic.items {
            if let Ok(item) = shelf.by_slug(&pick.item) {
                pick.item.clone_from(&item.elements.name.zh);
            }
        }
        serde_json::to_value(&topic)
    };
    let (before, after) = (doc(before)?, doc(after)?);
    Ok(within(&TOPIC, &before, &after, codes))
}

/// Where an element of a topic stands, in words: `items.food-operation-licence` is 引到的事项 › 食品经营许可. As far as the path leads.
pub fn place_in_topic(topic: &Topic, shelf: &Shelf, path: &str) -> Vec<Text> {
    if let Some(slug) = path.strip_prefix("items.") {
        let name = shelf.by_slug(slug).map_or_else(|_| same(slug.to_owned()), |i| i.elements.name.clone());
        return vec![named("element-topic-items"), name];
    }
    match path {
        "name" => vec![named("element-topic-name")],
        _ => place_of(&serde_json::to_value(topic).unwrap_or_default(), path),
    }
}

/// A text of the interface in both languages.
pub fn named(key: &str) -> Text {
    let of = |lang| texts().with(lang, key, &[]).into_owned();
    Text::new(of(Lang::Zh), of(Lang::En))
}

/// The name of an element.
pub fn name_of(element: &Element) -> Text {
    named(&format!("element-{}", element.name))
}

/// What a row is called: its first text.
pub fn title_of(row: &[Element], value: &Value) -> Text {
    let first = row.iter().find(|e| matches!(e.kind, Kind::Both { .. } | Kind::Line));
    first.map_or_else(Text::default, |e| match e.kind {
        Kind::Both { .. } => both(at(value, e.path)),
        _ => same(plain(at(value, e.path))),
    })
}

/// Where an element stands, in words: `materials.permit.type` is 申请材料 › 营业执照 › 材料类型. As far as the path leads.
pub fn place_of(doc: &Value, path: &str) -> Vec<Text> {
    let Some(section) = Section::of_path(path) else { return vec![] };
    if let Some(key) = path.strip_prefix("form.") {
        let groups = doc["form"]["groups"].as_array().into_iter().flatten();
        let mut fields = groups.flat_map(|g| g["fields"].as_array().into_iter().flatten());
        let field = fields.find(|f| f["key"] == key).map(|f| both(&f["label"]));
        return [named("section-form")].into_iter().chain(field).collect();
    }
    let begins = |e: &&Element| path == e.path || path.starts_with(&format!("{}.", e.path));
    let Some(element) = section.elements.iter().find(begins) else {
        return vec![named(&format!("section-{}", section.key))];
    };
    let mut place = vec![name_of(element)];
    let mut rest = path[element.path.len()..].trim_start_matches('.').splitn(2, '.');
    if let (Kind::Rows(row), Some(key)) = (element.kind, rest.next()) {
        let rows = at(doc, element.path).as_array();
        let found = rows.and_then(|all| all.iter().find(|r| r["key"] == key));
        place.extend(found.map(|r| title_of(row, r)).filter(|t| !t.zh.is_empty()));
        let inner = rest.next().or(found.is_none().then_some(key));
        place.extend(inner.and_then(|inner| row.iter().find(|e| e.path == inner)).map(name_of));
    }
    place
}

fn both(value: &Value) -> Text {
    Text::new(plain(&value["zh"]), plain(&value["en"]))
}

fn same(text: String) -> Text {
    Text::new(text, "")
}

/// A value as it is read, except texts in two languages and rows.
pub fn shown(kind: Kind, value: &Value, codes: &Codes) -> Text {
    let joined = |of: &dyn Fn(&Value) -> Text| {
        let all: Vec<Text> = value.as_array().into_iter().flatten().map(of).collect();
        let join = |lang, by: &str| all.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(by);
        Text::new(join(Lang::Zh, "、"), join(Lang::En, ", "))
    };
    let picked = |all: &[(&str, &str)], value: &Value| {
        let wanted = plain(value);
        let found = all.iter().find(|(v, _)| *v == wanted);
        found.map_or_else(|| same(wanted.clone()), |(_, key)| named(&format!("pick-{key}")))
    };
    match kind {
        Kind::Code { set, .. } | Kind::Fixed(set) => match plain(value) {
            none if none.is_empty() => Text::default(),
            code => codes.name(set, &code),
        },
        Kind::Codes(set) => joined(&|v| codes.name(set, &plain(v))),
        Kind::Pick(all) | Kind::Digit(all) => picked(all, value),
        Kind::Picks(all) => joined(&|v| picked(all, v)),
        Kind::Words => joined(&|v| same(plain(v))),
        Kind::Yes => named(if value.as_bool() == Some(true) { "pick-yes" } else { "pick-no" }),
        Kind::File => same(papers::title(&plain(value)).to_owned()),
        Kind::Money => same(value.as_i64().map(|n| Fen(n).to_string()).unwrap_or_default()),
        _ => same(plain(value)),
    }
}

/// Any value as it is read; rows by what they are called.
pub fn told(element: &Element, value: &Value, codes: &Codes) -> Text {
    match element.kind {
        Kind::Both { .. } => both(value),
        Kind::Rows(row) => titles(row, value.as_array().map_or(&[], Vec::as_slice)),
        kind => shown(kind, value, codes),
    }
}

/// What rows are called, one after the other.
fn titles(row: &[Element], list: &[Value]) -> Text {
    let all: Vec<Text> = list.iter().map(|v| title_of(row, v)).collect();
    let join = |lang, by: &str| all.iter().map(|t| t.get(lang)).collect::<Vec<_>>().join(by);
    Text::new(join(Lang::Zh, "、"), join(Lang::En, ", "))
}

struct Diff<'a> {
    codes: &'a Codes,
    section: &'static str,
    place: Vec<Text>,
    found: Vec<Difference>,
}

impl Diff<'_> {
    fn say(&mut self, names: impl IntoIterator<Item = Text>, before: Option<Text>, after: Option<Text>) {
        let place = self.place.iter().cloned().chain(names).filter(|t| !t.zh.is_empty()).collect();
        self.found.push(Difference { section: self.section, place, before, after });
    }

    fn elements(&mut self, elements: &[Element], before: &Value, after: &Value) {
        for e in elements {
            self.element(e, at(before, e.path), at(after, e.path));
        }
    }

    fn element(&mut self, e: &Element, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        match e.kind {
            Kind::Rows(row) => self.rows(e, row, before, after),
            Kind::Both { .. } => {
                let (old, new) = (both(before), both(after));
                if old.zh != new.zh {
                    self.say([name_of(e)], Some(same(old.zh)), Some(same(new.zh)));
                }
                if old.en != new.en {
                    self.say([name_of(e), named("element-in-english")], Some(same(old.en)), Some(same(new.en)));
                }
            }
            // A key is nothing that anybody reads.
            Kind::Key => {}
            kind => self.say([name_of(e)], Some(shown(kind, before, self.codes)), Some(shown(kind, after, self.codes))),
        }
    }

    /// Rows are the same by their key, those of a topic by their item; others that have none, when they are equal or else by their place among the rest.
    fn rows(&mut self, e: &Element, row: &[Element], before: &Value, after: &Value) {
        let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
        let (before, after) = (list(before), list(after));
        let key = match row {
            _ if has_key(row) => Some("key"),
            [first, ..] if first.path == "item" => Some("item"),
            _ => None,
        };
        let mut left: Vec<Option<&Value>> = before.iter().map(Some).collect();
        let mut pairs: Vec<(Option<usize>, &Value)> = vec![];
        for new in &after {
            let is_it = |old: &Value| key.map_or_else(|| old == new, |key| old[key] == new[key]);
            let found = left.iter().position(|old| old.is_some_and(is_it));
            if let Some(found) = found {
                left[found] = None;
            }
            pairs.push((found, new));
        }
        if key.is_none() {
            for (found, _) in pairs.iter_mut().filter(|(found, _)| found.is_none()) {
                *found = left.iter().position(Option::is_some);
                if let Some(at) = *found {
                    left[at] = None;
                }
            }
        }
        let kept: Vec<usize> = pairs.iter().filter_map(|(found, _)| *found).collect();
        for old in left.into_iter().flatten() {
            self.say([name_of(e)], Some(title_of(row, old)), None);
        }
        for (found, new) in pairs {
            let Some(old) = found.and_then(|at| before.get(at)) else {
                self.say([name_of(e)], None, Some(title_of(row, new)));
                continue;
            };
            self.place.extend([name_of(e), title_of(row, new)]);
            self.elements(row, old, new);
            self.place.truncate(self.place.len() - 2);
        }
        if !kept.is_sorted() {
            self.say([name_of(e), named("element-order")], Some(titles(row, &before)), Some(titles(row, &after)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::search_tests::seeded;

    fn changed(change: impl Fn(&mut Elements)) -> Vec<(String, Option<String>, Option<String>)> {
        let before = seeded().into_iter().find(|e| e.slug == "food-operation-licence").unwrap();
        let mut after = before.clone();
        change(&mut after);
        let place = |d: &Difference| d.place.iter().map(|t| t.zh.clone()).collect::<Vec<_>>().join(" › ");
        let found = between(&before, &after, &Codes::default()).unwrap();
        found
            .iter()
            .map(|d| (place(d), d.before.as_ref().map(|t| t.zh.clone()), d.after.as_ref().map(|t| t.zh.clone())))
            .collect()
    }

    #[test]
    fn nothing_differs_from_itself() {
        assert_eq!(changed(|_| ()), []);
    }

    #[test]
    fn an_element_differs_in_its_words_and_its_language() {
        let found = changed(|e| {
            e.limits.promised.days = 5;
            e.name.en = "Food licence".into();
        });
        assert_eq!(found[0].0, "事项名称 › 英文");
        assert_eq!(found[1], ("承诺办结时限".into(), Some("6".into()), Some("5".into())));
    }

    #[test]
    fn a_row_is_known_by_its_key_wherever_it_stands() {
        let found = changed(|e| {
            e.materials.swap(0, 1);
            e.materials[0].copies = 2;
        });
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].0, "申请材料 › 营业执照（或其他主体资格证明） › 复印件份数");
        assert_eq!(found[1].0, "申请材料 › 顺序");
    }

    #[test]
    fn a_finding_is_placed_in_words() {
        let item = seeded().into_iter().find(|e| e.slug == "food-operation-licence").unwrap();
        let doc = serde_json::to_value(&item).unwrap();
        let place = |path| place_of(&doc, path).iter().map(|t| t.zh.clone()).collect::<Vec<_>>().join(" › ");
        assert_eq!(place("materials.application.type"), "申请材料 › 食品经营许可申请书 › 材料类型");
        assert_eq!(place("materials.application"), "申请材料 › 食品经营许可申请书");
        assert_eq!(place("results.type"), "审批结果 › 审批结果类型");
        assert_eq!(place("limits.promised"), "时限和环节");
        assert_eq!(place("steps"), "办理环节");
        assert_eq!(place(&format!("form.{}", item.form.groups[0].fields[0].key)), "申报表单 › 主体业态");
    }

    #[test]
    fn rows_come_and_go() {
        let found = changed(|e| {
            let gone = e.materials.remove(1);
            e.conditions.insert(0, Text::new("新的条件", "A new condition"));
            e.materials.push(super::super::model::Material { key: "new".into(), ..gone });
        });
        let places: Vec<_> = found.iter().map(|f| (f.0.as_str(), f.1.is_some(), f.2.is_some())).collect();
        assert_eq!(places, [("受理条件", false, true), ("申请材料", true, false), ("申请材料", false, true)]);
    }
}
