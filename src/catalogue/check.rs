//! Whether the elements of items agree with the law, with the dictionaries and with one another.
//!
//! # Rules
//! An error is what must not stand in a published item: a change or an import that has one goes no further. A warning is for somebody
//! to look at. Sources, by memory but for the elements themselves (GB/T 39046, GB/T 39554): 行政许可法 30 (what has to be made public),
//! 42 and 44 (limits), 58 and 59 (fees), 38 (legal remedy).

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::assurance::Act;
use super::basics::{Basics, Standing};
use super::codes::Codes;
use super::model::{CaseKind, Elements, Material};
use super::{reach, words};
use crate::calendar::{Limit, Unit};
use crate::identity::assurance::ONLINE;
use crate::kernel::{Day, numbers};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

crate::text_enum!(
    /// What may be wrong.
    Rule {
        /// The implementing code is not body + level + basic code.
        CodeStructure = "code-structure",
        /// A code that its dictionary lacks.
        UnknownCode = "unknown-code",
        /// A field that the shared dictionary lacks.
        UnknownFact = "unknown-fact",
        /// The promised limit is longer than the legal one.
        PromiseTooLong = "promise-too-long",
        /// Handled on the spot, but with days.
        ImmediateWithDays = "immediate-with-days",
        /// The steps take longer than what is promised.
        StepsTooLong = "steps-too-long",
        /// A needed material that a known licence could replace.
        LicenceReplaces = "licence-replaces",
        /// Two materials that mean the same.
        MaterialTwice = "material-twice",
        /// A licence is called almost, and not quite, as its dictionary calls it.
        TwoNames = "two-names",
        /// Two parts with one key.
        KeyTwice = "key-twice",
        /// Fees without their rows or their basis, or rows where nothing is charged.
        Fees = "fees",
        /// An element that has to be made public is empty.
        Missing = "missing",
        /// People have to come, and nobody says why.
        VisitWithoutReason = "visit-without-reason",
        /// A step asks for a level of identity below that of one before it, or for one that there is not.
        AssuranceOrder = "assurance-order",
        /// A fresh check is a face or a window's: what asks for less than a face cannot ask for it to be fresh.
        FreshWithoutFace = "fresh-without-face",
        /// Neither online nor at a hall.
        Nowhere = "nowhere",
        /// What is no address of a site.
        NoSite = "no-site",
        /// A last day that is not after the first.
        DaysReversed = "days-reversed",
        /// Its basic code is in no basic catalogue.
        BasicUnknown = "basic-unknown",
        /// The entry of the basic catalogue is not in force.
        BasicIdle = "basic-idle",
        /// Type or level are not those of the basic catalogue.
        BasicDiffers = "basic-differs",
        /// A choice without options.
        NoOptions = "no-options",
        /// A condition that does not parse.
        ConditionWrong = "condition-wrong",
        /// A condition that asks for what the form does not have.
        ConditionUnknown = "condition-unknown",
        /// Conditions that wait for one another.
        ConditionCircle = "condition-circle",
        /// No answers make a condition hold.
        NeverAsked = "never-asked",
        /// A repeated group of more rows than may be, or of more at least than at most.
        Rows = "rows",
        /// Questions for guidance that are no choices, numbers or days, or stand in rows.
        Guide = "guide",
        /// Two items with one name.
        NameTwice = "name-twice",
        /// A text without its English.
        NoEnglish = "no-english",
    }
);

