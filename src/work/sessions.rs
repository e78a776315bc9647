//! Sessions that have ended go.

use crate::app::App;
use crate::identity::sessions;
use crate::kernel::Result;

/// Deletes what has ended. Leaves nothing to do at once.
pub async fn round(app: &App) -> Result<bool> {
    let (now, life) = (app.clock.now(), app.lifetime());
    app.db.write(move |c| sessions::purge(c, now, life)).await?;
    Ok(false)
}
