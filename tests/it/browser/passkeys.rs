//! Somebody who adds a passkey, and comes in by it: with the keeper of passkeys that Chromium plays.

use super::{Lang, Screen, Window, journey};
use crate::harness::{PASSWORD, TestApp};

journey!(a_passkey_instead_of_a_password_at_a_desk, Screen::Desk, Lang::Zh, citizen);
journey!(a_passkey_instead_of_a_password_on_a_phone, Screen::Phone, Lang::Zh, citizen);
journey!(a_passkey_in_english, Screen::Desk, Lang::En, english);
journey!(a_passkey_in_english_on_a_phone, Screen::Phone, Lang::En, english);
journey!(a_clerk_with_a_passkey, Screen::Desk, Lang::Zh, clerk);
journey!(a_clerk_with_a_passkey_on_a_phone, Screen::Phone, Lang::Zh, clerk);
journey!(the_staffs_passkeys_in_english, Screen::Desk, Lang::En, staff_in_english);
journey!(the_staffs_passkeys_in_english_on_a_phone, Screen::Phone, Lang::En, staff_in_english);
journey!(as_many_passkeys_as_there_may_be, Screen::Desk, Lang::Zh, full);
journey!(as_many_passkeys_as_there_may_be_on_a_phone, Screen::Phone, Lang::En, full);
journey!(a_passkey_by_the_keyboard_alone, Screen::Desk, Lang::Zh, by_keys);

async fn citizen(t: &TestApp, w: &Window<'_>) {
    // By a bare number no device shows one: the page says where.
    w.log_in(t.phone("linyue")).await;
    w.go("/account/passkeys").await;
    w.sees("通行密钥只在 localhost 这个网址上能用").await;
    w.picture("elsewhere").await;
    w.by_name();
    w.has_passkeys(true).await;
    w.log_in(t.phone("linyue")).await;
    w.go("/account").await;
    w.sees("还没有添加").await;
    w.picture("account").await;
    w.go("/account/passkeys").await;
    w.picture("none").await;
    w.fill("密码", "not this one").await;
    w.follow("下一步").await;
    w.sees("处需要修改").await;
    w.picture("wrong").await;
    w.fill("给它起个名字", "我的手机").await;
    w.fill("密码", PASSWORD).await;
    w.follow("下一步").await;
    w.sees("在设备上确认").await;
    w.picture("make").await;
    w.follow("创建通行密钥").await;
    w.sees("通行密钥已添加").await;
    w.picture("added").await;
    // The same device again: it says so, and nothing happens.
    w.fill("给它起个名字", "再来一次").await;
    w.fill("密码", PASSWORD).await;
    w.follow("下一步").await;
    w.press("创建通行密钥").await;
    w.sees("已经有这个账号的通行密钥").await;
    w.picture("known").await;
    leave(w).await;
    w.go("/login?back=/account/passkeys").await;
    w.picture("login").await;
    w.follow("用通行密钥登录").await;
    w.at("/account/passkeys").await;
    w.sees("最近使用").await;
    // Deleting asks.
    w.press("删除").await;
    w.sees("删除后不能再用“我的手机”登录").await;
    w.picture("delete").await;
    w.follow("删除").await;
    w.sees("通行密钥已删除").await;
    leave(w).await;
    w.go("/login").await;
    w.follow("用通行密钥登录").await;
    w.sees("没有认出这个通行密钥").await;
    w.picture("unknown").await;
}

/// The session goes, the device's keeper stays.
async fn leave(w: &Window<'_>) {
    w.forget().await;
}

async fn english(t: &TestApp, w: &Window<'_>) {
    w.by_name();
    let keeper = w.has_passkeys(true).await;
    w.log_in(t.phone("linyue")).await;
    w.go("/account/passkeys").await;
    w.fill("Name", "My laptop").await;
    w.fill("Password", PASSWORD).await;
    w.follow("Next").await;
    w.picture("make").await;
    w.follow("Create the passkey").await;
    w.sees("The passkey was added").await;
    w.picture("added").await;
    leave(w).await;
    // A finger that the device does not know.
    w.not_owner(&keeper).await;
    w.go("/login").await;
    w.press("Log in with a passkey").await;
    w.sees("It was not finished").await;
    w.picture("cancelled").await;
}

async fn clerk(_t: &TestApp, w: &Window<'_>) {
    w.by_name();
    w.has_passkeys(true).await;
    w.log_in_staff("clerk.h01.1").await;
    w.go("/staff/security").await;
    w.picture("security").await;
    w.go("/staff/security/passkeys").await;
    w.fill("给它起个名字", "窗口电脑").await;
    w.fill("验证码", "123").await;
    w.follow("下一步").await;
    w.picture("wrong").await;
    w.next_code("clerk.h01.1").await;
    w.follow("下一步").await;
    w.follow("创建通行密钥").await;
    w.sees("通行密钥已添加").await;
    leave(w).await;
    w.go("/staff/login").await;
    w.picture("login").await;
    w.follow("用通行密钥登录").await;
    w.at("/hall").await;
}

async fn by_keys(t: &TestApp, w: &Window<'_>) {
    use super::window::ENTER;
    w.by_name();
    w.has_passkeys(true).await;
    w.log_in(t.phone("linyue")).await;
    w.go("/account/passkeys").await;
    w.tab_to("给它起个名字").await;
    w.keys("phone").await;
    w.tab_to("密码").await;
    w.keys(PASSWORD).await;
    w.follow_keys(ENTER).await;
    w.tab_to("创建通行密钥").await;
    w.follow_keys(ENTER).await;
    w.sees("通行密钥已添加").await;
    leave(w).await;
    w.go("/login").await;
    w.tab_to("用通行密钥登录").await;
    w.follow_keys(ENTER).await;
    w.at("/my").await;
}

async fn staff_in_english(t: &TestApp, w: &Window<'_>) {
    w.by_name();
    w.go("/staff/login").await;
    w.sees("Log in with a passkey").await;
    w.picture("login").await;
    w.becomes(&t.staff("clerk.h01.1").await).await;
    w.go("/staff/security").await;
    w.picture("security").await;
    w.go("/staff/security/passkeys").await;
    w.follow("Next").await;
    w.sees("Please give it a name").await;
    w.picture("wrong").await;
}

async fn full(t: &TestApp, w: &Window<'_>) {
    w.by_name();
    let who = crate::passkeys::with_all(t, "linyue").await;
    w.becomes(&who).await;
    w.go("/account/passkeys").await;
    w.picture("full").await;
    assert_eq!(w.text().await.matches("我的手机").count(), 10);
    w.go("/account").await;
    w.picture("account").await;
}
