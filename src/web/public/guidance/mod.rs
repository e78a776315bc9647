//! 情形引导: questions before a declaration, and what follows from the answers.
//!
//! | path | page |
//! |---|---|
//! | `/items/{slug}/situation` | which materials an item needs in one's own case |
//! | `/topics` | wishes, such as opening a restaurant |
//! | `/topics/{key}` | which items a wish takes, and what each needs |
//! | `/kept` | keeps a result at hand, or no longer |
//!
//! The answers stand in the address, so that a result can be kept, sent, printed, and gone on with. They are choices, numbers and days:
//! nothing of a person.

pub mod item;
pub mod kept;
pub mod topic;

use serde::Serialize;
use serde_json::Value;

use crate::cases::Answers;
use crate::catalogue::{self, Codes, Elements};
use crate::kernel::{FieldError, Result, Text};
use crate::web::error::form_urlencoded;
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::qr::qr;
use crate::web::questions::{self, Section, With};

/// A kind of applicant.
#[derive(Debug, Clone, Serialize)]
pub struct Kind {
    pub code: String,
    pub name: Text,
    pub is_on: bool,
}

/// The questions with what was answered. Template: `{{include "public/guided"}}`.
#[derive(Debug, Clone, Serialize)]
pub struct Questions {
    /// The page's own path.
    pub path: String,
    pub kinds: Vec<Kind>,
    pub sections: Vec<Section>,
    /// Where the page's script asks what is asked.
    pub watch: String,
    /// Something has to be answered still.
    pub is_open: bool,
}

/// What one can do with a result. Template: `{{include "public/guided_tools"}}`.
#[derive(Debug, Clone, Serialize)]
pub struct Tools {
    /// Path and query.
    pub address: String,
    pub link: String,
    /// The link as a picture for a phone.
    pub qr: String,
    pub is_kept: bool,
}

/// What was answered.
struct Answered {
    applicant: String,
    answers: Answers,
    /// The visitor wants the result.
    wants: bool,
    /// Keys of questions that are open.
    open: Vec<String>,
}

/// The answers to the questions of `e`, which has nothing but guidance.
fn answered(e: &Elements, fields: &Fields) -> Answered {
    let asked = fields.get("applicant.kind");
    let first = e.audience.first().map_or("", String::as_str);
    let applicant = e.audience.iter().find(|a| *a == asked).map_or(first, String::as_str).to_owned();
    let mut answers = questions::read(e, fields);
    let relevant = e.relevant(&applicant, &answers);
    answers.retain(|key, _| relevant.asks(key));
    let open = e.open_guide(&relevant, &answers).into_iter().map(str::to_owned).collect();
    Answered { applicant, answers, wants: fields.has("go"), open }
}

impl Answered {
    fn questions(&self, e: &Elements, codes: &Codes, path: &str, watch: &str) -> Questions {
        let kind = |code: &String| Kind {
            code: code.clone(),
            name: codes.name("audience", code),
            is_on: *code == self.applicant,
        };
        let shown: &[String] = if self.wants { &self.open } else { &[] };
        let fault = |key: &String| FieldError { field: format!("form.{key}"), code: "choice-required", value: None };
        let faults: Vec<FieldError> = shown.iter().map(fault).collect();
        let with = With { faults: &faults, ..With::default() };
        Questions {
            path: path.to_owned(),
            kinds: e.audience.iter().map(kind).collect(),
            sections: questions::sections(e, &self.applicant, &self.answers, with),
            watch: if e.has_conditions() { watch.to_owned() } else { String::new() },
            is_open: !faults.is_empty(),
        }
    }

    fn is_done(&self) -> bool {
        self.wants && self.open.is_empty()
    }

    /// The same as a query.
    fn query(&self) -> String {
        query(&self.applicant, &self.answers)
    }
}

/// Kind of applicant and answers as the query of an address.
fn query(applicant: &str, answers: &Answers) -> String {
    let mut all = vec![format!("applicant.kind={}", form_urlencoded(applicant))];
    for (key, value) in answers {
        let mut say = |text: &str| all.push(format!("form.{}={}", form_urlencoded(key), form_urlencoded(text)));
        match value {
            Value::Array(list) => list.iter().filter_map(Value::as_str).for_each(&mut say),
            Value::String(text) => say(text),
            _ => {}
        }
    }
    all.join("&")
}

impl Tools {
    async fn of(who: &Anyone, address: String) -> Result<Self> {
        let link = format!("{}{address}", who.app.config.server.public_url.trim_end_matches('/'));
        let (ctx, wanted) = (who.ctx.clone(), address.clone());
        let is_kept = who.ctx.person().is_ok()
            && who.app.db.read(move |c| Ok(catalogue::kept_guidance(c, &ctx)?.contains(&wanted))).await?;
        // What is too long for a code is sent as a link.
        Ok(Self { qr: qr(&link).unwrap_or_default(), address, link, is_kept })
    }

    fn sample() -> Self {
        Self {
            address: "/items/x/situation?form.a=1&go=1".into(),
            link: "http://x/items/x".into(),
            qr: "data:image/svg+xml;base64,".into(),
            is_kept: true,
        }
    }
}

impl Questions {
    fn sample(is_open: bool) -> Self {
        let kind =
            |code: &str| Kind { code: code.into(), name: Text::new("企业 <b>", "Enterprise"), is_on: code == "1" };
        Self {
            path: "/items/x/situation".into(),
            kinds: vec![kind("1"), kind("2")],
            sections: Section::samples(),
            watch: if is_open { "/relevant/1".into() } else { String::new() },
            is_open,
        }
    }
}
