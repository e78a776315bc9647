//! How staff come in: password, second factor, and what stands between them.

use cloudmart::audit;
use cloudmart::cli::seed;
use cloudmart::identity::factors::{half, recovery};
use cloudmart::identity::sessions::{self, COOKIE, Subject};
use cloudmart::kernel::totp;

use crate::harness::{Browser, PASSWORD, Seen, TestApp};

const CLERK: &str = "clerk.h01.1";
const STEP: &str = "/staff/login/step";

/// Gives the password; what comes next.
async fn password(t: &TestApp, login: &str, password: &str) -> (Browser, Seen) {
    let browser = t.anyone();
    let door = browser.get("/staff/login").await;
    let seen = browser.submit(&door, "/staff/login", &[("login", login), ("password", password)]).await;
    (browser, seen)
}

async fn code(browser: &Browser, code: &str) -> Seen {
    browser.post_plain("/staff/login/factor", &[("code", code)]).await
}

async fn recover(browser: &Browser, code: &str) -> Seen {
    browser.post_plain("/staff/login/recovery", &[("recovery", code)]).await
}

/// The page of a member for administrators, as pages write its address.
async fn place(t: &TestApp, login: &str) -> String {
    let id = serde_json::to_value(t.staff_id(login).await).unwrap();
    format!("/admin/staff/{}", id.as_str().unwrap())
}

/// What was recorded of a member.
async fn acts(t: &TestApp, login: &str) -> Vec<String> {
    let id = t.staff_id(login).await;
    let all = t.app.db.read(move |c| audit::of_object(c, id.0)).await.unwrap();
    all.into_iter().map(|e| e.action).collect()
}

/// The recovery codes on a page.
fn codes(page: &Seen) -> Vec<String> {
    let parts = page.text.split("<code class=\"code\">").skip(1).map(|p| p.split('<').next().unwrap().to_owned());
    let codes: Vec<String> = parts.filter(|c| c.len() == 14).collect();
    assert_eq!(codes.len(), recovery::COUNT, "{:?}", page.text);
    codes
}

/// The secret that a page offers.
fn offered(page: &Seen) -> Vec<u8> {
    let text = page.between("id=\"secret\">", "<").replace(' ', "");
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text.bytes().map(|b| format!("{:05b}", letters.iter().position(|l| *l == b).unwrap())).collect();
    bits.as_bytes().chunks_exact(8).map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap()).collect()
}

fn shown(t: &TestApp, secret: &[u8]) -> String {
    totp::code(secret, t.clock.now()).unwrap()
}

/// Takes the factors of a member away, as an administrator.
async fn reset(t: &TestApp, login: &str) {
    let (security, place) = (t.staff("security.1").await, place(t, login).await);
    let place = place.replace("/admin/", "/security/");
    security.post(&format!("{place}/factors"), &[]).await.ok().has("两步验证已重置");
}

/// A member who has just bound an authenticator: their browser, its secret, and their recovery codes.
async fn bound(t: &TestApp, login: &str) -> (Browser, Vec<u8>, Vec<String>) {
    reset(t, login).await;
    let (browser, page) = password(t, login, PASSWORD).await;
    page.ok().has("绑定验证器");
    let secret = offered(&page);
    let done = browser.submit(&page, "/staff/login/bind", &[("code", &shown(t, &secret))]).await;
    done.ok().has("请保存恢复码");
    let codes = codes(&done);
    (browser, secret, codes)
}

both!(a_member_comes_in_with_password_and_code, async |t| {
    let (browser, page) = password(t, CLERK, PASSWORD).await;
    page.ok().at(STEP).has("动态验证码");
    assert!(browser.cookie(COOKIE).is_none() && browser.cookie(half::COOKIE).is_some());
    code(&browser, &t.code(CLERK)).await.ok().at("/hall").has("许静怡");
    assert!(browser.cookie(half::COOKIE).is_none(), "the half-open login is over");
    let mut logins = acts(t, CLERK).await;
    logins.retain(|a| a.starts_with("login"));
    assert_eq!(logins, ["login.password", "login"]);
    browser.get("/staff/security").await.ok().has("密码和验证器登录");
    // Whoever is in is led on from the door.
    browser.get("/staff/login").await.ok().at("/hall");
    browser.get(STEP).await.ok().at("/hall");
});

