//! Finding an item: a search field, what narrows the list, and the list.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::guidance::topic::Link;
use super::shown::Row;
use crate::catalogue::diff::named;
use crate::catalogue::{Answer, Ask, Audience, Chosen, MAX_QUERY, Mode, Shelf};
use crate::kernel::{Lang, Text};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded};
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::page;

const PAGE_SIZE: usize = 20;

#[derive(Debug, Serialize)]
pub struct Items {
    q: String,
    rows: Vec<Row>,
    total: usize,
    pager: Vec<Leaf>,
    previous: Option<String>,
    next: Option<String>,
    /// `person`, `enterprise` or nothing
    audience: &'static str,
    person: usize,
    enterprise: usize,
    no_visit: usize,
    is_no_visit: bool,
    groups: Vec<Group>,
    /// What is chosen, each with the address of the list without it.
    chips: Vec<Chip>,
    /// The address of the list with nothing chosen, and how many items it has.
    all: String,
    all_total: usize,
    /// Shown when nothing was found.
    instead: Vec<Row>,
    /// Wishes that fit what was typed.
    topics: Vec<Link>,
}

/// A link of the pager, or a gap in it.
#[derive(Debug, Clone, Serialize)]
struct Leaf {
    no: usize,
    href: String,
    is_current: bool,
    is_gap: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Group {
    /// Name of the field.
    key: &'static str,
    /// Text key
    label: &'static str,
    is_open: bool,
    choices: Vec<Choice>,
}

#[derive(Debug, Clone, Serialize)]
struct Choice {
    value: String,
    name: Text,
    count: usize,
    is_chosen: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Chip {
    /// A text key, or nothing when it has a name of the catalogue.
    key: &'static str,
    name: Text,
    href: String,
}

impl View for Items {
    const TEMPLATE: &'static str = "public/items";
    fn samples() -> Vec<Self> {
        let leaf = |no, is_current, is_gap| Leaf { no, href: format!("/items?page={no}"), is_current, is_gap };
        let name = Text::new("市市场监督管理局", "Market Regulation");
        let choice = Choice { value: "scjg".into(), name: name.clone(), count: 3, is_chosen: true };
        let full = Self {
            q: "食品".into(),
            rows: vec![Row::sample(), Row::sample_at_once()],
            total: 60,
            pager: vec![leaf(1, true, false), leaf(2, false, false), leaf(0, false, true), leaf(3, false, false)],
            previous: Some("/items?page=1".into()),
            next: Some("/items?page=3".into()),
            audience: "person",
            person: 4,
            enterprise: 5,
            no_visit: 3,
            is_no_visit: true,
            groups: vec![Group { key: "dep", label: "items-by-dep", is_open: true, choices: vec![choice] }],
            chips: vec![
                Chip { key: "", name, href: "/items".into() },
                Chip { key: "items-no-visit", name: Text::default(), href: "/items".into() },
            ],
            all: "/items?q=x".into(),
            all_total: 9,
            instead: vec![],
            topics: vec![Link::sample()],
        };
        let whole =
            Self { q: String::new(), chips: vec![], previous: None, next: None, pager: vec![], ..samples_none() };
        vec![full, samples_none(), Self { all_total: 0, chips: vec![], ..samples_none() }, whole]
    }
}

/// Nothing found.
fn samples_none() -> Items {
    Items {
        q: "量子<b>".into(),
        rows: vec![],
        total: 0,
        pager: vec![],
        previous: None,
        next: None,
        audience: "",
        person: 0,
        enterprise: 0,
        no_visit: 0,
        is_no_visit: false,
        groups: vec![],
        chips: vec![Chip { key: "items-for-person", name: Text::default(), href: "/items".into() }],
        all: "/items".into(),
        all_total: 2,
        instead: vec![Row::sample()],
        topics: vec![],
    }
}

pub async fn show(who: Anyone, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let asked = Fields::from_pairs(query.into_inner());
    let shelf = who.app.books().shelf;
    Ok(page::show(&who, &items(&shelf, &ask(&asked), who.ctx.lang))?)
}

/// What an address asks for. Unknown choices are kept: they fit nothing, and are seen and taken back as the others.
fn ask(asked: &Fields) -> Ask {
    let all = |name: &str| {
        let mut values: Vec<String> = asked.all(name).iter().filter(|v| !v.is_empty()).take(30).cloned().collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    let text: String = asked.get("q").chars().filter(|c| !c.is_control()).take(MAX_QUERY).collect();
    Ask {
        text: text.trim().to_owned(),
        chosen: Chosen {
            audience: Audience::from_code(asked.get("for")),
            departments: all("dep"),
            themes: all("theme"),
            types: all("type"),
            modes: all("mode"),
            no_visit: asked.get("visits") == "0",
        },
        page: asked.get("page").parse().unwrap_or(1),
        size: PAGE_SIZE,
    }
}

/// The address of a list.
fn address(text: &str, chosen: &Chosen, page: usize) -> String {
    let mut pairs: Vec<(&str, &str)> = vec![];
    if !text.is_empty() {
        pairs.push(("q", text));
    }
    pairs.extend(chosen.audience.map(|a| ("for", a.code())));
    pairs.extend(chosen.departments.iter().map(|d| ("dep", d.as_str())));
    pairs.extend(chosen.themes.iter().map(|d| ("theme", d.as_str())));
    pairs.extend(chosen.types.iter().map(|d| ("type", d.as_str())));
    pairs.extend(chosen.modes.iter().map(|m| ("mode", m.as_str())));
    if chosen.no_visit {
        pairs.push(("visits", "0"));
    }
    let number = page.to_string();
    if page > 1 {
        pairs.push(("page", &number));
    }
    let query: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={}", form_urlencoded(v))).collect();
    if query.is_empty() { "/items".into() } else { format!("/items?{}", query.join("&")) }
}

fn items(shelf: &Shelf, ask: &Ask, lang: Lang) -> Items {
    let found = shelf.search(ask);
    let row = |i: &std::sync::Arc<crate::catalogue::Shelved>| Row::new(shelf, i, lang, &ask.text);
    let (all_total, instead) = match found.total {
        0 => beside(shelf, ask, lang),
        _ => (0, vec![]),
    };
    let to = |page| address(&ask.text, &ask.chosen, page);
    Items {
        q: ask.text.clone(),
        rows: found.items.iter().map(row).collect(),
        total: found.total,
        pager: leaves(found.page, found.pages, to),
        previous: (found.page > 1).then(|| to(found.page - 1)),
        next: (found.page < found.pages).then(|| to(found.page + 1)),
        audience: ask.chosen.audience.map_or("", Audience::code),
        person: found.counts.person,
        enterprise: found.counts.enterprise,
        no_visit: found.counts.no_visit,
        is_no_visit: ask.chosen.no_visit,
        groups: groups(shelf, ask, &found),
        chips: chips(shelf, ask),
        all: address(&ask.text, &Chosen::default(), 1),
        all_total,
        instead,
        topics: if found.page == 1 {
            shelf.topics_for(&ask.text).iter().map(|t| Link::of(t)).collect()
        } else {
            vec![]
        },
    }
}

/// What to offer when nothing was found: the same words with nothing chosen, or else complete items.
fn beside(shelf: &Shelf, ask: &Ask, lang: Lang) -> (usize, Vec<Row>) {
    let of = |text: &str| shelf.search(&Ask { text: text.into(), chosen: Chosen::default(), page: 1, size: 5 });
    let wider = of(&ask.text);
    let shown = if wider.total > 0 { wider.items } else { of("").items };
    (wider.total, shown.iter().map(|i| Row::new(shelf, i, lang, "")).collect())
}

/// First, last, and two on each side of the current one.
fn leaves(page: usize, pages: usize, to: impl Fn(usize) -> String) -> Vec<Leaf> {
    let mut all: Vec<Leaf> = vec![];
    let mut before = 0;
    for no in (1..=pages).filter(|no| *no == 1 || *no == pages || no.abs_diff(page) <= 2) {
        if no > before + 1 {
            all.push(Leaf { no: 0, href: String::new(), is_current: false, is_gap: true });
        }
        all.push(Leaf { no, href: to(no), is_current: no == page, is_gap: false });
        before = no;
    }
    if pages > 1 { all } else { vec![] }
}

fn groups(shelf: &Shelf, ask: &Ask, found: &Answer) -> Vec<Group> {
    let codes = shelf.codes();
    let from_set = |set: &str, counts: &std::collections::HashMap<String, usize>, chosen: &[String]| {
        let choice = |c: &crate::catalogue::Code| {
            let count = counts.get(&c.code).copied().unwrap_or_default();
            let is_chosen = chosen.contains(&c.code);
            (count > 0 || is_chosen).then(|| Choice { value: c.code.clone(), name: c.name.clone(), count, is_chosen })
        };
        codes.set(set).iter().filter_map(choice).collect::<Vec<_>>()
    };
    let mut departments: Vec<Choice> = vec![];
    for d in shelf.departments() {
        let count = found.counts.departments.get(&d.key).copied().unwrap_or_default();
        let is_chosen = ask.chosen.departments.contains(&d.key);
        if count > 0 || is_chosen {
            departments.push(Choice { value: d.key.clone(), name: d.short.clone(), count, is_chosen });
        }
    }
    departments.sort_by_key(|c| std::cmp::Reverse(c.count));
    let themes = |set: &str, other: Audience| match ask.chosen.audience {
        Some(audience) if audience == other => vec![],
        _ => from_set(set, &found.counts.themes, &ask.chosen.themes),
    };
    let (person, enterprise) =
        (themes("theme_person", Audience::Enterprise), themes("theme_enterprise", Audience::Person));
    let types = from_set("item_type", &found.counts.types, &ask.chosen.types);
    let mode = |m: &Mode| {
        let count = found.counts.modes.get(m.code()).copied().unwrap_or_default();
        let is_chosen = ask.chosen.modes.iter().any(|c| c == m.code());
        let name = named(&format!("mode-{}", m.code()));
        (count > 0 || is_chosen).then(|| Choice { value: m.code().to_owned(), name, count, is_chosen })
    };
    let modes = Mode::ALL.iter().filter_map(mode).collect();
    let made = |key, label, choices: Vec<Choice>| {
        let is_open = choices.iter().any(|c| c.is_chosen);
        Group { key, label, is_open, choices }
    };
    let all = [
        made("mode", "items-by-mode", modes),
        made("theme", "items-by-theme-person", person),
        made("theme", "items-by-theme-enterprise", enterprise),
        made("dep", "items-by-dep", departments),
        made("type", "items-by-type", types),
    ];
    all.into_iter().filter(|g| !g.choices.is_empty()).collect()
}

fn chips(shelf: &Shelf, ask: &Ask) -> Vec<Chip> {
    let chosen = &ask.chosen;
    let without = |change: &dyn Fn(&mut Chosen)| {
        let mut less = chosen.clone();
        change(&mut less);
        address(&ask.text, &less, 1)
    };
    let mut all: Vec<Chip> = vec![];
    if let Some(audience) = chosen.audience {
        let key = if audience == Audience::Person { "items-for-person" } else { "items-for-enterprise" };
        all.push(Chip { key, name: Text::default(), href: without(&|c| c.audience = None) });
    }
    if chosen.no_visit {
        all.push(Chip { key: "items-no-visit", name: Text::default(), href: without(&|c| c.no_visit = false) });
    }
    for mode in &chosen.modes {
        let name = match Mode::from_code(mode) {
            Some(mode) => named(&format!("mode-{}", mode.code())),
            None => Text::new(mode, ""),
        };
        all.push(Chip { key: "", name, href: without(&|c| c.modes.retain(|m| m != mode)) });
    }
    for key in &chosen.departments {
        let known = shelf.departments().into_iter().find(|d| d.key == *key);
        let name = known.map_or_else(|| Text::new(key, ""), |d| d.short.clone());
        all.push(Chip { key: "", name, href: without(&|c| c.departments.retain(|d| d != key)) });
    }
    for code in &chosen.themes {
        let set = if code.starts_with('2') { "theme_enterprise" } else { "theme_person" };
        let name = shelf.codes().name(set, code);
        all.push(Chip { key: "", name, href: without(&|c| c.themes.retain(|t| t != code)) });
    }
    for code in &chosen.types {
        let name = shelf.codes().name("item_type", code);
        all.push(Chip { key: "", name, href: without(&|c| c.types.retain(|t| t != code)) });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Ask {
        ask(&Fields::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))))
    }

