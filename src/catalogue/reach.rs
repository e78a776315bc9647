//! Whether conditions make sense together: names that are there, no circles, nothing that never comes to be asked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::check::{Rule, Said};
use super::conditions::Condition;
use super::model::{Elements, Field, FieldKind, Group};
use super::relevant::Look;

/// So many combinations of answers are tried for one condition. Beyond that nothing is said.
const TRIED: usize = 3000;

/// Who has a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Owner<'a> {
    Group(&'a str),
    /// A field with its group where that is repeated.
    Field(&'a str, Option<&'a str>),
    Material(&'a str),
}

impl Owner<'_> {
    fn element(self) -> String {
        match self {
            Owner::Group(key) | Owner::Field(key, _) => format!("form.{key}"),
            Owner::Material(key) => format!("materials.{key}"),
        }
    }
}

/// All that is wrong with an item's conditions.
pub(super) fn check(e: &Elements) -> Vec<Said> {
    let mut said = vec![];
    let mut whole: HashMap<Owner, Arc<Condition>> = HashMap::new();
    for (owner, text) in conditions(e) {
        match Condition::of(text) {
            Err(_) => said.push((Rule::ConditionWrong, owner.element(), text.to_owned())),
            Ok(condition) => {
                let unknown = condition.names().iter().filter(|name| !is_known(e, name, owner));
                let unknown: Vec<&str> = unknown.map(String::as_str).collect();
                if unknown.is_empty() {
                    whole.insert(owner, condition);
                } else {
                    said.push((Rule::ConditionUnknown, owner.element(), unknown.join(", ")));
                }
            }
        }
    }
    let circles: Vec<Owner> = whole.keys().copied().filter(|o| reaches(e, &whole, *o, *o)).collect();
    if said.is_empty() && circles.is_empty() {
        let never = conditions(e).into_iter().filter(|(owner, _)| is_never(e, &whole, *owner));
        said.extend(never.map(|(owner, text)| (Rule::NeverAsked, owner.element(), text.to_owned())));
    }
    let mut names: Vec<String> = circles.iter().map(|o| o.element()).collect();
    names.sort();
    said.extend(names.iter().map(|name| (Rule::ConditionCircle, name.clone(), names.join(", "))));
    said
}

fn conditions(e: &Elements) -> Vec<(Owner<'_>, &str)> {
    let mut all = vec![];
    for g in &e.form.groups {
        all.extend(g.only_if.as_deref().map(|text| (Owner::Group(&g.key), text)));
        let row = g.is_repeated().then_some(g.key.as_str());
        all.extend(g.fields.iter().filter_map(|f| Some((Owner::Field(&f.key, row), f.only_if.as_deref()?))));
    }
    all.extend(e.materials.iter().filter_map(|m| Some((Owner::Material(&m.key), m.only_if.as_deref()?))));
    all
}

fn is_known(e: &Elements, name: &str, owner: Owner) -> bool {
    let own_row = |g: &Group| matches!(owner, Owner::Field(_, Some(row)) if row == g.key);
    let in_group = |g: &Group| match g.is_repeated() {
        true => g.key == name || own_row(g) && g.fields.iter().any(|f| f.key == name),
        false => g.fields.iter().any(|f| f.key == name),
    };
    name == "applicant" || e.form.groups.iter().any(in_group)
}

/// What an owner's condition depends on: the fields that it names and the groups these stand in.
fn next<'a>(e: &'a Elements, whole: &HashMap<Owner<'a>, Arc<Condition>>, owner: Owner<'a>) -> Vec<Owner<'a>> {
    let mut all = vec![];
    if let Owner::Field(key, _) = owner {
        let home = e.form.groups.iter().find(|g| g.fields.iter().any(|f| f.key == key));
        all.extend(home.map(|g| Owner::Group(&g.key)));
    }
    let names = whole.get(&owner).map(|c| c.names()).unwrap_or_default();
    for g in &e.form.groups {
        let row = g.is_repeated().then_some(g.key.as_str());
        if names.contains(&g.key) && row.is_some() {
            all.push(Owner::Group(&g.key));
        }
        all.extend(g.fields.iter().filter(|f| names.contains(&f.key)).map(|f| Owner::Field(&f.key, row)));
    }
    all
}