both!(a_member_comes_back_to_where_they_wanted_to_be, async |t| {
    let browser = t.anyone();
    let door = browser.get("/hall?tab=accept").await;
    door.ok().at("/staff/login");
    browser.submit(&door, "/staff/login", &[("login", CLERK), ("password", PASSWORD)]).await.ok().at(STEP);
    let seen = code(&browser, &t.code(CLERK)).await;
    assert_eq!(seen.ok().path, "/hall?tab=accept");
});

both!(a_half_open_login_opens_nothing, async |t| {
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    let token = browser.cookie(half::COOKIE).unwrap();
    let pages = ["/work", "/hall", "/hall/declare", "/staff/security", "/staff/security/recovery", "/desk", "/admin"];
    for path in pages.iter().chain(&["/catalogue", "/supervise", "/admin/staff", "/staff/security/authenticator"]) {
        browser.get(path).await.ok().at("/staff/login");
    }
    browser.get("/supervise/live").await.ok().at("/staff/login");
    assert_eq!(browser.get_once("/session/stay").await.status, 401);
    // Nor does its cookie for one of a session, nor a session's for its own.
    let forged = t.anyone();
    forged.set_cookie(COOKIE, &token);
    forged.get("/hall").await.ok().at("/staff/login");
    let clerk = t.clerk().await;
    let forged = t.anyone();
    forged.set_cookie(half::COOKIE, &clerk.cookie(COOKIE).unwrap());
    forged.get(STEP).await.ok().at("/staff/login");
    // Other steps than the one that is due do nothing.
    for (path, fields) in [
        ("/staff/login/bind", [("code", "123456"), ("x", "")]),
        ("/staff/login/password", [("password", "八点半开门先扫地"), ("repeated", "八点半开门先扫地")]),
    ] {
        let (browser, _) = password(t, CLERK, PASSWORD).await;
        browser.post_plain(path, &fields).await.is(401).has("已经过期");
    }
    for path in ["factor", "recovery", "bind"] {
        let fields = [("code", "123456"), ("recovery", "ABCD-EFGH-JKMN")];
        t.anyone().post_plain(&format!("/staff/login/{path}"), &fields).await.is(401).has("已经过期");
    }
});

both!(a_half_open_login_ends, async |t| {
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    t.advance(half::SECONDS - 5);
    browser.get(STEP).await.ok().at(STEP);
    t.advance(10);
    code(&browser, &t.code(CLERK)).await.is(401).has("已经过期").has("工作人员登录");
    browser.get(STEP).await.ok().at("/staff/login");
    t.settle().await;
    // Nor does it outlive the account.
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    let (admin, place) = (t.admin().await, place(t, CLERK).await);
    // The box that says that it is in use is not ticked.
    admin.post(&place, &[("name", "许静怡")]).await.ok().has("已保存");
    code(&browser, &t.code(CLERK)).await.is(401);
    password(t, CLERK, PASSWORD).await.1.is(422).has("账号已停用");
});

both!(a_code_works_once, async |t| {
    let used = t.code(CLERK);
    let (first, _) = password(t, CLERK, PASSWORD).await;
    code(&first, &used).await.ok().at("/hall");
    let (again, _) = password(t, CLERK, PASSWORD).await;
    code(&again, &used).await.is(422).has("验证码不对或者已经用过");
    // Nor one from before it: the one that was used is the last that counts.
    let before = totp::code(&seed::authenticator_secret(CLERK), t.clock.now().minus_secs(totp::STEP)).unwrap();
    code(&again, &before).await.is(422);
    t.advance(totp::STEP);
    code(&again, &t.code(CLERK)).await.ok().at("/hall");
});

both!(of_two_who_send_one_code_one_comes_in, async |t| {
    for _ in 0..4 {
        t.advance(totp::STEP);
        let ((one, _), (two, _)) = (password(t, CLERK, PASSWORD).await, password(t, CLERK, PASSWORD).await);
        let now = t.code(CLERK);
        let (a, b) = tokio::join!(code(&one, &now), code(&two, &now));
        let mut came: Vec<u16> = vec![a.status, b.status];
        came.sort_unstable();
        assert_eq!(came, [200, 422], "{} {}", a.path, b.path);
    }
});

