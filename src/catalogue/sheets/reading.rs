//! From sheets to items: what is good, and what is not and why.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::check::{Checker, Severity};
use super::super::codes::Codes;
use super::super::diff::{place_of, title_of};
use super::super::doc::{at, put};
use super::super::elements::{self, Element, Kind, SECTIONS, fresh_key};
use super::super::model::Elements;
use super::super::shelf::{Shelf, Shelved};
use super::cells;
use super::columns::{self, Column, Sheet};
use super::spool::{Head, Row, Spool};
use crate::identity::DepartmentId;
use crate::kernel::Result;

/// A cell that does not fit, and so its item is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    pub sheet: String,
    /// Line of the sheet, from 1 with the headings; place in the list for JSON.
    pub row: usize,
    pub column: String,
    pub value: String,
    /// Text `import-why-…`.
    pub why: &'static str,
    /// The rule that is broken, text `rule-…`.
    pub rule: Option<&'static str>,
}

/// An item that may come in.
#[derive(Debug, Clone)]
pub struct Imported {
    pub department: DepartmentId,
    /// What is on the shelf under its code.
    pub before: Option<Arc<Shelved>>,
    pub elements: Elements,
}

impl Imported {
    pub fn is_same(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.elements == self.elements)
    }
}

/// What is told of a file beside its good items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The first [`MOST_BAD`] of them.
    pub bad: Vec<Bad>,
    pub bad_total: usize,
    /// Items that were left out.
    pub left_out: usize,
    /// Headings that mean nothing here, with their sheets.
    pub unknown: Vec<(String, String)>,
}

/// So many bad cells are told.
pub const MOST_BAD: usize = 10_000;

impl Told {
    fn add(&mut self, bad: Bad) {
        self.bad_total += 1;
        if self.bad.len() < MOST_BAD {
            self.bad.push(bad);
        }
    }
}

/// What a file is read against. `codes` also name the halls, the shared fields and the departments; `facts` are the keys of the shared
/// fields.
#[derive(Debug, Clone)]
pub struct Against {
    pub shelf: Arc<Shelf>,
    pub codes: Arc<Codes>,
    pub facts: Arc<HashSet<String>>,
}

/// Takes the items of a file up, one after another: in memory are those of a batch alone.
pub struct Reading {
    spool: Spool,
    against: Against,
    /// Places on the shelf by code.
    known: HashMap<String, usize>,
    sheets: Vec<Sheet>,
    next: usize,
    told: Told,
}

/// An item on its way in.
struct Doc {
    code: String,
    sheet: String,
    row: usize,
    value: Value,
    is_bad: bool,
}

impl Reading {
    pub fn new(spool: Spool, against: Against) -> Self {
        let known = against.shelf.items().iter().enumerate().map(|(at, i)| (i.elements.code.clone(), at)).collect();
        let told = Told { unknown: spool.unknown.clone(), ..Told::default() };
        Self { spool, against, known, sheets: columns::all(), next: 0, told }
    }

    /// How many items the file has, good and bad ones.
    pub fn total(&self) -> usize {
        self.spool.len()
    }

    /// How many of them were taken up.
    pub fn at(&self) -> usize {
        self.next
    }

    /// Leaves items out that were taken up before.
    pub fn skip(&mut self, count: usize) {
        self.next = count.min(self.spool.len());
    }

    /// What was told so far.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// The good ones of the next `n` items; nothing more comes when [`Reading::at`] is [`Reading::total`].
    ///
    /// # Errors
    /// None in practice: elements always are a document, and what was laid down is there.
    pub fn batch(&mut self, n: usize) -> Result<Vec<Imported>> {
        let mut good = vec![];
        let end = (self.next + n).min(self.spool.len());
        while self.next < end {
            let item = self.next;
            self.next += 1;
            if let Some(doc) = self.doc(item)?
                && let Some(one) = self.ended(doc)?
            {
                good.push(one);
            }
        }
        Ok(good)
    }

    /// What there is of this code, or a blank item that has at least its codes.
    fn base(&self, code: &str) -> Result<Value> {
        Ok(match self.before(code) {
            Some(known) => serde_json::to_value(&known.elements)?,
            None => serde_json::to_value(Elements::blank())?,
        })
    }

    fn before(&self, code: &str) -> Option<&Arc<Shelved>> {
        self.known.get(code).and_then(|at| self.against.shelf.items().get(*at))
    }

