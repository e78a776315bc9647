//! Pages, mails and prints: handlebars templates, texts in Fluent, both embedded in the binary.
//!
//! - A page is a [`View`]: a typed struct with its template's name and samples; a test renders every view × sample × language in
//!   strict mode, so that a missing variable is found by the test and not by a citizen.
//! - A template sees `p` (the frame: language, visitor, title) and `v` (the view).
//! - A text is a key with both languages; a test finds keys that are missing or unused. Arguments are escaped with the whole text.

mod helpers;
mod pages;
mod parts;
mod texts;

pub use pages::{Frame, Pages, View, Visitor};
pub use texts::{Texts, texts};