both!(a_code_of_somebody_else_is_none, async |t| {
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    let others = t.code("admin");
    assert_ne!(others, t.code(CLERK));
    code(&browser, &others).await.is(422).has("验证码不对或者已经用过");
    for typed in ["", "12345", "abcdef", "1234567", "+12345"] {
        code(&browser, typed).await.is(422);
    }
    assert!(!acts(t, "admin").await.contains(&"login".to_owned()));
});

both!(tries_of_the_second_factor_are_counted, async |t| {
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    let wrong = if t.code(CLERK) == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        code(&browser, wrong).await.is(422);
    }
    recover(&browser, "ABCD-EFGH-JKMN").await.is(422).has("恢复码不对或者已经用过");
    code(&browser, &t.code(CLERK)).await.is(429).has("试的次数太多了");
    // A fresh password begins no new count, nor does another address or a recovery code.
    let (other, _) = password(t, CLERK, PASSWORD).await;
    code(&other, &t.code(CLERK)).await.is(429);
    recover(&other, "ABCD-EFGH-JKMN").await.is(429);
    t.advance(half::SECONDS);
    let (other, _) = password(t, CLERK, PASSWORD).await;
    code(&other, &t.code(CLERK)).await.is(429);
    t.advance(15 * 60);
    let (other, _) = password(t, CLERK, PASSWORD).await;
    code(&other, &t.code(CLERK)).await.ok().at("/hall");
    assert_eq!(acts(t, CLERK).await.iter().filter(|a| *a == "login.factor-failed").count(), 5);
});

both!(wrong_codes_of_many_accounts_shut_out_their_address, async |t| {
    let staff = ["clerk.h01.1", "clerk.h01.2", "clerk.h02.1", "wsjk.handler", "wsjk.reviewer", "wsjk.approver"];
    let more = ["jyj.handler", "jyj.reviewer", "jyj.approver", "gaj.handler", "gaj.reviewer", "gaj.approver"];
    for login in staff.iter().chain(&more) {
        let (browser, _) = password(t, login, PASSWORD).await;
        for _ in 0..5 {
            code(&browser, "12345").await.is(422);
        }
    }
    let (browser, _) = password(t, "mzj.handler", PASSWORD).await;
    code(&browser, &t.code("mzj.handler")).await.is(429).has("试的次数太多了");
});

both!(a_first_login_binds_an_authenticator, async |t| {
    reset(t, CLERK).await;
    let (browser, page) = password(t, CLERK, PASSWORD).await;
    page.ok().at(STEP).has("绑定验证器").has("data:image/svg+xml;base64,").has("otpauth://totp/");
    let secret = offered(&page);
    browser.get(STEP).await.ok().has(&page.between("id=\"secret\">", "<"));
    assert_ne!(offered(&password(t, CLERK, PASSWORD).await.1), secret, "each login offers its own");
    browser.submit(&page, "/staff/login/bind", &[("code", "")]).await.is(422).has("请输入验证器上的 6 位验证码");
    browser.submit(&page, "/staff/login/bind", &[("code", &t.code(CLERK))]).await.is(422).has("验证码不对");
    let now = shown(t, &secret);
    let done = browser.submit(&page, "/staff/login/bind", &[("code", &now)]).await;
    done.ok().has("请保存恢复码");
    codes(&done);
    assert_eq!(done.link("/work"), "/work");
    browser.get("/work").await.ok().at("/hall");
    browser.get("/staff/security").await.ok().has("还剩 10 个，共 10 个");
    // The code by which it was bound is spent, and what others were offered is void.
    let (again, page) = password(t, CLERK, PASSWORD).await;
    page.ok().has("动态验证码");
    code(&again, &now).await.is(422);
    t.advance(totp::STEP);
    code(&again, &shown(t, &secret)).await.ok().at("/hall");
    assert!(acts(t, CLERK).await.contains(&"factor.authenticator".to_owned()));
});

both!(of_two_who_bind_at_the_same_time_one_does, async |t| {
    reset(t, CLERK).await;
    let ((one, page), (two, other)) = (password(t, CLERK, PASSWORD).await, password(t, CLERK, PASSWORD).await);
    let (first, second) = (shown(t, &offered(&page)), shown(t, &offered(&other)));
    let bind =
        async |browser: &Browser, code: &str| browser.send_once("/staff/login/bind", &[("code", code)]).await.status;
    let (a, b) = tokio::join!(bind(&one, &first), bind(&two, &second));
    assert_eq!([a, b].iter().filter(|s| **s == 200).count(), 1, "{a} {b}");
    assert_eq!([&one, &two].iter().filter(|w| w.cookie(COOKIE).is_some()).count(), 1);
    // What is bound is that of the one who is in.
    let secret = if a == 200 { offered(&page) } else { offered(&other) };
    t.advance(totp::STEP);
    let (again, _) = password(t, CLERK, PASSWORD).await;
    code(&again, &shown(t, &secret)).await.ok().at("/hall");
});

