//! Who people are: citizens with their evidence, staff with their roles, departments, areas, sessions.
//!
//! # Rules
//! - A citizen's level of assurance follows from the evidence rows; a verification without expiry lasts.
//! - Name, ID number, phone, mail and address are sealed; ID number and phone are found by blind index.
//! - A session is a row; its cookie holds 256 random bits whose digest is the row's key. It ends by idleness and by age.
//!
//! Tables: `idn_*`.

pub mod accounts;
pub mod clients;
mod departments;
mod evidence;
pub mod factors;
pub mod grants;
pub mod logins;
mod model;
pub mod passwords;
mod people;
mod reach;
pub mod requests;
pub mod roles;
pub mod rules;
pub mod seed;
pub mod sessions;
pub mod staff;
mod store;
pub mod throttle;
pub mod verification;

pub use departments::{
    DepartmentDraft, areas, change_department, department, department_by_code, departments, districts_around,
};
pub use evidence::{of_self as evidence, person_level};
pub use model::*;
pub use people::{find_or_none_by_id_number, mail_address, person_facts};
pub use reach::Reach;

pub use store::SEALED;
