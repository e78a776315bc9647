//! Counts of tries.

use diesel::prelude::*;

use crate::db::schema::idn_throttle;
use crate::db::{Conn, Each};
use crate::identity::throttle::Window;
use crate::kernel::{Result, Ts};

/// Counts a try in the window of this time and returns the window with it. The row stays locked to the end of the transaction, so
/// that tries at the same time see each other.
pub(in crate::identity) fn hit(c: &mut Conn, key: &[u8], now: Ts, length: i64) -> Result<Window> {
    let insert = diesel::insert_into(idn_throttle::table)
        .values((
            idn_throttle::key.eq(key.to_vec()),
            idn_throttle::window_from.eq(now),
            idn_throttle::before.eq(0),
            idn_throttle::hits.eq(1),
        ))
        .on_conflict(idn_throttle::key)
        .do_update()
        .set(idn_throttle::hits.eq(idn_throttle::hits + 1));
    Each(insert).execute(c)?;
    let Some(counted) = find(c, key)? else { return Ok(Window { from: now, before: 0, hits: 1 }) };
    let before = Window { hits: counted.hits - 1, ..counted };
    let moved = before.at(now, length);
    let window = Window { hits: moved.hits + 1, ..moved };
    if moved != before {
        diesel::update(idn_throttle::table.find(key))
            .set((
                idn_throttle::window_from.eq(window.from),
                idn_throttle::before.eq(window.before),
                idn_throttle::hits.eq(window.hits),
            ))
            .execute(c)?;
    }
    Ok(window)
}

pub(in crate::identity) fn find(c: &mut Conn, key: &[u8]) -> Result<Option<Window>> {
    let row: Option<(Ts, i32, i32)> = idn_throttle::table
        .find(key)
        .select((idn_throttle::window_from, idn_throttle::before, idn_throttle::hits))
        .first(c)
        .optional()?;
    Ok(row.map(|(from, before, hits)| Window { from, before, hits }))
}

pub(in crate::identity) fn give_back(c: &mut Conn, key: &[u8]) -> Result<()> {
    diesel::update(idn_throttle::table.find(key).filter(idn_throttle::hits.gt(0)))
        .set(idn_throttle::hits.eq(idn_throttle::hits - 1))
        .execute(c)?;
    Ok(())
}

pub(in crate::identity) fn clear(c: &mut Conn, key: &[u8]) -> Result<()> {
    diesel::delete(idn_throttle::table.find(key)).execute(c)?;
    Ok(())
}

/// Deletes what began before this time.
pub(in crate::identity) fn purge(c: &mut Conn, before: Ts) -> Result<usize> {
    Ok(diesel::delete(idn_throttle::table.filter(idn_throttle::window_from.lt(before))).execute(c)?)
}
