//! The supervisor's board, its stream, the lists behind its figures, and single cases.

use std::time::Duration;

use cloudmart::audit;
use cloudmart::cases::Case;
use cloudmart::flows;
use cloudmart::identity::sessions;
use cloudmart::kernel::{Error, Permission};
use cloudmart::outside::http::Answer;
use reqwest::Method;

use crate::harness::{Browser, Seen, TestApp};
use crate::made::{self, FOOD, FREIGHT, HEALTH, HYGIENE, MARKET};

/// The large figure of a tile.
fn tile(page: &str, label: &str) -> String {
    let after = page.split_once(label).unwrap_or_else(|| panic!("no tile {label}:\n{page}")).1;
    let value = after.split_once("stat__value\">").unwrap().1;
    value.split_once('<').unwrap().0.to_owned()
}

/// Everything of the figures that the clock may change is counted anew.
async fn board(t: &TestApp, who: &Browser) -> Seen {
    t.advance(3);
    who.get("/supervise").await
}

async fn withdraw(t: &TestApp, case: &Case, slug: &str) {
    let ctx = made::as_person(t, &made::declarer(slug)).await;
    let (id, books) = (case.id, t.app.books());
    t.app.db.write(move |c| flows::withdraw(c, &ctx, &books, id, "不办了").map(|_| ())).await.unwrap();
}

both!(the_board_counts_what_the_flows_did, async |t| {
    let supervisor = t.supervisor().await;
    let page = board(t, &supervisor).await;
    page.ok().has("目前没有在办件");
    assert_eq!((tile(&page.text, "今日申报"), tile(&page.text, ">在办<")), ("0".into(), "0".into()));

    made::endpoint(t, MARKET, "https://market.example/in").await;
    made::submitted(t, HYGIENE).await;
    made::correcting(t, FREIGHT).await;
    made::accepted(t, FOOD).await;
    let page = board(t, &supervisor).await;
    assert_eq!(tile(&page.text, "今日申报"), "3");
    assert_eq!(tile(&page.text, ">在办<"), "3");
    assert_eq!(tile(&page.text, "今日办结"), "0");
    page.has("今日受理 1 件").has("其中待申请人补正 1 件").has("待预审").has("待补正").has("已派发部门");

    // The limit to answer is five working days after today, Monday: on the next Friday one is left, on Monday it is the last.
    assert_eq!(tile(&page.text, "待答复将到期"), "0");
    t.at("2026-03-06 10:00");
    let page = board(t, &t.supervisor().await).await;
    assert_eq!(tile(&page.text, "待答复将到期"), "1");
    page.has("临近 1 · 超期 0");
    assert_eq!(tile(&page.text, "今日申报"), "0");
    page.has("<td class=\"num\">2026-03-02</td><td class=\"right num\">3</td>");
});

both!(limits_that_ran_out_are_red_and_lead_to_the_case, async |t| {
    let case = made::accepted(t, HYGIENE).await;
    let due = case.due_on.unwrap();
    t.at(&format!("{due} 10:00"));
    let page = board(t, &t.supervisor().await).await;
    assert_eq!((tile(&page.text, "黄牌："), tile(&page.text, "红牌：")), ("1".into(), "0".into()));
    page.has("没有超期的办件").has("今天到期");
    t.at(&format!("{} 10:00", due.succ_opt().unwrap()));
    let supervisor = t.supervisor().await;
    let page = board(t, &supervisor).await;
    assert_eq!((tile(&page.text, "黄牌："), tile(&page.text, "红牌：")), ("0".into(), "1".into()));
    let link = page.link(&format!("/supervise/cases/{}", case.id));
    supervisor.get(&link).await.ok().has(case.receipt()).has("超期");
    supervisor.get("/supervise/cases?which=over").await.ok().has(case.receipt());
    supervisor.get("/supervise/cases?which=near").await.ok().lacks(case.receipt()).has("没有这样的办件");
});

