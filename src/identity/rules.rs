//! What follows from evidence, and what a password, a name and an address of mail must be. Pure.

use std::collections::HashSet;
use std::sync::OnceLock;

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

/// Characters of a password: enough for a sentence, and an end for the hasher's sake (ASVS 5.0 V6.2.1, V6.2.9).
pub const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Why a password is refused, as the code of a field's text; no rule on its composition (ASVS 5.0 V6.2.5). `about` are things that
/// everybody knows of its owner, such as the phone: neither is a password.
pub fn refused_password(password: &str, about: &[&str]) -> Option<&'static str> {
    let length = password.chars().count();
    let low = password.to_lowercase();
    let is_known = || about.iter().any(|a| !a.is_empty() && low == a.to_lowercase());
    if length < *PASSWORD_LENGTH.start() {
        Some("password-short")
    } else if length > *PASSWORD_LENGTH.end() {
        Some("password-long")
    } else if common_passwords().contains(low.as_str()) || is_one_character(&low) || is_known() {
        Some("password-common")
    } else {
        None
    }
}

fn is_one_character(text: &str) -> bool {
    let mut all = text.chars();
    let first = all.next();
    all.all(|c| Some(c) == first)
}

/// The commonest passwords of eight characters and more, in lower case (from the list of the zxcvbn project, MIT licence, with those
/// that are common in China).
fn common_passwords() -> &'static HashSet<&'static str> {
    static LIST: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LIST.get_or_init(|| include_str!("common_passwords.txt").lines().collect())
}

/// A person's name as it stands on an ID card, without white space at its ends; the dot of names of other peoples is made one.
pub fn person_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().map(|c| if matches!(c, '•' | '・' | '‧') { '·' } else { c }).collect();
    let length = name.chars().count();
    let fits = name.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | ' ' | '.' | '-' | '\''));
    ((2..=50).contains(&length) && fits).then_some(name)
}

/// Whether mail could be sent there: one @, a host with a dot, nothing that breaks a header.
pub fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain =
        |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\' | '@');
    let labels = host.split('.').collect::<Vec<_>>();
    (1..=64).contains(&name.len())
        && text.len() <= 200
        && name.chars().all(plain)
        && labels.len() > 1
        && labels.iter().all(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
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

    #[test]
    fn passwords_are_judged_by_length_and_by_being_common() {
        assert_eq!(refused_password("七个字符不够长", &[]), Some("password-short"));
        assert_eq!(refused_password("八个汉字够长了吧", &[]), None);
        assert_eq!(refused_password(&"长".repeat(128), &[]), Some("password-common"));
        assert_eq!(refused_password(&"ab".repeat(64), &[]), None);
        assert_eq!(refused_password(&"ab".repeat(65), &[]), Some("password-long"));
        assert_eq!(refused_password("Password1", &[]), Some("password-common"));
        assert_eq!(refused_password("woaini1314", &[]), Some("password-common"));
        assert_eq!(refused_password("13800138000", &["13800138000"]), Some("password-common"));
        assert_eq!(refused_password("13800138000", &["", "13900139000"]), None);
    }

    #[test]
    fn names_as_on_the_card() {
        assert_eq!(person_name(" 林悦 ").as_deref(), Some("林悦"));
        assert_eq!(person_name("迪丽•热巴").as_deref(), Some("迪丽·热巴"));
        assert_eq!(person_name("林"), None);
        assert_eq!(person_name("林悦1"), None);
        assert_eq!(person_name("<b>林"), None);
    }

    #[test]
    fn addresses_of_mail() {
        for good in ["a@b.cn", "lin.yue+x@mail.example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["", "a", "a@b", "@b.cn", "a@b.", "a b@c.cn", "a@b.cn\nBcc: x@y.cn", "a@@b.cn", "a,b@c.cn", "林@b.cn"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
