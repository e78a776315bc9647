//! How a mandate ends, what that stops, and who goes on with the cases.

use cloudmart::cases::{self, CaseId};
use cloudmart::db::Conn;
use cloudmart::flows;
use cloudmart::identity::mandates;
use cloudmart::identity::{MandateId, Power};
use cloudmart::kernel::{Id, Kind};
use cloudmart::outside::verifier_protocol::{Outcome, Reply};

use super::*;

/// The representative lets the second act for the shop, too.
async fn also_mandated(t: &TestApp, items: Vec<Id>) -> MandateId {
    let (by, ctx) = (held(t, LINYUE).await.remove(0).mandate.id, made::as_person(t, LINYUE).await);
    let offer = offer(t, "周敏", t.phone(ZHOU), items, Power::ALL.to_vec());
    let id = t.app.db.write(move |c| mandates::offer(c, &ctx, by, &offer)).await.unwrap();
    let ctx = made::as_person(t, ZHOU).await;
    t.app.db.write(move |c| mandates::take(c, &ctx, id)).await.unwrap();
    id
}

async fn news(t: &TestApp, key: &str) -> usize {
    let ctx = made::as_person(t, key).await;
    t.app.db.read(move |c| cloudmart::notifications::messages(c, &ctx, None, 100)).await.unwrap().rows.len()
}

both!(a_new_representative_takes_over, async |t| {
    let shop = acting(t, LINYUE).await;
    let case = declared(t, &shop).await;
    // The register names another now.
    t.verifier.answers(|_| Ok(Reply { outcome: Outcome::Match, reference: "R".into(), issuer: "登记机关".into() }));
    let who = t.citizen(ZHOU).await;
    let page = who.get("/account/acting/add?kind=legal").await;
    let fields = [("kind", "legal"), ("name", SHOP), ("number", "92980102MA6XL0010Y")];
    who.submit(&page, "/account/acting/add", &fields).await.ok().has(SHOP);
    assert!(held(t, LINYUE).await.is_empty());
    assert_eq!(made::now(t, case.id).await.person_id, Some(t.person(ZHOU).await));
    let new = acting(t, ZHOU).await;
    assert_eq!(mine(t, &new, case.id).await.unwrap().id, case.id);
    t.citizen(LINYUE).await.get("/account/acting").await.ok().has("已由新的核验或委托代替");
});

both!(what_was_taken_back_does_nothing_at_once_and_its_cases_go_on, async |t| {
    let id = mandated(t, vec![], Power::ALL.to_vec()).await;
    let (agent, rep) = (acting(t, HE).await, acting(t, LINYUE).await);
    let case = declared(t, &agent).await;
    let prepared = draft(t, &agent, HYGIENE).await.unwrap();
    let (his, hers) = (t.citizen(HE).await, t.citizen(LINYUE).await);
    choose(&his, SHOP).await.ok().has(case.receipt());
    let page = hers.get(&format!("/account/acting/{id}/end")).await;
    page.ok().has("何子墨马上不能再代").has("有 1 件正在办").has("您自己");
    hers.submit(&page, &format!("/account/acting/{id}/end"), &[]).await.ok().has("已终止").has("法定代表人收回");
    // The page that was open acts for himself; what was begun with the old right does nothing.
    his.get("/my").await.ok().lacks("正在代办").lacks(case.receipt());
    his.get(&format!("/my/cases/{}", case.id)).await.is(404);
    assert_eq!(refused(submit(t, &agent, prepared, HYGIENE).await), (Kind::Forbidden, "mandate-ended"));
    his.post("/account/acting", &[("act", "choose"), ("id", &id.to_string())]).await.is(409).has("已经终止或到期");
    // She is told of it from now on, and goes on with what he prepared.
    assert_eq!(made::now(t, case.id).await.person_id.map(|p| p.0), rep.actor.id());
    submit(t, &rep, prepared, HYGIENE).await.unwrap();
    // A second time there is nothing to end.
    hers.post(&format!("/account/acting/{id}/end"), &[]).await.is(409);
});

both!(who_leaves_hands_over_to_the_representative, async |t| {
    let id = mandated(t, vec![], Power::ALL.to_vec()).await;
    let case = declared(t, &acting(t, HE).await).await;
    let his = t.citizen(HE).await;
    let page = his.get(&format!("/account/acting/{id}/end")).await;
    page.ok().has("不再代办").has("会交接给林悦");
    his.submit(&page, &format!("/account/acting/{id}/end"), &[]).await.ok().at("/account/acting");
    assert_eq!(made::now(t, case.id).await.person_id, Some(t.person(LINYUE).await));
});

both!(a_declined_offer_is_seen, async |t| {
    let (by, ctx) = (held(t, LINYUE).await.remove(0).mandate.id, made::as_person(t, LINYUE).await);
    let offered = offer(t, "何子墨", t.phone(HE), vec![], vec![]);
    let id = t.app.db.write(move |c| mandates::offer(c, &ctx, by, &offered)).await.unwrap();
    let his = t.citizen(HE).await;
    let page = his.get(&format!("/account/acting/{id}/end")).await;
    page.ok().has("不接受委托");
    his.submit(&page, &format!("/account/acting/{id}/end"), &[]).await.ok().lacks("有委托等您接受");
    t.citizen(LINYUE).await.get(&format!("/account/acting/{by}")).await.ok().has("对方没有接受");
});

