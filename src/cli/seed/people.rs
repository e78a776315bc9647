//! The invented staff and citizens of `seed-data/demo`.

use std::collections::HashMap;

use serde::Deserialize;

use super::data;
use crate::app::App;
use crate::db::Conn;
use crate::identity::seed::{PersonSeed, StaffSeed};
use crate::identity::{self, MandateKind, PersonId, StaffId};
use crate::kernel::{Ctx, Error, Id, Lang, Result, crypto};
use crate::windows;

/// Accounts that were made, by their keys in the files.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    pub staff: HashMap<String, StaffId>,
    pub people: HashMap<String, PersonId>,
}

#[derive(Debug, Clone, Deserialize)]
struct StaffRow {
    key: String,
    login: String,
    name: String,
    roles: Vec<String>,
    /// The area that their supervision reaches.
    #[serde(default)]
    area: Option<String>,
    department: Option<String>,
    hall: Option<String>,
}

#[derive(Clone, Deserialize)]
struct PersonRow {
    key: String,
    name: String,
    id_number: String,
    phone: String,
    email: Option<String>,
    address: Option<String>,
    /// What the verifier says of them; who does not match has no verified account.
    outcome: String,
    #[serde(default)]
    enterprise: Option<EnterpriseRow>,
}

/// Whom they act for.
#[derive(Clone, Deserialize)]
struct EnterpriseRow {
    name: String,
    uscc: String,
    /// `legal_person` or `agent`
    role: String,
    /// Not only the register knows, the account does, too.
    #[serde(default)]
    has_mandate: bool,
}

/// Makes the accounts that are not there yet, all with this password.
///
/// # Errors
/// A file that does not parse, or that names a department or a hall that is not there.
pub async fn people(app: &App, password_hash: &str) -> Result<Accounts> {
    let staff: Vec<StaffRow> = data::json("demo/staff.json")?;
    let people: Vec<PersonRow> = data::json("demo/people.json")?;
    let (ctx, hash) = (app.system(), password_hash.to_owned());
    app.db
        .write(move |c| {
            Ok(Accounts { staff: write_staff(c, &ctx, &staff, &hash)?, people: write_people(c, &ctx, &people, &hash)? })
        })
        .await
}

/// The secret of the authenticator that a member of the demo's staff has: known to everybody, as their password is.
pub fn authenticator_secret(login: &str) -> Vec<u8> {
    crypto::sha256(format!("cloudmart demo authenticator of {login}").as_bytes())[..20].to_vec()
}

/// Binds an authenticator to each of these members who has none. For the demo, the tour and tests; elsewhere members bind their own.
pub async fn authenticators(app: &App, made: &Accounts) -> Result<()> {
    let staff: Vec<StaffRow> = data::json("demo/staff.json")?;
    let (ctx, ids) = (app.system(), made.staff.clone());
    app.db
        .write(move |c| {
            let known = staff.iter().filter_map(|row| Some((ids.get(&row.key)?, &row.login)));
            for (id, login) in known {
                identity::seed::authenticator(c, &ctx, *id, &authenticator_secret(login))?;
            }
            Ok(())
        })
        .await
}

fn write_staff(c: &mut Conn, ctx: &Ctx, rows: &[StaffRow], hash: &str) -> Result<HashMap<String, StaffId>> {
    let departments = identity::departments(c)?;
    let halls = windows::halls(c)?;
    let unknown = |what: &str| Error::internal(format!("seed-data/demo/staff.json names {what}, which is not there"));
    let mut made = HashMap::new();
    for row in rows {
        let department = match &row.department {
            Some(key) => Some(departments.iter().find(|d| d.key == *key).ok_or_else(|| unknown(key))?.id),
            None => None,
        };
        let hall: Option<Id> = match &row.hall {
            Some(code) => Some(halls.iter().find(|h| h.code == *code).ok_or_else(|| unknown(code))?.id.0),
            None => None,
        };
        let seed = StaffSeed {
            login: row.login.clone(),
            name: row.name.clone(),
            roles: row.roles.clone(),
            area: row.area.clone(),
            department,
            hall,
            password_hash: hash.to_owned(),
        };
        made.insert(row.key.clone(), identity::seed::staff(c, ctx, &seed)?);
    }
    Ok(made)
}

fn write_people(c: &mut Conn, ctx: &Ctx, rows: &[PersonRow], hash: &str) -> Result<HashMap<String, PersonId>> {
    let mut made = HashMap::new();
    for row in rows {
        let seed = PersonSeed {
            phone: row.phone.clone(),
            name: row.name.clone(),
            id_number: row.id_number.clone(),
            email: row.email.clone(),
            address: row.address.clone(),
            lang: Lang::Zh,
            password_hash: hash.to_owned(),
            is_verified: row.outcome == "match",
        };
        let id = identity::seed::person(c, ctx, &seed)?;
        if let Some(e) = row.enterprise.as_ref().filter(|e| e.has_mandate) {
            let kind = if e.role == "agent" { MandateKind::Agent } else { MandateKind::Representative };
            identity::seed::mandate(c, ctx, (id, &row.name), (&e.name, &e.uscc), kind)?;
        }
        made.insert(row.key.clone(), id);
    }
    Ok(made)
}