both!(lists_are_narrowed_and_a_number_finds_its_case, async |t| {
    let hygiene = made::accepted(t, HYGIENE).await;
    let freight = made::submitted(t, FREIGHT).await;
    let supervisor = t.supervisor().await;
    let all = supervisor.get("/supervise/cases").await;
    all.ok().has(hygiene.receipt()).has(freight.receipt());
    let health = made::department(t, HEALTH);
    let page = supervisor.get(&format!("/supervise/cases?which=open&department={health}")).await;
    page.ok().has(hygiene.receipt()).lacks(freight.receipt());
    let page = supervisor.get("/supervise/cases?which=open&state=submitted").await;
    page.ok().has(freight.receipt()).lacks(hygiene.receipt());
    let page = supervisor.get("/supervise/cases?which=open&department=nonsense&state=nonsense&after=nonsense").await;
    page.ok().has(hygiene.receipt()).has(freight.receipt());
    let typed = format!("{}%20{}", &freight.receipt()[..6], &freight.receipt()[6..]);
    let found = supervisor.get(&format!("/supervise/cases?number={typed}")).await;
    found.ok().at(&format!("/supervise/cases/{}", freight.id)).has(freight.receipt());
    let missing = supervisor.get("/supervise/cases?number=999999999999").await;
    missing.ok().has("没有编号为“999999999999”的办件").has("value=\"999999999999\"");
    withdraw(t, &freight, FREIGHT).await;
    supervisor.get("/supervise/cases?which=finished").await.ok().has(freight.receipt()).lacks(hygiene.receipt());
});

both!(a_long_list_goes_on_where_a_page_ended, async |t| {
    let first = made::submitted(t, HYGIENE).await;
    for _ in 0..50 {
        made::submitted(t, HYGIENE).await;
    }
    let supervisor = t.supervisor().await;
    let page = supervisor.get("/supervise/cases?which=submitted").await;
    page.ok().lacks(first.receipt()).has("下一页").lacks("第一页");
    assert_eq!(page.text.matches("data-open>").count(), 50);
    let page = supervisor.get(&format!("/supervise/cases{}", page.link("?which=submitted&after="))).await;
    page.ok().has(first.receipt()).has("第一页").lacks("下一页");
    assert_eq!(page.text.matches("data-open>").count(), 1);
});

both!(a_case_is_shown_with_all_that_happened_and_the_applicant_masked, async |t| {
    made::endpoint(t, MARKET, "https://market.example/in").await;
    t.departments_answer(|_| Err(Error::outside("outside-timeout")));
    let case = made::accepted(t, FOOD).await;
    t.settle().await;
    let supervisor = t.supervisor().await;
    let page = supervisor.get(&format!("/supervise/cases/{}", case.id)).await;
    page.ok().has(case.case_no.as_deref().unwrap()).has(&case.applicant_mask).has("受理通知书");
    page.has("提交申报").has("派发部门系统").has("待发送").has("部门系统没有在时限内回答").has("承诺期限");
    let content = {
        let (ctx, case) = (t.system(), case.clone());
        t.app.db.read(move |c| cloudmart::cases::content(c, &ctx, &case)).await.unwrap()
    };
    for secret in [&content.applicant.name, &content.applicant.id_number, &content.applicant.phone] {
        page.lacks(secret);
    }
    t.departments_answer(|_| Ok(Answer::new(202, "")));
    t.advance(3600);
    t.settle().await;
    let supervisor = t.supervisor().await;
    supervisor.get(&format!("/supervise/cases/{}", case.id)).await.ok().has("部门系统已接收");

    let granted = made::granted_at_desk(t, HYGIENE, HEALTH).await;
    let page = supervisor.get(&format!("/supervise/cases/{}", granted.id)).await;
    page.ok().has("批准：同意").has("材料齐全、符合法定条件。").has("准予").has("已停止");
});

both!(every_look_is_recorded, async |t| {
    let case = made::submitted(t, HYGIENE).await;
    let supervisor = t.supervisor().await;
    let looks = || async {
        let id = case.id;
        t.app.db.read(move |c| audit::of_object(c, id.0)).await.unwrap()
    };
    let is_look = |e: &audit::Entry| e.action == "case.look";
    assert!(!looks().await.iter().any(is_look));
    supervisor.get(&format!("/supervise/cases/{}", case.id)).await.ok();
    t.advance(600);
    supervisor.get(&format!("/supervise/cases/{}", case.id)).await.ok();
    let seen: Vec<_> = looks().await.into_iter().filter(is_look).collect();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].actor_id, Some(t.staff_id("supervisor").await.0));
});

