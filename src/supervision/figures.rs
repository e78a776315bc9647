//! Counting for the board.

use super::model::*;
use super::store;
use crate::calendar::{Limit, Plan, Unit};
use crate::db::Conn;
use crate::exchange;
use crate::identity::{DepartmentId, Reach};
use crate::kernel::{Ctx, Day, Result, Ts};

/// Days of the chart.
const DAYS: usize = 14;
/// For so long, in seconds, the counts of past days are taken as they were: they change when history is loaded alone.
const PAST: i64 = 300;
/// Cases in each list of warnings.
const WARNS: i64 = 6;

impl Limits {
    pub(super) fn of(plan: &Plan, today: Day) -> Self {
        Self { today, near: plan.due(today, Limit { days: 1, unit: Unit::Working }, &[]).day }
    }
}

/// The board as it is now, for the platform, which shows it to the supervisors who reach so far. `before` are the last known figures.
pub fn figures(
    c: &mut Conn,
    ctx: &Ctx,
    plan: &Plan,
    reach: &Reach,
    departments: &[DepartmentId],
    before: Option<&Figures>,
) -> Result<Figures> {
    ctx.is_system()?;
    let limits = Limits::of(plan, ctx.now.day());
    let start = Ts::start_of(limits.today);
    let within: Vec<DepartmentId> = departments.iter().copied().filter(|d| reach.holds(*d)).collect();
    let today = store::flow(c, start, reach, &within)?;
    let (mut days, days_at) = past(c, ctx, reach, limits.today, before)?;
    days.push(DayFlow { day: limits.today, submitted: today.submitted, finished: today.finished });
    Ok(Figures {
        at: ctx.now,
        open: store::open(c, &limits, reach)?,
        today,
        answering: store::answering(c, &limits, reach)?,
        days,
        days_at,
        late: store::due_cases(c, Which::Over, &limits, reach, None, WARNS)?,
        soon: store::due_cases(c, Which::Near, &limits, reach, None, WARNS)?,
        exchange: exchange::health(c, ctx)?.into_iter().filter(|h| reach.holds(h.department_id)).collect(),
    })
}

/// The days before today, from the figures before where those are fresh enough.
fn past(c: &mut Conn, ctx: &Ctx, reach: &Reach, today: Day, before: Option<&Figures>) -> Result<(Vec<DayFlow>, Ts)> {
    let known = before.filter(|b| {
        let is_of_today = b.days.last().is_some_and(|d| d.day == today);
        is_of_today && ctx.now.secs_since(b.days_at).abs() < PAST
    });
    if let Some(b) = known {
        return Ok((b.days[..b.days.len() - 1].to_vec(), b.days_at));
    }
    let mut all = vec![];
    let mut day = today;
    while all.len() < DAYS - 1 {
        let Some(earlier) = day.pred_opt() else { break };
        let (from, to) = (Ts::start_of(earlier), Ts::start_of(day));
        all.push(store::day(c, reach, earlier, from, to)?);
        day = earlier;
    }
    all.reverse();
    Ok((all, ctx.now))
}
