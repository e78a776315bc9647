//! Changes of the offices themselves.

use std::collections::HashSet;

use crate::cases;
use crate::catalogue::{self, ItemId};
use crate::db::Conn;
use crate::identity::{self, DepartmentDraft, DepartmentId};
use crate::kernel::{Ctx, Error, Result};
use crate::windows::{self, Function, HallDraft, HallId};

/// Changes a department, and lets every process notice: the catalogue's shelf holds them.
///
/// # Errors
/// Those of [`identity::change_department`].
pub fn change_department(c: &mut Conn, ctx: &Ctx, id: DepartmentId, draft: &DepartmentDraft) -> Result<()> {
    identity::change_department(c, ctx, id, draft)?;
    catalogue::touch(c)
}

/// Changes a hall. One in which cases wait is not closed: nobody else could go on with them.
///
/// # Errors
/// Those of [`windows::change_hall`]; 422 `hall-has-cases` at the field `open`.
pub fn change_hall(c: &mut Conn, ctx: &Ctx, code: &str, draft: &HallDraft) -> Result<()> {
    windows::change_hall(c, ctx, code, draft)?;
    if !draft.is_open {
        let (hall, _) = windows::any_hall_by_code(c, ctx, code)?;
        if cases::waits_at_hall(c, hall.id.0, None)? {
            return Err(Error::field("open", "hall-has-cases"));
        }
    }
    Ok(())
}

/// Makes a hall's grants those named. What a case in the hall's work list needs is not taken back.
///
/// # Errors
/// 422 `grant-has-cases`, the field named after the item; 422 `not-an-option` for an item that is not published.
pub fn grant(
    c: &mut Conn,
    ctx: &Ctx,
    books: &super::Books,
    hall: HallId,
    wanted: &HashSet<(ItemId, Function)>,
) -> Result<()> {
    if let Some((item, _)) = wanted.iter().find(|(item, _)| books.shelf.by_item(*item).is_err()) {
        return Err(Error::field(format!("item.{item}"), "not-an-option"));
    }
    // What is withdrawn is on no page to be ticked: its grants stay, for the cases that go on.
    let mut all = wanted.clone();
    let known = windows::grants_of_hall(c, hall)?;
    all.extend(known.into_iter().filter(|(item, _)| books.shelf.by_item(*item).is_err()));
    for (item, function) in windows::grant(c, ctx, hall, &all)? {
        if function != Function::HandOut && cases::waits_at_hall(c, hall.0, Some(item))? {
            return Err(Error::field(format!("item.{item}"), "grant-has-cases"));
        }
    }
    Ok(())
}
