//! Plays an identity verifier: knows a list of people and answers whether name, number and phone belong together.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::{self, Data, Either, Form, Json, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Settings;
use super::page::{both, esc, page, see_other, table};
use super::switch::{self, Behaviour, Choice, Switch};
use crate::kernel::{Clock, Id, Ts, mask};
use crate::outside::verifier_protocol::{Outcome, PATH, Reply, Request};

/// Who is known, and what is answered when all three fit.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub id_number: String,
    pub phone: String,
    pub outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Normal,
    Slow,
    RateLimited,
    Down,
    Rubbish,
}

impl Behaviour for Manner {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Manner::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Manner::Slow, code: "slow", zh: "缓慢", en: "slow" },
        Choice { is: Manner::RateLimited, code: "rate_limited", zh: "限流 429", en: "rate limited" },
        Choice { is: Manner::Down, code: "down", zh: "停机 503", en: "down" },
        Choice { is: Manner::Rubbish, code: "rubbish", zh: "乱答", en: "rubbish" },
    ];
}

struct Asked {
    at: Ts,
    name: String,
    id_number: String,
    answer: String,
}

pub struct Registry {
    people: Mutex<HashMap<String, Person>>,
    log: Mutex<(u64, VecDeque<Asked>)>,
    switch: Arc<Switch<Manner>>,
    slow: Duration,
    clock: Clock,
}

impl Registry {
    pub fn new(settings: &Settings) -> Self {
        let people = settings.people.iter().map(|p| (p.id_number.to_uppercase(), p.clone())).collect();
        Self {
            people: Mutex::new(people),
            log: Mutex::default(),
            switch: Arc::default(),
            slow: settings.slow,
            clock: settings.clock.clone(),
        }
    }

    fn people(&self) -> MutexGuard<'_, HashMap<String, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That the holder is dead is told only to somebody who names them rightly.
    fn judge(&self, asked: &Request) -> Outcome {
        match self.people().get(&asked.id_number.to_uppercase()) {
            None => Outcome::Unknown,
            Some(p) if p.name != asked.name || p.phone != asked.phone => Outcome::Mismatch,
            Some(p) => p.outcome,
        }
    }

    fn note(&self, asked: &Request, answer: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.0 += 1;
        log.1.push_front(Asked {
            at: self.clock.now(),
            name: mask::name(&asked.name),
            id_number: mask::id_number(&asked.id_number),
            answer: answer.to_owned(),
        });
        log.1.truncate(50);
    }
}

pub fn routes(config: &mut ServiceConfig, registry: Arc<Registry>) {
    switch::routes(config, registry.switch.clone());
    config
        .app_data(Data::from(registry))
        .route(PATH, web::post().to(verify))
        .route("/people", web::post().to(add))
        .route("/state.json", web::get().to(state))
        .route("/", web::get().to(show));
}

async fn verify(registry: Data<Registry>, asked: Json<Request>) -> impl Responder {
    let manner = registry.switch.now();
    match manner {
        Manner::RateLimited => {
            registry.note(&asked, "429");
            return HttpResponse::TooManyRequests().insert_header(("Retry-After", "5")).json(json!({"error": "busy"}));
        }
        Manner::Down => {
            registry.note(&asked, "503");
            return HttpResponse::ServiceUnavailable().json(json!({"error": "down"}));
        }
        Manner::Rubbish => {
            registry.note(&asked, "rubbish");
            return HttpResponse::Ok().content_type("text/html").body("<html><body>维护中</body></html>");
        }
        Manner::Slow => tokio::time::sleep(registry.slow).await,
        Manner::Normal => {}
    }
    let outcome = registry.judge(&asked);
    registry.note(&asked, outcome.code());
    let reference = format!("SBX-{}", Id::random());
    HttpResponse::Ok().json(Reply { outcome, reference, issuer: "沙箱实人核验服务（模拟）".into() })
}

async fn add(registry: Data<Registry>, person: Either<Json<Person>, Form<Person>>) -> impl Responder {
    let (person, is_form) = match person {
        Either::Left(json) => (json.into_inner(), false),
        Either::Right(form) => (form.into_inner(), true),
    };
    registry.people().insert(person.id_number.trim().to_uppercase(), person);
    if is_form { see_other("/") } else { HttpResponse::Created().json(json!({ "people": registry.people().len() })) }
}

async fn state(registry: Data<Registry>) -> impl Responder {
    let asked = registry.log.lock().unwrap_or_else(PoisonError::into_inner).0;
    let people = registry.people().len();
    HttpResponse::Ok().json(json!({ "behaviour": registry.switch.code(), "asked": asked, "people": people }))
}

async fn show(registry: Data<Registry>) -> impl Responder {
    let mut body = registry.switch.form();
    let mut people: Vec<Person> = registry.people().values().cloned().collect();
    people.sort_by(|a, b| a.id_number.cmp(&b.id_number));
    let rows = people.iter().take(200).map(|p| {
        let code = p.outcome.code();
        vec![esc(&p.name), format!("<code>{}</code>", esc(&p.id_number)), esc(&p.phone), code.to_owned()]
    });
    body += &format!("<h2>{}</h2>", both("登记人员（虚构）", "people on record, all invented"));
    body += &table(&[("姓名", "name"), ("证件号码", "ID number"), ("手机号", "phone"), ("核验结果", "outcome")], rows);
    body += &form();
    let log = registry.log.lock().unwrap_or_else(PoisonError::into_inner);
    let rows = log.1.iter().map(|a| vec![a.at.minute(), esc(&a.name), esc(&a.id_number), esc(&a.answer)]);
    body += &format!("<h2>{} · {}</h2>", both("最近的核验", "last verifications"), log.0);
    body += &table(&[("时间", "time"), ("姓名", "name"), ("证件号码", "ID number"), ("答复", "answer")], rows);
    page("实人核验服务", "identity verifier", None, &body)
}

fn form() -> String {
    let outcomes: String = Outcome::ALL.iter().map(|o| format!("<option>{}</option>", o.code())).collect();
    let input = |name: &str, zh: &str, en: &str| {
        format!("<label>{}<input name=\"{name}\" required maxlength=\"60\"></label>", both(zh, en))
    };
    format!(
        "<h2>{}</h2><form method=\"post\" action=\"/people\" class=\"card\"><div class=\"acts\">{}{}{}\
         <label>{}<select name=\"outcome\">{outcomes}</select></label></div><p><button class=\"go\">{}</button></p></form>",
        both("添加人员", "add a person"),
        input("name", "姓名", "name"),
        input("id_number", "证件号码", "ID number"),
        input("phone", "手机号", "phone"),
        both("核验结果", "outcome"),
        both("添加", "add"),
    )
}
