//! Supervision (监察): the live board, what stands behind its figures, and single cases.

pub mod board;
mod chart;
pub mod live;
mod samples;
