//! Which columns the sheets have.

use super::super::diff::named;
use super::super::elements::{self, Element, Kind, SECTIONS};

/// A column of a sheet.
#[derive(Debug, Clone)]
pub struct Column {
    pub heading: String,
    /// Dotted path in the item, or in the row.
    pub path: String,
    pub kind: Kind,
    /// What can be picked: values and their Chinese names, looked up once.
    pub picks: Vec<(&'static str, String)>,
    /// It belongs to the outer row of a list in a list.
    pub is_outer: bool,
}

/// A sheet: of the items themselves, or of one of their lists.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    /// Path of the list; empty for the items.
    pub path: &'static str,
    pub row: &'static [Element],
    /// Path of the list in the list's rows.
    pub inner: Option<&'static str>,
    pub columns: Vec<Column>,
}

/// The column that says whose row it is.
pub fn code_heading() -> String {
    named("element-code").zh
}

pub fn all() -> Vec<Sheet> {
    let mut items = Sheet { name: named("sheet-items").zh, path: "", row: &[], inner: None, columns: vec![] };
    let mut lists = vec![];
    for e in SECTIONS.iter().flat_map(|s| s.elements) {
        match e.kind {
            Kind::Rows(row) => lists.push(list(e, row)),
            _ => items.columns.extend(columns(e, false)),
        }
    }
    std::iter::once(items).chain(lists).collect()
}

fn list(e: &Element, row: &'static [Element]) -> Sheet {
    // A form has a list in its list: its sheet has a row a field, and each says its group.
    let inner = elements::inner(row);
    let outer = row.iter().filter(|e| inner.is_none_or(|(list, _)| e.path != list.path));
    let mut all: Vec<Column> = outer.flat_map(|e| columns(e, inner.is_some())).collect();
    all.extend(inner.into_iter().flat_map(|(_, row)| row.iter().flat_map(|e| columns(e, false))));
    let inner = inner.map(|(list, _)| list.path);
    Sheet { name: named(&format!("element-{}", e.name)).zh, path: e.path, row, inner, columns: all }
}

fn picks(kind: Kind) -> Vec<(&'static str, String)> {
    match kind {
        Kind::Pick(all) | Kind::Digit(all) | Kind::Picks(all) => {
            all.iter().map(|(value, key)| (*value, named(&format!("pick-{key}")).zh)).collect()
        }
        _ => vec![],
    }
}

fn columns(e: &Element, is_outer: bool) -> Vec<Column> {
    let heading = named(&format!("element-{}", e.name)).zh;
    let one = |heading: String, path: String| Column { heading, path, kind: e.kind, picks: picks(e.kind), is_outer };
    match e.kind {
        Kind::Both { .. } => {
            let english = format!("{heading}（{}）", named("element-in-english").zh);
            let path = |lang: &str| if e.path.is_empty() { lang.to_owned() } else { format!("{}.{lang}", e.path) };
            vec![one(heading, path("zh")), one(english, path("en"))]
        }
        _ => vec![one(heading, e.path.to_owned())],
    }
}
