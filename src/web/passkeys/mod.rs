//! Passkeys: to come in by one, and one's own. For citizens and staff alike; the script that speaks with the device is
//! `static/js/passkey.js`.

use actix_web::HttpRequest;

use super::page;
use crate::identity::passkeys::COOKIE;

pub mod login;
pub mod own;

/// Of what the visitor's device was asked.
fn token(req: &HttpRequest) -> String {
    page::cookie_value(req, COOKIE).unwrap_or_default()
}
