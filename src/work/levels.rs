//! Levels of assurance whose evidence has ended are lowered where they are kept, and faces that were shown long ago go.

use crate::app::App;
use crate::identity::{self, faces};
use crate::kernel::Result;

/// So many accounts in one transaction.
const ACCOUNTS: usize = 200;

/// One round. Tells whether there was something to lower.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if app.db.read(move |c| identity::has_lapsed(c, &ctx)).await? {
        let ctx = app.system();
        return Ok(app.db.write(move |c| identity::settle_lapsed(c, &ctx, ACCOUNTS)).await? > 0);
    }
    let now = app.clock.now();
    app.db.write(move |c| faces::purge(c, now)).await?;
    Ok(false)
}
