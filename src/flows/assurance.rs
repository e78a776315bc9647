//! Who somebody is, at the step that asks for it (差异化认证): what a step needs, what the verifier said, and the cases that waited for
//! its word.
//!
//! # When the verifier does not answer
//! With `verifier.degraded = "accept"` what a person said is kept ([`identity::pending`]) and they may hand in, if the verifier's word is
//! all that they lack. Such a case is `pending`: it is looked at and corrected as others, and neither accepted nor deemed accepted. When
//! somebody vouches for the person, the verifier or a window, the office's days begin anew; when nobody does and nothing is left to be
//! asked, the case is `failed`: the clerk sees so, and the person is told what they can do. Either may still become known.

use super::Books;
use super::common::{Said as Words, accept_by, tell, whole};
use super::declare::as_known;
use crate::audit;
use crate::cases::{self, Case, CaseId, Identity, State};
use crate::catalogue::{self, Act, Shelved};
use crate::db::Conn;
use crate::identity::assurance::Need;
use crate::identity::pending::{self, Leased};
use crate::identity::standing::{self, Meets, Standing};
use crate::identity::verification::{self, Claim, Concluded, Said};
use crate::identity::window::{self, Card, Whose};
use crate::identity::{self, FaceId, PersonId, Power, faces, mandates};
use crate::kernel::{Ctx, Error, Kind, Result};
use crate::notifications::News;
use crate::windows::{self, HallId};

/// What keeps somebody from a step: `check-too-old` when only a fresh check is missing, `level-too-low` for everything else.
pub(super) fn unmet(standing: &Standing, need: Need) -> Error {
    let is_old = standing.gap(Need::level(need.level)).is_closed();
    Error::new(Kind::Forbidden, if is_old { "check-too-old" } else { "level-too-low" })
}

/// What a step of a case of the acting person needs, by the version that it was declared under.
pub fn need_of_case(c: &mut Conn, books: &Books, case: &Case, act: Act) -> Result<Need> {
    Ok(catalogue::version_doc(c, &books.shelf, case.version_id)?.elements.assurance.need(act))
}

/// Lets the acting person see or take what a case of theirs holds, if they have shown what that step needs.
///
/// # Errors
/// Forbidden: `level-too-low`, `check-too-old`; `mandate-…` when what they act by does not reach so far.
pub fn require_for(c: &mut Conn, ctx: &Ctx, books: &Books, case: &Case, act: Act) -> Result<()> {
    let need = need_of_case(c, books, case, act)?;
    if act == Act::Collect {
        mandates::may(c, ctx, case.item_id.0, Power::Collect)?;
    }
    let standing = standing::of_self(c, ctx)?;
    match standing.meets(need) {
        Meets::Yes => Ok(()),
        // What one has just said of oneself is no secret from oneself.
        Meets::Later if act == Act::View => Ok(()),
        Meets::Later | Meets::No => Err(unmet(&standing, need)),
    }
}

/// Keeps what the verifier said to the acting person's claim, and goes on with the cases that waited for it.
pub fn verified(c: &mut Conn, ctx: &Ctx, books: &Books, claim: &Claim, said: &Said) -> Result<Concluded> {
    let done = verification::conclude(c, ctx, claim, said)?;
    settle(c, ctx, books, PersonId(ctx.person()?))?;
    Ok(done)
}

/// Keeps what came of the acting person's face, and goes on with the cases that waited for it. `None` when it had ended before.
pub fn face_ended(c: &mut Conn, ctx: &Ctx, books: &Books, id: FaceId, said: &faces::Said) -> Result<Option<Concluded>> {
    let done = faces::conclude(c, ctx, id, said)?;
    if done.is_some() {
        settle(c, ctx, books, PersonId(ctx.person()?))?;
    }
    Ok(done)
}

/// What a clerk has in hand who checks somebody.
#[derive(Clone)]
pub enum InHand {
    Case(CaseId),
    Nothing(Whose),
}

/// Keeps that the acting clerk saw a person with their card, and goes on with the cases that waited for somebody to vouch for them.
/// Returns the level.
///
/// # Errors
/// Those of [`window::check`]; not found outside the clerk's hall; conflict `window-no-person` when nobody with an account declared it.
pub fn seen_at_window(c: &mut Conn, ctx: &Ctx, books: &Books, card: &Card, hand: &InHand) -> Result<i32> {
    let (_, hall) = ctx.clerk()?;
    let issuer = windows::hall(c, HallId(hall))?.name.zh;
    let (whose, case) = match hand {
        InHand::Nothing(whose) => (whose.clone(), None),
        InHand::Case(id) => {
            let case = cases::at_hall(c, ctx, *id)?;
            let person = cases::declared_by(c, &case)?;
            (Whose::OfCase(person.ok_or_else(|| Error::conflict("window-no-person"))?), Some(id.0))
        }
    };
    let (person, level) = window::check(c, ctx, card, &whose, (&issuer, case))?;
    settle(c, ctx, books, person)?;
    Ok(level)
}

