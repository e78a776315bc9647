//! Staff and their roles.

use std::collections::HashMap;

use diesel::prelude::*;

use super::roles;
use crate::db::Conn;
use crate::db::schema::{idn_role_permission, idn_staff, idn_staff_role};
use crate::identity::model::{DepartmentId, StaffId, StaffMember};
use crate::kernel::{Day, Id, Permission, Result, Ts};

pub(in crate::identity) fn insert(
    c: &mut Conn,
    member: &StaffMember,
    password_hash: &str,
    must_change: bool,
    now: Ts,
) -> Result<()> {
    diesel::insert_into(idn_staff::table)
        .values((
            idn_staff::id.eq(member.id),
            idn_staff::login.eq(&member.login),
            idn_staff::name.eq(&member.name),
            idn_staff::password_hash.eq(password_hash),
            idn_staff::area_code.eq(&member.area),
            idn_staff::department_id.eq(member.department),
            idn_staff::hall_id.eq(member.hall),
            idn_staff::is_active.eq(member.is_active),
            idn_staff::must_change.eq(must_change),
            idn_staff::created_at.eq(now),
            idn_staff::updated_at.eq(now),
        ))
        .execute(c)?;
    roles::put_held(c, member.id, &member.roles)
}

pub(in crate::identity) fn names(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, String>> {
    let ids: Vec<StaffId> = ids.into_iter().map(StaffId).collect();
    let rows: Vec<(StaffId, String)> =
        idn_staff::table.filter(idn_staff::id.eq_any(ids)).select((idn_staff::id, idn_staff::name)).load(c)?;
    Ok(rows.into_iter().map(|(id, name)| (id.0, name)).collect())
}

/// Login and name.
pub(in crate::identity) fn known(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, (String, String)>> {
    let ids: Vec<StaffId> = ids.into_iter().map(StaffId).collect();
    let rows: Vec<(StaffId, String, String)> = idn_staff::table
        .filter(idn_staff::id.eq_any(ids))
        .select((idn_staff::id, idn_staff::login, idn_staff::name))
        .load(c)?;
    Ok(rows.into_iter().map(|(id, login, name)| (id.0, (login, name))).collect())
}

/// Writes name and whether the account is active.
pub(in crate::identity) fn update(c: &mut Conn, id: StaffId, name: &str, is_active: bool, now: Ts) -> Result<()> {
    diesel::update(idn_staff::table.find(id))
        .set((idn_staff::name.eq(name), idn_staff::is_active.eq(is_active), idn_staff::updated_at.eq(now)))
        .execute(c)?;
    Ok(())
}

/// Writes area, department, hall and roles.
pub(in crate::identity) fn put_rights(c: &mut Conn, member: &StaffMember, now: Ts) -> Result<()> {
    diesel::update(idn_staff::table.find(member.id))
        .set((
            idn_staff::area_code.eq(&member.area),
            idn_staff::department_id.eq(member.department),
            idn_staff::hall_id.eq(member.hall),
            idn_staff::updated_at.eq(now),
        ))
        .execute(c)?;
    roles::put_held(c, member.id, &member.roles)
}

pub(in crate::identity) fn find_by_login(c: &mut Conn, login: &str) -> Result<Option<StaffId>> {
    Ok(idn_staff::table.filter(idn_staff::login.eq(login)).select(idn_staff::id).first(c).optional()?)
}

/// The account, its password's hash and whether that must be changed; of an active one.
pub(in crate::identity) fn login(c: &mut Conn, login: &str) -> Result<Option<(StaffId, String, bool)>> {
    Ok(idn_staff::table
        .filter(idn_staff::login.eq(login.to_lowercase()))
        .filter(idn_staff::is_active.eq(true))
        .select((idn_staff::id, idn_staff::password_hash, idn_staff::must_change))
        .first(c)
        .optional()?)
}

pub(in crate::identity) fn must_change(c: &mut Conn, id: StaffId) -> Result<bool> {
    Ok(idn_staff::table.find(id).select(idn_staff::must_change).first(c)?)
}

pub(in crate::identity) fn password_hash(c: &mut Conn, id: StaffId) -> Result<Option<String>> {
    Ok(idn_staff::table.find(id).select(idn_staff::password_hash).first(c).optional()?)
}

pub(in crate::identity) fn set_password(
    c: &mut Conn,
    id: StaffId,
    hash: &str,
    must_change: bool,
    now: Ts,
) -> Result<()> {
    diesel::update(idn_staff::table.find(id))
        .set((idn_staff::password_hash.eq(hash), idn_staff::must_change.eq(must_change), idn_staff::updated_at.eq(now)))
        .execute(c)?;
    Ok(())
}

type Row = (StaffId, String, String, Option<String>, Option<DepartmentId>, Option<Id>, bool);

const ROW: (
    idn_staff::id,
    idn_staff::login,
    idn_staff::name,
    idn_staff::area_code,
    idn_staff::department_id,
    idn_staff::hall_id,
    idn_staff::is_active,
) = (
    idn_staff::id,
    idn_staff::login,
    idn_staff::name,
    idn_staff::area_code,
    idn_staff::department_id,
    idn_staff::hall_id,
    idn_staff::is_active,
);

pub(in crate::identity) fn find(c: &mut Conn, id: StaffId) -> Result<Option<StaffMember>> {
    let row: Option<Row> = idn_staff::table.find(id).select(ROW).first(c).optional()?;
    let found = row.into_iter().collect();
    Ok(with_roles(c, found)?.pop())
}

diesel::define_sql_function! {
    /// The same on both engines for what a login may hold; other letters as each engine has them.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// So many accounts by login, after this one, whose login or name holds the text; only those without a role where `is_bare`.
pub(in crate::identity) fn list(
    c: &mut Conn,
    text: &str,
    after: &str,
    is_bare: bool,
    limit: usize,
) -> Result<Vec<StaffMember>> {
    let mut query = idn_staff::table.filter(idn_staff::login.gt(after.to_owned())).into_boxed();
    if is_bare {
        query = query.filter(idn_staff::id.ne_all(idn_staff_role::table.select(idn_staff_role::staff_id)));
    }
    if !text.is_empty() {
        let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = format!("%{escaped}%");
        let in_login = idn_staff::login.like(like.clone()).escape('\\');
        query = query.filter(in_login.or(lower(idn_staff::name).like(like).escape('\\')));
    }
    let rows: Vec<Row> = query.order(idn_staff::login).limit(i64::try_from(limit).unwrap_or(50)).select(ROW).load(c)?;
    with_roles(c, rows)
}

fn with_roles(c: &mut Conn, rows: Vec<Row>) -> Result<Vec<StaffMember>> {
    let ids: Vec<StaffId> = rows.iter().map(|r| r.0).collect();
    let all = roles::held(c, &ids)?;
    let member = |(id, login, name, area, department, hall, is_active)| {
        let roles = all.iter().filter(|(staff, _)| *staff == id).map(|(_, held)| held.clone()).collect();
        StaffMember { id, login, name, roles, area, department, hall, is_active }
    };
    Ok(rows.into_iter().map(member).collect())
}

/// How many active members hold a permission today.
pub(in crate::identity) fn count_with(c: &mut Conn, permission: Permission, today: Day) -> Result<i64> {
    let holds = idn_role_permission::role.eq(idn_staff_role::role);
    Ok(idn_staff::table
        .inner_join(idn_staff_role::table.on(idn_staff_role::staff_id.eq(idn_staff::id)))
        .inner_join(idn_role_permission::table.on(holds))
        .filter(idn_role_permission::permission.eq(permission.code()))
        .filter(idn_staff_role::until.is_null().or(idn_staff_role::until.ge(today)))
        .filter(idn_staff::is_active.eq(true))
        .select(diesel::dsl::count(idn_staff::id).aggregate_distinct())
        .first(c)?)
}
