//! What evidence is worth: the level of assurance (实名等级) that follows from it at a time, and what is still missing. Pure.
//!
//! # Levels
//! | level | when |
//! |---|---|
//! | 0 | nobody has vouched for anything |
//! | 1 | the ID card: name and number match |
//! | 2 | registered: the ID card and at least two more of phone, bank card, social-security card, housing fund account, driving licence |
//! | 3 | a living face matched the photo of the ID card (实人) |
//! | 4 | seen at a window, face to face, with the card read |
//!
//! The second is the rule for registration online of 国办函〔2016〕108号: at least three checks, the ID card and any two of the five. A
//! face and a window stand for it, as there: each shows the person, where the others show what somebody knows. What is practised as four
//! levels comes from the national platform; no published standard has the table, so it stands in this one place.
//!
//! That somebody represents a company ([`EvidenceKind::LegalRep`]) or is a child's guardian ([`EvidenceKind::Guardian`]) is worth nothing
//! here: it speaks of others.
//!
//! # How long
//! By kind, in days, since what was true when it was asked does not stay so: see [`lasts`]. A face counts for the level for half a year,
//! and for [`FRESH`] seconds where an item wants to know that the person is there now.

use serde::Serialize;

use super::model::{Evidence, EvidenceKind};
use crate::kernel::Ts;

/// The result of evidence that speaks for the person.
pub const MATCH: &str = "match";

/// The level of somebody who is registered.
pub const REGISTERED: i32 = 2;

/// The highest level that is reached without coming to a window.
pub const ONLINE: i32 = 3;

/// Seconds for which a face, or a look at a window, shows that the person is there: long enough to read a form once more and sign it,
/// too short to find a browser open.
pub const FRESH: i64 = 30 * 60;

/// What the registration counts beside the ID card, and how many of them it wants.
pub const FACTORS: [EvidenceKind; 5] = [
    EvidenceKind::NameIdPhone,
    EvidenceKind::Bank,
    EvidenceKind::SocialCard,
    EvidenceKind::FundAccount,
    EvidenceKind::DrivingLicence,
];
const FACTORS_NEEDED: usize = 2;

/// Days for which a piece of evidence counts at most.
pub fn lasts(kind: EvidenceKind) -> i64 {
    match kind {
        // Names change rarely, and cards of children under 16 are renewed after five years (居民身份证法 5).
        EvidenceKind::NameId | EvidenceKind::DrivingLicence | EvidenceKind::WindowCard => 5 * 365,
        // A number that was given up goes to somebody else, after 90 days at the earliest.
        EvidenceKind::NameIdPhone => 2 * 365,
        // Cards are replaced every few years; accounts move with the employer.
        EvidenceKind::Bank | EvidenceKind::SocialCard | EvidenceKind::FundAccount => 3 * 365,
        // It says who held the account on that day. Somebody else may hold it since.
        EvidenceKind::Face => 180,
        // Representatives are replaced; the register is asked anew each year (企业信息公示暂行条例 8: yearly report).
        // Children move to the other parent, and grow up.
        EvidenceKind::LegalRep | EvidenceKind::Guardian => 365,
    }
}

/// When a piece of evidence of this time ends. `card` is the end of the card that was seen, where one was.
pub fn expiry(kind: EvidenceKind, at: Ts, card: Option<Ts>) -> Ts {
    let most = at.plus_secs(lasts(kind) * 86_400);
    card.map_or(most, |end| end.min(most))
}

/// Whether a piece of evidence counts at this time.
pub fn counts(piece: &Evidence, now: Ts) -> bool {
    piece.result == MATCH && piece.expires_at.is_none_or(|end| end > now)
}

/// The kinds of which something counts at this time.
pub fn kinds(evidence: &[Evidence], now: Ts) -> Vec<EvidenceKind> {
    let mut all: Vec<_> = evidence.iter().filter(|e| counts(e, now)).map(|e| e.kind).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn has_card(kinds: &[EvidenceKind]) -> bool {
    kinds.iter().any(|k| matches!(k, EvidenceKind::NameId | EvidenceKind::NameIdPhone))
}

fn factors(kinds: &[EvidenceKind]) -> usize {
    FACTORS.iter().filter(|f| kinds.contains(f)).count()
}

/// The level that these kinds of evidence give.
pub fn level_of(kinds: &[EvidenceKind]) -> i32 {
    if kinds.contains(&EvidenceKind::WindowCard) {
        4
    } else if kinds.contains(&EvidenceKind::Face) {
        3
    } else if has_card(kinds) {
        if factors(kinds) >= FACTORS_NEEDED { REGISTERED } else { 1 }
    } else {
        0
    }
}

/// The level of assurance that follows from the evidence at this time.
pub fn level(evidence: &[Evidence], now: Ts) -> i32 {
    level_of(&kinds(evidence, now))
}

/// When that level ends by itself; never, when nothing of it expires.
pub fn level_until(evidence: &[Evidence], now: Ts) -> Option<Ts> {
    let is = level(evidence, now);
    let mut ends: Vec<Ts> =
        evidence.iter().filter(|e| counts(e, now)).filter_map(|e| e.expires_at).filter(|end| *end > now).collect();
    ends.sort_unstable();
    ends.into_iter().find(|end| level(evidence, *end) < is)
}

/// Whether somebody has seen the person within [`FRESH`] seconds.
pub fn is_fresh(evidence: &[Evidence], now: Ts) -> bool {
    let saw = |e: &&Evidence| matches!(e.kind, EvidenceKind::Face | EvidenceKind::WindowCard) && counts(e, now);
    // Clocks of several processes may differ by some seconds.
    evidence.iter().filter(saw).any(|e| (-60..FRESH).contains(&now.secs_since(e.at)))
}

/// What a step asks of the person who takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Need {
    pub level: i32,
    /// A face, or a look at a window, within [`FRESH`] seconds.
    pub is_fresh: bool,
}

impl Need {
    pub fn level(level: i32) -> Self {
        Self { level, is_fresh: false }
    }
}

/// What a person still has to show for a need: only what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Gap {
    /// Name and number (and with them the phone).
    pub card: bool,
    /// So many of the five, beside what is there and what the card brings.
    pub factors: usize,
    pub face: bool,
    pub window: bool,
}

impl Gap {
    pub fn is_closed(&self) -> bool {
        *self == Self::default()
    }
}

/// What is missing. `is_bound`: name and number of the account are known, of which a face can be asked.
pub fn gap(need: Need, evidence: &[Evidence], is_bound: bool, now: Ts) -> Gap {
    let kinds = kinds(evidence, now);
    let mut gap = gap_of(need.level, &kinds, is_bound);
    if need.is_fresh && !gap.window && !is_fresh(evidence, now) {
        (gap.face, gap.factors) = (true, 0);
        gap.card = !is_bound;
    }
    gap
}

fn gap_of(wanted: i32, kinds: &[EvidenceKind], is_bound: bool) -> Gap {
    if level_of(kinds) >= wanted {
        return Gap::default();
    }
    match wanted {
        1 => Gap { card: true, ..Gap::default() },
        REGISTERED => {
            // The form that asks for the card brings the phone.
            let card = !has_card(kinds);
            let brings = usize::from(card && !kinds.contains(&EvidenceKind::NameIdPhone));
            let factors = FACTORS_NEEDED.saturating_sub(factors(kinds) + brings);
            Gap { card, factors, ..Gap::default() }
        }
        3 => Gap { card: !is_bound, face: true, ..Gap::default() },
        _ => Gap { window: true, ..Gap::default() },
    }
}

#[cfg(test)]
#[path = "assurance_tests.rs"]
mod tests;
