//! 一次性告知: something is missing, the applicant sends it, and in the end the department's officer refuses with a reason.

use serde_json::json;

use super::{CLERK, declares, supervised};
use crate::cli::tour::people::Staff;
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

const MISSING: &str = "驾驶证照片反光，看不清准驾车型和有效期，请重新拍照上传。";
const REASON: &str = "申请人在最近连续三个记分周期内有记满分记录，不符合规定条件。";

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let (mut citizen, case) = declares(s, t, "贾立诚", 1988, "road-transport-qualification").await?;
    let mut clerk = t.step("窗口 clerk", "logs in", Staff::log_in(s, CLERK)).await?;
    t.step("窗口 clerk", "tells once what is missing", clerk.ask(&case, "driving_licence", MISSING)).await?;
    t.step("任何人 anybody", "sees that it waits for the applicant", s.until_state(&case, "correcting")).await?;
    let email = citizen.who.email.clone();
    t.step("邮件 mail", "arrives: to be corrected", s.mail(&email, "请补正材料")).await?;
    t.step("申请人 citizen", "reads what is missing", citizen.look(&case, &[MISSING])).await?;
    t.step("申请人 citizen", "sends it again", citizen.answer(&case, "driving_licence")).await?;
    t.step("任何人 anybody", "sees that it is with the office again", s.until_state(&case, "submitted")).await?;
    t.step("窗口 clerk", "pre-accepts", clerk.pass(&case, "pre-accept")).await?;
    t.step("窗口 clerk", "accepts, with the notice", clerk.pass(&case, "accept")).await?;
    let there = async {
        s.until_state(&case, "deciding").await?;
        s.at_department(&s.transport, &case).await
    };
    t.step("交通局系统 department", "has it", there).await?;
    let act = format!("{}/cases/{}/act", s.transport, case.case_no);
    let refusal = json!({ "act": "refuse", "reason": REASON, "officer": "运输科 钟国强" });
    t.step("交通局系统 department", "an officer refuses there, with the reason", s.post_json(&act, &refusal)).await?;
    t.step("任何人 anybody", "sees that it is refused", s.until_state(&case, "refused")).await?;
    t.step("申请人 citizen", "reads the reason and the remedy", citizen.look(&case, &[REASON, "行政复议"])).await?;
    supervised(s, t, &case, 6).await
}
