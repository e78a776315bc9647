//! Codes of an authenticator: one-time passwords by time (RFC 6238) with SHA-1, six digits and steps of thirty seconds, which is what
//! every authenticator reads. That a code works once is for the caller to keep, by its step.

use totp_rs::{Builder, Totp};

use super::{Error, Result, Ts, crypto};

/// Seconds for which a code is shown.
pub const STEP: i64 = 30;
/// Bytes of a secret (RFC 4226 4, R6: 160 bits).
const BYTES: usize = 20;

/// A new secret.
pub fn secret() -> Vec<u8> {
    crypto::random32()[..BYTES].to_vec()
}

fn of(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret)
}

fn built(builder: Builder) -> Result<Totp> {
    builder.build().map_err(|e| Error::internal(format!("an authenticator's secret: {e}")))
}

fn seconds(at: Ts) -> u64 {
    u64::try_from(at.micros() / 1_000_000).unwrap_or_default()
}

/// The code that an authenticator shows at this time.
///
/// # Errors
/// Internal, when the secret is too short.
pub fn code(secret: &[u8], at: Ts) -> Result<String> {
    Ok(built(of(secret))?.generate(seconds(at)).to_string())
}

/// Seconds until the next code.
pub fn seconds_left(at: Ts) -> i64 {
    STEP - (at.micros() / 1_000_000).rem_euclid(STEP)
}

/// The step of which this is the code: now, the one before or the one after, for clocks that go wrong (RFC 6238 5.2).
///
/// # Errors
/// Internal, when the secret is too short.
pub fn step_of(secret: &[u8], typed: &str, now: Ts) -> Result<Option<i64>> {
    let step = built(of(secret))?.check(&typed_digits(typed), seconds(now));
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

/// What is typed for a code, without the spaces of its groups, and with the digits of Chinese keyboards made plain.
pub fn typed_digits(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        c => c,
    };
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(plain).collect()
}

/// The address that an authenticator reads from a picture.
///
/// # Errors
/// Internal, when a name has a colon.
pub fn address(secret: &[u8], issuer: &str, account: &str) -> Result<String> {
    let whole = built(of(secret).with_issuer(Some(issuer)).with_account_name(account))?;
    whole.to_url().map_err(|e| Error::internal(format!("the address for an authenticator: {e}")))
}

/// The secret as text to be typed: base 32, in groups of four.
///
/// # Errors
/// Internal, when the secret is too short.
pub fn in_groups(secret: &[u8]) -> Result<String> {
    let text = built(of(secret))?.secret().to_base32();
    let groups: Vec<String> = text.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    Ok(groups.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B; its eight digits cut to the last six.
    #[test]
    fn codes_of_the_standard() {
        for (at, code_then) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let at = Ts::from_micros(at * 1_000_000);
            assert_eq!(code(b"12345678901234567890", at).ok().as_deref(), Some(code_then));
        }
    }

    #[test]
    fn a_code_is_known_one_step_around() {
        let (secret, now) = (b"12345678901234567890", Ts::from_micros(1_800_000_000_000_000));
        let shown = code(secret, now).unwrap_or_default();
        let step = |typed: &str, secs: i64| step_of(secret, typed, now.plus_secs(secs)).ok().flatten();
        let this = Some(1_800_000_000 / STEP);
        assert_eq!([step(&shown, -30), step(&shown, 0), step(&shown, 59)], [this; 3]);
        assert_eq!([step(&shown, -31), step(&shown, 60)], [None; 2]);
        assert_eq!(step(&format!(" {} {}", &shown[..3], &shown[3..]), 0), this);
        let wide: String = shown.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect();
        assert_eq!(step(&wide, 0), this);
        for wrong in ["", "12345", "+12345", "1234567", "abcdef"] {
            assert_eq!(step(wrong, 0), None, "{wrong}");
        }
        assert_eq!((seconds_left(now), seconds_left(now.plus_secs(29))), (30, 1));
    }

    #[test]
    fn an_authenticator_is_told_everything() {
        let address = address(&[0; 20], "云超市", "clerk.h01.1").unwrap_or_default();
        assert!(address.starts_with("otpauth://totp/%E4%BA%91%E8%B6%85%E5%B8%82:clerk"), "{address}");
        assert!(address.contains("secret=AAAAAAAA") && address.contains("issuer=%E4"), "{address}");
        assert_eq!(in_groups(&[0; 20]).ok().as_deref(), Some("AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA"));
        assert!(code(b"short", Ts::default()).is_err());
    }
}
