//! The stories: one kind of case each.

mod corrected;
mod decided;
mod deemed;
mod desk;
mod not_accepted;
mod window;
mod withdrawn;

use std::future::Future;
use std::pin::Pin;

use super::people::{Citizen, Newcomer, Receipt, Staff};
use super::stage::Stage;
use super::tale::Tale;
use crate::kernel::Result;

type Telling<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

pub(super) struct Story {
    pub title: &'static str,
    pub moves_clock: bool,
    pub tell: for<'a> fn(&'a Stage, &'a mut Tale) -> Telling<'a>,
}

macro_rules! story {
    ($module:ident, $title:literal) => {
        story!($module, $title, false)
    };
    ($module:ident, $title:literal, $moves_clock:literal) => {
        Story { title: $title, moves_clock: $moves_clock, tell: |s, t| Box::pin($module::tell(s, t)) }
    };
}

/// In the order of the telling. The one that moves the clock comes last, since sessions and dates of the others would feel it.
pub(super) const ALL: &[Story] = &[
    story!(decided, "业务系统办理 A department's own system decides, the result is downloaded"),
    story!(desk, "通用审批 A desk department: handled, reviewed, approved by three people"),
    story!(
        corrected,
        "补正后不予许可 Told once what is missing, corrected, then refused by the department with its reason"
    ),
    story!(not_accepted, "不予受理 Not accepted, with its reason"),
    story!(window, "窗口申报 Declared at the window for a person who came in"),
    story!(withdrawn, "撤回 Withdrawn by the applicant"),
    story!(deemed, "视为受理 Nobody answers in five working days: accepted by law", true),
];

/// The city's hall and a clerk of it.
pub(super) const HALL: &str = "H01";
pub(super) const CLERK: &str = "clerk.h01.1";

/// A new person registers, is verified, finds the item, and declares; all by pages.
async fn declares(s: &Stage, t: &mut Tale, name: &str, year: i32, slug: &str) -> Result<(Citizen, Receipt)> {
    let who = Newcomer::invent(name, year)?;
    let mut citizen = t.step("申请人 citizen", "registers", Citizen::register(s, who)).await?;
    t.step("申请人 citizen", "is verified by name, ID number, phone and social-security card", citizen.verify(s))
        .await?;
    t.step("申请人 citizen", "finds the item by its name and reads its guide", citizen.find(slug)).await?;
    t.step("申请人 citizen", "fills in the form", citizen.fill(HALL)).await?;
    t.step("申请人 citizen", "leaves the draft and comes back to it", citizen.come_back()).await?;
    t.step("申请人 citizen", "uploads the materials", citizen.upload()).await?;
    let case = t.step("申请人 citizen", "submits and gets the numbers", citizen.submit()).await?;
    t.case = Some(case.clone());
    t.step("任何人 anybody", "sees it by receipt number and query code", s.until_state(&case, "submitted")).await?;
    Ok((citizen, case))
}

/// The clerk pre-accepts and accepts.
async fn accepts(s: &Stage, t: &mut Tale, case: &Receipt) -> Result<Staff> {
    let mut clerk = t.step("窗口 clerk", "logs in", Staff::log_in(s, CLERK)).await?;
    t.step("窗口 clerk", "pre-accepts", clerk.pass(case, "pre-accept")).await?;
    t.step("任何人 anybody", "sees that it is pre-accepted", s.until_state(case, "pre-accepted")).await?;
    t.step("窗口 clerk", "accepts, with the notice", clerk.pass(case, "accept")).await?;
    Ok(clerk)
}

/// The supervisor sees the case's timeline.
async fn supervised(s: &Stage, t: &mut Tale, case: &Receipt, least: usize) -> Result<()> {
    let mut supervisor = t.step("监察 supervisor", "logs in", Staff::log_in(s, "supervisor")).await?;
    let steps = t.step("监察 supervisor", "looks at the board and the case", supervisor.supervise(case, &[])).await?;
    t.expect("the supervisor sees all steps", steps >= least, &format!("{steps} steps of {least}"))
}
