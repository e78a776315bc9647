//! How often something may be tried: a sliding window of counts, kept in the database so that all processes count together.
//!
//! The window is estimated from two counts (this window's, and the share of the last window's that still lies within reach), so a
//! key needs one row. Keys are blind indexes: nobody can read from the table who tried.

use super::store::throttle as store;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Kind, Result, Ts};

/// So many tries within a window of so many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// What is counted; part of the key.
    pub what: &'static str,
    pub tries: i32,
    pub window: i64,
}

/// What the window has seen, from a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Ts,
    /// Tries in the window before this one.
    pub before: i32,
    /// Tries in this window.
    pub hits: i32,
}

impl Window {
    /// The window that holds this time: the same, the one after it, or a new one.
    pub fn at(self, now: Ts, length: i64) -> Self {
        let age = now.secs_since(self.from);
        if age < length {
            self
        } else if age < 2 * length {
            Self { from: self.from.plus_secs(length), before: self.hits, hits: 0 }
        } else {
            Self { from: now, before: 0, hits: 0 }
        }
    }

    /// Seconds until one more try is within the limit; 0 when it is now.
    pub fn wait(self, now: Ts, limit: Limit) -> i64 {
        let length = limit.window;
        let age = now.secs_since(self.from).clamp(0, length);
        let (before, hits, most) = (i64::from(self.before), i64::from(self.hits), i64::from(limit.tries));
        // What the last window still weighs shrinks evenly: before · (length - age) / length.
        if before * (length - age) < (most - hits) * length {
            return 0;
        }
        if hits < most {
            // before > 0 here, or the weight would have been below the limit
            return length - age - ((most - hits) * length - 1) / before.max(1);
        }
        // This window is full: wait for its end, and until its own weight has shrunk below the limit.
        (length - age) + length - (most * length - 1) / hits.max(1)
    }
}

/// Counts a try.
///
/// # Errors
/// Too many, code `too-many-tries` with `minutes` to wait; then it was not counted.
pub fn take(c: &mut Conn, ctx: &Ctx, limit: Limit, of: &str) -> Result<()> {
    let key = key(ctx, limit, of);
    let window = store::hit(c, &key, ctx.now, limit.window)?;
    let earlier = Window { hits: window.hits - 1, ..window };
    match earlier.wait(ctx.now, limit) {
        0 => Ok(()),
        secs => {
            // The refusal undoes the transaction, and the count with it.
            Err(Error::new(Kind::TooMany, "too-many-tries").with("minutes", (secs + 59) / 60))
        }
    }
}

/// How many tries are left now.
pub fn left(c: &mut Conn, ctx: &Ctx, limit: Limit, of: &str) -> Result<i32> {
    let Some(window) = store::find(c, &key(ctx, limit, of))? else { return Ok(limit.tries) };
    let mut window = window.at(ctx.now, limit.window);
    let mut left = 0;
    while left < limit.tries && window.wait(ctx.now, limit) == 0 {
        window.hits += 1;
        left += 1;
    }
    Ok(left)
}

/// Takes one try back, as when it did not come to a judgement.
pub fn give_back(c: &mut Conn, ctx: &Ctx, limit: Limit, of: &str) -> Result<()> {
    store::give_back(c, &key(ctx, limit, of))
}

/// Forgets what was counted, as after a success.
pub fn clear(c: &mut Conn, ctx: &Ctx, limit: Limit, of: &str) -> Result<()> {
    store::clear(c, &key(ctx, limit, of))
}

/// Deletes the rows whose windows are over three days old; returns how many. For the cleaning task.
pub fn purge(c: &mut Conn, now: Ts) -> Result<usize> {
    store::purge(c, now.minus_secs(3 * 86_400))
}

fn key(ctx: &Ctx, limit: Limit, of: &str) -> Vec<u8> {
    ctx.keys.index("throttle", &format!("{}\0{of}", limit.what))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { what: "test", tries: 10, window: 900 };
    const START: Ts = Ts::from_micros(1_800_000_000_000_000);

    fn window(before: i32, hits: i32) -> Window {
        Window { from: START, before, hits }
    }

    #[test]
    fn ten_are_free_and_the_eleventh_waits() {
        let now = START.plus_secs(60);
        assert_eq!(window(0, 9).wait(now, LIMIT), 0);
        let wait = window(0, 10).wait(now, LIMIT);
        assert!((840..=930).contains(&wait), "{wait}");
    }

    #[test]
    fn after_the_wait_there_is_one_try_and_not_a_second_before() {
        for (before, hits) in [(0, 10), (10, 3), (10, 0), (25, 1), (4, 8), (0, 40)] {
            for age in [0, 1, 300, 899] {
                let now = START.plus_secs(age);
                let wait = window(before, hits).wait(now, LIMIT);
                let at = |secs: i64| {
                    let then = now.plus_secs(secs);
                    window(before, hits).at(then, LIMIT.window).wait(then, LIMIT)
                };
                assert_eq!(at(wait), 0, "{before} {hits} {age}");
                assert!(wait == 0 || at(wait - 1) > 0, "{before} {hits} {age}: {wait}");
            }
        }
    }

    #[test]
    fn the_window_slides_and_forgets() {
        let old = window(7, 10);
        assert_eq!(old.at(START.plus_secs(899), 900), old);
        assert_eq!(old.at(START.plus_secs(900), 900), Window { from: START.plus_secs(900), before: 10, hits: 0 });
        let now = START.plus_secs(1800);
        assert_eq!(old.at(now, 900), Window { from: now, before: 0, hits: 0 });
    }
}
