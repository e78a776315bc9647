use serde::Serialize;

use crate::identity::StaffId;
use crate::kernel::Ts;

crate::id_type!(
    /// A file that is taken in.
    ImportId
);

crate::text_enum!(
    /// `waiting` until it has come to its end.
    ImportState { Waiting = "waiting", Done = "done", Failed = "failed" }
);

/// So often a process may begin or go on with one.
pub const MOST_ATTEMPTS: i32 = 5;

/// A file that is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    pub id: ImportId,
    pub staff_id: StaffId,
    /// Of the file.
    pub name: String,
    pub state: ImportState,
    /// Why it failed, text `error-…`.
    pub error: Option<String>,
    /// Items in the file.
    pub total: i32,
    /// How many of them were taken up.
    pub place: i32,
    /// Of those: changes that wait for review now,
    pub submitted: i32,
    /// with another change under way,
    pub under_way: i32,
    /// kept by others,
    pub not_kept: i32,
    /// as they are in force,
    pub unchanged: i32,
    /// and with something wrong.
    pub left_out: i32,
    pub created_at: Ts,
    pub ended_at: Option<Ts>,
}

/// A file that somebody wants taken in.
#[derive(Debug, Clone)]
pub struct Wish {
    pub name: String,
    /// Digest of the file.
    pub file: Vec<u8>,
    pub reason: String,
    pub total: usize,
}

/// A file that this process may take in.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: ImportId,
    pub staff_id: StaffId,
    pub name: String,
    pub file: Vec<u8>,
    pub reason: String,
    pub place: i32,
    /// With this one; the first is 1.
    pub attempt: i32,
}
