//! Who keeps the platform: a new colleague, and a message that did not arrive.

use cloudmart::kernel::totp;
use cloudmart::outside::http::Answer;

use super::{Lang, Screen, Window, journey, number};
use crate::harness::TestApp;
use crate::made::{self, FOOD, MARKET};

journey!(an_administrator_takes_somebody_on, Screen::Desk, Lang::Zh, takes_somebody_on);
journey!(two_security_administrators_make_a_third, Screen::Desk, Lang::Zh, make_a_third);
journey!(an_administrator_sends_again, Screen::Desk, Lang::Zh, sends_again);

/// The bytes of a key that is shown in groups (RFC 4648).
fn from_base32(text: &str) -> Vec<u8> {
    let letters = text.bytes().filter(|b| *b != b' ');
    let bits: String = letters
        .map(|b| format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|l| l == b).unwrap()))
        .collect();
    bits.as_bytes().chunks_exact(8).map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap()).collect()
}

async fn takes_somebody_on(t: &TestApp, w: &Window<'_>) {
    w.log_in_staff("admin").await;
    w.sees("人员账号").await;
    w.picture("staff").await;
    w.follow("新建账号").await;
    w.fill("工号", "clerk.h01.9").await;
    w.follow("建账号并生成初始密码").await;
    w.sees("请填写姓名").await;
    w.picture("new-fault").await;
    assert_eq!(w.value("工号").await, "clerk.h01.9");
    w.fill("姓名", "孟晓晴").await;
    w.follow("建账号并生成初始密码").await;
    w.sees("账号已建好").await;
    let password = w.css(".facts .code + button").await.attr("data-copy").await.unwrap().unwrap();

    // Another administrator says what the new colleague may do.
    w.becomes(&t.staff("security.1").await).await;
    w.go("/security/staff?bare=1").await;
    w.picture("bare").await;
    w.follow("孟晓晴").await;
    w.tick("窗口人员").await;
    w.press("保存权限").await;
    w.sees("确定保存？").await;
    w.follow("保存权限").await;
    w.sees("窗口人员要选大厅").await;
    w.picture("grant-fault").await;
    w.choose("大厅", "云川市政务服务中心").await;
    w.press("保存权限").await;
    w.sees("确定保存？").await;
    w.follow("保存权限").await;
    w.sees("权限已保存").await;
    w.picture("granted").await;

    // The new colleague has to choose a password of their own.
    w.follow("退出").await;
    w.go("/staff/login").await;
    w.fill("工号", "clerk.h01.9").await;
    w.fill("密码", &password).await;
    w.follow("登录").await;
    w.sees("这是管理员给您的初始密码").await;
    w.fill("新密码", "八点半开门先扫地").await;
    w.fill("再输一次密码", "八点半开门先扫地").await;
    w.picture("first-password").await;
    w.follow("保存并继续").await;

    // And to bind an authenticator, which they type the key into.
    w.sees("绑定验证器").await;
    w.picture("bind").await;
    let key = w.css("#secret").await.text().await.unwrap();
    let secret = from_base32(&key);
    w.fill("输入验证器显示的验证码", "000000").await;
    w.follow("绑定并登录").await;
    w.sees("验证码不对或者已经用过").await;
    assert_eq!(w.css("#secret").await.text().await.unwrap(), key, "the same is offered again");
    w.fill("输入验证器显示的验证码", &totp::code(&secret, t.clock.now()).unwrap()).await;
    w.follow("绑定并登录").await;
    w.sees("10 个恢复码").await;
    w.picture("recovery-codes").await;
    w.follow("我已保存，继续").await;
    w.at("/hall").await;
    w.sees("孟晓晴").await;
}

async fn sends_again(t: &TestApp, w: &Window<'_>) {
    made::endpoint(t, MARKET, "https://market.example/inbox").await;
    t.departments_answer(|_| Ok(Answer::new(500, "")));
    let case = made::accepted(t, FOOD).await;
    t.settle().await;
    w.becomes(&t.admin().await).await;
    w.go("/admin/exchange").await;
    w.sees("部门系统拒绝或报错").await;
    w.picture("exchange").await;
    w.follow(number(&case)).await;
    w.at("/admin/exchange/").await;
    w.sees("500").await;

    // The department is well again. What cannot be taken back is asked about first.
    t.departments_answer(|_| Ok(Answer::new(202, "")));
    w.press("重新发送").await;
    w.sees("立即重新发送这条消息？").await;
    w.follow("重新发送").await;
    w.sees("已放回队列").await;
    t.settle().await;
    w.go("/admin/exchange").await;
    w.sees("已送达").await;
    w.follow(number(&case)).await;
    w.sees("部门系统已接收").await;
    w.picture("dispatch").await;
    for page in ["/admin/exchange/inbox", "/admin/jobs", "/admin/departments", "/admin/halls"] {
        w.go(page).await;
    }
}

async fn make_a_third(t: &TestApp, w: &Window<'_>) {
    made::asked(t).await;
    w.becomes(&t.staff("security.1").await).await;
    w.go("/security/requests").await;
    w.sees("这是您提出的").await;
    w.picture("own").await;
    w.becomes(&t.staff("security.2").await).await;
    w.go("/security/staff").await;
    w.sees("有 1 件事项等待复核").await;
    w.follow("去复核").await;
    w.sees("人手不足").await;
    w.picture("waiting").await;
    w.press("确认生效").await;
    w.sees("记入审计，确定？").await;
    w.follow("确认生效").await;
    w.sees("已确认，变更已生效").await;
    w.picture("confirmed").await;
    w.go("/security/roles").await;
    w.picture("roles").await;
    w.follow("新建角色").await;
    w.picture("role").await;
    w.go("/work/rights").await;
    w.picture("rights").await;
}
