//! What citizens do once they are logged in.

pub mod declare;
pub mod my;
