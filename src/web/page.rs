//! From a view to a response.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::guard::Anyone;
use super::statics;
use crate::app::App;
use crate::kernel::Result;
use crate::render::{Frame, View};

/// What a page may load: our own files alone, nothing inline, framed by nobody.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; object-src 'none'";

/// The page of a view, 200.
pub fn show<V: View>(who: &Anyone, view: &V) -> Result<HttpResponse> {
    show_as(who, StatusCode::OK, view)
}

/// The page of a view with another status: 422 for a form that comes back, 404, 500.
pub fn show_as<V: View>(who: &Anyone, status: StatusCode, view: &V) -> Result<HttpResponse> {
    let frame = Frame {
        lang: who.ctx.lang.tag(),
        here: who.here.clone(),
        can_switch: who.can_switch,
        done: who.done.clone(),
        visitor: who.visitor(),
        assets: statics::stamp(),
    };
    let body = who.app.pages.render(&frame, view)?;
    Ok(html(status, body))
}

pub fn html(status: StatusCode, body: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header(("permissions-policy", "camera=(self), microphone=(), geolocation=(self)"))
        .body(body)
}

/// 303 to another page of ours, as after every act. `done` names the sentence that is shown there (`done-…`), or is empty.
pub fn redirect(to: &str, done: &str) -> HttpResponse {
    // A place in a page stands after what its address asks for.
    let (page, place) = to.split_at(to.find('#').unwrap_or(to.len()));
    let to = match (done, page.contains('?')) {
        ("", _) => to.to_owned(),
        (_, false) => format!("{page}?done={done}{place}"),
        (_, true) => format!("{page}&done={done}{place}"),
    };
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// A path of ours, or the home page: never another site.
pub fn local(path: &str) -> &str {
    // A browser takes a backslash for a slash, and leaves out tabs and line ends wherever they stand.
    let is_strange = |ch: char| ch == '\\' || ch.is_control();
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(is_strange);
    if ours { path } else { "/" }
}

/// A cookie of ours: not for scripts, not from other sites. Where the platform is reached by TLS, for that way alone, and by a name that
/// browsers take from this very host only: no neighbour can slip one in.
pub fn cookie(name: &str, value: String, secure: bool) -> Cookie<'static> {
    let cookie = Cookie::build(cookie_name(name, secure), value);
    cookie.path("/").http_only(true).same_site(SameSite::Lax).secure(secure).finish()
}

fn cookie_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie that [`cookie`] made.
pub fn cookie_value(req: &HttpRequest, name: &str) -> Option<String> {
    let app = req.app_data::<web::Data<App>>();
    let secure = app.is_some_and(|app| app.config.server.is_https());
    req.cookie(&cookie_name(name, secure)).map(|c| c.value().to_owned())
}

/// Takes a cookie back.
pub fn forget(name: &str, secure: bool) -> Cookie<'static> {
    let cookie = Cookie::build(cookie_name(name, secure), "").path("/").http_only(true).secure(secure);
    cookie.max_age(time::Duration::ZERO).finish()
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_way_back_never_leads_to_another_site() {
        for own in ["/", "/my?x=1#y", "/items/食品", "/a//b"] {
            assert_eq!(local(own), own);
        }
        let strange = [
            "",
            "my",
            "//evil.example",
            "/\t/evil.example",
            "/\\evil.example",
            "/\r\n",
            "/\0",
            "https://evil.example",
            "/\u{85}/x",
        ];
        for path in strange {
            assert_eq!(local(path), "/", "{path:?}");
        }
    }
}