    #[test]
    fn an_address_says_again_what_was_asked() {
        let pairs =
            [("q", "食品 & 许可?"), ("for", "person"), ("dep", "a"), ("dep", "b"), ("visits", "0"), ("page", "3")];
        let a = asked(&pairs);
        let again = address(&a.text, &a.chosen, a.page);
        assert_eq!(
            again,
            "/items?q=%E9%A3%9F%E5%93%81%20%26%20%E8%AE%B8%E5%8F%AF%3F&for=person&dep=a&dep=b&visits=0&page=3"
        );
        assert_eq!(address("", &Chosen::default(), 1), "/items");
    }

    #[test]
    fn nonsense_in_an_address_is_the_first_page_of_all() {
        let a = asked(&[("page", "-1"), ("for", "cats"), ("visits", "x"), ("dep", "")]);
        assert_eq!((a.page, a.chosen.is_empty()), (1, true));
        assert_eq!(asked(&[("q", &"长".repeat(500))]).text.chars().count(), MAX_QUERY);
        assert_eq!(asked(&[("q", "a\u{0}b\n")]).text, "ab");
    }

    #[test]
    fn the_pager_has_gaps_where_pages_are_left_out() {
        let numbers =
            |page, pages| -> Vec<usize> { leaves(page, pages, |_| String::new()).iter().map(|l| l.no).collect() };
        assert_eq!(numbers(1, 1), [0usize; 0]);
        assert_eq!(numbers(1, 3), [1, 2, 3]);
        assert_eq!(numbers(6, 12), [1, 0, 4, 5, 6, 7, 8, 0, 12]);
        assert_eq!(numbers(12, 12), [1, 0, 10, 11, 12]);
    }
}