/// Keeps what the verifier said to a claim that waited, and goes on with the person's cases. For the platform alone.
pub fn verified_later(c: &mut Conn, ctx: &Ctx, books: &Books, leased: &Leased, said: &Said) -> Result<()> {
    if pending::conclude(c, ctx, leased, said)?.is_some() {
        settle(c, ctx, books, leased.person)?;
    }
    Ok(())
}

/// Gives up a claim that the person had to come back for and did not, and goes on with their cases. For the platform alone.
pub fn not_shown(c: &mut Conn, ctx: &Ctx, books: &Books, leased: &Leased) -> Result<()> {
    if pending::give_up(c, ctx, leased)? {
        settle(c, ctx, books, leased.person)?;
    }
    Ok(())
}

/// Goes on with the cases of a person of whom it was not known who they are.
pub(super) fn settle(c: &mut Conn, ctx: &Ctx, books: &Books, person: PersonId) -> Result<()> {
    let system = ctx.as_system();
    let held = cases::held(c, &system, person)?;
    if held.is_empty() {
        return Ok(());
    }
    let standing = standing::of_person(c, &system, person)?;
    for case in held.into_iter().filter(|case| case.state != State::Draft) {
        let need = need_of_case(c, books, &case, Act::Sign)?;
        // It was signed then; only who signed was open.
        match standing.meets(Need::level(need.level)) {
            Meets::Yes => known(c, ctx, books, case, &standing)?,
            Meets::No if case.identity == Identity::Pending => failed(c, ctx, books, case)?,
            Meets::Later | Meets::No => {}
        }
    }
    Ok(())
}

/// From now on the case can be accepted; its applicant is called as they were vouched for.
fn known(c: &mut Conn, ctx: &Ctx, books: &Books, case: Case, standing: &Standing) -> Result<()> {
    if !cases::state::may(case.state, cases::Event::IdentityKnown) {
        return Ok(());
    }
    let mut w = whole(c, ctx, books, case)?;
    let by = cases::declarant(c, &w.case)?.and_then(|d| d.mandate).map(|id| mandates::named(c, ctx, id)).transpose()?;
    as_known(&mut w.content.applicant, &standing.facts, by.as_ref().map(|held| &held.principal));
    let last_day = (w.case.state != State::Correcting).then(|| accept_by(books, ctx.now.day()));
    w.case = cases::set_known(c, ctx, &w.case, &w.content.applicant, last_day)?;
    audit::record(
        c,
        ctx,
        "case.identity-known",
        ("case", w.case.id.0),
        serde_json::json!({ "level": standing.level() }),
    )?;
    tell(c, ctx, &w, News::IdentityKnown, &Words { due_on: last_day, ..Words::default() })
}

fn failed(c: &mut Conn, ctx: &Ctx, books: &Books, case: Case) -> Result<()> {
    if !cases::state::may(case.state, cases::Event::IdentityFailed) {
        return Ok(());
    }
    let mut w = whole(c, ctx, books, case)?;
    w.case = cases::set_failed(c, ctx, &w.case)?;
    audit::record(c, ctx, "case.identity-failed", ("case", w.case.id.0), serde_json::json!({}))?;
    tell(c, ctx, &w, News::IdentityFailed, &Words::default())
}

/// Whether the acting person may begin a declaration: what the verifier could not be asked yet counts, since it will have been before
/// the case is accepted.
///
/// # Errors
/// As [`require_for`].
pub(super) fn may_begin(standing: &Standing, item: &Shelved) -> Result<()> {
    let need = item.elements.assurance.need(Act::Declare);
    if standing.meets(need) == Meets::No { Err(unmet(standing, need)) } else { Ok(()) }
}

/// Whether it is known who hands in, or will be.
///
/// # Errors
/// As [`require_for`].
pub(super) fn may_sign(standing: &Standing, item: &Shelved) -> Result<Identity> {
    let need = item.elements.assurance.need(Act::Sign);
    match standing.meets(need) {
        Meets::Yes => Ok(Identity::Known),
        Meets::Later => Ok(Identity::Pending),
        Meets::No => Err(unmet(standing, need)),
    }
}

/// What the account of a person says of them, or what waits to be vouched for while it says nothing.
pub fn declared_as(c: &mut Conn, ctx: &Ctx) -> Result<identity::PersonFacts> {
    Ok(standing::of_self(c, ctx)?.as_declared())
}
