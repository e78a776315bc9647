//! The queries of the domain, a file for each group of tables.

pub(super) mod clients;
pub(super) mod factors;
pub(super) mod halves;
pub(super) mod people;
pub(super) mod places;
pub(super) mod requests;
pub(super) mod roles;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod throttle;
