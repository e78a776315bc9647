//! Sends the mails that wait.
//!
//! A round leases some in one transaction, sends them outside of any, and records what came of each in another. A process that dies
//! in between leaves leases that run out: a mail is sent at least once, every time under the same `Message-ID`.

use futures_util::{StreamExt, stream};
use serde::Serialize;

use crate::app::App;
use crate::kernel::{Error, Kind, Lang, Result};
use crate::notifications::{self, DueMail, News};
use crate::outside::Mail;
use crate::render::{Frame, View, Visitor, texts};

/// So many are taken in a round.
const MAILS: usize = 40;
/// So many are sent at once.
const AT_ONCE: usize = 4;

/// One round. Tells whether mails were sent or tried.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if app.mailer.is_off() || !app.db.read(move |c| notifications::has_due_mail(c, &ctx)).await? {
        return Ok(false);
    }
    let ctx = app.system();
    let due = app.db.write(move |c| notifications::due_mails(c, &ctx, MAILS)).await?;
    let found = !due.is_empty();
    stream::iter(due).for_each_concurrent(AT_ONCE, |mail| deliver(app, mail)).await;
    Ok(found)
}

async fn deliver(app: &App, due: DueMail) {
    let key = (due.id, due.attempt);
    let outcome = match compose(app, &due) {
        Ok(mail) => app.mailer.send(mail).await,
        Err(error) => Err(error),
    };
    let ctx = app.system();
    let recorded = match outcome {
        Ok(()) => app.db.write(move |c| notifications::mail_sent(c, &ctx, key)).await,
        Err(error) => {
            let for_good = error.code() == "mail-refused";
            match error.is(Kind::Internal) {
                true => tracing::error!(mail = %key.0, ?error, "A mail could not be made."),
                false => tracing::warn!(mail = %key.0, attempt = key.1, for_good, ?error, "A mail was not sent."),
            }
            app.db.write(move |c| notifications::mail_failed(c, &ctx, key, error.code(), for_good)).await
        }
    };
    if let Err(error) = recorded {
        tracing::warn!(mail = %key.0, ?error, "What came of a mail could not be recorded; it may be sent again.");
    }
}

/// What a mail says. Templates: `mail/news.hbs` and `mail/news_text.hbs`.
#[derive(Clone, Serialize)]
pub struct Letter {
    /// Texts `mail-…-subject` and `mail-…-text`.
    pub news: &'static str,
    pub name: String,
    pub item: String,
    pub receipt_no: String,
    /// `2026-03-09`, or empty.
    pub due_on: String,
    pub reason: String,
    /// Page of the case, which asks for the login.
    pub link: String,
}

#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Html(pub Letter);

#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Plain(pub Letter);

impl View for Html {
    const TEMPLATE: &'static str = "mail/news";
    fn samples() -> Vec<Self> {
        Letter::samples().into_iter().map(Self).collect()
    }
}

impl View for Plain {
    const TEMPLATE: &'static str = "mail/news_text";
    fn samples() -> Vec<Self> {
        Letter::samples().into_iter().map(Self).collect()
    }
}

fn compose(app: &App, due: &DueMail) -> Result<Mail> {
    let public_url = app.config.server.public_url.trim_end_matches('/');
    let args = &due.args;
    let letter = Letter {
        news: due.news.code(),
        name: args.name.clone(),
        item: args.item.clone(),
        receipt_no: args.receipt_no.clone(),
        due_on: if names_a_day(due.news) { args.due_on.clone() } else { String::new() },
        reason: args.reason.clone(),
        link: format!("{public_url}{}", args.path),
    };
    let frame = frame(due.lang);
    Ok(Mail {
        to: due.to.clone(),
        subject: subject(due.lang, &letter),
        text: app.pages.render(&frame, &Plain(letter.clone()))?,
        html: Some(app.pages.render(&frame, &Html(letter))?),
        message_id: format!("{}@{}", due.id, host(public_url)?),
    })
}

/// Whether the news has a last day: text `mail-due-…`.
fn names_a_day(news: News) -> bool {
    use News::{Accepted, Correction, DeemedAccepted, IdentityKnown, Submitted};
    matches!(news, Submitted | Correction | Accepted | DeemedAccepted | IdentityKnown)
}

/// The item and the number, so that a list of mails can be read; nothing that is the person's own.
fn subject(lang: Lang, letter: &Letter) -> String {
    let args = [("item", letter.item.clone()), ("no", letter.receipt_no.clone())];
    texts().with_texts(lang, &format!("mail-{}-subject", letter.news), &args)
}

fn frame(lang: Lang) -> Frame {
    let visitor = Visitor { kind: "anyone", ..Visitor::default() };
    Frame { lang: lang.tag(), here: String::new(), can_switch: false, done: String::new(), visitor, assets: "" }
}

/// The host of our own address without its port: the right side of a `Message-ID`.
fn host(public_url: &str) -> Result<String> {
    let unusable = || Error::internal("server.public_url has no host");
    let rest = public_url.split_once("://").map(|(_, rest)| rest).ok_or_else(unusable)?;
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    let host = host.trim_matches(['[', ']']).replace(':', "-");
    if host.is_empty() { Err(unusable()) } else { Ok(host) }
}

impl Letter {
    fn samples() -> Vec<Self> {
        let letter = |news: &News, is_full: bool| Self {
            news: news.code(),
            name: "林越 <b>".into(),
            item: "公共场所卫生许可 <新办>".into(),
            receipt_no: "260302000017".into(),
            due_on: if is_full && names_a_day(*news) { "2026-03-16".into() } else { String::new() },
            reason: if is_full { "平面图看不清 <b>".into() } else { String::new() },
            link: "https://example.com/my/cases/1".into(),
        };
        News::ALL.iter().flat_map(|news| [letter(news, true), letter(news, false)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_ours_without_its_port() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("https://cloud.example.cn", "cloud.example.cn"),
            ("https://cloud.example.cn/shop", "cloud.example.cn"),
            ("http://[::1]:80", "--1"),
        ] {
            assert_eq!(host(url).unwrap(), expected, "{url}");
        }
        assert!(host("nowhere").is_err() && host("http://").is_err());
    }
}
