//! What is done between requests: each module is one kind of background work, with a `round` that [`crate::worker`] runs.

pub mod changes;
pub mod dispatch;
pub mod heads;
pub mod imports;
pub mod levels;
pub mod limits;
pub mod mails;
pub mod retention;
pub mod seals;
pub mod sessions;
pub mod sms;
pub mod verifications;
pub mod verifying;
