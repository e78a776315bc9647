//! Declarations of programs, each known by a key of its own, so that a repeat makes no second case.

use super::store;
use crate::cases::CaseId;
use crate::db::Conn;
use crate::identity::ClientId;
use crate::kernel::{Ctx, Error, Result};

/// What a program calls its declaration, and the digest of what it said.
#[derive(Debug, Clone)]
pub struct DeclaredKey {
    pub client: ClientId,
    pub key: String,
    pub digest: Vec<u8>,
}

/// The case that was made under this key.
///
/// # Errors
/// 422 `idempotency-key-reused` when something else was declared under it.
pub fn declared(c: &mut Conn, key: &DeclaredKey) -> Result<Option<CaseId>> {
    match store::find_declared(c, key.client, &key.key)? {
        Some((case, digest)) if digest == key.digest => Ok(Some(case)),
        Some(_) => Err(Error::invalid("idempotency-key-reused")),
        None => Ok(None),
    }
}

/// Keeps which case was made under a key.
///
/// # Errors
/// 409 `already-there` when another declaration under it came at the same time: at the latest when the transaction is committed.
pub fn keep_declared(c: &mut Conn, ctx: &Ctx, key: &DeclaredKey, case: CaseId) -> Result<()> {
    store::insert_declared(c, key.client, &key.key, &key.digest, case, ctx.now)
}
