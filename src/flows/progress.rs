//! Asking for a case's progress with its number and its query code, without an account: how often one may be wrong.

use crate::cases::{self, Case};
use crate::db::Conn;
use crate::identity::throttle::{self, Limit};
use crate::kernel::{Ctx, Error, Kind, Result};

/// Wrong codes for one number, and wrong ones from one address.
const OF_NUMBER: Limit = Limit { what: "progress-number", tries: 20, window: 900 };
const OF_ADDRESS: Limit = Limit { what: "progress-address", tries: 60, window: 900 };

/// What somebody asks with.
#[derive(Clone)]
pub struct ProgressAsked {
    /// Case number or receipt number.
    pub no: String,
    pub code: String,
    /// Where the request comes from.
    pub address: String,
}

impl ProgressAsked {
    /// The number without what people put between its digits: written otherwise it is no other number to guess at.
    fn number(&self) -> String {
        let plain = self.no.chars().filter(|ch| !ch.is_whitespace() && *ch != '-');
        plain.collect::<String>().to_ascii_uppercase()
    }
}

/// The case of this number and this code. A read; after an error call [`progress_refused`], in a write.
///
/// # Errors
/// `progress-unknown` for a wrong number and a wrong code alike; `too-many-tries` when no try is left.
pub fn progress_of(c: &mut Conn, ctx: &Ctx, asked: &ProgressAsked) -> Result<Case> {
    let of_number = throttle::left(c, ctx, OF_NUMBER, &asked.number())?;
    if of_number == 0 || throttle::left(c, ctx, OF_ADDRESS, &asked.address)? == 0 {
        return Err(Error::new(Kind::TooMany, "too-many-tries"));
    }
    cases::by_number(c, ctx, &asked.no, &asked.code)
}

/// Counts a wrong try.
///
/// # Errors
/// `too-many-tries` with the minutes to wait, when no try was left.
pub fn progress_refused(c: &mut Conn, ctx: &Ctx, asked: &ProgressAsked) -> Result<()> {
    throttle::take(c, ctx, OF_NUMBER, &asked.number())?;
    throttle::take(c, ctx, OF_ADDRESS, &asked.address)
}
