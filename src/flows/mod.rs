//! The order between domains. One command is one function is one transaction; no network and no clock in here.
//!
//! What must leave the process is a row written in the same transaction (a dispatch, a mail, a message); workers send it after the
//! commit and come back in through here.

mod applicant;
mod assurance;
mod books;
mod codes;
mod common;
mod conclude;
mod declare;
mod desk;
mod exchange;
mod hall;
mod lists;
mod mandates;
mod offices;
mod operate;
mod own_data;
mod progress;

pub use applicant::{answer_correction, withdraw};
pub use assurance::{
    InHand, declared_as, face_ended, need_of_case, not_shown, require_for, seen_at_window, verified, verified_later,
};
pub use books::Books;
pub use codes::send_code;
pub use conclude::Conclusion;
pub use declare::{
    Declaration, Guided, begin, check_draft, declare_at_window, declare_by_channel, is_outdated, known_fact,
    renew_draft, save_draft, submit,
};
pub use desk::{Opined, approve, handle, return_to_reviewer, review};
pub use exchange::{Letter, Reach, compose, declare_once, department_said, record_try};
pub use hall::{
    Preview, Seen, accept, answer_at_window, ask_correction, correction_due, deem_accepted, expire_correction,
    pre_accept, preview, refuse_acceptance, save_verdicts,
};
pub use lists::{dictionaries, list_against};
pub use mandates::{Ending, end_mandate, ending, represent};
pub use offices::{change_department, change_hall, grant};
pub use operate::job_again;
pub use own_data::{Held, close as close_account, export as export_own, held as held_of_own};
pub use progress::{ProgressAsked, progress_of, progress_refused};

/// Every column of sealed values, of all domains.
pub fn sealed() -> impl Iterator<Item = &'static crate::db::reseal::Sealed> {
    use crate::{cases, exchange, identity, notifications};
    [identity::SEALED, cases::SEALED, exchange::SEALED, notifications::SEALED].into_iter().flatten()
}
