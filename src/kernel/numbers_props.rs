//! What holds for every number: no text makes a parser fall over, what it takes it takes again, and one character that is another is
//! found.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn today() -> Day {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default()
}

type Parser = (&'static str, fn(&str) -> Result<String, Refused>);

fn id(text: &str) -> Result<String, Refused> {
    resident_id(text, today())
}

const ALL: [Parser; 6] = [
    ("resident-id", id),
    ("uscc", uscc),
    ("mobile", mobile),
    ("bank-card", bank_card),
    ("licence", licence),
    ("item-code", item_code),
];

/// A resident ID number with a check digit that fits.
fn resident() -> impl Strategy<Value = String> {
    (100_000u32..999_999, 0u32..45_000, 0u32..1000).prop_map(|(region, day, order)| {
        let birth = NaiveDate::from_ymd_opt(1900, 1, 1).and_then(|d| d.checked_add_days(chrono::Days::new(day.into())));
        let body = format!("{region}{}{order:03}", birth.unwrap_or_default().format("%Y%m%d"));
        let fits = "0123456789X".chars().map(|c| format!("{body}{c}")).find(|n| id(n).is_ok());
        fits.unwrap_or_default()
    })
}

/// A credit code with a check character that fits.
fn credit() -> impl Strategy<Value = String> {
    proptest::collection::vec(0usize..31, 17).prop_map(|values| {
        let body: String = values.iter().map(|v| char::from(USCC[*v])).collect();
        let fits = USCC.iter().map(|c| format!("{body}{}", char::from(*c))).find(|n| uscc(n).is_ok());
        fits.unwrap_or_default()
    })
}

/// A licence's identifier with a check character that fits.
fn identifier() -> impl Strategy<Value = String> {
    (credit(), credit(), 0u32..1000, "[0-9A-Z]{1,20}", 1u32..1000).prop_map(|(owner, issuer, kind, serial, version)| {
        let parts = [format!("{owner}{kind:03}"), issuer, serial, format!("{version:03}")];
        let check = mod37_36(&parts.concat()).unwrap_or_default();
        format!("1.2.156.3005.2.{}.{check}", parts.join("."))
    })
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_fall_over(text in "\\PC{0,60}", digits in "[0-9A-Zx. -]{0,60}", any in any::<String>()) {
        for (name, parse) in ALL {
            for text in [&text, &digits, &any] {
                if let Ok(plain) = parse(text) {
                    prop_assert_eq!(parse(&plain), Ok(plain.clone()), "{}", name);
                    prop_assert!(plain.is_ascii(), "{}", name);
                }
            }
        }
        let _ = (mod37_36(&any), is_checked_37_36(&any), birth_date(&any));
    }

    #[test]
    fn what_fits_is_taken_whatever_its_case_and_edges(id_number in resident(), code in credit(), licence_id in identifier()) {
        prop_assert!(!id_number.is_empty() && !code.is_empty());
        for (text, parse) in [(&id_number, id as fn(&str) -> _), (&code, uscc), (&licence_id, licence)] {
            prop_assert_eq!(parse(text), Ok(text.clone()));
            prop_assert_eq!(parse(&format!(" {} ", text.to_lowercase())), Ok(text.clone()));
        }
    }

    #[test]
    fn one_wrong_character_is_found(id_number in resident(), code in credit(), licence_id in identifier(), at in 0usize..18, by in 1usize..10) {
        // MOD 11-2, MOD 31 and MOD 37,36 find every single character that is another.
        let digit = usize::from(id_number.as_bytes()[at.min(16)] - b'0');
        let mut wrong = id_number.clone();
        wrong.replace_range(at.min(16)..=at.min(16), &((digit + by) % 10).to_string());
        prop_assert!(id(&wrong).is_err(), "{} {}", id_number, wrong);

        let value = USCC.iter().position(|c| *c == code.as_bytes()[at]).unwrap_or_default();
        let mut wrong = code.clone();
        wrong.replace_range(at..=at, &char::from(USCC[(value + by) % 31]).to_string());
        prop_assert_eq!(uscc(&wrong), Err("uscc-check"));

        let place = licence_id.rfind('.').unwrap_or_default() + 1;
        let value = ALNUM.iter().position(|c| *c == licence_id.as_bytes()[place]).unwrap_or_default();
        let wrong = format!("{}{}", &licence_id[..place], char::from(ALNUM[(value + by) % 36]));
        prop_assert_eq!(licence(&wrong), Err("licence-check"));
    }

    #[test]
    fn two_neighbours_that_changed_places_are_found(id_number in resident(), at in 0usize..16) {
        let bytes = id_number.as_bytes();
        prop_assume!(bytes[at] != bytes[at + 1]);
        let mut swapped = bytes.to_vec();
        swapped.swap(at, at + 1);
        prop_assert!(id(&String::from_utf8_lossy(&swapped)).is_err());
    }

    #[test]
    fn a_bank_card_has_one_check_digit(body in "[1-9][0-9]{13,17}") {
        let fits = (0..10).filter(|d| bank_card(&format!("{body}{d}")).is_ok()).count();
        prop_assert_eq!(fits, 1);
    }
}
