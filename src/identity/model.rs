//! Ids and what others see of people.

use serde::Serialize;

use crate::kernel::{Id, Lang, Role, Text, Ts};

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

crate::text_enum!(
    /// How a department takes cases: in the platform's approval desk, or in a system of its own through the exchange.
    Channel { Desk = "desk", System = "system" }
);

crate::text_enum!(
    /// How somebody was checked. What each is worth is said by [`super::rules::level`].
    EvidenceKind {
        /// Name and ID number match (二要素).
        NameId = "name_id",
        /// Name, ID number and phone match (三要素).
        NameIdPhone = "name_id_phone",
        /// A living face matches the photo of the ID card; the verifier keeps the picture, we its reference.
        Face = "face",
        /// A clerk saw the person and read the card.
        WindowCard = "window_card",
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
    /// Level of assurance, 0 to 4.
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
    pub at: Ts,
    pub expires_at: Option<Ts>,
}

/// A member of staff, as administrators see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    pub id: StaffId,
    pub login: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<DepartmentId>,
    pub hall: Option<Id>,
    pub is_active: bool,
}

/// A program that may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub client_id: String,
    pub department: Option<DepartmentId>,
    pub scopes: Vec<String>,
}
