//! Notices: what was told in writing, kept as it was told. The page that prints one reads nothing else.

use serde::{Deserialize, Serialize};

use super::model::*;
use super::store::{self, Case};
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, Result, Text, Ts};

/// What a notice says, frozen when it was made. Sealed at rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeDoc {
    pub kind: NoticeKind,
    #[serde(default)]
    pub no: String,
    pub department: Text,
    pub item: Text,
    pub applicant: String,
    pub case_no: String,
    pub receipt_no: String,
    pub day: Day,
    /// What was received: names of materials.
    #[serde(default)]
    pub materials: Vec<Text>,
    #[serde(default)]
    pub defects: Vec<Defect>,
    #[serde(default)]
    pub reason: String,
    /// The last day of the correction, or of the decision.
    #[serde(default)]
    pub due_on: Option<Day>,
    #[serde(default)]
    pub legal_due_on: Option<Day>,
    /// How a decision is contested.
    #[serde(default)]
    pub remedy: Option<Text>,
    #[serde(default)]
    pub result: Option<Text>,
    #[serde(default)]
    pub query_code: String,
    /// `item_type`: what 行政许可法 says binds licensing (01) alone.
    #[serde(default)]
    pub item_type: String,
    /// The law under which the item is handled: 《…法》第三十五条.
    #[serde(default)]
    pub basis: String,
    /// Accepted by law, since nobody answered in time (视为受理).
    #[serde(default)]
    pub is_deemed: bool,
}

/// A notice that was made.
#[derive(Debug, Clone)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: NoticeKind,
    pub no: String,
    pub made_at: Ts,
    pub doc: NoticeDoc,
}

pub(in crate::cases) const PLACE: &str = "case_notice.doc";

/// Keeps a notice; its number is the receipt number and a serial within the case.
pub fn make_notice(c: &mut Conn, ctx: &Ctx, case: &Case, mut doc: NoticeDoc) -> Result<NoticeId> {
    let id = NoticeId::random();
    doc.no = format!("{}-{}", case.receipt(), store::notices::count(c, case.id)? + 1);
    let sealed = ctx.keys.seal(PLACE, &serde_json::to_vec(&doc)?);
    let row = (id, doc.kind, doc.no, sealed, ctx.now);
    store::notices::insert(c, case.id, row, ctx.actor.id())?;
    Ok(id)
}

/// The notices of a case that the caller has found within its scope.
pub fn notices(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Vec<Notice>> {
    let open = |(id, kind, no, sealed, made_at): store::notices::NoticeRow| {
        let doc = serde_json::from_slice(&ctx.keys.open(PLACE, &sealed)?)?;
        Ok(Notice { id, kind, no, made_at, doc })
    };
    store::notices::list(c, case.id)?.into_iter().map(open).collect()
}

pub fn notice(c: &mut Conn, ctx: &Ctx, case: &Case, id: NoticeId) -> Result<Notice> {
    notices(c, ctx, case)?.into_iter().find(|n| n.id == id).ok_or_else(Error::not_found)
}
