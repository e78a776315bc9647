//! What the sandbox's pages share: one look that nobody takes for the platform, without script.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, Responder};

pub const STYLE_PATH: &str = "/sandbox.css";

pub const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; \
                          base-uri 'none'; frame-ancestors 'self'";

const STYLE: &str = include_str!("sandbox.css");

pub async fn style() -> impl Responder {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}

/// A text inside HTML, also inside a quoted attribute.
pub fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A label in both languages.
pub fn both(zh: &str, en: &str) -> String {
    format!("{} <small lang=\"en\">{}</small>", esc(zh), esc(en))
}

/// A table of cells that are HTML already; `heads` are labels in both languages.
pub fn table(heads: &[(&str, &str)], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let head: String = heads.iter().map(|(zh, en)| format!("<th scope=\"col\">{}</th>", both(zh, en))).collect();
    let mut body = String::new();
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        body.push_str(&format!("<tr>{cells}</tr>"));
    }
    if body.is_empty() {
        body = format!("<tr><td colspan=\"{}\" class=\"none\">{}</td></tr>", heads.len(), both("暂无", "nothing yet"));
    }
    format!("<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>")
}

/// A whole page; `body` is HTML. `refresh`: seconds after which it loads itself again.
pub fn page(zh: &str, en: &str, refresh: Option<u32>, body: &str) -> HttpResponse {
    let again = refresh.map(|s| format!("<meta http-equiv=\"refresh\" content=\"{s}\">")).unwrap_or_default();
    let (title, heading) = (esc(zh), both(zh, en));
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">{again}\
         <title>{title} · 沙箱 sandbox</title><link rel=\"stylesheet\" href=\"{STYLE_PATH}\"></head><body>\
         <header><p class=\"mark\">沙箱 · 模拟系统，非真实单位 <small lang=\"en\">sandbox – simulated system, not a real \
         authority</small></p><h1>{heading}</h1></header><main>{body}</main></body></html>"
    );
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}

/// After a form: back to a page, so that loading it again repeats nothing.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

pub fn not_found() -> HttpResponse {
    let mut answer = page("没有找到", "Not found", None, "<p><a href=\"/\">返回 back</a></p>");
    *answer.status_mut() = actix_web::http::StatusCode::NOT_FOUND;
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_shown_becomes_markup() {
        assert_eq!(esc("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
        assert!(table(&[("列", "column")], []).contains("nothing yet"));
    }
}
