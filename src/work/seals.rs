//! Seals the audit: what waits becomes batches of the chain, and the last head is kept outside the database, in the log and in a file.

use crate::app::App;
use crate::audit::seals::{self, Sealed};
use crate::kernel::{Error, Result};
use crate::work::heads;

/// Batches of a round, at most: 256,000 entries.
const BATCHES: usize = 1000;

/// Seals all that waits. Tells whether there was anything.
pub async fn round(app: &App) -> Result<bool> {
    let mut last = None;
    for _ in 0..BATCHES {
        let (keys, now) = (app.keys.clone(), app.clock.now());
        let Some(plan) = app.db.read(move |c| seals::plan(c, &keys, now)).await? else { break };
        let is_full = plan.is_full();
        // When another process was quicker, what waits now is looked at anew.
        let Some(head) = app.db.write(move |c| seals::seal(c, &plan)).await? else { continue };
        tracing::info!(
            batch = head.no,
            entries = head.entries,
            digest = head.digest,
            key = head.key,
            signature = head.signature,
            "Sealed the audit."
        );
        last = Some(head);
        if !is_full {
            break;
        }
    }
    let Some(head) = last else { return Ok(false) };
    // The chain goes on in any case: what could not be kept outside is kept with the next head.
    if let Err(error) = keep(app, head).await {
        tracing::error!(?error, "The head of the audit's chain could not be kept outside the database.");
    }
    Ok(true)
}

/// Keeps a head in the file, unless what stands there shows that the chain is not what it was: that must not be written over.
async fn keep(app: &App, head: Sealed) -> Result<()> {
    let path = heads::place(&app.config);
    for known in heads::kept(&app.config)? {
        let looked = known.clone();
        if known.no > head.no || !app.db.glance(move |c| seals::holds(c, &looked)).await? {
            let path = path.display();
            tracing::error!(batch = known.no, %path, "The audit's chain has lost what was sealed: see `cloudmart audit verify`.");
            return Ok(());
        }
    }
    tokio::task::spawn_blocking(move || heads::keep(&path, &head)).await.map_err(Error::internal)?
}
