//! Looks: who of the staff, or which department's system, saw what of whom, and in which business.

use serde_json::{Map, Value};

use super::model::{Entry, Outcome};
use super::store;
use crate::db::Conn;
use crate::kernel::{Actor, Ctx, Cursor, Id, Page, Permission, Result};

crate::text_enum!(
    /// In which business somebody looked: by it the law lets them.
    Purpose {
        /// 受理: the window takes in and examines what was declared.
        Accept = "accept",
        /// 核验身份: the person came to a window to have their account checked.
        Identify = "identify",
        /// 领取结果: the person came to a window for it.
        HandOut = "hand-out",
        /// 审批: the department decides.
        Decide = "decide",
        /// 监察
        Supervise = "supervise",
        /// 账号与权限管理
        Admin = "admin",
        /// The department's own system fetches what it decides on.
        Exchange = "exchange",
    }
);

/// The acts that are looks.
pub const LOOKS: [&str; 6] =
    ["case.look", "case.look-file", "case.look-notice", "case.print-receipt", "person.window-look", "staff.look"];

/// A look.
#[derive(Debug, Clone)]
pub struct Look {
    /// One of [`LOOKS`].
    pub action: &'static str,
    pub object: (&'static str, Id),
    /// Of the object: a file or a notice of a case, by what it is called in the entry.
    pub part: Option<(&'static str, Id)>,
    pub purpose: Purpose,
}

/// Records a look. `person` is whose data it shows, when they have an account.
pub fn record(c: &mut Conn, ctx: &Ctx, look: &Look, person: Option<Id>) -> Result<()> {
    let mut detail = Map::new();
    detail.insert("purpose".into(), look.purpose.code().into());
    let (task, office) = office(ctx, look.purpose);
    if let Some(task) = task {
        detail.insert("task".into(), task.code().into());
    }
    if let Some(office) = office {
        detail.insert("office".into(), office.to_string().into());
    }
    if let Some((name, id)) = look.part {
        detail.insert(name.into(), id.to_string().into());
    }
    let new = store::New {
        action: look.action.into(),
        object_kind: look.object.0.into(),
        object_id: Some(look.object.1),
        person_id: person,
        outcome: Outcome::Done,
        detail: Value::Object(detail),
    };
    store::append(c, ctx, &new)
}

/// The task in which somebody looks, and the hall or department that they look for, as these are now: people move on.
fn office(ctx: &Ctx, purpose: Purpose) -> (Option<Permission>, Option<Id>) {
    let Actor::Staff(staff) = &ctx.actor else { return (None, ctx.actor.id()) };
    let (tasks, office): (&[Permission], _) = match purpose {
        Purpose::Accept | Purpose::Identify | Purpose::HandOut => (&[Permission::Window], staff.hall),
        Purpose::Decide => (&[Permission::Handle, Permission::Review, Permission::Approve], staff.department),
        Purpose::Supervise => (&[Permission::Supervise], staff.department),
        Purpose::Admin => (&[Permission::Accounts, Permission::Authorise], staff.department),
        Purpose::Exchange => (&[], staff.department),
    };
    (tasks.iter().copied().find(|task| staff.has(*task)), office)
}

/// Who looked at what is kept of the acting citizen, the last look first.
///
/// # Errors
/// Forbidden for anybody else.
pub fn of_self(c: &mut Conn, ctx: &Ctx, after: Option<Cursor>, limit: usize) -> Result<Page<Entry>> {
    let person = ctx.person()?;
    let rows = store::looks_of(c, person, after.map(|a| a.id), limit + 1)?;
    Ok(Page::cut(rows, limit, |e| Cursor { at: e.at, id: e.id }))
}
