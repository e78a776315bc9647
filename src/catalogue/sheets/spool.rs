//! A file's rows, laid down on the disk as they are read and taken up again item by item.
//!
//! Lists stand in sheets of their own and name their items by code, in any order. So the file is read once from its beginning to its
//! end; in memory remain the items' codes and, for each item and sheet, where its rows lie. Rows that stand together, as an export
//! writes them, lie together.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::columns::{self, Sheet};
use crate::kernel::{Error, Id, Result};

/// So many bytes a file's cells may have in all: a small file can hold very much that repeats.
const MOST: u64 = 4 << 30;
/// So many items a file may have.
const MOST_ITEMS: usize = 200_000;

/// A sheet of a file, by its headings.
#[derive(Debug)]
pub(super) struct Head {
    pub name: String,
    pub cells: Vec<String>,
    /// Which of [`columns::all`] it is; nothing for items as documents.
    pub sheet: Option<usize>,
    /// Where the items' codes stand.
    code: Option<usize>,
}

/// An item of the file, and where it first stands.
#[derive(Debug)]
pub(super) struct Begun {
    pub code: String,
    pub head: u32,
    pub line: u32,
}

/// Rows of one item and one sheet that lie together.
#[derive(Debug, Clone, Copy)]
struct Run {
    item: u32,
    head: u32,
    from: u64,
    length: u32,
}

/// A row with its line in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub head: usize,
    pub line: usize,
    pub cells: Vec<String>,
}

/// The rows of a file, for one reading.
pub struct Spool {
    file: File,
    path: PathBuf,
    pub(super) heads: Vec<Head>,
    pub(super) items: Vec<Begun>,
    runs: Vec<Run>,
    /// Headings that mean nothing here, with their sheets.
    pub(super) unknown: Vec<(String, String)>,
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Mostly it has lost its name already.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("items", &self.items.len())
            .field("runs", &self.runs.len())
            .finish_non_exhaustive()
    }
}

impl Spool {
    /// How many items it has, good and bad ones.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The rows of an item, those of the items' sheet first.
    pub(super) fn rows(&mut self, item: usize) -> Result<Vec<Row>> {
        let first = self.runs.partition_point(|r| (r.item as usize) < item);
        let runs: Vec<Run> = self.runs[first..].iter().take_while(|r| r.item as usize == item).copied().collect();
        let mut rows = vec![];
        for run in runs {
            let mut bytes = vec![0; run.length as usize];
            self.file.seek(SeekFrom::Start(run.from))?;
            self.file.read_exact(&mut bytes)?;
            let mut left = bytes.as_slice();
            while !left.is_empty() {
                rows.push(taken(run.head as usize, &mut left)?);
            }
        }
        Ok(rows)
    }
}

fn number(left: &mut &[u8]) -> Result<usize> {
    let (number, rest) = left.split_first_chunk::<4>().ok_or_else(|| Error::internal("a row is cut off"))?;
    *left = rest;
    Ok(u32::from_le_bytes(*number) as usize)
}

fn taken(head: usize, left: &mut &[u8]) -> Result<Row> {
    let (line, count) = (number(left)?, number(left)?);
    let mut cells = Vec::with_capacity(count);
    for _ in 0..count {
        let length = number(left)?;
        let (text, rest) = left.split_at_checked(length).ok_or_else(|| Error::internal("a row is cut off"))?;
        cells.push(String::from_utf8(text.to_vec()).map_err(Error::internal)?);
        *left = rest;
    }
    Ok(Row { head, line, cells })
}

/// Lays rows down.
pub(super) struct Spooling {
    out: BufWriter<File>,
    spool: Spool,
    sheets: Vec<Sheet>,
    by_code: HashMap<String, u32>,
    end: u64,
    row: Vec<u8>,
    /// Of the sheet under way; none when nothing of it is wanted.
    head: Option<u32>,
}

