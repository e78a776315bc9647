//! The queries of the domain, a file for each group of tables.

pub(super) mod claims;
pub(super) mod clients;
pub(super) mod codes;
pub(super) mod factors;
pub(super) mod halves;
pub(super) mod links;
pub(super) mod mandates;
pub(super) mod passkeys;
pub(super) mod people;
pub(super) mod places;
pub(super) mod requests;
pub(super) mod roles;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod throttle;

use super::{faces, pending};
use crate::db::reseal::Sealed;

/// The columns that are sealed. The secret of an authenticator that is being set up lives some minutes, and is not sealed anew.
pub const SEALED: &[Sealed] = &[
    people::SEALED[0],
    people::SEALED[1],
    people::SEALED[2],
    people::SEALED[3],
    people::SEALED[4],
    Sealed { table: "idn_totp", key: "staff_id", column: "secret", place: factors::SECRET, index: None },
    Sealed { table: "idn_pending", key: "id", column: "claim", place: pending::CLAIM, index: None },
    Sealed { table: "idn_face", key: "id", column: "address", place: faces::ADDRESS, index: None },
    mandates::SEALED[0],
    mandates::SEALED[1],
    mandates::SEALED[2],
    mandates::SEALED[3],
    links::SEALED,
];
