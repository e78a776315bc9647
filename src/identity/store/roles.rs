//! Roles, what each allows, and who holds which.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::schema::{idn_role, idn_role_permission, idn_staff_role};
use crate::db::{Conn, Each};
use crate::identity::model::{Held, Role, StaffId};
use crate::kernel::{Day, Permission, Permissions, Result, Text, Ts};

type RoleRow = (String, String, String, String, String, bool);

/// All roles, by code, with what they allow.
pub(in crate::identity) fn all(c: &mut Conn) -> Result<Vec<Role>> {
    let rows: Vec<RoleRow> = idn_role::table
        .order(idn_role::code)
        .select((
            idn_role::code,
            idn_role::name_zh,
            idn_role::name_en,
            idn_role::note_zh,
            idn_role::note_en,
            idn_role::is_built_in,
        ))
        .load(c)?;
    let allowed: Vec<(String, String)> =
        idn_role_permission::table.select((idn_role_permission::role, idn_role_permission::permission)).load(c)?;
    let permissions = |code: &str| -> Permissions {
        allowed.iter().filter(|(role, _)| role == code).filter_map(|(_, p)| Permission::from_code(p)).collect()
    };
    let role = |(code, zh, en, note_zh, note_en, is_built_in): RoleRow| Role {
        permissions: permissions(&code),
        code,
        name: Text::new(zh, en),
        note: Text::new(note_zh, note_en),
        is_built_in,
    };
    Ok(rows.into_iter().map(role).collect())
}

/// Writes a role as it is now.
pub(in crate::identity) fn put(c: &mut Conn, role: &Role, now: Ts) -> Result<()> {
    let values = (
        idn_role::name_zh.eq(&role.name.zh),
        idn_role::name_en.eq(&role.name.en),
        idn_role::note_zh.eq(&role.note.zh),
        idn_role::note_en.eq(&role.note.en),
        idn_role::is_built_in.eq(role.is_built_in),
        idn_role::updated_at.eq(now),
    );
    let insert = diesel::insert_into(idn_role::table)
        .values((idn_role::code.eq(&role.code), values))
        .on_conflict(idn_role::code)
        .do_update()
        .set(values);
    Each(insert).execute(c)?;
    diesel::delete(idn_role_permission::table.filter(idn_role_permission::role.eq(&role.code))).execute(c)?;
    for permission in role.permissions.iter() {
        diesel::insert_into(idn_role_permission::table)
            .values((idn_role_permission::role.eq(&role.code), idn_role_permission::permission.eq(permission.code())))
            .execute(c)?;
    }
    Ok(())
}

pub(in crate::identity) fn delete(c: &mut Conn, code: &str) -> Result<()> {
    diesel::delete(idn_role_permission::table.filter(idn_role_permission::role.eq(code))).execute(c)?;
    diesel::delete(idn_role::table.find(code)).execute(c)?;
    Ok(())
}

/// How many accounts hold a role, also those whose term is over or who may not log in.
pub(in crate::identity) fn holders(c: &mut Conn, code: &str) -> Result<i64> {
    Ok(idn_staff_role::table.filter(idn_staff_role::role.eq(code)).count().get_result(c)?)
}

/// How many hold each role.
pub(in crate::identity) fn counts(c: &mut Conn) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = idn_staff_role::table
        .group_by(idn_staff_role::role)
        .select((idn_staff_role::role, diesel::dsl::count_star()))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

type HeldRow = (StaffId, String, Option<Day>, Option<StaffId>, Ts);

/// What each of these members holds, by role.
pub(in crate::identity) fn held(c: &mut Conn, ids: &[StaffId]) -> Result<Vec<(StaffId, Held)>> {
    let rows: Vec<HeldRow> = idn_staff_role::table
        .filter(idn_staff_role::staff_id.eq_any(ids.to_vec()))
        .order((idn_staff_role::staff_id, idn_staff_role::role))
        .select((
            idn_staff_role::staff_id,
            idn_staff_role::role,
            idn_staff_role::until,
            idn_staff_role::given_by,
            idn_staff_role::given_at,
        ))
        .load(c)?;
    let held = |(staff, role, until, given_by, given_at)| (staff, Held { role, until, given_by, given_at });
    Ok(rows.into_iter().map(held).collect())
}

/// Writes what a member holds.
pub(in crate::identity) fn put_held(c: &mut Conn, id: StaffId, all: &[Held]) -> Result<()> {
    diesel::delete(idn_staff_role::table.filter(idn_staff_role::staff_id.eq(id))).execute(c)?;
    for held in all {
        diesel::insert_into(idn_staff_role::table)
            .values((
                idn_staff_role::staff_id.eq(id),
                idn_staff_role::role.eq(&held.role),
                idn_staff_role::until.eq(held.until),
                idn_staff_role::given_by.eq(held.given_by),
                idn_staff_role::given_at.eq(held.given_at),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// What a member may do today by all their roles.
pub(in crate::identity) fn permissions(c: &mut Conn, id: StaffId, today: Day) -> Result<Permissions> {
    let codes: Vec<String> = idn_staff_role::table
        .inner_join(idn_role_permission::table.on(idn_role_permission::role.eq(idn_staff_role::role)))
        .filter(idn_staff_role::staff_id.eq(id))
        .filter(idn_staff_role::until.is_null().or(idn_staff_role::until.ge(today)))
        .select(idn_role_permission::permission)
        .load(c)?;
    Ok(codes.iter().filter_map(|code| Permission::from_code(code)).collect())
}
