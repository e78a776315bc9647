//! Somebody who comes in by the province's identity service, and one who opens an account with it.

use super::window::ENTER;
use super::{Lang, Screen, Walk, Window, walk_beside};
use crate::harness::TestApp;
use crate::province::world;

#[test]
fn the_province_opens_an_account_at_a_desk() {
    with_province("province_desk", Screen::Desk, Lang::Zh, |t, w| Box::pin(opens(t, w)));
}

#[test]
fn the_province_opens_an_account_on_a_phone() {
    with_province("province_phone", Screen::Phone, Lang::Zh, |t, w| Box::pin(opens(t, w)));
}

#[test]
fn the_province_is_linked_in_english() {
    with_province("province_english", Screen::Desk, Lang::En, |t, w| Box::pin(links(t, w)));
}

#[test]
fn the_province_is_linked_in_english_on_a_phone() {
    with_province("province_english_phone", Screen::Phone, Lang::En, |t, w| Box::pin(links(t, w)));
}

#[test]
fn the_province_opens_an_account_in_english() {
    with_province("province_new_english", Screen::Desk, Lang::En, |t, w| Box::pin(opens_in_english(t, w)));
}

#[test]
fn the_province_opens_an_account_in_english_on_a_phone() {
    with_province("province_new_english_phone", Screen::Phone, Lang::En, |t, w| Box::pin(opens_in_english(t, w)));
}

#[test]
fn the_province_opens_an_account_by_the_keyboard_alone() {
    with_province("province_keys", Screen::Desk, Lang::Zh, |t, w| Box::pin(opens_by_keys(t, w)));
}

fn with_province(
    name: &'static str,
    screen: Screen,
    lang: Lang,
    body: impl for<'a> FnOnce(&'a TestApp, &'a Window<'a>) -> Walk<'a> + 'static,
) {
    walk_beside(name, screen, lang, |config, at| world::knows(config, &at.province_url()), body);
}

async fn opens(_t: &TestApp, w: &Window<'_>) {
    w.go("/login?back=/account").await;
    w.picture("login").await;
    w.leave_by("用省统一身份认证登录").await;
    w.sees("选一个人").await;
    w.follow("取消登录").await;
    w.sees("没有完成登录").await;
    w.picture("denied").await;
    w.leave_by("用省统一身份认证登录").await;
    w.follow("秦朗").await;
    w.at("/login/province/new").await;
    w.sees("秦*").await;
    w.picture("new").await;
    w.fill("手机号", "138").await;
    w.follow("开通并登录").await;
    w.sees("处需要修改").await;
    w.picture("new-wrong").await;
    w.fill("手机号", "13800138301").await;
    w.tick("我已阅读").await;
    w.follow("开通并登录").await;
    w.sees("账号已开通").await;
    w.picture("account").await;
}

async fn links(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.citizen("linyue").await).await;
    w.go("/account").await;
    w.leave_by("Link").await;
    w.follow("林悦").await;
    w.at("/account/province").await;
    w.picture("link").await;
    w.tab_to("Link it").await;
    w.follow_keys(ENTER).await;
    w.sees("Linked: you can log in").await;
    w.picture("linked").await;
    w.press("Unlink").await;
    w.sees("until it is linked again").await;
    w.follow("Unlink").await;
    w.sees("Unlinked").await;
    w.leave_by("Link").await;
    w.follow("秦朗").await;
    w.follow("Link it").await;
    w.sees("not those of the account").await;
    w.picture("differs").await;
}

async fn opens_in_english(_t: &TestApp, w: &Window<'_>) {
    w.go("/login?back=/account").await;
    w.picture("login").await;
    w.leave_by("Log in with the provincial").await;
    w.follow("秦朗").await;
    w.at("/login/province/new").await;
    w.picture("new").await;
    w.follow("Open it and log in").await;
    w.picture("new-wrong").await;
    w.tick("I have read").await;
    w.follow("Open it and log in").await;
    w.sees("Your account is open").await;
    w.picture("account").await;
}

async fn opens_by_keys(_t: &TestApp, w: &Window<'_>) {
    w.go("/login?back=/account").await;
    w.tab_to("用省统一身份认证登录").await;
    w.keys(ENTER).await;
    w.sees("选一个人").await;
    w.tab_to("秦朗").await;
    w.follow_keys(ENTER).await;
    w.at("/login/province/new").await;
    w.tab_to("我已阅读").await;
    w.keys(" ").await;
    w.tab_to("开通并登录").await;
    w.follow_keys(ENTER).await;
    w.sees("账号已开通").await;
}
