//! Who keeps the catalogue: one writes, another reviews, everybody sees.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::{self, FOOD};

journey!(a_revision_goes_from_its_writer_to_the_public, Screen::Desk, Lang::Zh, revises);
journey!(a_reviewer_reads_on_the_way, Screen::Phone, Lang::En, reviews);

async fn revises(_: &TestApp, w: &Window<'_>) {
    w.log_in_staff("catalogue.editor").await;
    w.at("/catalogue").await;
    w.picture("items").await;
    w.go("/catalogue?q=食品经营许可").await;
    w.follow("食品经营许可（新办）").await;
    w.follow("开始修订").await;
    w.sees("变更已建立").await;
    w.follow("时限和环节").await;
    w.fill("承诺办结时限", "5").await;
    w.picture("time").await;
    w.follow("保存，下一步：申请材料").await;
    w.sees("已保存").await;
    w.follow("添加申请材料").await;
    w.fill_named("materials.8.name.zh", "食品安全自查报告").await;
    w.picture("material").await;
    w.follow("保存并返回").await;
    // Nothing was said of its type: that is told, and leads back to where it is said.
    w.sees("应当公布的要素没有填写").await;
    w.fill("理由", "压缩时限").await;
    w.follow("提交审核").await;
    w.sees("检查发现错误，不能提交或生效").await;
    w.follow("申请材料").await;
    w.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })", &[]).await;
    for (name, value) in [("type", "3"), ("form", "3"), ("need", "1"), ("source", "10")] {
        w.choose_value(&format!("materials.8.{name}"), value).await;
    }
    w.follow("保存并返回").await;
    w.fill("理由", "压缩时限，增加自查报告").await;
    w.picture("draft").await;
    w.follow("提交审核").await;
    w.sees("已提交审核").await;
    let change = w.path().await;

    w.follow("退出").await;
    w.log_in_staff("catalogue.reviewer").await;
    w.follow("变更办理").await;
    w.follow("食品经营许可（新办）").await;
    w.at(&change).await;
    w.sees("食品安全自查报告").await;
    w.picture("review").await;
    w.follow("预览办事指南").await;
    w.sees("尚未生效").await;
    w.go(&change).await;
    w.press("审核通过").await;
    w.sees("审核通过后立即对外生效").await;
    w.follow("审核通过").await;
    w.sees("已审核通过，立即生效").await;
    w.go(&format!("/items/{FOOD}")).await;
    w.sees("食品安全自查报告").await;
    for page in ["/catalogue/report", "/catalogue/sheets", "/catalogue/new", "/catalogue/changes?state=done"] {
        w.go(page).await;
    }
}

async fn reviews(t: &TestApp, w: &Window<'_>) {
    let change = made::revising(t, FOOD).await;
    let (editor, shelf) = (made::as_staff(t, "catalogue.editor").await, t.app.books().shelf);
    let submit = move |c: &mut cloudmart::db::Conn| {
        cloudmart::catalogue::changes::submit(c, &editor, shelf.codes(), change, "号码变更", None)
    };
    t.app.db.write(submit).await.unwrap();
    w.becomes(&t.staff("catalogue.reviewer").await).await;
    w.go(&format!("/catalogue/changes/{change}")).await;
    w.sees("Enquiries").await;
    w.fill("Opinion", "Which number is right?").await;
    w.picture("review-phone").await;
    w.follow("Send back").await;
    w.sees("Being written").await;
    w.go("/catalogue/changes?state=planned").await;
    w.go("/catalogue/report").await;
}
