//! The pages. All routes stand on this one page, so that the whole surface can be read.
//!
//! - Who may come in is said by the handler's first argument: [`guard::Anyone`], [`guard::Citizen`], [`guard::Staff`] …
//! - Unsafe methods take their body through [`form::Posted`] or [`form::Uploaded`], which check where the request comes from and the
//!   form's token.
//! - A handler reads its input, calls one flow, and chooses a page or a redirect.

pub mod admin;
pub mod audit;
pub mod caseframe;
pub mod catalogue;
pub mod citizen;
mod devices;
pub mod doors;
pub mod dossier;
pub mod due;
pub mod error;
pub mod field;
pub mod form;
pub mod guard;
pub mod hall;
pub mod intake;
pub mod looks;
pub mod notice;
pub mod officer;
pub mod page;
pub mod public;
mod qr;
pub mod questions;
pub mod refused;
pub mod security;
pub mod server;
pub mod staff;
mod statics;
pub mod stored;
pub mod supervise;
pub mod timeline;
mod told;
pub mod worklist;

use actix_web::web::{self, ServiceConfig, get, post};

pub fn routes(s: &mut ServiceConfig) {
    // Everybody
    s.route("/", get().to(public::home::show));
    s.route("/items", get().to(public::items::show));
    s.route("/items/suggest", get().to(public::suggest::show));
    s.route("/items/{slug}", get().to(public::guide::show));
    s.route("/items/{slug}/favourite", post().to(public::favourite::set));
    s.route("/papers/{name:.*}", get().to(public::papers::show));
    s.route("/halls", get().to(public::halls::list));
    s.route("/halls/{code}", get().to(public::halls::show));
    s.route("/language", web::post().to(public::home::language));
    // Accounts
    s.route("/login", get().to(public::login::show));
    s.route("/login", post().to(public::login::enter));
    s.route("/register", get().to(public::register::show));
    s.route("/register", post().to(public::register::register));
    s.route("/logout", post().to(public::session::logout));
    s.route("/session/stay", get().to(public::session::stay));
    s.route("/account", get().to(public::me::show));
    s.route("/account/contact", post().to(public::me::contact));
    s.route("/account/password", post().to(public::me::password));
    s.route("/account/sessions", post().to(public::me::end_session));
    s.route("/account/data", get().to(public::own_data::show));
    s.route("/account/data/export", post().to(public::own_data::export));
    s.route("/account/close", get().to(public::own_data::ask_close));
    s.route("/account/close", post().to(public::own_data::close));
    s.route("/account/acting", get().to(public::acting::show));
    s.route("/account/acting", post().to(public::acting::act));
    s.route("/account/acting/add", get().to(public::acting::add::show));
    s.route("/account/acting/add", post().to(public::acting::add::add));
    s.route("/account/acting/{id}", get().to(public::acting::agents::show));
    s.route("/account/acting/{id}", post().to(public::acting::agents::offer));
    s.route("/account/acting/{id}/end", get().to(public::acting::end::ask));
    s.route("/account/acting/{id}/end", post().to(public::acting::end::end));
    s.route("/account/looks", get().to(public::looks::show));
    s.route("/account/verify", get().to(public::assurance::show));
    s.route("/account/verify", post().to(public::assurance::verify));
    s.route("/account/step-up", get().to(public::assurance::step_up));
    s.route("/account/faces/{id}", get().to(public::assurance::face::show));
    // Declaring
    s.route("/items/{slug}/situation", get().to(public::guidance::item::show));
    s.route("/topics", get().to(public::guidance::topic::list));
    s.route("/topics/{key}", get().to(public::guidance::topic::show));
    s.route("/topics/{key}/relevant", get().to(public::guidance::topic::relevant));
    s.route("/kept", post().to(public::guidance::kept::set));
    s.route("/relevant/{id}", get().to(questions::relevant::of_guidance));
    s.route("/relevant/{id}", web::post().to(questions::relevant::of_version));
    s.route("/declare/{slug}", get().to(citizen::declare::start::show));
    s.route("/declare/{slug}", post().to(citizen::declare::start::begin));
    s.route("/declare/drafts/{id}", get().to(citizen::declare::form::show));
    s.route("/declare/drafts/{id}", post().to(citizen::declare::form::save));
    s.route("/declare/drafts/{id}/materials", get().to(citizen::declare::materials::show));
    s.route("/declare/drafts/{id}/materials", post().to(citizen::declare::materials::upload));
    s.route("/declare/drafts/{id}/files/{file}", get().to(citizen::declare::materials::file));
    s.route("/declare/drafts/{id}/files/{file}/remove", get().to(citizen::declare::confirm::ask_remove));
    s.route("/declare/drafts/{id}/files/{file}/remove", post().to(citizen::declare::confirm::remove));
    s.route("/declare/drafts/{id}/review", get().to(citizen::declare::review::show));
    s.route("/declare/drafts/{id}/submit", post().to(citizen::declare::review::submit));
    s.route("/declare/drafts/{id}/done", get().to(citizen::declare::done::show));
    s.route("/declare/drafts/{id}/renew", post().to(citizen::declare::confirm::renew));
    s.route("/declare/drafts/{id}/discard", get().to(citizen::declare::confirm::ask_discard));
    s.route("/declare/drafts/{id}/discard", post().to(citizen::declare::confirm::discard));
    // A citizen's cases
    s.route("/my", get().to(citizen::my::list::show));
    s.route("/my/favourites", get().to(citizen::my::favourites::show));
    s.route("/my/messages", get().to(citizen::my::messages::show));
    s.route("/my/cases/{id}", get().to(citizen::my::case::show));
    s.route("/my/cases/{id}/correction", get().to(citizen::my::correction::show));
    s.route("/my/cases/{id}/correction", post().to(citizen::my::correction::answer));
    s.route("/my/cases/{id}/declaration", get().to(citizen::my::case::declaration));
    s.route("/my/cases/{id}/files/{file}", get().to(citizen::my::case::file));
    s.route("/my/cases/{id}/withdraw", get().to(citizen::my::withdraw::show));
    s.route("/my/cases/{id}/withdraw", post().to(citizen::my::withdraw::withdraw));
    s.route("/progress", get().to(citizen::my::progress::show));
    s.route("/progress", post().to(citizen::my::progress::ask));
    // Notices
    s.route("/my/cases/{id}/notices/{notice}", get().to(notice::mine));
    s.route("/hall/cases/{id}/notices/{notice}", get().to(notice::hall));
    s.route("/desk/cases/{id}/notices/{notice}", get().to(notice::desk));
    s.route("/supervise/cases/{id}/notices/{notice}", get().to(notice::supervise));
    // Staff
    s.route("/staff/login", get().to(staff::login::show));
    s.route("/staff/login", post().to(staff::login::enter));
    s.route("/staff/login/step", get().to(staff::steps::show));
    s.route("/staff/login/factor", post().to(staff::steps::factor));
    s.route("/staff/login/recovery", post().to(staff::steps::recovery));
    s.route("/staff/login/password", post().to(staff::steps::password));
    s.route("/staff/login/bind", post().to(staff::steps::bind));
    s.route("/staff/security", get().to(staff::security::show));
    s.route("/staff/security/password", post().to(staff::security::password));
    s.route("/staff/security/sessions", post().to(staff::security::end_session));
    s.route("/staff/security/authenticator", get().to(staff::renew::authenticator));
    s.route("/staff/security/authenticator", post().to(staff::renew::replace));
    s.route("/staff/security/recovery", get().to(staff::renew::recovery));
    s.route("/staff/security/recovery", post().to(staff::renew::renew_recovery));
    s.route("/work", get().to(staff::login::work));
    s.route("/work/rights", get().to(security::staff::own));
    // Administrators
    s.route("/admin", get().to(admin::home));
    s.route("/admin/staff", get().to(admin::staff::list));
    s.route("/admin/staff", post().to(admin::staff::create));
    s.route("/admin/staff/new", get().to(admin::staff::new));
    s.route("/admin/staff/{id}", get().to(admin::staff::show));
    s.route("/admin/staff/{id}", post().to(admin::staff::change));
    s.route("/admin/staff/{id}/password", post().to(admin::staff::reset));
    s.route("/admin/departments", get().to(admin::departments::list));
    s.route("/admin/departments/{id}", get().to(admin::departments::show));
    s.route("/admin/departments/{id}", post().to(admin::departments::change));
    s.route("/admin/departments/{id}/endpoint", get().to(admin::endpoint::show));
    s.route("/admin/departments/{id}/endpoint", post().to(admin::endpoint::change));
    s.route("/admin/departments/{id}/endpoint/secret", post().to(admin::endpoint::rotate));
    s.route("/admin/halls", get().to(admin::halls::list));
    s.route("/admin/halls/{code}", get().to(admin::halls::show));
    s.route("/admin/halls/{code}", post().to(admin::halls::change));
    s.route("/admin/halls/{code}/grants", get().to(admin::halls::grants));
    s.route("/admin/halls/{code}/grants", post().to(admin::halls::grant));
    s.route("/admin/exchange", get().to(admin::exchange::list));
    s.route("/admin/exchange/inbox", get().to(admin::exchange::inbox));
    s.route("/admin/exchange/{id}", get().to(admin::exchange::show));
    s.route("/admin/exchange/{id}/resend", post().to(admin::exchange::resend));
    s.route("/admin/jobs", get().to(admin::jobs::show));
    s.route("/admin/jobs/mails/{id}", post().to(admin::jobs::mail_again));
    s.route("/admin/jobs/{id}", post().to(admin::jobs::again));
    // Who may do what
    s.route("/security", get().to(security::home));
    s.route("/security/staff", get().to(security::staff::list));
    s.route("/security/staff/{id}", get().to(security::staff::show));
    s.route("/security/staff/{id}", post().to(security::staff::change));
    s.route("/security/staff/{id}/factors", post().to(security::factors::reset));
    s.route("/security/roles", get().to(security::roles::list));
    s.route("/security/roles", post().to(security::roles::define));
    s.route("/security/roles/new", get().to(security::roles::new));
    s.route("/security/roles/{code}", get().to(security::roles::show));
    s.route("/security/roles/{code}", post().to(security::roles::change));
    s.route("/security/requests", get().to(security::requests::list));
    s.route("/security/requests/{id}", post().to(security::requests::answer));
    // Audit
    s.route("/audit", get().to(audit::list::show));
    s.route("/audit/entries/{id}", get().to(audit::entry::show));
    s.route("/audit/export", get().to(audit::export::ask));
    s.route("/audit/export", post().to(audit::export::export));
    s.route("/audit/seals", get().to(audit::seals::show));
    s.route("/audit/seals", post().to(audit::seals::verify));
    // The catalogue
    s.route("/catalogue", get().to(catalogue::list::items));
    s.route("/catalogue/basic", get().to(catalogue::basics::list));
    s.route("/catalogue/basic", post().to(catalogue::basics::create));
    s.route("/catalogue/basic/{code}", get().to(catalogue::basics::show));
    s.route("/catalogue/basic/{code}", post().to(catalogue::basics::act));
    s.route("/catalogue/new", get().to(catalogue::new::show));
    s.route("/catalogue/new", post().to(catalogue::new::create));
    s.route("/catalogue/report", get().to(catalogue::report::show));
    s.route("/catalogue/sheets", get().to(catalogue::sheets::show));
    s.route("/catalogue/sheets", post().to(catalogue::sheets::import));
    s.route("/catalogue/sheets/{id}", get().to(catalogue::taking::show));
    s.route("/catalogue/export", get().to(catalogue::sheets::export));
    s.route("/catalogue/items/{id}", get().to(catalogue::item::show));
    s.route("/catalogue/items/{id}", post().to(catalogue::item::propose));
    s.route("/catalogue/items/{id}/versions/{no}", get().to(catalogue::item::compare));
    s.route("/catalogue/topics", get().to(catalogue::topics::list));
    s.route("/catalogue/topics", post().to(catalogue::topics::create));
    s.route("/catalogue/topics/{key}", get().to(catalogue::topics::show));
    s.route("/catalogue/topics/{key}", post().to(catalogue::topics::act));
    s.route("/catalogue/topics/{key}/versions/{no}", get().to(catalogue::topic_history::compare));
    s.route("/catalogue/topics/{key}/trial", post().to(catalogue::topics::again_tried));
    s.route("/catalogue/words", get().to(catalogue::synonyms::list));
    s.route("/catalogue/words", post().to(catalogue::synonyms::add));
    s.route("/catalogue/words/change", get().to(catalogue::synonyms::show));
    s.route("/catalogue/words/change", post().to(catalogue::synonyms::act));
    s.route("/catalogue/codes", get().to(catalogue::codes::sets));
    s.route("/catalogue/codes/{set}", get().to(catalogue::codes::list));
    s.route("/catalogue/codes/{set}", post().to(catalogue::codes::act));
    s.route("/catalogue/codes/{set}/{code}", get().to(catalogue::codes::show));
    s.route("/catalogue/codes/{set}/{code}", post().to(catalogue::codes::change));
    s.route("/catalogue/facts", get().to(catalogue::facts::list));
    s.route("/catalogue/facts", post().to(catalogue::facts::add));
    s.route("/catalogue/facts/{key}", get().to(catalogue::facts::show));
    s.route("/catalogue/facts/{key}", post().to(catalogue::facts::change));
    s.route("/catalogue/changes", get().to(catalogue::list::changes));
    s.route("/catalogue/changes", post().to(catalogue::list::approve));
    s.route("/catalogue/changes/{id}", get().to(catalogue::change::show));
    s.route("/catalogue/changes/{id}", post().to(catalogue::change::act));
    s.route("/catalogue/changes/{id}/preview", get().to(public::guide::preview));
    s.route("/catalogue/changes/{id}/form/schema", get().to(catalogue::schema::download));
    s.route("/catalogue/changes/{id}/form/schema", post().to(catalogue::schema::upload));
    s.route("/catalogue/changes/{id}/{section}/trial", post().to(catalogue::trial::again));
    s.route("/catalogue/changes/{id}/{section}", get().to(catalogue::edit::show));
    s.route("/catalogue/changes/{id}/{section}", post().to(catalogue::edit::save));
    // Approval desk
    s.route("/desk", get().to(officer::list::show));
    s.route("/desk/cases/{id}", get().to(officer::case::show));
    s.route("/desk/cases/{id}", web::post().to(officer::act::act));
    s.route("/desk/cases/{id}/files/{file}", get().to(officer::case::file));
    // Supervision
    s.route("/supervise", get().to(supervise::board::show));
    s.route("/supervise/live", get().to(supervise::live::stream));
    s.route("/supervise/cases", get().to(supervise::list::show));
    s.route("/supervise/cases/{id}", get().to(supervise::case::show));
    // Window
    s.route("/hall", get().to(hall::list::show));
    s.route("/hall/identity", get().to(hall::identity::show));
    s.route("/hall/identity", web::post().to(hall::identity::act));
    s.route("/hall/declare", get().to(hall::declare::choose));
    s.route("/hall/declare/{slug}", get().to(hall::declare::show));
    s.route("/hall/declare/{slug}", web::post().to(hall::declare::declare));
    s.route("/hall/cases/{id}", get().to(hall::case::show));
    s.route("/hall/cases/{id}", web::post().to(hall::act::act));
    s.route("/hall/cases/{id}/answer", web::post().to(hall::answer::answer));
    s.route("/hall/cases/{id}/receipt", get().to(hall::receipt::show));
    s.route("/hall/cases/{id}/files/{file}", get().to(hall::case::file));
    // Machines
    s.route("/static/{path:.*}", get().to(statics::serve));
    s.service(crate::api::scope());
    s.default_service(web::to(error::not_found));
}
