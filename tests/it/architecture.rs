//! The borders inside the program. Whoever needs a new arrow changes the map here, and sees the border move.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, files, sources, words};

/// What may be used by everything above it, and what each part of it may use.
const BASE: &[(&str, &[&str])] = &[
    // The column types of ids, instants and amounts stand with the types themselves.
    ("kernel", &["db"]),
    ("db", &["kernel"]),
    ("config", &["kernel"]),
    ("files", &["kernel"]),
    ("outside", &["kernel", "config"]),
    ("render", &["kernel"]),
    ("jobs", &["kernel", "db"]),
    ("audit", &["kernel", "db"]),
    ("calendar", &["kernel", "db"]),
];

/// The domains, and the other domains that each may use.
const DOMAINS: &[(&str, &[&str])] = &[
    ("identity", &[]),
    ("catalogue", &["identity"]),
    ("notifications", &["identity"]),
    ("windows", &["identity", "catalogue"]),
    ("cases", &["identity", "catalogue", "windows"]),
    ("approval", &["identity", "catalogue", "cases"]),
    ("exchange", &["identity", "catalogue", "cases"]),
    ("supervision", &["identity", "catalogue", "windows", "cases", "approval", "exchange", "notifications"]),
];

/// Above the domains: what each may use beside base and all domains.
const ABOVE: &[(&str, &[&str])] = &[
    ("flows", &[]),
    ("app", &["flows"]),
    ("work", &["app", "flows"]),
    ("worker", &["app", "flows", "work"]),
    ("api", &["app", "flows"]),
    // All routes stand on one page, those of the API as one scope.
    ("web", &["app", "flows", "api"]),
];

/// The simulated outside knows what is published, and nothing of how the platform works.
const SANDBOX: &[&str] = &["kernel", "exchange::protocol", "outside::sms_protocol", "outside::verifier_protocol"];

/// Whose tables carry which prefix.
const TABLES: &[(&str, &str)] = &[
    ("job", "jobs"),
    ("aud", "audit"),
    ("cal", "calendar"),
    ("idn", "identity"),
    ("cat", "catalogue"),
    ("win", "windows"),
    ("case", "cases"),
    ("apr", "approval"),
    ("exg", "exchange"),
    ("ntf", "notifications"),
];

/// Macros that stand at the root of the crate wherever they were written.
const MACROS: &[(&str, &str)] =
    &[("each_engine", "db"), ("multi_type", "db"), ("text_enum", "db"), ("id_type", "kernel")];

fn may_use(part: &str) -> Option<Vec<&'static str>> {
    let names = |list: &[(&'static str, &[&str])]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let of = |list: &'static [(&'static str, &'static [&'static str])]| {
        list.iter().find(|(name, _)| *name == part).map(|(_, may)| may.to_vec())
    };
    let with = |more: Vec<&'static str>| {
        move |mut own: Vec<&'static str>| {
            own.extend(more);
            own
        }
    };
    let base = names(BASE);
    of(BASE)
        .or_else(|| of(DOMAINS).map(with(base.clone())))
        .or_else(|| of(ABOVE).map(with([base, names(DOMAINS)].concat())))
        .or_else(|| (part == "sandbox").then(|| SANDBOX.to_vec()))
}

/// What a file names of the crate, as `part` or `part::module`.
fn used(source: &Source) -> Vec<String> {
    let mut found = vec![];
    for (at, _) in source.bare.match_indices("crate::") {
        if !source.bare[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            paths(&source.bare[at + "crate::".len()..], &mut found);
        }
    }
    found
}

/// The first two names of each path here: `a::b::C`, `{a::b, c}`.
fn paths(rest: &str, found: &mut Vec<String>) {
    let Some(group) = rest.strip_prefix('{') else {
        let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
        let names: Vec<&str> = path.split("::").take(2).filter(|n| !n.is_empty()).collect();
        found.push(names.join("::"));
        return;
    };
    let (mut depth, mut from) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                paths(group[from..at].trim(), found);
                return;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                paths(group[from..at].trim(), found);
                from = at + 1;
            }
            _ => {}
        }
    }
}

