//! Working days: the calendar of holidays and make-up workdays as data, and the arithmetic of limits.
//!
//! # Rules
//! - The day on which a limit begins is not counted (民法典 201); limits of licensing are in working days (行政许可法 82).
//! - A make-up Saturday or Sunday counts; a suspended day does not (行政许可法 45).
//! - A limit in calendar days that ends on a day off ends on the next working day (民法典 203).
//! - The State Council publishes the plan of a year in the autumn before it. Past the last known year the calendar goes by
//!   weekends, and a date that reaches there is marked as an estimate ([`Due::is_estimate`]).
//!
//! Table: `cal_day`.

mod plan;
mod store;

pub use plan::{Due, Limit, Plan, Span, Unit};
pub use store::{import, load, parse};
