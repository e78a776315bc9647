//! Who looks is recorded, once; who is refused, too; and a citizen sees who looked at what is kept of them.

use cloudmart::audit::{self, Entry, Outcome};
use cloudmart::cases::Case;
use cloudmart::kernel::{Id, Permission};

use crate::harness::{PASSWORD, TestApp};
use crate::made::{self, FOOD, HEALTH, HYGIENE, MARKET};

/// What was recorded of an object.
async fn of(t: &TestApp, id: Id) -> Vec<Entry> {
    t.app.db.read(move |c| audit::of_object(c, id)).await.unwrap()
}

async fn looks(t: &TestApp, case: &Case) -> Vec<Entry> {
    of(t, case.id.0).await.into_iter().filter(|e| audit::looks::LOOKS.contains(&e.action.as_str())).collect()
}

fn said<'a>(e: &'a Entry, what: &str) -> &'a str {
    e.detail[what].as_str().unwrap_or_default()
}

both!(a_page_that_is_opened_again_is_one_look, async |t| {
    let case = made::submitted(t, FOOD).await;
    let clerk = t.clerk().await;
    let path = format!("/hall/cases/{}", case.id);
    for _ in 0..3 {
        clerk.get(&path).await.ok();
    }
    let seen = looks(t, &case).await;
    assert_eq!(seen.len(), 1);
    let look = &seen[0];
    assert_eq!((look.action.as_str(), look.outcome), ("case.look", Outcome::Done));
    assert_eq!(look.actor_id, Some(t.staff_id("clerk.h01.1").await.0));
    assert_eq!(look.person_id, case.person_id.map(|p| p.0));
    assert_eq!((said(look, "purpose"), said(look, "task")), ("accept", "window"));
    assert_eq!(said(look, "office"), case.hall_id.to_string());
    // Somebody else, and the same one later.
    t.staff("clerk.h01.2").await.get(&path).await.ok();
    t.advance(599);
    clerk.get(&path).await.ok();
    assert_eq!(looks(t, &case).await.len(), 2);
    t.advance(1);
    clerk.get(&path).await.ok();
    assert_eq!(looks(t, &case).await.len(), 3);
});

both!(each_thing_that_is_looked_at_is_a_look_of_its_own, async |t| {
    let case = made::granted_at_desk(t, HYGIENE, HEALTH).await;
    let officer = t.officer(HEALTH, Permission::Handle).await;
    let path = format!("/desk/cases/{}", case.id);
    let page = officer.get(&path).await;
    let (file, notice) = (page.link(&format!("{path}/files/")), page.link(&format!("{path}/notices/")));
    for _ in 0..2 {
        officer.get(&file).await.ok();
        officer.get(&notice).await.ok();
    }
    let supervisor = t.supervisor().await;
    supervisor.get(&format!("/supervise/cases/{}", case.id)).await.ok();
    let seen = looks(t, &case).await;
    let of: Vec<_> = seen.iter().map(|e| (e.action.as_str(), said(e, "purpose"), said(e, "task"))).collect();
    assert_eq!(
        of,
        [
            ("case.look", "decide", "handle"),
            ("case.look-file", "decide", "handle"),
            ("case.look-notice", "decide", "handle"),
            ("case.look", "supervise", "supervise"),
        ]
    );
    assert!(file.ends_with(said(&seen[1], "file")) && notice.ends_with(said(&seen[2], "notice")));
    let (admin, id) = (t.admin().await, t.staff_id("clerk.h01.1").await.0);
    admin.get(&format!("/admin/staff/{id}")).await.ok();
    let seen = self::of(t, id).await;
    assert_eq!(seen.iter().map(|e| e.action.as_str()).collect::<Vec<_>>(), ["staff.look"]);
});

both!(what_is_not_shown_is_no_look, async |t| {
    let case = made::submitted(t, FOOD).await;
    let (stranger, path) = (t.staff("clerk.h02.1").await, format!("/hall/cases/{}", case.id));
    for _ in 0..2 {
        stranger.get(&path).await.is(404);
    }
    stranger.get(&format!("/desk/cases/{}", case.id)).await.is(403);
    assert!(looks(t, &case).await.is_empty());
    let refused: Vec<Entry> = of(t, case.id.0).await.into_iter().filter(|e| e.action == "access.refused").collect();
    let of: Vec<_> = refused.iter().map(|e| (e.detail["status"].as_i64().unwrap(), said(e, "route"))).collect();
    assert_eq!(of, [(404, "/hall/cases/{id}"), (403, "/desk/cases/{id}")], "each once");
    let id = Some(t.staff_id("clerk.h02.1").await.0);
    assert!(refused.iter().all(|e| e.outcome == Outcome::Refused && e.actor_id == id));
    // So is an act, and a citizen who tries another's case.
    let token = stranger.token().await;
    stranger.send_once(&path, &[("_csrf", &token), ("act", "accept"), ("rev", "1")]).await.is(404);
    t.citizen("hezimo").await.get(&format!("/my/cases/{}", case.id)).await.is(404);
    t.anyone().get("/items/nothing").await.is(404);
    let refused = self::of(t, case.id.0).await;
    let methods: Vec<_> = refused.iter().filter(|e| e.action == "access.refused").map(|e| said(e, "method")).collect();
    assert_eq!(methods, ["GET", "GET", "POST", "GET"]);
});

