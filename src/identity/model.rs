//! Ids and what others see of people and departments.

use crate::kernel::Text;

crate::id_type!(
    /// A citizen's account.
    PersonId
);
crate::id_type!(
    /// A member of staff.
    StaffId
);
crate::id_type!(
    /// A department.
    DepartmentId
);

crate::text_enum!(
    /// How a department takes cases: in the platform's approval desk, or in a system of its own through the exchange.
    Channel { Desk = "desk", System = "system" }
);

/// A department, active or not.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Department {
    pub id: DepartmentId,
    /// Short and stable, as items name it: `scjg`.
    pub key: String,
    pub name: Text,
    pub short: Text,
    pub area_code: String,
    pub channel: Channel,
    pub phone: String,
    pub address: Text,
    pub is_active: bool,
}
