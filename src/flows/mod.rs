//! The order between domains. One command is one function is one transaction; no network and no clock in here.
//!
//! What must leave the process is a row written in the same transaction (a dispatch, a mail, a message); workers send it after the
//! commit and come back in through here.

mod books;

pub use books::Books;
