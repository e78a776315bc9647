//! A provider of identities: who comes in by it, who makes or links an account, and whom nobody believes.

mod glewlwyd;
pub mod world;

use cloudmart::identity::links::{COOKIE, SECONDS};
use cloudmart::identity::sessions;
use cloudmart::identity::{self, EvidenceKind, Via};
use reqwest::Method;

use crate::harness::{Browser, PASSWORD, Seen, TestApp};
use world::{Province, at_province};

const LINYUE: &str = "林悦";
/// Known to the province, without an account here.
const QIN: &str = "秦朗";

async fn is_in(who: &Browser) -> bool {
    who.get_once("/account").await.status == 200
}

async fn register(who: &Browser, page: &Seen, phone: &str) -> Seen {
    who.submit(page, "/login/province/new", &[("phone", phone), ("agree", "1")]).await
}

at_province!(who_is_known_by_name_and_number_comes_in, async |t, province| {
    let who = t.anyone();
    who.get("/login").await.ok().has("用省统一身份认证登录");
    let pieces = |page: &Seen| page.text.matches("timeline__item").count();
    let before = pieces(&t.citizen("linyue").await.get("/account").await);
    province.log_in(&who, LINYUE).await.ok().at("/account").has("统一身份认证登录").has("已关联");
    // No second account, and no second piece of evidence where one like it counts.
    assert_eq!(pieces(&who.get("/account").await), before);
    who.post("/account/province/remove", &[]).await.ok().has("已解除关联").has("关联后，可以用");
    // By somebody else's session the browser is another's afterwards.
    let other = t.citizen("chenzhiyuan").await;
    let before = other.cookie(sessions::COOKIE).unwrap();
    province.log_in(&other, LINYUE).await.ok().has("林*");
    let thief = t.anyone();
    thief.set_cookie(sessions::COOKIE, &before);
    assert!(!is_in(&thief).await, "the session that was there before ends");
});

at_province!(who_is_new_opens_an_account, async |t, province| {
    let who = t.anyone();
    let page = province.log_in(&who, QIN).await;
    page.ok()
        .at("/login/province/new")
        .has("秦*")
        .has("9801**********0375")
        .has("13800138301")
        .lacks("980102198803120375");
    assert!(!is_in(&who).await);
    who.submit(&page, "/login/province/new", &[]).await.is(422).has("处需要修改");
    register(&who, &page, "138").await.is(422);
    register(&who, &page, t.phone("linyue")).await.is(422).has("这个手机号已经有账号");
    register(&who, &page, "13800138301").await.ok().at("/account").has("账号已开通").has("秦*").has("统一身份认证");
    // There is no password to prove oneself by.
    let asks = who.post("/account/passkeys", &[("name", "手机"), ("current", "x")]).await;
    asks.is(422).has("这个账号还没有密码");
    // Once.
    t.anyone().post("/login/province/new", &[("phone", "13800138309"), ("agree", "1")]).await.is(422).has("已经过期");
    let again = t.anyone();
    province.log_in(&again, QIN).await.ok().at("/account");
    // There is no password that fits.
    let login = t.anyone().post("/login", &[("name", "13800138301"), ("password", "")]).await;
    login.is(422);
    t.anyone().post("/login", &[("name", "13800138301"), ("password", PASSWORD)]).await.is(422);
    t.anyone().get("/login/province/new").await.at("/login");
});

at_province!(who_turns_round_there_is_not_in, async |t, province| {
    let who = t.anyone();
    province.log_in(&who, "取消登录").await.is(422).has("没有完成登录");
    assert!(!is_in(&who).await);
});

