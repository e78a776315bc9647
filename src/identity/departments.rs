//! Departments and areas: who is who among the offices.

use super::accounts::fault;
use super::model::{Area, Channel, Department, DepartmentId};
use super::store::places as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result, Text};

/// All areas, ordered by code.
pub fn areas(c: &mut Conn) -> Result<Vec<Area>> {
    store::areas(c, None)
}

/// The districts of the city in which an area is, ordered by code.
pub fn districts_around(c: &mut Conn, area: &str) -> Result<Vec<Area>> {
    match area.get(..4) {
        Some(city) => store::districts(c, city),
        None => Ok(vec![]),
    }
}

/// All departments, the inactive too, ordered by key. There are dozens, so that whoever shows names takes them all at once.
pub fn departments(c: &mut Conn) -> Result<Vec<Department>> {
    store::departments(c)
}

pub fn department(c: &mut Conn, id: DepartmentId) -> Result<Option<Department>> {
    store::department(c, id)
}

/// By the unified social credit code.
pub fn department_by_code(c: &mut Conn, code: &str) -> Result<Option<Department>> {
    store::department_by_code(c, code)
}

/// What an administrator may change of a department; key, code and area stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentDraft {
    pub name: Text,
    pub short: Text,
    pub channel: Channel,
    pub phone: String,
    pub address: Text,
    pub is_active: bool,
}

impl DepartmentDraft {
    fn check(&self) -> Result<()> {
        let texts = [
            ("name_zh", &self.name.zh, true),
            ("name_en", &self.name.en, true),
            ("short_zh", &self.short.zh, true),
            ("short_en", &self.short.en, true),
            ("address_zh", &self.address.zh, false),
            ("address_en", &self.address.en, false),
        ];
        let mut faults = vec![];
        for (field, text, is_needed) in texts {
            let length = text.chars().count();
            if is_needed && length == 0 {
                faults.push(fault(field, "office-name-missing"));
            } else if length > 200 {
                faults.push(crate::kernel::FieldError { value: Some("200".into()), ..fault(field, "text-long") });
            }
        }
        let fits = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b' ');
        if self.phone.len() > 20 || !self.phone.bytes().all(fits) {
            faults.push(fault("phone", "office-phone"));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }
}

/// Changes a department. Who keeps departments in memory (the catalogue's shelf) has to be told in the same transaction.
///
/// # Errors
/// The fields that have to be mended; not found.
pub fn change_department(c: &mut Conn, ctx: &Ctx, id: DepartmentId, draft: &DepartmentDraft) -> Result<()> {
    ctx.may(Permission::Offices)?;
    draft.check()?;
    let before = store::department(c, id)?.ok_or_else(Error::not_found)?;
    let after = Department {
        name: draft.name.clone(),
        short: draft.short.clone(),
        channel: draft.channel,
        phone: draft.phone.clone(),
        address: draft.address.clone(),
        is_active: draft.is_active,
        ..before
    };
    store::update_department(c, &after)?;
    let detail = serde_json::json!({ "channel": after.channel, "active": after.is_active });
    audit::record(c, ctx, "department.change", ("department", id.0), detail)
}
