//! Password hashes: argon2id with 19 MiB, two passes, one lane (OWASP's first choice). A hash costs tens of milliseconds of a core:
//! call these through `App::hash`, never in a transaction.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::kernel::{Error, Result};

fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to be kept, with its salt and parameters (PHC string).
pub fn hash(password: &str) -> Result<String> {
    let hash = argon()?.hash_password(password.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash.to_string())
}

/// A hash of the same cost that no password has: drawn, not made.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y54xktK20QPmw/S7TIFkkg$bopJ8Y3BE4vJ9X7xMrlWQlpnRXgv/8DOc4vgNvzKAIM";

/// Whether this is the password. Without a hash (nobody has this login) or with an empty one (the account has no password) it takes as
/// long and says no.
pub fn is_right(password: &str, kept: Option<&str>) -> Result<bool> {
    let kept = kept.filter(|hash| !hash.is_empty());
    let parsed = PasswordHash::new(kept.unwrap_or(NOBODY)).map_err(|e| Error::internal(e.to_string()))?;
    let fits = argon()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(fits && kept.is_some())
}

/// The digest of a secret that is found by it, under a salt that several may share.
pub(super) fn digest(secret: &str, salt: &[u8]) -> Result<Vec<u8>> {
    let mut out = vec![0; 32];
    let made = argon()?.hash_password_into(secret.as_bytes(), salt, &mut out);
    made.map_err(|e| Error::internal(e.to_string()))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_for_its_own_hash_only() {
        let kept = hash("correct horse").unwrap_or_else(|e| panic!("{e:?}"));
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right("correct horse", Some(&kept)).is_ok_and(|r| r));
        assert!(is_right("correct horsf", Some(&kept)).is_ok_and(|r| !r));
        assert!(is_right("correct horse", None).is_ok_and(|r| !r));
        assert!(is_right("", Some("")).is_ok_and(|r| !r));
        // Both cost the same, up to the salt.
        let cost = |phc: &str| phc.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(cost(NOBODY), cost(&kept));
        assert!(PasswordHash::new(NOBODY).is_ok_and(|h| h.hash.is_some()));
        assert!(is_right("x", Some("rubbish")).is_err());
    }
}
