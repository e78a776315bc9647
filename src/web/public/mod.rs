//! Pages for everybody.

pub mod guide;
pub mod halls;
pub mod home;
pub mod items;
mod shown;
