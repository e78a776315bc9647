//! From items to sheets.

use serde_json::Value;

use super::super::codes::Codes;
use super::super::doc::at;
use super::super::model::Elements;
use super::Table;
use super::cells;
use super::columns::{self, Column, Sheet};
use crate::kernel::Result;

/// The sheets of these items, each named and headed in Chinese.
///
/// # Errors
/// None in practice: elements always are a document.
pub fn write<'a>(items: impl Iterator<Item = &'a Elements>, codes: &Codes) -> Result<Vec<Table>> {
    let sheets = columns::all();
    let mut tables: Vec<Table> = sheets.iter().map(empty).collect();
    for e in items {
        let doc = serde_json::to_value(e)?;
        for (sheet, table) in sheets.iter().zip(&mut tables) {
            add(sheet, table, &e.code, &doc, codes);
        }
    }
    Ok(tables)
}

fn empty(sheet: &Sheet) -> Table {
    let code = (!sheet.path.is_empty()).then(columns::code_heading);
    let head = code.into_iter().chain(sheet.columns.iter().map(|c| c.heading.clone())).collect();
    Table { name: sheet.name.clone(), head, rows: vec![] }
}

fn add(sheet: &Sheet, table: &mut Table, code: &str, doc: &Value, codes: &Codes) {
    let cell = |c: &Column, value: &Value| cells::write(c, at(value, &c.path), codes);
    if sheet.path.is_empty() {
        table.rows.push(sheet.columns.iter().map(|c| cell(c, doc)).collect());
        return;
    }
    let rows = |value: &Value, path: &str| at(value, path).as_array().cloned().unwrap_or_default();
    for outer in rows(doc, sheet.path) {
        let inner = match sheet.inner {
            Some(path) => rows(&outer, path),
            None => vec![Value::Null],
        };
        for inner in inner {
            let of = |c: &Column| if sheet.inner.is_none() || c.is_outer { &outer } else { &inner };
            let cells = sheet.columns.iter().map(|c| cell(c, of(c)));
            table.rows.push(std::iter::once(code.to_owned()).chain(cells).collect());
        }
    }
}
