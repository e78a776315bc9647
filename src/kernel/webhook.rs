//! Signatures of messages between systems, by the Standard Webhooks scheme: `webhook-id`, `webhook-timestamp` and
//! `webhook-signature` headers; the signature is HMAC-SHA256 over `id.timestamp.body`. Several signatures may stand side by side
//! while a key is changed.

use super::crypto::{base64, from_base64, hmac_sha256, same};
use super::{Error, Result, Ts};

/// How far a message's time may lie from ours, in seconds.
pub const TOLERANCE: i64 = 5 * 60;

/// The value of `webhook-signature` for one key.
pub fn sign(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    format!("v1,{}", base64(&mac(key, id, timestamp, body)))
}

/// Whether one of the signatures in the header fits one of the keys, and the time is near.
pub fn verify(keys: &[&[u8]], id: &str, timestamp: &str, header: &str, body: &[u8], now: Ts) -> Result<()> {
    let refused = || Error::new(super::Kind::Unauthenticated, "signature-bad");
    let at: i64 = timestamp.parse().map_err(|_| refused())?;
    if (now.micros() / 1_000_000 - at).abs() > TOLERANCE {
        return Err(Error::new(super::Kind::Unauthenticated, "signature-old"));
    }
    let given: Vec<Vec<u8>> = header.split(' ').filter_map(|s| s.strip_prefix("v1,")).filter_map(from_base64).collect();
    let fits = keys.iter().any(|key| {
        let want = mac(key, id, at, body);
        given.iter().any(|g| same(g, &want))
    });
    if fits { Ok(()) } else { Err(refused()) }
}

fn mac(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> [u8; 32] {
    let mut text = format!("{id}.{timestamp}.").into_bytes();
    text.extend_from_slice(body);
    hmac_sha256(key, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_scheme() {
        // From the scheme's own libraries.
        let key = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap_or_default();
        let got = sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, br#"{"test": 2432232314}"#);
        assert_eq!(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_changed_body_an_old_time_and_a_wrong_key_are_refused() {
        let now = Ts::from_micros(1_700_000_000_000_000);
        let sig = sign(b"key", "m1", 1_700_000_000, b"body");
        assert!(verify(&[b"old", b"key"], "m1", "1700000000", &format!("v1,AAAA {sig}"), b"body", now).is_ok());
        assert!(verify(&[b"key"], "m1", "1700000000", &sig, b"bodY", now).is_err());
        assert!(verify(&[b"other"], "m1", "1700000000", &sig, b"body", now).is_err());
        assert!(verify(&[b"key"], "m1", "1700000000", &sig, b"body", now.plus_secs(301)).is_err());
        assert!(verify(&[b"key"], "m1", "soon", &sig, b"body", now).is_err());
    }
}
