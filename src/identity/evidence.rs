//! Evidence and the level that follows from it.

use super::assurance;
use super::model::{Evidence, EvidenceId, EvidenceKind, PersonId};
use super::store::people as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result};

/// Keeps a piece of evidence and the level that follows, in one transaction. Returns the level.
pub(super) fn add(c: &mut Conn, ctx: &Ctx, person: PersonId, piece: &Evidence) -> Result<i32> {
    store::insert_evidence(c, person, piece)?;
    settle(c, ctx, person)
}

/// Keeps the level that follows from the evidence now, and when it ends.
fn settle(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<i32> {
    let evidence = store::evidence(c, person)?;
    let level = assurance::level(&evidence, ctx.now);
    store::set_level(c, person, level, assurance::level_until(&evidence, ctx.now))?;
    Ok(level)
}

/// The person's own evidence, the newest first.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Evidence>> {
    store::evidence(c, PersonId(ctx.person()?))
}

/// The level of assurance of a person now, 0 to 4.
pub fn person_level(c: &mut Conn, ctx: &Ctx, id: PersonId) -> Result<i32> {
    store::level(c, id, ctx.now)?.ok_or_else(Error::not_found)
}

/// The phone is another: what vouched for it ends. What the same check said of name and number stays. Returns the level that is left.
pub(super) fn end_phone(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<i32> {
    let all = store::evidence(c, person)?;
    let phone = all.into_iter().find(|e| e.kind == EvidenceKind::NameIdPhone && assurance::counts(e, ctx.now));
    store::end_evidence(c, person, EvidenceKind::NameIdPhone, ctx.now)?;
    if let Some(phone) = phone {
        let kind = EvidenceKind::NameId;
        let expires_at = Some(assurance::expiry(kind, phone.at, None));
        store::insert_evidence(c, person, &Evidence { id: EvidenceId::random(), kind, expires_at, ..phone })?;
    }
    settle(c, ctx, person)
}

/// Lowers the kept levels whose evidence has ended: at most so many. Returns of how many accounts. What reads a level does not wait for
/// this; lists that are made from what is kept do. For the platform alone.
pub fn settle_lapsed(c: &mut Conn, ctx: &Ctx, limit: usize) -> Result<usize> {
    ctx.is_system()?;
    let lapsed = store::lapsed(c, ctx.now, limit as i64)?;
    for person in &lapsed {
        let level = settle(c, ctx, *person)?;
        audit::record(c, ctx, "person.level-lapsed", ("person", person.0), serde_json::json!({ "level": level }))?;
    }
    Ok(lapsed.len())
}

/// Whether [`settle_lapsed`] has something to do: a read, for the look before the write.
pub fn has_lapsed(c: &mut Conn, ctx: &Ctx) -> Result<bool> {
    Ok(!store::lapsed(c, ctx.now, 1)?.is_empty())
}
