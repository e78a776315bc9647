//! Ids are made in the process: UUIDv7, so that new rows stand together at the right edge of an index on both engines.

use std::fmt;
use std::str::FromStr;

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
