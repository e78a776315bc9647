//! The pages of audit administrators: searched by what one knows, exported for a reason, verified with its progress.

use cloudmart::audit::{self, Entry};
use cloudmart::db::Conn;
use cloudmart::kernel::{Id, Permission};
use diesel::RunQueryDsl;
use serde_json::json;

use crate::harness::{Browser, Engine, Seen, TestApp};
use crate::made::{self, FOOD, HEALTH};

async fn of(t: &TestApp, id: Id) -> Vec<Entry> {
    t.app.db.read(move |c| audit::of_object(c, id)).await.unwrap()
}

/// How many entries a page lists.
fn rows(page: &Seen) -> usize {
    page.ok().text.matches("data-open>").count()
}

async fn count(t: &TestApp, action: &'static str) -> usize {
    let sql = format!("SELECT action AS word FROM aud_waiting WHERE action = '{action}'");
    t.app.db.read(move |c| Ok(diesel::sql_query(sql).load::<Word>(c)?.len())).await.unwrap()
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[allow(dead_code, reason = "it is counted")]
    word: String,
}

both!(the_log_is_searched_by_what_one_knows, async |t| {
    let case = made::submitted(t, FOOD).await;
    let path = format!("/hall/cases/{}", case.id);
    t.clerk().await.get(&path).await.ok();
    // Half of it is sealed.
    t.settle().await;
    t.advance(60);
    t.staff("clerk.h02.1").await.get(&path).await.is(404);
    t.officer(HEALTH, Permission::Handle).await.get("/admin").await.is(403);
    let auditor = t.auditor().await;
    let all = auditor.get("/audit").await;
    all.ok().has("查看办件").has("许静怡").has("无权访问，被拒绝").has("提交申报").has("未封存").has(case.receipt());
    all.has("2026-02-24").has("2026-03-02");
    let by = auditor.get("/audit?actor=CLERK.h01.1").await;
    assert_eq!(rows(&by), 1);
    by.has("查看办件").lacks("无权访问，被拒绝</td>");
    assert_eq!(rows(&auditor.get("/audit?act=access.refused").await), 2);
    assert_eq!(rows(&auditor.get("/audit?act=look*").await), 1);
    assert_eq!(rows(&auditor.get("/audit?act=case*").await), 1);
    assert_eq!(rows(&auditor.get("/audit?outcome=refused").await), 2);
    assert_eq!(rows(&auditor.get("/audit?outcome=refused&actor=clerk.h02.1").await), 1);
    let person = auditor.get("/audit?kind=person").await;
    assert_eq!(rows(&person), 1);
    person.has("提交申报").lacks("何子墨");
    let on = auditor.get(&format!("/audit?object={}", case.receipt())).await;
    assert_eq!(rows(&on), 3);
    assert_eq!(rows(&auditor.get(&format!("/audit?object={}", case.case_no.unwrap())).await), 3);
    assert_eq!(rows(&auditor.get(&format!("/audit?object={}&act=look*", case.id)).await), 1);
    assert_eq!(rows(&auditor.get("/audit?from=2026-03-02&to=2026-03-02&act=look*").await), 1);
    auditor.get("/audit?to=2026-03-01").await.ok().has("没有符合条件的记录");
    auditor.get("/audit?from=2026-03-03").await.ok().has("没有符合条件的记录");
    auditor.english().get("/audit").await.ok().has("Looked at a case").has("Not sealed yet");
    // One entry, by its link and by its number.
    let looked = of(t, case.id.0).await.into_iter().find(|e| e.action == "case.look").unwrap();
    let entry = auditor.get(&format!("/audit?object={}", looked.id)).await;
    entry.ok().at(&format!("/audit/entries/{}", looked.id)).has("窗口受理").has("受理申报").has("第 1 批");
    let one = auditor.get(&auditor.get("/audit?act=access.refused").await.link("/audit/entries/")).await;
    one.ok().has("未封存").has("403").has("/admin");
    auditor.get(&format!("/audit/entries/{}", Id::random())).await.is(404);
    auditor.get("/audit/entries/nonsense").await.is(404);
});

