//! How far somebody's supervision reaches (数据范围): the whole city, an area, or one department.

use super::model::{Area, DepartmentId};
use super::store::places;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result};

/// The departments whose cases somebody may see.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reach {
    Everywhere,
    /// Some, and no other; in order.
    Of(Vec<DepartmentId>),
}

impl Reach {
    /// That of the acting supervisor: their department, or those of their area, or all.
    ///
    /// # Errors
    /// Forbidden for all others.
    pub fn of(c: &mut Conn, ctx: &Ctx) -> Result<Self> {
        let staff = ctx.may(Permission::Supervise)?;
        if let Some(department) = staff.department {
            return Ok(Self::Of(vec![DepartmentId(department)]));
        }
        let Some(code) = &staff.area else { return Ok(Self::Everywhere) };
        let areas = places::areas(c, None)?;
        let area = areas.iter().find(|a| a.code == *code).ok_or_else(Error::forbidden)?;
        let within = beginning(area);
        let mut all: Vec<DepartmentId> =
            places::departments(c)?.into_iter().filter(|d| d.area_code.starts_with(within)).map(|d| d.id).collect();
        all.sort_unstable();
        Ok(Self::Of(all))
    }

    pub fn holds(&self, department: DepartmentId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Of(all) => all.contains(&department),
        }
    }

    /// Of these, one department alone where one was asked for. One outside is nothing.
    #[must_use]
    pub fn narrowed(self, to: Option<DepartmentId>) -> Self {
        match to {
            Some(department) if self.holds(department) => Self::Of(vec![department]),
            Some(_) => Self::Of(vec![]),
            None => self,
        }
    }
}

/// What the codes of all within an area begin with (GB/T 2260 and its additions: 2, 4, 6, 9 and 12 digits by level).
fn beginning(area: &Area) -> &str {
    let digits = match area.level.as_str() {
        "province" => 2,
        "city" => 4,
        "district" => 6,
        "street" => 9,
        _ => 12,
    };
    area.code.get(..digits).unwrap_or(&area.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_outside_is_nothing() {
        let (a, b) = (DepartmentId::random(), DepartmentId::random());
        assert_eq!(Reach::Everywhere.narrowed(Some(a)), Reach::Of(vec![a]));
        assert_eq!(Reach::Of(vec![a, b]).narrowed(Some(b)), Reach::Of(vec![b]));
        assert_eq!(Reach::Of(vec![a]).narrowed(Some(b)), Reach::Of(vec![]));
        assert_eq!(Reach::Of(vec![a]).narrowed(None), Reach::Of(vec![a]));
        assert!(!Reach::Of(vec![a]).holds(b) && Reach::Everywhere.holds(b));
    }
}
