//! Signed, expiring links by which a department fetches a material.

use super::model::{DispatchId, DispatchState};
use super::store;
use crate::cases::FileId;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::crypto::Keys;
use crate::kernel::{Ctx, Error, Kind, Result, Ts};

const PURPOSE: &str = "material";

/// Path and query of a link that is good until then. It is bound to the file and to the dispatch, and so to one department.
pub fn link(keys: &Keys, file: FileId, dispatch: DispatchId, until: Ts) -> String {
    let until = until.micros() / 1_000_000;
    let signature = keys.sign(PURPOSE, &signed(file, dispatch, until));
    format!("/api/v1/materials/{file}?dispatch={dispatch}&until={until}&sig={signature}")
}

/// The department that a link was made for. `until` is in seconds.
///
/// # Errors
/// 404 when anything of it is not as it was signed, or the dispatch was dropped; 410 `link-expired` when its time is over.
pub fn follow(
    c: &mut Conn,
    ctx: &Ctx,
    file: FileId,
    dispatch: DispatchId,
    until: i64,
    sig: &str,
) -> Result<DepartmentId> {
    if !ctx.keys.is_signed(PURPOSE, &signed(file, dispatch, until), sig) {
        return Err(Error::not_found());
    }
    if ctx.now.micros() / 1_000_000 > until {
        return Err(Error::new(Kind::NotFound, "link-expired"));
    }
    let dispatch = store::find(c, dispatch)?;
    if dispatch.state == DispatchState::Dropped { Err(Error::not_found()) } else { Ok(dispatch.department_id) }
}

fn signed(file: FileId, dispatch: DispatchId, until: i64) -> String {
    format!("{file}.{dispatch}.{until}")
}
