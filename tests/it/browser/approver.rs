//! A department's desk: three people handle, review and approve; the reviewer without a mouse.

use cloudmart::kernel::Permission;

use super::window::ENTER;
use super::{Lang, Screen, Window, journey, number};
use crate::harness::TestApp;
use crate::made::{self, HEALTH, HYGIENE};

journey!(three_people_decide_at_a_desk, Screen::Desk, Lang::Zh, three_decide);
journey!(a_department_refuses_on_a_phone, Screen::Phone, Lang::Zh, refuses);

async fn three_decide(t: &TestApp, w: &Window<'_>) {
    let case = made::accepted(t, HYGIENE).await;
    // The handler.
    w.log_in_staff("wsjk.handler").await;
    w.at("/desk").await;
    w.sees("公共场所卫生许可（新办）").await;
    w.picture("list").await;
    w.follow(number(&case)).await;
    w.sees("承办意见").await;
    w.sees("公共场所卫生许可证申请表").await;
    // Nothing said yet.
    w.follow("提交审核").await;
    w.sees("请选择结论").await;
    w.tick("拟准予许可").await;
    w.press("经现场核查，与申报情况一致。").await;
    assert_eq!(w.value("意见").await, "经现场核查，与申报情况一致。");
    w.picture("case").await;
    w.follow("提交审核").await;
    w.sees("已提交审核").await;

    // The reviewer, by keyboard alone.
    w.becomes(&t.officer(HEALTH, Permission::Review).await).await;
    w.go("/desk").await;
    w.keys("?").await;
    w.sees("键盘快捷键").await;
    w.keys(ENTER).await;
    w.keys("j").await;
    w.follow_keys(ENTER).await;
    w.at("/desk/cases/").await;
    w.tab_to("同意").await;
    w.keys(" ").await;
    w.tab_to("意见").await;
    w.keys("材料齐全，同意承办意见。").await;
    w.tab_to("提交").await;
    w.follow_keys(ENTER).await;
    w.sees("已同意，转批准").await;

    // The approver sees what is signed before it is.
    w.becomes(&t.officer(HEALTH, Permission::Approve).await).await;
    w.go("/desk").await;
    w.follow(number(&case)).await;
    w.sees("材料齐全，同意承办意见。").await;
    w.tick("按拟定意见决定").await;
    w.fill("意见", "同意。").await;
    w.follow("下一步").await;
    w.sees("确认签发决定？").await;
    w.sees("准予行政许可决定书").await;
    w.picture("sign").await;
    w.follow("返回修改").await;
    assert_eq!(w.value("意见").await, "同意。");
    w.follow("下一步").await;
    w.follow("签发决定").await;
    w.sees("决定已签发").await;
    w.picture("decided").await;
    w.go("/desk").await;
    w.sees("没有待办").await;
}

async fn refuses(t: &TestApp, w: &Window<'_>) {
    let case = made::accepted(t, HYGIENE).await;
    w.becomes(&t.officer(HEALTH, Permission::Handle).await).await;
    w.go("/desk").await;
    w.picture("list").await;
    w.follow(number(&case)).await;
    w.tick("拟不予许可").await;
    w.fill("意见", "现场核查不符合要求。").await;
    w.follow("提交审核").await;
    w.sees("拟不予许可时请写明事实和依据").await;
    w.fill("不予许可的理由", "消毒间面积不足，不符合《公共场所卫生管理条例实施细则》的要求。").await;
    w.follow("提交审核").await;
    w.sees("这份意见对申请人不利").await;
    w.follow("确认，提交审核").await;
    w.sees("已提交审核").await;
    w.picture("refused").await;
}