fn program() -> Vec<Source> {
    sources().into_iter().filter(|s| !s.is_test).collect()
}

/// Fails with all that was found.
#[track_caller]
fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn no_part_uses_what_the_map_does_not_show() {
    let mut wrong = vec![];
    for s in program() {
        let part = s.part();
        if matches!(part, "cli" | "lib" | "main") {
            continue;
        }
        let Some(may) = may_use(part) else {
            wrong.push(format!("{}: {part} is not on the map", s.path));
            continue;
        };
        for path in used(&s) {
            let first = path.split("::").next().unwrap();
            let first = MACROS.iter().find(|(name, _)| *name == first).map_or(first, |(_, home)| home);
            if first != part
                && first != "self"
                && !may.contains(&first)
                && !may.contains(&path.as_str())
                && !first.is_empty()
            {
                wrong.push(format!("{} uses crate::{path}", s.path));
            }
        }
    }
    none(wrong, "arrows that the map does not show");
}

#[test]
fn no_module_climbs_to_the_root() {
    let climbs = |s: &Source| {
        let chain = "super::".repeat(s.depth());
        s.bare.contains(&chain).then(|| s.path.clone())
    };
    let inside = |s: &&Source| !matches!(s.part(), "lib" | "main");
    let wrong = program().iter().filter(inside).filter_map(climbs).collect();
    none(wrong, "these leave their part by super:: and not by crate::");
}

#[test]
fn every_part_is_on_the_map() {
    let parts: BTreeSet<String> = program().iter().map(|s| s.part().to_owned()).collect();
    let all = [BASE, DOMAINS, ABOVE].concat();
    let mapped: BTreeSet<String> =
        all.iter().map(|(n, _)| *n).chain(["cli", "lib", "main", "sandbox"]).map(str::to_owned).collect();
    assert_eq!(parts, mapped);
    // A file and not only a wish: `lib.rs` has them all.
    let lib = std::fs::read_to_string(super::source::root().join("src/lib.rs")).unwrap();
    for part in &parts {
        assert!(matches!(part.as_str(), "lib" | "main") || lib.contains(&format!("pub mod {part};")), "{part}");
    }
}

/// Which crates stand in which files alone.
fn only(word: &str, may: impl Fn(&Source) -> bool) {
    let has = |s: &Source| words(&s.bare).any(|(_, w)| w == word);
    let wrong = program().into_iter().filter(|s| !may(s) && has(s)).map(|s| s.path).collect();
    none(wrong, &format!("`{word}` stands where it may not"));
}

fn is_store(s: &Source) -> bool {
    s.path.ends_with("/store.rs") || s.path.contains("/store/")
}

#[test]
fn sql_stands_in_stores_alone() {
    // The kernel's ids, instants and amounts are column types, by derives.
    let types = ["src/kernel/ids.rs", "src/kernel/time.rs", "src/kernel/money.rs"];
    only("diesel", |s| s.part() == "db" || is_store(s) || types.contains(&s.path.as_str()));
}

#[test]
fn http_stands_at_the_edge_alone() {
    only("actix_web", |s| matches!(s.part(), "web" | "api" | "sandbox"));
    only("actix_multipart", |s| matches!(s.part(), "web" | "api" | "sandbox"));
}

#[test]
fn the_network_is_reached_through_outside_alone() {
    // `cli` drives a platform from outside (tour, bench), as the sandbox does.
    only("reqwest", |s| matches!(s.part(), "outside" | "sandbox" | "cli"));
    only("lettre", |s| s.part() == "outside");
}

