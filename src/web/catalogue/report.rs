//! What the rules of the catalogue say of all items in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use super::change::Found;
use crate::catalogue::basics::basics;
use crate::catalogue::changes::Scope;
use crate::catalogue::topics::keeps_topics;
use crate::catalogue::{Checker, Finding, Mode, Severity, Shelf, Topic, fact_keys};
use crate::kernel::Text;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Keeper;
use crate::web::page;

/// Findings on a page.
const PAGE: usize = 100;

#[derive(Debug, Serialize)]
pub struct Report {
    items: usize,
    errors: usize,
    warnings: usize,
    /// How many items each mode has, and their share in percent.
    modes: Vec<ModeRow>,
    rules: Vec<RuleRow>,
    /// The chosen rule, or nothing.
    rule: String,
    rows: Vec<Line>,
    /// What is wrong with topics, on the first page; for who keeps them.
    topics: Vec<TopicLine>,
    previous: Option<usize>,
    next: Option<usize>,
}

#[derive(Debug, Clone, Serialize)]
struct RuleRow {
    rule: &'static str,
    severity: Severity,
    n: usize,
    is_on: bool,
}

#[derive(Debug, Clone, Serialize)]
struct ModeRow {
    mode: &'static str,
    n: usize,
    share: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    id: String,
    name: Text,
    found: Found,
}

#[derive(Debug, Clone, Serialize)]
struct TopicLine {
    key: String,
    name: Text,
    found: Found,
}

impl View for Report {
    const TEMPLATE: &'static str = "catalogue/report";
    fn samples() -> Vec<Self> {
        let rules = crate::catalogue::Rule::ALL.iter();
        let rules = rules.map(|r| RuleRow { rule: r.code(), severity: r.severity(), n: 2, is_on: false }).collect();
        let line = |severity| Line {
            id: "1".into(),
            name: Text::new("食品经营许可（新办）", "Food operation licence (new)"),
            found: super::change::found(severity),
        };
        let rows = vec![line(Severity::Error), line(Severity::Warning)];
        let full = Self {
            items: 66,
            errors: 1,
            warnings: 2,
            modes: Mode::ALL.iter().map(|m| ModeRow { mode: m.code(), n: 33, share: 50 }).collect(),
            rules,
            rule: "two-names".into(),
            rows,
            topics: vec![TopicLine {
                key: "open-restaurant".into(),
                name: Text::new("我要开办餐饮店 <b>", "Open a restaurant <b>"),
                found: super::change::found(Severity::Error),
            }],
            previous: Some(1),
            next: Some(3),
        };
        let none = Self {
            items: 66,
            errors: 0,
            warnings: 0,
            modes: vec![],
            rules: vec![],
            rule: String::new(),
            rows: vec![],
            topics: vec![],
            previous: None,
            next: None,
        };
        vec![full, none]
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    rule: String,
    #[serde(default)]
    page: usize,
}

/// What is wrong with what visitors see of topics.
fn of_topics(shelf: &Shelf) -> Vec<TopicLine> {
    let of = |topic: &Arc<Topic>| {
        let line = |found| TopicLine { key: topic.key.clone(), name: topic.name.clone(), found };
        super::topics::findings(topic, shelf).into_iter().map(line).collect::<Vec<_>>()
    };
    shelf.topics().iter().flat_map(of).collect()
}

pub async fn show(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let (_, scope) = Scope::of(&who.ctx)?;
    let Asked { rule, page } = asked.into_inner();
    let shelf = who.app.books().shelf;
    let (facts, basics) = who.app.db.read(|c| Ok((fact_keys(c)?, basics(c)?))).await?;
    let today = who.ctx.now.day();
    let (report, page) = (shelf.clone(), page.max(1));
    // A large catalogue takes a while: not on a thread that serves others.
    let found: Vec<Finding> = tokio::task::spawn_blocking(move || {
        let own = report.items().iter().filter(|i| scope.holds(crate::identity::DepartmentId(i.department_id)));
        Checker::new(report.codes(), &facts).with(&basics, today).all(own.map(|i| &i.elements))
    })
    .await
    .map_err(crate::kernel::Error::internal)?;
    let of_topics = if keeps_topics(&who.ctx) { of_topics(&shelf) } else { vec![] };
    let all =
        || found.iter().map(|f| (f.severity, f.rule)).chain(of_topics.iter().map(|t| (t.found.severity, t.found.rule)));
    let count = |severity| all().filter(|(s, _)| *s == severity).count();
    let mut by_rule: BTreeMap<(Severity, &'static str), usize> = BTreeMap::new();
    all().for_each(|key| *by_rule.entry(key).or_default() += 1);
    let rules = by_rule.iter().map(|((severity, code), n)| RuleRow {
        rule: code,
        severity: *severity,
        n: *n,
        is_on: *code == rule,
    });
    let wanted: Vec<&Finding> = found.iter().filter(|f| rule.is_empty() || f.rule == rule).collect();
    let line = |f: &&Finding| {
        let item = shelf.by_slug(&f.item).ok()?;
        Some(Line {
            id: item.item_id.to_string(),
            name: item.elements.name.clone(),
            found: Found::new(f, &item.elements),
        })
    };
    let own: Vec<Mode> = shelf
        .items()
        .iter()
        .filter(|i| scope.holds(crate::identity::DepartmentId(i.department_id)))
        .map(|i| i.elements.way().mode)
        .collect();
    let mode = |m: &Mode| {
        let n = own.iter().filter(|o| *o == m).count();
        ModeRow { mode: m.code(), n, share: (n * 100 + own.len() / 2) / own.len().max(1) }
    };
    let view = Report {
        items: own.len(),
        modes: Mode::ALL.iter().map(mode).collect(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        rules: rules.collect(),
        topics: of_topics.into_iter().filter(|t| page == 1 && (rule.is_empty() || t.found.rule == rule)).collect(),
        rows: wanted.iter().skip((page - 1) * PAGE).take(PAGE).filter_map(line).collect(),
        previous: (page > 1).then(|| page - 1),
        next: (wanted.len() > page * PAGE).then_some(page + 1),
        rule,
    };
    Ok(page::show(&who, &view)?)
}
