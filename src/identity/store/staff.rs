//! Staff and their roles.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{idn_staff, idn_staff_role};
use crate::identity::model::{StaffId, StaffMember};
use crate::kernel::{Result, Role, Ts};

pub(in crate::identity) fn insert(c: &mut Conn, member: &StaffMember, password_hash: &str, now: Ts) -> Result<()> {
    diesel::insert_into(idn_staff::table)
        .values((
            idn_staff::id.eq(member.id),
            idn_staff::login.eq(&member.login),
            idn_staff::name.eq(&member.name),
            idn_staff::password_hash.eq(password_hash),
            idn_staff::department_id.eq(member.department),
            idn_staff::hall_id.eq(member.hall),
            idn_staff::is_active.eq(member.is_active),
            idn_staff::created_at.eq(now),
            idn_staff::updated_at.eq(now),
        ))
        .execute(c)?;
    put_roles(c, member.id, &member.roles)
}

/// Writes name, department, hall, roles and whether the account is active. Login and password stay.
pub(in crate::identity) fn update(c: &mut Conn, member: &StaffMember, now: Ts) -> Result<()> {
    diesel::update(idn_staff::table.find(member.id))
        .set((
            idn_staff::name.eq(&member.name),
            idn_staff::department_id.eq(member.department),
            idn_staff::hall_id.eq(member.hall),
            idn_staff::is_active.eq(member.is_active),
            idn_staff::updated_at.eq(now),
        ))
        .execute(c)?;
    put_roles(c, member.id, &member.roles)
}

fn put_roles(c: &mut Conn, id: StaffId, roles: &[Role]) -> Result<()> {
    diesel::delete(idn_staff_role::table.filter(idn_staff_role::staff_id.eq(id))).execute(c)?;
    for role in roles {
        diesel::insert_into(idn_staff_role::table)
            .values((idn_staff_role::staff_id.eq(id), idn_staff_role::role.eq(role.code())))
            .execute(c)?;
    }
    Ok(())
}

pub(in crate::identity) fn find_by_login(c: &mut Conn, login: &str) -> Result<Option<StaffId>> {
    Ok(idn_staff::table.filter(idn_staff::login.eq(login)).select(idn_staff::id).first(c).optional()?)
}
