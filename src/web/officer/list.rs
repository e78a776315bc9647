//! The work list of a department: 承办, 审核, 批准, and what is with the department's own system.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{STEPS, own_step};
use crate::cases::{DeskKind, DeskStep};
use crate::catalogue::Shelved;
use crate::identity::Channel;
use crate::kernel::{Error, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Officer;
use crate::web::page;
use crate::web::worklist::{self, Asked, Worklist};

#[derive(Debug, Serialize)]
pub struct Desk {
    pub department: Text,
    /// The officer may do this tab's step.
    pub is_own: bool,
    pub list: Worklist,
}

impl View for Desk {
    const TEMPLATE: &'static str = "officer/desk";
    fn samples() -> Vec<Self> {
        super::samples::desks()
    }
}

const TABS: &[DeskStep] = &[DeskStep::Handle, DeskStep::Review, DeskStep::Approve, DeskStep::Outside];

fn step(code: &str) -> Option<DeskStep> {
    TABS.iter().find(|s| s.code() == code).copied()
}

pub async fn show(who: Officer, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let staff = who.ctx.staff()?;
    let books = who.app.books();
    let department = books.shelf.department(staff.department.ok_or_else(Error::forbidden)?)?;
    let first = match department.channel {
        Channel::System => DeskStep::Outside,
        Channel::Desk => own_step(staff).and_then(step).unwrap_or(DeskStep::Handle),
    };
    let own = STEPS.iter().filter(|(_, role, _)| staff.has(*role)).filter_map(|(_, _, code)| step(code));
    let own: Vec<DeskStep> = own.collect();
    let items = books.shelf.items().iter().map(AsRef::as_ref);
    let items: Vec<&Shelved> = items.filter(|i| i.department_id == department.id.0).collect();
    let desk = worklist::Desk { kind: DeskKind::Department, steps: TABS, base: "/desk", first, own: &own };
    let mut list = worklist::read(&who, &desk, &asked, &items).await?;
    let tab = list.tab;
    let is_outside = |code| code == DeskStep::Outside.code();
    list.tabs.retain(|t| t.count > 0 || t.code == tab || is_outside(t.code) == (department.channel == Channel::System));
    let is_own = own.iter().any(|s| s.code() == tab);
    Ok(page::show(&who, &Desk { department: department.name.clone(), is_own, list })?)
}
