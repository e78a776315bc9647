//! From sheets to items: what is good, and what is not and why.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::super::check::{Checker, Severity};
use super::super::codes::Codes;
use super::super::diff::{place_of, title_of};
use super::super::doc::{at, put};
use super::super::elements::{self, Element, Kind, SECTIONS, fresh_key};
use super::super::model::{Elements, ItemId};
use super::super::shelf::{Shelf, Shelved};
use super::columns::{self, Column, Sheet};
use super::{Content, Table, cells};
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
    pub before: Option<(ItemId, Elements)>,
    pub elements: Elements,
}

impl Imported {
    pub fn is_same(&self) -> bool {
        self.before.as_ref().is_some_and(|(_, before)| *before == self.elements)
    }
}

#[derive(Debug, Default)]
pub struct Read {
    pub good: Vec<Imported>,
    pub bad: Vec<Bad>,
    /// Items that were left out.
    pub left_out: usize,
    /// Headings that mean nothing here, with their sheets.
    pub unknown: Vec<(String, String)>,
}

/// Reads what is in a file against what is on the shelf. `codes` also name the halls, the shared fields and the departments; `facts` are
/// the keys of the shared fields.
///
/// # Errors
/// None in practice: elements always are a document.
pub fn read(content: &Content, shelf: &Shelf, codes: &Codes, facts: &HashSet<String>) -> Result<Read> {
    let known: HashMap<&str, &Shelved> = shelf.items().iter().map(|i| (i.elements.code.as_str(), i.as_ref())).collect();
    let mut reader = Reader { shelf, codes, known, read: Read::default(), docs: vec![], by_code: HashMap::new() };
    match content {
        Content::Tables(tables) => reader.tables(tables)?,
        Content::Documents(all) => reader.documents(all),
    }
    reader.end(facts)
}

/// An item on its way in.
struct Doc {
    code: String,
    sheet: String,
    row: usize,
    value: Value,
    is_bad: bool,
}

struct Reader<'a> {
    shelf: &'a Shelf,
    codes: &'a Codes,
    known: HashMap<&'a str, &'a Shelved>,
    read: Read,
    docs: Vec<Doc>,
    by_code: HashMap<String, usize>,
}

