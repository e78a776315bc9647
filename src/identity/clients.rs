//! Programs that call the API. A secret has 256 random bits and is shown once; its digest is kept. One that is switched off, or whose
//! secret was renewed, gets no token from then on; what it has of a switched-off client's is refused at once.

use super::accounts::fault;
use super::model::{Client, ClientId, DepartmentId};
use super::store::clients as store;
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, Permission, Result, Ts, crypto};

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

impl Create {
    /// # Errors
    /// The fields that have to be mended: `client_id`, `name`, `scopes`, `department`.
    fn check(&self) -> Result<()> {
        let mut faults = vec![];
        let is_sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(3..=40).contains(&self.client_id.len()) || !self.client_id.chars().all(is_sign) {
            faults.push(fault("client_id", "client-id-shape"));
        }
        if !(1..=60).contains(&self.name.trim().chars().count()) {
            faults.push(fault("name", "client-name-shape"));
        }
        if self.scopes.is_empty() {
            faults.push(fault("scopes", "client-scopes-missing"));
        }
        if self.department.is_none() && self.scopes.iter().any(|scope| scope == DEPARTMENTS) {
            faults.push(fault("department", "client-department-missing"));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }
}

/// The scope that takes a department to speak for.
const DEPARTMENTS: &str = "cases";

/// A client, as administrators see it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub client: Client,
    pub name: String,
    pub is_active: bool,
    pub created_at: Ts,
}

/// All of them, by name.
pub fn list(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Listed>> {
    ctx.may(Permission::Offices)?;
    store::list(c)
}

/// Switches a client on or off. Off, its tokens are refused from the next request on.
///
/// # Errors
/// Not found.
pub fn switch(c: &mut Conn, ctx: &Ctx, id: ClientId, is_active: bool) -> Result<()> {
    ctx.may(Permission::Offices)?;
    if !store::switch(c, id, is_active)? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "client.switch", ("client", id.0), serde_json::json!({ "active": is_active }))
}

/// Gives a client a new secret, in the place of its old one.
///
/// # Errors
/// Not found.
pub fn renew(c: &mut Conn, ctx: &Ctx, id: ClientId) -> Result<Created> {
    ctx.may(Permission::Offices)?;
    let secret = crypto::random_token();
    if !store::renew(c, id, digest(&secret))? {
        return Err(Error::not_found());
    }
    audit::record(c, ctx, "client.renew", ("client", id.0), ())?;
    Ok(Created { id, secret })
}

/// A client just made, and its secret, which is nowhere else.
pub struct Created {
    pub id: ClientId,
    pub secret: String,
}

/// Makes a client. For administrators and the platform itself.
///
/// # Errors
/// The fields of [`Create`]; field `client_id`, `client-taken`, when one has this name.
pub fn create(c: &mut Conn, ctx: &Ctx, cmd: &Create) -> Result<Created> {
    if ctx.is_system().is_err() {
        ctx.may(Permission::Offices)?;
        cmd.check()?;
    }
    if store::exists(c, &cmd.client_id)? {
        return Err(Error::field("client_id", "client-taken"));
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
