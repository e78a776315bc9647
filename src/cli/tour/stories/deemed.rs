//! 行政许可法 32: who is not answered within five working days is accepted. The platform's clock is moved past the last day, and
//! the rest happens by itself. The clock is that of the process: the tour's platform runs inside it.

use super::{declares, supervised};
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::{Day, Error, Result, Ts};

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let clock = s.clock.clone().ok_or_else(|| Error::internal("this story needs a clock that it may move"))?;
    let (mut citizen, case) = declares(s, t, "何秋生", 1985, "sole-trader-registration").await?;
    let said = s.progress(&case).await?["accept_by"].as_str().unwrap_or_default().to_owned();
    let last: Day = said.parse().map_err(|_| Error::internal(format!("{said} is no last day")))?;
    let days = (last - clock.now().day()).num_days();
    t.expect("the last day lies five working days ahead", (5..=16).contains(&days), &said)?;
    // The morning after the last day.
    clock.set(Ts::end_of(last).plus_secs(9 * 3600));
    let what = format!("the clock is moved past {last}; the case is deemed accepted and sent to the department");
    t.step("时间 time", &what, s.until_state(&case, "granted")).await?;
    t.step("申请人 citizen", "logs in again, since the session has ended", citizen.log_in()).await?;
    t.step("申请人 citizen", "reads that it was deemed accepted", citizen.look(&case, &["逾期未答复，视为受理"]))
        .await?;
    let email = citizen.who.email.clone();
    t.step("邮件 mail", "arrives: deemed accepted", s.mail(&email, "视为受理：")).await?;
    supervised(s, t, &case, 4).await
}
