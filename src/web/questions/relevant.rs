//! Which questions and materials concern an applicant, while the form is being filled in: asked by the script of the page. Nothing is
//! kept, and nothing but names goes back.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::catalogue::{self, Elements, VersionId};
use crate::kernel::Id;
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

/// As [`of_version`], for guidance, whose answers stand in addresses.
pub async fn of_guidance(
    who: Anyone,
    path: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let (id, shelf) = (VersionId(path.parse::<Id>()?), who.app.books().shelf);
    let item = who.app.db.read(move |c| catalogue::version_doc(c, &shelf, id)).await?;
    let fields = Fields::from_pairs(asked.into_inner());
    Ok(HttpResponse::Ok().json(places(&item.elements.guide(), &fields)))
}

pub async fn of_version(who: Anyone, path: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let (id, shelf) = (VersionId(path.parse::<Id>()?), who.app.books().shelf);
    let item = who.app.db.read(move |c| catalogue::version_doc(c, &shelf, id)).await?;
    Ok(HttpResponse::Ok().json(places(&item.elements, &form)))
}
