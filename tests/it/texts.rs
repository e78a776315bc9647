//! The texts: both languages say the same things, nothing is missing, and nothing is left over.

use std::collections::{BTreeMap, BTreeSet};

use cloudmart::audit::acts;
use cloudmart::catalogue::changes;
use cloudmart::catalogue::elements::{Element, Kind as ElementKind, SECTIONS, TOPIC};
use cloudmart::kernel::{Lang, Permission, Realm};
use cloudmart::outside::verifier_protocol::FaceOutcome;
use cloudmart::render::{Texts, texts};
use cloudmart::{approval, audit, cases, catalogue, exchange, identity};

use super::source::{files, sources, strings};

/// Keys that are made from a code: the prefix, and the codes that it must know.
fn families() -> Vec<(&'static str, Vec<&'static str>)> {
    fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|c| code(*c)).collect()
    }
    let states = codes(cases::State::ALL, cases::State::code);
    vec![
        ("case-state-", states.into_iter().filter(|s| *s != "draft").collect()),
        ("case-event-", codes(cases::Event::ALL, cases::Event::code)),
        ("case-channel-", codes(cases::Channel::ALL, cases::Channel::code)),
        ("case-decision-", codes(cases::Decision::ALL, cases::Decision::code)),
        ("notice-title-", codes(cases::NoticeKind::ALL, cases::NoticeKind::code)),
        ("case-due-", vec!["ok", "soon", "today", "over", "over-now", "none"]),
        ("item-state-", codes(catalogue::ItemState::ALL, catalogue::ItemState::code)),
        ("change-state-", codes(changes::ChangeState::ALL, changes::ChangeState::code)),
        ("change-kind-", codes(changes::ChangeKind::ALL, changes::ChangeKind::code)),
        ("cat-none-", codes(changes::ChangeState::ALL, changes::ChangeState::code)),
        ("rule-", codes(catalogue::Rule::ALL, catalogue::Rule::code)),
        ("import-state-", codes(catalogue::imports::ImportState::ALL, catalogue::imports::ImportState::code)),
        ("import-why-", vec!["twice", "no-item", "code", "whole", "number", "money", "yes", "shape", "body", "rule"]),
        ("mode-", codes(catalogue::Mode::ALL, catalogue::Mode::code)),
        ("mode-text-", codes(catalogue::Mode::ALL, catalogue::Mode::code)),
        ("unmet-", codes(catalogue::Unmet::ALL, catalogue::Unmet::code)),
        ("severity-", vec!["error", "warning"]),
        ("section-", SECTIONS.iter().map(|s| s.key).collect()),
        ("element-", elements(|e| Some(e.name))),
        ("near-for-", codes(cloudmart::windows::Function::ALL, cloudmart::windows::Function::code)),
        ("facts-holder-", catalogue::dictionaries::HOLDERS.to_vec()),
        ("codes-kept-", vec!["relied", "used", "last"]),
        ("codes-set-", sets().leak().iter().map(String::as_str).collect()),
        ("how-", codes(identity::How::ALL, identity::How::code)),
        ("client-scope-", cloudmart::api::guard::SCOPES.to_vec()),
        ("renew-", vec!["authenticator", "recovery"]),
        ("permission-", codes(&Permission::ALL, Permission::code)),
        ("permission-text-", codes(&Permission::ALL, Permission::code)),
        ("realm-", codes(&Realm::ALL, Realm::code)),
        ("kept-by-", vec!["inactive", "over", "no-hall", "no-department"]),
        ("request-kind-", codes(identity::RequestKind::ALL, identity::RequestKind::code)),
        ("request-state-", vec!["lapsed", "confirmed", "refused", "withdrawn"]),
        ("act-", acts::ACTS.iter().map(|(action, _)| &*acts::key(action).leak()).collect()),
        ("object-", acts::OBJECTS.to_vec()),
        ("audit-family-", codes(acts::Family::ALL, acts::Family::code)),
        ("audit-kind-", audit::search::KINDS.to_vec()),
        ("audit-outcome-", codes(audit::Outcome::ALL, audit::Outcome::code)),
        ("audit-fault-", codes(audit::verify::Wrong::ALL, audit::verify::Wrong::code)),
        ("audit-check-", vec!["waiting", "whole", "faulty", "failed"]),
        ("look-purpose-", codes(audit::looks::Purpose::ALL, audit::looks::Purpose::code)),
        ("code-title-", codes(identity::codes::Purpose::ALL, identity::codes::Purpose::code)),
        ("code-lead-", codes(identity::codes::Purpose::ALL, identity::codes::Purpose::code)),
        ("code-act-", codes(identity::codes::Purpose::ALL, identity::codes::Purpose::code)),
        ("sms-", codes(identity::codes::Purpose::ALL, identity::codes::Purpose::code)),
        ("mandate-kind-", codes(identity::MandateKind::ALL, identity::MandateKind::code)),
        ("mandate-state-", codes(identity::MandateState::ALL, identity::MandateState::code)),
        ("mandate-end-", codes(identity::MandateEnd::ALL, identity::MandateEnd::code)),
        ("mandate-ending-", vec!["left", "declined", "revoked"]),
        ("mandate-ending-text-", vec!["left", "declined", "revoked"]),
        ("mandate-ending-do-", vec!["left", "declined", "revoked"]),
        ("power-", codes(identity::Power::ALL, identity::Power::code)),
        ("acting-add-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("acting-lead-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-name-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-name-hint-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-number-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-number-hint-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-next-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-how-", codes(identity::PrincipalKind::ALL, identity::PrincipalKind::code)),
        ("represent-refused-legal-", vec!["mismatch", "unknown", "deceased"]),
        ("represent-refused-minor-", vec!["mismatch", "unknown", "deceased"]),
        ("evidence-kind-", codes(identity::EvidenceKind::ALL, identity::EvidenceKind::code)),
        ("evidence-via-", codes(identity::Via::ALL, identity::Via::code)),
        ("factor-", codes(&identity::assurance::FACTORS[1..], identity::EvidenceKind::code)),
        ("step-", codes(catalogue::Act::ALL, catalogue::Act::code)),
        ("window-purpose-", codes(identity::window::Purpose::ALL, identity::window::Purpose::code)),
        ("window-card-", identity::window::CARDS.to_vec()),
        ("level-name-", vec!["0", "1", "2", "3", "4"]),
        ("level-text-", vec!["0", "1", "2", "3", "4"]),
        ("guide-identity-", vec!["0", "1", "2", "3", "4"]),
        ("face-state-", codes(&FaceOutcome::ENDS, FaceOutcome::code)),
        ("face-next-", codes(&FaceOutcome::ENDS, FaceOutcome::code)),
        ("desk-proposal-", codes(cases::Decision::ALL, cases::Decision::code)),
    ]
}

