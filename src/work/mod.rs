//! What is done between requests and reaches out of the process.

pub mod dispatch;
