//! The bytes that digests are taken of. They are the same however an engine writes a document or an instant, and nothing can be read in
//! two ways: each field has its length before it.
//!
//! A format once used is never changed: a new one gets a new name at its beginning.

use serde_json::Value;

use super::model::Entry;
use crate::kernel::{Ts, crypto};

pub(super) type Digest = [u8; 32];

/// What stands before the first batch.
pub(super) const BEGINNING: Digest = [0; 32];

/// A head without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub no: i64,
    pub previous: Vec<u8>,
    pub entries: i32,
    pub first_at: Ts,
    pub last_at: Ts,
    pub sealed_at: Ts,
    /// Of the entries, in their order, one behind the other.
    pub digests: Vec<u8>,
    /// Of the signature.
    pub suite: String,
    pub signer: String,
}

struct Bytes(Vec<u8>);

impl Bytes {
    fn new(format: &str) -> Self {
        Self(vec![]).text(format)
    }
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }
    fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }
    fn number(mut self, n: i64) -> Self {
        self.0.extend_from_slice(&n.to_be_bytes());
        self
    }
    /// What is not there has no bytes; an id always has sixteen.
    fn id(self, id: Option<crate::kernel::Id>) -> Self {
        self.bytes(id.as_ref().map_or(&[], |id| id.bytes().as_slice()))
    }
    fn digest(self) -> Digest {
        crypto::sha256(&self.0)
    }
}

/// Where it stands is not part of it: that is said by the order in its batch.
pub(super) fn entry(e: &Entry) -> Digest {
    let mut detail = String::new();
    write(&e.detail, &mut detail);
    Bytes::new("cloudmart audit entry 1")
        .id(Some(e.id))
        .number(e.at.micros())
        .text(&e.actor_kind)
        .id(e.actor_id)
        .text(&e.action)
        .text(&e.object_kind)
        .id(e.object_id)
        .id(e.person_id)
        .text(e.outcome.code())
        .text(&detail)
        .id(Some(e.request_id))
        .digest()
}

pub(super) fn head(h: &Head) -> Digest {
    Bytes::new("cloudmart audit head 1")
        .number(h.no)
        .bytes(&h.previous)
        .number(i64::from(h.entries))
        .number(h.first_at.micros())
        .number(h.last_at.micros())
        .number(h.sealed_at.micros())
        .bytes(&crypto::sha256(&h.digests))
        .text(&h.suite)
        .text(&h.signer)
        .digest()
}

/// That the entries of a batch went when their retention was over.
pub(super) fn removal(no: i64, head: &[u8], at: Ts, (suite, signer): (&str, &str)) -> Digest {
    Bytes::new("cloudmart audit removal 1").number(no).bytes(head).number(at.micros()).text(suite).text(signer).digest()
}

/// A document with the keys of each object in order, without white space.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(all) => {
            out.push('[');
            for (at, one) in all.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(one, out);
            }
            out.push(']');
        }
        Value::Object(all) => {
            let mut pairs: Vec<_> = all.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (at, (key, one)) in pairs.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(one, out);
            }
            out.push('}');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::audit::Outcome;
    use crate::kernel::Id;

    fn sample() -> Entry {
        Entry {
            id: Id::from_bytes([1; 16]),
            at: Ts::from_micros(1_800_000_000_000_001),
            actor_kind: "staff".into(),
            actor_id: Some(Id::from_bytes([2; 16])),
            action: "case.look".into(),
            object_kind: "case".into(),
            object_id: Some(Id::from_bytes([3; 16])),
            person_id: None,
            outcome: Outcome::Done,
            detail: json!({ "b": [1, "x"], "a": { "d": null, "c": true } }),
            request_id: Id::from_bytes([4; 16]),
            place: None,
        }
    }

    #[test]
    fn a_format_that_was_used_stays_as_it_is() {
        assert_eq!(hex::encode(entry(&sample())), ENTRY);
        let head_of = Head {
            no: 7,
            previous: BEGINNING.to_vec(),
            entries: 1,
            first_at: Ts::from_micros(1),
            last_at: Ts::from_micros(2),
            sealed_at: Ts::from_micros(3),
            digests: entry(&sample()).to_vec(),
            suite: "ES256".into(),
            signer: "0123456789abcdef".into(),
        };
        assert_eq!(hex::encode(head(&head_of)), HEAD);
    }

    /// Reckoned by another hand.
    const ENTRY: &str = "0f9676caad92049acc9aef423a2050dccf9e422c4e1a4cc1070bc3bb38277517";
    const HEAD: &str = "cee454c41948f429bfb85b96d2b626a260014f91f80774194adbea1b8faa6dfa";

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let text = r#"{"a":{"c":true,"d":null},"b":[1,"x"]}"#;
        let mut written = String::new();
        write(&sample().detail, &mut written);
        assert_eq!(written, text);
        let other = Entry { detail: serde_json::from_str(text).unwrap(), ..sample() };
        assert_eq!(entry(&other), entry(&sample()));
    }

    #[test]
    fn every_field_counts() {
        let changes: [fn(&mut Entry); 12] = [
            |e| e.id = Id::from_bytes([9; 16]),
            |e| e.at = e.at.plus_secs(1),
            |e| e.actor_kind = "person".into(),
            |e| e.actor_id = None,
            |e| e.action = "case.look-file".into(),
            |e| e.object_kind = "file".into(),
            |e| e.object_id = None,
            |e| e.person_id = e.object_id,
            |e| e.outcome = Outcome::Refused,
            |e| e.detail["b"][0] = json!(2),
            |e| e.request_id = Id::from_bytes([9; 16]),
            // From one field to the next.
            |e| (e.action, e.object_kind) = ("case.look-c".into(), "ase".into()),
        ];
        let before = entry(&sample());
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = sample();
            change(&mut changed);
            assert_ne!(entry(&changed), before, "change {at}");
        }
        let sealed = Entry { place: Some((1, 2)), ..sample() };
        assert_eq!(entry(&sealed), before, "its place is no part of it");
    }

    proptest! {
        /// Two texts that follow one another are never read as two others.
        #[test]
        fn fields_have_borders(a in ".{0,8}", b in ".{0,8}", c in ".{0,8}", d in ".{0,8}") {
            let of = |action: &str, kind: &str| {
                entry(&Entry { action: action.into(), object_kind: kind.into(), ..sample() })
            };
            prop_assert_eq!(of(&a, &b) == of(&c, &d), (a, b) == (c, d));
        }
    }
}
