//! Who asks, and what they may do: what every request of somebody who is logged in looks up first, in a process that is warm.

use std::time::Instant;

use super::load::summary;
use super::measure::Figure;
use super::stage::Stage;
use crate::cli::open_ready;
use crate::db::Conn;
use crate::identity::sessions;
use crate::kernel::{Error, Result};
use crate::notifications::Unread;

/// Looks of each kind of visitor; the first tenth warms the process.
const LOOKS: usize = 5000;

/// A citizen with their unread messages, and a member of staff with their permissions, in turns.
pub(super) async fn measure(stage: &Stage) -> Result<Figure> {
    let app = open_ready(stage.config.clone()).await?;
    let mut times = vec![];
    let started = Instant::now();
    for at in 0..LOOKS {
        for session in [&stage.citizen, &stage.supervisor] {
            let (keys, now, lives, token) =
                (app.keys.clone(), app.clock.now(), app.lifetimes(), session.cookie.clone());
            let began = Instant::now();
            let look = move |c: &mut Conn| sessions::find_with::<Unread>(c, &keys, &token, now, lives);
            let found = app.db.peek(look).await?;
            if at >= LOOKS / 10 {
                times.push(began.elapsed());
            }
            found.ok_or_else(|| Error::internal("a session of the benchmark is not there"))?;
        }
    }
    let run = summary(times, 0, started.elapsed());
    let is_met = run.p50 < 0.1;
    Ok(Figure::of("session and permissions of a request", &run, 0.0).judged("p50 < 0.1 ms".into(), is_met))
}
