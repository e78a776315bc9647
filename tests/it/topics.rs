//! Topics of guidance for those who review them: what differs, what was seen, and the end of one.

use cloudmart::catalogue::changes::ChangeKind;
use cloudmart::catalogue::topics::{self, Topic};
use cloudmart::cli::seed;

use crate::harness::TestApp;
use crate::made;

const KEY: &str = "open-hotel";
const PAGE: &str = "/catalogue/topics/open-hotel";

/// Writes the topic anew as the editor.
async fn written(t: &TestApp, change: impl Fn(&mut Topic)) {
    let ctx = made::as_staff(t, "catalogue.editor").await;
    let of = ctx.clone();
    let kept = t.app.db.read(move |c| topics::topic(c, &of, KEY)).await.unwrap();
    let mut topic = kept.base().unwrap().clone();
    change(&mut topic);
    t.app.db.write(move |c| topics::save_topic(c, &ctx, kept.revision, &topic)).await.unwrap();
}

both!(a_reviewer_sees_what_differs_and_what_was_seen, async |t| {
    let (editor, reviewer) = (t.staff("catalogue.editor").await, t.staff("catalogue.reviewer").await);
    reviewer.get(PAGE).await.ok().has("公开过的版本").has("第 1 版").lacks("与已公开内容的差异");
    let shelf = t.app.books().shelf;
    let gone = shelf.topic(KEY).unwrap().items[0].item.clone();
    let name = shelf.by_slug(&gone).unwrap().elements.name.zh.clone();
    written(t, |topic| {
        topic.name.zh = "我要开民宿".into();
        topic.keywords.push("农家乐民宿".into());
    })
    .await;
    let seen = reviewer.get(PAGE).await;
    seen.ok().has("与已公开内容的差异").has("<ins>我要开民宿</ins>").has("农家乐民宿").has("审核通过并公开");
    editor.get(PAGE).await.ok().has("<ins>我要开民宿</ins>").lacks("审核通过并公开");
    reviewer.submit(&seen, PAGE, &[("do", "publish")]).await.ok().has("第 2 版").lacks("与已公开内容的差异");
    let second = reviewer.get(&format!("{PAGE}/versions/2")).await;
    second.ok().has("第 1 版与第 2 版的差异").has("<ins>我要开民宿</ins>").lacks("引到的事项");
    reviewer.get(&format!("{PAGE}/versions/1")).await.ok().has("第 1 版").has("新增");
    reviewer.get(&format!("{PAGE}/versions/3")).await.is(404);

    // An item that goes is called by its name, and the others are not said to differ.
    written(t, |topic| drop(topic.items.remove(0))).await;
    let seen = reviewer.get(PAGE).await;
    seen.ok().has(&format!("<del>{name}</del>"));
    assert_eq!(seen.text.matches("class=\"diff__old\"").count(), 1, "{}", seen.text);
});

both!(a_topic_is_withdrawn_by_one_and_agreed_to_by_another, async |t| {
    let (editor, reviewer) = (t.staff("catalogue.editor").await, t.staff("catalogue.reviewer").await);
    let page = editor.get(PAGE).await;
    page.ok().has("撤下这个主题");
    let why = editor.submit(&page, PAGE, &[("do", "ask-end")]).await;
    why.is(422).has("请填写理由");
    let asked = editor.post(PAGE, &[("do", "ask-end"), ("reason", "并入另一主题")]).await;
    asked.ok().has("已提交审核").has("并入另一主题").has("取回，继续公开").lacks("同意撤下");
    editor.post(PAGE, &[("do", "ask-end"), ("reason", "再来一次")]).await.is(409).has("情况有变化");
    t.anyone().get("/topics/open-hotel").await.ok();
    // Not by who asked, not by who only writes, not a question that is no longer asked.
    editor.post(PAGE, &[("do", "end"), ("asked", "x")]).await.is(403);
    let page = reviewer.get(PAGE).await;
    page.ok().has("并入另一主题").has("同意撤下");
    reviewer.post(PAGE, &[("do", "end"), ("asked", "x")]).await.is(409);
    reviewer.post(PAGE, &[("do", "keep")]).await.ok().has("继续公开").lacks("同意撤下");
    reviewer.post(PAGE, &[("do", "keep")]).await.is(409);

    t.advance(60);
    editor.post(PAGE, &[("do", "ask-end"), ("reason", "并入另一主题")]).await.ok();
    let stale = page.between("name=\"asked\" value=\"", "\"");
    reviewer.post(PAGE, &[("do", "end"), ("asked", &stale)]).await.is(409);
    let page = reviewer.get(PAGE).await;
    let asked = page.between("name=\"asked\" value=\"", "\"");
    let ended = reviewer.post(PAGE, &[("do", "end"), ("asked", &asked)]).await;
    ended.ok().has("已撤下").has("第 1 版").lacks("同意撤下").lacks("href=\"/topics/open-hotel\"");
    t.anyone().get("/topics/open-hotel").await.is(404);
    t.anyone().get("/topics").await.ok().lacks("/topics/open-hotel");
    reviewer.get("/catalogue/topics").await.ok().has("已撤下");
    // The files do not bring it back; its writer goes on from what was seen.
    seed::items(&t.app, seed::Items::Complete).await.unwrap();
    t.anyone().get("/topics/open-hotel").await.is(404);
    written(t, |topic| topic.name.zh = "我要开民宿".into()).await;
    let page = reviewer.get(PAGE).await;
    page.ok().has("<ins>我要开民宿</ins>");
    reviewer.submit(&page, PAGE, &[("do", "publish")]).await.ok().has("第 2 版");
    t.anyone().get("/topics/open-hotel").await.ok().has("我要开民宿");
});

both!(the_report_tells_what_is_wrong_with_topics, async |t| {
    let (editor, own) = (t.staff("catalogue.editor").await, t.staff("scjg.editor").await);
    editor.get("/catalogue/report").await.ok().lacks("/catalogue/topics/open-hotel");
    // An item that is withdrawn leads nowhere from there.
    let slug = t.app.books().shelf.topic(KEY).unwrap().items[0].item.clone();
    made::turned(t, &slug, ChangeKind::Withdraw).await;
    let seen = editor.get("/catalogue/report").await;
    seen.ok().has("/catalogue/topics/open-hotel").has(&slug).has("引到的事项");
    let rule = seen.link("/catalogue/report?rule=unknown-code");
    editor.get(&rule).await.ok().has("/catalogue/topics/open-hotel");
    editor.get("/catalogue/report?rule=two-names").await.ok().lacks("/catalogue/topics/open-hotel");
    // Who keeps a department's items alone does not mend topics.
    own.get("/catalogue/report").await.ok().lacks("/catalogue/topics/open-hotel");
});
