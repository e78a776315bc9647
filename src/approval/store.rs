use diesel::prelude::*;

use super::model::*;
use crate::cases::{CaseId, Decision};
use crate::db::schema::{apr_opinion, apr_proposal};
use crate::db::{Conn, Upsert};
use crate::identity::StaffId;
use crate::kernel::{Id, Result, Ts};

pub(super) fn put_proposal(
    c: &mut Conn,
    case: CaseId,
    outcome: Decision,
    reason: &str,
    staff: StaffId,
    at: Ts,
) -> Result<()> {
    let said = (
        apr_proposal::outcome.eq(outcome),
        apr_proposal::reason.eq(reason.to_owned()),
        apr_proposal::staff_id.eq(staff),
        apr_proposal::at.eq(at),
    );
    let insert = diesel::insert_into(apr_proposal::table).values((apr_proposal::case_id.eq(case), said.clone()));
    let upsert = Upsert { insert, key: &["case_id"], set: said.as_changeset() };
    c.later_on("apr_proposal", upsert)
}

pub(super) fn proposal(c: &mut Conn, case: CaseId) -> Result<Option<Proposal>> {
    let row: Option<(Decision, String, StaffId, Ts)> = apr_proposal::table
        .find(case)
        .select((apr_proposal::outcome, apr_proposal::reason, apr_proposal::staff_id, apr_proposal::at))
        .first(c)
        .optional()?;
    Ok(row.map(|(outcome, reason, staff_id, at)| Proposal { outcome, reason, staff_id, at }))
}

pub(super) fn insert_opinion(c: &mut Conn, case: CaseId, o: Opinion) -> Result<()> {
    let row = (
        apr_opinion::id.eq(Id::random()),
        apr_opinion::case_id.eq(case),
        apr_opinion::step.eq(o.step),
        apr_opinion::verdict.eq(o.verdict),
        apr_opinion::opinion.eq(o.opinion),
        apr_opinion::staff_id.eq(o.staff_id),
        apr_opinion::staff_name.eq(o.staff_name),
        apr_opinion::at.eq(o.at),
    );
    c.later("apr_opinion", diesel::insert_into(apr_opinion::table).values(row))
}

type OpinionTuple = (ApprovalStep, OpinionVerdict, String, StaffId, String, Ts);

pub(super) fn opinions(c: &mut Conn, case: CaseId) -> Result<Vec<Opinion>> {
    let rows: Vec<OpinionTuple> = apr_opinion::table
        .filter(apr_opinion::case_id.eq(case))
        .order((apr_opinion::at, apr_opinion::id))
        .select((
            apr_opinion::step,
            apr_opinion::verdict,
            apr_opinion::opinion,
            apr_opinion::staff_id,
            apr_opinion::staff_name,
            apr_opinion::at,
        ))
        .load(c)?;
    let opinion = |(step, verdict, opinion, staff_id, staff_name, at)| Opinion {
        step,
        verdict,
        opinion,
        staff_id,
        staff_name,
        at,
    };
    Ok(rows.into_iter().map(opinion).collect())
}
