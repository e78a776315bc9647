//! The numbers of a case.
//!
//! - Case number (办件编号, an..50 by GB/T 39046): implementing code (31) + day (8) + serial of the day (6) + ISO 7064 MOD 37,36
//!   check character = 46.
//! - Receipt number, for people: day (6) + serial (6) = 12 digits. The serial counts all cases of the platform in a day.
//! - Query code: 8 random characters without look-alikes, since six digits could be guessed.

use super::store;
use crate::db::Conn;
use crate::kernel::{Day, Error, Result, crypto, numbers};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    pub case_no: String,
    pub receipt_no: String,
    pub query_code: String,
}

impl Numbers {
    /// # Errors
    /// The implementing code has a character that the check does not know.
    pub fn new(code: &str, day: Day, serial: i32) -> Result<Self> {
        let body = format!("{code}{}{serial:06}", day.format("%Y%m%d"));
        let check =
            numbers::mod37_36(&body).ok_or_else(|| Error::internal(format!("{code} is no implementing code")))?;
        let receipt_no = format!("{}{serial:06}", day.format("%y%m%d"));
        Ok(Self { case_no: format!("{body}{check}"), receipt_no, query_code: crypto::random_code(8) })
    }
}

/// Takes `count` serials of a day; returns the first. They are taken in blocks, so that submissions do not queue for one row.
pub fn reserve_serials(c: &mut Conn, day: Day, count: i32) -> Result<i32> {
    Ok(store::add_serials(c, day, count)? - count + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_number_has_46_characters_and_a_check() {
        let day = "2026-11-22".parse().unwrap();
        let n = Numbers::new("11440100007482575H3440118009000", day, 123).unwrap();
        assert_eq!(n.case_no.len(), 46);
        assert!(n.case_no.starts_with("11440100007482575H344011800900020261122000123"));
        assert!(numbers::is_checked_37_36(&n.case_no));
        assert_eq!(n.receipt_no, "261122000123");
        assert_eq!(n.query_code.len(), 8);
    }
}