both!(what_cannot_be_understood_is_told_at_its_field, async |t| {
    let auditor = t.auditor().await;
    for (query, says) in [
        ("from=yesterday", "请填写日期"),
        ("from=2026-03-02&to=2026-03-01", "结束日期不能早于开始日期"),
        ("actor=nobody", "没有这个工号"),
        ("object=202603020017", "没有找到这个办件或账号"),
    ] {
        auditor.get(&format!("/audit?{query}")).await.is(422).has(says);
    }
    // What no form sends is as if it had not been said.
    auditor.get("/audit?kind=x&act=x&outcome=x&after=x").await.ok();
});

both!(the_log_is_read_page_by_page, async |t| {
    let ctx = t.system();
    let record = move |c: &mut Conn| {
        (0..70).try_for_each(|n| audit::record(c, &ctx, "job.again", ("job", Id::random()), json!({ "n": n })))
    };
    t.app.db.write(record).await.unwrap();
    t.settle().await;
    let ctx = t.system();
    let record = move |c: &mut Conn| {
        (0..50).try_for_each(|n| audit::record(c, &ctx, "mail.again", ("mail", Id::random()), json!({ "n": n })))
    };
    t.app.db.write(record).await.unwrap();
    let auditor = t.auditor().await;
    for query in ["kind=system", "act=work*"] {
        let (mut page, mut all, mut pages) = (auditor.get(&format!("/audit?{query}")).await, vec![], 0);
        loop {
            all.extend(page.ok().links().into_iter().filter(|l| l.starts_with("/audit/entries/")));
            pages += 1;
            let next = page.links().into_iter().find(|l| l.contains("after="));
            let Some(next) = next else { break };
            page = auditor.get(&next).await;
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!((pages, count, all.len()), (3, 120, 120), "{query}");
    }
});

both!(who_searches_is_recorded_once, async |t| {
    let auditor = t.auditor().await;
    for _ in 0..3 {
        auditor.get("/audit?kind=person").await.ok();
    }
    assert_eq!(count(t, "audit.search").await, 1);
    auditor.get("/audit?kind=staff").await.ok().has("查询审计日志");
    assert_eq!(count(t, "audit.search").await, 2);
});

both!(nobody_else_comes_in, async |t| {
    let paths = ["/audit", "/audit/export", "/audit/seals", &format!("/audit/entries/{}", Id::random())];
    for who in [t.admin().await, t.supervisor().await, t.clerk().await, t.citizen("linyue").await] {
        for path in paths {
            who.get(path).await.is(403);
        }
    }
    assert!(t.anyone().get("/audit").await.path.starts_with("/staff/login"));
    // And an audit administrator does no business.
    let auditor = t.auditor().await;
    for path in ["/hall", "/desk", "/supervise", "/catalogue", "/admin"] {
        auditor.get(path).await.is(403);
    }
    auditor.get("/work").await.ok().at("/audit");
});

/// The form filled in, as a browser that keeps what comes.
async fn export(auditor: &Browser, query: &str, reason: &str) -> Seen {
    let page = auditor.get(&format!("/audit/export?{query}")).await;
    auditor.submit(page.ok(), "/audit/export", &[("reason", reason)]).await
}

both!(an_export_has_its_reason_and_leaves_a_trace, async |t| {
    let ctx = t.system();
    let record = move |c: &mut Conn| {
        for word in ["=HYPERLINK(\"http://x\")", "+1", "@x", "-1", "寿衣"] {
            audit::record_plain(c, &ctx, "synonym.add", "synonym", json!({ "word": word }))?;
        }
        (0..600).try_for_each(|n| audit::record(c, &ctx, "job.again", ("job", Id::random()), json!({ "n": n })))
    };
    t.app.db.write(record).await.unwrap();
    t.settle().await;
    let auditor = t.auditor().await;
    export(&auditor, "", "查").await.is(422).has("请写明导出原因");
    export(&auditor, "", &"长".repeat(501)).await.is(422).has("最多 500 个字");
    export(&auditor, "actor=nobody", "年度测评取证").await.is(422).has("没有这个工号");
    export(&auditor, "kind=system", "年度测评取证").await.is(422).has("请填写日期");
    assert_eq!(count(t, "audit.export").await, 0, "nothing has left");

    let file = export(&auditor, "", "年度测评取证").await;
    file.ok();
    assert!(file.header("content-type").unwrap().starts_with("text/csv"));
    assert!(file.header("content-disposition").unwrap().contains("audit-2026-03-02.csv"));
    let text = file.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().take(4).collect::<Vec<_>>(),
        ["时间", "记录编号", "操作人类别", "操作人"]
    );
    let all: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    assert_eq!(all.iter().filter(|r| &r[5] == "job.again").count(), 600, "more than are read at once");
    let words: Vec<&str> = all.iter().filter(|r| &r[5] == "synonym.add").map(|r| r.get(7).unwrap()).collect();
    assert_eq!(words.len(), 5);
    for word in ["'=HYPERLINK(\"http://x\")", "'+1", "'@x", "'-1", "寿衣"] {
        assert!(words.contains(&word), "{words:?}");
    }
    assert!(all.iter().all(|r| r.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r']))));
    // The export is among what it exports: it was recorded first.
    let own = all.iter().find(|r| &r[5] == "audit.export").unwrap();
    assert!(own[10].contains("年度测评取证") && &own[4] == "导出审计日志", "{own:?}");
    assert_eq!(count(t, "audit.export").await, 1);
    let one = export(&auditor, "from=2026-03-01&to=2026-03-02&act=synonym.add", "年度测评取证").await;
    assert_eq!(one.ok().text.lines().count(), 6);
    let english = export(&auditor.english(), "", "yearly assessment").await;
    assert!(english.ok().text.contains("Exported the audit log"));
    let token = auditor.token().await;
    t.admin().await.send_once("/audit/export", &[("_csrf", &token), ("reason", "年度测评取证")]).await.is(403);
});

both!(the_seals_are_verified_on_the_page, async |t| {
    let auditor = t.auditor().await;
    let page = auditor.get("/audit/seals").await;
    page.ok().has("还没有封存过").has("全部记录都已封存");
    made::submitted(t, FOOD).await;
    t.settle().await;
    let page = auditor.get("/audit/seals").await;
    page.ok().has("ES256").lacks("还没有封存过");
    let asked = auditor.submit(&page, "/audit/seals", &[]).await;
    asked.ok().at("/audit/seals").has("正在校验").has("条记录等待封存").lacks("开始校验</button>");
    assert!(asked.text.contains("data-again"));
    // A second tab still has the button.
    auditor.submit(&page, "/audit/seals", &[]).await.is(409).has("正在校验，请等这一次做完");
    t.settle().await;
    auditor.get("/audit/seals").await.ok().has("与封存时完全一致").has("开始校验</button>").lacks("data-again");

    let guard = match t.engine {
        Engine::Sqlite => "DROP TRIGGER aud_entry_update",
        Engine::Postgres => "ALTER TABLE aud_entry DISABLE TRIGGER USER",
    };
    for sql in [guard, "UPDATE aud_entry SET outcome = 'refused' WHERE batch = 1 AND seq = 0"] {
        t.app.db.write(move |c| Ok(diesel::sql_query(sql).execute(c)?)).await.unwrap();
    }
    let page = auditor.get("/audit/seals").await;
    auditor.submit(&page, "/audit/seals", &[]).await.ok();
    t.settle().await;
    let page = auditor.get("/audit/seals").await;
    page.ok().has("发现异常").has("发现 1 处异常").has("记录内容与封存时不一致").has("第 1 条");
    auditor.get(&page.link("/audit/entries/")).await.ok();
    auditor.get("/audit?act=audit*").await.ok().has("封存校验完成");
});
