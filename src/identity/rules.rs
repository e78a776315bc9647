//! What follows from evidence, and what a password must be. Pure.

use super::model::{Evidence, EvidenceKind};
use crate::kernel::Ts;

/// The result of evidence that speaks for the person.
pub const MATCH: &str = "match";

/// What one kind of evidence is worth (the four levels in use on the national platform: name and number; with the phone; a living
/// face; face to face with the card read).
pub fn worth(kind: EvidenceKind) -> i32 {
    match kind {
        EvidenceKind::NameId => 1,
        EvidenceKind::NameIdPhone => 2,
        EvidenceKind::Face => 3,
        EvidenceKind::WindowCard => 4,
    }
}

/// Whether a piece of evidence counts at this time.
pub fn counts(piece: &Evidence, now: Ts) -> bool {
    piece.result == MATCH && piece.expires_at.is_none_or(|end| end > now)
}

/// The level of assurance that follows from the evidence: that of the strongest piece that counts, 0 without any.
pub fn level(evidence: &[Evidence], now: Ts) -> i32 {
    evidence.iter().filter(|e| counts(e, now)).map(|e| worth(e.kind)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::model::EvidenceId;

    const NOW: Ts = Ts::from_micros(1_800_000_000_000_000);

    fn piece(kind: EvidenceKind, result: &str, expires_at: Option<Ts>) -> Evidence {
        let (issuer, reference) = ("verifier".into(), "1".into());
        Evidence { id: EvidenceId::random(), kind, issuer, result: result.into(), reference, at: NOW, expires_at }
    }

    #[test]
    fn the_strongest_piece_that_counts_decides() {
        use EvidenceKind::{Face, NameId, NameIdPhone, WindowCard};
        assert_eq!(level(&[], NOW), 0);
        assert_eq!(level(&[piece(NameIdPhone, "mismatch", None)], NOW), 0);
        assert_eq!(level(&[piece(NameIdPhone, MATCH, None), piece(NameIdPhone, "mismatch", None)], NOW), 2);
        assert_eq!(level(&[piece(NameId, MATCH, None), piece(WindowCard, MATCH, None)], NOW), 4);
        assert_eq!(level(&[piece(NameId, MATCH, None), piece(Face, "unknown", None)], NOW), 1);
    }

    #[test]
    fn evidence_ends_at_its_expiry() {
        let face = [piece(EvidenceKind::Face, MATCH, Some(NOW))];
        assert_eq!(level(&face, NOW.minus_secs(1)), 3);
        assert_eq!(level(&face, NOW), 0);
    }
}
