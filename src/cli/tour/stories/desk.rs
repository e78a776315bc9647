//! A department without a system: three people at the approval desk, and none of them twice.

use super::{accepts, declares, supervised};
use crate::cli::tour::people::{Receipt, Staff};
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let (mut citizen, case) = declares(s, t, "苏梦琪", 1996, "flexible-worker-insurance").await?;
    accepts(s, t, &case).await?;
    grants(s, t, &case, "rsj").await?;
    t.step("申请人 citizen", "sees that it is granted", citizen.look(&case, &["准予"])).await?;
    let email = citizen.who.email.clone();
    t.step("邮件 mail", "arrives", s.mail(&email, "已办结，准予")).await?;
    supervised(s, t, &case, 6).await
}

/// 承办, 审核, 批准.
pub(super) async fn grants(s: &Stage, t: &mut Tale, case: &Receipt, department: &str) -> Result<()> {
    for (role, who, what, choice, opinion) in [
        ("handler", "承办 handler", "proposes to grant", "granted", "材料齐全，符合规定条件，建议准予。"),
        ("reviewer", "审核 reviewer", "agrees", "agree", "同意承办意见。"),
        ("approver", "批准 approver", "approves and signs", "agree", "同意。"),
    ] {
        let mut officer = t.step(who, "logs in", Staff::log_in(s, &format!("{department}.{role}"))).await?;
        t.step(who, what, officer.decide(case, choice, opinion, "")).await?;
    }
    t.step("任何人 anybody", "sees that it is granted", s.until_state(case, "granted")).await
}
