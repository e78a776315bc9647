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
    fn mobiles() {
        assert_eq!(mobile("138 0013-8000").as_deref(), Ok("13800138000"));
        assert_eq!(mobile("+8613800138000").as_deref(), Ok("13800138000"));
        assert_eq!(mobile("12800138000"), Err("phone-shape"));
        assert_eq!(mobile("1380013800"), Err("phone-shape"));
    }
}
