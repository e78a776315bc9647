//! Online, to a department with a system of its own: dispatched, decided there, and the licence comes back.

use super::{accepts, declares, supervised};
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let (mut citizen, case) = declares(s, t, "方晓晴", 1993, "sole-trader-registration").await?;
    accepts(s, t, &case).await?;
    let there = t.step("市监局系统 department", "has it, with sound materials", async {
        s.until_state(&case, "deciding").await?;
        s.at_department(&s.market, &case).await
    });
    let there = there.await?;
    t.expect(
        "the department knows the case by its number",
        there["case_no"] == case.case_no.as_str(),
        &there.to_string(),
    )?;
    t.step("市监局系统 department", "decides by itself; the answer comes back", s.until_state(&case, "granted"))
        .await?;
    let there = s.at_department(&s.market, &case).await?;
    let materials = there["materials"].as_array().cloned().unwrap_or_default();
    let sound = materials.iter().all(|m| m["is_sound"] == true) && !materials.is_empty();
    t.expect("the department fetched all materials whole", sound, &there["materials"].to_string())?;
    t.step("申请人 citizen", "downloads the licence", citizen.download(&case)).await?;
    let email = citizen.who.email.clone();
    t.step("邮件 mail", "arrives: accepted", s.mail(&email, "已受理")).await?;
    t.step("邮件 mail", "arrives: granted", s.mail(&email, "已办结，准予")).await?;
    t.step("申请人 citizen", "reads the messages in the site", citizen.messages(&[&case.receipt_no])).await?;
    supervised(s, t, &case, 5).await
}
