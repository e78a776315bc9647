//! Sessions, half-open logins and codes that have ended go, and old counts of tries.

use crate::app::App;
use crate::identity::factors::half;
use crate::identity::{codes, sessions, throttle};
use crate::kernel::Result;

/// Deletes what has ended. Leaves nothing to do at once.
pub async fn round(app: &App) -> Result<bool> {
    let (now, lives) = (app.clock.now(), app.lifetimes());
    app.db
        .write(move |c| {
            sessions::purge(c, now, lives)?;
            half::purge(c, now)?;
            codes::purge(c, now)?;
            throttle::purge(c, now)
        })
        .await?;
    Ok(false)
}
