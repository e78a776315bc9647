//! The implementing list as sheets: XLSX, CSV and JSON, out and in.
//!
//! # Rules
//! - One sheet has a row an item, in the Chinese names of the elements; one more for each list (依据, 条件, 环节, 材料, 收费, 结果, 表单,
//!   问答) names its item by the implementing code.
//! - Coming in, a column or a sheet that is not there leaves what there is; a sheet that is there replaces the item's list. Rows are
//!   known by their 编号, or by their name when that is empty, so that they keep their ids.
//! - An item with a bad cell anywhere is left out, and all its bad cells are told with sheet, row, column, value and reason; the others
//!   come in. Codes may stand as codes or as names.
//! - A file may have as many items as there are: its rows lie on the disk meanwhile ([`Spool`]), and items come in by batches
//!   ([`Reading`]). In memory are their codes, of an XLSX file the texts that its cells share, and one batch.
//! - A formula in a cell is text. What goes out and begins like a formula is guarded in CSV, which programs would else run
//!   (OWASP: CSV injection).

mod cells;
mod columns;
mod files;
mod reading;
mod spool;
mod writing;

pub use files::{Format, open, save};
pub use reading::{Against, Bad, Imported, MOST_BAD, Reading, Told};
pub use spool::Spool;
pub use writing::write;

/// A sheet as it stands in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub head: Vec<String>,
    /// The first row is the second line of the file.
    pub rows: Vec<Vec<String>>,
}

#[cfg(test)]
mod tests;