impl Reader<'_> {
    fn bad(&mut self, doc: Option<usize>, bad: Bad) {
        if let Some(doc) = doc.and_then(|d| self.docs.get_mut(d)) {
            doc.is_bad = true;
        }
        self.read.bad.push(bad);
    }

    fn documents(&mut self, all: &[Value]) {
        for (at, value) in all.iter().enumerate() {
            let code = value["code"].as_str().unwrap_or_default().to_owned();
            self.begin(code, "JSON", at + 1, value.clone());
        }
    }

    /// A place for the item of this code, unless it stands there twice.
    fn begin(&mut self, code: String, sheet: &str, row: usize, value: Value) -> usize {
        let place = self.docs.len();
        self.docs.push(Doc { code: code.clone(), sheet: sheet.to_owned(), row, value, is_bad: false });
        if let Some(first) = self.by_code.insert(code.clone(), place) {
            // The first one counts.
            self.by_code.insert(code.clone(), first);
            let column = columns::code_heading();
            let bad = Bad { sheet: sheet.to_owned(), row, column, value: code, why: "twice", rule: None };
            self.bad(Some(place), bad);
        }
        place
    }

    fn tables(&mut self, tables: &[Table]) -> Result<()> {
        let sheets = columns::all();
        // A file of one sheet is known by its headings: programs name a CSV's sheet as they like.
        let of = |table: &Table| {
            let by_name = sheets.iter().find(|s| s.name == table.name);
            by_name.or_else(|| sheets.iter().max_by_key(|s| fitting(s, table)).filter(|s| fitting(s, table) > 1))
        };
        let mut found: Vec<(&Sheet, &Table)> = vec![];
        for table in tables.iter().filter(|t| !t.head.is_empty()) {
            match of(table) {
                Some(sheet) => found.push((sheet, table)),
                None => self.read.unknown.push((table.name.clone(), String::new())),
            }
        }
        found.sort_by_key(|(sheet, _)| !sheet.path.is_empty());
        for (sheet, table) in found {
            self.headings(sheet, table);
            if sheet.path.is_empty() { self.items(sheet, table)? } else { self.list(sheet, table)? }
        }
        Ok(())
    }

    fn headings(&mut self, sheet: &Sheet, table: &Table) {
        let code = columns::code_heading();
        for heading in table.head.iter().filter(|h| !h.is_empty() && **h != code) {
            if !sheet.columns.iter().any(|c| c.heading == *heading) {
                self.read.unknown.push((table.name.clone(), heading.clone()));
            }
        }
    }

    /// What there is of this code, or a blank item that has at least its codes.
    fn base(&self, code: &str) -> Result<Value> {
        Ok(serde_json::to_value(self.known.get(code).map_or_else(Elements::blank, |i| i.elements.clone()))?)
    }

    fn items(&mut self, sheet: &Sheet, table: &Table) -> Result<()> {
        let columns = places(sheet, table);
        for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| !is_empty(row)) {
            let code = cell(row, columns.code).trim().to_owned();
            let base = self.base(&code)?;
            let doc = self.begin(code, &table.name, at + 2, base);
            let mut value = std::mem::take(&mut self.docs[doc].value);
            for (place, column) in &columns.all {
                match cells::read(column, cell(row, Some(*place)), self.codes) {
                    Ok(read) => put(&mut value, &column.path, read),
                    Err(why) => self.bad(Some(doc), bad(table, at, column, row, *place, why)),
                }
            }
            let own = SECTIONS.iter().flat_map(|s| s.elements);
            own.for_each(|e| unsaid(e, &mut value));
            self.docs[doc].value = value;
        }
        Ok(())
    }

    fn list(&mut self, sheet: &Sheet, table: &Table) -> Result<()> {
        let columns = places(sheet, table);
        let mut lists: HashMap<usize, Vec<Value>> = HashMap::new();
        let mut order: Vec<usize> = vec![];
        for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| !is_empty(row)) {
            let code = cell(row, columns.code).trim();
            let doc = match self.by_code.get(code) {
                Some(doc) => *doc,
                None if self.known.contains_key(code) => {
                    let base = self.base(code)?;
                    self.begin(code.to_owned(), &table.name, at + 2, base)
                }
                None => {
                    let column = columns::code_heading();
                    let (sheet, value) = (table.name.clone(), code.to_owned());
                    self.bad(None, Bad { sheet, row: at + 2, column, value, why: "no-item", rule: None });
                    continue;
                }
            };
            let (mut outer, mut inner) = (Value::Null, Value::Null);
            for (place, column) in &columns.all {
                let target = if sheet.inner.is_none() || column.is_outer { &mut outer } else { &mut inner };
                match cells::read(column, cell(row, Some(*place)), self.codes) {
                    Ok(read) => put(target, &column.path, read),
                    Err(why) => self.bad(Some(doc), bad(table, at, column, row, *place, why)),
                }
            }
            if !lists.contains_key(&doc) {
                order.push(doc);
            }
            nest(sheet, lists.entry(doc).or_default(), outer, inner);
        }
        for doc in order {
            let mut rows = lists.remove(&doc).unwrap_or_default();
            let before = at(&self.docs[doc].value, sheet.path).as_array().cloned().unwrap_or_default();
            whole(sheet.row, &mut rows, &before);
            put(&mut self.docs[doc].value, sheet.path, rows.into());
        }
        Ok(())
    }

    /// Which of the items are ones, and keep the rules.
    fn end(mut self, facts: &HashSet<String>) -> Result<Read> {
        let departments = self.shelf.departments();
        for doc in std::mem::take(&mut self.docs) {
            let say = |column: String, value: String, why, rule| Bad {
                sheet: doc.sheet.clone(),
                row: doc.row,
                column,
                value,
                why,
                rule,
            };
            let before = self.known.get(doc.code.as_str()).copied();
            let mut elements: Elements = match serde_json::from_value(doc.value.clone()) {
                Ok(elements) => elements,
                Err(e) if !doc.is_bad => {
                    self.read.bad.push(say(String::new(), e.to_string(), "shape", None));
                    self.read.left_out += 1;
                    continue;
                }
                Err(_) => {
                    self.read.left_out += 1;
                    continue;
                }
            };
            let body = doc.code.get(..18).unwrap_or_default();
            let Some(department) = departments.iter().find(|d| d.code == body) else {
                self.read.bad.push(say(columns::code_heading(), doc.code.clone(), "body", None));
                self.read.left_out += 1;
                continue;
            };
            elements.identify(&doc.code, &department.key, before.map(|i| &i.elements));
            elements.form.tidy();
            let mut is_bad = doc.is_bad;
            for f in Checker::new(self.codes, facts).one(&elements) {
                // What was wrong before is for the report, and hinders nobody from putting something else right.
                if f.severity == Severity::Error && !is_bad {
                    let place = place_of(&doc.value, &f.element);
                    let place = place.iter().map(|t| t.zh.as_str()).collect::<Vec<_>>().join(" › ");
                    self.read.bad.push(say(place, f.value, "rule", Some(f.rule)));
                    is_bad = true;
                }
            }
            if is_bad {
                self.read.left_out += 1;
                continue;
            }
            let before = before.map(|i| (i.item_id, i.elements.clone()));
            self.read.good.push(Imported { department: department.id, before, elements });
        }
        Ok(self.read)
    }
}

/// Columns of a table: where each is.
struct Places<'a> {
    code: Option<usize>,
    all: Vec<(usize, &'a Column)>,
}

fn places<'a>(sheet: &'a Sheet, table: &Table) -> Places<'a> {
    let code = columns::code_heading();
    let place = |heading: &str| table.head.iter().position(|h| h == heading);
    let fixed = |c: &&Column| !matches!(c.kind, Kind::Fixed(_));
    let all = sheet.columns.iter().filter(fixed).filter_map(|c| Some((place(&c.heading)?, c))).collect();
    Places { code: place(&code), all }
}

fn fitting(sheet: &Sheet, table: &Table) -> usize {
    sheet.columns.iter().filter(|c| table.head.contains(&c.heading)).count()
}

fn is_empty(row: &[String]) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

fn cell(row: &[String], place: Option<usize>) -> &str {
    place.and_then(|p| row.get(p)).map_or("", String::as_str)
}

fn bad(table: &Table, at: usize, column: &Column, row: &[String], place: usize, why: &'static str) -> Bad {
    let value: String = cell(row, Some(place)).chars().take(100).collect();
    Bad { sheet: table.name.clone(), row: at + 2, column: column.heading.clone(), value, why, rule: None }
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
