//! Passkeys: who comes in by one, and who does not.

mod device;

use cloudmart::audit;
use cloudmart::identity::passkeys::{COOKIE, MOST, SECONDS};
use cloudmart::identity::sessions::Subject;
use serde_json::Value;

use crate::harness::{Browser, PASSWORD, Seen, TestApp};
use device::{Device, Ways};

const OWN: &str = "/account/passkeys";
const STAFFS: &str = "/staff/security/passkeys";
const CLERK: &str = "clerk.h01.1";

fn device(t: &TestApp) -> Device {
    Device::at(&t.url.replace("127.0.0.1", "localhost"))
}

/// What a page tells the script.
fn given(page: &Seen) -> Value {
    let text = page.between("data-passkey-given=\"", "\"").replace("&quot;", "\"").replace("&#x3D;", "=");
    serde_json::from_str(&text).unwrap()
}

async fn begin(who: &Browser, base: &str, proof: &str) -> Seen {
    let page = who.get(base).await;
    who.submit(page.ok(), base, &[("name", "我的手机"), ("current", proof)]).await
}

/// Somebody adds a passkey that this device makes.
async fn add(who: &Browser, base: &str, proof: &str, device: &mut Device) -> Seen {
    let page = begin(who, base, proof).await;
    page.ok().has("我的手机");
    let credential = device.create(&given(&page));
    who.submit(&page, &format!("{base}/make"), &[("credential", &credential)]).await
}

/// Somebody adds as many as there may be.
async fn fill(t: &TestApp, who: &Browser, device: &mut Device) {
    for _ in 0..MOST {
        // One's password is not tried so often in a quarter of an hour.
        t.advance(16 * 60);
        add(who, OWN, PASSWORD, device).await.ok().at(OWN);
    }
}

/// A citizen with as many as there may be.
pub async fn with_all(t: &TestApp, key: &str) -> Browser {
    let who = t.citizen(key).await;
    fill(t, &who, &mut device(t)).await;
    who
}

/// What a door asks a device.
async fn asked(who: &Browser, door: &str) -> Value {
    let asked = who.send_once(&format!("{door}/options"), &[]).await;
    asked.ok();
    assert!(asked.header("content-type").unwrap().starts_with("application/json"));
    asked.json()
}

async fn show(who: &Browser, door: &str, credential: &str) -> Seen {
    who.post_plain(door, &[("credential", credential), ("back", "/account")]).await
}

async fn acts(t: &TestApp, subject: Subject) -> Vec<String> {
    let all = t.app.db.read(move |c| audit::of_object(c, subject.object().1)).await.unwrap();
    all.into_iter().map(|e| e.action).collect()
}

both!(a_passkey_opens_the_door, async |t| {
    let (linyue, mut device) = (t.citizen("linyue").await, device(t));
    linyue.get("/account").await.ok().has("通行密钥").has("还没有添加");
    add(&linyue, OWN, PASSWORD, &mut device).await.ok().at(OWN).has("通行密钥已添加").has("还没有用过");
    // The account is called by what nobody learns anything from.
    let page = begin(&linyue, OWN, PASSWORD).await;
    assert_eq!(given(&page)["user"]["name"], "138****8101");
    assert_eq!(given(&page)["excludeCredentials"].as_array().unwrap().len(), 1);

    let visitor = t.anyone();
    visitor.get("/login").await.ok().has("用通行密钥登录");
    let options = asked(&visitor, "/login/passkey").await;
    assert_eq!(options["rpId"], "localhost");
    assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "nobody's passkeys are named");
    show(&visitor, "/login/passkey", &device.get(&options)).await.ok().at("/account").has("通行密钥登录").has("林*");
    visitor.get(OWN).await.ok().has("最近使用");
    let person = Subject::Person(t.person("linyue").await);
    let acts = acts(t, person).await;
    assert!(acts.contains(&"passkey.add".to_owned()) && acts.contains(&"login".to_owned()), "{acts:?}");

    // Taken away, it opens nothing; who is in by it stays so.
    let page = visitor.get(OWN).await;
    let id = page.between("name=\"passkey\" value=\"", "\"");
    // Not by somebody else.
    t.citizen("chenzhiyuan").await.post(&format!("{OWN}/remove"), &[("passkey", &id)]).await.ok();
    visitor.get(OWN).await.ok().has("我的手机");
    visitor.post(&format!("{OWN}/remove"), &[("passkey", &id)]).await.ok().has("通行密钥已删除");
    visitor.post(&format!("{OWN}/remove"), &[("passkey", &id)]).await.ok();
    let again = t.anyone();
    let options = asked(&again, "/login/passkey").await;
    show(&again, "/login/passkey", &device.get(&options)).await.is(422).has("没有认出这个通行密钥");
});

