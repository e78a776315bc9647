//! How the seed data comes in: each puts one row by its natural key, so that it may run again. For the platform itself only.

use super::factors;
use super::model::{
    Area, Channel, Department, DepartmentId, Evidence, EvidenceId, EvidenceKind, Held, MandateKind, PersonId, Role,
    StaffId, StaffMember, Via,
};
use super::store::{factors as factor_store, people, places, staff as staff_store};
use super::{assurance, evidence, principals};
use crate::db::Conn;
use crate::kernel::{Ctx, Id, Lang, Result, StaffActor, Text};

/// A department of the seed data; its key finds it again.
#[derive(Debug, Clone)]
pub struct DepartmentSeed {
    pub key: String,
    pub code: String,
    pub name: Text,
    pub short: Text,
    pub area_code: String,
    pub channel: Channel,
    pub phone: String,
    pub address: Text,
}

/// A member of staff; the login finds them again. An account that is there keeps its password.
#[derive(Debug, Clone)]
pub struct StaffSeed {
    pub login: String,
    pub name: String,
    /// Codes of roles.
    pub roles: Vec<String>,
    pub area: Option<String>,
    pub department: Option<DepartmentId>,
    pub hall: Option<Id>,
    /// Made by [`super::passwords::hash`].
    pub password_hash: String,
}

/// A citizen; the phone finds them again, and an account that is there stays as it is.
#[derive(Clone)]
pub struct PersonSeed {
    pub phone: String,
    pub name: String,
    pub id_number: String,
    pub email: Option<String>,
    pub address: Option<String>,
    pub lang: Lang,
    /// Made by [`super::passwords::hash`].
    pub password_hash: String,
    /// Whether name and ID number are verified already; without, the account has neither.
    pub is_verified: bool,
}

pub fn area(c: &mut Conn, ctx: &Ctx, area: &Area) -> Result<()> {
    ctx.is_system()?;
    places::put_area(c, area)
}

/// Takes in a department. One that is there already stays as administrators have it.
pub fn department(c: &mut Conn, ctx: &Ctx, d: &DepartmentSeed) -> Result<DepartmentId> {
    ctx.is_system()?;
    let department = Department {
        id: DepartmentId::random(),
        key: d.key.clone(),
        code: d.code.clone(),
        name: d.name.clone(),
        short: d.short.clone(),
        area_code: d.area_code.clone(),
        channel: d.channel,
        phone: d.phone.clone(),
        address: d.address.clone(),
        is_active: true,
    };
    places::put_department(c, &department)
}

/// Takes in a role that comes with the program.
pub fn role(c: &mut Conn, ctx: &Ctx, role: &Role) -> Result<()> {
    ctx.is_system()?;
    super::roles::seed(c, ctx, role)
}

pub fn staff(c: &mut Conn, ctx: &Ctx, s: &StaffSeed) -> Result<StaffId> {
    ctx.is_system()?;
    let held = |role: &String| Held { role: role.clone(), until: None, given_by: None, given_at: ctx.now };
    let known = staff_store::find_by_login(c, &s.login)?;
    let member = StaffMember {
        id: known.unwrap_or_else(StaffId::random),
        login: s.login.clone(),
        name: s.name.clone(),
        roles: s.roles.iter().map(held).collect(),
        area: s.area.clone(),
        department: s.department,
        hall: s.hall,
        is_active: true,
    };
    match known {
        Some(id) => {
            staff_store::update(c, id, &member.name, true, ctx.now)?;
            staff_store::put_rights(c, &member, ctx.now)?;
        }
        None => staff_store::insert(c, &member, &s.password_hash, false, ctx.now)?,
    }
    Ok(member.id)
}

pub fn person(c: &mut Conn, ctx: &Ctx, p: &PersonSeed) -> Result<PersonId> {
    ctx.is_system()?;
    if let Some(id) = people::find_by_phone(c, &ctx.keys, &p.phone)? {
        return Ok(id);
    }
    let new = people::New {
        id: PersonId::random(),
        phone: &p.phone,
        email: p.email.as_deref(),
        address: p.address.as_deref(),
        password_hash: &p.password_hash,
        lang: p.lang,
    };
    people::insert(c, ctx, &new)?;
    if p.is_verified {
        people::bind(c, ctx, new.id, &p.name, &p.id_number)?;
        for kind in [EvidenceKind::NameIdPhone, EvidenceKind::SocialCard] {
            shown(c, ctx, new.id, kind)?;
        }
    }
    Ok(new.id)
}

/// Binds an authenticator of this secret to a member who has none: for the accounts of the demo.
pub fn authenticator(c: &mut Conn, ctx: &Ctx, id: StaffId, secret: &[u8]) -> Result<()> {
    ctx.is_system()?;
    match factor_store::factors(c, id)?.has_any() {
        true => Ok(()),
        false => factors::seed(c, ctx, id, secret),
    }
}

/// Evidence of this kind, as if somebody had vouched for it now: for the examples.
pub fn shown(c: &mut Conn, ctx: &Ctx, person: PersonId, kind: EvidenceKind) -> Result<()> {
    ctx.is_system()?;
    let piece = Evidence {
        id: EvidenceId::random(),
        kind,
        issuer: "演示数据".into(),
        result: assurance::MATCH.into(),
        reference: "seed".into(),
        via: Via::Import,
        at: ctx.now,
        expires_at: Some(assurance::expiry(kind, ctx.now, None)),
    };
    evidence::add(c, ctx, person, &piece).map(|_| ())
}

/// A mandate of somebody for a legal person, for a year and for all of it, unless they hold one: for the examples.
pub fn mandate(
    c: &mut Conn,
    ctx: &Ctx,
    who: (PersonId, &str),
    (name, code): (&str, &str),
    kind: MandateKind,
) -> Result<()> {
    ctx.is_system()?;
    principals::seed(c, ctx, who, (name, code), kind)
}

/// A member of staff as an actor: for the examples, whose acts are theirs.
pub fn actor(c: &mut Conn, ctx: &Ctx, id: StaffId) -> Result<StaffActor> {
    super::staff::acting(c, ctx, id)
}
