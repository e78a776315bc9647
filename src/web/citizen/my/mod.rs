//! A citizen's cases after handing in: the list, messages, one case, answering a correction, withdrawing; and the progress page for
//! who is not logged in.

pub mod case;
pub mod correction;
pub mod favourites;
pub mod list;
pub mod messages;
pub mod progress;
mod samples;
mod shown;
pub mod withdraw;