impl Rule {
    pub fn severity(self) -> Severity {
        use Rule as R;
        match self {
            R::CodeStructure
            | R::UnknownCode
            | R::UnknownFact
            | R::PromiseTooLong
            | R::KeyTwice
            | R::Fees
            | R::Missing
            | R::AssuranceOrder
            | R::FreshWithoutFace
            | R::Nowhere
            | R::NoSite
            | R::DaysReversed
            | R::NoOptions
            | R::ConditionWrong
            | R::ConditionUnknown
            | R::ConditionCircle
            | R::Rows
            | R::Guide => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

/// A repeated group has so many rows at most.
const MOST_ROWS: u32 = 50;

/// Something that was found wrong in an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    pub rule: &'static str,
    /// Slug of the item.
    pub item: String,
    pub code: String,
    /// Which element: `materials.permit.type`.
    pub element: String,
    /// What stands there.
    pub value: String,
}

/// All that items are held against.
pub struct Checker<'a> {
    codes: &'a Codes,
    /// Keys of the shared field dictionary.
    facts: &'a HashSet<String>,
    /// The basic catalogue and the day on which it is looked at, where items are held against it.
    basics: Option<(&'a Basics, Day)>,
    found: Vec<Finding>,
}

impl<'a> Checker<'a> {
    pub fn new(codes: &'a Codes, facts: &'a HashSet<String>) -> Self {
        Self { codes, facts, basics: None, found: vec![] }
    }

    /// Also against the basic catalogue.
    pub fn with(mut self, basics: &'a Basics, today: Day) -> Self {
        self.basics = Some((basics, today));
        self
    }

    /// The findings on one item, errors first.
    pub fn one(mut self, e: &Elements) -> Vec<Finding> {
        self.item(e);
        self.ended()
    }

    /// The findings on all items and between them, errors first.
    pub fn all<'e>(mut self, items: impl Iterator<Item = &'e Elements> + Clone) -> Vec<Finding> {
        items.clone().for_each(|e| self.item(e));
        self.between(items);
        self.ended()
    }

    fn ended(mut self) -> Vec<Finding> {
        self.found.sort_by(|a, b| (a.severity, &a.item, a.rule).cmp(&(b.severity, &b.item, b.rule)));
        self.found
    }

    fn say(&mut self, e: &Elements, rule: Rule, element: impl Into<String>, value: impl Into<String>) {
        self.found.push(Finding {
            severity: rule.severity(),
            rule: rule.code(),
            item: e.slug.clone(),
            code: e.code.clone(),
            element: element.into(),
            value: value.into(),
        });
    }

    fn item(&mut self, e: &Elements) {
        self.code(e);
        self.basic(e);
        self.dictionaries(e);
        self.limits(e);
        self.materials(e);
        self.public(e);
        self.assurance(e);
        self.form(e);
    }

    fn code(&mut self, e: &Elements) {
        let fits = e.code.is_ascii()
            && e.code.len() == 31
            && numbers::uscc(&e.code[..18]).is_ok()
            && e.code[18..19] == e.level
            && e.code[19..] == e.basic_code;
        if !fits {
            self.say(e, Rule::CodeStructure, "code", &e.code);
        }
        let two = e.handling_code.strip_prefix(e.code.as_str()).unwrap_or_default();
        if !e.handling_code.is_empty() && (two.len() != 2 || !two.bytes().all(|b| b.is_ascii_digit())) {
            self.say(e, Rule::CodeStructure, "handling_code", &e.handling_code);
        }
    }

    /// Outside the basic catalogue there is nothing to carry out.
    fn basic(&mut self, e: &Elements) {
        let Some((basics, today)) = self.basics else { return };
        let Some(basic) = basics.get(&e.basic_code) else {
            return self.say(e, Rule::BasicUnknown, "basic_code", &e.basic_code);
        };
        if basic.standing(today) != Standing::InForce {
            self.say(e, Rule::BasicIdle, "basic_code", format!("{} {}", e.basic_code, basic.name.zh));
        }
        if basic.item_type != e.item_type {
            self.say(e, Rule::BasicDiffers, "type", format!("{} / {}", e.item_type, basic.item_type));
        }
        if !basic.levels.contains(&e.level) {
            self.say(e, Rule::BasicDiffers, "level", format!("{} / {}", e.level, basic.levels.join("、")));
        }
    }

    fn dictionaries(&mut self, e: &Elements) {
        let mut held = vec![
            ("item_type", "type".to_owned(), &e.item_type),
            ("exercise_level", "level".to_owned(), &e.level),
            ("online_depth", "online.depth".to_owned(), &e.online.depth),
        ];
        let optional = [
            ("power_source", "power_source", &e.power_source),
            ("body_kind", "body_kind", &e.body_kind),
            ("same_city", "same_city", &e.same_city),
        ];
        held.extend(optional.into_iter().filter(|(.., v)| !v.is_empty()).map(|(set, at, v)| (set, at.to_owned(), v)));
        held.extend(e.audience.iter().map(|v| ("audience", "audience".to_owned(), v)));
        held.extend(e.themes.person.iter().map(|v| ("theme_person", "themes.person".to_owned(), v)));
        held.extend(e.themes.enterprise.iter().map(|v| ("theme_enterprise", "themes.enterprise".to_owned(), v)));
        held.extend(e.specials.iter().map(|s| ("special_procedure", "specials.type".to_owned(), &s.sort)));
        held.extend(e.results.iter().map(|r| ("result_type", "results.type".to_owned(), &r.result_type)));
        for m in &e.materials {
            let at = |part: &str| format!("materials.{}.{part}", m.key);
            held.push(("material_type", at("type"), &m.material_type));
            held.push(("material_form", at("form"), &m.form));
            held.push(("material_need", at("need"), &m.need));
            held.push(("material_source", at("source"), &m.source));
            held.extend(m.licence_type.iter().map(|v| ("licence_type", at("licence_type"), v)));
        }
        for (set, element, value) in held {
            if value.is_empty() {
                self.say(e, Rule::Missing, element, "");
            } else if !self.codes.set(set).iter().any(|c| c.code == *value) {
                self.say(e, Rule::UnknownCode, element, value);
            }
        }
    }

    fn limits(&mut self, e: &Elements) {
        let Limit { days, unit } = e.limits.promised;
        let promised = calendar_days(days, unit);
        if promised > calendar_days(e.limits.legal.days, e.limits.legal.unit) {
            self.say(e, Rule::PromiseTooLong, "limits.promised", days.to_string());
        }
        if e.kind == CaseKind::Immediate && days > 1 {
            self.say(e, Rule::ImmediateWithDays, "limits.promised", days.to_string());
        }
        let steps: f64 = e.steps.iter().map(|s| calendar_days(s.days, s.unit)).sum();
        if steps > promised.max(1.4) {
            let sum: u32 = e.steps.iter().map(|s| s.days).sum();
            self.say(e, Rule::StepsTooLong, "steps", sum.to_string());
        }
    }

    fn materials(&mut self, e: &Elements) {
        let mut names: HashMap<String, &Material> = HashMap::new();
        for m in &e.materials {
            if m.is_needed() && m.licence_type.is_some() && m.form == "1" {
                self.say(e, Rule::LicenceReplaces, format!("materials.{}", m.key), &m.name.zh);
            }
            if let Some(name) = m.licence_type.as_ref().map(|code| self.codes.name("licence_type", code).zh)
                && is_almost(&plain(&m.name.zh), &plain(&name))
            {
                self.say(e, Rule::TwoNames, format!("materials.{}", m.key), format!("{} / {name}", m.name.zh));
            }
            if let Some(other) = names.insert(plain(&m.name.zh), m) {
                self.say(
                    e,
                    Rule::MaterialTwice,
                    format!("materials.{}", m.key),
                    format!("{} = {}", m.name.zh, other.name.zh),
                );
            }
        }
        let materials = twice(e.materials.iter().map(|m| &m.key));
        let steps = twice(e.steps.iter().map(|s| &s.key));
        for (part, key) in [("materials", materials), ("steps", steps)] {
            if let Some(key) = key {
                self.say(e, Rule::KeyTwice, part, key);
            }
        }
    }

    /// What 行政许可法 30 wants to be public, and what makes sense only together.
    fn public(&mut self, e: &Elements) {
        let missing = [
            ("name", e.name.zh.is_empty()),
            ("summary", e.summary.zh.is_empty()),
            ("basis", e.basis.is_empty()),
            ("conditions", e.conditions.is_empty()),
            ("steps", e.steps.is_empty()),
            ("results", e.results.is_empty()),
            ("audience", e.audience.is_empty()),
            ("contact.consult", e.contact.consult.is_empty()),
            ("contact.complain", e.contact.complain.is_empty()),
            ("remedy", e.item_type == "01" && e.remedy.zh.is_empty()),
        ];
        for (element, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
            self.say(e, Rule::Missing, element, "");
        }
        let basis_missing = e.fees.rows.iter().any(|r| r.basis.is_empty());
        if e.fees.charged == e.fees.rows.is_empty() || basis_missing {
            self.say(e, Rule::Fees, "fees", e.fees.rows.len().to_string());
        }
        if e.online.visits > 0 && e.online.visit_reason.is_none() {
            self.say(e, Rule::VisitWithoutReason, "online.visit_reason", e.online.visits.to_string());
        }
        if e.halls.is_empty() && e.places.is_empty() && !e.online.enabled {
            self.say(e, Rule::Nowhere, "halls", "");
        }
        if !e.online.url.is_empty() && !is_site(&e.online.url) {
            self.say(e, Rule::NoSite, "online.url", &e.online.url);
        }
        for (element, text) in [("name", &e.name), ("summary", &e.summary)] {
            if text.en.is_empty() {
                self.say(e, Rule::NoEnglish, element, &text.zh);
            }
        }
    }

    fn assurance(&mut self, e: &Elements) {
        let a = e.assurance;
        let path = |act: Act| format!("assurance.{act}");
        for act in Act::ALL.iter().filter(|act| !(0..=4).contains(&a.level(**act))) {
            self.say(e, Rule::AssuranceOrder, path(*act), a.level(*act).to_string());
        }
        for (act, before) in a.falls() {
            let said = format!("{} < {}", a.level(act), a.level(before));
            self.say(e, Rule::AssuranceOrder, path(act), said);
        }
        if a.sign_fresh && a.sign < ONLINE {
            self.say(e, Rule::FreshWithoutFace, "assurance.sign_fresh", a.sign.to_string());
        }
    }

    fn form(&mut self, e: &Elements) {
        for f in e.form.fields() {
            if let Some(fact) = f.fact.as_ref().filter(|fact| !self.facts.contains(*fact)) {
                self.say(e, Rule::UnknownFact, format!("form.{}", f.key), fact);
            }
        }
        for (rule, element, value) in of_form(e) {
            self.say(e, rule, element, value);
        }
    }

    /// What shows only where items stand beside one another.
    fn between<'e>(&mut self, items: impl Iterator<Item = &'e Elements> + Clone) {
        let mut names: HashMap<String, &Elements> = HashMap::new();
        for e in items {
            if let Some(other) = names.insert(words::fold_text(&e.name.zh), e) {
                self.say(e, Rule::NameTwice, "name", format!("{} ({})", e.name.zh, other.slug));
            }
        }
    }
}