both!(a_recovery_code_works_once_and_for_its_owner, async |t| {
    let (_, _, mine) = bound(t, CLERK).await;
    let (_, _, others) = bound(t, "wsjk.handler").await;
    let (browser, page) = password(t, CLERK, PASSWORD).await;
    recover(&browser, &others[0]).await.is(422).has("恢复码不对或者已经用过");
    let typed = mine[0].to_lowercase().replace('-', " ");
    browser.submit(&page, "/staff/login/recovery", &[("recovery", &typed)]).await.ok().at("/hall");
    browser.get("/staff/security").await.ok().has("还剩 9 个").has("密码和恢复码登录");
    let (again, _) = password(t, CLERK, PASSWORD).await;
    recover(&again, &mine[0]).await.is(422);
    let (two, _) = password(t, CLERK, PASSWORD).await;
    let (a, b) = tokio::join!(recover(&again, &mine[1]), recover(&two, &mine[1]));
    let mut came = [a.status, b.status];
    came.sort_unstable();
    assert_eq!(came, [200, 422]);
    let done = acts(t, CLERK).await;
    assert_eq!(done.iter().filter(|a| *a == "factor.recovery-used").count(), 2);
});

both!(a_security_administrator_frees_a_member_of_lost_factors, async |t| {
    let (clerk, _, codes) = bound(t, CLERK).await;
    let (half, _) = password(t, CLERK, PASSWORD).await;
    let (security, at) = (t.staff("security.1").await, place(t, CLERK).await.replace("/admin/", "/security/"));
    let page = security.get(&at).await;
    page.ok().has("已绑定验证器");
    let page = security.submit(&page, &format!("{at}/factors"), &[]).await;
    page.ok().has("两步验证已重置").has("还没有绑定验证器");
    clerk.get("/hall").await.ok().at("/staff/login");
    half.get(STEP).await.ok().at("/staff/login");
    let (browser, page) = password(t, CLERK, PASSWORD).await;
    page.ok().has("绑定验证器");
    recover(&browser, &codes[5]).await.is(401);
    assert!(acts(t, CLERK).await.contains(&"staff.factors-reset".to_owned()));
    // Their own protection is another's to lift, and nobody's who may give a password.
    let own = place(t, "security.1").await.replace("/admin/", "/security/");
    security.get(&own).await.ok().lacks("重置两步验证");
    security.post(&format!("{own}/factors"), &[]).await.is(409).has("由另一位安全管理员重置");
    let nobody = cloudmart::kernel::Id::random();
    security.post(&format!("/security/staff/{nobody}/factors"), &[]).await.is(404);
    t.admin().await.post(&format!("{at}/factors"), &[]).await.is(403);
});

both!(an_administrators_password_opens_nothing_without_the_factor, async |t| {
    let (admin, place) = (t.admin().await, place(t, CLERK).await);
    let page = admin.get(&place).await;
    let page = admin.submit(&page, &format!("{place}/password"), &[]).await;
    let first = page.ok().between("data-copy=\"", "\"");
    let (browser, page) = password(t, CLERK, &first).await;
    page.ok().has("动态验证码");
    let chosen = [("password", "八点半开门先扫地"), ("repeated", "八点半开门先扫地")];
    browser.post_plain("/staff/login/password", &chosen).await.is(401);
    let (browser, _) = password(t, CLERK, &first).await;
    let (other, _) = password(t, CLERK, &first).await;
    code(&browser, &t.code(CLERK)).await.ok().at(STEP).has("设置自己的密码");
    assert!(browser.cookie(COOKIE).is_none());
    let page = browser.get(STEP).await;
    let same = [("password", CLERK), ("repeated", "x")];
    let again = browser.submit(&page, "/staff/login/password", &same).await;
    again.is(422).has("有 2 处需要修改").has("这个密码太常见");
    browser.submit(&again, "/staff/login/password", &chosen).await.ok().at("/hall");
    // Who came half in by the password from before is out.
    other.get(STEP).await.ok().at("/staff/login");
    password(t, CLERK, &first).await.1.is(422);
    t.advance(totp::STEP);
    let (browser, _) = password(t, CLERK, "八点半开门先扫地").await;
    code(&browser, &t.code(CLERK)).await.ok().at("/hall");
});