both!(logging_in_and_out_is_recorded, async |t| {
    let id = t.staff_id("supervisor").await.0;
    let browser = t.anyone();
    let page = browser.get("/staff/login").await;
    let form = |password: &'static str| [("login", "supervisor"), ("password", password)];
    browser.submit(&page, "/staff/login", &form("wrong")).await.is(422);
    let half = browser.submit(&page, "/staff/login", &form(PASSWORD)).await;
    let code = t.code("supervisor");
    let inside = browser.submit(half.ok(), "/staff/login/factor", &[("code", code.as_str())]).await;
    let out = browser.submit(inside.ok(), "/logout", &[]).await;
    out.ok();
    let seen = of(t, id).await;
    let acts: Vec<_> = seen.iter().map(|e| (e.action.as_str(), e.outcome)).collect();
    let done = ["login.password", "login", "logout"].map(|act| (act, Outcome::Done));
    assert_eq!(acts, [&[("login.failed", Outcome::Refused)], &done[..]].concat());
    assert_eq!(seen[3].actor_id, Some(id));
    // Tries that are too many are one entry, and not one each.
    for _ in 0..10 {
        browser.submit(&page, "/staff/login", &form("wrong")).await.is(422);
    }
    for _ in 0..3 {
        browser.submit(&page, "/staff/login", &form("wrong")).await.is(429);
    }
    let seen = of(t, id).await;
    assert_eq!(seen.iter().filter(|e| e.action == "login.throttled").count(), 1);
    assert_eq!(seen.last().map(|e| (e.action.as_str(), e.object_kind.as_str())), Some(("login.throttled", "staff")));
});

both!(a_citizen_sees_who_looked_and_what_for, async |t| {
    let case = made::granted_at_desk(t, HYGIENE, HEALTH).await;
    let owner = t.citizen(&made::declarer(HYGIENE)).await;
    let stranger = t.citizen("linyue").await;
    owner.get("/account/looks").await.ok().has("还没有人查看过");
    t.clerk().await.get(&format!("/hall/cases/{}", case.id)).await.ok();
    t.advance(60);
    t.officer(HEALTH, Permission::Approve).await.get(&format!("/desk/cases/{}", case.id)).await.ok();
    t.settle().await;
    t.advance(60);
    t.supervisor().await.get(&format!("/supervise/cases/{}", case.id)).await.ok();
    let page = owner.get("/account").await;
    let page = owner.get(&page.link("/account/looks")).await;
    page.ok()
        .has("受理申报")
        .has("窗口受理")
        .has("批准")
        .has("审批申报")
        .has("监察")
        .has("查看办件")
        .has(case.receipt());
    // The office, and not the person's name.
    page.lacks("许静怡").lacks("曹国栋");
    assert!(page.text.find("监督办理") < page.text.find("受理申报"), "the last look first");
    assert!(page.links().contains(&format!("/my/cases/{}", case.id)));
    owner.english().get("/account/looks").await.ok().has("Who looked at my data").has("deciding it");
    stranger.get("/account/looks").await.ok().lacks(case.receipt()).lacks("审批申报");
    for who in [t.clerk().await, t.auditor().await] {
        who.get("/account/looks").await.is(403);
    }
});

both!(a_page_of_looks_ends, async |t| {
    let case = made::submitted(t, FOOD).await;
    let (clerk, path) = (t.clerk().await, format!("/hall/cases/{}", case.id));
    for n in 0..23 {
        t.advance(600);
        clerk.get(&path).await.ok();
        if n == 11 {
            t.settle().await;
        }
    }
    let owner = t.citizen(&made::declarer(FOOD)).await;
    let first = owner.get("/account/looks").await;
    assert_eq!(first.ok().text.matches("timeline__item").count(), 20);
    let second = owner.get(&first.link("/account/looks?after=")).await;
    assert_eq!(second.ok().text.matches("timeline__item").count(), 3);
    owner.get("/account/looks?after=nonsense").await.ok();
});

both!(a_departments_system_that_fetches_a_file_looks, async |t| {
    made::endpoint(t, MARKET, "http://market.example/events").await;
    let case = made::accepted(t, FOOD).await;
    t.settle().await;
    let sent = t.http.sent().into_iter().find(|s| String::from_utf8_lossy(&s.body).contains("/api/v1/materials/"));
    let body: serde_json::Value = serde_json::from_slice(&sent.unwrap().body).unwrap();
    let link = body["data"]["materials"][0]["url"].as_str().unwrap().replace(&t.url, "");
    for _ in 0..2 {
        t.anyone().get(&link).await.ok();
    }
    let seen = looks(t, &case).await;
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].actor_kind.as_str(), said(&seen[0], "purpose")), ("department", "exchange"));
    assert_eq!(seen[0].actor_id, Some(made::department(t, MARKET).0));
    let owner = t.citizen(&made::declarer(FOOD)).await;
    owner.get("/account/looks").await.ok().has("部门业务系统办理").has("市场监督管理局");
});
