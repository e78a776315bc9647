//! Recovery codes: for whoever has no authenticator at hand. Ten of twelve characters (59 bits each), kept as slow digests under one
//! salt, so that a try costs one digest.

use crate::audit;
use crate::db::Conn;
use crate::identity::model::StaffId;
use crate::identity::passwords;
use crate::identity::store::factors as store;
use crate::kernel::{Ctx, Result, crypto};

/// How many there are.
pub const COUNT: usize = 10;

/// New codes. Not `Debug`: they must not end in a log.
#[derive(Clone)]
pub struct Fresh {
    /// As they are shown, once.
    pub shown: Vec<String>,
    pub(super) salt: Vec<u8>,
    pub(super) digests: Vec<Vec<u8>>,
}

/// Makes new codes. Slow: through `App::hash`, never in a transaction.
pub fn make() -> Result<Fresh> {
    let salt = crypto::random32()[..16].to_vec();
    let shown: Vec<String> = (0..COUNT).map(|_| in_groups(&crypto::random_code(12))).collect();
    let digests = shown.iter().map(|code| digest(code, &salt)).collect::<Result<_>>()?;
    Ok(Fresh { shown, salt, digests })
}

fn in_groups(code: &str) -> String {
    [&code[..4], &code[4..8], &code[8..]].join("-")
}

/// The digest of what was typed, whatever its case and its hyphens. Slow: through `App::hash`, never in a transaction.
pub fn digest(typed: &str, salt: &[u8]) -> Result<Vec<u8>> {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    passwords::digest(&plain.to_ascii_uppercase(), salt)
}

/// The salt of a member's codes; any for one who has none, so that a try costs the same.
pub(super) fn salt(c: &mut Conn, staff: StaffId) -> Result<Vec<u8>> {
    Ok(store::salt(c, staff)?.unwrap_or_else(|| crypto::random32()[..16].to_vec()))
}

/// Puts codes in the place of those before.
pub(super) fn put(c: &mut Conn, ctx: &Ctx, staff: StaffId, codes: &Fresh) -> Result<()> {
    store::put_recovery(c, staff, &codes.digests, &codes.salt, ctx.now)?;
    audit::record(c, ctx, "factor.recovery-new", ("staff", staff.0), ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let fresh = make().unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!((fresh.shown.len(), fresh.digests.len()), (COUNT, COUNT));
        let first = &fresh.shown[0];
        let typed = format!(" {} ", first.to_lowercase().replace('-', " "));
        assert_eq!(digest(&typed, &fresh.salt).ok().as_ref(), fresh.digests.first());
        assert_ne!(digest(&typed, b"another salt of 16").ok().as_ref(), fresh.digests.first());
        assert_ne!(fresh.digests[0], fresh.digests[1]);
    }
}
