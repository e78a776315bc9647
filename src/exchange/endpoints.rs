//! Where departments' systems are.

use super::model::Endpoint;
use super::store;
use crate::audit;
use crate::db::Conn;
use crate::identity::DepartmentId;
use crate::kernel::{Ctx, Error, Result, Role};

/// The shortest secret that may sign, in bytes (the scheme asks for 24 to 64).
pub const MIN_SECRET: usize = 24;

/// Writes where a department's system is, as the seed says: the address and the secret replace what was there, the breaker stays.
///
/// # Errors
/// 422 `secret-short`; internal when there is no such department.
pub fn seed_endpoint(c: &mut Conn, ctx: &Ctx, department_id: DepartmentId, url: &str, secret: &[u8]) -> Result<()> {
    ctx.is_system()?;
    is_long_enough(secret)?;
    store::upsert_endpoint(c, ctx, department_id, url, secret)
}

/// Gives a department's system another address and, where one is named, another secret; the former secret stays good beside it
/// until the next change, so that both sides need not change at once.
///
/// # Errors
/// 404 without such an endpoint, 422 `secret-short`.
pub fn change_endpoint(
    c: &mut Conn,
    ctx: &Ctx,
    department_id: DepartmentId,
    url: &str,
    secret: Option<&[u8]>,
    is_active: bool,
) -> Result<()> {
    ctx.with_role(Role::Admin)?;
    let now = store::find_endpoint(c, &ctx.keys, department_id)?.ok_or_else(Error::not_found)?;
    let (secret, old) = match secret {
        Some(new) => {
            is_long_enough(new)?;
            (new.to_vec(), Some(now.secret))
        }
        None => (now.secret, now.old_secret),
    };
    let next = Endpoint { department_id, url: url.to_owned(), secret, old_secret: old, is_active };
    store::update_endpoint(c, ctx, &next)?;
    audit::record(
        c,
        ctx,
        "exchange.endpoint",
        ("department", department_id.0),
        serde_json::json!({"active": is_active}),
    )
}

fn is_long_enough(secret: &[u8]) -> Result<()> {
    if secret.len() < MIN_SECRET { Err(Error::field("secret", "secret-short")) } else { Ok(()) }
}
