//! Staff and their roles.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{idn_staff, idn_staff_role};
use crate::identity::model::{DepartmentId, StaffId, StaffMember};
use crate::kernel::{Id, Result, Role, Ts};

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
            idn_staff::department_id.eq(member.department),
            idn_staff::hall_id.eq(member.hall),
            idn_staff::is_active.eq(member.is_active),
            idn_staff::must_change.eq(must_change),
            idn_staff::created_at.eq(now),
            idn_staff::updated_at.eq(now),
        ))
        .execute(c)?;
    put_roles(c, member.id, &member.roles)
}

pub(in crate::identity) fn names(c: &mut Conn, ids: Vec<Id>) -> Result<HashMap<Id, String>> {
    let ids: Vec<StaffId> = ids.into_iter().map(StaffId).collect();
    let rows: Vec<(StaffId, String)> =
        idn_staff::table.filter(idn_staff::id.eq_any(ids)).select((idn_staff::id, idn_staff::name)).load(c)?;
    Ok(rows.into_iter().map(|(id, name)| (id.0, name)).collect())
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

/// The account, its password's hash and whether that must be changed; of an active one.
pub(in crate::identity) fn login(c: &mut Conn, login: &str) -> Result<Option<(StaffId, String, bool)>> {
    Ok(idn_staff::table
        .filter(idn_staff::login.eq(login.to_lowercase()))
        .filter(idn_staff::is_active.eq(true))
        .select((idn_staff::id, idn_staff::password_hash, idn_staff::must_change))
        .first(c)
        .optional()?)
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

type Row = (StaffId, String, String, Option<DepartmentId>, Option<Id>, bool);

const ROW: (
    idn_staff::id,
    idn_staff::login,
    idn_staff::name,
    idn_staff::department_id,
    idn_staff::hall_id,
    idn_staff::is_active,
) = (
    idn_staff::id,
    idn_staff::login,
    idn_staff::name,
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

/// So many accounts by login, after this one, whose login or name holds the text.
pub(in crate::identity) fn list(c: &mut Conn, text: &str, after: &str, limit: usize) -> Result<Vec<StaffMember>> {
    let mut query = idn_staff::table.filter(idn_staff::login.gt(after.to_owned())).into_boxed();
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
    let all: Vec<(StaffId, String)> = idn_staff_role::table
        .filter(idn_staff_role::staff_id.eq_any(ids))
        .select((idn_staff_role::staff_id, idn_staff_role::role))
        .load(c)?;
    let member = |(id, login, name, department, hall, is_active)| {
        let of_one = all.iter().filter(|(staff, _)| *staff == id);
        let mut roles: Vec<Role> = of_one.filter_map(|(_, code)| Role::from_code(code)).collect();
        roles.sort_unstable();
        StaffMember { id, login, name, roles, department, hall, is_active }
    };
    Ok(rows.into_iter().map(member).collect())
}