both!(a_hundred_submissions_and_one_that_takes_the_mandate_back, async |t| {
    let id = mandated(t, vec![], Power::ALL.to_vec()).await;
    let agent = acting(t, HE).await;
    let mut drafts = vec![];
    for slug in [FOOD, HYGIENE, "outdoor-advertising", "fire-safety-inspection"] {
        if let Ok(id) = draft(t, &agent, slug).await {
            drafts.push((id, slug));
        }
    }
    assert!(drafts.len() >= 2);
    let (rep, app) = (made::as_person(t, LINYUE).await, t.app.clone());
    let end = tokio::spawn(async move {
        app.db.write(move |c| flows::end_mandate(c, &rep, id, None)).await.unwrap();
        app.clock.now()
    });
    let mut done = vec![];
    for (id, slug) in drafts {
        done.push((id, submit(t, &agent, id, slug).await));
    }
    end.await.unwrap();
    // Each went through before, or found it ended; none was handed in by nobody's right.
    for (id, result) in done {
        match result {
            Ok(case) => assert!(case.receipt_no.is_some()),
            Err(e) => {
                assert_eq!((e.kind(), e.code()), (Kind::Forbidden, "mandate-ended"));
                assert_eq!(made::now_or_draft(t, id).await, cases::State::Draft);
            }
        }
    }
});

both!(nobody_takes_over_what_their_mandate_does_not_cover, async |t| {
    let his = mandated(t, vec![], Power::ALL.to_vec()).await;
    let hers = also_mandated(t, vec![made::item(t, HYGIENE).0]).await;
    let agent = acting(t, HE).await;
    let food = declared(t, &agent).await;
    let hygiene = draft(t, &agent, HYGIENE).await.unwrap();
    let hygiene = submit(t, &agent, hygiene, HYGIENE).await.unwrap();
    let rep = made::as_person(t, LINYUE).await;
    t.app.db.write(move |c| flows::end_mandate(c, &rep, his, Some(hers))).await.unwrap();
    assert_eq!(made::now(t, hygiene.id).await.person_id, Some(t.person(ZHOU).await));
    assert_eq!(made::now(t, food.id).await.person_id, Some(t.person(LINYUE).await));
});

both!(who_may_not_see_it_any_more_is_not_told, async |t| {
    mandated(t, vec![], Power::ALL.to_vec()).await;
    let case = declared(t, &acting(t, HE).await).await;
    assert_eq!((news(t, HE).await, news(t, LINYUE).await), (1, 0));
    // His mandate ends by its last day, and the case counts as accepted after that.
    t.advance(31 * 86_400);
    t.settle().await;
    assert_eq!(made::now(t, case.id).await.state, cases::State::Dispatched);
    let (his, hers) = (news(t, HE).await, news(t, LINYUE).await);
    assert!(his == 1 && hers >= 1, "{his} {hers}");
});

both!(who_is_not_known_yet_is_who_handed_it_in, async |t| {
    let his = mandated(t, vec![], Power::ALL.to_vec()).await;
    let case = declared(t, &acting(t, HE).await).await;
    let id = case.id.0;
    let pend = move |c: &mut Conn| {
        use cloudmart::db::schema::case_case;
        use diesel::prelude::*;
        diesel::update(case_case::table.find(CaseId(id))).set(case_case::identity.eq("pending")).execute(c)?;
        Ok(())
    };
    t.app.db.write(pend).await.unwrap();
    let rep = made::as_person(t, LINYUE).await;
    t.app.db.write(move |c| flows::end_mandate(c, &rep, his, None)).await.unwrap();
    assert_eq!(made::now(t, case.id).await.person_id, Some(t.person(LINYUE).await));
    for (key, count) in [(HE, 1), (LINYUE, 0)] {
        let (system, person) = (t.system(), t.person(key).await);
        let held = t.app.db.read(move |c| cases::held(c, &system, person)).await.unwrap();
        assert_eq!(held.len(), count, "{key}");
    }
});

both!(who_was_the_representative_keeps_no_mandate_of_their_own, async |t| {
    let (by, ctx) = (held(t, LINYUE).await.remove(0).mandate.id, made::as_person(t, LINYUE).await);
    let own = offer(t, "林悦", t.phone(LINYUE), vec![], Power::ALL.to_vec());
    let take = move |c: &mut Conn| {
        let id = mandates::offer(c, &ctx, by, &own)?;
        mandates::take(c, &ctx, id)
    };
    t.app.db.write(take).await.unwrap();
    assert_eq!(held(t, LINYUE).await.len(), 2);
    t.verifier.answers(|_| Ok(Reply { outcome: Outcome::Match, reference: "R".into(), issuer: "登记机关".into() }));
    let who = t.citizen(ZHOU).await;
    let page = who.get("/account/acting/add?kind=legal").await;
    let fields = [("kind", "legal"), ("name", SHOP), ("number", "92980102MA6XL0010Y")];
    who.submit(&page, "/account/acting/add", &fields).await.ok().has(SHOP);
    assert!(held(t, LINYUE).await.is_empty());
});

both!(a_closed_account_acts_for_nobody, async |t| {
    let id = mandated(t, vec![], vec![]).await;
    let ctx = made::as_person(t, HE).await;
    t.app.db.write(move |c| cloudmart::identity::accounts::close(c, &ctx)).await.unwrap();
    let by = held(t, LINYUE).await.remove(0).mandate.id;
    t.citizen(LINYUE).await.get(&format!("/account/acting/{by}")).await.ok().has("账号已注销");
    let system = t.system();
    let held = t.app.db.read(move |c| mandates::named(c, &system, id)).await.unwrap();
    assert!(held.mandate.ended_at.is_some());
});