/// The sets of the dictionaries.
fn sets() -> Vec<String> {
    let all: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string("seed-data/base/dictionaries.json").unwrap()).unwrap();
    all.keys().cloned().collect()
}

/// Something of every element of the catalogue, also of those in rows.
fn elements(of: fn(&Element) -> Option<&'static str>) -> Vec<&'static str> {
    fn walk(all: &'static [Element], of: fn(&Element) -> Option<&'static str>, found: &mut Vec<&'static str>) {
        for e in all {
            found.extend(of(e));
            if let ElementKind::Rows(row) = e.kind {
                walk(row, of, found);
            }
        }
    }
    let mut found = vec![];
    SECTIONS.iter().chain([&TOPIC]).for_each(|s| walk(s.elements, of, &mut found));
    found
}

/// Every message of a language with its text: arguments stand in it as `$name`.
fn messages(lang: Lang) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (_, text) in files(&format!("templates/texts/{}", lang.tag()), ".ftl") {
        let mut key = String::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let head = line.split_once('=').filter(|(k, _)| !line.starts_with([' ', '}']) && !k.trim().contains(' '));
            let value = match head {
                Some((name, value)) => {
                    name.trim().clone_into(&mut key);
                    value
                }
                None => line,
            };
            let whole: &mut String = all.entry(key.clone()).or_default();
            whole.push('\n');
            whole.push_str(value);
        }
    }
    all.remove("");
    all
}

