//! A clerk's check: who came is compared with their card, and their account has the highest level, online too.

use cloudmart::audit;
use cloudmart::cases::{self, Identity};
use cloudmart::flows;
use cloudmart::identity::{self, EvidenceKind, PersonId, Via};
use cloudmart::kernel::Error;
use cloudmart::outside::verifier_protocol::{Outcome, Reply};
use serde_json::Value;

use crate::harness::{Browser, NEWCOMER, PASSWORD, Seen, TestApp};
use crate::made::{self, HYGIENE};

const LINYUE: &str = "980102199204160249";
const CARD: [(&str, &str); 5] =
    [("name", "林悦"), ("id_number", LINYUE), ("valid_until", "2036-01-01"), ("same", "1"), ("act", "confirm")];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_replaced = |name: &str| more.iter().any(|(n, _)| *n == name);
    fields.iter().filter(|(n, _)| !is_replaced(n)).chain(more).copied().collect()
}

async fn look(clerk: &Browser, number: &str) -> Seen {
    let page = clerk.get("/hall/identity").await;
    let fields = [("id_number", number), ("purpose", "account"), ("act", "look")];
    clerk.submit(page.ok(), "/hall/identity", &fields).await
}

async fn level(t: &TestApp, key: &str) -> i32 {
    let (ctx, id) = (t.system(), t.person(key).await);
    t.app.db.read(move |c| identity::person_level(c, &ctx, id)).await.unwrap()
}

/// What was recorded of a person by this name of an act.
async fn recorded(t: &TestApp, person: PersonId, action: &str) -> Vec<Value> {
    let all = t.app.db.read(move |c| audit::of_object(c, person.0)).await.unwrap();
    all.into_iter().filter(|e| e.action == action).map(|e| e.detail).collect()
}

both!(who_was_seen_has_the_highest_level_online_too, async |t| {
    let clerk = t.clerk().await;
    let found = look(&clerk, LINYUE).await;
    found.ok().has("林*").has("138****8101").has("二级（实名注册）").lacks("13800138101");
    clerk.submit(&found, "/hall/identity", &CARD).await.ok().at("/hall/identity").has("身份已核验");
    assert_eq!((level(t, "linyue").await, level(t, "zhoumin").await), (4, 2));
    let ctx = made::as_person(t, "linyue").await;
    let evidence = t.app.db.read(move |c| identity::evidence(c, &ctx)).await.unwrap();
    let card = evidence.iter().find(|e| e.kind == EvidenceKind::WindowCard).unwrap();
    assert_eq!((card.via, card.result.as_str()), (Via::Window, "match"));
    assert!(card.issuer.contains("政务服务"), "{}", card.issuer);
    let linyue = t.citizen("linyue").await;
    linyue.get("/account").await.ok().has("四级（窗口当面）").has("窗口核对身份证").has("窗口核验");
    // It counts as just seen, where an item wants that.
    linyue.get("/account/step-up?step=sign&item=disability-certificate&back=/my").await.ok().at("/my");
    let person = t.person("linyue").await;
    let looks = recorded(t, person, "person.window-look").await;
    assert_eq!((looks.len(), looks[0]["purpose"].as_str()), (1, Some("identify")));
    let checks = recorded(t, person, "person.verify").await;
    assert_eq!((checks[0]["via"].as_str(), checks[0]["purpose"].as_str()), (Some("window"), Some("account")));
    assert!(!format!("{looks:?}{checks:?}").contains(LINYUE));
});

both!(a_card_that_is_not_in_order_raises_nothing, async |t| {
    let clerk = t.clerk().await;
    let page = clerk.get("/hall/identity").await;
    // Without a purpose nobody is looked for.
    clerk
        .submit(&page, "/hall/identity", &[("id_number", LINYUE), ("act", "look")])
        .await
        .is(422)
        .has("请选择为什么查");
    look(&clerk, "980102199204160248").await.is(422).has("980102199204160248");
    clerk.post("/hall/identity", &CARD).await.is(422).has("请选择为什么查").lacks("林*");
    assert!(recorded(t, t.person("linyue").await, "person.window-look").await.is_empty());
    let found = look(&clerk, LINYUE).await;
    for (more, words) in [
        (&[("valid_until", "2026-03-01")][..], "已过期"),
        (&[("valid_until", "")], "请填身份证有效期"),
        (&[("valid_until", "soon")], "请填写日期"),
        (&[("name", "林越")], "与账号里核验过的姓名不一致"),
        (&[("id_kind", "414")], "请从列出的选项里选"),
        (&[("id_number", NEWCOMER.id_number)], "没有账号绑定这个号码"),
    ] {
        let seen = clerk.submit(&found, "/hall/identity", &with(&CARD, more)).await;
        seen.is(422).has(words);
    }
    let not_compared: Vec<_> = CARD.iter().copied().filter(|(n, _)| *n != "same").collect();
    clerk.submit(&found, "/hall/identity", &not_compared).await.is(422).has("请当面比对");
    assert_eq!(level(t, "linyue").await, 2);
    // One without an end is in order.
    let long = with(&CARD, &[("valid_until", ""), ("long", "1")]);
    clerk.submit(&found, "/hall/identity", &long).await.ok();
    assert_eq!(level(t, "linyue").await, 4);
});

