//! Departments and areas: who is who among the offices.

use super::model::{Area, Department, DepartmentId};
use super::store::places as store;
use crate::db::Conn;
use crate::kernel::Result;

/// All areas, ordered by code.
pub fn areas(c: &mut Conn) -> Result<Vec<Area>> {
    store::areas(c, None)
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