/// The arguments that a text shows, and those by which it only chooses its words (a plural, which Chinese has none of).
fn arguments(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut shown, mut chosen) = (BTreeSet::new(), BTreeSet::new());
    for rest in text.split('$').skip(1) {
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let chooses = rest[name.len()..].trim_start().starts_with("->");
        if chooses { &mut chosen } else { &mut shown }.insert(name);
    }
    (shown, chosen)
}

/// What a text has to be given, for both languages.
fn wanted(key: &str, all: &[BTreeMap<String, String>]) -> BTreeSet<String> {
    let both = all.iter().filter_map(|m| Some(arguments(m.get(key)?)));
    both.flat_map(|(shown, chosen)| shown.into_iter().chain(chosen)).collect()
}

/// What stands between the brace that begins here and the one that ends it.
fn inside(rest: &str) -> &str {
    let mut depth = 1;
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &rest[..at];
        }
        before = c;
    }
    rest
}

/// The arguments of a call, split at its own commas.
fn split(arguments: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth, mut quoted) = (vec![], 0, 0, false);
    for (at, c) in arguments.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(&arguments[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&arguments[from..]);
    parts
}

/// The expressions of a template, without its comments.
fn expressions(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    while let Some(from) = text.find("{{!--") {
        let to = text[from..].find("--}}").map_or(text.len(), |end| from + end + 4);
        text.replace_range(from..to, "");
    }
    text.split("{{").skip(1).map(|part| part.split("}}").next().unwrap().to_owned()).collect()
}

fn is_key(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(fits) && !text.ends_with('-')
}

/// What templates and code say of texts.
#[derive(Default)]
struct Uses {
    /// `t "key" a=… b=…`: where, the key, and the names of the arguments.
    calls: Vec<(String, String, BTreeSet<String>)>,
    /// Beginnings of keys, of `concat "prefix-" …` and `format!("prefix-{…}")`.
    prefixes: BTreeSet<String>,
    /// All that stands in quotes anywhere.
    literals: BTreeSet<String>,
}

fn uses() -> Uses {
    let mut uses = Uses::default();
    for (path, template) in files("templates", ".hbs") {
        for expression in expressions(&template) {
            uses.literals.extend(strings(&expression).into_iter().map(str::to_owned));
            let begins = |what: &str| {
                let at = expression.match_indices(what).map(|(at, w)| at + w.len()).collect::<Vec<_>>();
                at.into_iter().map(|at| expression[at..].to_owned()).collect::<Vec<_>>()
            };
            for rest in begins("concat \"") {
                uses.prefixes.insert(rest.split('"').next().unwrap().to_owned());
            }
            let whole = expression.strip_prefix("t \"").map(str::to_owned);
            for call in begins("(t \"").into_iter().chain(whole) {
                let (key, rest) = call.split_once('"').unwrap();
                let rest = inside(rest);
                let names = rest.split('=').rev().skip(1).filter_map(|p| p.split([' ', '(']).next_back());
                uses.calls.push((path.clone(), key.to_owned(), names.map(str::to_owned).collect()));
            }
        }
    }
    for source in sources().iter().filter(|s| !s.is_test) {
        for literal in strings(&source.code) {
            match literal.split_once('{') {
                Some((prefix, _)) if prefix.ends_with('-') => drop(uses.prefixes.insert(prefix.to_owned())),
                _ => drop(uses.literals.insert(literal.to_owned())),
            }
            if let Some((_, done)) = literal.split_once("done=") {
                uses.literals.insert(done.split(['&', '#']).next().unwrap().to_owned());
            }
        }
    }
    uses
}

