//! Passkeys: to come in by one, and one's own. For citizens and staff alike; the script that speaks with the device is
//! `static/js/passkey.js`.

use actix_web::{HttpRequest, HttpResponse};

use super::doors;
use super::guard::Anyone;
use super::page;
use crate::identity::passkeys::COOKIE;
use crate::kernel::{Error, Result};

pub mod login;
pub mod own;

/// Gives the visitor the cookie of what their device is asked for.
fn with_ceremony(who: &Anyone, mut response: HttpResponse, token: &str) -> Result<HttpResponse> {
    response.add_cookie(&page::cookie(COOKIE, token.to_owned(), doors::is_secure(who))).map_err(Error::internal)?;
    Ok(response)
}

/// Takes it back.
fn without_ceremony(who: &Anyone, mut response: HttpResponse) -> Result<HttpResponse> {
    response.add_cookie(&page::forget(COOKIE, doors::is_secure(who))).map_err(Error::internal)?;
    Ok(response)
}

fn token(req: &HttpRequest) -> String {
    page::cookie_value(req, COOKIE).unwrap_or_default()
}
