//! The verifier does not answer: declared all the same, verified later, accepted not before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use cloudmart::cases::{self, Case, CaseId, Identity, State};
use cloudmart::flows;
use cloudmart::identity::{EvidenceKind, pending};
use cloudmart::kernel::{Error, Kind};
use cloudmart::notifications::{self, News};
use cloudmart::outside::verifier_protocol::{FaceOutcome, Outcome, Reply};

use crate::harness::{Browser, NEWCOMER, PASSWORD, TestApp};
use crate::made;

/// For a natural person of level 1.
const CARD: &str = "senior-citizen-card";
const DISABILITY: &str = "disability-certificate";

const JPG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a small picture";

const ANSWERS: [(&str, &str); 8] = [
    ("form.gender", "2"),
    ("form.birth_date", "1958-02-27"),
    ("form.household_address", "云川市兰渚区望江街道临江巷15号"),
    ("form.residence_kind", "1"),
    ("form.issue_kind", "1"),
    ("form.emergency_contact", "陈小妹"),
    ("form.emergency_phone", "13800138222"),
    ("form.delivery", "1"),
];

fn reply(outcome: Outcome) -> Reply {
    Reply { outcome, reference: format!("R-{}", cloudmart::kernel::Id::random()), issuer: "测试核验".into() }
}

fn is_down(t: &TestApp) {
    t.verifier.answers(|_| Err(Error::outside("verifier-down")));
    t.verifier.faces_are(|| Err(Error::outside("verifier-down")));
}

fn says(t: &TestApp, outcome: Outcome) {
    t.verifier.answers(move |_| Ok(reply(outcome)));
}

