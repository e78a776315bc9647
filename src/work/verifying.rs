//! Verifies the audit when an administrator has asked for it, and notes how far it is.

use crate::app::App;
use crate::audit::checks::{self, Leased};
use crate::audit::verify::Check;
use crate::kernel::Result;
use crate::work::heads;

/// Between two notes so many steps are made.
const STEPS: usize = 20;

/// Does one verification. Tells whether there was one.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if !app.db.glance(move |c| checks::is_due(c, &ctx)).await? {
        return Ok(false);
    }
    let ctx = app.system();
    let Some(leased) = app.db.write(move |c| checks::lease(c, &ctx)).await? else { return Ok(false) };
    run(app, leased).await?;
    Ok(true)
}

async fn run(app: &App, leased: Leased) -> Result<()> {
    // Before the chain is looked at: a head that comes in meanwhile must not be missed there.
    let mut check = Check::new(heads::kept(&app.config)?);
    for step in 1.. {
        let keys = app.keys.clone();
        let (back, has_more) = app
            .db
            .read(move |c| {
                let has_more = check.step(c, &keys)?;
                Ok((check, has_more))
            })
            .await?;
        check = back;
        if !has_more {
            break;
        }
        if step % STEPS == 0 {
            let (ctx, place, report) = (app.system(), check.place(), check.report().clone());
            if !app.db.write(move |c| checks::note(c, &ctx, leased, place, &report)).await? {
                // Another process has it now.
                return Ok(());
            }
        }
    }
    let (ctx, place, report) = (app.system(), check.place(), check.into_report());
    if report.faults > 0 {
        tracing::error!(faults = report.faults, "The audit is not as it was sealed: see `cloudmart audit verify`.");
    }
    app.db.write(move |c| checks::done(c, &ctx, leased, place, &report)).await?;
    Ok(())
}