/// Codes of errors and of fields as the code names them, each with a place.
fn codes() -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut errors, mut fields) = (BTreeMap::new(), BTreeMap::new());
    // The simulated world outside speaks for itself.
    for s in sources().iter().filter(|s| !s.is_test && s.path != "src/kernel/error.rs" && s.part() != "sandbox") {
        let calls = |name: &str| {
            let places = s.code.match_indices(name).map(|(at, n)| inside(&s.code[at + n.len()..])).collect::<Vec<_>>();
            places.into_iter()
        };
        let keep = |to: &mut BTreeMap<String, String>, part: &str| {
            for code in strings(part).into_iter().filter(|c| is_key(c)) {
                to.entry(code.to_owned()).or_insert_with(|| s.path.clone());
            }
        };
        for call in ["Error::invalid(", "Error::conflict(", "Error::outside("].into_iter().flat_map(calls) {
            keep(&mut errors, call);
        }
        for call in calls("Error::new(") {
            split(call).into_iter().skip(1).for_each(|part| keep(&mut errors, part));
        }
        for call in ["Error::field(", " refused(", "(refused(", " fault(", "(fault("].into_iter().flat_map(calls) {
            split(call).into_iter().skip(1).take(1).for_each(|part| keep(&mut fields, part));
        }
        for call in calls("FieldError {") {
            let code = split(call).into_iter().filter(|part| part.trim_start().starts_with("code:"));
            code.for_each(|part| keep(&mut fields, part));
        }
        // Functions that only name what is wrong (`kernel::numbers`, `files`) return the code of a field.
        for call in calls(" Err(").filter(|call| call.starts_with('"') && call.ends_with('"')) {
            keep(&mut fields, call);
        }
    }
    // Those that every use of the constructors has.
    for code in ["internal", "not-found", "forbidden", "unauthenticated", "busy", "form-invalid"] {
        errors.insert(code.into(), "src/kernel/error.rs".into());
    }
    (errors, fields)
}

#[track_caller]
fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn every_text_parses_and_stands_once() {
    none(texts().faults.clone(), "faults");
    for lang in Lang::ALL {
        let keys = Texts::keys(lang);
        let twice: Vec<String> = keys.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0].clone()).collect();
        none(twice, "twice");
        assert_eq!(
            messages(lang).into_keys().collect::<Vec<_>>(),
            keys,
            "this test reads the files as the program does"
        );
        for key in &keys {
            assert!(texts().has(lang, key), "{key} has no text in {}", lang.tag());
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let (zh, en) = (messages(Lang::Zh), messages(Lang::En));
    let keys = |m: &BTreeMap<String, String>| m.keys().cloned().collect::<BTreeSet<_>>();
    let lacks =
        |what: &str, list: BTreeSet<String>| list.into_iter().map(|k| format!("{k}: no {what}")).collect::<Vec<_>>();
    let mut wrong = lacks("English", &keys(&zh) - &keys(&en));
    wrong.extend(lacks("Chinese", &keys(&en) - &keys(&zh)));
    for (key, text) in &zh {
        let Some(other) = en.get(key) else { continue };
        let ((shown, chosen), (other_shown, other_chosen)) = (arguments(text), arguments(other));
        let fits = shown.difference(&other_shown).all(|a| other_chosen.contains(a))
            && other_shown.difference(&shown).all(|a| chosen.contains(a));
        if !fits {
            wrong.push(format!("{key}: {shown:?} in Chinese, {other_shown:?} in English"));
        }
    }
    none(wrong, "the languages differ");
}

#[test]
fn every_text_is_in_its_language() {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    // Names that are the same in both, and the sign of the other language.
    let may = ["language-", "app-name"];
    let foreign = |(key, text): &(String, String)| !may.iter().any(|m| key.starts_with(m)) && text.contains(is_han);
    let chinese = messages(Lang::En).into_iter().filter(foreign).map(|(key, text)| format!("{key} ={text}"));
    none(chinese.collect(), "Chinese in the English texts");
}

