//! Codes by short message: who comes in by one, who sets a new password by one, and who does not.

use cloudmart::identity::codes::{SECONDS, TRIES};
use cloudmart::outside::sms::Message;

use crate::harness::{Browser, NEWCOMER, PASSWORD, Seen, TestApp};

const LINYUE: &str = "13800138101";
const NUMBER: &str = "980102199204160249";
const NOBODY: &str = "13900000000";

async fn ask(who: &Browser, purpose: &str, phone: &str) -> Seen {
    let page = who.get(&format!("/login/code?purpose={purpose}&back=/my/messages")).await;
    who.submit(page.ok(), "/login/code", &[("phone", phone)]).await
}

/// What was sent, and the code in the last of it.
async fn sent(t: &TestApp) -> (Vec<Message>, String) {
    t.settle().await;
    let all = t.sms.sent();
    let last = all.last().map(|m| m.text.clone()).unwrap_or_default();
    let digits: Vec<&str> = last.split(|c: char| !c.is_ascii_digit()).filter(|d| d.len() == 6).collect();
    (all, digits.first().map(|d| (*d).to_owned()).unwrap_or_default())
}

async fn enter(who: &Browser, page: &Seen, code: &str) -> Seen {
    who.submit(page, "/login/code/enter", &[("code", code)]).await
}

fn other(code: &str) -> String {
    let last = code.as_bytes()[5];
    format!("{}{}", &code[..5], if last == b'9' { '0' } else { char::from(last + 1) })
}

both!(a_code_lets_its_browser_in_once, async |t| {
    let who = t.anyone();
    who.get("/login?back=/my").await.ok().has("用短信验证码登录").has("忘记密码");
    ask(&who, "login", "138").await.is(422).has("手机号");
    let page = ask(&who, "login", LINYUE).await;
    page.ok().at("/login/code/enter").has("138****8101").lacks(LINYUE);
    let (all, code) = sent(t).await;
    assert_eq!((all.len(), all[0].to.as_str()), (1, LINYUE));
    assert!(all[0].text.contains("请勿告诉任何人"), "{}", all[0].text);
    // Another browser has no use for it.
    t.anyone().post("/login/code/enter", &[("code", &code)]).await.is(422).has("已经失效");
    enter(&who, &page, "").await.is(422).has("请填 6 位验证码");
    enter(&who, &page, &other(&code)).await.is(422).has("验证码不对");
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    enter(&who, &page, &spaced).await.ok().at("/my/messages").has("林*");
    who.get("/account").await.ok().has("短信验证码登录");
    // Once.
    t.anyone().post("/login/code/enter", &[("code", &code)]).await.is(422);
    assert_eq!(sent(t).await.0.len(), 1);
});

both!(nobody_learns_which_phones_have_an_account, async |t| {
    let (known, unknown) = (t.anyone(), t.anyone());
    let (a, b) = (ask(&known, "login", LINYUE).await, ask(&unknown, "login", NOBODY).await);
    let plain = |seen: &Seen, shown: &str| seen.text.replace(shown, "…");
    assert_eq!(plain(&a, "138****8101"), plain(&b, "139****0000"));
    assert_eq!(sent(t).await.0.len(), 1);
    for _ in 0..TRIES {
        enter(&unknown, &b, "000000").await.is(422).has("验证码不对");
        let (_, code) = sent(t).await;
        enter(&known, &a, &other(&code)).await.is(422).has("验证码不对");
    }
    let (_, code) = sent(t).await;
    enter(&known, &a, &code).await.is(422).has("已经失效");
    enter(&unknown, &b, "000000").await.is(422).has("已经失效");
});

both!(a_code_ends_and_messages_are_limited, async |t| {
    let who = t.anyone();
    let page = ask(&who, "login", LINYUE).await;
    let (_, code) = sent(t).await;
    // Not another within a minute, neither by the button nor by another browser.
    who.submit(&page, "/login/code/again", &[]).await.is(429).has("1 分钟后再试");
    ask(&t.anyone(), "login", LINYUE).await.is(429);
    t.advance(61);
    let again = who.submit(&page, "/login/code/again", &[]).await;
    again.ok().has("已重新发送");
    let (all, fresh) = sent(t).await;
    assert_eq!(all.len(), 2);
    if fresh != code {
        enter(&who, &again, &code).await.is(422).has("验证码不对");
    }
    t.advance(SECONDS);
    enter(&who, &again, &fresh).await.is(422).has("已经失效");
    for _ in 0..4 {
        t.advance(61);
        ask(&t.anyone(), "login", LINYUE).await.ok();
    }
    t.advance(61);
    ask(&t.anyone(), "login", LINYUE).await.is(429);
});

both!(a_phone_gets_so_many_a_day, async |t| {
    let mut sent = 0;
    for _ in 0..20 {
        t.advance(3000);
        sent += usize::from(ask(&t.anyone(), "login", LINYUE).await.status == 200);
    }
    assert_eq!(sent, 15);
    t.advance(2 * 86_400);
    ask(&t.anyone(), "login", LINYUE).await.ok();
});