both!(a_login_gets_a_new_session, async |t| {
    // Somebody slips the visitor a session of their own before the login.
    let attacker = t.staff("clerk.h01.2").await;
    let slipped = attacker.cookie(COOKIE).unwrap();
    let browser = t.anyone();
    browser.set_cookie(COOKIE, &slipped);
    browser.set_cookie("cm_other", "1");
    browser.post("/logout", &[]).await;
    browser.set_cookie(COOKIE, "a-token-of-nobody");
    let door = browser.get("/staff/login").await;
    browser.submit(&door, "/staff/login", &[("login", CLERK), ("password", PASSWORD)]).await.ok().at(STEP);
    code(&browser, &t.code(CLERK)).await.ok().at("/hall");
    assert!(![slipped.as_str(), "a-token-of-nobody"].contains(&browser.cookie(COOKIE).unwrap().as_str()));
    attacker.get("/hall").await.ok().at("/staff/login");
    // A citizen's session that was there goes with the login, too.
    let linyue = t.citizen("linyue").await;
    let before = linyue.cookie(COOKIE).unwrap();
    let door = linyue.get("/staff/login").await;
    linyue.submit(&door, "/staff/login", &[("login", "wsjk.handler"), ("password", PASSWORD)]).await.ok().at(STEP);
    linyue.get("/my").await.ok().at("/my");
    linyue.post("/staff/login/factor", &[("code", &t.code("wsjk.handler"))]).await.ok().at("/desk");
    let old = t.anyone();
    old.set_cookie(COOKIE, &before);
    old.get("/my").await.ok().at("/login");
});

both!(nobody_learns_who_works_here, async |t| {
    let hashed = || t.app.hashed.load(std::sync::atomic::Ordering::Relaxed);
    let said = async |login: &str| {
        let before = hashed();
        let (browser, seen) = password(t, login, "wrong-password").await;
        assert_eq!(hashed() - before, 1, "{login} costs one hash");
        assert!(browser.cookie(half::COOKIE).is_none());
        (seen.status, seen.text.replace(login, "…"))
    };
    let known = said(CLERK).await;
    assert_eq!(known.0, 422);
    assert_eq!(said("nobody.at.all").await, known);
    // Also one who has to choose a password, and one without factors: they are told apart after the password alone.
    reset(t, "wsjk.handler").await;
    assert_eq!(said("wsjk.handler").await, known);
    for _ in 0..9 {
        said("nobody.at.all").await;
    }
    let (_, shut) = password(t, "nobody.at.all", "wrong-password").await;
    shut.is(429);
});

both!(a_member_renews_what_protects_the_account, async |t| {
    let (clerk, secret, old) = bound(t, CLERK).await;
    let other = t.staff(CLERK).await;
    let page = clerk.get("/staff/security/recovery").await;
    clerk.submit(&page, "/staff/security/recovery", &[("code", "")]).await.is(422);
    clerk.submit(&page, "/staff/security/recovery", &[("code", &old[0])]).await.is(422).has("验证码不对");
    t.advance(totp::STEP);
    let now = shown(t, &secret);
    let page = clerk.submit(&page, "/staff/security/recovery", &[("code", &now)]).await;
    page.ok().has("以前的恢复码全部作废");
    let new = codes(&page);
    assert!(new.iter().all(|c| !old.contains(c)));
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    recover(&browser, &old[1]).await.is(422);
    recover(&browser, &new[1]).await.ok().at("/hall");

    // The code that renewed the codes is spent; the next one leads to a new authenticator.
    let page = clerk.get("/staff/security/authenticator").await;
    page.ok().lacks("id=\"secret\"");
    clerk.submit(&page, "/staff/security/authenticator", &[("code", &now)]).await.is(422);
    t.advance(totp::STEP);
    let page = clerk.submit(&page, "/staff/security/authenticator", &[("code", &shown(t, &secret))]).await;
    let fresh = offered(page.ok());
    assert_ne!(fresh, secret);
    other.get("/staff/security/authenticator").await.ok().lacks("id=\"secret\"");
    clerk.submit(&page, "/staff/security/authenticator", &[("code", "000000")]).await.is(422).has("id=\"secret\"");
    let page = clerk.submit(&page, "/staff/security/authenticator", &[("code", &shown(t, &fresh))]).await;
    page.ok().at("/staff/security").has("验证器已更换");
    other.get("/hall").await.ok().at("/staff/login");
    t.advance(totp::STEP);
    let (browser, _) = password(t, CLERK, PASSWORD).await;
    code(&browser, &shown(t, &secret)).await.is(422);
    code(&browser, &shown(t, &fresh)).await.ok().at("/hall");
});

