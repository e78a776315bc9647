//! Who acts, when, in which language, in which request, and the keys that open sealed fields.
//! Every domain function takes it first after the connection.

use serde::{Deserialize, Serialize};

use super::crypto::Keys;
use super::{Error, Id, Lang, Result, Ts};

/// What a member of staff may do. A person may hold several; the three of a case's decision are never done by one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// 窗口人员: pre-accepts, receives, accepts.
    Clerk,
    /// 承办
    Handler,
    /// 审核
    Reviewer,
    /// 批准
    Approver,
    /// 事项编制: writes the catalogue.
    Cataloguer,
    /// 事项审核: reviews and publishes what another wrote.
    Publisher,
    /// 监察
    Supervisor,
    /// 系统管理员
    Admin,
}

impl Role {
    pub const ALL: [Role; 8] = [
        Role::Clerk,
        Role::Handler,
        Role::Reviewer,
        Role::Approver,
        Role::Cataloguer,
        Role::Publisher,
        Role::Supervisor,
        Role::Admin,
    ];
    pub fn code(self) -> &'static str {
        match self {
            Role::Clerk => "clerk",
            Role::Handler => "handler",
            Role::Reviewer => "reviewer",
            Role::Approver => "approver",
            Role::Cataloguer => "cataloguer",
            Role::Publisher => "publisher",
            Role::Supervisor => "supervisor",
            Role::Admin => "admin",
        }
    }
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }
}

#[derive(Debug, Clone)]
pub struct StaffActor {
    pub id: Id,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<Id>,
    pub hall: Option<Id>,
}

impl StaffActor {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

#[derive(Debug, Clone)]
pub enum Actor {
    /// Not logged in.
    Anyone,
    /// A citizen, or an agent for somebody.
    Person(Id),
    Staff(StaffActor),
    /// A department's system, through the exchange or the API.
    Department(Id),
    /// The platform itself: jobs and rules.
    System,
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Anyone => "anyone",
            Actor::Person(_) => "person",
            Actor::Staff(_) => "staff",
            Actor::Department(_) => "department",
            Actor::System => "system",
        }
    }
    pub fn id(&self) -> Option<Id> {
        match self {
            Actor::Person(id) | Actor::Department(id) => Some(*id),
            Actor::Staff(s) => Some(s.id),
            Actor::Anyone | Actor::System => None,
        }
    }
}

#[derive(Clone)]
pub struct Ctx {
    pub actor: Actor,
    pub now: Ts,
    pub lang: Lang,
    pub request_id: Id,
    pub keys: Keys,
}

impl Ctx {
    pub fn new(actor: Actor, now: Ts, lang: Lang, keys: Keys) -> Self {
        Self { actor, now, lang, request_id: Id::random(), keys }
    }
    pub fn system(now: Ts, keys: Keys) -> Self {
        Self::new(Actor::System, now, Lang::Zh, keys)
    }
    /// The same act, done by the platform itself.
    pub fn as_system(&self) -> Self {
        Self { actor: Actor::System, ..self.clone() }
    }
    pub fn person(&self) -> Result<Id> {
        match &self.actor {
            Actor::Person(id) => Ok(*id),
            Actor::Anyone => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden()),
        }
    }
    pub fn staff(&self) -> Result<&StaffActor> {
        match &self.actor {
            Actor::Staff(s) => Ok(s),
            Actor::Anyone => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden()),
        }
    }
    /// The acting member of staff, who must hold this role.
    pub fn with_role(&self, role: Role) -> Result<&StaffActor> {
        let staff = self.staff()?;
        if staff.has(role) { Ok(staff) } else { Err(Error::forbidden()) }
    }
    /// The acting clerk and the hall that they work in.
    pub fn clerk(&self) -> Result<(&StaffActor, Id)> {
        let staff = self.with_role(Role::Clerk)?;
        Ok((staff, staff.hall.ok_or_else(Error::forbidden)?))
    }
    pub fn department_system(&self) -> Result<Id> {
        match &self.actor {
            Actor::Department(id) => Ok(*id),
            Actor::Anyone => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden()),
        }
    }
    pub fn is_system(&self) -> Result<()> {
        if matches!(self.actor, Actor::System) { Ok(()) } else { Err(Error::forbidden()) }
    }
}