#[test]
fn no_text_is_missing() {
    let both = [messages(Lang::Zh), messages(Lang::En)];
    let all = &both[0];
    let mut wrong = vec![];
    for (path, key, given) in uses().calls {
        let wanted = wanted(&key, &both);
        if !all.contains_key(&key) {
            wrong.push(format!("{path}: {key} is missing"));
        } else if wanted != given {
            wrong.push(format!("{path}: {key} has the arguments {wanted:?} and is given {given:?}"));
        }
    }
    for (prefix, codes) in families() {
        assert!(!codes.is_empty());
        let missing = codes.into_iter().map(|c| format!("{prefix}{c}")).filter(|k| !all.contains_key(k));
        wrong.extend(missing.map(|k| format!("{k} is missing")));
    }
    for prefix in uses().prefixes.iter().filter(|p| !p.contains('/')) {
        let is_text = files("templates", ".hbs").iter().any(|(_, t)| t.contains(&format!("concat \"{prefix}\"")));
        if is_text && !all.keys().any(|k| k.starts_with(prefix)) && !is_class(prefix) {
            wrong.push(format!("no text begins with {prefix}"));
        }
    }
    none(wrong, "texts");
}

/// `concat` also makes names of CSS classes and addresses.
fn is_class(prefix: &str) -> bool {
    prefix.contains("--") || prefix.starts_with('#')
}

#[test]
fn every_refusal_has_its_sentence() {
    let all = messages(Lang::Zh);
    let (errors, fields) = codes();
    assert!(errors.len() > 40 && fields.len() > 25, "{} {}", errors.len(), fields.len());
    let mut wrong = vec![];
    let mut look = |prefix: &str, codes: BTreeMap<String, String>| {
        for (code, path) in codes {
            if !all.contains_key(&format!("{prefix}-{code}")) {
                wrong.push(format!("{path}: {prefix}-{code} is missing"));
            }
        }
    };
    look("error", errors);
    look("field", fields);
    none(wrong, "codes without a text");
}

#[test]
fn what_was_done_is_said() {
    let all = messages(Lang::Zh);
    let mut wrong = vec![];
    for s in sources().iter().filter(|s| s.part() == "web" && !s.is_test) {
        for (at, name) in s.code.match_indices("redirect(") {
            let arguments = split(inside(&s.code[at + name.len()..]));
            let [_, done, ..] = arguments[..] else { continue };
            for code in strings(done).into_iter().filter(|c| is_key(c)) {
                let key = format!("done-{code}");
                if !all.contains_key(&key) {
                    wrong.push(format!("{}: {key} is missing", s.path));
                }
            }
        }
    }
    none(wrong, "sentences after an act");
}

#[test]
fn no_text_is_left_over() {
    let uses = uses();
    let mut known: BTreeSet<String> = uses.literals.clone();
    for (_, codes) in families() {
        known.extend(codes.into_iter().map(str::to_owned));
    }
    known.extend(approval::ApprovalStep::ALL.iter().map(|s| s.code().to_owned()));
    known.extend(exchange::DispatchState::ALL.iter().map(|s| s.code().to_owned()));
    // Codes that are data.
    for (_, data) in files("seed-data/base", ".json") {
        known.extend(strings(&data).into_iter().map(str::to_owned));
    }
    let is_code = |suffix: &str| {
        let two = || {
            suffix.match_indices('-').any(|(at, _)| known.contains(&suffix[..at]) && known.contains(&suffix[at + 1..]))
        };
        known.contains(suffix)
            || ["true", "false"].contains(&suffix)
            || suffix.chars().all(|c| c.is_ascii_digit())
            || two()
    };
    let is_used = |key: &String| {
        known.contains(key) || uses.prefixes.iter().any(|p| key.strip_prefix(p.as_str()).is_some_and(is_code))
    };
    none(Texts::keys(Lang::Zh).into_iter().filter(|k| !is_used(k)).collect(), "nobody uses these texts");
}
