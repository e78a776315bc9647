//! The hall's front page, and the choice of language.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::guidance::topic::Link;
use super::shown::{Row, theme_icon};
use crate::catalogue::{Ask, Audience, Chosen, Shelf};
use crate::kernel::{Lang, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted};
use crate::web::guard::{Anyone, LANGUAGE};
use crate::web::page;
use crate::windows;

#[derive(Debug, Serialize)]
pub struct Home {
    /// Counted, never estimated.
    items: usize,
    departments: usize,
    halls: usize,
    no_visit: usize,
    popular: Vec<Row>,
    /// `person` or `enterprise`
    audience: &'static str,
    themes: Vec<Theme>,
    topics: Vec<Link>,
}

#[derive(Debug, Clone, Serialize)]
struct Theme {
    code: String,
    name: Text,
    icon: &'static str,
    count: usize,
}

impl View for Home {
    const TEMPLATE: &'static str = "public/home";
    fn samples() -> Vec<Self> {
        let theme =
            Theme {
                code: "101".into(), name: Text::new("生育收养", "Birth and adoption"), icon: "child", count: 3
            };
        let full = Self {
            items: 66,
            departments: 15,
            halls: 6,
            no_visit: 48,
            popular: vec![Row::sample(), Row::sample_at_once()],
            audience: "person",
            themes: vec![theme],
            topics: vec![Link::sample()],
        };
        let empty = Self {
            items: 0,
            departments: 0,
            halls: 0,
            no_visit: 0,
            popular: vec![],
            audience: "enterprise",
            themes: vec![],
            topics: vec![],
        };
        vec![full, empty]
    }
}

/// So many items are named on the front page.
const POPULAR: usize = 8;

pub async fn show(who: Anyone, query: web::Query<Vec<(String, String)>>) -> Result<HttpResponse, PageError> {
    let asked = Fields::from_pairs(query.into_inner());
    let audience = Audience::from_code(asked.get("for")).unwrap_or(Audience::Person);
    let shelf = who.app.books().shelf;
    let halls = who.app.db.read(windows::halls).await?.len();
    Ok(page::show(&who, &home(&shelf, audience, who.ctx.lang, halls))?)
}

fn home(shelf: &Shelf, audience: Audience, lang: Lang, halls: usize) -> Home {
    let chosen = Chosen { audience: Some(audience), ..Chosen::default() };
    let ours = shelf.search(&Ask { chosen, page: 1, size: POPULAR, ..Ask::default() });
    let all = shelf.search(&Ask { page: 1, size: 1, ..Ask::default() });
    let set = match audience {
        Audience::Person => "theme_person",
        Audience::Enterprise => "theme_enterprise",
    };
    let theme = |c: &crate::catalogue::Code| {
        let count = *ours.counts.themes.get(&c.code)?;
        Some(Theme { code: c.code.clone(), name: c.name.clone(), icon: theme_icon(&c.code), count })
    };
    Home {
        items: all.total,
        departments: all.counts.departments.len(),
        halls,
        no_visit: all.counts.no_visit,
        popular: ours.items.iter().map(|i| Row::new(shelf, i, lang, "")).collect(),
        audience: audience.code(),
        themes: shelf.codes().set(set).iter().filter_map(theme).collect(),
        topics: shelf.topics().iter().filter(|t| audience.is_among(&t.audience)).map(|t| Link::of(t)).collect(),
    }
}

/// Keeps the chosen language for a year.
pub async fn language(who: Anyone, form: Posted) -> Result<HttpResponse, PageError> {
    let lang = Lang::from_tag(form.get("lang")).unwrap_or_default();
    let secure = who.app.config.server.is_https();
    let mut cookie = page::cookie(LANGUAGE, lang.tag().to_owned(), secure);
    cookie.make_permanent();
    let mut response = page::redirect(page::local(form.get("back")), "");
    response.add_cookie(&cookie).map_err(crate::kernel::Error::internal)?;
    Ok(response)
}
