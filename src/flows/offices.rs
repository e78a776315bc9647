//! Changes of the offices themselves.

use crate::catalogue;
use crate::db::Conn;
use crate::identity::{self, DepartmentDraft, DepartmentId};
use crate::kernel::{Ctx, Result};

/// Changes a department, and lets every process notice: the catalogue's shelf holds them.
///
/// # Errors
/// Those of [`identity::change_department`].
pub fn change_department(c: &mut Conn, ctx: &Ctx, id: DepartmentId, draft: &DepartmentDraft) -> Result<()> {
    identity::change_department(c, ctx, id, draft)?;
    catalogue::touch(c)
}
