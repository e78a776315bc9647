//! Ids are made in the process: UUIDv7, so that new rows stand together at the right edge of an index on both engines.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU16, Ordering};

use rand::Rng;
use uuid::Uuid;

use super::{Error, Ts};

/// 128 bits, time-ordered. Each table has its own newtype around it (`CaseId`), made by [`crate::id_type!`].
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[diesel(sql_type = crate::db::schema::types::IdSql)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// A new id; its leading bits are the process's time and need not agree with a moved clock.
    pub fn random() -> Self {
        Self(Uuid::now_v7())
    }
    /// An id whose leading bits are `at`: for seeded history, so that old rows stand at the left.
    pub fn at(at: Ts) -> Self {
        let secs = at.micros().div_euclid(1_000_000).max(0) as u64;
        let nanos = (at.micros().rem_euclid(1_000_000) * 1000) as u32;
        Self(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, secs, nanos)))
    }
    /// An id that sorts by its instant to the microsecond, and within one by when this process made it: rows that are named by such ids
    /// need no other index to stand in the order of their time.
    pub fn in_order(at: Ts) -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let mut bytes = *Self::first_of(at).bytes();
        let [high, low] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes[8] |= high & 0x3f;
        bytes[9] = low;
        rand::rng().fill_bytes(&mut bytes[10..]);
        Self::from_bytes(bytes)
    }
    /// The least id that [`Id::in_order`] gives to an instant: a border between what came before it and what came since.
    pub fn first_of(at: Ts) -> Self {
        let micros = at.micros().max(0) as u64;
        let mut bytes = [0u8; 16];
        bytes[..6].copy_from_slice(&(micros / 1000).to_be_bytes()[2..]);
        // The version, and what is left of a millisecond in ten of the twelve bits behind it.
        bytes[6..8].copy_from_slice(&(0x7000 | ((micros % 1000) as u16) << 2).to_be_bytes());
        bytes[8] = 0x80;
        Self::from_bytes(bytes)
    }
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
    pub fn bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}
impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Id {
    type Err = Error;
    /// A text that is not an id names nothing: 404, like an id of something that is not there.
    fn from_str(s: &str) -> Result<Self, Error> {
        Uuid::try_parse(s).map(Self).map_err(|_| Error::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_order_sort_by_their_instants() {
        let at = |micros: i64| Ts::from_micros(1_800_000_000_000_000 + micros);
        let ids: Vec<Id> = [0, 1, 999, 1000, 1001, 5_000_000].map(|m| Id::in_order(at(m))).to_vec();
        assert!(ids.is_sorted(), "{ids:?}");
        let same: Vec<Id> = (0..20).map(|_| Id::in_order(at(7))).collect();
        assert!(same.windows(2).filter(|w| w[0] < w[1]).count() >= 18, "{same:?}");
        assert!(same.iter().all(|id| Id::first_of(at(7)) <= *id && *id < Id::first_of(at(8))));
        assert_eq!(same[0].0.get_version_num(), 7);
    }
}