both!(staff_need_nothing_beside_a_passkey, async |t| {
    let (clerk, mut device) = (t.staff(CLERK).await, device(t));
    begin(&clerk, STAFFS, "000000").await.is(422).has("验证码不对");
    add(&clerk, STAFFS, &t.code(CLERK), &mut device).await.ok().at(STAFFS).has("通行密钥已添加");
    let visitor = t.anyone();
    visitor.get("/staff/login").await.ok().has("用通行密钥登录");
    // Not by the citizens' door.
    let options = asked(&visitor, "/login/passkey").await;
    show(&visitor, "/login/passkey", &device.get(&options)).await.is(422).has("属于另一类账号");
    let options = asked(&visitor, "/staff/login/passkey").await;
    let seen =
        visitor.post_plain("/staff/login/passkey", &[("credential", &device.get(&options)), ("back", "/hall")]).await;
    seen.ok().at("/hall");
    // An administrator's reset takes it along with the rest.
    let security = t.staff("security.1").await;
    let id = serde_json::to_value(t.staff_id(CLERK).await).unwrap();
    security.post(&format!("/security/staff/{}/factors", id.as_str().unwrap()), &[]).await.ok();
    let again = t.anyone();
    let options = asked(&again, "/staff/login/passkey").await;
    let seen =
        again.post_plain("/staff/login/passkey", &[("credential", &device.get(&options)), ("back", "/hall")]).await;
    seen.is(422).has("没有认出");
});

both!(a_member_who_was_switched_off_stays_out, async |t| {
    let (clerk, mut device) = (t.staff(CLERK).await, device(t));
    add(&clerk, STAFFS, &t.code(CLERK), &mut device).await.ok();
    let id = t.staff_id(CLERK).await;
    let off = move |c: &mut cloudmart::db::Conn| {
        use diesel::prelude::*;
        diesel::sql_query(format!("UPDATE idn_staff SET is_active = {} WHERE login = '{CLERK}'", "false"))
            .execute(c)?;
        Ok(())
    };
    t.app.db.write(off).await.unwrap();
    let visitor = t.anyone();
    let options = asked(&visitor, "/staff/login/passkey").await;
    show(&visitor, "/staff/login/passkey", &device.get(&options)).await.is(422);
    assert!(acts(t, Subject::Staff(id)).await.contains(&"login.passkey-failed".to_owned()));
});

both!(nobody_comes_in_by_what_is_no_passkey, async |t| {
    let (linyue, mut device) = (t.citizen("linyue").await, device(t));
    device.ways.counter = 7;
    add(&linyue, OWN, PASSWORD, &mut device).await.ok();
    let honest = Ways { counter: 8, ..device.ways.clone() };
    let other = t.person("chenzhiyuan").await.0.bytes().to_vec();
    let lies = [
        ("another site", Ways { origin: "http://evil.example".into(), ..honest.clone() }),
        ("another party", Ways { party: "evil.example".into(), ..honest.clone() }),
        ("nobody recognised", Ways { is_verified: false, ..honest.clone() }),
        (
            "another challenge",
            Ways { challenge: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into()), ..honest.clone() },
        ),
        ("another's account", Ways { handle: Some(other), ..honest.clone() }),
        ("no account", Ways { handle: Some(vec![1, 2, 3]), ..honest.clone() }),
        ("another key", Ways { is_forged: true, ..honest.clone() }),
        ("a copy", Ways { counter: 7, ..honest.clone() }),
    ];
    for (what, ways) in lies {
        device.ways = ways;
        let visitor = t.anyone();
        let options = asked(&visitor, "/login/passkey").await;
        let seen = show(&visitor, "/login/passkey", &device.get(&options)).await;
        assert!(seen.status == 422 && seen.text.contains("没有认出"), "{what}: {}", seen.status);
    }
    device.ways = honest;
    for nonsense in ["", "{}", "null", "{\"id\":\"\"}", "[1]"] {
        let visitor = t.anyone();
        asked(&visitor, "/login/passkey").await;
        show(&visitor, "/login/passkey", nonsense).await.is(422).has("没有认出");
    }
    // Nobody asked; another browser asked; it took too long; it was sent twice.
    let (visitor, neighbour) = (t.anyone(), t.anyone());
    let options = asked(&visitor, "/login/passkey").await;
    let credential = device.get(&options);
    show(&t.anyone(), "/login/passkey", &credential).await.is(422).has("已经过期");
    asked(&neighbour, "/login/passkey").await;
    show(&neighbour, "/login/passkey", &credential).await.is(422).has("没有认出");
    let cookie = visitor.cookie(COOKIE).unwrap();
    show(&visitor, "/login/passkey", &credential).await.ok().at("/account");
    let thief = t.anyone();
    thief.set_cookie(COOKIE, &cookie);
    show(&thief, "/login/passkey", &credential).await.is(422).has("已经过期");
    let slow = t.anyone();
    let options = asked(&slow, "/login/passkey").await;
    t.advance(SECONDS + 1);
    show(&slow, "/login/passkey", &device.get(&options)).await.is(422).has("已经过期");
});

