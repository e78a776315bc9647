//! Changes of the catalogue whose day has come are put in force.

use crate::app::App;
use crate::catalogue::changes;
use crate::kernel::{Kind, Result};

/// At once.
const BATCH: i64 = 50;

/// Each change is a transaction of its own. One that is hindered goes back to its writer with what hinders it, so that nothing waits
/// behind it.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    let due = app.db.read(move |c| changes::due(c, &ctx, BATCH)).await?;
    let mut moved = false;
    for id in due {
        let (ctx, shelf) = (app.system(), app.books().shelf);
        let put = app.db.write(move |c| changes::in_force(c, &ctx, shelf.codes(), id)).await;
        match put {
            Ok(done) => moved |= done,
            Err(e) if e.is(Kind::Invalid) || e.is(Kind::Conflict) => {
                tracing::warn!(change = %id, code = e.code(), "A planned change could not be put in force; it went back.");
                let ctx = app.system();
                app.db.write(move |c| changes::hindered(c, &ctx, id, &e)).await?;
            }
            Err(e) => return Err(e),
        }
    }
    if moved {
        app.refresh().await?;
    }
    Ok(false)
}
