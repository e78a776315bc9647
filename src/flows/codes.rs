//! A code goes to a phone.

use crate::db::Conn;
use crate::identity::codes::{self, Purpose};
use crate::kernel::{Ctx, Result};
use crate::notifications::sms;

/// Makes a code for whoever has this phone and puts its message in the queue; `words` makes the message of the code. Returns the token for
/// the visitor's cookie, whether there is an account or not.
///
/// # Errors
/// Those of [`codes::begin`].
pub fn send_code(
    c: &mut Conn,
    ctx: &Ctx,
    purpose: Purpose,
    phone: &str,
    (address, back): (&str, &str),
    words: &dyn Fn(&str) -> String,
) -> Result<String> {
    let begun = codes::begin(c, ctx, purpose, phone, (address, back))?;
    if let Some(to) = &begun.to {
        sms::queue(c, ctx, &to.phone, &words(&to.code), to.until)?;
    }
    Ok(begun.token)
}
