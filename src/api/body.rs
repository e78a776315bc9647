//! Bodies.

use serde::de::DeserializeOwned;

use crate::kernel::{Error, Result};

/// A JSON body.
///
/// # Errors
/// `body-unreadable` with line and column: nothing of the content.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        Error::invalid("body-unreadable").with("line", line).with("column", column).because(e)
    })
}
