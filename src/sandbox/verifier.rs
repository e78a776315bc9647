//! Plays an identity verifier: knows a list of people and answers whether name, number and what else is sent belong together. Faces are
//! shown on a page of it ([`super::faces`]), by a click.
//!
//! How it behaves is chosen on its page, for everybody; or by the name that is asked about ([`NAMES`]), for one at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::{self, Data, Either, Form, Json, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Settings;
use super::faces::{self, Faces};
use super::page::{both, esc, page, see_other, table};
use super::switch::{self, Behaviour, Choice, Switch};
use crate::kernel::{Clock, Id, Ts, mask};
use crate::outside::verifier_protocol::{Check, FACE_RESULT, FACES, Outcome, PATH, Reply, Request};

/// Who vouches.
pub(super) const ISSUER: &str = "沙箱实人核验服务（模拟）";

/// Who is known, and what is answered when all fits.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub id_number: String,
    pub phone: String,
    pub outcome: Outcome,
    #[serde(default)]
    pub bank_card: String,
    #[serde(default)]
    pub social_card: String,
    #[serde(default)]
    pub fund_account: String,
    #[serde(default)]
    pub driving_licence: String,
    #[serde(default)]
    pub enterprise: Option<Enterprise>,
    #[serde(default)]
    pub children: Vec<Child>,
}

/// What the register of legal persons says of one.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enterprise {
    pub name: String,
    pub uscc: String,
    /// `legal_person` for who represents it.
    pub role: String,
}

/// What the register of residents says of a child.
#[derive(Clone, Serialize, Deserialize)]
pub struct Child {
    pub name: String,
    pub id_number: String,
}

