//! The approval desk (通用审批), for departments without a system of their own: handle → review → approve (承办、审核、批准).
//!
//! # Rules
//! - The three steps are done by three people, none of whom accepted the case (受审分离).
//! - A reviewer or approver agrees or returns to the step before, with an opinion.
//! - A refusal has a reason and says how it is contested (行政许可法 38); that text is the item's.
//!
//! Tables: `apr_proposal` (what the handler proposes), `apr_opinion` (one row a step done).

mod model;
mod opinions;
mod rules;
mod store;

pub use model::*;
pub use opinions::{check, opinions, proposal, propose, say};
pub use rules::is_written;
