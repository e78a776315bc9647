//! Who people are: citizens with their evidence, staff with their roles, departments, areas, sessions.
//!
//! # Rules
//! - A citizen's level of assurance follows from the evidence rows at the time of the asking ([`assurance`]); what is kept of it beside
//!   the account names its end, and is not believed beyond that.
//! - Biometrics stay with the verifier: a face is a reference ([`faces`]).
//! - A clerk's check binds the card's number to its own account alone ([`window`]); each look for a number names its purpose.
//! - What the verifier could not be asked waits, sealed ([`pending`]), and counts for nothing until it has answered.
//! - Name, ID number, phone, mail and address are sealed; ID number and phone are found by blind index.
//! - Who acts for another does so by a mandate ([`mandates`], [`principals`]), which they chose for their session.
//! - A session is a row; its cookie holds 256 random bits whose digest is the row's key. It ends by idleness and by age.
//!
//! Tables: `idn_*`.

pub mod accounts;
pub mod assurance;
pub mod clients;
pub mod codes;
mod departments;
mod evidence;
pub mod faces;
pub mod factors;
pub mod grants;
pub mod links;
pub mod logins;
pub mod mandates;
mod model;
pub mod passkeys;
pub mod passwords;
pub mod pending;
mod people;
pub mod principals;
mod reach;
pub mod requests;
pub mod roles;
pub mod rules;
pub mod seed;
pub mod sessions;
pub mod staff;
pub mod standing;
mod store;
pub mod throttle;
pub mod verification;
pub mod window;

pub use departments::{
    DepartmentDraft, areas, change_department, department, department_by_code, departments, districts_around,
};
pub use evidence::{has_lapsed, of_self as evidence, person_level, settle_lapsed};
pub use model::*;
pub use people::{find_or_none_by_id_number, mail_address, person_facts};
pub use reach::Reach;

pub use store::SEALED;