    /// An item as its rows say it.
    fn doc(&mut self, item: usize) -> Result<Option<Doc>> {
        let begun = &self.spool.items[item];
        let (code, head, row) = (begun.code.clone(), begun.head as usize, begun.line as usize);
        let rows = self.spool.rows(item)?;
        let is_list = |at: &Row| self.sheet(at.head).is_some_and(|s| !s.path.is_empty());
        let lists = rows.iter().position(is_list).unwrap_or(rows.len());
        let (own, lists) = rows.split_at(lists);
        let sheet = self.spool.heads[own.first().map_or(head, |r| r.head)].name.clone();
        let row = own.first().map_or(row, |r| r.line);
        let mut doc = Doc { value: Value::Null, code, sheet, row, is_bad: false };
        if own.is_empty() && self.before(&doc.code).is_none() {
            for row in lists {
                let bad = self.no_item(&doc.code, row);
                self.told.add(bad);
            }
            return Ok(None);
        }
        doc.value = self.base(&doc.code)?;
        let mut told = vec![];
        if let Some(first) = own.first() {
            self.own(&mut doc, first, &mut told)?;
        }
        // The first one counts.
        for row in own.iter().skip(1) {
            told.push(self.twice(&doc.code, row));
            self.told.left_out += 1;
        }
        for rows in lists.chunk_by(|a, b| a.head == b.head) {
            self.list(&mut doc, rows, &mut told);
        }
        told.into_iter().for_each(|bad| self.told.add(bad));
        Ok(Some(doc))
    }

    fn sheet(&self, head: usize) -> Option<&Sheet> {
        self.spool.heads[head].sheet.map(|at| &self.sheets[at])
    }

    fn no_item(&self, code: &str, row: &Row) -> Bad {
        let sheet = self.spool.heads[row.head].name.clone();
        Bad { sheet, row: row.line, column: columns::code_heading(), value: code.into(), why: "no-item", rule: None }
    }

    fn twice(&self, code: &str, row: &Row) -> Bad {
        Bad { why: "twice", ..self.no_item(code, row) }
    }

    /// The row of the item itself.
    fn own(&self, doc: &mut Doc, row: &Row, told: &mut Vec<Bad>) -> Result<()> {
        let Some(sheet) = self.sheet(row.head) else {
            doc.value = serde_json::from_str(row.cells.first().map_or("null", String::as_str))?;
            return Ok(());
        };
        let head = &self.spool.heads[row.head];
        for (place, column) in places(sheet, head) {
            match cells::read(column, cell(row, place), &self.against.codes) {
                Ok(read) => put(&mut doc.value, &column.path, read),
                Err(why) => {
                    doc.is_bad = true;
                    told.push(bad(head, column, row, place, why));
                }
            }
        }
        let own = SECTIONS.iter().flat_map(|s| s.elements);
        own.for_each(|e| unsaid(e, &mut doc.value));
        Ok(())
    }

    /// Rows of one list of the item.
    fn list(&self, doc: &mut Doc, rows: &[Row], told: &mut Vec<Bad>) {
        let Some((head, sheet)) = rows.first().and_then(|r| Some((&self.spool.heads[r.head], self.sheet(r.head)?)))
        else {
            return;
        };
        let columns = places(sheet, head);
        let mut list = vec![];
        for row in rows {
            let (mut outer, mut inner) = (Value::Null, Value::Null);
            for (place, column) in &columns {
                let target = if sheet.inner.is_none() || column.is_outer { &mut outer } else { &mut inner };
                match cells::read(column, cell(row, *place), &self.against.codes) {
                    Ok(read) => put(target, &column.path, read),
                    Err(why) => {
                        doc.is_bad = true;
                        told.push(bad(head, column, row, *place, why));
                    }
                }
            }
            nest(sheet, &mut list, outer, inner);
        }
        let before = at(&doc.value, sheet.path).as_array().cloned().unwrap_or_default();
        whole(sheet.row, &mut list, &before);
        put(&mut doc.value, sheet.path, list.into());
    }