/// Somebody new, who wants the card for seniors and says who they are while the verifier is down.
async fn says_name_to_nobody(t: &TestApp) -> Browser {
    is_down(t);
    let who = t.anyone();
    let page = who.get("/register").await;
    let fields = [("phone", NEWCOMER.phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    who.submit(&page, "/register", &fields).await.ok();
    let step = who.get(&format!("/declare/{CARD}")).await.link("/account/step-up");
    let page = who.get(&step).await;
    let fields = [("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number), ("act", "person")];
    let back = who.submit(&page, "/account/verify", &fields).await;
    back.ok().at(&format!("/declare/{CARD}")).has("已收下").has("等核验系统恢复后核验").has("开始填写");
    who
}

/// Declares, as far as that goes without the verifier.
async fn declares(who: &Browser) -> CaseId {
    let start = who.get(&format!("/declare/{CARD}")).await;
    let form = who.submit(&start, &format!("/declare/{CARD}"), &[]).await;
    // What was said stands in the form, and nobody types it twice.
    form.ok().has(NEWCOMER.name);
    let draft = form.place();
    let fields: Vec<_> = ANSWERS.iter().copied().chain([("act", "next")]).collect();
    let materials = who.submit(&form, &draft, &fields).await;
    let files = [("material.id_card", "身份证.pdf", made::PDF), ("material.photo", "photo.jpg", JPG)];
    let to = format!("{draft}/materials");
    let review = who.submit_files(&materials, &to, &[("act", "next")], &files).await;
    review.ok().at(&format!("{draft}/review"));
    let done = who.submit(&review, &format!("{draft}/submit"), &[("agree", "1")]).await;
    done.ok().at(&format!("{draft}/done"));
    draft.rsplit('/').next().unwrap().parse().unwrap()
}

async fn accept(t: &TestApp, case: &Case) -> Result<Case, Error> {
    let (clerk, books) = (made::as_staff(t, "clerk.h01.1").await, t.app.books());
    let seen = made::fine(&made::elements(t, CARD), case);
    t.app.db.write(move |c| flows::accept(c, &clerk, &books, &seen)).await.map(|(case, _)| case)
}

async fn news(t: &TestApp, case: &Case) -> Vec<News> {
    let mut ctx = t.system();
    ctx.actor = cloudmart::kernel::Actor::Person(case.person_id.unwrap().0);
    let page = t.app.db.read(move |c| notifications::messages(c, &ctx, None, 50)).await.unwrap();
    page.rows.into_iter().map(|m| m.news).collect()
}

both!(
    the_declaration_is_taken_and_accepted_when_the_verifier_has_spoken,
    |config| config.verifier.degraded = "accept".into(),
    async |t| {
        let who = says_name_to_nobody(t).await;
        let id = declares(&who).await;
        let case = made::now(t, id).await;
        assert_eq!((case.state, case.identity), (State::Submitted, Identity::Pending));
        who.get(&format!("/my/cases/{id}")).await.ok().has("身份待核验").has("核验通过后窗口才能受理").has("去核验");
        who.get("/my").await.ok().has("身份待核验");
        // The clerk sees so, may look, and cannot accept: neither by the button that is not there nor by hand.
        let clerk = t.clerk().await;
        clerk.get("/hall").await.ok().has("身份待核验");
        let page = clerk.get(&format!("/hall/cases/{id}")).await;
        page.ok().has("申请人身份待核验，现在不能受理").has("value=\"pre-accept\"").lacks("value=\"accept\" accesskey");
        assert!(accept(t, &case).await.is_err_and(|e| e.code() == "identity-pending"));
        // While it is down it is asked again and again, and the case stays.
        for _ in 0..4 {
            t.advance(1900);
            t.settle().await;
        }
        assert!(t.verifier.asked().len() >= 4, "{}", t.verifier.asked().len());
        // The law's five days pass: nobody who is unknown is accepted by silence.
        t.at("2026-03-20 10:00");
        t.settle().await;
        assert_eq!(made::now(t, id).await.identity, Identity::Pending);
        assert_eq!(made::now(t, id).await.state, State::Submitted);

        says(t, Outcome::Match);
        t.advance(1900);
        t.settle().await;
        let case = made::now(t, id).await;
        assert_eq!(case.identity, Identity::Known);
        // The office could not accept before: its five working days begin now.
        assert_eq!(case.accept_by.unwrap().to_string(), "2026-03-27");
        assert!(made::events(t, &case).await.contains(&cases::Event::IdentityKnown));
        assert!(news(t, &case).await.contains(&News::IdentityKnown));
        let who = log_in(t).await;
        who.get(&format!("/my/cases/{id}")).await.ok().lacks("身份待核验").has("身份核验通过");
        who.get("/account").await.ok().has("系统恢复后补核验").has("一级（身份证）");
        assert_eq!(accept(t, &case).await.unwrap().state.code(), accepted_state());
    }
);

async fn log_in(t: &TestApp) -> Browser {
    let who = t.anyone();
    let page = who.get("/login").await;
    who.submit(&page, "/login", &[("name", NEWCOMER.phone), ("password", PASSWORD)]).await.ok();
    who
}

/// Decided at the desk of its department.
fn accepted_state() -> &'static str {
    State::Handling.code()
}

both!(
    who_is_not_vouched_for_is_not_accepted_and_is_told,
    |config| config.verifier.degraded = "accept".into(),
    async |t| {
        let who = says_name_to_nobody(t).await;
        let id = declares(&who).await;
        says(t, Outcome::Mismatch);
        t.advance(60);
        t.settle().await;
        let case = made::now(t, id).await;
        assert_eq!((case.state, case.identity), (State::Submitted, Identity::Failed));
        assert!(news(t, &case).await.contains(&News::IdentityFailed));
        who.get(&format!("/my/cases/{id}")).await.ok().has("身份未通过核验").has("去核验");
        let clerk = t.clerk().await;
        clerk
            .get(&format!("/hall/cases/{id}"))
            .await
            .ok()
            .has("申请人身份核验未通过，不能受理")
            .lacks("value=\"accept\" accesskey");
        assert!(accept(t, &case).await.is_err_and(|e| e.code() == "identity-failed"));
        // Silence does not accept them either.
        t.at("2026-03-20 10:00");
        t.settle().await;
        assert_eq!(made::now(t, id).await.state, State::Submitted);
        // They say it rightly: with another name, under which the case stands from then on.
        says(t, Outcome::Match);
        let who = log_in(t).await;
        let step = who.get(&format!("/my/cases/{id}")).await.link("/account/step-up");
        let page = who.get(&step).await;
        let fields = [("name", "顾小舟"), ("id_number", NEWCOMER.id_number), ("act", "person")];
        who.submit(&page, "/account/verify", &fields).await.ok().at(&format!("/my/cases/{id}")).has("顾小舟");
        let case = made::now(t, id).await;
        assert_eq!((case.identity, case.applicant_mask.as_str()), (Identity::Known, "顾**"));
        accept(t, &case).await.unwrap();
    }
);

both!(a_verifier_that_is_down_is_waited_for_by_default, async |t| {
    is_down(t);
    let who = t.anyone();
    let page = who.get("/register").await;
    let fields = [("phone", NEWCOMER.phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    who.submit(&page, "/register", &fields).await.ok();
    let step = who.get(&format!("/declare/{CARD}")).await.link("/account/step-up");
    let page = who.get(&step).await;
    let fields = [("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number), ("act", "person")];
    who.submit(&page, "/account/verify", &fields).await.is(503).has("暂时没有应答").has(NEWCOMER.id_number);
    who.post(&format!("/declare/{CARD}"), &[]).await.ok().at("/account/step-up");
    let ctx = t.system();
    t.advance(3600);
    assert!(!t.app.db.read(move |c| pending::has_due(c, &ctx)).await.unwrap());
});

both!(
    what_waits_is_sealed_and_forgotten_once_it_is_judged,
    |config| config.verifier.degraded = "accept".into(),
    async |t| {
        use cloudmart::db::schema::idn_pending;
        use diesel::prelude::*;
        let all = async || {
            let read =
                |c: &mut cloudmart::db::Conn| Ok(idn_pending::table.select(idn_pending::claim).load::<Vec<u8>>(c)?);
            t.app.db.read(read).await.unwrap()
        };
        let who = says_name_to_nobody(t).await;
        let kept = all().await;
        assert_eq!(kept.len(), 1);
        for word in [NEWCOMER.name, NEWCOMER.id_number, NEWCOMER.phone] {
            assert!(!kept[0].windows(word.len()).any(|w| w == word.as_bytes()), "{word} can be read");
        }
        // Said once more, it takes the place of the first.
        let page = who.get("/account/verify?back=/my").await;
        page.ok().has("等核验系统恢复后核验");
        let fields = [("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number), ("act", "person")];
        who.submit(&page, "/account/verify", &fields).await.ok();
        assert_eq!(all().await.len(), 1);
        says(t, Outcome::Match);
        t.advance(60);
        t.settle().await;
        assert!(all().await.is_empty());
    }
);

/// Holds up whoever comes, until it is opened.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    changed: Condvar,
    is_reached: AtomicBool,
}

impl Gate {
    fn pass(&self) {
        self.is_reached.store(true, Ordering::SeqCst);
        let mut open = self.is_open.lock().unwrap();
        while !*open {
            open = self.changed.wait(open).unwrap();
        }
    }
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.changed.notify_all();
    }
}

both!(the_word_comes_while_the_clerk_accepts, |config| config.verifier.degraded = "accept".into(), async |t| {
    let who = says_name_to_nobody(t).await;
    let id = declares(&who).await;
    let case = made::now(t, id).await;
    // The verifier is at work on it, and takes its time.
    let gate = Arc::new(Gate::default());
    let held = gate.clone();
    t.verifier.answers(move |_| {
        tokio::task::block_in_place(|| held.pass());
        Ok(reply(Outcome::Match))
    });
    t.advance(60);
    let app = t.app.clone();
    let work = tokio::spawn(async move { cloudmart::work::verifications::round(&app).await });
    while !gate.is_reached.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    // The clerk tries, in vain, and moves the case on; then the word comes, to a case that is no longer where it was.
    assert!(accept(t, &case).await.is_err_and(|e| e.code() == "identity-pending"));
    let (clerk, books) = (made::as_staff(t, "clerk.h01.1").await, t.app.books());
    let seen = made::fine(&made::elements(t, CARD), &case);
    t.app.db.write(move |c| flows::pre_accept(c, &clerk, &books, &seen)).await.unwrap();
    gate.open();
    assert!(work.await.unwrap().unwrap());
    let now = made::now(t, id).await;
    assert_eq!((now.state, now.identity), (State::PreAccepted, Identity::Known));
    // From a page of before nobody accepts: it was looked at while nobody knew whose it was.
    assert!(accept(t, &case).await.is_err_and(|e| e.code() == "case-moved"));
    accept(t, &now).await.unwrap();
});

both!(many_words_and_many_clerks_at_once_accept_once, |config| config.verifier.degraded = "accept".into(), async |t| {
    let who = says_name_to_nobody(t).await;
    let id = declares(&who).await;
    says(t, Outcome::Match);
    t.advance(60);
    let mut all = tokio::task::JoinSet::new();
    for at in 0..6 {
        let app = t.app.clone();
        if at % 2 == 0 {
            all.spawn(async move { cloudmart::work::verifications::round(&app).await.map(|_| ()) });
            continue;
        }
        let (clerk, seen) = (made::as_staff(t, "clerk.h01.1").await, made::elements(t, CARD));
        all.spawn(async move {
            for _ in 0..200 {
                let (ctx, books, elements) = (clerk.clone(), app.books(), seen.clone());
                let done = app.db.write(move |c| {
                    let case = cases::at_hall(c, &ctx, id)?;
                    let was = case.identity;
                    let done = flows::accept(c, &ctx, &books, &made::fine(&elements, &case));
                    assert!(done.is_err() || was == Identity::Known, "accepted while nobody knew whose it was");
                    done.map(|_| ())
                });
                match done.await {
                    Err(e) if e.code() == "identity-pending" => tokio::task::yield_now().await,
                    Err(e) if e.is(Kind::Conflict) => return Ok(()),
                    done => return done,
                }
            }
            Ok(())
        });
    }
    while let Some(done) = all.join_next().await {
        done.unwrap().unwrap();
    }
    let case = made::now(t, id).await;
    assert_eq!(case.identity, Identity::Known);
    let events = made::events(t, &case).await;
    let count = |event| events.iter().filter(|e| **e == event).count();
    assert_eq!(count(cases::Event::IdentityKnown), 1, "{events:?}");
    assert!(count(cases::Event::Accept) <= 1, "{events:?}");
});

both!(
    a_face_that_cannot_be_shown_is_shown_later_or_the_case_fails,
    |config| config.verifier.degraded = "accept".into(),
    async |t| {
        let key = made::declarer(DISABILITY);
        let hand_in = async |who: &Browser| {
            let draft = made::draft(t, DISABILITY).await;
            let path = format!("/declare/drafts/{draft}");
            let review = who.get(&format!("{path}/review")).await;
            let sent = who.submit(&review, &format!("{path}/submit"), &[("agree", "1")]).await;
            if sent.place() == format!("{path}/done") {
                return draft;
            }
            let back = who.submit(sent.at("/account/step-up"), "/account/verify", &[("act", "face")]).await;
            back.ok().at(&format!("{path}/review")).has("三天内");
            who.submit(&back, &format!("{path}/submit"), &[("agree", "1")]).await.ok().at(&format!("{path}/done"));
            draft
        };
        is_down(t);
        let who = t.citizen(&key).await;
        let first = hand_in(&who).await;
        assert_eq!(made::now(t, first).await.identity, Identity::Pending);
        t.verifier.faces_are(|| Ok(FaceOutcome::Match));
        let page = who.get(&format!("/my/cases/{first}")).await;
        let step = who.get(&page.ok().has("身份待核验").link("/account/step-up")).await;
        let face = who.submit(&step, "/account/verify", &[("act", "face")]).await;
        face.ok().has("刷脸通过");
        assert_eq!(made::now(t, first).await.identity, Identity::Known);
        // Another time nobody comes back: after three days the clerk sees so.
        t.advance(200 * 86_400);
        is_down(t);
        let second = hand_in(&t.citizen(&key).await).await;
        t.advance(3 * 86_400 + 60);
        t.settle().await;
        assert_eq!(made::now(t, second).await.identity, Identity::Failed);
        assert_eq!(made::now(t, first).await.identity, Identity::Known);
        made::shown(t, &key, EvidenceKind::Face).await;
    }
);
