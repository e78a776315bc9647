//! Password hashes: argon2id with 19 MiB, two passes, one lane (OWASP's first choice). A hash costs tens of milliseconds of a core:
//! call these through `App::hash`, never in a transaction.

use std::sync::OnceLock;

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

/// Whether this is the password. Without a hash (nobody has this login) it takes as long and says no.
pub fn is_right(password: &str, kept: Option<&str>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let nobody = || -> Result<&'static str> {
        if NOBODY.get().is_none() {
            let _set = NOBODY.set(hash("nobody has this password")?);
        }
        Ok(NOBODY.get().map_or("", String::as_str))
    };
    let text = match kept {
        Some(kept) => kept,
        None => nobody()?,
    };
    let parsed = PasswordHash::new(text).map_err(|e| Error::internal(e.to_string()))?;
    let fits = argon()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(fits && kept.is_some())
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
        assert!(is_right("nobody has this password", None).is_ok_and(|r| !r));
        assert!(is_right("x", Some("rubbish")).is_err());
    }
}
