//! Supervision (监察): what goes on in all offices, and what has run late. It reads the other domains and changes nothing but the
//! record that somebody looked.
//!
//! # Rules
//! - Near: at most one working day is left of the promised limit; over: its last day has passed. The same for the five working days
//!   in which the office answers (行政许可法 32).
//! - The applicant stays masked; every look at a case is recorded.
//!
//! # Tables
//! None of its own; it reads `case_case` through indexes of the open and of the recent cases alone, so that the figures cost as much
//! with a million finished cases as with none.

mod cases;
mod figures;
mod model;
mod store;

pub use cases::{by_number, list};
pub use figures::figures;
pub use model::*;
