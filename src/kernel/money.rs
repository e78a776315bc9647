//! Money in fen (1/100 yuan), as an integer.

use std::fmt;

use serde::{Deserialize, Serialize};

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// What `12.34` yuan are, or `.5`, or `12`; nothing for anything else.
    pub fn from_yuan(text: &str) -> Option<Self> {
        let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !digits(yuan) || !digits(rest) || rest.len() > 2 || (yuan.is_empty() && rest.is_empty()) {
            return None;
        }
        let yuan = if yuan.is_empty() { 0 } else { yuan.parse::<i64>().ok()? };
        let rest: i64 = format!("{rest:0<2}").parse().ok()?;
        yuan.checked_mul(100)?.checked_add(rest).map(Self)
    }
}

impl fmt::Display for Fen {
    /// `1234` fen is written `12.34`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_fen() {
        let all = [("12.34", Some(1234)), ("12", Some(1200)), ("0.5", Some(50)), (".5", Some(50)), ("1.234", None)];
        for (typed, wanted) in all.into_iter().chain([("-1", None), ("", None), ("一", None), ("1e3", None)]) {
            assert_eq!(Fen::from_yuan(typed).map(|f| f.0), wanted, "{typed}");
        }
    }
}
