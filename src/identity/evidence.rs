//! Evidence and the level that follows from it.

use super::model::{Evidence, EvidenceKind, PersonId};
use super::rules;
use super::store::people as store;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result};

/// Keeps a piece of evidence and the level that follows, in one transaction. Returns the level.
pub(super) fn add(c: &mut Conn, ctx: &Ctx, person: PersonId, piece: &Evidence) -> Result<i32> {
    store::insert_evidence(c, person, piece)?;
    let level = rules::level(&store::evidence(c, person)?, ctx.now);
    store::set_level(c, person, level)?;
    Ok(level)
}

/// The person's own evidence, the newest first.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Evidence>> {
    store::evidence(c, PersonId(ctx.person()?))
}

/// The level of assurance of a person, 0 to 4.
pub fn person_level(c: &mut Conn, id: PersonId) -> Result<i32> {
    store::level(c, id)?.ok_or_else(Error::not_found)
}

/// Ends a person's evidence of one kind, as when what it rests on has changed. Returns the level that is left.
pub(super) fn end(c: &mut Conn, ctx: &Ctx, person: PersonId, kind: EvidenceKind) -> Result<i32> {
    store::end_evidence(c, person, kind, ctx.now)?;
    let level = rules::level(&store::evidence(c, person)?, ctx.now);
    store::set_level(c, person, level)?;
    Ok(level)
}