both!(a_new_password_takes_the_code_and_the_number, async |t| {
    let (who, old) = (t.anyone(), t.citizen("linyue").await);
    let page = ask(&who, "reset", LINYUE).await;
    // Before the code there is nothing to choose.
    who.get("/login/code/password").await.at("/login/code");
    who.post("/login/code/password", &[("password", "a longer one"), ("repeated", "a longer one")]).await.is(422);
    let (all, code) = sent(t).await;
    assert!(all[0].text.contains("找回密码"));
    let page = enter(&who, &page, &code).await;
    page.ok().at("/login/code/password").has("身份证号");
    // It is no login.
    who.get_once("/my").await.is(303);
    let of = |number: &'static str, password: &'static str| {
        [("id_number", number), ("password", password), ("repeated", "a longer one")]
    };
    who.submit(&page, "/login/code/password", &of(NUMBER, "short")).await.is(422).has("密码至少 8 位").has(NUMBER);
    who.submit(&page, "/login/code/password", &of("", "a longer one")).await.is(422).has("和账号里的对不上");
    who.submit(&page, "/login/code/password", &of(NUMBER, "a longer one")).await.ok().at("/login").has("新密码已设好");
    // Whoever was in is out, the old password with them, and the code is used up.
    old.get_once("/my").await.is(303);
    let door = who.get("/login").await;
    who.submit(&door, "/login", &[("name", LINYUE), ("password", PASSWORD)]).await.is(422);
    who.submit(&door, "/login", &[("name", LINYUE), ("password", "a longer one")]).await.ok().at("/my");
    who.post("/login/code/password", &of(NUMBER, "a longer one")).await.is(422).has("已经失效");
});

both!(who_was_never_verified_needs_no_number, async |t| {
    let who = t.anyone();
    let page = who.get("/register").await;
    let fields = [("phone", NEWCOMER.phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    who.submit(page.ok(), "/register", &fields).await.ok();
    let who = t.anyone();
    let page = ask(&who, "reset", NEWCOMER.phone).await;
    let (_, code) = sent(t).await;
    let page = enter(&who, &page, &code).await;
    let fields = [("id_number", ""), ("password", "a longer one"), ("repeated", "a longer one")];
    who.submit(&page, "/login/code/password", &fields).await.ok().at("/login");
});

both!(a_number_is_not_guessed_by_the_code, async |t| {
    let who = t.anyone();
    let page = ask(&who, "reset", LINYUE).await;
    let (_, code) = sent(t).await;
    let page = enter(&who, &page, &code).await;
    let wrong = [("id_number", "98010219920416024X"), ("password", "a longer one"), ("repeated", "a longer one")];
    for _ in 0..2 * TRIES {
        who.submit(&page, "/login/code/password", &wrong).await.is(422).has("对不上");
    }
    who.submit(&page, "/login/code/password", &wrong).await.is(422).has("已经失效");
});

both!(a_gateway_that_is_down_is_tried_again_as_long_as_it_is_of_use, async |t| {
    t.sms.fail_with(Some("sms-down"));
    let who = t.anyone();
    ask(&who, "login", LINYUE).await.ok();
    assert!(sent(t).await.0.is_empty());
    t.sms.fail_with(None);
    t.advance(5);
    assert_eq!(sent(t).await.0.len(), 1);
    t.sms.fail_with(Some("sms-down"));
    t.advance(120);
    ask(&who, "login", LINYUE).await.ok();
    sent(t).await;
    t.sms.fail_with(None);
    t.advance(SECONDS + 1);
    assert_eq!(sent(t).await.0.len(), 1, "what is too late is not sent");
});

both!(a_phone_that_changed_hands_opens_nothing, async |t| {
    let who = t.anyone();
    let page = ask(&who, "login", LINYUE).await;
    let (_, code) = sent(t).await;
    let ctx = crate::made::as_person(t, "linyue").await;
    let contact = cloudmart::identity::accounts::Contact {
        phone: "13700137000".into(),
        email: String::new(),
        address: String::new(),
    };
    let change = move |c: &mut cloudmart::db::Conn| {
        cloudmart::identity::accounts::change_contact(c, &ctx, &contact, cloudmart::kernel::Lang::Zh)
    };
    t.app.db.write(change).await.unwrap();
    enter(&who, &page, &code).await.is(422).has("验证码不对");
});

both!(who_asks_which_phones_are_known_is_counted, async |t| {
    let who = t.anyone();
    let page = who.get("/register").await;
    let fields = [("phone", LINYUE), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    for _ in 0..60 {
        who.submit(&page, "/register", &fields).await.is(422).has("可能已经注册过");
    }
    who.submit(&page, "/register", &fields).await.is(429);
});
