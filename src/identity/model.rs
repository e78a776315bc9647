//! Ids and what others see of people.

use serde::Serialize;

use crate::kernel::{Day, Id, Lang, Permissions, Text, Ts};

crate::id_type!(
    /// A citizen's account.
    PersonId
);
crate::id_type!(
    /// A member of staff.
    StaffId
);
crate::id_type!(
    /// A department.
    DepartmentId
);
crate::id_type!(
    /// A program that calls the API in a department's name.
    ClientId
);
crate::id_type!(
    /// One piece of evidence for who somebody is.
    EvidenceId
);
crate::id_type!(
    /// A claim that waits for the verifier.
    PendingId
);
crate::id_type!(
    /// A face that is shown at the verifier.
    FaceId
);

crate::text_enum!(
    /// How a department takes cases: in the platform's approval desk, or in a system of its own through the exchange.
    Channel { Desk = "desk", System = "system" }
);

crate::text_enum!(
    /// How somebody was checked. What each is worth is said by [`super::assurance`].
    EvidenceKind {
        /// Name and ID number match (二要素).
        NameId = "name_id",
        /// Name, ID number and phone match (三要素).
        NameIdPhone = "name_id_phone",
        /// A bank card is theirs.
        Bank = "bank",
        /// A social-security card is theirs.
        SocialCard = "social_card",
        /// A housing fund account is theirs.
        FundAccount = "fund_account",
        /// A driving licence, by the number of its file.
        DrivingLicence = "driving_licence",
        /// A living face matches the photo of the ID card; the verifier keeps the picture, we its reference.
        Face = "face",
        /// A clerk saw the person and read the card (窗口核验).
        WindowCard = "window_card",
        /// A company's legal representative confirmed that the person acts for it.
        LegalRep = "legal_rep",
    }
);

crate::text_enum!(
    /// By which way a piece of evidence came.
    Via {
        /// The person asked on a page.
        Online = "online",
        /// The verifier did not answer then, and was asked later (容错后补验).
        Later = "later",
        /// A clerk's check.
        Window = "window",
        /// With the seed data.
        Import = "import",
    }
);

crate::text_enum!(
    /// How the holder of a session has shown who they are; it stands with the session, since a step up begins from there.
    How {
        Password = "password",
        /// A code of the authenticator after the password.
        Totp = "password-totp",
        /// A recovery code after the password.
        Recovery = "password-recovery",
    }
);

/// 行政区划
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Area {
    /// 12 digits.
    pub code: String,
    pub name: Text,
    /// `province`, `city`, `district`, `street` or `community`
    pub level: String,
    pub parent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Department {
    pub id: DepartmentId,
    /// Short and stable, as items name it: `scjg`.
    pub key: String,
    /// Unified social credit code.
    pub code: String,
    pub name: Text,
    pub short: Text,
    pub area_code: String,
    pub channel: Channel,
    pub phone: String,
    pub address: Text,
    pub is_active: bool,
}

/// What an account knows of its person, opened. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct PersonFacts {
    /// Known once it was verified.
    pub name: Option<String>,
    /// Known once it was verified.
    pub id_number: Option<String>,
    pub phone: String,
    pub email: Option<String>,
    pub address: Option<String>,
    /// Level of assurance, 0 to 4, at the time of the asking.
    pub level: i32,
    pub lang: Lang,
}

/// A piece of evidence, as the person sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    pub id: EvidenceId,
    pub kind: EvidenceKind,
    pub issuer: String,
    /// `match`, or why not.
    pub result: String,
    /// The issuer's own number of the check.
    pub reference: String,
    pub via: Via,
    pub at: Ts,
    pub expires_at: Option<Ts>,
}

/// A member of staff, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    /// By code.
    pub roles: Vec<Held>,
    /// The area that their supervision reaches; none is the whole city.
    pub area: Option<String>,
    pub department: Option<DepartmentId>,
    pub hall: Option<Id>,
    pub is_active: bool,
}

/// A set of permissions that is given as one (角色).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    pub code: String,
    pub name: Text,
    pub note: Text,
    #[serde(skip)]
    pub permissions: Permissions,
    /// Comes with the program and stays as it is.
    pub is_built_in: bool,
}

/// A role that a member holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub role: String,
    /// The last day; none is without end.
    pub until: Option<Day>,
    /// None for what the platform itself gave.
    pub given_by: Option<StaffId>,
    pub given_at: Ts,
}

impl Held {
    pub fn is_in_force(&self, today: Day) -> bool {
        self.until.is_none_or(|until| until >= today)
    }
}

crate::id_type!(
    /// An act that waits for a second person.
    RequestId
);

crate::text_enum!(
    /// What a second person has to confirm (双人复核).
    RequestKind {
        /// An administrator's roles are given or taken.
        Grant = "grant",
        /// What a role allows that somebody holds.
        Role = "role",
    }
);

crate::text_enum!(
    /// What became of a request.
    RequestState { Open = "open", Confirmed = "confirmed", Refused = "refused", Withdrawn = "withdrawn" }
);

/// An act that one person asked for and another confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub kind: RequestKind,
    /// The member's id, or the role's code.
    pub subject: String,
    pub payload: serde_json::Value,
    pub reason: String,
    pub state: RequestState,
    pub asked_by: StaffId,
    pub asked_at: Ts,
    /// From when on nobody can confirm it any more.
    pub lapses_at: Ts,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Ts>,
}

/// A program that may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub client_id: String,
    pub department: Option<DepartmentId>,
    pub scopes: Vec<String>,
}
