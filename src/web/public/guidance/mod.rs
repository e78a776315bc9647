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

use crate::cases::Answers;
use crate::cases::rules::check_answers;
use crate::catalogue::{self, Codes, Elements};
use crate::kernel::{Day, FieldError, Result};
use crate::web::error::form_urlencoded;
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::qr::qr;
use crate::web::questions::{self, Kind, Section, With};

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
    /// What is open or wrong.
    faults: Vec<FieldError>,
}

/// The answers to the questions of `e`, which has nothing but guidance.
fn answered(e: &Elements, fields: &Fields, today: Day) -> Answered {
    let applicant = questions::applicant(e, fields).to_owned();
    let mut answers = questions::read(e, fields);
    let (_, faults) = check_answers(e, &applicant, &mut answers, today);
    Answered { applicant, answers, wants: fields.has("go"), faults }
}

impl Answered {
    fn questions(&self, e: &Elements, codes: &Codes, path: &str, watch: &str) -> Questions {
        let faults: &[FieldError] = if self.wants { &self.faults } else { &[] };
        Questions {
            path: path.to_owned(),
            kinds: Kind::all(e, codes, &self.applicant),
            sections: questions::sections(e, &self.applicant, &self.answers, With { faults, ..With::default() }),
            watch: if e.has_conditions() { watch.to_owned() } else { String::new() },
            is_open: !faults.is_empty(),
        }
    }

    fn is_done(&self) -> bool {
        self.wants && self.faults.is_empty()
    }

    /// The same as a query.
    fn query(&self) -> String {
        query(&self.applicant, &self.answers)
    }
}

/// Kind of applicant and answers as the query of an address.
fn query(applicant: &str, answers: &Answers) -> String {
    let mut all = vec![("applicant.kind".to_owned(), applicant.to_owned())];
    all.extend(questions::pairs(answers));
    let all = all.iter().map(|(name, value)| format!("{}={}", form_urlencoded(name), form_urlencoded(value)));
    all.collect::<Vec<_>>().join("&")
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
        Self {
            path: "/items/x/situation".into(),
            kinds: Kind::samples(),
            sections: Section::samples(),
            watch: if is_open { "/relevant/1".into() } else { String::new() },
            is_open,
        }
    }
}
