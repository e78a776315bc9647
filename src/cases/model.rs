//! Ids, enums and structs that others see.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::identity::{MandateId, PersonId};
use crate::kernel::{Day, Id, Ts};

crate::id_type!(
    /// A case.
    CaseId
);
crate::id_type!(
    /// A file of a case.
    FileId
);
crate::id_type!(
    /// A request for correction.
    CorrectionId
);
crate::id_type!(
    /// A notice that was made.
    NoticeId
);

crate::text_enum!(
    /// Where a case stands. [`super::state`] has the graph.
    State {
        /// 草稿
        Draft = "draft",
        /// 已申报, waits for the look at what came
        Submitted = "submitted",
        /// 补正告知, waits for the applicant
        Correcting = "correcting",
        /// 预审通过
        PreAccepted = "pre-accepted",
        /// 已收件
        Received = "received",
        /// 不予受理
        NotAccepted = "not-accepted",
        /// 已受理
        Accepted = "accepted",
        /// Sent to the department's system
        Dispatched = "dispatched",
        /// Taken in there
        Processing = "processing",
        /// 承办
        Handling = "handling",
        /// 审核
        Reviewing = "reviewing",
        /// 批准
        Approving = "approving",
        /// 已决定
        Decided = "decided",
        /// 办结
        Finished = "finished",
        /// 申请人撤回
        Withdrawn = "withdrawn",
        /// 补正不来, 视为放弃
        Abandoned = "abandoned",
    }
);

crate::text_enum!(
    /// What the applicant sees of the state.
    PublicState {
        Draft = "draft",
        Submitted = "submitted",
        Correcting = "correcting",
        PreAccepted = "pre-accepted",
        Accepted = "accepted",
        Deciding = "deciding",
        Granted = "granted",
        Refused = "refused",
        NotAccepted = "not-accepted",
        Withdrawn = "withdrawn",
        Abandoned = "abandoned",
    }
);

crate::text_enum!(
    /// Which clock runs: the office's to answer, none while the applicant has to act, the limit of the decision.
    Clock { None = "none", Answering = "answering", Waiting = "waiting", Running = "running", Stopped = "stopped" }
);

crate::text_enum!(
    /// An edge of the graph.
    Event {
        Submit = "submit",
        PreAccept = "pre-accept",
        AskCorrection = "ask-correction",
        AnswerCorrection = "answer-correction",
        ExpireCorrection = "expire-correction",
        RefuseAcceptance = "refuse-acceptance",
        Receive = "receive",
        Accept = "accept",
        DeemAccepted = "deem-accepted",
        Dispatch = "dispatch",
        Take = "take",
        /// A step was done at the department's system; the state stays.
        Progress = "progress",
        Assign = "assign",
        Handle = "handle",
        Review = "review",
        ReturnToHandler = "return-to-handler",
        ReturnToReviewer = "return-to-reviewer",
        Approve = "approve",
        Decide = "decide",
        Finish = "finish",
        Withdraw = "withdraw",
        /// Somebody vouched for the applicant, for whom nobody could when they declared; the state stays.
        IdentityKnown = "identity-known",
        /// The verifier did not vouch for the applicant; the state stays.
        IdentityFailed = "identity-failed",
    }
);

crate::text_enum!(
    /// 申报来源
    Channel { Web = "web", Window = "window", Terminal = "terminal", Api = "api" }
);

crate::text_enum!(
    /// Whether it is known who declared: at the level that the item asks of a signature.
    Identity {
        Known = "known",
        /// The verifier did not answer then and is asked later: nobody can accept the case before.
        Pending = "pending",
        /// The verifier did not vouch for the applicant.
        Failed = "failed",
    }
);

crate::text_enum!(Decision { Granted = "granted", Refused = "refused" });

crate::text_enum!(
    /// Whose work list a case stands in.
    DeskKind { Hall = "hall", Department = "department" }
);

crate::text_enum!(
    /// What has to be done there.
    DeskStep {
        PreAccept = "pre-accept",
        Accept = "accept",
        Waiting = "waiting",
        Outside = "outside",
        Handle = "handle",
        Review = "review",
        Approve = "approve",
    }
);

crate::text_enum!(Verdict { Accepted = "accepted", Defect = "defect" });

crate::text_enum!(FileRole { Material = "material", Result = "result" });

crate::text_enum!(
    /// Notices by law: 受理通知书, 一次性补正告知书, 不予受理决定书, 准予 / 不予决定书.
    NoticeKind {
        Acceptance = "acceptance",
        Correction = "correction",
        NotAccepted = "not-accepted",
        Granted = "granted",
        Refused = "refused",
    }
);

/// Who asks, as declared. Sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// `audience` code: 1 natural person, 2 enterprise …
    pub kind: String,
    pub name: String,
    /// `id_kind` code: 111 resident ID card; `uscc` for legal persons.
    pub id_kind: String,
    pub id_number: String,
    pub phone: String,
    #[serde(default)]
    pub address: String,
    /// 联系人/代理人: who declares for a legal person, or for somebody else.
    #[serde(default)]
    pub agent_name: String,
    #[serde(default)]
    pub agent_id_number: String,
}

/// Who handed a case in: at which level of assurance, and by what they acted for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// None where somebody without an account came to a window.
    pub person: Option<PersonId>,
    pub mandate: Option<MandateId>,
    /// 0 where somebody else answers for who they are: a clerk or a channel.
    pub level: i32,
}

/// Answers of the form by field key: a text, or a list of texts for checkboxes.
pub type Answers = Map<String, Value>;

/// What a case says: opened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    pub applicant: Applicant,
    pub answers: Answers,
}

/// One thing that is wrong, at a material or a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Key of the material; empty when it is about the form.
    pub key: String,
    /// Name of the material or field, as shown.
    pub name: String,
    pub reason: String,
}

/// A request for correction.
#[derive(Debug, Clone)]
pub struct Correction {
    pub id: CorrectionId,
    pub asked_at: Ts,
    pub defects: Vec<Defect>,
    pub note: String,
    pub due_on: Day,
    pub closed_at: Option<Ts>,
    pub answer: Option<String>,
}

/// One step that was taken.
#[derive(Debug, Clone)]
pub struct Happened {
    pub at: Ts,
    pub event: Event,
    pub from: State,
    pub to: State,
    pub actor_kind: String,
    pub actor_id: Option<Id>,
    pub actor_name: String,
    pub note: String,
    pub is_public: bool,
}
