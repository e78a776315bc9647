//! What several flows do: look up the elements, tell the applicant, make a notice.

use std::sync::Arc;

use super::Books;
use crate::calendar::{Limit, Unit};
use crate::cases::{self, Case, Content, NoticeDoc, NoticeKind};
use crate::catalogue::{self, Relevant, Shelved};
use crate::db::Conn;
use crate::identity::{self, Department, PersonId, PrincipalId, mandates};
use crate::kernel::{Ctx, Day, Result};
use crate::notifications::{self, News, Tell};

/// 行政许可法 32: the office answers within five working days.
const ANSWER: Limit = Limit { days: 5, unit: Unit::Working };

/// The last day to accept, refuse or ask for correction of what was received on `day`.
pub(super) fn accept_by(books: &Books, day: Day) -> Day {
    books.plan.due(day, ANSWER, &[]).day
}

/// A case with what belongs to it.
pub(super) struct Whole {
    pub case: Case,
    pub content: Content,
    pub item: Arc<Shelved>,
    pub department: Arc<Department>,
}

impl Whole {
    /// What of the item concerns this applicant.
    pub fn relevant(&self) -> Relevant {
        self.item.elements.relevant(&self.content.applicant.kind, &self.content.answers)
    }
}

pub(super) fn whole(c: &mut Conn, ctx: &Ctx, books: &Books, case: Case) -> Result<Whole> {
    let content = cases::content(c, ctx, &case)?;
    let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
    let department = books.shelf.department(case.department_id.0)?;
    Ok(Whole { case, content, item, department })
}

/// What a message says beside its kind.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub due_on: Option<Day>,
    pub reason: &'a str,
}

/// Who is told of a case: its declarant, while it is theirs or they may still see it.
fn told(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<PersonId>> {
    match (case.person_id, case.owner_id) {
        (Some(person), Some(owner)) if owner != person.0 => {
            mandates::told(c, ctx, PrincipalId(owner), (person, case.item_id.0))
        }
        (person, _) => Ok(person),
    }
}

/// Tells the applicant, who may have no account: then there is nobody to tell.
pub(super) fn tell(c: &mut Conn, ctx: &Ctx, w: &Whole, news: News, said: &Said<'_>) -> Result<()> {
    let Some(person) = told(c, ctx, &w.case)? else { return Ok(()) };
    let tell = Tell {
        person,
        case_id: w.case.id.0,
        news,
        item: w.item.elements.name.clone(),
        receipt_no: w.case.receipt().to_owned(),
        mail: identity::mail_address(c, ctx, person)?,
        name: w.content.applicant.name.clone(),
        due_on: said.due_on.map(|d| d.to_string()).unwrap_or_default(),
        reason: said.reason.to_owned(),
    };
    notifications::tell(c, ctx, &tell)
}

/// A notice with the parts that all kinds have.
pub(super) fn notice(ctx: &Ctx, w: &Whole, kind: NoticeKind) -> NoticeDoc {
    let basis = w.item.elements.basis.first();
    NoticeDoc {
        kind,
        no: String::new(),
        department: w.department.name.clone(),
        item: w.item.elements.name.clone(),
        applicant: w.content.applicant.name.clone(),
        case_no: w.case.case_no.clone().unwrap_or_default(),
        receipt_no: w.case.receipt().to_owned(),
        day: ctx.now.day(),
        materials: vec![],
        defects: vec![],
        reason: String::new(),
        due_on: None,
        legal_due_on: None,
        remedy: None,
        result: None,
        query_code: String::new(),
        item_type: w.item.elements.item_type.clone(),
        basis: basis.map(|b| format!("{}{}", b.law, b.article)).unwrap_or_default(),
        is_deemed: false,
    }
}
