//! Citizens' accounts, as other parts of the platform ask for them.

use super::model::{PersonFacts, PersonId};
use super::store::people as store;
use crate::db::Conn;
use crate::kernel::{Actor, Ctx, Error, Lang, Permission, Result};

/// What the account knows, opened: for the person themself, for the clerk who declares with them, for the platform.
///
/// # Errors
/// Not found for anybody else, and when the account is closed.
pub fn person_facts(c: &mut Conn, ctx: &Ctx, id: PersonId) -> Result<PersonFacts> {
    let may = match &ctx.actor {
        Actor::Person(own) => *own == id.0,
        Actor::Staff(staff) => staff.has(Permission::Window),
        Actor::System => true,
        Actor::Anyone | Actor::Department(_) => false,
    };
    if !may {
        return Err(Error::not_found());
    }
    store::facts(c, ctx, id)?.ok_or_else(Error::not_found)
}

/// Where the person wants mail, and in which language; `None` without an address. For the platform's own messages.
pub fn mail_address(c: &mut Conn, ctx: &Ctx, id: PersonId) -> Result<Option<(String, Lang)>> {
    store::mail(c, &ctx.keys, id)
}

/// The account to which this ID number was bound by a verification, for clerks and the platform.
pub fn find_or_none_by_id_number(c: &mut Conn, ctx: &Ctx, id_number: &str) -> Result<Option<PersonId>> {
    if ctx.is_system().is_err() {
        ctx.may(Permission::Window)?;
    }
    store::find_by_id_number(c, &ctx.keys, id_number)
}
