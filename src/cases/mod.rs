//! Cases (办件): one declaration from its draft to its end.
//!
//! # Rules
//! - A case follows one graph of states ([`state`]); nothing sets a state but [`act::advance`], which writes one immutable event a
//!   step and fails when somebody else was quicker (`rev`).
//! - 行政许可法 32: the office answers within five working days of receiving the materials, accepting, refusing or naming all
//!   defects at once; otherwise the case counts as accepted from the day on which they were received.
//! - A correction is one request with all defects; at most one is open.
//! - The promised and the legal limit run from acceptance, the first day not counted.
//! - A case whose applicant the verifier could not vouch for is declared, and neither accepted nor deemed accepted before somebody has
//!   ([`Identity`]).
//! - Acceptance and decision are done by different people (受审分离).
//!
//! # Tables
//! `case_case` (three columns of state: the case's, the public's, the clock's), `case_file`, `case_verdict`, `case_event`,
//! `case_correction`, `case_desk` (the work lists: stored with the act, never computed at read time), `case_notice`, `case_serial`.
//! Applicant, answers, file names and notices are sealed.
//!
//! # Guarantees
//! Every finder carries its scope: somebody else's case is 404. All acts of one command stand in the caller's transaction.

mod act;
mod answers;
mod bulk;
mod corrections;
mod desk;
mod drafts;
mod files;
mod find;
mod identity;
mod model;
mod notices;
mod numbers;
mod read;
pub mod rules;
pub mod state;
mod store;

pub use act::{Acceptance, Note, Step, advance, hold};
pub use bulk::{Past, fill};
pub use corrections::{Asked, ask, close_correction, open_correction, open_correction_of};
pub use drafts::{NewCase, create, create_submitted, discard, renew, save, set_submitted};
pub use files::{
    Finding, NewFile, StoredFile, add_file, add_result, drop_file, file, file_of_department, files, findings, on_paper,
    send_files, set_verdicts, take_on_paper, verdicts,
};
pub use find::{
    at_department, at_hall, at_hall_by_number, at_system, by_number, content, declarant, declared_by, for_platform,
    for_supervision, id_by_number, mine,
};
pub use identity::{held, set_failed, set_known};
pub use model::*;
pub use notices::{Notice, NoticeDoc, make_notice, notice, notices};
pub use numbers::{Numbers, reserve_serials};
pub use read::*;
pub use store::{Case, SEALED};
