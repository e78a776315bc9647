//! 申报: from the start page of an item to the page that says that it was handed in.
//!
//! | path | page |
//! |---|---|
//! | `/declare/{slug}` | what is needed; begins a draft, or goes on with the one there is |
//! | `/declare/drafts/{id}` | 1 applicant, hall and the item's form |
//! | `/declare/drafts/{id}/materials` | 2 materials |
//! | `/declare/drafts/{id}/review` | 3 everything once more; submits |
//! | `/declare/drafts/{id}/done` | numbers, query code, what happens next |
//! | `/declare/drafts/{id}/discard`, `…/files/{file}/remove` | ask once more, also without script |
//!
//! Every step keeps what it was given, whole or not; only the last one refuses. A step of a draft that was handed in leads to the case.
//! Who comes back after the session has ended logs in on the page that holds what was typed ([`resume`]).

pub mod confirm;
pub mod done;
pub mod form;
pub mod materials;
pub mod resume;
pub mod review;
mod samples;
pub mod start;

mod missing;

use std::sync::Arc;

use actix_web::HttpResponse;
use serde::Serialize;

use crate::cases::{self, Answers, Case, CaseId, Content, State, StoredFile};
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::{self, Act, Halt, Relevant, Shelved};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::identity::PersonFacts;
use crate::identity::assurance::{Need, ONLINE};
use crate::identity::standing::{self, Meets, Standing};
use crate::kernel::{Ctx, Error, FieldError, Id, Result, Text};
use crate::web::error::form_urlencoded;
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;
use crate::web::public::assurance::place::{self, Of};

/// What stands above every step.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    pub id: String,
    pub slug: String,
    pub title: Text,
    /// 1, 2 or 3
    pub step: u8,
    /// The item was taken from the shelf since the draft began.
    pub is_gone: bool,
    /// The item is suspended, for this reason.
    pub halt: Option<Halt>,
    /// The item has another version now.
    pub is_outdated: bool,
    /// What that version asks otherwise.
    pub news: Vec<Difference>,
    pub low: Option<Low>,
}

impl Head {
    /// Nothing of the item stands in the way of handing in. What the person has to show is asked for then.
    fn may_go_on(&self) -> bool {
        !self.is_gone && self.halt.is_none() && !self.is_outdated
    }
}

/// The person has not shown of themself what a step needs.
#[derive(Debug, Clone, Serialize)]
pub struct Low {
    pub needs: i32,
    pub is_fresh: bool,
    /// It can be shown from here; higher levels are given at a window.
    pub is_near: bool,
    /// The verifier did not answer and is asked later: that keeps nobody from the step.
    pub is_waiting: bool,
    /// The page that asks for what is missing, and leads back.
    pub to: String,
}

fn low(standing: &Standing, need: Need, to: String) -> Option<Low> {
    let meets = standing.meets(need);
    let low = Low {
        needs: need.level,
        is_fresh: need.is_fresh,
        is_near: need.level <= ONLINE,
        is_waiting: meets == Meets::Later,
        to,
    };
    (meets != Meets::Yes).then_some(low)
}

/// A draft of the acting citizen with all that its pages show.
struct Draft {
    case: Case,
    item: Arc<Shelved>,
    content: Content,
    standing: Standing,
    facts: PersonFacts,
    files: Vec<StoredFile>,
    faults: Vec<FieldError>,
    is_gone: bool,
    halt: Option<Halt>,
    is_outdated: bool,
    news: Vec<Difference>,
}

impl Draft {
    /// It is declared for another, by a mandate.
    fn is_acted(&self) -> bool {
        self.case.owner_id != self.case.person_id.map(|p| p.0)
    }
    /// What of the item concerns this applicant.
    fn relevant(&self) -> Relevant {
        self.item.elements.relevant(&self.content.applicant.kind, &self.content.answers)
    }
    fn head(&self, step: u8) -> Head {
        Head {
            id: self.case.id.to_string(),
            slug: self.item.elements.slug.clone(),
            title: self.item.elements.name.clone(),
            step,
            is_gone: self.is_gone,
            halt: self.halt.clone(),
            is_outdated: self.is_outdated,
            news: self.news.clone(),
            low: low(&self.standing, self.item.elements.assurance.need(Act::Sign), self.step_up(step)),
        }
    }

    /// What the signature lacks is shown now or then; the way back is to this step.
    fn step_up(&self, step: u8) -> String {
        let step = match step {
            1 => "",
            2 => "/materials",
            _ => "/review",
        };
        let back = format!("/declare/drafts/{}{step}", self.case.id);
        place::step_up(Act::Sign, Of::Case(self.case.id), &back)
    }
}

/// # Errors
/// Not found when it is somebody else's; `case-moved` when it is no draft any more.
fn load(c: &mut Conn, ctx: &Ctx, books: &Books, id: CaseId) -> Result<Draft> {
    let case = draft(c, ctx, id)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let now = books.shelf.by_item(case.item_id).ok();
    let standing = standing::of_self(c, ctx)?;
    let is_outdated = flows::is_outdated(books, &case);
    let news = match now.as_ref().filter(|_| is_outdated) {
        Some(now) => news(&item, now, books)?,
        None => vec![],
    };
    Ok(Draft {
        item,
        halt: now.and_then(|i| i.halt.clone()),
        is_outdated,
        news,
        content: cases::content(c, ctx, &case)?,
        facts: standing.as_declared(),
        standing,
        files: cases::files(c, ctx, &case)?,
        faults: flows::check_draft(c, ctx, books, &case)?,
        is_gone: books.shelf.by_item(case.item_id).is_err(),
        case,
    })
}

/// What concerns the applicant of what differs between two versions.
fn news(old: &Shelved, now: &Shelved, books: &Books) -> Result<Vec<Difference>> {
    const CONCERNS: [&str; 4] = ["form", "materials", "fees", "time"];
    let all = diff::between(&old.elements, &now.elements, books.shelf.codes())?;
    Ok(all.into_iter().filter(|d| CONCERNS.contains(&d.section)).collect())
}

fn draft(c: &mut Conn, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let case = cases::mine(c, ctx, id)?;
    if case.state == State::Draft { Ok(case) } else { Err(Error::conflict("case-moved")) }
}

async fn load_for(who: &Citizen, id: CaseId) -> Result<Draft> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    who.app.db.read(move |c| load(c, &ctx, &books, id)).await
}

fn case_id(path: &str) -> Result<CaseId> {
    Ok(CaseId(path.parse::<Id>()?))
}

/// What the account knows of the form's questions.
fn known(item: &Shelved, facts: &PersonFacts) -> Answers {
    let fields = item.elements.form.single();
    let known = |fact: &str| flows::known_fact(facts, fact).filter(|v| !v.is_empty());
    fields.filter_map(|f| Some((f.key.clone(), known(f.fact.as_deref()?)?.into()))).collect()
}

/// Leads to the case what was a draft when the page was made; other errors stay.
fn elsewhere(id: CaseId, error: Error) -> Result<HttpResponse> {
    if error.code() == "case-moved" { Ok(page::redirect(&format!("/my/cases/{id}"), "")) } else { Err(error) }
}

/// The citizen, or the way over the login and back: for acts, whose own address cannot be opened afterwards.
fn citizen(who: Anyone, back: &str) -> Result<Result<Citizen, HttpResponse>> {
    if who.session.is_none() {
        return Ok(Err(page::redirect(&format!("/login?back={}", form_urlencoded(back)), "declare-login")));
    }
    who.ctx.person()?;
    Ok(Ok(Citizen(who)))
}