#[test]
fn time_comes_from_the_clock_alone() {
    for word in ["SystemTime", "Local", "UNIX_EPOCH"] {
        only(word, |s| s.part() == "kernel" || (word != "Local" && s.part() == "cli"));
    }
    let reads = |s: &Source| s.bare.contains("Utc::now") && s.part() != "kernel";
    none(program().into_iter().filter(reads).map(|s| s.path).collect(), "these read the time by themselves");
    // Domains and flows get it with the context.
    let inside: Vec<&str> = DOMAINS.iter().map(|(n, _)| *n).chain(["flows", "jobs", "audit", "calendar"]).collect();
    // `Clock` alone is a word of cases, too.
    let from_kernel = |s: &Source| {
        s.bare
            .split("crate::kernel::")
            .skip(1)
            .any(|rest| words(rest.split(';').next().unwrap()).any(|(_, w)| w == "Clock"))
    };
    let has_clock =
        |s: &Source| inside.contains(&s.part()) && (from_kernel(s) || words(&s.bare).any(|(_, w)| w == "Instant"));
    none(program().into_iter().filter(has_clock).map(|s| s.path).collect(), "these have a clock of their own");
}

#[test]
fn the_environment_is_read_by_the_settings_alone() {
    let reads = |s: &Source| {
        let bare = &s.bare;
        (bare.contains("env::var") || bare.contains("env::set_var") || bare.contains("use std::env"))
            && !matches!(s.part(), "config" | "cli")
    };
    none(program().into_iter().filter(reads).map(|s| s.path).collect(), "these read the environment");
}

#[test]
fn tables_are_touched_by_their_own_store_alone() {
    let schema = program().into_iter().find(|s| s.path == "src/db/schema.rs").unwrap();
    let mut tables = BTreeMap::new();
    for block in schema.code.split("diesel::table! {").skip(1) {
        let head = block.lines().find(|l| l.ends_with(") {")).unwrap().trim();
        let name = head.split_once(" (").unwrap().0.to_owned();
        let prefix = name.split('_').next().unwrap();
        let owner = TABLES.iter().find(|(p, _)| *p == prefix);
        tables.insert(name.clone(), owner.unwrap_or_else(|| panic!("{name} carries the prefix of no domain")).1);
    }
    assert!(tables.len() > 30, "{tables:?}");
    let mut wrong = vec![];
    for s in program().iter().filter(|s| s.part() != "db") {
        for (at, word) in words(&s.code) {
            let Some(owner) = tables.get(word) else { continue };
            let own = is_store(s) && s.part() == *owner;
            let reads_all = is_store(s) && s.part() == "supervision";
            // A sealed value is bound to the place where it lies: `seal("case_case.form", …)`.
            let is_place =
                s.part() == *owner && s.code[..at].ends_with('"') && s.code[at + word.len()..].starts_with('.');
            if !own && !reads_all && !is_place {
                wrong.push(format!("{} names {word} of {owner}", s.path));
            }
        }
    }
    none(wrong, "tables of others, or outside a store");
}

#[test]
fn supervision_changes_no_case() {
    let writes = |s: &&Source| s.part() == "supervision" && is_store(s);
    for s in program().iter().filter(writes) {
        for word in ["insert_into", "update", "delete"] {
            assert!(!words(&s.bare).any(|(_, w)| w == word), "{} has {word}", s.path);
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let all = files("src", ".rs").into_iter().chain(files("tests", ".rs"));
    let long = all.filter(|(path, text)| path != "src/db/schema.rs" && text.lines().count() > 500);
    none(long.map(|(path, text)| format!("{path}: {} lines", text.lines().count())).collect(), "over 500 lines");
}

#[test]
fn every_module_says_what_it_is() {
    let needs = |path: &str| path.ends_with("/mod.rs") || path.matches('/').count() == 1 || path.ends_with("/main.rs");
    let all = files("src", ".rs").into_iter().chain(files("tests/it", ".rs"));
    let silent = all.filter(|(path, text)| needs(path) && path != "src/main.rs" && !text.starts_with("//!"));
    none(silent.map(|(path, _)| path).collect(), "no header");
}