at_province!(what_comes_back_belongs_to_who_was_sent, async |t, province| {
    let (who, neighbour) = (t.anyone(), t.anyone());
    let sent = province.send(&who).await;
    let back = province.choose(&sent, LINYUE).await;
    // Nobody was sent; somebody else was; another state.
    neighbour.get(&back).await.is(422).has("不是在这个浏览器里开始的");
    let _other = province.send(&neighbour).await;
    neighbour.get(&back).await.is(422);
    let state = back.split("state=").nth(1).unwrap();
    who.get(&back.replace(state, "another")).await.is(422);
    assert!(!is_in(&who).await && !is_in(&neighbour).await);
    // That has spent nothing of what the right one has; its cookie went, though.
    let who = t.anyone();
    let sent = province.send(&who).await;
    let cookie = who.cookie(COOKIE).unwrap();
    let back = province.choose(&sent, LINYUE).await;
    who.get(&back).await.ok().at("/account");
    let thief = t.anyone();
    thief.set_cookie(COOKIE, &cookie);
    thief.get(&back).await.is(422);
    assert!(!is_in(&thief).await);
    let slow = t.anyone();
    let back = province.choose(&province.send(&slow).await, LINYUE).await;
    t.advance(SECONDS + 1);
    slow.get(&back).await.is(422);
    // A code of one's own that was never given out.
    let who = t.anyone();
    let back = province.choose(&province.send(&who).await, LINYUE).await;
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    who.get(&back.replace(code, "stolen")).await.is(502).has("没有通过核对");
    assert!(!is_in(&who).await);
});

at_province!(nobody_believes_a_provider_that_lies, async |t, province| {
    let lies = ["other-nonce", "other-audience", "other-issuer", "expired", "other-key", "unsigned", "other-subject"];
    for manner in lies {
        province.behaves(manner).await;
        let who = t.anyone();
        let seen = province.log_in(&who, LINYUE).await;
        assert!(seen.status == 502 && seen.text.contains("没有通过核对"), "{manner}: {}\n{}", seen.status, seen.text);
        assert!(!is_in(&who).await, "{manner}");
    }
    province.behaves("normal").await;
    let who = t.anyone();
    let back = province.choose(&province.send(&who).await, LINYUE).await;
    for manner in ["down", "rubbish"] {
        province.behaves(manner).await;
        let late = t.anyone();
        let late_back = province.choose(&province.send(&late).await, LINYUE).await;
        late.get(&late_back).await.is(502).has("暂时没有回应");
    }
    province.behaves("normal").await;
    who.get(&back).await.ok().at("/account");
});

at_province!(who_is_in_links_an_account, async |t, province| {
    // An account that nobody has verified: the province vouches for it.
    let who = t.anyone();
    let page = who.get("/register").await;
    let typed = [
        ("phone", "13800138399"),
        ("password", "three plain words"),
        ("repeated", "three plain words"),
        ("agree", "1"),
    ];
    who.submit(&page, "/register", &typed).await.ok();
    let page = province.link(&who, QIN).await;
    page.ok().at("/account/province").has("秦*").has("9801**********0375");
    who.get("/account").await.ok().has("未核验");
    who.submit(&page, "/account/province", &[]).await.ok().at("/account").has("已关联").has("秦*");
    province.log_in(&t.anyone(), QIN).await.ok().at("/account").has("秦*");
    // Not somebody else's.
    let linyue = t.citizen("linyue").await;
    let page = province.link(&linyue, QIN).await;
    linyue.submit(&page, "/account/province", &[]).await.is(422).has("已经有另一个账号").has("没有变化");
    who.post("/account/province/remove", &[]).await.ok();
    let page = province.link(&linyue, QIN).await;
    linyue.submit(&page, "/account/province", &[]).await.is(422).has("不一致");
    linyue.get("/account").await.ok().has("关联后，可以用");
    // What one began to link is no use to another in the same browser.
    let page = province.link(&linyue, LINYUE).await;
    page.ok().at("/account/province");
    let other = t.citizen("chenzhiyuan").await;
    other.set_cookie(COOKIE, &linyue.cookie(COOKIE).unwrap());
    other.post("/account/province", &[]).await.is(422).has("已经过期");
    linyue.submit(&page, "/account/province", &[]).await.ok().has("已关联");
    // Another site cannot send anybody to link.
    let led = linyue.request(Method::GET, "/account/province/send").header("sec-fetch-site", "cross-site");
    assert_eq!(led.send().await.unwrap().status().as_u16(), 403);
    // Turning round leaves one where one was.
    province.link(&linyue, "取消登录").await.is(422).has("没有关联");
});

