//! What administrators do with work that was laid aside.

use crate::audit;
use crate::db::Conn;
use crate::jobs::{self, JobId};
use crate::kernel::{Ctx, Permission, Result};

/// Puts a job that was laid aside back into the queue, at once.
///
/// # Errors
/// 404 when there is no such job that was laid aside.
pub fn job_again(c: &mut Conn, ctx: &Ctx, id: JobId) -> Result<()> {
    ctx.may(Permission::Operate)?;
    jobs::again(c, ctx.now, id)?;
    audit::record(c, ctx, "job.again", ("job", id.0), serde_json::json!({}))
}
