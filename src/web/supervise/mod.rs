//! Supervision (监察): the live board, what stands behind its figures, and single cases.

pub mod board;
pub mod case;
mod chart;
pub mod list;
pub mod live;
mod samples;