impl Spooling {
    /// In a file of this folder that has no name and goes with the process at the latest.
    pub fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("list-{}.tmp", Id::random()));
        let file = File::options().read(true).write(true).create_new(true).open(&path)?;
        // Where an open file cannot lose its name it loses it when it is closed.
        let _ = std::fs::remove_file(&path);
        let (heads, items, runs, unknown) = (vec![], vec![], vec![], vec![]);
        let out = BufWriter::with_capacity(1 << 18, file.try_clone()?);
        let spool = Spool { file, path, heads, items, runs, unknown };
        let (sheets, by_code) = (columns::all(), HashMap::new());
        Ok(Self { out, spool, sheets, by_code, end: 0, row: vec![], head: None })
    }

    /// Begins a sheet with its headings.
    pub fn sheet(&mut self, name: &str, cells: Vec<String>) {
        self.head = None;
        if cells.is_empty() {
            return;
        }
        let fitting = |s: &Sheet| s.columns.iter().filter(|c| cells.contains(&c.heading)).count();
        let best = || self.sheets.iter().map(fitting).enumerate().max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 1);
        // A file of one sheet is known by its headings: programs name a CSV's sheet as they like.
        let sheet = self.sheets.iter().position(|s| s.name == name).or_else(|| best().map(|(at, _)| at));
        let Some(sheet) = sheet else {
            self.spool.unknown.push((name.to_owned(), String::new()));
            return;
        };
        let code = columns::code_heading();
        for heading in cells.iter().filter(|h| !h.is_empty() && **h != code) {
            if !self.sheets[sheet].columns.iter().any(|c| c.heading == *heading) {
                self.spool.unknown.push((name.to_owned(), heading.clone()));
            }
        }
        let code = cells.iter().position(|h| *h == code);
        self.begin(Head { name: name.to_owned(), cells, sheet: Some(sheet), code });
    }

    /// Begins items as documents: each is a row of one cell.
    pub fn documents(&mut self) {
        self.begin(Head { name: "JSON".into(), cells: vec![], sheet: None, code: None });
    }

    fn begin(&mut self, head: Head) {
        self.head = Some(self.spool.heads.len() as u32);
        self.spool.heads.push(head);
    }

    /// A row of the sheet under way.
    pub fn row(&mut self, line: usize, cells: &[String]) -> Result<()> {
        let Some(head) = self.head else { return Ok(()) };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let code =
            self.spool.heads[head as usize].code.and_then(|at| cells.get(at)).map_or("", |c| c.trim()).to_owned();
        self.lay(head, &code, line, cells)
    }

    /// An item as a document.
    pub fn document(&mut self, line: usize, code: &str, text: String) -> Result<()> {
        let Some(head) = self.head else { return Ok(()) };
        self.lay(head, code, line, &[text])
    }

    fn lay(&mut self, head: u32, code: &str, line: usize, cells: &[String]) -> Result<()> {
        let number = |n: usize| u32::try_from(n).map(u32::to_le_bytes).map_err(|_| Error::invalid("import-too-much"));
        self.row.clear();
        self.row.extend(number(line)?);
        self.row.extend(number(cells.len())?);
        for cell in cells {
            self.row.extend(number(cell.len())?);
            self.row.extend(cell.as_bytes());
        }
        let item = self.item(head, code, line)?;
        self.out.write_all(&self.row)?;
        let length = u32::try_from(self.row.len()).map_err(|_| Error::invalid("import-too-much"))?;
        match self.spool.runs.last_mut().filter(|r| (r.item, r.head) == (item, head)) {
            Some(run) if run.length.checked_add(length).is_some() => run.length += length,
            _ => self.spool.runs.push(Run { item, head, from: self.end, length }),
        }
        self.end += u64::from(length);
        if self.end > MOST { Err(Error::invalid("import-too-much")) } else { Ok(()) }
    }

    fn item(&mut self, head: u32, code: &str, line: usize) -> Result<u32> {
        if let Some(item) = self.by_code.get(code) {
            return Ok(*item);
        }
        if self.spool.items.len() == MOST_ITEMS {
            return Err(Error::invalid("import-too-much"));
        }
        let item = self.spool.items.len() as u32;
        self.by_code.insert(code.to_owned(), item);
        self.spool.items.push(Begun { code: code.to_owned(), head, line: line as u32 });
        Ok(item)
    }

    pub fn end(mut self) -> Result<Spool> {
        self.out.flush()?;
        let Self { mut spool, sheets, .. } = self;
        let is_list = |head: u32| spool.heads[head as usize].sheet.is_some_and(|s| !sheets[s].path.is_empty());
        // Rows of a sheet stay in their order.
        spool.runs.sort_by_key(|r| (r.item, is_list(r.head), r.head));
        Ok(spool)
    }
}
