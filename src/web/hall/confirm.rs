//! Asks once more before a correction or a refusal is sent, and shows what it would say.

use serde::Serialize;

use super::act::{Act, Typed};
use crate::cases::CaseId;
use crate::flows;
use crate::kernel::{Day, Error, Result, Text};
use crate::render::View;
use crate::web::guard::Clerk;
use crate::web::told::{Told, told};

#[derive(Debug, Serialize)]
pub struct Confirm {
    pub id: String,
    /// `correct` or `refuse`
    pub act: &'static str,
    pub item: Text,
    pub department: Text,
    pub applicant: String,
    pub receipt_no: String,
    pub defects: Vec<Told>,
    pub unseen: Vec<Text>,
    /// The note or the reason.
    pub reason: String,
    /// The last day for the correction.
    pub due_on: Day,
    pub remedy: Text,
    /// What was typed, on its way through this page.
    pub hidden: Vec<(String, String)>,
}

impl View for Confirm {
    const TEMPLATE: &'static str = "hall/confirm";
    fn samples() -> Vec<Self> {
        super::samples::confirms()
    }
}

/// # Errors
/// What would refuse the act itself, so that nobody is asked about what cannot be done.
pub(super) async fn ask(who: &Clerk, id: CaseId, act: Act, typed: &Typed) -> Result<Confirm> {
    let (ctx, books, seen) = (who.ctx.clone(), who.app.books(), typed.seen(id));
    let event = act.event().ok_or_else(|| Error::invalid("form-unreadable"))?;
    let due_on = flows::correction_due(&books, ctx.now.day());
    let said = who.app.db.read(move |c| flows::preview(c, &ctx, &books, &seen, event)).await?;
    if act == Act::Refuse && typed.reason.chars().count() < 4 {
        return Err(Error::field("reason", "reason-missing"));
    }
    if act == Act::Correct && said.defects.is_empty() && typed.reason.is_empty() {
        return Err(Error::invalid("defects-missing"));
    }
    Ok(Confirm {
        id: id.to_string(),
        act: act.code(),
        item: said.item,
        department: said.department,
        applicant: said.applicant,
        receipt_no: said.receipt_no,
        defects: told(&said.shelved.elements, said.defects),
        unseen: said.unseen,
        reason: typed.reason.clone(),
        due_on,
        remedy: said.remedy,
        hidden: typed.hidden(),
    })
}
