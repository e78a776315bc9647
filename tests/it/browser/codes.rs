//! Somebody who forgot the password, and comes in by a code.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;

journey!(a_code_opens_the_door_at_a_desk, Screen::Desk, Lang::Zh, comes_in);
journey!(a_code_opens_the_door_on_a_phone, Screen::Phone, Lang::Zh, comes_in);

async fn code(t: &TestApp) -> String {
    t.settle().await;
    let text = t.sms.sent().pop().unwrap().text;
    text.split(|c: char| !c.is_ascii_digit()).find(|d| d.len() == 6).unwrap().to_owned()
}

async fn comes_in(t: &TestApp, w: &Window<'_>) {
    w.go("/login").await;
    w.picture("login").await;
    w.follow("忘记密码").await;
    w.fill("手机号", "1380013").await;
    w.follow("发送验证码").await;
    w.sees("处需要修改").await;
    w.picture("ask-wrong").await;
    w.fill("手机号", t.phone("linyue")).await;
    w.follow("发送验证码").await;
    w.sees("138****8101").await;
    w.fill("验证码", "000000").await;
    w.follow("下一步").await;
    w.sees("验证码不对").await;
    w.picture("enter-wrong").await;
    let right = code(t).await;
    w.fill("验证码", &right).await;
    w.follow("下一步").await;
    w.sees("设置新密码").await;
    w.picture("choose").await;
    w.fill("身份证号", "980102199204160249").await;
    w.fill("新密码", "three plain words").await;
    w.fill("再输一次密码", "three plain words").await;
    w.follow("设好并去登录").await;
    w.sees("新密码已设好").await;

    t.advance(61);
    w.follow("用短信验证码登录").await;
    w.fill("手机号", t.phone("linyue")).await;
    w.follow("发送验证码").await;
    let right = code(t).await;
    w.fill("验证码", &right).await;
    w.picture("enter").await;
    w.follow("登录").await;
    w.at("/my").await;
}
