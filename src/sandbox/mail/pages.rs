//! The page on which mails are read.

use std::sync::Arc;

use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use super::{Mail, Post, links};
use crate::sandbox::page::{both, esc, not_found, page, see_other, table};

/// The HTML of a mail is a stranger's: it may show itself and do nothing.
const MAIL_POLICY: &str =
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

pub fn routes(config: &mut ServiceConfig, post: Arc<Post>) {
    config
        .app_data(Data::from(post))
        .route("/", web::get().to(list))
        .route("/mails/{id}", web::get().to(show))
        .route("/mails/{id}/html", web::get().to(html))
        .route("/mails.json", web::get().to(json_list))
        .route("/clear", web::post().to(clear))
        .route("/state.json", web::get().to(state));
}

#[derive(Deserialize)]
struct Filter {
    /// The address of a recipient.
    to: Option<String>,
}

/// Newest first.
async fn json_list(post: Data<Post>, filter: Query<Filter>) -> impl Responder {
    let fits = |mail: &&Mail| filter.to.as_ref().is_none_or(|to| mail.to.iter().any(|t| t.eq_ignore_ascii_case(to)));
    let mails: Vec<Mail> = post.mails().1.iter().filter(fits).cloned().collect();
    HttpResponse::Ok().json(mails)
}

async fn state(post: Data<Post>) -> impl Responder {
    let (received, kept) = {
        let mails = post.mails();
        (mails.0, mails.1.len())
    };
    HttpResponse::Ok().json(json!({ "behaviour": post.switch.code(), "received": received, "kept": kept }))
}

async fn clear(post: Data<Post>) -> impl Responder {
    post.mails().1.clear();
    see_other("/")
}

async fn list(post: Data<Post>) -> impl Responder {
    let rows: Vec<Vec<String>> = post
        .mails()
        .1
        .iter()
        .map(|m| {
            let subject = if m.subject.is_empty() { "（无主题）" } else { &m.subject };
            let link = format!("<a href=\"/mails/{}\">{}</a>", m.id, esc(subject));
            vec![m.at.minute(), esc(&m.to.join(", ")), link]
        })
        .collect();
    let about = format!("<p>SMTP <code>{}</code></p>", post.smtp);
    let heads = [("时间", "time"), ("收件人", "to"), ("主题", "subject")];
    let clear = format!(
        "<form method=\"post\" action=\"/clear\"><p><button>{}</button></p></form>",
        both("清空", "forget all")
    );
    let body = post.switch.form() + &about + &table(&heads, rows) + &clear;
    page("邮件收件箱", "mails that were sent", Some(5), &body)
}

async fn show(post: Data<Post>, id: Path<u64>) -> impl Responder {
    let Some(mail) = find(&post, *id) else {
        return not_found();
    };
    let rows = [
        ("发件人", "from", &mail.from),
        ("收件人", "to", &mail.to.join(", ")),
        ("主题", "subject", &mail.subject),
        ("时间", "time", &mail.at.minute()),
        ("编号", "Message-ID", &mail.message_id),
    ]
    .map(|(zh, en, value)| format!("<dt>{}</dt><dd>{}</dd>", both(zh, en), esc(value)));
    let mut body = format!("<p><a href=\"/\">← {}</a></p>", both("全部邮件", "all mails"));
    body += &format!("<dl class=\"card\">{}</dl>", rows.concat());
    body += &format!("<h2>{}</h2><pre>{}</pre>", both("正文", "text"), linked(&mail.text));
    if mail.html.is_some() {
        let frame =
            format!("<iframe src=\"/mails/{}/html\" title=\"HTML\" sandbox=\"allow-popups\"></iframe>", mail.id);
        body += &format!("<h2>{}</h2>{frame}", both("网页版正文", "HTML"));
    }
    page(if mail.subject.is_empty() { "邮件" } else { &mail.subject }, "mail", None, &body)
}

async fn html(post: Data<Post>, id: Path<u64>) -> impl Responder {
    match find(&post, *id).and_then(|m| m.html) {
        Some(html) => HttpResponse::Ok()
            .insert_header(("Content-Security-Policy", MAIL_POLICY))
            .content_type("text/html; charset=utf-8")
            .body(html),
        None => not_found(),
    }
}

fn find(post: &Post, id: u64) -> Option<Mail> {
    post.mails().1.iter().find(|m| m.id == id).cloned()
}

/// The text with its addresses as links.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (start, end) in links(text) {
        let link = esc(&text[start..end]);
        out += &esc(&text[from..start]);
        out += &format!("<a href=\"{link}\" rel=\"noreferrer\">{link}</a>");
        from = end;
    }
    out + &esc(&text[from..])
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_become_links_and_markup_stays_text() {
        assert_eq!(
            super::linked("<b>看 http://x.test/?a=1&b=2 吧"),
            "&lt;b&gt;看 <a href=\"http://x.test/?a=1&amp;b=2\" rel=\"noreferrer\">http://x.test/?a=1&amp;b=2</a> 吧"
        );
    }
}
