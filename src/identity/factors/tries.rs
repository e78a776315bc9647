//! How often the second factor may be tried. Whoever tries knows the password already, so it takes few.

use crate::db::Conn;
use crate::identity::model::StaffId;
use crate::identity::throttle::{self, Limit};
use crate::kernel::{Ctx, Result};

const PER_ACCOUNT: Limit = Limit { what: "factor-account", tries: 5, window: 15 * 60 };
/// Of a million codes three are right at a time: twenty tries a day leave one chance in 16,000.
const PER_DAY: Limit = Limit { what: "factor-day", tries: 20, window: 24 * 3600 };
const PER_ADDRESS: Limit = Limit { what: "factor-address", tries: 60, window: 15 * 60 };

/// Counts a try.
///
/// # Errors
/// Too many: `too-many-tries`, with `minutes` to wait.
pub(super) fn count(c: &mut Conn, ctx: &Ctx, staff: StaffId, address: &str) -> Result<()> {
    throttle::take(c, ctx, PER_ADDRESS, address)?;
    throttle::take(c, ctx, PER_DAY, &staff.to_string())?;
    throttle::take(c, ctx, PER_ACCOUNT, &staff.to_string())
}

/// The try was a good one: the account's failures are forgotten.
pub(super) fn succeeded(c: &mut Conn, ctx: &Ctx, staff: StaffId, address: &str) -> Result<()> {
    throttle::give_back(c, ctx, PER_ADDRESS, address)?;
    forget(c, ctx, staff)
}

pub(super) fn forget(c: &mut Conn, ctx: &Ctx, staff: StaffId) -> Result<()> {
    throttle::clear(c, ctx, PER_DAY, &staff.to_string())?;
    throttle::clear(c, ctx, PER_ACCOUNT, &staff.to_string())
}
