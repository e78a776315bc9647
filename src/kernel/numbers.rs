//! Check digits of the field's numbers.
//!
//! - resident ID number: GB 11643-1999 (ISO 7064 MOD 11-2)
//! - unified social credit code: GB 32100-2015 (MOD 31), with the organisation code of GB 11714 inside
//! - case number and licence identifier: ISO 7064 MOD 37,36

use chrono::NaiveDate;

use super::Day;

/// Why a number was refused; also a text key `field-<code>`.
pub type Refused = &'static str;

/// A resident ID number of 18 characters, upper-cased. The region is checked by who knows the regions.
pub fn resident_id(text: &str, today: Day) -> Result<String, Refused> {
    let id = text.trim().to_ascii_uppercase();
    let bytes = id.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return Err("id-number-shape");
    }
    let birth = birth_date(&id).ok_or("id-number-date")?;
    if birth > today || birth < NaiveDate::from_ymd_opt(1880, 1, 1).unwrap_or_default() {
        return Err("id-number-date");
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = bytes[..17].iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    if b"10X98765432"[(sum % 11) as usize] != bytes[17] {
        return Err("id-number-check");
    }
    Ok(id)
}

/// The date of birth in a resident ID number.
pub fn birth_date(id: &str) -> Option<Day> {
    let part = id.get(6..14)?;
    NaiveDate::parse_from_str(part, "%Y%m%d").ok()
}

const USCC: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code of 18 characters, upper-cased.
pub fn uscc(text: &str) -> Result<String, Refused> {
    let code = text.trim().to_ascii_uppercase();
    let bytes = code.as_bytes();
    if bytes.len() != 18 {
        return Err("uscc-shape");
    }
    let mut sum = 0;
    let mut weight = 1;
    for b in &bytes[..17] {
        let value = USCC.iter().position(|c| c == b).ok_or("uscc-shape")?;
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    if USCC[(31 - sum % 31) % 31] != bytes[17] {
        return Err("uscc-check");
    }
    Ok(code)
}

/// A mobile number of the mainland, without separators.
pub fn mobile(text: &str) -> Result<String, Refused> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let b = digits.as_bytes();
    if b.len() == 11 && b[0] == b'1' && (b'3'..=b'9').contains(&b[1]) && b.iter().all(u8::is_ascii_digit) {
        Ok(digits.to_owned())
    } else {
        Err("phone-shape")
    }
}

/// A bank card's number (ISO/IEC 7812): 15 to 19 digits, the last of them the check digit of Luhn's rule.
pub fn bank_card(text: &str) -> Result<String, Refused> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !(15..=19).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("bank-card-shape");
    }
    let weighed = digits.bytes().rev().enumerate().map(|(at, b)| {
        let value = u32::from(b - b'0');
        if at % 2 == 0 { value } else { value * 2 % 10 + value * 2 / 10 }
    });
    if weighed.sum::<u32>().is_multiple_of(10) { Ok(digits) } else { Err("bank-card-check") }
}

const ALNUM: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The check character of ISO 7064 MOD 37,36 over letters and digits; `None` when another character is in it.
pub fn mod37_36(text: &str) -> Option<char> {
    let mut p = 36usize;
    for b in text.bytes() {
        let value = ALNUM.iter().position(|c| *c == b.to_ascii_uppercase())?;
        p = (p + value) % 36;
        if p == 0 {
            p = 36;
        }
        p = p * 2 % 37;
    }
    Some(char::from(ALNUM[(37 - p) % 36]))
}

/// Whether the last character is the MOD 37,36 check of the rest.
pub fn is_checked_37_36(text: &str) -> bool {
    match text.char_indices().next_back() {
        Some((at, last)) if at > 0 => mod37_36(&text[..at]) == Some(last.to_ascii_uppercase()),
        _ => false,
    }
}

/// The object identifier under which licences stand (GB/T 36904).
const LICENCE_ROOT: &str = "1.2.156.3005.2.";

/// A licence's identifier (GB/T 36904): type of 21 characters (the credit code of its owner and three digits), issuer, serial, version of
/// three digits and check character, between dots; with or without its root. The issuer is a credit code; some licences name the six
/// digits of a region there, which is taken.
pub fn licence(text: &str) -> Result<String, Refused> {
    let whole = text.trim().to_ascii_uppercase();
    let parts: Vec<&str> = whole.strip_prefix(LICENCE_ROOT).unwrap_or(&whole).split('.').collect();
    let [kind, issuer, serial, version, check] = parts[..] else { return Err("licence-shape") };
    let is_digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_kind = kind.is_ascii() && kind.len() == 21 && uscc(&kind[..18]).is_ok() && is_digits(&kind[18..], 3);
    if !is_plain(serial) || serial.len() > 100 || !is_digits(version, 3) || check.len() != 1 {
        return Err("licence-shape");
    }
    if !is_kind {
        return Err("licence-kind");
    }
    if uscc(issuer).is_err() && !is_digits(issuer, 6) {
        return Err("licence-issuer");
    }
    if mod37_36(&[kind, issuer, serial, version].concat()) != check.chars().next() {
        return Err("licence-check");
    }
    Ok(whole)
}

