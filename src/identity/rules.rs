//! What a password, a name, an address of mail and the numbers of cards must be. Pure.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::model::EvidenceKind;
use crate::kernel::numbers;

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
    } else if common_passwords().contains(low.as_str()) || is_one_character(&low) || is_own_word(&low) || is_known() {
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

/// What this platform and its city are called: with figures and signs around it, it is no password (ASVS 5.0 V6.2.11).
const OWN_WORDS: [&str; 10] = [
    "cloudmart",
    "yunchuan",
    "yunchaoshi",
    "zhengwu",
    "zhengwufuwu",
    "云超市",
    "云川",
    "云川市",
    "政务服务",
    "政务服务云超市",
];

fn is_own_word(low: &str) -> bool {
    let core = low.trim_matches(|ch: char| !ch.is_alphabetic());
    OWN_WORDS.contains(&core)
}

/// The commonest passwords of eight characters and more, in lower case (from the list of the zxcvbn project, MIT licence, with those
/// that are common in China, and short ones with the figures that people add to make them long enough). At least the 3,000 of ASVS 5.0
/// V6.2.4.
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

/// The number that a factor of the registration is known by, as it is sent to the verifier: without spaces and hyphens, in capitals.
///
/// # Errors
/// Code of a field's text. What a number must look like is told by the cards themselves; whether there is such a one, by the verifier.
pub fn factor_number(kind: EvidenceKind, text: &str) -> Result<String, numbers::Refused> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
    let is = |length: std::ops::RangeInclusive<usize>, fits: fn(&u8) -> bool| {
        length.contains(&plain.len()) && plain.as_bytes().iter().all(fits)
    };
    match kind {
        EvidenceKind::Bank => numbers::bank_card(&plain),
        EvidenceKind::SocialCard if is(8..=12, u8::is_ascii_alphanumeric) => Ok(plain),
        EvidenceKind::SocialCard => Err("social-card-shape"),
        EvidenceKind::FundAccount if is(6..=20, u8::is_ascii_alphanumeric) => Ok(plain),
        EvidenceKind::FundAccount => Err("fund-account-shape"),
        EvidenceKind::DrivingLicence if is(12..=12, u8::is_ascii_digit) => Ok(plain),
        EvidenceKind::DrivingLicence => Err("driving-licence-shape"),
        _ => Err("not-an-option"),
    }
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
        assert_eq!(refused_password("YunChuan2026!", &[]), Some("password-common"));
        assert_eq!(refused_password("云川市政务服务123", &[]), None, "several words are a sentence");
        assert_eq!(refused_password("云超市20261127", &[]), Some("password-common"));
        let long = common_passwords().iter().filter(|p| PASSWORD_LENGTH.contains(&p.chars().count())).count();
        assert!(long >= 3000, "{long}");
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
    fn numbers_of_cards() {
        use EvidenceKind::{Bank, DrivingLicence, Face, FundAccount, SocialCard};
        assert_eq!(factor_number(Bank, "6222 0212-3456 7894").as_deref(), Ok("6222021234567894"));
        assert_eq!(factor_number(Bank, "6222021234567895"), Err("bank-card-check"));
        assert_eq!(factor_number(SocialCard, " d1234567-8").as_deref(), Ok("D12345678"));
        assert_eq!(factor_number(SocialCard, "D123"), Err("social-card-shape"));
        assert_eq!(factor_number(DrivingLicence, "980100123456").as_deref(), Ok("980100123456"));
        assert_eq!(factor_number(DrivingLicence, "98010012345X"), Err("driving-licence-shape"));
        assert_eq!(factor_number(FundAccount, "980100998877").as_deref(), Ok("980100998877"));
        assert_eq!(factor_number(FundAccount, "号码"), Err("fund-account-shape"));
        assert_eq!(factor_number(Face, "1"), Err("not-an-option"));
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
