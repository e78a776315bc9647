//! The table of uploaded files.

use diesel::prelude::*;

use crate::db::schema::cat_paper;
use crate::db::{Conn, Each};
use crate::files::Hash;
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

/// Tells whether it is new.
pub fn put(c: &mut Conn, hash: Hash, mime: &str, size: usize, staff: StaffId, now: Ts) -> Result<bool> {
    let row = (
        cat_paper::hash.eq(hash.0.to_vec()),
        cat_paper::mime.eq(mime),
        cat_paper::size.eq(i64::try_from(size).unwrap_or(i64::MAX)),
        cat_paper::staff_id.eq(staff),
        cat_paper::at.eq(now),
    );
    Ok(Each(diesel::insert_into(cat_paper::table).values(row).on_conflict_do_nothing()).execute(c)? > 0)
}

pub fn mime(c: &mut Conn, hash: Hash) -> Result<Option<String>> {
    Ok(cat_paper::table.find(hash.0.to_vec()).select(cat_paper::mime).first(c).optional()?)
}