impl Person {
    /// Whether what was sent beside name and number is theirs.
    fn has(&self, asked: &Request) -> bool {
        let of = |own: &str| !own.is_empty() && asked.number.as_deref() == Some(own);
        match asked.check {
            Check::NameId => true,
            Check::NameIdPhone => asked.phone.as_ref() == Some(&self.phone),
            Check::Bank => of(&self.bank_card),
            Check::SocialCard => of(&self.social_card),
            Check::FundAccount => of(&self.fund_account),
            Check::DrivingLicence => of(&self.driving_licence),
            Check::LegalRep => self
                .enterprise
                .as_ref()
                .is_some_and(|e| e.role == "legal_person" && of(&e.uscc) && asked.of.as_ref() == Some(&e.name)),
            Check::Guardian => {
                self.children.iter().any(|child| of(&child.id_number) && asked.of.as_ref() == Some(&child.name))
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Manner {
    Normal,
    Says(Outcome),
    Slow,
    RateLimited,
    Down,
    Rubbish,
    Lying,
}

impl Behaviour for Manner {
    const ALL: &'static [Choice<Self>] = &[
        Choice { is: Manner::Normal, code: "normal", zh: "正常", en: "normal" },
        Choice { is: Manner::Says(Outcome::Match), code: "match", zh: "一律相符", en: "all match" },
        Choice { is: Manner::Says(Outcome::Mismatch), code: "mismatch", zh: "一律不符", en: "all mismatch" },
        Choice { is: Manner::Says(Outcome::Unknown), code: "unknown", zh: "一律查无此号", en: "all unknown" },
        Choice { is: Manner::Says(Outcome::Deceased), code: "deceased", zh: "一律已故", en: "all deceased" },
        Choice { is: Manner::Slow, code: "slow", zh: "缓慢", en: "slow" },
        Choice { is: Manner::RateLimited, code: "rate_limited", zh: "限流 429", en: "rate limited" },
        Choice { is: Manner::Down, code: "down", zh: "停机 503", en: "down" },
        Choice { is: Manner::Rubbish, code: "rubbish", zh: "乱答", en: "rubbish" },
        Choice { is: Manner::Lying, code: "lying", zh: "格式说谎", en: "lies in its format" },
    ];
}

/// Names of which the answer is known beforehand, with any ID number: for tries by hand and for tests.
pub const NAMES: [(&str, &str); 9] = [
    ("测试相符", "match"),
    ("测试不符", "mismatch"),
    ("测试查无", "unknown"),
    ("测试已故", "deceased"),
    ("测试缓慢", "slow"),
    ("测试限流", "rate_limited"),
    ("测试停机", "down"),
    ("测试乱答", "rubbish"),
    ("测试说谎", "lying"),
];

struct Asked {
    at: Ts,
    name: String,
    id_number: String,
    what: &'static str,
    answer: String,
}

pub struct Registry {
    people: Mutex<HashMap<String, Person>>,
    log: Mutex<(u64, VecDeque<Asked>)>,
    switch: Arc<Switch<Manner>>,
    pub(super) faces: Faces,
    slow: Duration,
    pub(super) clock: Clock,
}

impl Registry {
    pub fn new(settings: &Settings, url: String) -> Self {
        let people = settings.people.iter().map(|p| (p.id_number.to_uppercase(), p.clone())).collect();
        Self {
            people: Mutex::new(people),
            log: Mutex::default(),
            switch: Arc::default(),
            faces: Faces::new(url),
            slow: settings.slow,
            clock: settings.clock.clone(),
        }
    }

    fn people(&self) -> MutexGuard<'_, HashMap<String, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn known(&self, id_number: &str) -> Option<Person> {
        self.people().get(&id_number.to_uppercase()).cloned()
    }

    /// How it behaves to this name now.
    pub(super) fn manner(&self, name: &str) -> Manner {
        let code = NAMES.iter().find(|(n, _)| *n == name).map(|(_, code)| *code);
        let of = |code: &str| Manner::ALL.iter().find(|c| c.code == code).map(|c| c.is);
        code.and_then(of).unwrap_or_else(|| self.switch.now())
    }

    /// What it answers instead of an answer, after it took its time.
    pub(super) async fn fault(&self, manner: Manner) -> Option<HttpResponse> {
        match manner {
            Manner::RateLimited => {
                let busy = json!({ "error": "busy" });
                Some(HttpResponse::TooManyRequests().insert_header(("Retry-After", "5")).json(busy))
            }
            Manner::Down => Some(HttpResponse::ServiceUnavailable().json(json!({ "error": "down" }))),
            Manner::Rubbish => {
                Some(HttpResponse::Ok().content_type("text/html").body("<html><body>维护中</body></html>"))
            }
            Manner::Slow => {
                tokio::time::sleep(self.slow).await;
                None
            }
            _ => None,
        }
    }

    /// That the holder is dead is told only to somebody who names them rightly.
    fn judge(&self, asked: &Request) -> Outcome {
        match self.known(&asked.id_number) {
            None => Outcome::Unknown,
            Some(p) if p.name != asked.name || !p.has(asked) => Outcome::Mismatch,
            Some(p) => p.outcome,
        }
    }

    pub(super) fn note(&self, (name, id_number): (&str, &str), what: &'static str, answer: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.0 += 1;
        log.1.push_front(Asked {
            at: self.clock.now(),
            name: mask::name(name),
            id_number: mask::id_number(id_number),
            what,
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
        .route(FACES, web::post().to(faces::begin))
        .route(FACE_RESULT, web::post().to(faces::result))
        .route("/face/{token}", web::get().to(faces::show))
        .route("/face/{token}", web::post().to(faces::shown))
        .route("/people", web::post().to(add))
        .route("/state.json", web::get().to(state))
        .route("/", web::get().to(show));
}

/// How the log calls a check.
fn called(check: Check) -> &'static str {
    match check {
        Check::NameId => "二要素",
        Check::NameIdPhone => "三要素",
        Check::Bank => "银行卡",
        Check::SocialCard => "社保卡",
        Check::FundAccount => "公积金",
        Check::DrivingLicence => "驾驶证",
        Check::LegalRep => "法定代表人",
        Check::Guardian => "监护关系",
    }
}

async fn verify(registry: Data<Registry>, asked: Json<Request>) -> impl Responder {
    let manner = registry.manner(&asked.name);
    let (who, what) = ((asked.name.as_str(), asked.id_number.as_str()), called(asked.check));
    if let Some(fault) = registry.fault(manner).await {
        registry.note(who, what, fault.status().as_str());
        return fault;
    }
    let reference = format!("SBX-{}", Id::random());
    if manner == Manner::Lying {
        registry.note(who, what, "lie");
        // Nearly a reply, and none: what a hasty reader takes for a match.
        let lie =
            json!({ "outcome": "MATCH", "result": true, "matched": "match", "reference": reference, "issuer": 7 });
        return HttpResponse::Ok().json(lie);
    }
    let outcome = if let Manner::Says(outcome) = manner { outcome } else { registry.judge(&asked) };
    registry.note(who, what, outcome.code());
    HttpResponse::Ok().json(Reply { outcome, reference, issuer: ISSUER.into() })
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
    let code = |text: &str| format!("<code>{}</code>", esc(text));
    let rows = people.iter().take(200).map(|p| {
        let own = [&p.id_number, &p.phone, &p.social_card, &p.bank_card, &p.fund_account, &p.driving_licence];
        let mut row = vec![esc(&p.name)];
        row.extend(own.map(|text| code(text)));
        row.push(p.outcome.code().to_owned());
        row
    });
    body += &format!("<h2>{}</h2>", both("登记人员（虚构）", "people on record, all invented"));
    let heads = [
        ("姓名", "name"),
        ("证件号码", "ID number"),
        ("手机号", "phone"),
        ("社保卡号", "social-security card"),
        ("银行卡号", "bank card"),
        ("公积金账号", "fund account"),
        ("驾驶证档案编号", "driving licence"),
        ("核验结果", "outcome"),
    ];
    body += &table(&heads, rows);
    body += &form();
    body += &format!("<h2>{}</h2>", both("测试姓名：号码随意", "names for tests, with any number"));
    body += &table(&[("姓名", "name"), ("行为", "behaviour")], NAMES.map(|(n, code)| vec![esc(n), code.to_owned()]));
    let log = registry.log.lock().unwrap_or_else(PoisonError::into_inner);
    let row = |a: &Asked| vec![a.at.minute(), esc(a.what), esc(&a.name), esc(&a.id_number), esc(&a.answer)];
    body += &format!("<h2>{} · {}</h2>", both("最近的核验", "last verifications"), log.0);
    let heads = [("时间", "time"), ("核验", "check"), ("姓名", "name"), ("证件号码", "ID number"), ("答复", "answer")];
    body += &table(&heads, log.1.iter().map(row));
    page("实人核验服务", "identity verifier", None, &body)
}

fn form() -> String {
    let outcomes: String = Outcome::ALL.iter().map(|o| format!("<option>{}</option>", o.code())).collect();
    let input = |name: &str, zh: &str, en: &str, need: &str| {
        format!("<label>{}<input name=\"{name}\"{need} maxlength=\"60\"></label>", both(zh, en))
    };
    let fields = [
        input("name", "姓名", "name", " required"),
        input("id_number", "证件号码", "ID number", " required"),
        input("phone", "手机号", "phone", " required"),
        input("social_card", "社保卡号", "social-security card", ""),
        input("bank_card", "银行卡号", "bank card", ""),
    ];
    format!(
        "<h2>{}</h2><form method=\"post\" action=\"/people\" class=\"card\"><div class=\"acts\">{}\
         <label>{}<select name=\"outcome\">{outcomes}</select></label></div><p><button class=\"go\">{}</button></p></form>",
        both("添加人员", "add a person"),
        fields.concat(),
        both("核验结果", "outcome"),
        both("添加", "add"),
    )
}