at_province!(who_has_no_name_there_links_first, async |t, province| {
    province.behaves("nameless").await;
    let who = t.anyone();
    province.log_in(&who, QIN).await.is(422).has("没有给出姓名和身份证号");
    let linyue = t.citizen("linyue").await;
    let page = province.link(&linyue, QIN).await;
    page.ok().has("没有给出姓名");
    linyue.submit(&page, "/account/province", &[]).await.ok().has("已关联");
    province.log_in(&who, QIN).await.ok().at("/account").has("林*");
});

at_province!(a_closed_account_is_nobodys, async |t, province| {
    let person = t.citizen("zhoumin").await;
    let page = province.link(&person, "周敏").await;
    person.submit(&page, "/account/province", &[]).await.ok();
    person.post("/account/close", &[("password", PASSWORD)]).await.ok().has("账号已注销");
    province.log_in(&t.anyone(), "周敏").await.ok().at("/login/province/new");
});

at_province!(
    a_phone_counts_where_the_province_vouches_for_it,
    |config| config.oidc.evidence = "name_id_phone".into(),
    async |t, province| {
        let kinds = async |key: &str| {
            let find = key.to_owned();
            let ctx = t.system();
            let of = move |c: &mut cloudmart::db::Conn| {
                let person = identity::find_or_none_by_id_number(c, &ctx, &find)?.unwrap();
                let own = cloudmart::kernel::Ctx { actor: cloudmart::kernel::Actor::Person(person.0), ..ctx };
                Ok(identity::evidence(c, &own)?.into_iter().map(|e| (e.kind, e.via)).collect::<Vec<_>>())
            };
            t.app.db.read(of).await.unwrap()
        };
        let (who, other) = (t.anyone(), t.anyone());
        let page = province.log_in(&who, QIN).await;
        register(&who, &page, "13800138301").await.ok();
        assert_eq!(kinds("980102198803120375").await, [(EvidenceKind::NameIdPhone, Via::Province)]);
        // Another phone than the one that the province knows is nobody's word.
        let page = province.log_in(&other, "沈佳").await;
        register(&other, &page, "13800138399").await.ok();
        assert_eq!(kinds("980102199511080628").await, [(EvidenceKind::NameId, Via::Province)]);
    }
);

both!(without_a_provider_there_is_no_such_way, async |t| {
    t.anyone().get("/login").await.ok().lacks("统一身份认证");
    t.anyone().get_once("/login/province").await.is(404);
    t.anyone().get_once("/login/province/back?code=x&state=y").await.is(404);
    t.citizen("linyue").await.get_once("/account/province/send").await.is(404);
});

/// The sandbox, as its people see it.
impl Province {
    /// Somebody logs in there, and comes back.
    async fn log_in(&self, who: &Browser, name: &str) -> Seen {
        let sent = self.send(who).await;
        who.get(&self.choose(&sent, name).await).await
    }

    /// Somebody who is in goes there to link, and comes back.
    async fn link(&self, who: &Browser, name: &str) -> Seen {
        let sent = who.get_once("/account/province/send").await;
        sent.is(303);
        who.get(&self.choose(sent.header("location").unwrap(), name).await).await
    }

    /// Where a visitor is sent to.
    async fn send(&self, who: &Browser) -> String {
        let sent = who.get_once("/login/province?back=/account").await;
        sent.is(303).header("location").unwrap().to_owned()
    }
}
