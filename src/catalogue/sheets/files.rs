//! The formats: bytes to sheets and back.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Format as Style, Workbook};
use serde_json::Value;

use super::super::model::Elements;
use super::{Content, Table};
use crate::kernel::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    /// One sheet alone.
    Csv,
    Json,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Xlsx, Format::Csv, Format::Json];
    /// By the end of a file's name.
    pub fn of_name(name: &str) -> Option<Self> {
        let end = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        Self::ALL.into_iter().find(|f| f.code() == end)
    }
    pub fn code(self) -> &'static str {
        match self {
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }
    pub fn mime(self) -> &'static str {
        match self {
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

/// Opens a file.
///
/// # Errors
/// `import-kind` when its name says no format; `import-unreadable` when it is not what its name says.
pub fn open(name: &str, bytes: &[u8]) -> Result<Content> {
    match Format::of_name(name).ok_or_else(|| Error::invalid("import-kind"))? {
        Format::Xlsx => xlsx(bytes).map(Content::Tables),
        Format::Csv => csv(name, bytes).map(|table| Content::Tables(vec![table])),
        Format::Json => json(bytes).map(Content::Documents),
    }
}

fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("import-unreadable").because(cause)
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Table>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut tables = vec![];
    for name in book.sheet_names() {
        let cells = book.worksheet_range(&name).map_err(unreadable)?;
        let formulas = book.worksheet_formula(&name).map_err(unreadable)?;
        let (top, left) = cells.start().unwrap_or_default();
        let mut lines = cells.rows().enumerate().map(|(r, row)| {
            let text = |(c, cell): (usize, &Data)| {
                let place = (top + u32::try_from(r).unwrap_or(0), left + u32::try_from(c).unwrap_or(0));
                match formulas.get_value(place).filter(|f| !f.is_empty()) {
                    // What it would come to is not what was written.
                    Some(formula) => format!("={formula}"),
                    None => shown(cell),
                }
            };
            row.iter().enumerate().map(text).collect::<Vec<_>>()
        });
        let head = lines.next().unwrap_or_default().iter().map(|h| h.trim().to_owned()).collect();
        let rows = lines.collect();
        tables.push(Table { name, head, rows });
    }
    Ok(tables)
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        other => other.to_string(),
    }
}

/// UTF-8, with or without its mark.
fn csv(name: &str, bytes: &[u8]) -> Result<Table> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(unreadable)?;
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = vec![];
    for line in lines.records() {
        rows.push(line.map_err(unreadable)?.iter().map(unguarded).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        return Err(Error::invalid("import-empty"));
    }
    let head = rows.remove(0).iter().map(|h| h.trim().to_owned()).collect();
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(Table { name: name.to_owned(), head, rows })
}

fn json(bytes: &[u8]) -> Result<Vec<Value>> {
    match serde_json::from_slice(bytes).map_err(unreadable)? {
        Value::Array(all) => Ok(all),
        one @ Value::Object(_) => Ok(vec![one]),
        _ => Err(Error::invalid("import-unreadable")),
    }
}

/// A cell that a program would take for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn guarded(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn unguarded(text: &str) -> String {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text).to_owned()
}

/// Writes sheets, or the items themselves as JSON. CSV has the first sheet alone.
///
/// # Errors
/// None in practice.
pub fn save(format: Format, tables: &[Table], items: &[&Elements]) -> Result<Vec<u8>> {
    match format {
        Format::Json => Ok(serde_json::to_vec_pretty(items)?),
        Format::Csv => {
            // With its mark, by which spreadsheet programs know UTF-8.
            let mut out = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
            if let Some(table) = tables.first() {
                for row in std::iter::once(&table.head).chain(&table.rows) {
                    out.write_record(row.iter().map(|c| guarded(c))).map_err(Error::internal)?;
                }
            }
            out.into_inner().map_err(|e| Error::internal(e.to_string()))
        }
        Format::Xlsx => written(tables).map_err(Error::internal),
    }
}

fn written(tables: &[Table]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let bold = Style::new().set_bold();
    for table in tables {
        let sheet = book.add_worksheet().set_name(&table.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (c, heading) in (0u16..).zip(&table.head) {
            sheet.write_string_with_format(0, c, heading, &bold)?;
            sheet.set_column_width(c, 18)?;
        }
        for (r, row) in (1u32..).zip(&table.rows) {
            for (c, cell) in (0u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(r, c, cell)?;
            }
        }
    }
    book.save_to_buffer()
}