/// Something wrong: the rule, the element, and what stands there.
pub(super) type Said = (Rule, String, String);

/// What is wrong with a form and the conditions over it: an item's, or a topic's.
pub(super) fn of_form(e: &Elements) -> Vec<Said> {
    use super::model::FieldKind as K;
    let mut said = vec![];
    for f in e.form.fields() {
        let is_choice = matches!(f.kind, K::Select | K::Radio | K::Checkbox);
        if is_choice && f.options.as_ref().is_none_or(Vec::is_empty) {
            said.push((Rule::NoOptions, format!("form.{}", f.key), f.label.zh.clone()));
        }
    }
    for g in &e.form.groups {
        let (least, most) = (g.least_rows.unwrap_or(0), g.most_rows.unwrap_or(0));
        if least > most || most > MOST_ROWS || g.most_rows == Some(0) {
            said.push((Rule::Rows, format!("form.{}", g.key), format!("{least}–{most}")));
        }
        // What guidance asks stands in addresses: nothing of a person.
        let is_plain = |k: K| matches!(k, K::Select | K::Radio | K::Checkbox | K::Number | K::Date);
        if g.is_guide && (g.is_repeated() || g.fields.iter().any(|f| !is_plain(f.kind) || f.fact.is_some())) {
            said.push((Rule::Guide, format!("form.{}", g.key), g.title.zh.clone()));
        }
    }
    // The rows of a repeated group stand under its key, beside the fields'.
    let repeated = e.form.groups.iter().filter(|g| g.is_repeated()).map(|g| &g.key);
    let key = twice(e.form.fields().map(|f| &f.key).chain(repeated));
    let key = key.or_else(|| twice(e.form.groups.iter().map(|g| &g.key)));
    said.extend(key.map(|key| (Rule::KeyTwice, "form".into(), key.clone())));
    said.extend(reach::check(e));
    said
}

/// Whether this is the address of a site, and no script or file.
pub fn is_site(address: &str) -> bool {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    host.is_some_and(|h| h.starts_with(|c: char| c.is_ascii_alphanumeric()) && !h.contains(char::is_whitespace))
}

/// Days as they pass: five working days are a week.
fn calendar_days(days: u32, unit: Unit) -> f64 {
    match unit {
        Unit::Working => f64::from(days) * 1.4,
        Unit::Calendar => f64::from(days),
    }
}

/// A material's name without what says only in which form it comes.
fn plain(name: &str) -> String {
    let mut text = words::fold_text(name.split(['（', '(']).next().unwrap_or_default());
    for form in ["原件及复印件", "原件和复印件", "复印件", "原件", "正本", "副本"] {
        text = text.replace(form, "");
    }
    text
}

/// Whether one name is the other with a character or two more: 身份证, 居民身份证.
fn is_almost(a: &str, b: &str) -> bool {
    let more = a.chars().count().abs_diff(b.chars().count());
    (1..=2).contains(&more) && (a.contains(b) || b.contains(a))
}

/// The first that is there a second time.
fn twice<'a>(mut all: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut seen = HashSet::new();
    all.find(|key| !seen.insert(*key))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