/// An item's implementing code (实施编码): the credit code of the body, the level of exercise, and the twelve digits of the basic code; or
/// with the two digits of one of its ways (业务办理项编码).
pub fn item_code(text: &str) -> Result<String, Refused> {
    let code = text.trim().to_ascii_uppercase();
    if !code.is_ascii() || !matches!(code.len(), 31 | 33) {
        return Err("item-code-shape");
    }
    uscc(&code[..18]).map_err(|_| "item-code-body")?;
    if !matches!(code.as_bytes()[18], b'1'..=b'7') {
        return Err("item-code-level");
    }
    if code[19..].bytes().all(|b| b.is_ascii_digit()) { Ok(code) } else { Err("item-code-shape") }
}

#[cfg(test)]
#[path = "numbers_props.rs"]
mod props;

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default()
    }

    #[test]
    fn resident_ids_of_the_standard() {
        assert!(resident_id("11010519491231002X", today()).is_ok());
        assert!(resident_id("11010519491231002x", today()).is_ok());
        assert!(resident_id("440524188001010014", today()).is_ok());
        assert_eq!(resident_id("110105194912310021", today()), Err("id-number-check"));
        assert_eq!(resident_id("11010520491231002X", today()), Err("id-number-date"));
        assert_eq!(resident_id("11010519491331002X", today()), Err("id-number-date"));
        assert_eq!(resident_id("1101051949123100", today()), Err("id-number-shape"));
        assert_eq!(resident_id("１１0105194912", today()), Err("id-number-shape"));
    }

    #[test]
    fn credit_codes_of_real_bodies() {
        for code in ["11440100007482575H", "11370800MB28559184", "12441500196720244T"] {
            assert_eq!(uscc(code).as_deref(), Ok(code));
        }
        assert_eq!(uscc("11440100007482575K"), Err("uscc-check"));
        assert_eq!(uscc("1144010000748257IH"), Err("uscc-shape"));
    }

    #[test]
    fn licence_identifier_of_the_field() {
        let body = "11100000000013338W01111430000006122244L20230000403002";
        assert_eq!(mod37_36(body), Some('S'));
        assert!(is_checked_37_36(&format!("{body}S")));
        assert!(!is_checked_37_36(&format!("{body}T")));
        assert!(!is_checked_37_36(""));
    }

    #[test]
    fn bank_cards() {
        assert_eq!(bank_card("6222 0212-3456 7894").as_deref(), Ok("6222021234567894"));
        assert_eq!(bank_card("4111111111111111").as_deref(), Ok("4111111111111111"));
        assert_eq!(bank_card("4111111111111112"), Err("bank-card-check"));
        assert_eq!(bank_card("4111"), Err("bank-card-shape"));
        assert_eq!(bank_card("４１１１１１１１１１１１１１１１"), Err("bank-card-shape"));
    }

    #[test]
    fn licences_of_the_field() {
        for real in [
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
            "11100000000013338W011.11430000006122244L.20230000403.001.U",
            "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
            "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
        ] {
            assert!(licence(real).is_ok(), "{real}");
        }
        let of = |text: &str| licence(text).err();
        assert_eq!(
            of("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.T"),
            Some("licence-check")
        );
        assert_eq!(of("11100000000013338X011.11430000006122244L.20230000403.002.S"), Some("licence-kind"));
        assert_eq!(of("11100000000013338W011.1143000000612224.20230000403.002.S"), Some("licence-issuer"));
        for none in ["", "....", "1.2.156.3005.2.", "11100000000013338W011.11430000006122244L..002.S", "证.照.标.识.码"]
        {
            assert_eq!(of(none), Some("licence-shape"), "{none}");
        }
    }

    #[test]
    fn codes_of_items() {
        for real in
            ["11440100007482575H3440118009000", "11370800MB285591843370117002011", "12441500196720244T3442199806003"]
        {
            assert_eq!(item_code(real).as_deref(), Ok(real));
            assert!(item_code(&format!("{real}01")).is_ok());
        }
        assert_eq!(item_code("11440100007482575K3440118009000"), Err("item-code-body"));
        assert_eq!(item_code("11440100007482575H9440118009000"), Err("item-code-level"));
        assert_eq!(item_code("11440100007482575H344011800900X"), Err("item-code-shape"));
        assert_eq!(item_code("é"), Err("item-code-shape"));
    }

    #[test]
    fn mobiles() {
        assert_eq!(mobile("138 0013-8000").as_deref(), Ok("13800138000"));
        assert_eq!(mobile("+8613800138000").as_deref(), Ok("13800138000"));
        assert_eq!(mobile("12800138000"), Err("phone-shape"));
        assert_eq!(mobile("1380013800"), Err("phone-shape"));
    }
}
