//! Plays a gateway of short messages, and the phones that get them: all on one page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::{self, Data, Json, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use super::page::{both, esc, page, table};
use super::switch::{self, Behaviour, Choice, Switch};
use crate::kernel::{Clock, Ts};
use crate::outside::sms_protocol::{Message, PATH};

/// So many are kept.
const MOST: usize = 200;

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Normal,
    Down,
    Refusing,
}

impl Behaviour for Manner {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Manner::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Manner::Down, code: "down", zh: "停机 503", en: "down" },
        Choice { is: Manner::Refusing, code: "refusing", zh: "一律拒绝 422", en: "refuses all" },
    ];
}

pub struct Phones {
    got: Mutex<VecDeque<(Ts, Message)>>,
    switch: Arc<Switch<Manner>>,
    clock: Clock,
}

impl Phones {
    pub fn new(clock: Clock) -> Self {
        Self { got: Mutex::default(), switch: Arc::default(), clock }
    }

    fn all(&self) -> Vec<(Ts, Message)> {
        self.got.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Once, however often it comes.
    fn take(&self, message: Message) {
        let mut got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        if !got.iter().any(|(_, m)| m.request_id == message.request_id) {
            got.push_front((self.clock.now(), message));
            got.truncate(MOST);
        }
    }
}

pub fn routes(config: &mut ServiceConfig, phones: Arc<Phones>) {
    let switch = phones.switch.clone();
    config
        .app_data(Data::from(phones))
        .route(PATH, web::post().to(take))
        .route("/", web::get().to(show))
        .route("/messages.json", web::get().to(messages))
        .route("/state.json", web::get().to(state));
    switch::routes(config, switch);
}

async fn take(phones: Data<Phones>, message: Json<Message>) -> HttpResponse {
    match phones.switch.now() {
        Manner::Down => HttpResponse::ServiceUnavailable().json(json!({ "error": "down" })),
        Manner::Refusing => HttpResponse::UnprocessableEntity().json(json!({ "error": "refused" })),
        Manner::Normal => {
            phones.take(message.into_inner());
            HttpResponse::Accepted().json(json!({ "taken": true }))
        }
    }
}

#[derive(Deserialize)]
struct Filter {
    to: Option<String>,
}

async fn messages(phones: Data<Phones>, filter: Query<Filter>) -> impl Responder {
    let is_wanted = |m: &Message| filter.to.as_ref().is_none_or(|to| *to == m.to);
    let all = phones.all();
    let rows = all.iter().filter(|(_, m)| is_wanted(m)).map(|(at, m)| json!({ "at": at, "to": m.to, "text": m.text }));
    HttpResponse::Ok().json(rows.collect::<Vec<_>>())
}

async fn state(phones: Data<Phones>) -> impl Responder {
    HttpResponse::Ok().json(json!({ "messages": phones.all().len(), "behaviour": phones.switch.code() }))
}

async fn show(phones: Data<Phones>) -> HttpResponse {
    let says = both(
        "平台发出的短信都在这里，新的在上面。真实系统里它们在各人的手机上。",
        "All short messages that the platform sent, the newest first. In earnest they are on everybody's own phone.",
    );
    let rows = phones.all().into_iter().map(|(at, m)| vec![esc(&at.minute()), esc(&m.to), esc(&m.text)]);
    let body = format!(
        "<p>{says}</p>{}{}",
        phones.switch.form(),
        table(&[("时间", "at"), ("手机号", "to"), ("内容", "text")], rows)
    );
    page("短信", "short messages", Some(5), &body)
}
