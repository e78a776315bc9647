//! Entries of the audit whose retention is over go.

use crate::app::App;
use crate::audit::keep;
use crate::kernel::Result;

/// Takes away what is old enough: recorded first, then batch by batch, so that no other writer is held up. Tells whether there was any.
pub async fn round(app: &App) -> Result<bool> {
    let mut did = false;
    loop {
        let (ctx, days) = (app.system(), app.config.audit.keep_days);
        let look = ctx.clone();
        let old = app.db.read(move |c| keep::old(c, &look, days)).await?;
        if old.is_empty() {
            return Ok(did);
        }
        let (by, said) = (ctx.clone(), old.clone());
        app.db.write(move |c| keep::announce(c, &by, &said)).await?;
        for no in old.numbers() {
            let (ctx, old) = (ctx.clone(), old.clone());
            did |= app.db.write(move |c| keep::remove(c, &ctx, &old, no)).await?;
        }
        tracing::info!(batches = old.numbers().len(), "Entries of the audit went: their retention is over.");
    }
}
