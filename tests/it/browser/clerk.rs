//! A window of the city's hall: the list by keyboard, one look at everything, a correction told once, an acceptance, a paper in hand.

use super::window::ENTER;
use super::{Lang, Screen, Window, form, journey, number};
use crate::harness::{NEWCOMER, TestApp};
use crate::made::{self, FOOD, HYGIENE};

const CARD: &[u8] = include_bytes!("../../../seed-data/demo/files/id-card-hezimo.jpg");

journey!(a_clerk_works_through_the_list, Screen::Desk, Lang::Zh, works_through_the_list);
journey!(a_clerk_declares_for_somebody_at_the_window, Screen::Desk, Lang::Zh, declares_at_the_window);

journey!(a_clerk_checks_somebody_by_keyboard, Screen::Desk, Lang::Zh, checks_somebody);

/// From the number to the account's level without a mouse.
async fn checks_somebody(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.clerk().await).await;
    w.go("/hall/identity").await;
    w.tab_to("证件号码").await;
    w.keys("980102199204160249").await;
    w.follow_keys(ENTER).await;
    w.sees("请选择为什么查").await;
    w.picture("identity-faults").await;
    w.tick("本人要求核验网上账号").await;
    w.follow("查找").await;
    w.sees("林*").await;
    w.picture("identity-found").await;
    w.fill("身份证上的姓名", "林悦").await;
    w.tick("长期有效").await;
    w.tick("我当面核对了").await;
    w.follow("核对无误，核验账号").await;
    w.sees("身份已核验").await;
    w.picture("identity-done").await;
}

async fn works_through_the_list(t: &TestApp, w: &Window<'_>) {
    let food = made::submitted(t, FOOD).await;
    t.advance(60);
    let hygiene = made::submitted(t, HYGIENE).await;
    w.log_in_staff("clerk.h01.1").await;
    w.at("/hall").await;
    w.sees(number(&food)).await;
    w.sees(number(&hygiene)).await;
    w.picture("list").await;

    // By keyboard to the first case, which is the more urgent one.
    w.keys("j").await;
    w.follow_keys(ENTER).await;
    w.at("/hall/cases/").await;
    w.sees("食品经营许可申请书").await;
    // Nothing was looked at: it cannot be accepted.
    w.follow("收件并受理").await;
    w.sees("必要材料还没有判定").await;
    w.press("其余都符合").await;
    w.tick("需补正").await;
    w.press("扫描件看不清，请重新拍摄或扫描。").await;
    w.picture("case").await;
    w.follow("要求补正").await;
    w.sees("确认一次性告知补正？").await;
    w.sees("扫描件看不清，请重新拍摄或扫描。").await;
    w.picture("correct").await;
    w.follow("发出告知").await;
    w.sees("已告知申请人补正").await;

    // The other by its number, as a person at the window names it.
    w.go("/hall").await;
    w.keys("/").await;
    w.keys(number(&hygiene)).await;
    w.follow_keys(ENTER).await;
    w.at("/hall/cases/").await;
    w.press("其余都符合").await;
    w.follow("收件并受理").await;
    w.sees("已受理").await;
    w.sees("受理通知书").await;
    w.picture("accepted").await;
}

async fn declares_at_the_window(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.clerk().await).await;
    w.go("/hall/declare").await;
    w.fill("事项", "居住证").await;
    w.follow("查找").await;
    w.follow("居住证").await;
    w.at("/hall/declare/").await;
    // What is missing is said before anything is kept.
    w.follow("提交申报").await;
    w.sees("身份证").await;
    w.picture("faults").await;
    w.fill("姓名或名称", NEWCOMER.name).await;
    w.fill_named("applicant.id_number", NEWCOMER.id_number).await;
    w.fill_named("applicant.phone", NEWCOMER.phone).await;
    w.fill_named("applicant.address", "云川市澄湖区湖滨街道湖韵路20号3栋1单元402").await;
    form::answer(w, &made::elements(t, "residence-permit"), &made::answers("residence-permit")).await;
    w.attach("material.id_card", &w.file("身份证.jpg", CARD)).await;
    w.tick_value("paper", "photo").await;
    // Needed by what was answered: who works here proves that.
    w.sees("就业").await;
    w.tick_value("paper", "work").await;
    w.follow("提交申报").await;
    w.sees("收件回执").await;
    w.sees(NEWCOMER.name).await;
    w.picture("receipt").await;
    w.follow("审查").await;
    w.at("/hall/cases/").await;
    w.sees("纸质件已收").await;
}
