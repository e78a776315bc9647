//! The applicant changes their mind.

use super::{declares, supervised};
use crate::cli::tour::stage::Stage;
use crate::cli::tour::tale::Tale;
use crate::kernel::Result;

pub(super) async fn tell(s: &Stage, t: &mut Tale) -> Result<()> {
    let (mut citizen, case) = declares(s, t, "秦雨桐", 1998, "flexible-worker-insurance").await?;
    t.step("申请人 citizen", "withdraws", citizen.withdraw(&case)).await?;
    t.step("任何人 anybody", "sees that it is withdrawn", s.until_state(&case, "withdrawn")).await?;
    supervised(s, t, &case, 2).await
}