both!(a_level_of_the_window_ends_with_the_card, async |t| {
    let clerk = t.clerk().await;
    let found = look(&clerk, LINYUE).await;
    clerk.submit(&found, "/hall/identity", &with(&CARD, &[("valid_until", "2026-03-04")])).await.ok();
    t.at("2026-03-04 23:59");
    assert_eq!(level(t, "linyue").await, 4);
    t.at("2026-03-05 00:00");
    assert_eq!(level(t, "linyue").await, 2);
});

/// Somebody whom the verifier does not know, with an account and no more.
async fn unknown(t: &TestApp) -> Browser {
    let who = t.anyone();
    let page = who.get("/register").await;
    let fields = [("phone", NEWCOMER.phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    who.submit(&page, "/register", &fields).await.ok();
    who
}

both!(an_account_without_a_name_is_known_by_its_code, async |t| {
    let (clerk, who) = (t.clerk().await, unknown(t).await);
    let page = who.get("/account/verify?back=/my").await;
    let code = page.between("<code class=\"code\">", "</code>");
    let found = look(&clerk, NEWCOMER.id_number).await;
    found.ok().has("没有账号绑定这个号码");
    let card = with(&CARD, &[("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number), ("phone", NEWCOMER.phone)]);
    clerk.submit(&found, "/hall/identity", &with(&card, &[("code", "22222222")])).await.is(422).has("核验码对不上");
    // The code of another phone is none.
    let other = with(&card, &[("code", &code), ("phone", "13800138101")]);
    clerk.submit(&found, "/hall/identity", &other).await.is(422).has("核验码对不上");
    // A number that is another's is not given away.
    let taken = with(&card, &[("code", &code), ("name", "林悦"), ("id_number", LINYUE)]);
    clerk.submit(&found, "/hall/identity", &taken).await.is(422).has("已经属于另一个账号");
    assert_eq!(level(t, "linyue").await, 2);
    // As people type it, and some minutes after it was shown.
    t.advance(9 * 60);
    let spoken = format!("{}-{}", &code[..4], code[4..].to_lowercase());
    clerk.submit(&found, "/hall/identity", &with(&card, &[("code", &spoken)])).await.ok().has("身份已核验");
    who.get("/account").await.ok().has("四级（窗口当面）").has("顾**");
    who.get("/account/verify?back=/my").await.ok().lacks("已经在窗口");
    t.advance(30 * 60);
    let clerk = t.clerk().await;
    let late = unknown_code(t).await;
    t.advance(21 * 60);
    let found = look(&clerk, "980102195802271629").await;
    found.ok().has("黄**");
    let fields = with(&CARD, &[("code", &late.1), ("phone", late.0), ("purpose", "account"), ("id_kind", "111")]);
    clerk.post("/hall/identity", &fields).await.is(422).has("核验码对不上");
});

/// Another new account, and its code of now.
async fn unknown_code(t: &TestApp) -> (&'static str, String) {
    let (who, phone) = (t.anyone(), "13900139777");
    let page = who.get("/register").await;
    let fields = [("phone", phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    who.submit(&page, "/register", &fields).await.ok();
    (phone, who.get("/account/verify?back=/my").await.between("<code class=\"code\">", "</code>"))
}

both!(a_check_at_a_case_makes_it_acceptable, |config| config.verifier.degraded = "accept".into(), async |t| {
    // Declared while the verifier was down, and not vouched for afterwards: a typing mistake in the name.
    t.verifier.answers(|_| Err(Error::outside("verifier-down")));
    let who = unknown(t).await;
    let page = who.get("/account/verify?back=/my").await;
    let typed = [("name", "顾晓周"), ("id_number", NEWCOMER.id_number), ("act", "person")];
    who.submit(&page, "/account/verify", &typed).await.ok();
    let (person, item) = (account(t).await, made::item(t, "senior-citizen-card"));
    let ctx = cloudmart::kernel::Ctx { actor: cloudmart::kernel::Actor::Person(person.0), ..t.system() };
    let (books, numbers) = (t.app.books(), made::numbers(t, "senior-citizen-card").await);
    let hash = t.app.files.put(made::PDF.to_vec()).await.unwrap();
    let declare = move |c: &mut cloudmart::db::Conn| {
        let case = flows::begin(c, &ctx, &books, item, &flows::Guided::default())?;
        let mut content = cases::content(c, &ctx, &case)?;
        content.answers.extend(made::answers("senior-citizen-card"));
        flows::save_draft(c, &ctx, &books, case.id, None, content)?;
        for key in made::needed(&books.shelf.by_item(item)?.elements) {
            let file = cases::NewFile { name: format!("{key}.pdf"), key, hash, size: 1, mime: "application/pdf" };
            cases::add_file(c, &ctx, &case, &file)?;
        }
        flows::submit(c, &ctx, &books, case.id, &numbers)
    };
    let case = t.app.db.write(declare).await.unwrap();
    assert_eq!(case.identity, Identity::Pending);
    t.verifier.answers(|_| Ok(Reply { outcome: Outcome::Mismatch, reference: "R".into(), issuer: "I".into() }));
    t.advance(60);
    t.settle().await;
    assert_eq!(made::now(t, case.id).await.identity, Identity::Failed);

    let clerk = clerk_of(t, &case).await;
    let page = clerk.get(&format!("/hall/cases/{}", case.id)).await;
    let check = clerk.get(&page.ok().link("/hall/identity?case=")).await;
    check.ok().has("老年人优待证").has("139****9001").has("还没有核验过姓名");
    let card = with(&CARD, &[("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number)]);
    let back = clerk.submit(&check, "/hall/identity", &card).await;
    back.ok().at(&format!("/hall/cases/{}", case.id)).has("身份已核验").has("顾晓舟").lacks("不能受理");
    let now = made::now(t, case.id).await;
    assert_eq!((now.identity, now.applicant_mask.as_str()), (Identity::Known, "顾**"));
    let checks = recorded(t, person, "person.verify").await;
    assert_eq!(checks.last().unwrap()["case"], serde_json::json!(case.id));
    // Another hall's clerk has no business with it.
    let other = t.staff("clerk.h02.1").await;
    other.get(&format!("/hall/identity?case={}", case.id)).await.is(404);
    let token = other.token().await;
    let id = case.id.to_string();
    let sent = with(&card, &[("case", &id), ("_csrf", &token)]);
    other.post("/hall/identity", &sent).await.is(404);
});

/// The newcomer's account.
async fn account(t: &TestApp) -> PersonId {
    use cloudmart::db::schema::idn_person;
    use diesel::prelude::*;
    let index = t.app.keys.index("phone", NEWCOMER.phone);
    let read = move |c: &mut cloudmart::db::Conn| {
        Ok(idn_person::table.filter(idn_person::phone_index.eq(index)).select(idn_person::id).first(c)?)
    };
    t.app.db.read(read).await.unwrap()
}

/// A clerk of the hall where the case is.
async fn clerk_of(t: &TestApp, case: &cases::Case) -> Browser {
    let id = cloudmart::windows::HallId(case.hall_id);
    let hall = t.app.db.read(move |c| cloudmart::windows::hall(c, id)).await.unwrap();
    t.staff(&format!("clerk.{}.1", hall.code.to_lowercase())).await
}

both!(a_check_at_a_case_is_of_its_own_account, async |t| {
    let case = made::at_window(t, HYGIENE).await;
    assert!(case.person_id.is_some(), "the demo's applicant has one");
    let clerk = t.clerk().await;
    let receipt = clerk.get(&format!("/hall/cases/{}/receipt", case.id)).await;
    let check = clerk.get(&receipt.ok().link("/hall/identity?case=")).await;
    clerk.submit(check.ok(), "/hall/identity", &CARD).await.ok().has("身份已核验");
    // Who is at the window is not who the case's account belongs to.
    let card = with(&CARD, &[("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number)]);
    clerk.submit(&check, "/hall/identity", &card).await.is(422).has("这个账号属于另一个身份证号");
    clerk.get("/hall/identity?case=nothing").await.is(404);
    let draft = made::draft(t, HYGIENE).await;
    clerk.get(&format!("/hall/identity?case={draft}")).await.is(404);
});
