//! Sessions, half-open logins, codes and what passkeys were asked for that have ended go, and old counts of tries.

use crate::app::App;
use crate::identity::factors::half;
use crate::identity::{codes, links, passkeys, sessions, throttle};
use crate::kernel::Result;

/// Deletes what has ended. Leaves nothing to do at once.
pub async fn round(app: &App) -> Result<bool> {
    let (now, lives) = (app.clock.now(), app.lifetimes());
    app.db
        .write(move |c| {
            sessions::purge(c, now, lives)?;
            half::purge(c, now)?;
            codes::purge(c, now)?;
            passkeys::purge(c, now)?;
            links::purge(c, now)?;
            throttle::purge(c, now)
        })
        .await?;
    Ok(false)
}
