//! A person comes to the hall; the clerk declares for them, from paper, and the desk decides.

use super::desk::grants;
use super::{CLERK, supervised};
use crate::cli::tour::people::{Newcomer, Staff};
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let who = Newcomer::invent("葛秀珍", 1955)?;
    let mut clerk = t.step("窗口 clerk", "logs in", Staff::log_in(s, CLERK)).await?;
    let declared = clerk.declare(&who, "senior-citizen-card");
    let case = t.step("窗口 clerk", "declares for a person who came in, prints the receipt", declared).await?;
    t.case = Some(case.clone());
    t.step("窗口 clerk", "accepts, with the notice", clerk.pass(&case, "accept")).await?;
    grants(s, t, &case, "mzj").await?;
    supervised(s, t, &case, 5).await
}
