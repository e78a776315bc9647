use EvidenceKind::{Bank, DrivingLicence, Face, FundAccount, LegalRep, NameId, NameIdPhone, SocialCard, WindowCard};

use super::*;
use crate::identity::model::{EvidenceId, Via};

const NOW: Ts = Ts::from_micros(1_800_000_000_000_000);
const DAY: i64 = 86_400;

fn piece(kind: EvidenceKind, result: &str, at: Ts) -> Evidence {
    let expires_at = Some(expiry(kind, at, None));
    let (issuer, reference, via) = ("verifier".into(), "1".into(), Via::Online);
    Evidence { id: EvidenceId::random(), kind, issuer, result: result.into(), reference, via, at, expires_at }
}

fn all(kinds: &[EvidenceKind]) -> Vec<Evidence> {
    kinds.iter().map(|k| piece(*k, MATCH, NOW)).collect()
}

#[test]
fn the_registration_wants_the_card_and_two_more() {
    for (kinds, expected) in [
        (&[][..], 0),
        (&[NameId], 1),
        (&[NameIdPhone], 1),
        (&[NameId, Bank], 1),
        (&[NameId, Bank, Bank], 1),
        (&[NameId, NameIdPhone], 1),
        (&[NameIdPhone, Bank], 2),
        (&[NameId, SocialCard, DrivingLicence], 2),
        (&[NameId, FundAccount, SocialCard, Bank], 2),
        // Without the card the others are nobody's.
        (&[Bank, SocialCard, FundAccount, DrivingLicence], 0),
        (&[LegalRep], 0),
        (&[NameIdPhone, LegalRep], 1),
        (&[Face], 3),
        (&[NameId, Face], 3),
        (&[WindowCard], 4),
        (&[NameIdPhone, Bank, Face, WindowCard], 4),
    ] {
        assert_eq!(level(&all(kinds), NOW), expected, "{kinds:?}");
    }
}

#[test]
fn what_the_verifier_did_not_vouch_for_is_worth_nothing() {
    for result in ["mismatch", "unknown", "deceased", "taken", "stale", ""] {
        for kind in EvidenceKind::ALL {
            assert_eq!(level(&[piece(*kind, result, NOW)], NOW), 0, "{kind} {result}");
        }
    }
    let mixed = [piece(NameIdPhone, MATCH, NOW), piece(Bank, "mismatch", NOW), piece(Face, "mismatch", NOW)];
    assert_eq!(level(&mixed, NOW), 1);
}

#[test]
fn a_level_ends_with_what_it_rests_on() {
    let face = [piece(NameIdPhone, MATCH, NOW), piece(Bank, MATCH, NOW), piece(Face, MATCH, NOW)];
    let until = level_until(&face, NOW);
    assert_eq!(until, Some(NOW.plus_secs(180 * DAY)));
    let last = NOW.plus_secs(180 * DAY);
    assert_eq!((level(&face, last.minus_secs(1)), level(&face, last)), (3, 2));
    // From there on the phone is the first to go, and the card with it.
    assert_eq!(level_until(&face, last), Some(NOW.plus_secs(2 * 365 * DAY)));
    // A second phone match keeps the level beyond the first.
    let twice = [face[0].clone(), face[1].clone(), piece(NameIdPhone, MATCH, NOW.plus_secs(DAY))];
    assert_eq!(level_until(&twice, NOW), Some(NOW.plus_secs(2 * 365 * DAY + DAY)));
    assert_eq!(level_until(&[], NOW), None);
}

#[test]
fn a_card_counts_no_longer_than_it_is_valid() {
    let soon = NOW.plus_secs(30 * DAY);
    assert_eq!(expiry(WindowCard, NOW, Some(soon)), soon);
    let late = NOW.plus_secs(20 * 365 * DAY);
    assert_eq!(expiry(WindowCard, NOW, Some(late)), NOW.plus_secs(5 * 365 * DAY));
}

#[test]
fn a_face_is_fresh_for_half_an_hour() {
    let face = all(&[Face]);
    assert!(is_fresh(&face, NOW) && is_fresh(&face, NOW.plus_secs(FRESH - 1)));
    assert!(!is_fresh(&face, NOW.plus_secs(FRESH)));
    assert!(is_fresh(&all(&[WindowCard]), NOW) && !is_fresh(&all(&[NameIdPhone]), NOW));
    assert!(!is_fresh(&[piece(Face, "mismatch", NOW)], NOW));
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let asks =
        |level, is_fresh, kinds: &[EvidenceKind], is_bound| gap(Need { level, is_fresh }, &all(kinds), is_bound, NOW);
    let none = Gap::default();
    assert!(asks(0, false, &[], false).is_closed());
    assert_eq!(asks(1, false, &[], false), Gap { card: true, ..none });
    assert_eq!(asks(2, false, &[], false), Gap { card: true, factors: 1, ..none });
    assert_eq!(asks(2, false, &[Bank], true), Gap { card: true, ..none });
    assert_eq!(asks(2, false, &[NameId], true), Gap { factors: 2, ..none });
    assert_eq!(asks(2, false, &[NameIdPhone], true), Gap { factors: 1, ..none });
    assert!(asks(2, false, &[NameIdPhone, Bank], true).is_closed());
    assert!(asks(2, false, &[Face], true).is_closed());
    assert_eq!(asks(3, false, &[], false), Gap { card: true, face: true, ..none });
    assert_eq!(asks(3, false, &[NameIdPhone], true), Gap { face: true, ..none });
    assert_eq!(asks(4, true, &[Face], true), Gap { window: true, ..none });
    assert!(asks(4, true, &[WindowCard], true).is_closed());
    assert!(asks(3, true, &[Face], true).is_closed());
    let old = gap(Need { level: 3, is_fresh: true }, &all(&[Face]), true, NOW.plus_secs(FRESH));
    assert_eq!(old, Gap { face: true, ..none });
}

/// Whoever closes the gap has the level: in every order of the kinds there are.
#[test]
fn who_closes_the_gap_has_what_was_needed() {
    for level in 0..=4 {
        for start in [&[][..], &[NameId], &[NameIdPhone], &[Bank], &[Bank, SocialCard], &[NameId, Face]] {
            let mut has = all(start);
            for _ in 0..6 {
                let open = gap(Need::level(level), &has, true, NOW);
                let next = match open {
                    g if g.is_closed() => break,
                    g if g.card => NameIdPhone,
                    g if g.window => WindowCard,
                    g if g.face => Face,
                    _ => *FACTORS.iter().find(|f| !kinds(&has, NOW).contains(f)).unwrap_or(&Bank),
                };
                has.push(piece(next, MATCH, NOW));
            }
            assert!(super::level(&has, NOW) >= level, "{start:?} to {level}");
        }
    }
}
