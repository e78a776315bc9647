//! Looks of staff at cases, their files and notices, and at people's data: recorded by the page that shows them. The same look of the
//! same person is recorded once in ten minutes ([`crate::audit::Recent`]).

use crate::audit::Seen;
use crate::audit::looks::{self, Look};
use crate::cases::Case;
use crate::db::Conn;
use crate::kernel::{Ctx, Id, Result};
use crate::web::guard::Anyone;

/// Whose data a case shows, when they have an account.
pub fn person(case: &Case) -> Option<Id> {
    case.person_id.map(|p| p.0)
}

/// A look on its way, for a page that writes in any case.
#[derive(Clone)]
pub struct Looking {
    look: Look,
    seen: Seen,
    is_new: bool,
}

impl Looking {
    pub fn new(who: &Anyone, look: Look) -> Self {
        let seen = Seen {
            actor: who.ctx.actor.id(),
            action: look.action,
            object: Some(look.object.1),
            part: look.part.map(|p| p.1),
        };
        Self { look, seen, is_new: who.app.recent.is_new(&seen, who.ctx.now) }
    }

    /// Records it, unless it was lately.
    pub fn record(&self, c: &mut Conn, ctx: &Ctx, person: Option<Id>) -> Result<()> {
        if self.is_new { looks::record(c, ctx, &self.look, person) } else { Ok(()) }
    }

    /// The transaction was committed.
    pub fn done(&self, who: &Anyone) {
        if self.is_new {
            who.app.recent.saw(self.seen, who.ctx.now);
        }
    }
}

/// Reads what a page shows, and whose data that is, and records the look: in one transaction, so that nothing is shown which is not
/// recorded. When it was recorded lately, it is only read.
pub async fn at<T: Send + 'static>(
    who: &Anyone,
    look: Look,
    mut read: impl FnMut(&mut Conn) -> Result<(T, Option<Id>)> + Send + 'static,
) -> Result<T> {
    let looking = Looking::new(who, look);
    if !looking.is_new {
        return who.app.db.read(move |c| read(c).map(|(shown, _)| shown)).await;
    }
    let (ctx, app) = (who.ctx.clone(), who.app.clone());
    let (shown, seen) = app
        .db
        .write(move |c| {
            let (shown, person) = read(c)?;
            looking.record(c, &ctx, person)?;
            Ok((shown, looking.seen))
        })
        .await?;
    app.recent.saw(seen, who.ctx.now);
    Ok(shown)
}