both!(who_adds_one_proves_who_they_are, async |t| {
    let (linyue, mut device) = (t.citizen("linyue").await, device(t));
    let page = linyue.get(OWN).await;
    linyue.submit(&page, OWN, &[]).await.is(422).has("请起个名字").has("请填写密码");
    linyue.submit(&page, OWN, &[("name", "手机"), ("current", "wrong one")]).await.is(422).has("密码不对");
    let long = "长".repeat(31);
    linyue.submit(&page, OWN, &[("name", &long), ("current", PASSWORD)]).await.is(422).has("30");
    // Nothing was asked of the device.
    linyue.post(&format!("{OWN}/make"), &[("credential", "{}")]).await.is(422).has("已经过期");
    // What was asked of one person is no use to another in the same browser.
    let page = begin(&linyue, OWN, PASSWORD).await;
    let credential = device.create(&given(&page));
    let other = t.citizen("chenzhiyuan").await;
    other.set_cookie(COOKIE, &linyue.cookie(COOKIE).unwrap());
    other.post(&format!("{OWN}/make"), &[("credential", &credential)]).await.is(422).has("已经过期");
    // That spent it: what a device was asked is there for one answer.
    linyue.post(&format!("{OWN}/make"), &[("credential", &credential)]).await.is(422).has("已经过期");
    begin(&linyue, OWN, PASSWORD).await.ok();
    linyue.post(&format!("{OWN}/make"), &[("credential", "{\"id\":1}")]).await.is(422).has("没有添加");
    let page = begin(&linyue, OWN, PASSWORD).await;
    device.ways.is_verified = false;
    let credential = device.create(&given(&page));
    linyue.post(&format!("{OWN}/make"), &[("credential", &credential)]).await.is(422).has("没有添加");
    device.ways.is_verified = true;
    fill(t, &linyue, &mut device).await;
    linyue.get(OWN).await.ok().has("最多 10 个");
    linyue.post(OWN, &[("name", "手机"), ("current", PASSWORD)]).await.is(409).has("请先删除");
});

both!(closing_the_account_ends_its_passkeys, async |t| {
    let (person, mut device) = (t.citizen("wujiahao").await, device(t));
    add(&person, OWN, PASSWORD, &mut device).await.ok();
    let data = person.post("/account/data/export", &[("password", PASSWORD)]).await;
    assert_eq!(data.json()["passkeys"][0]["name"], "我的手机");
    person.post("/account/close", &[("password", PASSWORD)]).await.ok();
    let visitor = t.anyone();
    let options = asked(&visitor, "/login/passkey").await;
    show(&visitor, "/login/passkey", &device.get(&options)).await.is(422).has("没有认出");
});

both!(
    where_the_platform_has_no_name_there_are_none,
    |config| config.server.public_url = "https://192.0.2.7".into(),
    async |t| {
        t.anyone().get("/login").await.ok().lacks("用通行密钥登录");
        t.anyone().send_once("/login/passkey/options", &[]).await.is(404);
    }
);

both!(a_storm_of_asking_is_stopped, async |t| {
    let visitor = t.anyone();
    for _ in 0..120 {
        visitor.send_once("/login/passkey/options", &[]).await.ok();
    }
    visitor.send_once("/login/passkey/options", &[]).await.is(429);
    t.advance(16 * 60);
    visitor.send_once("/login/passkey/options", &[]).await.ok();
});
