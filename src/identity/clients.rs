//! Programs that call the API. A secret has 256 random bits and is shown once; its digest is kept.

use super::model::{Client, ClientId, DepartmentId};
use super::store::clients as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result, crypto};

/// A new client.
#[derive(Debug, Clone)]
pub struct Create {
    /// What the program calls itself; unique.
    pub client_id: String,
    pub name: String,
    /// The department that it speaks for.
    pub department: Option<DepartmentId>,
    pub scopes: Vec<String>,
}

/// A client just made, and its secret, which is nowhere else.
pub struct Created {
    pub id: ClientId,
    pub secret: String,
}

/// Makes a client. For administrators and the platform itself.
///
/// # Errors
/// Conflict `client-taken` when one has this name.
pub fn create(c: &mut Conn, ctx: &Ctx, cmd: &Create) -> Result<Created> {
    if ctx.is_system().is_err() {
        ctx.may(Permission::Offices)?;
    }
    if store::exists(c, &cmd.client_id)? {
        return Err(Error::conflict("client-taken"));
    }
    let secret = crypto::random_token();
    let id = put(c, ctx, cmd, &secret)?;
    Ok(Created { id, secret })
}

/// Makes a client with a secret that is known elsewhere already, or replaces what it has: for the seed data.
pub fn put(c: &mut Conn, ctx: &Ctx, cmd: &Create, secret: &str) -> Result<ClientId> {
    if ctx.is_system().is_err() {
        ctx.may(Permission::Offices)?;
    }
    let client = Client {
        id: ClientId::random(),
        client_id: cmd.client_id.clone(),
        department: cmd.department,
        scopes: cmd.scopes.clone(),
    };
    let id = store::put(c, &client, &cmd.name, digest(secret), ctx.now)?;
    audit::record(c, ctx, "client.put", ("client", id.0), serde_json::json!({ "scopes": cmd.scopes }))?;
    Ok(id)
}

/// The client of this name and secret.
///
/// # Errors
/// Unauthenticated, whichever of the two is wrong.
pub fn check(c: &mut Conn, client_id: &str, secret: &str) -> Result<Client> {
    let given = digest(secret);
    match store::find(c, client_id)? {
        Some((client, kept)) if crypto::same(&kept, &given) => Ok(client),
        _ => Err(Error::unauthenticated()),
    }
}

/// The active client of this name.
pub fn find(c: &mut Conn, client_id: &str) -> Result<Option<Client>> {
    Ok(store::find(c, client_id)?.map(|(client, _)| client))
}

fn digest(secret: &str) -> Vec<u8> {
    crypto::sha256(secret.as_bytes()).to_vec()
}
