//! The queries of the domain, a file for each group of tables.

pub(super) mod claims;
pub(super) mod clients;
pub(super) mod people;
pub(super) mod places;
pub(super) mod requests;
pub(super) mod roles;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod throttle;
