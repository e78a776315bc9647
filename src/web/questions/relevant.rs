//! Which questions and materials concern an applicant, while the form is being filled in: asked by the script of the page. Nothing is
//! kept, and nothing but names goes back.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::catalogue::{self, Elements, Shelved, VersionId};
use crate::kernel::{Id, Result};
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted};
use crate::web::guard::Anyone;

/// Names of places: `form.<key>`, `form.<group>.<n>.<key>`, `group.<key>`, `material.<key>`.
#[derive(Debug, Serialize)]
pub struct Places {
    /// Not asked.
    hidden: Vec<String>,
    /// Materials that have to be handed in.
    needed: Vec<String>,
}

/// Those of a form that was sent.
pub fn places(elements: &Elements, fields: &Fields) -> Places {
    let answers = super::read(elements, fields);
    let relevant = elements.relevant(fields.get("applicant.kind"), &answers);
    let needed = elements.materials.iter().filter(|m| relevant.needs(m));
    Places { hidden: relevant.hidden(), needed: needed.map(|m| format!("material.{}", m.key)).collect() }
}

async fn version(who: &Anyone, id: &str) -> Result<Arc<Shelved>> {
    let (id, shelf) = (VersionId(id.parse::<Id>()?), who.app.books().shelf);
    who.app.db.read(move |c| catalogue::version_doc(c, &shelf, id)).await
}

pub async fn of_version(who: Anyone, id: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    Ok(HttpResponse::Ok().json(places(&version(&who, &id).await?.elements, &form)))
}

/// As [`of_version`], for guidance, whose answers stand in addresses.
pub async fn of_guidance(
    who: Anyone,
    id: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let guide = version(&who, &id).await?.elements.guide();
    Ok(HttpResponse::Ok().json(places(&guide, &Fields::from_pairs(asked.into_inner()))))
}
