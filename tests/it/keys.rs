//! Keys that change while the platform runs.

use std::collections::BTreeSet;

use cloudmart::db::reseal;
use cloudmart::flows;
use cloudmart::kernel::Id;
use cloudmart::kernel::crypto::base64;
use cloudmart::kernel::keys::{Entry, Suite, Use};

use super::harness::{PASSWORD, TestApp};
use super::made::{self, FOOD, HYGIENE, MARKET};
use super::source::files;

/// Seals anew what another key than the current one sealed; returns how much that was.
async fn resealed(t: &TestApp) -> usize {
    let mut count = 0;
    for column in flows::sealed() {
        let mut after = Id::from_bytes([0; 16]);
        loop {
            let keys = t.app.keys.clone();
            // Batches smaller than what there is.
            let (done, last) = t.app.db.write(move |c| reseal::reseal(c, &keys, column, after, 3)).await.unwrap();
            count += done;
            let Some(last) = last else { break };
            after = last;
        }
    }
    count
}

async fn old(t: &TestApp) -> i64 {
    let mut all = 0;
    for column in flows::sealed() {
        let keys = t.app.keys.clone();
        all += t.app.db.read(move |c| reseal::old(c, &keys, column)).await.unwrap();
    }
    all
}

both!(keys_change_while_people_work, async |t| {
    let case = made::granted_at_desk(t, HYGIENE, made::HEALTH).await;
    made::endpoint(t, MARKET, "https://market.example/inbox").await;
    made::accepted(t, FOOD).await;
    let first = |used| Entry::new(1, Suite::Aes, used, &t.app.config.secrets.master).unwrap();
    let drawn = base64(&cloudmart::kernel::crypto::random32());
    let second = |used| Entry::new(2, Suite::Sm, used, &drawn).unwrap();
    assert_eq!(old(t).await, 0);

    // The new key is known before it is used.
    t.app.keys.renew(&[first(Use::Current), second(Use::Next)]).unwrap();
    let citizen = t.citizen(&made::declarer(HYGIENE)).await;
    let before = citizen.get("/account/data").await;
    before.ok();
    t.app.keys.renew(&[first(Use::Old), second(Use::Current)]).unwrap();
    // What the old one sealed opens, is found, and people come in.
    assert_eq!(citizen.get("/account/data").await.text, before.text);
    let phone = t.phone(&made::declarer(HYGIENE));
    let visitor = t.anyone();
    visitor.post("/login", &[("name", phone), ("password", PASSWORD)]).await.ok().lacks("autocomplete=\"username\"");

    assert!(old(t).await > 20);
    assert!(resealed(t).await > 20);
    assert_eq!((old(t).await, resealed(t).await), (0, 0));

    // Without the old key everything is as it was.
    t.app.keys.renew(&[second(Use::Current)]).unwrap();
    assert_eq!(citizen.get("/account/data").await.text, before.text);
    citizen.get(&format!("/my/cases/{}", case.id)).await.ok().has(case.receipt_no.as_deref().unwrap());
    citizen.get(&format!("/my/cases/{}/declaration", case.id)).await.ok();
    t.anyone().post("/login", &[("name", phone), ("password", PASSWORD)]).await.ok().lacks("autocomplete=\"username\"");
    t.settle().await;

    // The old key alone opens nothing any more.
    t.app.keys.renew(&[first(Use::Current)]).unwrap();
    citizen.get("/account/data").await.is(500);
});

/// Columns of bytes that hold nothing to be opened.
const PLAIN: &[&str] = &[
    "aud_batch.previous",
    "aud_batch.digests",
    "aud_batch.digest",
    "aud_batch.signature",
    "aud_removal.signature",
    "idn_person.phone_index",
    "idn_person.id_number_index",
    "idn_session.id",
    "idn_recovery.digest",
    "idn_recovery.salt",
    "idn_half.id",
    // Lives for minutes: who is setting up begins again.
    "idn_half.secret",
    "idn_client.secret_hash",
    "idn_throttle.key",
    // Lives for minutes: who waits for a code while the key changes asks for another.
    "idn_code.id",
    "idn_code.phone",
    "idn_code.phone_index",
    "idn_code.code",
    "idn_passkey.credential_id",
    "idn_ceremony.id",
    "idn_link.subject_index",
    "idn_away.id",
    // Lives for minutes: who is away while the key changes begins again.
    "idn_away.told",
    "idn_principal.number_index",
    "idn_mandate.phone_index",
    // Lives for minutes: who is showing a face while the key changes begins again.
    "idn_face.number_index",
    "case_case.applicant_index",
    "case_file.hash",
    "exg_declared.digest",
    "cat_paper.hash",
    "cat_import.file",
];

#[test]
fn every_sealed_column_is_known() {
    let mut found = BTreeSet::new();
    for (_, text) in files("migrations/postgres", "up.sql") {
        let mut table = "";
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => table = name,
                [column, "bytea" | "bytea,", ..] => {
                    found.insert(format!("{table}.{column}"));
                }
                _ => {}
            }
        }
    }
    let known: BTreeSet<String> = flows::sealed().map(|s| format!("{}.{}", s.table, s.column)).collect();
    let plain: BTreeSet<String> = PLAIN.iter().map(|s| (*s).to_owned()).collect();
    assert!(known.is_disjoint(&plain));
    let all: BTreeSet<String> = known.union(&plain).cloned().collect();
    assert_eq!(found, all, "name a column of bytes in SEALED of its domain, or in PLAIN of tests/it/keys.rs");
}
