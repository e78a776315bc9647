//! Who watches the watchers: what was done is found, one entry is read, the chain is verified; and a citizen sees who looked.

use cloudmart::kernel::Permission;

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::{self, FOOD, HEALTH, HYGIENE};

journey!(an_auditor_finds_what_was_done, Screen::Desk, Lang::Zh, finds);
journey!(an_auditor_finds_what_was_done_on_a_phone, Screen::Phone, Lang::Zh, finds);
journey!(an_auditor_looks_in_english, Screen::Desk, Lang::En, looks);
journey!(a_citizen_sees_who_looked_on_a_phone, Screen::Phone, Lang::Zh, sees);
journey!(a_citizen_sees_who_looked_in_english, Screen::Desk, Lang::En, sees_in_english);

/// Acts and looks of many kinds.
async fn lived(t: &TestApp) {
    let case = made::granted_at_desk(t, HYGIENE, HEALTH).await;
    let waiting = made::submitted(t, FOOD).await;
    let officer = t.officer(HEALTH, Permission::Handle).await;
    let page = officer.get(&format!("/desk/cases/{}", case.id)).await;
    officer.get(&page.link(&format!("/desk/cases/{}/files/", case.id))).await.ok();
    t.clerk().await.get(&format!("/hall/cases/{}", waiting.id)).await.ok();
    t.supervisor().await.get(&format!("/supervise/cases/{}", case.id)).await.ok();
    t.settle().await;
    t.advance(90);
    t.staff("clerk.h02.1").await.get(&format!("/hall/cases/{}", waiting.id)).await.is(404);
}

async fn finds(t: &TestApp, w: &Window<'_>) {
    lived(t).await;
    w.log_in_staff("auditor").await;
    w.at("/audit").await;
    w.sees("审计日志").await;
    w.picture("log").await;
    w.fill("操作人", "nobody").await;
    w.follow("查询").await;
    w.sees("没有这个工号").await;
    w.picture("log-fault").await;
    w.fill("操作人", "clerk.h02.1").await;
    w.follow("查询").await;
    w.sees("无权访问，被拒绝").await;
    let entry = w.links("/audit/entries/", 0).await.remove(0);
    w.go(&entry).await;
    w.sees("未封存").await;
    w.picture("entry").await;
    w.go("/audit?from=2026-02-01&to=2026-02-02").await;
    w.sees("没有符合条件的记录").await;
    w.picture("none").await;
    w.go("/audit/export").await;
    w.follow("记录并导出").await;
    w.sees("请写明导出原因").await;
    w.picture("export-fault").await;
    w.go("/audit/seals").await;
    w.follow("开始校验").await;
    w.sees("正在校验").await;
    w.picture("verifying").await;
    t.settle().await;
    // Nobody touches the window.
    w.sees("与封存时完全一致").await;
    w.picture("verified").await;
}

async fn looks(t: &TestApp, w: &Window<'_>) {
    lived(t).await;
    w.becomes(&t.auditor().await).await;
    w.go("/audit").await;
    w.picture("log").await;
    let entry = w.links("/audit/entries/", 0).await.remove(0);
    w.go(&entry).await;
    w.picture("entry").await;
    w.go("/audit/export").await;
    w.picture("export").await;
    w.go("/audit/seals").await;
    w.picture("seals").await;
}

async fn sees(t: &TestApp, w: &Window<'_>) {
    let owner = t.citizen(&made::declarer(HYGIENE)).await;
    w.becomes(&owner).await;
    w.go("/account/looks").await;
    w.sees("还没有人查看过").await;
    w.picture("none").await;
    lived(t).await;
    w.go("/account").await;
    w.follow("谁看过我的信息").await;
    w.at("/account/looks").await;
    w.sees("审批申报").await;
    w.picture("looks").await;
}

async fn sees_in_english(t: &TestApp, w: &Window<'_>) {
    lived(t).await;
    w.becomes(&t.citizen(&made::declarer(HYGIENE)).await).await;
    w.go("/account/looks").await;
    w.sees("Who looked at my data").await;
    w.picture("looks").await;
}
