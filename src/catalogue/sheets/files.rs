//! The formats: bytes to sheets and back.

use std::io::{BufRead, Seek};
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{Format as Style, Workbook};
use serde::Deserializer;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::model::Elements;
use super::Table;
use super::spool::{Spool, Spooling};
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

/// Reads a file from its beginning to its end; its rows lie in `folder` until the last of them is taken up.
///
/// # Errors
/// `import-kind` when its name says no format; `import-unreadable` when it is not what its name says; `import-empty`;
/// `import-too-much` when it holds more than can be taken in at once.
pub fn open(folder: &Path, name: &str, file: impl BufRead + Seek) -> Result<Spool> {
    let format = Format::of_name(name).ok_or_else(|| Error::invalid("import-kind"))?;
    let mut spooling = Spooling::new(folder)?;
    match format {
        Format::Xlsx => xlsx(file, &mut spooling)?,
        Format::Csv => csv(name, file, &mut spooling)?,
        Format::Json => json(file, &mut spooling)?,
    }
    spooling.end()
}

fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("import-unreadable").because(cause)
}

/// The sheets one after another, each by its cells: what repeats in a file is in memory once, and of a sheet one row.
fn xlsx(file: impl BufRead + Seek, spooling: &mut Spooling) -> Result<()> {
    let mut book: Xlsx<_> = Xlsx::new(file).map_err(unreadable)?;
    for name in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
        let mut rows = Rows { name: &name, spooling, at: None, cells: vec![], has_head: false };
        while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
            let text = match cell.formula.filter(|f| !f.is_empty()) {
                // What it would come to is not what was written.
                Some(formula) => format!("={formula}"),
                None => shown(&cell.value.into()),
            };
            rows.cell(cell.pos, text)?;
        }
        rows.end()?;
    }
    Ok(())
}

/// Cells on their way to rows. The first row that has any is that of the headings.
struct Rows<'a> {
    name: &'a str,
    spooling: &'a mut Spooling,
    at: Option<u32>,
    cells: Vec<String>,
    has_head: bool,
}

impl Rows<'_> {
    fn cell(&mut self, (row, column): (u32, u32), text: String) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        if self.at != Some(row) {
            self.end()?;
            self.at = Some(row);
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let (Some(at), cells) = (self.at.take(), std::mem::take(&mut self.cells)) else { return Ok(()) };
        if std::mem::replace(&mut self.has_head, true) {
            return self.spooling.row(at as usize + 1, &cells);
        }
        self.spooling.sheet(self.name, headings(&cells));
        Ok(())
    }
}

fn headings(cells: &[String]) -> Vec<String> {
    cells.iter().map(|h| h.trim().to_owned()).collect()
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        other => other.to_string(),
    }
}

/// UTF-8, with or without its mark.
fn csv(name: &str, mut file: impl BufRead, spooling: &mut Spooling) -> Result<()> {
    if file.fill_buf().map_err(unreadable)?.starts_with(b"\xEF\xBB\xBF") {
        file.consume(3);
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut has_head = false;
    for (at, line) in lines.records().enumerate() {
        let cells: Vec<String> = line.map_err(unreadable)?.iter().map(unguarded).collect();
        if std::mem::replace(&mut has_head, true) {
            spooling.row(at + 1, &cells)?;
        } else {
            spooling.sheet(name, headings(&cells));
        }
    }
    if has_head { Ok(()) } else { Err(Error::invalid("import-empty")) }
}

/// A list of items as documents, or one item.
fn json(file: impl BufRead, spooling: &mut Spooling) -> Result<()> {
    spooling.documents();
    let mut reader = serde_json::Deserializer::from_reader(file);
    let mut documents = Documents { spooling, failed: None };
    let read = reader.deserialize_any(&mut documents).and_then(|()| reader.end());
    match documents.failed {
        Some(e) => Err(e),
        None => read.map_err(unreadable),
    }
}

/// Takes documents one after another.
struct Documents<'a> {
    spooling: &'a mut Spooling,
    /// Why one could not be laid down.
    failed: Option<Error>,
}

impl Documents<'_> {
    fn take<E: serde::de::Error>(&mut self, line: usize, value: &Value) -> Result<(), E> {
        let code = value["code"].as_str().unwrap_or_default();
        self.spooling.document(line, code, value.to_string()).map_err(|e| {
            self.failed = Some(e);
            E::custom("stopped")
        })
    }
}

impl<'de> Visitor<'de> for &mut Documents<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("items")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        let mut line = 0;
        while let Some(value) = all.next_element::<Value>()? {
            line += 1;
            self.take(line, &value)?;
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, one: A) -> Result<(), A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(one))?;
        self.take(1, &value)
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