both!(a_member_sees_and_ends_their_sessions, async |t| {
    let clerk = t.clerk().await;
    let (other, third, stranger) = (t.clerk().await, t.clerk().await, t.staff("clerk.h01.2").await);
    let page = clerk.get("/staff/security").await;
    page.ok().has("登录的设备").has("本设备");
    let keys: Vec<String> =
        page.text.split("name=\"session\" value=\"").skip(1).map(|p| p.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(keys.len(), 2);
    // Somebody else's is not there to end.
    stranger.post("/staff/security/sessions", &[("session", &keys[0])]).await.ok().at("/staff/security");
    other.get("/hall").await.ok().at("/hall");
    third.get("/hall").await.ok().at("/hall");
    clerk.post("/staff/security/sessions", &[("session", &keys[0])]).await.ok().has("那台设备已退出");
    clerk.post("/staff/security/sessions", &[("others", "1")]).await.ok().has("其他设备已全部退出");
    other.get("/hall").await.ok().at("/staff/login");
    third.get("/hall").await.ok().at("/staff/login");
    clerk.get("/hall").await.ok().at("/hall");
    stranger.get("/hall").await.ok().at("/hall");
});

both!(a_member_changes_the_password, async |t| {
    let (clerk, other) = (t.clerk().await, t.clerk().await);
    let page = clerk.get("/staff/security").await;
    let (old, new) = (("old", PASSWORD), "八点半开门先扫地");
    clerk
        .submit(&page, "/staff/security/password", &[old, ("password", new), ("repeated", new)])
        .await
        .ok()
        .has("密码已修改");
    clerk.get("/hall").await.ok().at("/hall");
    other.get("/hall").await.ok().at("/staff/login");
    password(t, CLERK, PASSWORD).await.1.is(422);
    password(t, CLERK, new).await.1.ok().at(STEP);
    for _ in 0..10 {
        let fields = [("old", "wrong-one"), ("password", new), ("repeated", new)];
        clerk.post("/staff/security/password", &fields).await.is(422);
    }
    let fields = [("old", new), ("password", "另一句很长的话在这里"), ("repeated", "另一句很长的话在这里")];
    clerk.post("/staff/security/password", &fields).await.is(429);
});

both!(staff_and_citizens_have_limits_of_their_own, async |t| {
    let mut lives = t.app.lifetimes();
    lives.staff.idle = 60;
    let (clerk, linyue) = (t.clerk().await, t.citizen("linyue").await);
    t.advance(90);
    let (keys, now) = (t.app.keys.clone(), t.clock.now());
    let tokens = [clerk, linyue].map(|b| b.cookie(COOKIE).unwrap());
    let living = async |lives: sessions::Lifetimes| {
        let (keys, tokens) = (keys.clone(), tokens.clone());
        let found = t.app.db.read(move |c| {
            tokens
                .iter()
                .map(|token| Ok(sessions::find(c, &keys, token, now, lives)?.is_some()))
                .collect::<Result<Vec<_>, cloudmart::kernel::Error>>()
        });
        found.await.unwrap()
    };
    assert_eq!(living(lives).await, [false, true]);
    lives.citizens.idle = 60;
    assert_eq!(living(lives).await, [false, false]);
    lives.staff.idle = 600;
    assert_eq!(living(lives).await, [true, false]);
    let id = t.staff_id(CLERK).await;
    assert_eq!(t.app.db.write(move |c| sessions::purge(c, now, lives)).await.unwrap(), 1);
    t.app.db.write(move |c| sessions::close_all(c, Subject::Staff(id))).await.unwrap();
    lives.citizens.idle = 600;
    assert_eq!(living(lives).await, [false, false]);
});
