//! Sends the short messages that wait: leased in one transaction, sent outside of any, and taken out of the queue in another. One that is
//! not taken in its time is of no use and goes.

use futures_util::{StreamExt, stream};

use crate::app::App;
use crate::kernel::Result;
use crate::notifications::sms::{self, DueSms};
use crate::outside::sms::Message;

/// So many are taken in a round, and sent at once.
const MESSAGES: i64 = 40;
const AT_ONCE: usize = 8;

/// One round. Tells whether messages were sent or tried.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if app.sms.is_off() || !app.db.read(move |c| sms::has_due(c, &ctx)).await? {
        return Ok(false);
    }
    let ctx = app.system();
    let due = app.db.write(move |c| sms::lease(c, &ctx, MESSAGES)).await?;
    let found = !due.is_empty();
    stream::iter(due).for_each_concurrent(AT_ONCE, |one| deliver(app, one)).await;
    Ok(found)
}

async fn deliver(app: &App, due: DueSms) {
    let id = due.id;
    let message = Message { request_id: id.to_string(), to: due.to.clone(), text: due.words.clone() };
    let sent = app.sms.send(&message).await;
    let ctx = app.system();
    let recorded = match sent {
        Err(error) if error.code() != "sms-refused" => {
            tracing::warn!(sms = %id, ?error, "A short message was not sent.");
            app.db.write(move |c| sms::put_off(c, &ctx, &due, error.code())).await
        }
        sent => {
            if let Err(error) = sent {
                tracing::warn!(sms = %id, ?error, "A short message was refused for good.");
            }
            app.db.write(move |c| sms::done(c, &ctx, &due)).await
        }
    };
    if let Err(error) = recorded {
        tracing::warn!(sms = %id, ?error, "What came of a short message could not be recorded; it may be sent again.");
    }
}
