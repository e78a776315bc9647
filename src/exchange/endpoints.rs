//! Where departments' systems are.

use super::model::Endpoint;
use super::store;
use crate::audit;
use crate::db::Conn;
use crate::identity::{self, DepartmentId};
use crate::kernel::{Ctx, Error, Permission, Result, crypto};
use crate::outside::http;

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

/// Characters of an address.
const MAX_URL: usize = 500;

/// Says for the first time where a department's system is. Its secret is returned, and can be read at no other time.
///
/// # Errors
/// 404 without such a department, 409 `already-there`, 422 `endpoint-url`.
pub fn add_endpoint(c: &mut Conn, ctx: &Ctx, department_id: DepartmentId, url: &str) -> Result<Vec<u8>> {
    ctx.may(Permission::Offices)?;
    is_address(url)?;
    identity::department(c, department_id)?.ok_or_else(Error::not_found)?;
    if store::find_endpoint(c, &ctx.keys, department_id)?.is_some() {
        return Err(Error::conflict("already-there"));
    }
    let secret = crypto::random32().to_vec();
    store::upsert_endpoint(c, ctx, department_id, url, &secret)?;
    let detail = serde_json::json!({ "active": true, "new": true });
    audit::record(c, ctx, "exchange.endpoint", ("department", department_id.0), detail)?;
    Ok(secret)
}

/// Gives a department's system another address and, where one is named, another secret; the former secret stays good beside it
/// until the next change, so that both sides need not change at once.
///
/// # Errors
/// 404 without such an endpoint, 422 `endpoint-url`, `secret-short`.
pub fn change_endpoint(
    c: &mut Conn,
    ctx: &Ctx,
    department_id: DepartmentId,
    url: &str,
    secret: Option<&[u8]>,
    is_active: bool,
) -> Result<()> {
    ctx.may(Permission::Offices)?;
    is_address(url)?;
    let now = store::find_endpoint(c, &ctx.keys, department_id)?.ok_or_else(Error::not_found)?;
    let is_rotated = secret.is_some();
    let (secret, old) = match secret {
        Some(new) => {
            is_long_enough(new)?;
            (new.to_vec(), Some(now.secret))
        }
        None => (now.secret, now.old_secret),
    };
    let next = Endpoint { department_id, url: url.to_owned(), secret, old_secret: old, is_active };
    store::update_endpoint(c, ctx, &next)?;
    let detail = serde_json::json!({ "active": is_active, "secret": is_rotated });
    audit::record(c, ctx, "exchange.endpoint", ("department", department_id.0), detail)
}

/// Gives a department's system another secret, which is returned and can be read at no other time.
///
/// # Errors
/// 404 without such an endpoint.
pub fn rotate_secret(c: &mut Conn, ctx: &Ctx, department_id: DepartmentId) -> Result<Vec<u8>> {
    ctx.may(Permission::Offices)?;
    let now = store::find_endpoint(c, &ctx.keys, department_id)?.ok_or_else(Error::not_found)?;
    let secret = crypto::random32().to_vec();
    change_endpoint(c, ctx, department_id, &now.url, Some(&secret), now.is_active)?;
    Ok(secret)
}

/// An address of HTTP without a user, a password or a fragment.
fn is_address(url: &str) -> Result<()> {
    if http::is_plain(url) && url.len() <= MAX_URL { Ok(()) } else { Err(Error::field("url", "endpoint-url")) }
}

fn is_long_enough(secret: &[u8]) -> Result<()> {
    if secret.len() < MIN_SECRET { Err(Error::field("secret", "secret-short")) } else { Ok(()) }
}