both!(only_supervisors_come_in, async |t| {
    let case = made::submitted(t, HYGIENE).await;
    let draft = made::draft(t, FREIGHT).await;
    let one = format!("/supervise/cases/{}", case.id);
    for path in ["/supervise", "/supervise/live", "/supervise/cases", one.as_str()] {
        assert!(t.anyone().get(path).await.path.starts_with("/staff/login"), "{path}");
        t.citizen("linyue").await.get(path).await.is(403);
        t.clerk().await.get(path).await.is(403);
        t.officer(HEALTH, Permission::Handle).await.get(path).await.is(403);
        t.admin().await.get(path).await.is(403);
    }
    let supervisor = t.supervisor().await;
    supervisor.get(&one).await.ok();
    supervisor.get(&format!("/supervise/cases/{draft}")).await.is(404);
    supervisor.get("/supervise/cases/nonsense").await.is(404);
    supervisor.english().get("/supervise").await.ok().has("Live supervision").has("Declared today");
});

/// Reads a stream until it says this, or ends.
struct Stream {
    response: reqwest::Response,
    said: String,
}

impl Stream {
    async fn open(who: &Browser) -> Self {
        let response = who.request(Method::GET, "/supervise/live").send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        Self { response, said: String::new() }
    }

    /// Whether it went on to say this, before it ended. What was said before is forgotten.
    async fn says(&mut self, what: &str) -> bool {
        self.said.clear();
        let read = async {
            while !self.said.contains(what) {
                match self.response.chunk().await {
                    Ok(Some(bytes)) => self.said.push_str(&String::from_utf8_lossy(&bytes)),
                    Ok(None) | Err(_) => return false,
                }
            }
            true
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.unwrap_or_else(|_| panic!("the stream hangs"))
    }
}

both!(the_stream_tells_what_changed_and_no_more, async |t| {
    let supervisor = t.supervisor().await;
    let mut stream = Stream::open(&supervisor).await;
    assert!(stream.says("event: at").await);
    for part in ["tiles", "days", "states", "departments", "warns"] {
        assert!(stream.said.contains(&format!("event: {part}\n")), "{}", stream.said);
    }
    made::submitted(t, HYGIENE).await;
    assert!(stream.says("event: at").await);
    assert_eq!(tile(&stream.said, "今日申报"), "1");
    assert!(stream.said.contains("event: states\n") && stream.said.contains("event: departments\n"));
    assert!(!stream.said.contains("event: warns\n"), "{}", stream.said);
});

both!(the_stream_ends_with_its_session, async |t| {
    let supervisor = t.supervisor().await;
    let mut stream = Stream::open(&supervisor).await;
    assert!(stream.says("event: at").await);
    supervisor.post("/logout", &[]).await;
    assert!(!stream.says("never").await);
});

both!(the_stream_ends_when_the_account_does, async |t| {
    let supervisor = t.supervisor().await;
    let mut stream = Stream::open(&supervisor).await;
    assert!(stream.says("event: at").await);
    let id = t.staff_id("supervisor").await;
    t.app.db.write(move |c| sessions::close_all(c, sessions::Subject::Staff(id))).await.unwrap();
    assert!(!stream.says("never").await);
});

both!(streams_are_bounded_and_end_before_the_server_does, async |t| {
    let supervisor = t.supervisor().await;
    let mut stream = Stream::open(&supervisor).await;
    assert!(stream.says("event: at").await);
    let most = u32::try_from(cloudmart::app::Streams::MOST).unwrap();
    let all_others = t.app.streams.places.clone().try_acquire_many_owned(most - 1).unwrap();
    supervisor.get("/supervise/live").await.is(503);
    drop(all_others);
    t.app.streams.end();
    assert!(!stream.says("never").await);
    // A stream that comes while the server stops ends at once.
    let late = supervisor.get("/supervise/live").await;
    assert!(late.text.is_empty());
});
