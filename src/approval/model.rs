//! What is proposed and said at the desk.

use crate::cases::Decision;
use crate::identity::StaffId;
use crate::kernel::Ts;

crate::text_enum!(
    /// 承办, 审核, 批准
    ApprovalStep { Handle = "handle", Review = "review", Approve = "approve" }
);

crate::text_enum!(OpinionVerdict { Agree = "agree", Return = "return" });

/// What the handler proposes to decide.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub outcome: Decision,
    pub reason: String,
    pub staff_id: StaffId,
    pub at: Ts,
}

/// One opinion, as it was given.
#[derive(Debug, Clone)]
pub struct Opinion {
    pub step: ApprovalStep,
    pub verdict: OpinionVerdict,
    pub opinion: String,
    pub staff_id: StaffId,
    pub staff_name: String,
    pub at: Ts,
}
