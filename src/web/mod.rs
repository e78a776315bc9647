//! The pages. All routes stand on this one page, so that the whole surface can be read.
//!
//! - Who may come in is said by the handler's first argument: [`guard::Anyone`], [`guard::Citizen`], [`guard::Staff`] …
//! - Unsafe methods take their body through [`form::Posted`] or [`form::Uploaded`], which check where the request comes from and the
//!   form's token.
//! - A handler reads its input, calls one flow, and chooses a page or a redirect.

pub mod dossier;
pub mod due;
pub mod error;
pub mod form;
pub mod guard;
pub mod officer;
pub mod page;
pub mod public;
pub mod server;
mod statics;
pub mod stored;
pub mod timeline;

use actix_web::web::{self, ServiceConfig, get};

pub fn routes(s: &mut ServiceConfig) {
    // Everybody
    s.route("/", get().to(public::home::show));
    s.route("/items", get().to(public::items::show));
    s.route("/items/{slug}", get().to(public::guide::show));
    s.route("/items/{slug}/files/{name}", get().to(public::guide::file));
    s.route("/halls", get().to(public::halls::list));
    s.route("/halls/{code}", get().to(public::halls::show));
    s.route("/language", web::post().to(public::home::language));
    // Approval desk
    s.route("/desk", get().to(officer::list::show));
    s.route("/desk/cases/{id}", get().to(officer::case::show));
    s.route("/desk/cases/{id}", web::post().to(officer::act::act));
    s.route("/desk/cases/{id}/files/{file}", get().to(officer::case::file));
    // Machines
    s.route("/static/{path:.*}", get().to(statics::serve));
    s.service(crate::api::scope());
    s.default_service(web::to(error::not_found));
}
