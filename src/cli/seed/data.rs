//! The files of `seed-data`, embedded in the binary.

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

use crate::kernel::{Error, Result};

#[derive(RustEmbed)]
#[folder = "seed-data"]
#[exclude = "tools/*"]
struct Folder;

/// A file by its path under `seed-data`.
pub(in crate::cli) fn bytes(path: &str) -> Result<Vec<u8>> {
    let file = Folder::get(path).ok_or_else(|| Error::internal(format!("there is no seed-data/{path}")))?;
    Ok(file.data.into_owned())
}

pub(in crate::cli) fn text(path: &str) -> Result<String> {
    String::from_utf8(bytes(path)?).map_err(|e| Error::internal(format!("seed-data/{path}: {e}")))
}

pub(in crate::cli) fn json<T: DeserializeOwned>(path: &str) -> Result<T> {
    serde_json::from_slice(&bytes(path)?).map_err(|e| Error::internal(format!("seed-data/{path}: {e}")))
}

/// The rows of a CSV file with a line of headings.
pub(in crate::cli) fn rows<T: DeserializeOwned>(path: &str) -> Result<Vec<T>> {
    let bytes = bytes(path)?;
    let rows = csv::Reader::from_reader(bytes.as_slice()).into_deserialize().collect::<std::result::Result<_, _>>();
    rows.map_err(|e| Error::internal(format!("seed-data/{path}: {e}")))
}

/// The paths under a folder, in order.
pub(in crate::cli) fn list(folder: &str) -> Vec<String> {
    let mut all: Vec<String> =
        Folder::iter().filter(|f| f.starts_with(folder)).map(std::borrow::Cow::into_owned).collect();
    all.sort();
    all
}
