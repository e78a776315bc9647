//! The elements of the implementing list as a table: where each stands in the document, how it is filled in. Pages for editing, the
//! comparison of versions, and import and export all walk over it, so that an element is added in one place.
//!
//! An element's name in both languages is the text `element-<key>`, its section's `section-<key>`. Sources: GB/T 39046-2020 6.1 and the
//! elements of implementing lists as deployed.

use serde_json::{Value, json};

use crate::kernel::Id;

/// How an element is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines of one text.
    Area,
    /// A text in both languages, in one line or several; `may_lack` ones are left out of the document when they are empty.
    Both {
        is_long: bool,
        may_lack: bool,
    },
    /// A code of a dictionary, or one of the sets that a page knows (`hall`, `fact`).
    Code {
        set: &'static str,
        may_lack: bool,
    },
    /// Several of them.
    Codes(&'static str),
    /// One of these; each has the text `pick-<value>`, or for those that are Chinese words `pick-<n>` with its place.
    Pick(&'static [(&'static str, &'static str)]),
    /// One of these, a number in the document.
    Digit(&'static [(&'static str, &'static str)]),
    /// Several of these.
    Picks(&'static [(&'static str, &'static str)]),
    Yes,
    /// A whole number that is not negative.
    Whole {
        may_lack: bool,
    },
    /// A number; it may lack.
    Number,
    /// An amount in yuan; fen in the document.
    Money,
    /// Several words, one a line.
    Words,
    /// A day; it may lack.
    Day,
    /// A condition in CEL; it may lack.
    Condition,
    /// Rows, each with these elements.
    Rows(&'static [Element]),
    /// Set when the item is made, and the same for ever; a code of this set, or of none.
    Fixed(&'static str),
    /// A row's key: not for editing, and the same in all versions.
    Key,
    /// A file to download, by its name; it may lack.
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// Dotted path in the document, or in the row; empty when the row is the element itself.
    pub path: &'static str,
    /// Its text is `element-<name>`.
    pub name: &'static str,
    pub kind: Kind,
}

/// Elements that are edited on one page.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub key: &'static str,
    pub elements: &'static [Element],
}

const fn el(path: &'static str, name: &'static str, kind: Kind) -> Element {
    Element { path, name, kind }
}

const SHORT: Kind = Kind::Both { is_long: false, may_lack: false };
const LONG: Kind = Kind::Both { is_long: true, may_lack: false };
const BRIEF: Kind = Kind::Both { is_long: false, may_lack: true };
const NOTE: Kind = Kind::Both { is_long: true, may_lack: true };

const fn code(set: &'static str) -> Kind {
    Kind::Code { set, may_lack: false }
}

pub const UNITS: &[(&str, &str)] = &[("working", "unit-working"), ("calendar", "unit-calendar")];
const CASE_KINDS: &[(&str, &str)] = &[("promise", "kind-promise"), ("immediate", "kind-immediate")];
const LEVELS: &[(&str, &str)] =
    &[("0", "level-0"), ("1", "level-1"), ("2", "level-2"), ("3", "level-3"), ("4", "level-4")];
const BY: &[(&str, &str)] = &[
    ("窗口", "by-window"),
    ("承办", "by-handle"),
    ("审核", "by-review"),
    ("批准", "by-approve"),
    ("制证", "by-make"),
    ("送达", "by-deliver"),
];
const FORMATS: &[(&str, &str)] = &[
    ("pdf", "format-pdf"),
    ("jpg", "format-jpg"),
    ("png", "format-png"),
    ("dwg", "format-dwg"),
    ("zip", "format-zip"),
];
pub const FIELD_KINDS: &[(&str, &str)] = &[
    ("text", "field-text"),
    ("textarea", "field-textarea"),
    ("date", "field-date"),
    ("number", "field-number"),
    ("select", "field-select"),
    ("radio", "field-radio"),
    ("checkbox", "field-checkbox"),
    ("id_number", "field-id-number"),
    ("uscc", "field-uscc"),
    ("phone", "field-phone"),
    ("email", "field-email"),
    ("address", "field-address"),
];

const BASIC: &[Element] = &[
    el("name", "name", SHORT),
    el("summary", "summary", LONG),
    el("code", "code", Kind::Fixed("")),
    el("basic_code", "basic-code", Kind::Fixed("")),
    el("department", "department", Kind::Fixed("department")),
    el("slug", "slug", Kind::Fixed("")),
    el("handling_code", "handling-code", Kind::Line),
    el("local_code", "local-code", Kind::Line),
    el("type", "type", code("item_type")),
    el("level", "exercise-level", Kind::Fixed("exercise_level")),
    el("power_source", "power-source", code("power_source")),
    el("body_kind", "body-kind", code("body_kind")),
    el("office", "office", BRIEF),
    el("joint", "joint", Kind::Codes("department")),
    el("kind", "case-kind", Kind::Pick(CASE_KINDS)),
    el("audience", "audience", Kind::Codes("audience")),
    el("themes.person", "themes-person", Kind::Codes("theme_person")),
    el("themes.enterprise", "themes-enterprise", Kind::Codes("theme_enterprise")),
    el("keywords", "keywords", Kind::Words),
    el("contact.consult", "consult", Kind::Line),
    el("contact.complain", "complain", Kind::Line),
    el("remedy", "remedy", LONG),
];

const BASIS_ROW: &[Element] =
    &[el("law", "law", Kind::Line), el("article", "article", Kind::Line), el("text", "law-text", Kind::Area)];
const CONDITION_ROW: &[Element] = &[el("", "condition", LONG)];
const AGENCY_ROW: &[Element] =
    &[el("name", "agency", SHORT), el("basis", "agency-basis", Kind::Line), el("note", "agency-note", NOTE)];
const LAW: &[Element] = &[
    el("basis", "basis", Kind::Rows(BASIS_ROW)),
    el("powers", "powers", NOTE),
    el("exercise", "exercise", NOTE),
    el("conditions", "conditions", Kind::Rows(CONDITION_ROW)),
    el("quota", "quota", NOTE),
    el("rights", "rights", NOTE),
    el("duties", "duties", NOTE),
    el("agencies", "agencies", Kind::Rows(AGENCY_ROW)),
];

const STEP_ROW: &[Element] = &[
    el("key", "key", Kind::Key),
    el("name", "step", SHORT),
    el("by", "by", Kind::Pick(BY)),
    el("days", "days", Kind::Whole { may_lack: false }),
    el("unit", "unit", Kind::Pick(UNITS)),
    el("standard", "step-standard", NOTE),
];
const SPECIAL_ROW: &[Element] = &[
    el("name", "special", SHORT),
    el("type", "special-type", code("special_procedure")),
    el("days", "special-days", Kind::Whole { may_lack: false }),
    el("unit", "special-unit", Kind::Pick(UNITS)),
    el("note", "special-note", NOTE),
];
const TIME: &[Element] = &[
    el("limits.legal.days", "legal-days", Kind::Whole { may_lack: false }),
    el("limits.legal.unit", "legal-unit", Kind::Pick(UNITS)),
    el("limits.promised.days", "promised-days", Kind::Whole { may_lack: false }),
    el("limits.promised.unit", "promised-unit", Kind::Pick(UNITS)),
    el("limits.note", "limit-note", NOTE),
    el("steps", "steps", Kind::Rows(STEP_ROW)),
    el("specials", "specials", Kind::Rows(SPECIAL_ROW)),
];

const MATERIAL_ROW: &[Element] = &[
    el("key", "key", Kind::Key),
    el("name", "material", SHORT),
    el("type", "material-type", code("material_type")),
    el("form", "material-form", code("material_form")),
    el("need", "material-need", code("material_need")),
    el("when", "material-when", NOTE),
    el("only_if", "material-only-if", Kind::Condition),
    el("source", "material-source", code("material_source")),
    el("issuer", "issuer", BRIEF),
    el("issued_within", "issued-within", BRIEF),
    el("basis", "material-basis", Kind::Line),
    el("originals", "originals", Kind::Whole { may_lack: false }),
    el("copies", "copies", Kind::Whole { may_lack: false }),
    el("paper", "paper", Kind::Line),
    el("licence_type", "licence-type", Kind::Code { set: "licence_type", may_lack: true }),
    el("fill", "fill", NOTE),
    el("standard", "material-standard", NOTE),
    el("formats", "formats", Kind::Picks(FORMATS)),
    el("max_mb", "max-mb", Kind::Whole { may_lack: false }),
    el("blank", "blank", Kind::File),
    el("sample", "sample", Kind::File),
];
const MATERIALS: &[Element] = &[el("materials", "materials", Kind::Rows(MATERIAL_ROW))];

const FEE_ROW: &[Element] = &[
    el("name", "fee", SHORT),
    el("standard", "fee-standard", SHORT),
    el("amount_fen", "amount", Kind::Money),
    el("basis", "fee-basis", Kind::Line),
    el("reduction", "fee-reduction", NOTE),
];
const RESULT_ROW: &[Element] = &[
    el("name", "result", SHORT),
    el("type", "result-type", code("result_type")),
    el("validity", "validity", BRIEF),
    el("sample", "result-sample", Kind::File),
];
const FEES: &[Element] = &[
    el("fees.charged", "charged", Kind::Yes),
    el("fees.note", "fee-note", NOTE),
    el("fees.rows", "fees", Kind::Rows(FEE_ROW)),
    el("results", "results", Kind::Rows(RESULT_ROW)),
];

const PLACE_ROW: &[Element] = &[
    el("name", "place", SHORT),
    el("address", "place-address", SHORT),
    el("hours", "place-hours", BRIEF),
    el("phone", "place-phone", Kind::Line),
    el("traffic", "place-traffic", NOTE),
];
const PLACES: &[Element] = &[
    el("online.enabled", "online", Kind::Yes),
    el("online.depth", "online-depth", code("online_depth")),
    el("online.visits", "visits", Kind::Whole { may_lack: false }),
    el("online.visit_reason", "visit-reason", NOTE),
    el("online.url", "online-url", Kind::Line),
    el("assurance.view", "level-view", Kind::Digit(LEVELS)),
    el("assurance.declare", "level-declare", Kind::Digit(LEVELS)),
    el("assurance.sign", "level-sign", Kind::Digit(LEVELS)),
    el("assurance.sign_fresh", "sign-fresh", Kind::Yes),
    el("assurance.consent", "level-consent", Kind::Digit(LEVELS)),
    el("assurance.collect", "level-collect", Kind::Digit(LEVELS)),
    el("halls", "halls", Kind::Codes("hall")),
    el("places", "places", Kind::Rows(PLACE_ROW)),
    el("same_city", "same-city", code("same_city")),
    el("conveniences.appointment", "appointment", Kind::Yes),
    el("conveniences.online_payment", "online-payment", Kind::Yes),
    el("conveniences.delivery", "delivery", Kind::Yes),
    el("conveniences.terminal", "terminal", Kind::Yes),
    el("conveniences.mail_in", "mail-in", Kind::Yes),
];

const OPTION_ROW: &[Element] = &[el("value", "option-value", Kind::Line), el("label", "option-label", SHORT)];
const FIELD_ROW: &[Element] = &[
    el("key", "key", Kind::Key),
    el("label", "field", SHORT),
    el("kind", "field-kind", Kind::Pick(FIELD_KINDS)),
    el("required", "required", Kind::Yes),
    el("only_if", "field-only-if", Kind::Condition),
    el("fact", "fact", Kind::Code { set: "fact", may_lack: true }),
    el("help", "help", NOTE),
    el("max_length", "max-length", Kind::Whole { may_lack: true }),
    el("min", "min", Kind::Number),
    el("max", "max", Kind::Number),
    el("options", "options", Kind::Rows(OPTION_ROW)),
];
const GROUP_ROW: &[Element] = &[
    el("key", "group-key", Kind::Key),
    el("title", "group", SHORT),
    el("is_guide", "is-guide", Kind::Yes),
    el("only_if", "group-only-if", Kind::Condition),
    el("least_rows", "least-rows", Kind::Whole { may_lack: true }),
    el("most_rows", "most-rows", Kind::Whole { may_lack: true }),
    el("fields", "fields", Kind::Rows(FIELD_ROW)),
];
const FORM: &[Element] = &[el("form.groups", "form", Kind::Rows(GROUP_ROW))];

const QUESTION_ROW: &[Element] = &[el("q", "question", SHORT), el("a", "answer", LONG)];
const QUESTIONS: &[Element] = &[el("faq", "faq", Kind::Rows(QUESTION_ROW))];

/// A topic's questions all are of guidance, and in no rows.
const TOPIC_GROUP_ROW: &[Element] = &[
    el("key", "group-key", Kind::Key),
    el("title", "group", SHORT),
    el("only_if", "group-only-if", Kind::Condition),
    el("fields", "fields", Kind::Rows(FIELD_ROW)),
];
const PICK_ROW: &[Element] = &[
    el("item", "topic-item", Kind::Line),
    el("only_if", "topic-only-if", Kind::Condition),
    el("answers", "topic-answers", Kind::Words),
    el("note", "topic-note", NOTE),
];
/// The elements of a topic of guidance, which is no item.
pub const TOPIC: Section = Section {
    key: "topic",
    elements: &[
        el("name", "topic-name", SHORT),
        el("summary", "topic-summary", LONG),
        el("keywords", "keywords", Kind::Words),
        el("audience", "audience", Kind::Codes("audience")),
        el("form.groups", "form", Kind::Rows(TOPIC_GROUP_ROW)),
        el("items", "topic-items", Kind::Rows(PICK_ROW)),
    ],
};

/// The elements of an entry of the basic catalogue.
pub const BASIC_ENTRY: Section = Section {
    key: "basic-entry",
    elements: &[
        el("code", "basic-code", Kind::Fixed("")),
        el("name", "basic-name", SHORT),
        el("type", "type", code("item_type")),
        el("levels", "levels", Kind::Codes("exercise_level")),
        el("audience", "audience", Kind::Codes("audience")),
        el("basis", "basis", Kind::Rows(BASIS_ROW)),
        el("guide", "guide-department", BRIEF),
        el("state", "basic-state", code("item_state")),
        el("from", "basic-from", Kind::Day),
        el("until", "basic-until", Kind::Day),
        el("note", "basic-note", NOTE),
    ],
};

impl Element {
    /// What an empty row has here: what is most often right.
    pub fn blank(&self) -> Value {
        match self.kind {
            Kind::Both { may_lack: false, .. } => json!({ "zh": "", "en": "" }),
            Kind::Code { may_lack: false, .. } | Kind::Line | Kind::Area => "".into(),
            Kind::Pick(all) => all.first().map_or("", |(value, _)| value).into(),
            Kind::Picks(all) => all.iter().take(3).map(|(value, _)| *value).collect::<Vec<_>>().into(),
            Kind::Whole { may_lack: false } => if self.path == "max_mb" { 20 } else { 0 }.into(),
            Kind::Yes => false.into(),
            Kind::Money => 0.into(),
            Kind::Codes(_) | Kind::Words | Kind::Rows(_) => Value::Array(vec![]),
            Kind::Key => fresh_key().into(),
            _ => Value::Null,
        }
    }
}

/// Whether rows of these elements are known by a key, and so can hold lists that have sheets of their own.
pub fn has_key(row: &[Element]) -> bool {
    row.iter().any(|e| e.kind == Kind::Key)
}

/// The list in the rows whose own rows are known by a key: the fields of a group. Others are small, such as options.
pub fn inner(row: &'static [Element]) -> Option<(&'static Element, &'static [Element])> {
    row.iter().find_map(|e| match e.kind {
        Kind::Rows(inner) if has_key(inner) => Some((e, inner)),
        _ => None,
    })
}

/// A key that no other row has, now or in another version.
pub fn fresh_key() -> String {
    let id = Id::random().to_string();
    format!("k{}", &id[id.len() - 8..])
}

/// All sections in the order in which they are edited.
pub const SECTIONS: &[Section] = &[
    Section { key: "basic", elements: BASIC },
    Section { key: "law", elements: LAW },
    Section { key: "time", elements: TIME },
    Section { key: "materials", elements: MATERIALS },
    Section { key: "fees", elements: FEES },
    Section { key: "places", elements: PLACES },
    Section { key: "form", elements: FORM },
    Section { key: "questions", elements: QUESTIONS },
];

impl Section {
    pub fn find(key: &str) -> Option<&'static Section> {
        SECTIONS.iter().find(|s| s.key == key)
    }
    /// The section in which an element with this path stands: `materials.permit.type` in that of materials.
    pub fn of_path(path: &str) -> Option<&'static Section> {
        let fits = |e: &Element| {
            let begins = |whole: &str, part: &str| {
                whole.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            begins(path, e.path) || begins(e.path, path)
        };
        let by_element = SECTIONS.iter().find(|s| s.elements.iter().any(fits));
        by_element.or_else(|| SECTIONS.iter().find(|s| path.split('.').next() == Some(s.key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::model::Elements;
    /// Every leaf of a whole document stands in the table: an element that is added to the model and not here would be lost in editing.
    #[test]
    fn every_element_of_the_model_is_in_the_table() {
        let doc = crate::catalogue::search_tests::seeded();
        let mut missing = std::collections::BTreeSet::new();
        for e in &doc {
            let Ok(Value::Object(fields)) = serde_json::to_value::<&Elements>(e) else { panic!() };
            walk(&Value::Object(fields), "", SECTIONS.iter().flat_map(|s| s.elements).copied().collect(), &mut missing);
        }
        missing.remove("complete");
        assert!(missing.is_empty(), "{missing:?}");
    }

    fn walk(value: &Value, at: &str, known: Vec<Element>, missing: &mut std::collections::BTreeSet<String>) {
        let Value::Object(fields) = value else { return };
        for (name, inner) in fields {
            let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            match known.iter().find(|e| e.path == path).map(|e| e.kind) {
                Some(Kind::Rows(row)) if row[0].path.is_empty() => {}
                Some(Kind::Rows(row)) => {
                    for one in inner.as_array().into_iter().flatten() {
                        walk(one, "", row.to_vec(), missing);
                    }
                }
                Some(_) => {}
                None if known.iter().any(|e| e.path.starts_with(&format!("{path}."))) => {
                    walk(inner, &path, known.clone(), missing);
                }
                None => {
                    missing.insert(path);
                }
            }
        }
    }

    #[test]
    fn a_finding_leads_to_its_section() {
        let of = |path| Section::of_path(path).map(|s| s.key);
        assert_eq!(of("materials.permit.type"), Some("materials"));
        assert_eq!(of("limits.promised"), Some("time"));
        assert_eq!(of("online.visit_reason"), Some("places"));
        assert_eq!(of("form.area"), Some("form"));
        assert_eq!(of("results.type"), Some("fees"));
        assert_eq!(of("name"), Some("basic"));
    }
}