    /// Whether it is an item, and keeps the rules.
    fn ended(&mut self, doc: Doc) -> Result<Option<Imported>> {
        let say = |column: String, value: String, why, rule| Bad {
            sheet: doc.sheet.clone(),
            row: doc.row,
            column,
            value,
            why,
            rule,
        };
        let mut elements: Elements = match Elements::deserialize(&doc.value) {
            Ok(elements) => elements,
            Err(e) => {
                if !doc.is_bad {
                    self.told.add(say(String::new(), e.to_string(), "shape", None));
                }
                self.told.left_out += 1;
                return Ok(None);
            }
        };
        let body = doc.code.get(..18).unwrap_or_default();
        let Some(department) = self.against.shelf.departments().into_iter().find(|d| d.code == body) else {
            self.told.add(say(columns::code_heading(), doc.code.clone(), "body", None));
            self.told.left_out += 1;
            return Ok(None);
        };
        let before = self.before(&doc.code).cloned();
        elements.identify(&doc.code, &department.key, before.as_ref().map(|i| &i.elements));
        elements.form.tidy();
        let mut is_bad = doc.is_bad;
        for f in Checker::new(&self.against.codes, &self.against.facts).one(&elements) {
            // What was wrong before is for the report, and hinders nobody from putting something else right.
            if f.severity == Severity::Error && !is_bad {
                let place = place_of(&doc.value, &f.element);
                let place = place.iter().map(|t| t.zh.as_str()).collect::<Vec<_>>().join(" › ");
                self.told.add(say(place, f.value, "rule", Some(f.rule)));
                is_bad = true;
            }
        }
        if is_bad {
            self.told.left_out += 1;
            return Ok(None);
        }
        Ok(Some(Imported { department: department.id, before, elements }))
    }
}

/// Columns of a sheet and where they stand.
fn places<'a>(sheet: &'a Sheet, head: &Head) -> Vec<(usize, &'a Column)> {
    let place = |c: &Column| head.cells.iter().position(|h| *h == c.heading);
    let fixed = |c: &&Column| !matches!(c.kind, Kind::Fixed(_));
    sheet.columns.iter().filter(fixed).filter_map(|c| Some((place(c)?, c))).collect()
}

fn cell(row: &Row, place: usize) -> &str {
    row.cells.get(place).map_or("", String::as_str)
}

fn bad(head: &Head, column: &Column, row: &Row, place: usize, why: &'static str) -> Bad {
    let value: String = cell(row, place).chars().take(100).collect();
    Bad { sheet: head.name.clone(), row: row.line, column: column.heading.clone(), value, why, rule: None }
}

/// Adds a row; one in a list in a list to the last outer row when it names the same.
fn nest(sheet: &Sheet, rows: &mut Vec<Value>, outer: Value, inner: Value) {
    let Some(path) = sheet.inner else {
        rows.push(outer);
        return;
    };
    let same = |row: &Value| {
        let of = |v: &Value| if v["key"].is_null() { v["title"]["zh"].clone() } else { v["key"].clone() };
        of(row) == of(&outer)
    };
    match rows.last_mut().filter(|row| same(row)) {
        Some(row) => row[path].as_array_mut().into_iter().for_each(|all| all.push(inner.clone())),
        None => {
            let mut row = outer;
            row[path] = vec![inner].into();
            rows.push(row);
        }
    }
}

/// Gives rows what they lack: their key by their name, or a fresh one; and what no column said.
fn whole(row: &'static [Element], rows: &mut [Value], before: &[Value]) {
    let (has_key, list) = (elements::has_key(row), elements::inner(row));
    for value in rows {
        if !value.is_object() {
            continue;
        }
        let key = value["key"].as_str().map(str::to_owned);
        let same = before.iter().find(|b| match &key {
            Some(key) => b["key"] == *key,
            None => has_key && title_of(row, b).zh == title_of(row, value).zh,
        });
        for e in row {
            let Some((_, inner)) = list.filter(|(list, _)| list.path == e.path) else {
                fill(e, value, same);
                continue;
            };
            let old = same.and_then(|s| s[e.path].as_array().cloned()).unwrap_or_default();
            if let Some(fields) = value[e.path].as_array_mut() {
                whole(inner, fields, &old);
            }
        }
        if has_key && value["key"].is_null() {
            value["key"] = same.map_or_else(|| fresh_key().into(), |s| s["key"].clone());
        }
    }
}

/// What a column did not say stays, or is as in a blank row.
fn fill(e: &Element, value: &mut Value, same: Option<&Value>) {
    if e.path.is_empty() || e.kind == Kind::Key {
        return;
    }
    if value.get(e.path).is_none() {
        let kept = same.map(|s| s[e.path].clone()).filter(|v| !v.is_null());
        value[e.path] = kept.unwrap_or_else(|| e.blank());
    }
    unsaid(e, value);
}

/// A text that is said in neither language is none, where it may lack.
fn unsaid(e: &Element, value: &mut Value) {
    let Kind::Both { may_lack, .. } = e.kind else { return };
    let is_empty = |lang: &str| at(at(value, e.path), lang).as_str().unwrap_or_default().is_empty();
    if may_lack && is_empty("zh") && is_empty("en") {
        put(value, e.path, Value::Null);
    } else if at(value, e.path)["zh"].is_null() {
        put(value, &format!("{}.zh", e.path), "".into());
    }
}
