//! Pages of audit administrators (审计管理员): who did and saw what, one entry, what leaves as a file, and whether the chain holds.

pub mod asked;
pub mod entry;
pub mod export;
pub mod list;
pub mod names;
mod samples;
pub mod seals;
