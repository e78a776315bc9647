//! Pages for everybody.

pub mod acting;
pub mod assurance;
pub mod code;
pub mod favourite;
pub mod guidance;
pub mod guide;
pub mod halls;
pub mod home;
pub mod items;
pub mod login;
pub mod looks;
pub mod me;
mod more;
pub mod own_data;
pub mod papers;
pub mod places;
pub mod province;
pub mod register;
pub mod session;
pub mod shown;
pub mod suggest;