fn reaches<'a>(e: &'a Elements, whole: &HashMap<Owner<'a>, Arc<Condition>>, from: Owner<'a>, to: Owner<'a>) -> bool {
    let mut seen = HashSet::new();
    let mut left = next(e, whole, from);
    while let Some(owner) = left.pop() {
        if owner == to {
            return true;
        }
        if seen.insert(owner) {
            left.extend(next(e, whole, owner));
        }
    }
    false
}

/// Whether no answers bring an owner to be asked. All choices are tried, and numbers and texts about those that are compared with.
fn is_never<'a>(e: &'a Elements, whole: &HashMap<Owner<'a>, Arc<Condition>>, owner: Owner<'a>) -> bool {
    let mut owners: HashSet<Owner> = HashSet::from([owner]);
    let mut left = vec![owner];
    while let Some(o) = left.pop() {
        left.extend(next(e, whole, o).into_iter().filter(|n| owners.insert(*n)));
    }
    let of = |o: &Owner<'a>| whole.get(o).map(|c| c.literals()).unwrap_or_default();
    let texts: BTreeSet<&str> = owners.iter().flat_map(|o| of(o).0).map(String::as_str).collect();
    let numbers: Vec<f64> = owners.iter().flat_map(|o| of(o).1.to_vec()).collect();
    let mut axes: Vec<(&str, Vec<Value>)> = vec![];
    for g in &e.form.groups {
        let used: Vec<&Field> = g
            .fields
            .iter()
            .filter(|f| owners.iter().any(|o| matches!(o, Owner::Field(key, _) if *key == f.key)))
            .collect();
        if g.is_repeated() && (owners.contains(&Owner::Group(&g.key)) || !used.is_empty()) {
            axes.push((&g.key, rows(g, &texts, &numbers)));
        } else if !g.is_repeated() {
            axes.extend(used.into_iter().map(|f| (f.key.as_str(), tries(f, &texts, &numbers))));
        }
    }
    let asks_kind = owners.iter().any(|o| whole.get(o).is_some_and(|c| c.names().iter().any(|n| n == "applicant")));
    let kinds: Vec<&str> = match asks_kind {
        true => e.audience.iter().map(String::as_str).chain(e.audience.is_empty().then_some("")).collect(),
        false => vec![""],
    };
    let many = axes.iter().try_fold(kinds.len(), |n, (_, values)| n.checked_mul(values.len())).unwrap_or(usize::MAX);
    if many > TRIED {
        return false;
    }
    !(0..many).any(|at| {
        let (kind, mut rest) = (kinds[at % kinds.len()], at / kinds.len());
        let mut answers = Map::new();
        for (key, values) in &axes {
            answers.insert((*key).to_owned(), values[rest % values.len()].clone());
            rest /= values.len();
        }
        is_asked(e, owner, kind, &answers)
    })
}

fn is_asked(e: &Elements, owner: Owner, kind: &str, answers: &Map<String, Value>) -> bool {
    let look = Look::new(e, kind, answers);
    match owner {
        Owner::Group(key) => e.form.groups.iter().any(|g| g.key == key && look.is_group_asked(g)),
        Owner::Field(key, _) => e.form.groups.iter().any(|g| {
            let asked = |row| g.fields.iter().any(|f| f.key == key && look.is_asked(g, f, row));
            if g.is_repeated() { (0..look.rows(g).len()).any(|n| asked(Some(n))) } else { asked(None) }
        }),
        Owner::Material(key) => e.materials.iter().any(|m| m.key == key && look.takes(m)),
    }
}

/// Answers to try.
fn tries(f: &Field, texts: &BTreeSet<&str>, numbers: &[f64]) -> Vec<Value> {
    let options = || f.options.as_deref().unwrap_or_default().iter().map(|o| o.value.as_str());
    match f.kind {
        FieldKind::Select | FieldKind::Radio => options().chain([""]).map(Value::from).collect(),
        FieldKind::Checkbox => {
            let one = options().map(|o| json!([o]));
            one.chain([json!([]), options().collect::<Vec<_>>().into()]).collect()
        }
        FieldKind::Number => {
            let fits = |n: &f64| f.min.is_none_or(|min| *n >= min) && f.max.is_none_or(|max| *n <= max);
            let near = numbers.iter().flat_map(|n| [n - 1.0, *n, n + 1.0]).chain([0.0]).filter(fits);
            near.map(|n| Value::from(n.to_string())).chain([Value::from("")]).collect()
        }
        _ => texts.iter().copied().chain(["", "x"]).map(Value::from).collect(),
    }
}

