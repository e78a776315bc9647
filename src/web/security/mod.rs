//! Pages of security administrators: who may do what.

pub mod factors;
pub mod requests;
pub mod roles;
mod samples;
pub mod staff;

use actix_web::HttpResponse;

use super::error::PageError;
use super::guard::Security;
use super::page;
use crate::kernel::{Permission, Permissions, Realm};

pub async fn home(_who: Security) -> Result<HttpResponse, PageError> {
    Ok(page::redirect("/security/staff", ""))
}

/// A permission to be ticked, or ticked.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Tick {
    pub code: &'static str,
    pub is_on: bool,
}

/// The permissions of one realm.
#[derive(Debug, Clone, serde::Serialize)]
pub struct RealmTicks {
    pub realm: &'static str,
    pub all: Vec<Tick>,
}

/// All permissions by realm, those of a set ticked.
pub(super) fn ticks(on: Permissions) -> Vec<RealmTicks> {
    let of = |realm: Realm| Permission::ALL.into_iter().filter(move |p| p.realm() == realm);
    let tick = |p: Permission| Tick { code: p.code(), is_on: on.has(p) };
    Realm::ALL.into_iter().map(|realm| RealmTicks { realm: realm.code(), all: of(realm).map(tick).collect() }).collect()
}
