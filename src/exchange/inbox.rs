//! Messages from departments: who sent them, and that each counts once.

use super::model::{Endpoint, InboxState};
use super::protocol::Event;
use super::store::{self, Kept};
use crate::cases::CaseId;
use crate::db::Conn;
use crate::identity::{self, DepartmentId};
use crate::kernel::{Ctx, Error, Kind, Result, webhook};

pub(super) const BODY: &str = "exg_inbox.body";

/// The longest id of a message that is kept.
pub const MAX_ID: usize = 100;

/// The headers that sign a message.
#[derive(Debug, Clone)]
pub struct Signature {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
}

/// The department whose system sent this body, by `source` (`urn:department:<code>`) and by the signature.
///
/// # Errors
/// 401 `signature-bad` for an unknown or inactive sender, another signature or a changed body; 401 `signature-old` for a time that
/// lies too far from ours.
pub fn authenticate(c: &mut Conn, ctx: &Ctx, source: &str, signed: &Signature, body: &[u8]) -> Result<DepartmentId> {
    let sender = sender(c, ctx, source)?.ok_or_else(|| Error::new(Kind::Unauthenticated, "signature-bad"))?;
    webhook::verify(&sender.secrets(), &signed.id, &signed.timestamp, &signed.signature, body, ctx.now)?;
    Ok(sender.department_id)
}

fn sender(c: &mut Conn, ctx: &Ctx, source: &str) -> Result<Option<Endpoint>> {
    let Some(code) = source.strip_prefix("urn:department:") else { return Ok(None) };
    let Some(department) = identity::department_by_code(c, code)? else { return Ok(None) };
    let endpoint = store::find_endpoint(c, &ctx.keys, department.id)?;
    Ok(endpoint.filter(|e| e.is_active && department.is_active))
}

/// What came in, as it is kept.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub department: DepartmentId,
    pub event: Event,
}

impl Incoming {
    fn kept<'a>(
        &'a self,
        state: InboxState,
        case: Option<CaseId>,
        reason: Option<&'a str>,
        body: &'a [u8],
    ) -> Kept<'a> {
        let (message_id, kind) = (self.event.id.as_str(), self.event.kind.as_str());
        Kept { department: self.department, message_id, kind, case, state, reason, body }
    }
}

/// Takes a message in, unless it was taken in before; tells whether it counts. Comes before anything that it changes, in the same
/// transaction: of two that come at once, the second waits here and then is a repeat.
pub fn take_in(c: &mut Conn, ctx: &Ctx, incoming: &Incoming, case: CaseId, state: InboxState) -> Result<bool> {
    let body = ctx.keys.seal(BODY, &serde_json::to_vec(&incoming.event)?);
    let kept = incoming.kept(state, Some(case), None, &body);
    Ok(store::insert_message(c, &kept, ctx.now)? || store::take_up_refused(c, &kept, ctx.now)?)
}

/// Whether a message was taken in before.
pub fn is_repeat(c: &mut Conn, incoming: &Incoming) -> Result<bool> {
    let state = store::state_of(c, incoming.department, &incoming.event.id)?;
    Ok(matches!(state, Some(InboxState::Applied | InboxState::Late)))
}

/// Keeps a message that was refused, with the code of the reason, for the operator. The sender may send it again.
pub fn keep_refused(c: &mut Conn, ctx: &Ctx, incoming: &Incoming, reason: &str) -> Result<()> {
    let body = ctx.keys.seal(BODY, &serde_json::to_vec(&incoming.event)?);
    let kept = incoming.kept(InboxState::Refused, None, Some(reason), &body);
    if !store::insert_message(c, &kept, ctx.now)? {
        store::take_up_refused(c, &kept, ctx.now)?;
    }
    Ok(())
}
