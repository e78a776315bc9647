//! Ids and what others see of people.

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
