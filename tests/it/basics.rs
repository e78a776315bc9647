//! The basic catalogue: entries are written by one and reviewed by another, and items of the implementing list begin with them.

use crate::harness::TestApp;
use crate::made::{self, FOOD};

const EDITOR: &str = "catalogue.editor";
const REVIEWER: &str = "catalogue.reviewer";
const CODE: &str = "000131099000";

/// An entry that is in force, written and reviewed on pages.
async fn entry(t: &TestApp) -> String {
    let (editor, reviewer) = (t.staff(EDITOR).await, t.staff(REVIEWER).await);
    let list = editor.get("/catalogue/basic").await;
    let at = format!("/catalogue/basic/{CODE}");
    let page = editor.submit(&list, "/catalogue/basic", &[("code", CODE)]).await;
    page.ok().has("应当公布的要素没有填写").has("未生效");
    let page = editor.submit(&page, &at, &[("do", "add:basis")]).await;
    let typed = [("name.zh", "食品摊贩登记"), ("name.en", "Food stalls"), ("levels", "4"), ("levels", "3")];
    let law = [("basis.0.law", "《中华人民共和国食品安全法》"), ("audience", "1"), ("do", "save")];
    let saved = editor.submit(page.ok(), &at, &[&typed[..], &law[..]].concat()).await;
    saved.ok().has("已保存").lacks("审核通过</button>");
    let review = reviewer.get(&at).await;
    review.ok().has("食品摊贩登记").has("《中华人民共和国食品安全法》");
    let done = reviewer.submit(&review, &at, &[("do", "publish")]).await;
    done.ok().has("已审核通过并生效").has("在用").has("第 1 版");
    at
}

both!(an_entry_is_written_reviewed_and_begins_an_item, async |t| {
    let at = entry(t).await;
    let editor = t.staff(EDITOR).await;
    editor.get("/catalogue/basic?missing=1").await.ok().has("食品摊贩登记").lacks("食品经营许可<");
    let begin = editor.get(&format!("/catalogue/new?basic={CODE}")).await;
    begin.ok().has("基本目录： 食品摊贩登记").lacks("县级</option><option value=\"5\"");
    let typed = [("department", "scjg"), ("level", "3")];
    let begun = editor.submit(&begin, "/catalogue/new", &typed).await;
    let change = begun.ok().has("食品摊贩登记").has("Food stalls").place();
    editor.get(&change.replace("/basic", "/law")).await.ok().has("《中华人民共和国食品安全法》");
    // Outside the catalogue, and at a level that it does not name, nothing begins.
    let strange = editor.submit(&begin, "/catalogue/new", &[&typed[..], &[("basic", "000131098000")]].concat()).await;
    strange.is(422).has("基本目录里没有这个编码");
    let page = editor.get("/catalogue/new").await;
    let named = [("name", "食品摊贩登记"), ("basic", CODE), ("department", "scjg"), ("level", "2")];
    editor.submit(&page, "/catalogue/new", &named).await.is(422).has("没有规定这一级可以行使");
    // Cancelled by a next version, which shows what differs.
    let page = editor.get(&at).await;
    let saved = editor.submit(&page, &at, &[("state", "3"), ("do", "save")]).await;
    saved.ok().has("<del>在用</del>").has("<ins>取消</ins>").has("在用");
    let reviewer = t.staff(REVIEWER).await;
    let page = reviewer.get(&at).await;
    reviewer.submit(&page, &at, &[("do", "publish")]).await.ok().has("已取消").has("第 2 版");
    let none = editor.submit(&begin, "/catalogue/new", &typed).await;
    none.is(422).has("还没有生效");
});

both!(an_entry_with_errors_or_of_ones_own_is_not_put_in_force, async |t| {
    let editor = t.staff(EDITOR).await;
    let list = editor.get("/catalogue/basic").await;
    editor.submit(&list, "/catalogue/basic", &[("code", "12")]).await.is(422).has("基本编码是 12 位数字");
    editor.submit(&list, "/catalogue/basic", &[("code", "000131001000")]).await.is(422).has("已经有了");
    let at = format!("/catalogue/basic/{CODE}");
    let first = editor.submit(&list, "/catalogue/basic", &[("code", CODE)]).await;
    let bad = editor.submit(first.ok(), &at, &[("from", "2026-13-40"), ("name.zh", "甲"), ("do", "save")]).await;
    bad.is(422).has("请填写日期").has("甲");
    // Who wrote it has no way to approve it, and with errors nobody has.
    editor.submit_to(&first, &at, &at, &[("do", "publish")]).await.is(403);
    let reviewer = t.staff(REVIEWER).await;
    let page = reviewer.get(&at).await;
    reviewer.submit(&page, &at, &[("do", "publish")]).await.is(409).has("检查发现错误");
    // Who saves over another's is told, and what was typed stays.
    let other = t.staff(EDITOR).await;
    other.submit(&other.get(&at).await, &at, &[("name.zh", "乙"), ("do", "save")]).await.ok();
    let late = editor.submit(&first, &at, &[("name.zh", "丙"), ("do", "save")]).await;
    late.is(409).has("别人保存过").has("丙");
    let page = editor.get(&at).await;
    editor.submit(&page, &at, &[("do", "drop")]).await.ok().has("草稿已丢弃").lacks("乙");
    // A department's editor reads, and writes nothing.
    let market = t.staff("scjg.editor").await;
    let read = market.get("/catalogue/basic/000131001000").await;
    read.ok().has("食品经营许可").lacks("name=\"name.zh\"");
    market.post(&at, &[("do", "save"), ("revision", "1")]).await.is(403);
});

both!(an_item_is_held_against_its_entry, async |t| {
    let editor = t.staff(EDITOR).await;
    let id = made::revising(t, FOOD).await;
    let basic = format!("/catalogue/changes/{id}/basic");
    let page = editor.get(&basic).await;
    page.ok().lacks("与基本目录不一致");
    let saved = editor.submit(&page, &basic, &[("type", "07"), ("do", "save")]).await;
    saved.ok().has("事项类型或行使层级与基本目录不一致").has("07 / 01");
});
