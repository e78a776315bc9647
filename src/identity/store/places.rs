//! Areas and departments.

use diesel::prelude::*;

use crate::db::schema::{idn_area, idn_department};
use crate::db::{Conn, Each};
use crate::identity::model::{Area, Channel, Department, DepartmentId};
use crate::kernel::{Result, Text};

pub(in crate::identity) fn areas(c: &mut Conn, level: Option<&str>) -> Result<Vec<Area>> {
    let mut query = idn_area::table.order(idn_area::code).into_boxed();
    if let Some(level) = level {
        query = query.filter(idn_area::level.eq(level.to_owned()));
    }
    let rows: Vec<(String, String, String, String, Option<String>)> = query
        .select((idn_area::code, idn_area::name_zh, idn_area::name_en, idn_area::level, idn_area::parent))
        .load(c)?;
    let area = |(code, zh, en, level, parent)| Area { code, name: Text { zh, en }, level, parent };
    Ok(rows.into_iter().map(area).collect())
}

/// The districts whose codes begin with these four digits of a city.
pub(in crate::identity) fn districts(c: &mut Conn, city: &str) -> Result<Vec<Area>> {
    let rows: Vec<(String, String, String, String, Option<String>)> = idn_area::table
        .filter(idn_area::code.between(format!("{city}00000000"), format!("{city}99999999")))
        .filter(idn_area::level.eq("district"))
        .order(idn_area::code)
        .select((idn_area::code, idn_area::name_zh, idn_area::name_en, idn_area::level, idn_area::parent))
        .load(c)?;
    let area = |(code, zh, en, level, parent)| Area { code, name: Text { zh, en }, level, parent };
    Ok(rows.into_iter().map(area).collect())
}

/// Whether there is a province whose code begins with these two digits.
pub(in crate::identity) fn has_province(c: &mut Conn, digits: &str) -> Result<bool> {
    let province = idn_area::table.find(format!("{digits}0000000000")).filter(idn_area::level.eq("province"));
    Ok(diesel::select(diesel::dsl::exists(province)).get_result(c)?)
}

pub(in crate::identity) fn put_area(c: &mut Conn, area: &Area) -> Result<()> {
    let values = (
        idn_area::name_zh.eq(area.name.zh.clone()),
        idn_area::name_en.eq(area.name.en.clone()),
        idn_area::level.eq(area.level.clone()),
        idn_area::parent.eq(area.parent.clone()),
    );
    let insert = diesel::insert_into(idn_area::table)
        .values((idn_area::code.eq(area.code.clone()), values.clone()))
        .on_conflict(idn_area::code)
        .do_update()
        .set(values);
    Each(insert).execute(c)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idn_department)]
struct Row {
    id: DepartmentId,
    key: String,
    code: String,
    name_zh: String,
    name_en: String,
    short_zh: String,
    short_en: String,
    area_code: String,
    channel: Channel,
    phone: String,
    address_zh: String,
    address_en: String,
    is_active: bool,
}

impl From<Row> for Department {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            key: r.key,
            code: r.code,
            name: Text { zh: r.name_zh, en: r.name_en },
            short: Text { zh: r.short_zh, en: r.short_en },
            area_code: r.area_code,
            channel: r.channel,
            phone: r.phone,
            address: Text { zh: r.address_zh, en: r.address_en },
            is_active: r.is_active,
        }
    }
}

pub(in crate::identity) fn departments(c: &mut Conn) -> Result<Vec<Department>> {
    let rows: Vec<Row> = idn_department::table.order(idn_department::key).select(Row::as_select()).load(c)?;
    Ok(rows.into_iter().map(Department::from).collect())
}

pub(in crate::identity) fn department(c: &mut Conn, id: DepartmentId) -> Result<Option<Department>> {
    let row = idn_department::table.find(id).select(Row::as_select()).first(c).optional()?;
    Ok(row.map(Department::from))
}

pub(in crate::identity) fn department_by_code(c: &mut Conn, code: &str) -> Result<Option<Department>> {
    let found = idn_department::table.filter(idn_department::code.eq(code));
    Ok(found.select(Row::as_select()).first(c).optional()?.map(Department::from))
}

/// Inserts the department unless there is one with the same key; its id.
pub(in crate::identity) fn put_department(c: &mut Conn, d: &Department) -> Result<DepartmentId> {
    let row = (
        idn_department::id.eq(d.id),
        idn_department::key.eq(&d.key),
        idn_department::code.eq(&d.code),
        idn_department::name_zh.eq(&d.name.zh),
        idn_department::name_en.eq(&d.name.en),
        idn_department::short_zh.eq(&d.short.zh),
        idn_department::short_en.eq(&d.short.en),
        idn_department::area_code.eq(&d.area_code),
        idn_department::channel.eq(d.channel),
        idn_department::phone.eq(&d.phone),
        idn_department::address_zh.eq(&d.address.zh),
        idn_department::address_en.eq(&d.address.en),
        idn_department::is_active.eq(d.is_active),
    );
    let insert = diesel::insert_into(idn_department::table).values(row);
    Each(insert.on_conflict(idn_department::key).do_nothing()).execute(c)?;
    Ok(idn_department::table.filter(idn_department::key.eq(&d.key)).select(idn_department::id).first(c)?)
}

/// Writes what an administrator may change; false when there is no such department.
pub(in crate::identity) fn update_department(c: &mut Conn, d: &Department) -> Result<bool> {
    let changed = diesel::update(idn_department::table.find(d.id))
        .set((
            idn_department::name_zh.eq(&d.name.zh),
            idn_department::name_en.eq(&d.name.en),
            idn_department::short_zh.eq(&d.short.zh),
            idn_department::short_en.eq(&d.short.en),
            idn_department::channel.eq(d.channel),
            idn_department::phone.eq(&d.phone),
            idn_department::address_zh.eq(&d.address.zh),
            idn_department::address_en.eq(&d.address.en),
            idn_department::is_active.eq(d.is_active),
        ))
        .execute(c)?;
    Ok(changed == 1)
}
