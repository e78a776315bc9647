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
    /// A passkey.
    PasskeyId
);
crate::id_type!(
    /// A face that is shown at the verifier.
    FaceId
);

crate::id_type!(
    /// Somebody who is acted for.
    PrincipalId
);
crate::id_type!(
    /// By what somebody acts for another.
    MandateId
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
        /// The register of legal persons names the person as the legal representative of one.
        LegalRep = "legal_rep",
        /// The register of residents names the person as the guardian of a child.
        Guardian = "guardian",
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
        /// Who came in by a provider of identities.
        Province = "province",
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
        /// A code that was sent to the phone.
        Sms = "sms",
        /// A passkey, whose device has recognised its owner.
        Passkey = "passkey",
        /// A provider of identities, at which they logged in.
        Province = "province",
    }
);

crate::text_enum!(
    /// Who is acted for (被代表人).
    PrincipalKind {
        /// A legal person or another organisation, by its unified social credit code.
        Legal = "legal",
        /// A child, by their ID number.
        Minor = "minor",
    }
);

crate::text_enum!(
    /// By what somebody acts for another (代理关系).
    MandateKind {
        /// 法定代表人、负责人: the register names them. All items, all powers; gives mandates to agents.
        Representative = "representative",
        /// 经办人: mandated by the representative, for some items and some time.
        Agent = "agent",
        /// 监护人 of a child.
        Guardian = "guardian",
    }
);

crate::text_enum!(
    /// What an agent may do beside seeing and preparing.
    Power {
        /// Hand in, answer corrections, withdraw.
        Sign = "sign",
        /// Take results.
        Collect = "collect",
    }
);

crate::text_enum!(
    /// How it stands with a mandate.
    MandateState { Offered = "offered", InForce = "in-force", Lapsed = "lapsed", Ended = "ended" }
);

crate::text_enum!(
    /// Why a mandate ended before its time.
    MandateEnd {
        /// The representative took it back.
        Revoked = "revoked",
        /// Who held it gave it up.
        Left = "left",
        /// Whom it was offered did not want it.
        Declined = "declined",
        /// The register names somebody else now, or a newer check took its place.
        Replaced = "replaced",
        /// The holder's account was closed.
        Closed = "closed",
    }
);

/// Somebody who is acted for. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Principal {
    pub id: PrincipalId,
    pub kind: PrincipalKind,
    /// `audience` code (GB/T 39046 A.4).
    pub audience: String,
    pub name: String,
    pub number: String,
}

/// By what somebody acts for another. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Mandate {
    pub id: MandateId,
    pub principal: PrincipalId,
    pub kind: MandateKind,
    /// Nobody before it was taken on.
    pub person: Option<PersonId>,
    /// Of who holds it, or of whom it was offered.
    pub name: String,
    /// Of whom it was offered, until they have taken it on.
    pub phone: Option<String>,
    /// The items that it covers: all, when there are none.
    pub items: Vec<Id>,
    pub powers: Vec<Power>,
    /// The last day.
    pub until: Option<Day>,
    pub given_by: Option<MandateId>,
    pub offered_at: Ts,
    pub taken_at: Option<Ts>,
    /// When something was last done by it.
    pub used_at: Option<Ts>,
    pub ended_at: Option<Ts>,
    pub ended_why: Option<MandateEnd>,
}

impl Mandate {
    pub fn state(&self, today: Day) -> MandateState {
        match (self.ended_at, self.until, self.taken_at) {
            (Some(_), ..) => MandateState::Ended,
            (_, Some(until), _) if until < today => MandateState::Lapsed,
            (.., None) => MandateState::Offered,
            _ => MandateState::InForce,
        }
    }

    pub fn is_in_force(&self, today: Day) -> bool {
        self.state(today) == MandateState::InForce
    }

    pub fn has(&self, power: Power) -> bool {
        self.kind != MandateKind::Agent || self.powers.contains(&power)
    }

    pub fn covers(&self, item: Id) -> bool {
        self.items.is_empty() || self.items.contains(&item)
    }
}

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

/// A passkey, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passkey {
    pub id: PasskeyId,
    /// As its owner calls the device.
    pub name: String,
    pub made_at: Ts,
    pub used_at: Option<Ts>,
}

/// A program that may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub client_id: String,
    pub department: Option<DepartmentId>,
    pub scopes: Vec<String>,
}
