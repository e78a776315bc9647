//! The board's stream of server-sent events. An event is named after a part of the board, and its data is that part's new HTML.
//!
//! A stream sends all parts when it begins and every half minute, and between these what has changed. It ends with its session, when
//! the supervisor's role is taken away, and when the server stops; the number of streams of a process is bounded. What is
//! counted is counted once for all ([`crate::app::App::figures`]).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::board::{AT, Board, PARTS};
use crate::app::App;
use crate::db::Conn;
use crate::identity::Reach;
use crate::identity::sessions::{self, COOKIE};
use crate::kernel::{Error, Lang, Result};
use crate::render::Frame;
use crate::supervision::Figures;
use crate::web::error::PageError;
use crate::web::guard::Supervisor;
use crate::web::page;

/// Between two looks at the figures.
const TICK: Duration = Duration::from_secs(2);
/// All parts are sent again after so many looks, so that one which a browser could not show is not lost for long. That is also
/// often enough for proxies to keep a quiet stream.
const ALL_AGAIN: u32 = 15;

pub async fn stream(who: Supervisor, req: HttpRequest) -> Result<HttpResponse, PageError> {
    let streams = &who.app.streams;
    let place = streams.places.clone().try_acquire_owned().map_err(|_| Error::busy())?;
    let token = page::cookie_value(&req, COOKIE).ok_or_else(Error::unauthenticated)?;
    let listener = Listener {
        app: who.app.clone(),
        lang: who.ctx.lang,
        token,
        ended: streams.ended(),
        seen: None,
        sent: HashMap::new(),
        looks: 0,
        _place: place,
    };
    let body = futures_util::stream::unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((Ok::<_, actix_web::Error>(bytes), listener))
    });
    // Compression would hold events back until its block is full; so would a proxy that buffers.
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header(ContentEncoding::Identity)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body))
}

struct Listener {
    app: App,
    lang: Lang,
    token: String,
    ended: watch::Receiver<bool>,
    seen: Option<Arc<Figures>>,
    /// The parts as they were sent last.
    sent: HashMap<&'static str, String>,
    looks: u32,
    _place: OwnedSemaphorePermit,
}

impl Listener {
    /// The next events, or the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if *self.ended.borrow() {
                return None;
            }
            if self.looks > 0 {
                tokio::select! {
                    () = tokio::time::sleep(TICK) => {}
                    _ = self.ended.changed() => return None,
                }
            }
            match self.look().await {
                Ok(Some(events)) if events.is_empty() => {}
                Ok(Some(events)) => return Some(Bytes::from(events)),
                Ok(None) => return None,
                Err(error) => {
                    // The browser asks again by itself.
                    tracing::warn!(?error, "A stream of the board ended.");
                    return None;
                }
            }
        }
    }

    async fn look(&mut self) -> Result<Option<String>> {
        let Some(reach) = self.reach().await? else { return Ok(None) };
        if self.looks.is_multiple_of(ALL_AGAIN) {
            self.sent.clear();
            self.seen = None;
        }
        self.looks += 1;
        let figures = self.app.figures(&reach).await?;
        if self.seen.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, &figures)) {
            return Ok(Some(String::new()));
        }
        let board = Board::of(&figures, &self.app.books(), self.lang);
        self.seen = Some(figures);
        self.changed(&board).map(Some)
    }

    /// How far the supervisor reaches, while the session lives and is a supervisor's. Looking does not keep it alive: a board that
    /// nobody sits at ends as any page does.
    async fn reach(&self) -> Result<Option<Reach>> {
        let (keys, now, life) = (self.app.keys.clone(), self.app.clock.now(), self.app.lifetimes());
        let (token, app, lang) = (self.token.clone(), self.app.clone(), self.lang);
        let look = move |c: &mut Conn| {
            let Some(session) = sessions::find(c, &keys, &token, now, life)? else { return Ok(None) };
            Ok(Reach::of(c, &app.ctx(session.actor, lang)).ok())
        };
        self.app.db.glance(look).await
    }

    fn changed(&mut self, board: &Board) -> Result<String> {
        let mut events = String::new();
        for (name, template) in PARTS {
            let html = self.html(template, board)?;
            if self.sent.get(name) != Some(&html) {
                events.push_str(&event(name, &html));
                self.sent.insert(name, html);
            }
        }
        if !events.is_empty() {
            events.push_str(&event(AT.0, &self.html(AT.1, board)?));
        }
        Ok(events)
    }

    fn html(&self, template: &str, board: &Board) -> Result<String> {
        self.app.pages.render_part(&Frame::sample(self.lang), template, board)
    }
}

/// An event as the stream writes it: each line of the data by itself.
fn event(name: &str, html: &str) -> String {
    let data: String = html.lines().map(|line| format!("data: {line}\n")).collect();
    format!("event: {name}\n{data}\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_of_an_event_is_data() {
        assert_eq!(super::event("at", "a\nb"), "event: at\ndata: a\ndata: b\n\n");
    }
}
