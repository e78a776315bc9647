//! The hall's front page, and the choice of language.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::kernel::Lang;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::guard::{Anyone, LANGUAGE};
use crate::web::page;

#[derive(Debug, Serialize)]
pub struct Home {}

impl View for Home {
    const TEMPLATE: &'static str = "public/home";
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

pub async fn show(who: Anyone) -> Result<HttpResponse, PageError> {
    Ok(page::show(&who, &Home {})?)
}

/// Keeps the chosen language for a year.
pub async fn language(who: Anyone, form: Posted) -> Result<HttpResponse, PageError> {
    let lang = Lang::from_tag(form.get("lang")).unwrap_or_default();
    let secure = who.app.config.server.public_url.starts_with("https");
    let mut cookie = page::cookie(LANGUAGE, lang.tag().to_owned(), secure);
    cookie.make_permanent();
    let mut response = page::redirect(page::local(form.get("back")), "");
    response.add_cookie(&cookie).map_err(crate::kernel::Error::internal)?;
    Ok(response)
}
