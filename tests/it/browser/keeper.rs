//! Who keeps the catalogue: one writes, another reviews, everybody sees.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::{self, FOOD};

journey!(a_revision_goes_from_its_writer_to_the_public, Screen::Desk, Lang::Zh, revises);
journey!(a_list_comes_in_while_its_page_tells_how_far, Screen::Desk, Lang::Zh, imports);
journey!(a_reviewer_reads_on_the_way, Screen::Phone, Lang::En, reviews);
journey!(words_and_codes_are_kept_at_a_desk, Screen::Desk, Lang::Zh, keeps_words);
journey!(words_and_codes_are_read_on_a_phone, Screen::Phone, Lang::En, reads_words);
journey!(a_topic_is_withdrawn_on_a_phone, Screen::Phone, Lang::Zh, withdraws);

async fn keeps_words(_: &TestApp, w: &Window<'_>) {
    w.log_in_staff("catalogue.editor").await;
    w.go("/catalogue").await;
    w.follow("搜索同义词").await;
    w.press("添加一个说法").await;
    w.fill("群众的说法", "证").await;
    w.fill("意思", "食品经营许可").await;
    w.follow("添加").await;
    w.sees("至少 2 个字").await;
    w.picture("words-wrong").await;
    w.fill("群众的说法", "呱呱证").await;
    w.follow("添加").await;
    w.sees("已保存，立即生效").await;
    w.sees("食品经营许可（新办）").await;
    w.picture("words").await;
    w.follow("呱呱证").await;
    w.at("/catalogue/words/change").await;
    w.fill("意思", "教师资格").await;
    w.picture("word").await;
    w.follow("保存").await;
    w.sees("教师资格认定").await;
    w.follow("呱呱证").await;
    w.press("删除这个说法").await;
    w.sees("就不再按它的意思去找").await;
    w.follow("删除这个说法").await;
    w.sees("已删除").await;

    w.follow("数据字典").await;
    w.picture("sets").await;
    w.follow("证照类型").await;
    w.press("添加一个代码").await;
    w.fill("代码", "X-1").await;
    w.fill("中文名称", "新证照").await;
    w.fill("英文名称", "New licence").await;
    w.follow("添加").await;
    w.sees("新证照").await;
    w.picture("codes").await;
    w.follow("新证照").await;
    w.press("删除这个代码").await;
    w.follow("删除这个代码").await;
    w.sees("已删除").await;
    w.go("/catalogue/codes/item_type/01").await;
    w.sees("处在用，不能删除").await;
    w.picture("code").await;
    w.follow("数据字典").await;
    w.follow("共用字段").await;
    w.picture("facts").await;
    w.follow("姓名").await;
    w.sees("只能改名称").await;
    w.picture("fact").await;
}

async fn reads_words(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.staff("catalogue.editor").await).await;
    for (name, page) in [
        ("words", "/catalogue/words?try=社保卡"),
        ("word", "/catalogue/words/change?word=社保卡"),
        ("sets", "/catalogue/codes"),
        ("codes", "/catalogue/codes/audience"),
        ("code", "/catalogue/codes/audience/1"),
        ("facts", "/catalogue/facts"),
        ("fact", "/catalogue/facts/enterprise.uscc"),
    ] {
        w.go(page).await;
        w.picture(name).await;
    }
}

async fn withdraws(_: &TestApp, w: &Window<'_>) {
    let page = "/catalogue/topics/open-hotel";
    w.log_in_staff("catalogue.editor").await;
    w.go(page).await;
    w.fill_named("name.zh", "我要开民宿").await;
    w.follow("保存").await;
    w.sees("与已公开内容的差异").await;
    w.picture("topic-differs").await;
    w.press("撤下这个主题").await;
    w.fill("理由", "并入另一主题").await;
    w.press("提交审核").await;
    w.sees("审核通过才会撤下").await;
    w.follow("提交审核").await;
    w.sees("取回，继续公开").await;
    w.follow("退出").await;
    w.log_in_staff("catalogue.reviewer").await;
    w.go(page).await;
    w.sees("并入另一主题").await;
    w.picture("topic-end").await;
    w.press("同意撤下").await;
    w.sees("撤下立即生效").await;
    w.follow("同意撤下").await;
    w.sees("已撤下，群众不再看到").await;
    w.follow("第 1 版").await;
    w.picture("topic-version").await;
    w.go("/topics/open-hotel").await;
    w.sees("找不到").await;
}

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

async fn imports(t: &TestApp, w: &Window<'_>) {
    let list = format!(
        "实施编码,承诺办结时限\n{},5\n{},x\n",
        made::elements(t, FOOD).code,
        made::elements(t, made::HYGIENE).code
    );
    w.becomes(&t.staff("catalogue.editor").await).await;
    w.go("/catalogue/sheets").await;
    w.attach("list", &w.file("清单.csv", list.as_bytes())).await;
    w.follow("检查并查看差异").await;
    w.sees("不是不小于 0 的整数").await;
    w.fill("理由", "压缩时限").await;
    w.follow("导入并提交审核").await;
    w.sees("等待开始导入").await;
    w.picture("import-waits").await;
    // The page goes on by itself.
    t.settle().await;
    w.sees("已提交 1 份变更").await;
    w.picture("import-done").await;
    w.follow("查看待审核的变更").await;
    w.sees("食品经营许可（新办）").await;
    w.go("/catalogue/sheets").await;
    w.sees("最近的导入").await;
    w.picture("imports").await;
}
