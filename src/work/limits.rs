//! What the law says of silence: cases that nobody answered are accepted (行政许可法 32), corrections that did not come end
//! their cases.

use crate::app::App;
use crate::cases::{self, CaseId};
use crate::db::Conn;
use crate::flows::{self, Books};
use crate::kernel::{Ctx, Result};

type Act = fn(&mut Conn, &Ctx, &Books, CaseId) -> Result<bool>;

/// So many cases are looked at in a round.
const CASES: usize = 200;

/// Acts on the cases whose time ran out, each in a transaction of its own, so that one that fails holds up no other. Tells
/// whether there were any.
pub async fn round(app: &App) -> Result<bool> {
    let (ctx, books) = (app.system(), app.books());
    let today = ctx.now.day();
    let look = ctx.clone();
    let (unanswered, uncorrected) = app
        .db
        .read(move |c| Ok((cases::unanswered(c, &look, today, CASES)?, cases::uncorrected(c, &look, today, CASES)?)))
        .await?;
    let mut did = false;
    for (ids, act) in [(unanswered, flows::deem_accepted as Act), (uncorrected, flows::expire_correction as Act)] {
        for id in ids {
            let (ctx, books) = (ctx.clone(), books.clone());
            match app.db.write(move |c| act(c, &ctx, &books, id)).await {
                Ok(done) => did |= done,
                Err(error) => tracing::error!(case = %id, ?error, "A limit that ran out could not be acted on."),
            }
        }
    }
    if did {
        app.wake.notify_waiters();
    }
    Ok(did)
}
