//! A true item with one thing made wrong at a time.

use super::*;
use crate::kernel::{Fen, Text};

fn item() -> Elements {
    let files = std::fs::read_dir("seed-data/catalogue/items").unwrap();
    let mut all = files.map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap());
    let text = all.find(|text| text.contains("\"slug\": \"food-operation-licence\"")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn codes() -> Codes {
    #[derive(serde::Deserialize)]
    struct Row {
        code: String,
        zh: String,
    }
    let text = std::fs::read_to_string("seed-data/base/dictionaries.json").unwrap();
    let sets: HashMap<String, Vec<Row>> = serde_json::from_str(&text).unwrap();
    let rows = sets
        .into_iter()
        .flat_map(|(set, rows)| rows.into_iter().map(move |r| (set.clone(), r.code, Text::new(r.zh, ""))));
    Codes::new(rows)
}

fn facts(e: &Elements) -> HashSet<String> {
    e.form.fields().filter_map(|f| f.fact.clone()).collect()
}

/// Rules and elements that are found when this is changed, and were not before.
fn found(change: impl Fn(&mut Elements)) -> Vec<(&'static str, String)> {
    let (codes, sound) = (codes(), item());
    let facts = facts(&sound);
    let before = Checker::new(&codes, &facts).one(&sound);
    let mut e = sound;
    change(&mut e);
    let after = Checker::new(&codes, &facts).one(&e);
    let was = |f: &Finding| before.iter().any(|b| b.rule == f.rule && b.element == f.element);
    after.into_iter().filter(|f| !was(f)).map(|f| (f.rule, f.element)).collect()
}

#[test]
fn a_true_item_has_no_errors() {
    let (codes, item) = (codes(), item());
    let facts = facts(&item);
    let errors = Checker::new(&codes, &facts).one(&item).into_iter().filter(|f| f.severity == Severity::Error);
    assert_eq!(errors.collect::<Vec<_>>(), []);
}

#[test]
fn each_fault_is_named_with_its_element() {
    let one = |rule: &'static str, element: &str, change: fn(&mut Elements)| {
        assert_eq!(found(change), [(rule, element.to_owned())], "{rule}");
    };
    one("code-structure", "code", |e| e.code.replace_range(0..1, "7"));
    one("code-structure", "code", |e| e.code.push('é'));
    one("assurance-order", "assurance.collect", |e| e.assurance.collect = 0);
    one("assurance-order", "assurance.consent", |e| e.assurance.consent = 0);
    one("assurance-order", "assurance.sign", |e| e.assurance.sign = 5);
    one("fresh-without-face", "assurance.sign_fresh", |e| e.assurance.sign_fresh = true);
    one("unknown-code", "type", |e| e.item_type = "77".into());
    one("unknown-code", "themes.person", |e| e.themes.person.push("999".into()));
    one("promise-too-long", "limits.promised", |e| e.limits.promised.days = e.limits.legal.days + 1);
    one("immediate-with-days", "limits.promised", |e| e.kind = CaseKind::Immediate);
    one("fees", "fees", |e| e.fees.charged = true);
    one("missing", "basis", |e| e.basis.clear());
    one("missing", "remedy", |e| e.remedy = Text::default());
    one("no-english", "name", |e| e.name.en.clear());
    one("nowhere", "halls", |e| {
        e.halls.clear();
        e.online.enabled = false;
    });
}

#[test]
fn steps_fit_into_the_promise() {
    let with = |days: u32| {
        let (codes, mut e) = (codes(), item());
        e.limits.promised.days = 10;
        e.steps.truncate(1);
        e.steps[0].days = days;
        let found = Checker::new(&codes, &facts(&e)).one(&e);
        found.iter().any(|f| f.rule == "steps-too-long")
    };
    assert_eq!((with(10), with(11)), (false, true));
}

#[test]
fn fees_want_a_basis() {
    let fee = |basis: &str| crate::catalogue::Fee {
        name: Text::new("证书工本费", "Certificate"),
        standard: Text::new("10 元", "10 yuan"),
        amount_fen: Fen::default(),
        basis: basis.into(),
        reduction: None,
    };
    let with = |basis: &'static str| {
        found(move |e| {
            e.fees.charged = true;
            e.fees.rows = vec![fee(basis)];
        })
    };
    assert_eq!(with(""), [("fees", "fees".to_owned())]);
    assert_eq!(with("发改价格〔2015〕1 号"), []);
}

#[test]
fn materials_are_compared_by_what_they_are() {
    let twice = found(|e| {
        let mut copy = e.materials[0].clone();
        copy.key = "again".into();
        copy.name.zh = format!("{}（复印件）", copy.name.zh);
        e.materials.push(copy);
    });
    assert_eq!(twice, [("material-twice", "materials.again".to_owned())]);
    let key = found(|e| {
        let mut copy = e.materials[0].clone();
        copy.name.zh = "另一份材料".into();
        e.materials.push(copy);
    });
    assert!(key.contains(&("key-twice", "materials".to_owned())), "{key:?}");
}

#[test]
fn items_are_compared_with_one_another() {
    let (codes, a) = (codes(), item());
    let facts = facts(&a);
    let mut b = a.clone();
    b.slug = "another".into();
    let all = Checker::new(&codes, &facts).all([&a, &b].into_iter());
    assert_eq!(all.iter().filter(|f| f.rule == "name-twice").count(), 1);
}

#[test]
fn a_licence_has_one_name() {
    let called = |name: &'static str| {
        let rules = found(move |e| {
            e.materials[0].licence_type = Some("001".into());
            e.materials[0].name.zh = name.into();
        });
        rules.into_iter().filter(|(rule, _)| *rule == "two-names").count()
    };
    assert_eq!(codes().name("licence_type", "001").zh, "居民身份证");
    assert_eq!((called("身份证"), called("居民身份证（复印件）"), called("监护人的身份证")), (1, 0, 0));
}
