//! A company's representative, and the agent who acts for it.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::FOOD;

const HOTEL: &str = "云川市云栖酒店管理有限公司";

journey!(a_company_is_represented_at_a_desk, Screen::Desk, Lang::Zh, represents);
journey!(a_company_is_represented_on_a_phone, Screen::Phone, Lang::Zh, represents);
journey!(acting_for_others_is_read_in_english, Screen::Phone, Lang::En, reads);

async fn represents(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.citizen("zhoumin").await).await;
    w.go("/account").await;
    w.follow("代谁办事").await;
    w.picture("none").await;
    w.follow("添加我代表的单位").await;
    w.fill("单位名称", HOTEL).await;
    w.fill("统一社会信用代码", "91980103MA6WQ00339").await;
    w.follow("核对").await;
    w.sees("处需要修改").await;
    w.picture("add-wrong").await;
    w.fill("统一社会信用代码", "92980102MA6XL0010Y").await;
    w.follow("核对").await;
    w.sees("登记的法定代表人不是您").await;
    w.picture("add-refused").await;
    w.fill("统一社会信用代码", "91980103MA6WQ00338").await;
    w.follow("核对").await;
    w.sees("核对通过，可以代办了").await;
    w.picture("held").await;
    w.follow("管理经办人").await;
    w.sees("还没有经办人").await;
    w.fill("经办人姓名", "何子墨").await;
    w.fill("经办人手机号", t.phone("hezimo")).await;
    w.tick("只办下面选的").await;
    w.follow("发出委托").await;
    w.sees("请至少选一个事项").await;
    w.picture("offer-wrong").await;
    w.tick("食品经营许可").await;
    w.follow("发出委托").await;
    w.sees("委托已发出").await;
    w.picture("agents").await;

    w.becomes(&t.citizen("hezimo").await).await;
    w.go("/account").await;
    w.sees("1 份委托待接受").await;
    w.follow("代谁办事").await;
    w.sees("有委托等您接受").await;
    w.picture("offered").await;
    w.follow("接受委托").await;
    w.sees("已接受").await;
    w.press("选这个").await;
    w.sees("已换好").await;
    w.sees("正在代办").await;
    w.picture("my").await;
    w.go(&format!("/declare/{FOOD}")).await;
    w.follow("开始填写").await;
    w.sees("申请的一方").await;
    w.sees(HOTEL).await;
    w.picture("form").await;
    // What is not within the mandate is told.
    w.go("/declare/public-place-hygiene-licence").await;
    w.follow("开始填写").await;
    w.sees("这份委托不包括这个事项").await;
    w.picture("refused").await;
    w.follow("代谁办事").await;
    w.sees("现在代谁办").await;

    w.becomes(&t.citizen("zhoumin").await).await;
    w.go("/account/acting").await;
    w.follow("管理经办人").await;
    w.follow("终止委托").await;
    w.sees("马上不能再代").await;
    w.picture("end").await;
    w.follow("确定终止").await;
    w.sees("已终止").await;
    w.picture("ended").await;
}

async fn reads(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.citizen("linyue").await).await;
    w.go("/account/acting").await;
    w.sees("Acting for others").await;
    w.picture("list").await;
    w.follow("Manage agents").await;
    w.sees("Give a mandate").await;
    w.picture("agents").await;
    w.go("/account/acting/add?kind=minor").await;
    w.sees("The child's name").await;
    w.picture("minor").await;
}
