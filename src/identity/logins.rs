//! Logging in with a password: citizens by phone or ID number, staff by their login, each at a door of their own.
//!
//! The password is checked between two transactions ([`begin`], then [`succeed`] or [`fail`]): hashing is slow, and a transaction holds
//! up every writer. A try is counted at its beginning, so that tries at the same time cannot get round the limit; a success takes it
//! back. Somebody who is not known costs the same time and gets the same answer as a wrong password.

use super::factors::half;
use super::model::{How, StaffId};
use super::sessions::{self, Opened, Subject, Visit};
use super::store::{people, staff};
use super::throttle::{self, Limit};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Id, Result, numbers};

const PER_ACCOUNT: Limit = Limit { what: "login-account", tries: 10, window: 15 * 60 };
/// Many people may share an address (a hall, a school), so it takes more to shut it out.
const PER_ADDRESS: Limit = Limit { what: "login-address", tries: 60, window: 15 * 60 };

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Citizen,
    Staff,
}

impl Door {
    pub(super) fn code(self) -> &'static str {
        match self {
            Door::Citizen => "citizen",
            Door::Staff => "staff",
        }
    }
}

/// A try that was counted and waits for the password's check.
#[derive(Clone)]
pub struct Attempt {
    door: Door,
    subject: Option<Subject>,
    account: String,
    address: String,
    /// What [`super::passwords::is_right`] compares with.
    pub password_hash: Option<String>,
    /// A member of staff whose password an administrator made: they choose their own before they come in.
    pub must_change: bool,
}

impl Attempt {
    pub fn staff(&self) -> Option<StaffId> {
        match self.subject {
            Some(Subject::Staff(id)) => Some(id),
            _ => None,
        }
    }
}

/// Counts a try at a door. `name` is what was typed; `address` is where it comes from.
///
/// # Errors
/// Too many: `too-many-tries`, with `minutes` to wait.
pub fn begin(c: &mut Conn, ctx: &Ctx, door: Door, name: &str, address: &str) -> Result<Attempt> {
    let found = match door {
        Door::Citizen => citizen(c, ctx, name)?.map(|(id, hash)| (Subject::Person(id), id.0, hash, false)),
        Door::Staff => staff::login(c, name)?.map(|(id, hash, must)| (Subject::Staff(id), id.0, hash, must)),
    };
    // One count for one account, by whichever of its names it is called.
    let who = found.as_ref().map_or_else(|| name.to_lowercase(), |(_, id, _, _)| id.to_string());
    let account = format!("{}\0{who}", door.code());
    throttle::take(c, ctx, PER_ADDRESS, address)?;
    throttle::take(c, ctx, PER_ACCOUNT, &account)?;
    let (subject, password_hash, must_change) = match found {
        Some((subject, _, hash, must)) => (Some(subject), Some(hash), must),
        None => (None, None, false),
    };
    Ok(Attempt { door, subject, account, address: address.to_owned(), password_hash, must_change })
}

fn citizen(c: &mut Conn, ctx: &Ctx, name: &str) -> Result<Option<(super::PersonId, String)>> {
    let id = if let Ok(phone) = numbers::mobile(name) {
        people::find_by_phone(c, &ctx.keys, &phone)?
    } else if let Ok(number) = numbers::resident_id(name, ctx.now.day()) {
        people::find_by_id_number(c, &ctx.keys, &number)?
    } else {
        None
    };
    let Some(id) = id else { return Ok(None) };
    Ok(people::password_hash(c, id)?.map(|hash| (id, hash)))
}

/// What a right password leads to.
#[derive(Debug)]
pub enum Entered {
    In(Opened),
    /// A member of staff has more to show or to choose: a half-open login begins.
    Half(Opened),
}

/// The password was right: opens a new session, or for staff who have a second factor to give or a password to choose (`needs_factor`:
/// whether the settings ask for one) a half-open login that leads back to `back`. Forgets the account's failures. `None` when nobody
/// is there.
pub fn succeed(
    c: &mut Conn,
    ctx: &Ctx,
    attempt: &Attempt,
    visit: &Visit,
    needs_factor: bool,
    back: &str,
) -> Result<Option<Entered>> {
    let Some(subject) = attempt.subject else { return Ok(None) };
    throttle::clear(c, ctx, PER_ACCOUNT, &attempt.account)?;
    throttle::give_back(c, ctx, PER_ADDRESS, &attempt.address)?;
    if let Some(staff) = attempt.staff().filter(|_| needs_factor || attempt.must_change) {
        audit::record(c, ctx, "login.password", subject.object(), ())?;
        return half::open(c, ctx, staff, needs_factor, back).map(|half| Some(Entered::Half(half)));
    }
    audit::record(c, ctx, "login", subject.object(), serde_json::json!({ "how": How::Password }))?;
    sessions::open(c, ctx, subject, How::Password, visit).map(|opened| Some(Entered::In(opened)))
}

/// The password was wrong, or nobody has this name. The try stays counted.
pub fn fail(c: &mut Conn, ctx: &Ctx, attempt: &Attempt) -> Result<()> {
    match attempt.subject.map(Subject::object) {
        Some((kind, id)) => audit::refused(c, ctx, "login.failed", (kind, Some(id)), ()),
        None => audit::refused(c, ctx, "login.failed", (attempt.door.code(), None), ()),
    }
}

/// Records that somebody was not let try, for whom [`begin`] said `too-many-tries`: its own transaction came to nothing.
pub fn throttled(c: &mut Conn, ctx: &Ctx, door: Door, name: &str) -> Result<()> {
    let found = match door {
        Door::Citizen => citizen(c, ctx, name)?.map(|(id, _)| id.0),
        Door::Staff => staff::login(c, name)?.map(|(id, _, _)| id.0),
    };
    let kind = match (found, door) {
        (Some(_), Door::Citizen) => "person",
        (_, door) => door.code(),
    };
    audit::refused(c, ctx, "login.throttled", (kind, found), ())
}

/// Under which the tries for one name, or from one address, are remembered without naming it.
pub fn mark(ctx: &Ctx, door: Door, what: &str) -> Id {
    let index = ctx.keys.index("login-mark", &format!("{}\0{}", door.code(), what.to_lowercase()));
    Id::from_bytes(index.try_into().unwrap_or([0; 16]))
}
