//! From a wish to items and materials, on to the declaration; and the forms and topics as they are written.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::{self, FOOD};

journey!(a_wish_leads_to_a_declaration_on_a_phone, Screen::Phone, Lang::Zh, wishes);
journey!(a_wish_is_read_in_english, Screen::Desk, Lang::En, reads);
journey!(a_form_is_made_and_tried_at_a_desk, Screen::Desk, Lang::Zh, makes);
journey!(a_topic_is_written_and_reviewed_at_a_desk, Screen::Desk, Lang::Zh, writes);

async fn wishes(_: &TestApp, w: &Window<'_>) {
    w.go("/items?q=开餐馆").await;
    w.sees("您是不是想").await;
    w.follow("我要开办餐饮店").await;
    w.at("/topics/open-restaurant").await;
    w.lacks("组成形式").await;
    // The page's script shows what is asked now.
    w.tick_value("form.registered", "no").await;
    w.sees("组成形式").await;
    w.tick_value("form.registered", "yes").await;
    w.goes("组成形式").await;
    w.picture("topic").await;
    w.follow("查看结果").await;
    w.sees("还有问题没有回答").await;
    for (name, value) in [("business_type", "2"), ("online_sale", "no"), ("sign", "no"), ("same_address", "no")] {
        w.tick_value(&format!("form.{name}"), value).await;
    }
    w.fill("经营面积", "120").await;
    w.follow("查看结果").await;
    w.sees("您要办 1 个事项").await;
    w.picture("items").await;
    w.follow("按我的情形查看").await;
    w.at(&format!("/items/{FOOD}/situation")).await;
    w.script("document.querySelector(\"[name='form.business_items'][value='21']\").click()", &[]).await;
    w.follow("查看结果").await;
    w.sees("经营场所使用证明").await;
    w.picture("situation").await;
    w.follow("收藏结果").await;
    w.at("/login").await;
    w.log_in("13800138101").await;
    w.go("/topics").await;
    w.picture("topics").await;
    w.go(&format!("/items/{FOOD}/situation?form.business_type=1&form.business_items=31&form.online_sale=no&form.same_address=yes&go=1"))
        .await;
    w.lacks("从业人员健康证明").await;
    w.follow("收藏结果").await;
    w.sees("取消收藏").await;
    w.follow("按此情形在线申报").await;
    w.sees("情形引导的回答会填入表单").await;
    w.picture("start").await;
    w.follow("开始填写").await;
    w.lacks("餐饮规模").await;
    w.tick_value("form.business_type", "2").await;
    w.sees("餐饮规模").await;
    w.sees("健康证明持有人 1").await;
    w.fill_named("form.health.0.health_name", "周海").await;
    w.follow("添加一行：健康证明持有人").await;
    w.sees("健康证明持有人 2").await;
    w.picture("rows").await;
    w.go("/my/favourites").await;
    w.sees("收藏的引导结果").await;
    w.picture("favourites").await;
}

async fn reads(_: &TestApp, w: &Window<'_>) {
    w.go("/topics").await;
    w.follow("Open a restaurant").await;
    w.picture("topic").await;
    w.go("/topics/open-restaurant?applicant.kind=1&form.registered=no&form.form=1&form.business_type=2&form.online_sale=yes&form.area=300&form.sign=yes&go=1").await;
    w.sees("It takes 4 services").await;
    w.picture("items").await;
    w.go(&format!("/items/{FOOD}/situation?form.business_type=2&form.business_items=21&form.online_sale=no&form.central_kitchen=no&form.same_address=yes&go=1")).await;
    w.sees("Materials needed").await;
    w.picture("situation").await;
}

async fn makes(t: &TestApp, w: &Window<'_>) {
    let change = made::revising(t, FOOD).await;
    w.log_in_staff("catalogue.editor").await;
    w.go(&format!("/catalogue/changes/{change}/form")).await;
    w.script(
        "document.querySelectorAll('#names, details.rows__row:first-of-type').forEach((d) => { d.open = true; })",
        &[],
    )
    .await;
    w.sees("条件里可用的编号").await;
    // What is written is shown below before it is saved, and can be tried.
    w.fill_named("form.groups.0.title.zh", "先问您的情形").await;
    w.sees_in("form[data-trial]", "先问您的情形").await;
    w.script("document.querySelector(\"form[data-trial] [name='form.business_type'][value='2']\").click()", &[]).await;
    w.sees_in("form[data-trial]", "餐饮规模").await;
    w.picture("trial").await;
    w.fill_named("form.groups.0.only_if", "business_type ==").await;
    w.follow("保存并返回").await;
    w.sees("条件写法有误").await;
    w.picture("wrong").await;
}

async fn writes(_: &TestApp, w: &Window<'_>) {
    w.log_in_staff("catalogue.editor").await;
    w.go("/catalogue/topics").await;
    w.picture("topics").await;
    w.follow("我要跑货运").await;
    w.at("/catalogue/topics/road-freight").await;
    w.fill_named("name.zh", "我要开货车").await;
    w.picture("topic").await;
    w.follow("保存").await;
    w.sees("有待审核的草稿").await;
    w.follow("退出").await;
    w.log_in_staff("catalogue.reviewer").await;
    w.go("/catalogue/topics/road-freight").await;
    w.sees("下面的草稿由他人编写").await;
    w.press("审核通过并公开").await;
    w.sees("公开后立即对外显示").await;
    w.follow("审核通过并公开").await;
    w.sees("已公开").await;
    w.go("/topics").await;
    w.sees("我要开货车").await;
}
