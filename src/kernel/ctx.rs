//! Who acts, when, in which language, in which request, and the keys that open sealed fields.
//! Every domain function takes it first after the connection.

use super::crypto::Keys;
use super::{Error, Id, Lang, Permission, Permissions, Result, Ts};

#[derive(Debug, Clone)]
pub struct StaffActor {
    pub id: Id,
    pub name: String,
    pub permissions: Permissions,
    /// The area that their supervision reaches; none is the whole city.
    pub area: Option<String>,
    pub department: Option<Id>,
    pub hall: Option<Id>,
}

impl StaffActor {
    pub fn has(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
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
    /// The acting member of staff, who must hold this permission.
    pub fn may(&self, permission: Permission) -> Result<&StaffActor> {
        let staff = self.staff()?;
        if staff.has(permission) { Ok(staff) } else { Err(Error::forbidden()) }
    }
    /// The acting clerk and the hall that they work in.
    pub fn clerk(&self) -> Result<(&StaffActor, Id)> {
        let staff = self.may(Permission::Window)?;
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
