//! The clerk refuses acceptance: it is not for this office.

use super::{CLERK, declares, supervised};
use crate::cli::tour::people::Staff;
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

const REASON: &str = "申请事项不属于本机关职权范围，请向经营场所所在地的登记机关提出申请。";

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let (mut citizen, case) = declares(s, t, "邹文静", 1990, "sole-trader-registration").await?;
    let mut clerk = t.step("窗口 clerk", "logs in", Staff::log_in(s, CLERK)).await?;
    t.step("窗口 clerk", "refuses acceptance, with the reason", clerk.refuse(&case, REASON)).await?;
    t.step("任何人 anybody", "sees that it was not accepted", s.until_state(&case, "not-accepted")).await?;
    t.step("申请人 citizen", "reads the reason and the remedy", citizen.look(&case, &[REASON, "行政复议"])).await?;
    let email = citizen.who.email.clone();
    t.step("邮件 mail", "arrives: not accepted", s.mail(&email, "不予受理")).await?;
    supervised(s, t, &case, 2).await
}
