//! A mail server that delivers to a page: [`smtp`] takes mails, the page and `GET /mails.json` show the last [`KEPT`].

mod pages;
pub mod smtp;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web::ServiceConfig;
use mailparse::{MailHeaderMap, ParsedMail};
use serde::Serialize;

use super::switch::{self, Behaviour, Choice, Switch};
use crate::kernel::{Clock, Ts};

/// How many mails are kept; older ones are forgotten.
pub const KEPT: usize = 500;

#[derive(Clone, Copy, PartialEq)]
pub enum Manner {
    Normal,
    /// Every recipient is refused for good (550).
    Refuse,
    /// Every connection is turned away for now (421).
    Down,
}

impl Behaviour for Manner {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Manner::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Manner::Refuse, code: "refuse", zh: "拒收 550", en: "refuse" },
        Choice { is: Manner::Down, code: "down", zh: "停机 421", en: "down" },
    ];
}

/// A mail as it came, and what a reader sees of it.
#[derive(Debug, Clone, Serialize)]
pub struct Mail {
    pub id: u64,
    pub at: Ts,
    /// Of the envelope.
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub html: Option<String>,
    /// Addresses that begin with http in the text, in order.
    pub links: Vec<String>,
    pub size: usize,
}

pub struct Post {
    mails: Mutex<(u64, VecDeque<Mail>)>,
    switch: Arc<Switch<Manner>>,
    clock: Clock,
    smtp: SocketAddr,
}

impl Post {
    pub fn new(clock: Clock, smtp: SocketAddr) -> Self {
        Self { mails: Mutex::default(), switch: Arc::default(), clock, smtp }
    }

    fn mails(&self) -> MutexGuard<'_, (u64, VecDeque<Mail>)> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a mail in. What cannot be parsed is kept as text, since a sender's fault is what one wants to see.
    fn take(&self, from: String, to: Vec<String>, raw: &[u8]) -> u64 {
        let parsed = mailparse::parse_mail(raw).ok();
        let header = |name: &str| parsed.as_ref().and_then(|m| m.headers.get_first_value(name)).unwrap_or_default();
        let text = match &parsed {
            Some(mail) => part(mail, "text/plain").unwrap_or_default(),
            None => String::from_utf8_lossy(raw).into_owned(),
        };
        let html = parsed.as_ref().and_then(|mail| part(mail, "text/html"));
        let links = links(&text).into_iter().map(|(start, end)| text[start..end].to_owned()).collect();
        let (subject, message_id) = (header("Subject"), header("Message-ID"));
        let mut mails = self.mails();
        mails.0 += 1;
        let id = mails.0;
        let at = self.clock.now();
        mails.1.push_front(Mail { id, at, from, to, subject, message_id, text, html, links, size: raw.len() });
        mails.1.truncate(KEPT);
        id
    }
}

pub fn routes(config: &mut ServiceConfig, post: Arc<Post>) {
    switch::routes(config, post.switch.clone());
    pages::routes(config, post);
}

/// The first part of this type, anywhere in the tree.
fn part(mail: &ParsedMail<'_>, mime: &str) -> Option<String> {
    if mail.subparts.is_empty() {
        let fits = mail.ctype.mimetype.eq_ignore_ascii_case(mime);
        return if fits { mail.get_body().ok() } else { None };
    }
    mail.subparts.iter().find_map(|p| part(p, mime))
}

/// Where addresses stand in a text, as byte ranges. A full stop or bracket at the end belongs to the sentence.
fn links(text: &str) -> Vec<(usize, usize)> {
    let mut found = vec![];
    let mut from = 0;
    while let Some(start) = next_link(text, from) {
        let is_part = |c: char| c.is_ascii_graphic() && !"<>\"'`".contains(c);
        let length = text[start..].find(|c| !is_part(c)).unwrap_or(text.len() - start);
        let end = start + text[start..start + length].trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?']).len();
        if end > start + "https://".len() {
            found.push((start, end));
        }
        from = start + length;
    }
    found
}

fn next_link(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let at = [rest.find("http://"), rest.find("https://")].into_iter().flatten().min()?;
    Some(from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_end_where_the_address_does() {
        let text = "请打开 http://127.0.0.1:8080/a?b=1&c=2。或 (https://x.test/y). http:// <https://z.test/>";
        let found: Vec<_> = links(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, ["http://127.0.0.1:8080/a?b=1&c=2", "https://x.test/y", "https://z.test/"]);
    }

    #[test]
    fn a_mail_is_read_and_the_oldest_are_forgotten() {
        let post = Post::new(Clock::default(), SocketAddr::from(([127, 0, 0, 1], 25)));
        let raw = "Subject: =?utf-8?B?5bey5Y+X55CG?=\r\nMessage-ID: <m1@x>\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
                   --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5L2g5aW9\r\n\
                   --b\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n--b--\r\n";
        post.take("a@x".into(), vec!["b@x".into()], raw.as_bytes());
        let first = post.mails().1[0].clone();
        assert_eq!(
            (first.subject.as_str(), first.text.trim(), first.message_id.as_str()),
            ("已受理", "你好", "<m1@x>")
        );
        assert_eq!(first.html.as_deref().map(str::trim), Some("<p>hi</p>"));
        for _ in 0..KEPT {
            post.take("a@x".into(), vec![], b"no mail at all");
        }
        let mails = post.mails();
        assert_eq!((mails.1.len(), mails.1[0].id, mails.0), (KEPT, 501, 501));
    }
}