/// No row, and each answer in one row and in as many as may be.
fn rows(g: &Group, texts: &BTreeSet<&str>, numbers: &[f64]) -> Vec<Value> {
    let mut all = vec![json!([])];
    for f in &g.fields {
        for value in tries(f, texts, numbers) {
            let row = json!({ f.key.clone(): value });
            all.push(Value::Array(vec![row.clone(); g.most_rows.unwrap_or(1).min(50) as usize]));
            all.push(Value::Array(vec![row]));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(groups: Value) -> Elements {
        let mut e = Elements::blank();
        e.audience = vec!["1".into(), "2".into()];
        e.form = serde_json::from_value(json!({ "groups": groups })).unwrap();
        e
    }

    fn one(fields: Value) -> Elements {
        item(json!([{ "key": "g", "title": {"zh": "组"}, "fields": fields }]))
    }

    fn field(key: &str, kind: &str, only_if: &str) -> Value {
        let options = json!([{"value": "1", "label": {"zh": "甲"}}, {"value": "2", "label": {"zh": "乙"}}]);
        json!({ "key": key, "kind": kind, "label": {"zh": key}, "options": options,
            "only_if": Some(only_if).filter(|t| !t.is_empty()) })
    }

    fn found(e: &Elements) -> Vec<(&'static str, String)> {
        check(e).into_iter().map(|(rule, element, _)| (rule.code(), element)).collect()
    }

    #[test]
    fn what_makes_sense_is_not_spoken_of() {
        let e = one(json!([
            field("a", "radio", ""),
            field("n", "number", "a == '2'"),
            field("b", "checkbox", "n > 150 && n <= 151"),
            field("c", "text", "'2' in b && applicant.kind == '2'"),
            field("d", "text", "c == '云川' || size(c) > 40"),
        ]));
        assert_eq!(found(&e), []);
    }

    #[test]
    fn circles_are_found_over_groups_too() {
        let e = one(json!([
            field("a", "radio", "b == '1'"),
            field("b", "radio", "a == '1'"),
            field("c", "text", "a == '1'")
        ]));
        assert_eq!(found(&e), [("condition-circle", "form.a".into()), ("condition-circle", "form.b".into())]);
        let itself = one(json!([field("a", "radio", "a == '1'")]));
        assert_eq!(found(&itself), [("condition-circle", "form.a".into())]);
        let mut over = one(json!([field("a", "radio", "")]));
        over.form.groups[0].only_if = Some("a == '1'".into());
        assert_eq!(found(&over), [("condition-circle", "form.g".into())]);
    }

    #[test]
    fn what_never_comes_is_found() {
        let e = one(json!([
            field("a", "radio", ""),
            field("b", "text", "a == '3'"),
            field("c", "text", "a == '1' && a == '2'"),
            field("d", "radio", "a == '1'"),
            field("e", "text", "d == '1' && a == '2'"),
        ]));
        let never = |key: &str| ("never-asked", format!("form.{key}"));
        assert_eq!(found(&e), [never("b"), never("c"), never("e")]);
        let mut kinds = one(json!([field("b", "text", "applicant.kind == '6'")]));
        assert_eq!(found(&kinds), [never("b")]);
        kinds.audience.push("6".into());
        assert_eq!(found(&kinds), []);
    }

    #[test]
    fn names_that_are_not_there_and_texts_that_are_no_condition() {
        let e = one(json!([field("a", "radio", "z == '1'"), field("b", "text", "a ==")]));
        assert_eq!(found(&e), [("condition-unknown", "form.a".into()), ("condition-wrong", "form.b".into())]);
        assert_eq!(check(&e)[0].2, "z");
    }

    #[test]
    fn rows_see_their_own_answers_and_others_see_the_rows() {
        let e = item(json!([
            { "key": "cars", "title": {"zh": "车"}, "most_rows": 3, "fields": [field("fuel", "radio", ""), field("tank", "text", "fuel == '2'")] },
            { "key": "more", "title": {"zh": "多"}, "only_if": "size(cars) > 2", "fields": [field("x", "text", "cars.exists(c, c.fuel == '1')")] },
        ]));
        assert_eq!(found(&e), []);
        let out = item(json!([
            { "key": "cars", "title": {"zh": "车"}, "most_rows": 3, "fields": [field("fuel", "radio", "")] },
            { "key": "more", "title": {"zh": "多"}, "only_if": "size(cars) > 3", "fields": [field("x", "text", "fuel == '1'")] },
        ]));
        assert_eq!(found(&out), [("condition-unknown", "form.x".into())]);
    }
}
