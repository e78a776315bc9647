//! What a person has shown of themself so far, and what that lacks for what they want to do.

use super::assurance::{self, Gap, MATCH, Need};
use super::model::{Evidence, EvidenceId, EvidenceKind, PersonFacts, PersonId, Via};
use super::store::people as store;
use super::{pending, verification};
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Result, Ts};

/// A person's facts, evidence and claims, at one time. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Standing {
    pub facts: PersonFacts,
    pub evidence: Vec<Evidence>,
    /// What the verifier could not be asked about yet.
    waiting: Vec<verification::Claim>,
    now: Ts,
}

/// How somebody stands to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meets {
    Yes,
    /// When the verifier vouches for what waits, and not before.
    Later,
    No,
}

/// The acting person's standing.
pub fn of_self(c: &mut Conn, ctx: &Ctx) -> Result<Standing> {
    read(c, ctx, PersonId(ctx.person()?))
}

/// Anybody's standing. For the platform alone.
pub fn of_person(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Standing> {
    ctx.is_system()?;
    read(c, ctx, person)
}

fn read(c: &mut Conn, ctx: &Ctx, person: PersonId) -> Result<Standing> {
    Ok(Standing {
        facts: store::facts(c, ctx, person)?.ok_or_else(Error::not_found)?,
        evidence: store::evidence(c, person)?,
        waiting: pending::of_person(c, ctx, person)?,
        now: ctx.now,
    })
}

impl Standing {
    pub fn level(&self) -> i32 {
        assurance::level(&self.evidence, self.now)
    }

    /// Name and number of the account are known.
    pub fn is_bound(&self) -> bool {
        self.facts.name.is_some() && self.facts.id_number.is_some()
    }

    /// The kinds that wait for the verifier.
    pub fn waiting(&self) -> Vec<EvidenceKind> {
        self.waiting.iter().map(|claim| claim.kind).collect()
    }

    /// What is still missing.
    pub fn gap(&self, need: Need) -> Gap {
        assurance::gap(need, &self.evidence, self.is_bound(), self.now)
    }

    pub fn meets(&self, need: Need) -> Meets {
        if self.gap(need).is_closed() {
            return Meets::Yes;
        }
        let vouched = |claim: &verification::Claim| Evidence {
            id: EvidenceId::random(),
            kind: claim.kind,
            issuer: String::new(),
            result: MATCH.to_owned(),
            reference: String::new(),
            via: Via::Later,
            at: self.now,
            expires_at: None,
        };
        let with: Vec<Evidence> = self.evidence.iter().cloned().chain(self.waiting.iter().map(vouched)).collect();
        let is_closed = !self.waiting.is_empty() && assurance::gap(need, &with, true, self.now).is_closed();
        if is_closed { Meets::Later } else { Meets::No }
    }

    /// The facts with the name and number that the person goes by: the account's, or while it has none those that wait for the verifier.
    pub fn as_declared(&self) -> PersonFacts {
        let mut facts = self.facts.clone();
        let said = self.waiting.iter().find(|c| matches!(c.kind, EvidenceKind::NameId | EvidenceKind::NameIdPhone));
        if let Some(claim) = said.filter(|_| !self.is_bound()) {
            (facts.name, facts.id_number) = (Some(claim.name.clone()), Some(claim.id_number.clone()));
        }
        facts
    }
}
