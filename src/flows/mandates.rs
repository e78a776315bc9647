//! A mandate ends, and its holder's open cases go to somebody else who acts for the same principal (交接).

use crate::audit;
use crate::cases;
use crate::db::Conn;
use crate::identity::mandates::{self, Endable};
use crate::identity::principals::{self, Claim};
use crate::identity::verification::Said;
use crate::identity::{Mandate, MandateEnd, MandateId, MandateKind, PersonId, Power, PrincipalId};
use crate::kernel::{Ctx, Error, Id, Result};

/// Keeps what a register said of the acting person and whom they want to act for. The open cases of a representative whom they replace go
/// over to them. `Err` is the code of what it was instead of a match.
///
/// # Errors
/// Those of [`principals::conclude`].
pub fn represent(
    c: &mut Conn,
    ctx: &Ctx,
    claim: &Claim,
    said: &Said,
) -> Result<std::result::Result<MandateId, &'static str>> {
    let made = match principals::conclude(c, ctx, claim, said)? {
        Ok(made) => made,
        Err(refused) => return Ok(Err(refused)),
    };
    for from in made.replaced {
        hand_over(c, ctx, (made.mandate, made.principal), (from, PersonId(ctx.person()?)), &[])?;
    }
    Ok(Ok(made.mandate))
}

/// Who goes is told of the open cases no longer, and who follows is: of those of these items, of all when there are none.
fn hand_over(
    c: &mut Conn,
    ctx: &Ctx,
    (id, principal): (MandateId, PrincipalId),
    (from, to): (PersonId, PersonId),
    items: &[Id],
) -> Result<()> {
    let moved = cases::hand_over(c, ctx, (principal.0, items), (from, to))?;
    audit::record(c, ctx, "mandate.hand-over", ("mandate", id.0), serde_json::json!({ "cases": moved, "to": to }))
}

/// What follows when a mandate ends.
#[derive(Debug, Clone)]
pub struct Ending {
    pub how: MandateEnd,
    /// Of who is acted for.
    pub principal: String,
    /// Of who holds it.
    pub holder: String,
    /// Cases under way that they are told of.
    pub open: i64,
    /// Who may take those over: mandate, name, and whether it is who asks. The first is who does when nobody is chosen.
    pub heirs: Vec<(MandateId, String, bool)>,
    /// The mandate of the representative who asks.
    pub managed_by: Option<MandateId>,
}

/// What follows when the acting person ends this mandate.
///
/// # Errors
/// Not found for another's; conflict `mandate-ended`.
pub fn ending(c: &mut Conn, ctx: &Ctx, id: MandateId) -> Result<Ending> {
    let found = mandates::endable(c, ctx, id)?;
    let m = &found.held.mandate;
    let open = match m.person {
        Some(person) => cases::count_open_of(c, m.principal.0, person)?,
        None => 0,
    };
    Ok(Ending {
        how: found.how,
        principal: found.held.principal.name.clone(),
        holder: m.name.clone(),
        open,
        heirs: heirs(c, ctx, &found)?
            .into_iter()
            .filter_map(|m| Some((m.id, m.name, is_self(ctx, m.person?))))
            .collect(),
        managed_by: found.managed_by,
    })
}

fn is_self(ctx: &Ctx, person: PersonId) -> bool {
    ctx.person().is_ok_and(|own| own == person.0)
}

/// Who else acts for the principal and may hand in: the representative first.
fn heirs(c: &mut Conn, ctx: &Ctx, of: &Endable) -> Result<Vec<Mandate>> {
    let today = ctx.now.day();
    let mut all = mandates::of_principal(c, ctx, of)?;
    all.retain(|m| m.id != of.held.mandate.id && m.is_in_force(today) && m.has(Power::Sign));
    all.sort_by_key(|m| m.kind == MandateKind::Agent);
    Ok(all)
}

/// The acting person ends a mandate. The holder's open cases go to who holds `heir`, as far as that reaches; what is left goes to the
/// representative.
///
/// # Errors
/// Not found for another's; conflict `mandate-ended`; field `heir`, `not-an-option`.
pub fn end_mandate(c: &mut Conn, ctx: &Ctx, id: MandateId, heir: Option<MandateId>) -> Result<MandateEnd> {
    let found = mandates::endable(c, ctx, id)?;
    let heirs = heirs(c, ctx, &found)?;
    // Who goes does not say who follows.
    let chosen = match heir.filter(|_| found.managed_by.is_some()) {
        Some(heir) => {
            let chosen = heirs.iter().find(|m| m.id == heir);
            Some(chosen.ok_or_else(|| Error::field("heir", "not-an-option"))?)
        }
        None => None,
    };
    mandates::end(c, ctx, &found)?;
    let m = &found.held.mandate;
    for follows in chosen.into_iter().chain(heirs.first()) {
        if let (Some(from), Some(to)) = (m.person, follows.person)
            && from != to
        {
            hand_over(c, ctx, (id, m.principal), (from, to), &follows.items)?;
        }
    }
    Ok(found.how)
}
