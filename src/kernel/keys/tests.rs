use super::*;
use crate::kernel::crypto::base64;

fn one(version: u8, suite: Suite, used: Use) -> Entry {
    Entry::new(version, suite, used, &base64(&[version; 32])).unwrap_or_else(|e| panic!("{e:?}"))
}

fn keys(all: &[Entry]) -> Keys {
    Keys::from_entries(all).unwrap_or_else(|e| panic!("{e:?}"))
}

#[test]
fn a_sealed_field_opens_at_its_place_only() {
    for suite in [Suite::Aes, Suite::Sm] {
        let keys = keys(&[one(7, suite, Use::Current)]);
        let sealed = keys.seal_text("idn_person.phone", "13800138000");
        assert_eq!(keys.open_text("idn_person.phone", &sealed).ok().as_deref(), Some("13800138000"));
        assert!(keys.open_text("idn_person.name", &sealed).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(keys.open("idn_person.phone", &changed).is_err());
        assert_ne!(sealed, keys.seal_text("idn_person.phone", "13800138000"));
    }
}

#[test]
fn the_next_key_opens_before_it_seals_and_the_old_one_after() {
    let (a, b) = (one(1, Suite::Aes, Use::Current), one(2, Suite::Sm, Use::Next));
    let keys = keys(&[a.clone(), b.clone()]);
    let copy = keys.clone();
    let first = keys.seal("x", b"1");
    assert_eq!((first[0], keys.version()), (1, 1));
    let turned = [Entry { used: Use::Old, ..a }, Entry { used: Use::Current, ..b }];
    keys.renew(&turned).unwrap_or_else(|e| panic!("{e:?}"));
    let second = copy.seal("x", b"2");
    assert_eq!(second[0], 2, "all copies change together");
    assert_eq!((keys.open("x", &first).ok(), keys.open("x", &second).ok()), (Some(b"1".to_vec()), Some(b"2".to_vec())));
    let alone = self::keys(&[one(1, Suite::Aes, Use::Current)]);
    assert!(alone.open("x", &second).is_err(), "who does not know the key does not open");
}

#[test]
fn a_value_is_found_under_every_version() {
    let keys = keys(&[one(1, Suite::Aes, Use::Old), one(2, Suite::Sm, Use::Current)]);
    let all = keys.indexes("phone", "13800138000");
    assert_eq!((all.len(), &all[0]), (2, &keys.index("phone", "13800138000")));
    assert_ne!(all[0], all[1]);
    let old = self::keys(&[one(1, Suite::Aes, Use::Current)]);
    assert_eq!(all[1], old.index("phone", "13800138000"));
    assert!(
        keys.is_signed("link", "a", &old.sign("link", "a")) && !keys.is_signed("form", "a", &old.sign("link", "a"))
    );
}

#[test]
fn a_key_file_is_read_and_written() {
    let all = vec![one(1, Suite::Aes, Use::Old), one(2, Suite::Sm, Use::Current)];
    let text = format(&all);
    let read = parse(&text).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(*format(&read), *text);
    let secret = base64(&[7; 32]);
    for bad in [
        "1 aes current".to_owned(),
        format!("x aes current {secret}"),
        format!("0 aes current {secret}"),
        format!("1 des current {secret}"),
        format!("1 aes now {secret}"),
        "1 aes current c2hvcnQ=".to_owned(),
        format!("1 aes current {secret} more"),
    ] {
        assert!(parse(&bad).is_err(), "{bad}");
    }
    let faults = [
        vec![],
        vec![one(1, Suite::Aes, Use::Old)],
        vec![one(1, Suite::Aes, Use::Current), one(1, Suite::Sm, Use::Old)],
    ];
    for all in faults {
        assert!(Keys::from_entries(&all).is_err());
    }
    let two = [one(1, Suite::Aes, Use::Current), one(2, Suite::Aes, Use::Current)];
    assert!(Keys::from_entries(&two).is_err());
}

#[test]
fn a_retired_key_checks_and_opens_nothing() {
    let (old, new) = (one(1, Suite::Aes, Use::Old), one(2, Suite::Aes, Use::Current));
    let before = self::keys(&[one(1, Suite::Aes, Use::Current)]);
    let (sealed, signature) = (before.seal("x", b"1"), before.audit().sign(&[7; 32]));
    let text = format(&[old.retired(), new]);
    let keys = self::keys(&parse(&text).unwrap_or_else(|e| panic!("{e:?}")));
    assert!(keys.open("x", &sealed).is_err());
    assert_eq!(keys.check_audit(&[7; 32], &signature), Checked::Good);
    assert_eq!(keys.check_audit(&[8; 32], &signature), Checked::Wrong);
    assert_eq!(keys.audit_public().len(), 2);
}

#[test]
fn weak_secrets_are_refused() {
    assert!(Keys::from_secret("c2hvcnQ=").is_err());
    assert!(Keys::from_secret("not base64!").is_err());
}

#[test]
fn sm_algorithms_are_the_standards() {
    use sm3::Digest;
    // As OpenSSL reckons it.
    assert_eq!(
        hex::encode(hmac_sm3(b"key", b"abc")),
        "28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393"
    );
    let digest = hex::encode(Sm3::digest(b"abc"));
    assert_eq!(digest, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    // RFC 8998, A.1: SM4-GCM.
    let bytes = |text: &str| hex::decode(text).unwrap_or_default();
    let key: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap_or_default();
    let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap_or_default();
    let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let text = [[0xaa; 8], [0xbb; 8], [0xcc; 8], [0xdd; 8], [0xee; 8], [0xff; 8], [0xee; 8], [0xaa; 8]].concat();
    let sealed = AesGcm::<Sm4, U12>::new(&key.into())
        .encrypt(&Nonce::from(nonce), Payload { msg: &text, aad: &aad })
        .unwrap_or_default();
    assert_eq!(hex::encode(&sealed[64..]), "83de3541e4c2b58177e065a9bf7b62ec");
}
