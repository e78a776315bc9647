//! Who keeps which items.

use crate::identity::{DepartmentId, StaffId};
use crate::kernel::{Actor, Ctx, Error, Id, Permission, Result, StaffActor};

/// The items that somebody keeps: those of a department, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(Option<DepartmentId>);

impl Scope {
    /// The scope of who writes or reviews the catalogue, and who that is.
    ///
    /// # Errors
    /// Forbidden for all others.
    pub fn of(ctx: &Ctx) -> Result<(&StaffActor, Scope)> {
        let staff = ctx.staff()?;
        if !staff.has(Permission::Write) && !staff.has(Permission::Publish) {
            return Err(Error::forbidden());
        }
        Ok((staff, Scope(staff.department.map(DepartmentId))))
    }
    /// As [`Scope::of`], for an act that needs this role.
    pub fn with(ctx: &Ctx, role: Permission) -> Result<(Id, Scope)> {
        let (staff, scope) = Self::of(ctx)?;
        if staff.has(role) { Ok((staff.id, scope)) } else { Err(Error::forbidden()) }
    }
    /// Who keeps the catalogue of the whole city, and so what holds for all departments; in this role where one is named.
    ///
    /// # Errors
    /// Forbidden for all others.
    pub fn city(ctx: &Ctx, role: Option<Permission>) -> Result<StaffId> {
        let (staff, scope) = Self::of(ctx)?;
        let may = scope.department().is_none() && role.is_none_or(|role| staff.has(role));
        if may { Ok(StaffId(staff.id)) } else { Err(Error::forbidden()) }
    }
    /// The scope of the platform itself: everything.
    pub fn of_system(ctx: &Ctx) -> Result<Scope> {
        if matches!(ctx.actor, Actor::System) { Ok(Scope(None)) } else { Err(Error::forbidden()) }
    }
    /// Whether the actor writes what holds for the whole city.
    pub fn writes_city(ctx: &Ctx) -> bool {
        Self::city(ctx, Some(Permission::Write)).is_ok()
    }
    pub fn department(self) -> Option<DepartmentId> {
        self.0
    }
    pub fn holds(self, department: DepartmentId) -> bool {
        self.0.is_none_or(|own| own == department)
    }
}
