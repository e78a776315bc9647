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

/// For whom a citizen acts, by which mandate: chosen by them for their session (代办), and looked up anew at every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    pub mandate: Id,
    pub principal: Id,
    /// The items that the mandate covers: all, when there are none.
    pub items: Vec<Id>,
}

#[derive(Clone)]
pub struct Ctx {
    pub actor: Actor,
    /// None for who acts for themself, and for all but citizens.
    pub acting: Option<Acting>,
    pub now: Ts,
    pub lang: Lang,
    pub request_id: Id,
    pub keys: Keys,
}

impl Ctx {
    pub fn new(actor: Actor, now: Ts, lang: Lang, keys: Keys) -> Self {
        Self { actor, acting: None, now, lang, request_id: Id::random(), keys }
    }
    pub fn system(now: Ts, keys: Keys) -> Self {
        Self::new(Actor::System, now, Lang::Zh, keys)
    }
    /// The same act, done by the platform itself.
    pub fn as_system(&self) -> Self {
        Self { actor: Actor::System, acting: None, ..self.clone() }
    }
    /// The same person, for themself and nobody else.
    pub fn as_self(&self) -> Self {
        Self { acting: None, ..self.clone() }
    }
    pub fn person(&self) -> Result<Id> {
        match &self.actor {
            Actor::Person(id) => Ok(*id),
            Actor::Anyone => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden()),
        }
    }
    /// Whose cases the acting citizen sees and makes: their own, or those of whom they act for.
    pub fn owner(&self) -> Result<Id> {
        let own = self.person()?;
        Ok(self.acting.as_ref().map_or(own, |acting| acting.principal))
    }
    /// Whether an item is within what the acting citizen may do for whom they act for.
    pub fn covers(&self, item: Id) -> bool {
        self.acting.as_ref().is_none_or(|acting| acting.items.is_empty() || acting.items.contains(&item))
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
