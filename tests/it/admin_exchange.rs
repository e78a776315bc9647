//! What administrators see and do of the exchange, background work and halls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use cloudmart::exchange::protocol::Event;
use cloudmart::exchange::{self, DispatchState, Incoming};
use cloudmart::kernel::crypto::from_base64;
use cloudmart::kernel::{Permission, webhook};
use cloudmart::notifications::{self, MailArgs};
use cloudmart::outside::http::Answer;
use cloudmart::{audit, jobs};

use crate::harness::{Seen, TestApp};
use crate::made::{self, FOOD, HEALTH, HYGIENE, MARKET};

const URL: &str = "https://market.example/in";

/// An id as pages write it.
fn written(id: impl serde::Serialize) -> String {
    serde_json::to_value(id).unwrap().as_str().unwrap().to_owned()
}

/// What was recorded of an object.
async fn acts(t: &TestApp, id: cloudmart::kernel::Id) -> Vec<String> {
    let all = t.app.db.read(move |c| audit::of_object(c, id)).await.unwrap();
    all.into_iter().map(|e| e.action).collect()
}

both!(a_dispatch_that_was_given_up_is_sent_again_by_hand, async |t| {
    let says = Arc::new(AtomicU16::new(422));
    let answer = says.clone();
    t.departments_answer(move |_| Ok(Answer::new(answer.load(Ordering::Relaxed), "")));
    made::endpoint(t, MARKET, URL).await;
    let case = made::accepted(t, FOOD).await;
    t.settle().await;
    let admin = t.admin().await;
    let list = admin.get("/admin/exchange?state=dead").await;
    list.ok().has(case.receipt()).has("发送失败").has("部门系统拒绝或报错");
    admin.get("/admin/exchange?state=sent").await.ok().lacks(case.receipt()).has("没有这样的消息");
    let health = made::department(t, HEALTH);
    admin.get(&format!("/admin/exchange?department={health}")).await.ok().lacks(case.receipt());

    let dispatch = made::dispatches(t, MARKET).await.remove(0);
    let one = format!("/admin/exchange/{}", written(dispatch.id));
    assert!(list.links().contains(&one));
    let page = admin.get(&one).await;
    page.ok().has("422").has(&written(dispatch.id));
    says.store(202, Ordering::Relaxed);
    let page = admin.submit(&page, &format!("/admin/exchange/{}/resend", written(dispatch.id)), &[]).await;
    page.ok().has("已放回队列").has("待发送");
    t.settle().await;
    admin.get(&one).await.ok().has("已送达").has("部门系统已接收").has("422");
    assert_eq!(made::dispatches(t, MARKET).await[0].state, DispatchState::Sent);
    assert_eq!(acts(t, dispatch.id.0).await, ["exchange.resend"]);
    let ids: Vec<_> = t.http.sent().iter().filter_map(|s| s.header("webhook-id").map(str::to_owned)).collect();
    assert_eq!(ids, vec![dispatch.id.to_string(); 2], "a repeat is known by its id");
});

both!(a_dispatch_that_is_not_needed_any_more_is_not_sent_again, async |t| {
    t.departments_answer(|_| Ok(Answer::new(422, "")));
    made::endpoint(t, MARKET, URL).await;
    made::accepted(t, FOOD).await;
    t.settle().await;
    let admin = t.admin().await;
    let dispatch = made::dispatches(t, MARKET).await.remove(0);
    let page = admin.get(&format!("/admin/exchange/{}", dispatch.id)).await;
    let id = dispatch.id;
    // Given back to the queue and withdrawn before its turn, while the administrator still looks at the old page.
    let ctx = made::as_staff(t, "admin").await;
    t.app.db.write(move |c| exchange::resend(c, &ctx, id)).await.unwrap();
    let person = made::as_person(t, &made::declarer(FOOD)).await;
    let (case, books) = (dispatch.case_id, t.app.books());
    t.app.db.write(move |c| cloudmart::flows::withdraw(c, &person, &books, case, "不办了").map(|_| ())).await.unwrap();
    let page = admin.submit(&page, &format!("/admin/exchange/{}/resend", written(dispatch.id)), &[]).await;
    page.is(409).has("申请人已撤回，这条消息不再需要发送。");
});

both!(refused_messages_stand_in_the_inbox, async |t| {
    made::endpoint(t, MARKET, URL).await;
    let (ctx, department) = (t.system(), made::department(t, MARKET));
    let message = move |id: &str| {
        let event = Event::new(
            id.into(),
            "urn:department:x".into(),
            "gov.case.unknown",
            "X".into(),
            ctx.now,
            serde_json::json!({}),
        );
        Incoming { department, event }
    };
    let (ctx, first) = (t.system(), message("m-1"));
    t.app.db.write(move |c| exchange::keep_refused(c, &ctx, &first, "event-type")).await.unwrap();
    let admin = t.admin().await;
    admin.get("/admin/exchange/inbox").await.ok().has("m-1").has("event-type").has("gov.case.unknown");
    admin.get("/admin/exchange/inbox?state=all").await.ok().has("m-1");
});

/// The secret that a page shows once.
fn secret(page: &Seen) -> Vec<u8> {
    from_base64(&page.between("data-copy=\"whsec_", "\"").replace("&#x3D;", "=")).unwrap()
}

both!(an_endpoint_is_added_changed_and_its_secret_rotated, async |t| {
    let department = made::department(t, MARKET);
    let path = format!("/admin/departments/{}/endpoint", written(department));
    let admin = t.admin().await;
    let page = admin.get(&path).await;
    page.ok().has("本部门还没有交换接口");
    for wrong in ["", "market.example", "ftp://market.example/", "https://user:secret@market.example/"] {
        let page = admin.submit(&page, &path, &[("url", wrong)]).await;
        page.is(422).has("请填写完整的地址").has("aria-invalid=\"true\"");
    }
    let added = admin.submit(&page, &path, &[("url", URL)]).await;
    added.ok().has("交换接口已添加").has("/api/v1/exchange/events");
    let first = secret(&added);
    assert_eq!(first.len(), 32);
    admin.get(&path).await.ok().lacks("whsec_").has(URL);

    made::accepted(t, FOOD).await;
    t.settle().await;
    let sent = t.http.sent().pop().unwrap();
    assert!(sent.url == URL && is_signed(t, &sent, &first));

    let page = admin.get(&path).await;
    let rotated = admin.submit(&page, &format!("{path}/secret"), &[]).await;
    rotated.ok().has("密钥已更换");
    let second = secret(&rotated);
    assert_ne!(first, second);
    let page = admin.get(&path).await;
    page.ok().has("现在新旧两个密钥都有效").lacks("whsec_");
    let elsewhere = "https://market.example/other";
    admin.submit(&page, &path, &[("url", elsewhere)]).await.ok().has("交换接口已保存").has(elsewhere);
    made::accepted(t, FOOD).await;
    t.settle().await;
    let sent = t.http.sent().pop().unwrap();
    assert_eq!(sent.url, elsewhere);
    assert!(is_signed(t, &sent, &second) && is_signed(t, &sent, &first), "both are good for a while");
    let done = acts(t, department.0).await;
    assert_eq!(done, ["exchange.endpoint", "exchange.endpoint", "exchange.endpoint"]);
    admin.post("/admin/departments/nonsense/endpoint/secret", &[]).await.is(404);
    let health = made::department(t, HEALTH);
    admin.post(&format!("/admin/departments/{health}/endpoint/secret"), &[]).await.is(404);
});

fn is_signed(t: &TestApp, sent: &cloudmart::outside::http::Sent, key: &[u8]) -> bool {
    let header = |name| sent.header(name).unwrap_or_default();
    let (id, at, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    webhook::verify(&[key], id, at, signature, &sent.body, t.clock.now()).is_ok()
}

both!(a_department_that_is_switched_off_is_sent_nothing, async |t| {
    made::endpoint(t, MARKET, URL).await;
    let admin = t.admin().await;
    let path = format!("/admin/departments/{}/endpoint", made::department(t, MARKET));
    admin.post(&path, &[("url", URL)]).await.ok();
    made::accepted(t, FOOD).await;
    t.settle().await;
    assert!(t.http.sent().is_empty());
    admin.get("/admin/exchange").await.ok().has("已停用");
    admin.post(&path, &[("url", URL), ("active", "1")]).await.ok();
    t.settle().await;
    assert_eq!(t.http.sent().len(), 1);
});

both!(jobs_and_mails_that_were_laid_aside_come_back_by_hand, async |t| {
    t.jobs_may_fail();
    let now = t.clock.now();
    let job = t
        .app
        .db
        .write(move |c| {
            jobs::enqueue(c, now, "print-test", &1, now, None)?;
            let job = jobs::lease(c, now, "print-test", 1, 30)?.remove(0);
            jobs::fail(c, &job, now, "the printer is off")?;
            jobs::schedule::claim(c, now, "sweep-test", 600)?;
            jobs::schedule::done(c, now, "sweep-test", 600, Some("no broom"))?;
            Ok(job.id)
        })
        .await
        .unwrap();
    // Submitting tells the applicant by mail; the server refuses it for good.
    made::submitted(t, HYGIENE).await;
    let ctx = t.system();
    let mail = t
        .app
        .db
        .write(move |c| {
            let mail = notifications::due_mails(c, &ctx, 1)?.pop();
            if let Some(mail) = &mail {
                notifications::mail_failed(c, &ctx, (mail.id, mail.attempt), "mail-refused", true)?;
            }
            Ok(mail)
        })
        .await
        .unwrap()
        .expect("the applicant has an address");
    let admin = t.admin().await;
    let page = admin.get("/admin/jobs").await;
    page.ok().has("print-test").has("the printer is off").has("sweep-test").has("no broom").has("mail-refused");
    let MailArgs { name, .. } = &mail.args;
    page.lacks(&mail.to).lacks(name);
    admin
        .submit(&page, &format!("/admin/jobs/{}", written(job)), &[])
        .await
        .ok()
        .has("任务已放回队列")
        .lacks("the printer is off");
    admin.submit(&page, &format!("/admin/jobs/{}", written(job)), &[]).await.is(404);
    admin.get("/admin/jobs?state=ready").await.ok().has("print-test");
    let again = format!("/admin/jobs/mails/{}", written(mail.id));
    admin.submit(&page, &again, &[]).await.ok().has("邮件已放回队列").has("没有未送出的邮件");
    admin.submit(&page, &again, &[]).await.is(404);
    let ctx = t.system();
    assert_eq!(t.app.db.write(move |c| notifications::due_mails(c, &ctx, 9)).await.unwrap().len(), 1);
    // The second try, at what was no longer there, stands there too.
    assert_eq!(acts(t, job.0).await, ["job.again", "access.refused"]);
    assert_eq!(acts(t, mail.id.0).await, ["mail.again", "access.refused"]);
});

both!(a_hall_is_changed_but_not_closed_over_its_cases, async |t| {
    let admin = t.admin().await;
    let page = admin.get("/admin/halls/H01").await;
    page.ok().has("云川市政务服务中心");
    let bad = admin.submit(&page, "/admin/halls/H01", &[("name_en", ""), ("phone", "call me")]).await;
    bad.is(422).has("call me").has("请填写电话").has("请填写名称（英文）").lacks("请填写名称（中文）");
    let changed = [("name_zh", "云川市民之家"), ("phone", "0980-8120001"), ("hours_zh", "周一至周五 8:30—17:30")];
    admin.submit(&page, "/admin/halls/H01", &changed).await.ok().at("/admin/halls").has("云川市民之家");
    t.anyone().get("/halls/H01").await.ok().has("云川市民之家").has("0980-8120001").has("8:30—17:30");

    // Degrees, not swapped, and read back as they are.
    let page = admin.get("/admin/halls/H01").await;
    page.has("value=\"22.9012\"").has("value=\"115.602\"");
    let swapped = admin.submit(&page, "/admin/halls/H01", &[("lat", "115.6"), ("lng", "east")]).await;
    swapped.is(422).has("经度填反了").has("value=\"115.6\"").has("value=\"east\"").has("经度是 -180 到 180");
    admin.submit(&page, "/admin/halls/H01", &[("lat", "nan"), ("lng", "1e1")]).await.is(422);
    admin.submit(&page, "/admin/halls/H01", &[("lat", "22.91"), ("lng", "115.61")]).await.ok();
    t.anyone().get(&format!("/items/{HYGIENE}")).await.ok().has("geo:22.91,115.61");

    made::submitted(t, HYGIENE).await;
    let page = admin.get("/admin/halls/H01").await;
    let closed = |page: &Seen| {
        let kept = ["name_zh", "name_en", "address_zh", "address_en", "hours_zh", "hours_en", "phone", "lat", "lng"];
        let value =
            |name: &str| page.between(&format!("name=\"{name}\""), "\">").rsplit("value=\"").next().unwrap().to_owned();
        kept.map(|name| (name, value(name)))
    };
    let fields = closed(&page);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    admin.post("/admin/halls/H01", &fields).await.is(422).has("本大厅还有没办完的办件");
    t.anyone().get("/halls/H01").await.ok();
    // Another hall has nothing to do.
    let page = admin.get("/admin/halls/H06").await;
    let fields = closed(&page);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    admin.post("/admin/halls/H06", &fields).await.ok().has("已关闭");
    t.anyone().get("/halls/H06").await.is(404);
    admin.get("/admin/halls/H06").await.ok();
    admin.get("/admin/halls/H99").await.is(404);
});

both!(a_grant_is_given_and_taken_back, async |t| {
    let case = made::submitted(t, HYGIENE).await;
    let admin = t.admin().await;
    let path = "/admin/halls/H01/grants";
    let page = admin.get(path).await;
    let item = case.item_id.to_string();
    page.ok().has(&format!("value=\"{item}.accept\" checked"));
    let all: Vec<String> = page
        .text
        .split("name=\"grant\" value=\"")
        .skip(1)
        .filter_map(|rest| {
            let (value, rest) = rest.split_once('"')?;
            rest.starts_with(" checked").then(|| value.to_owned())
        })
        .collect();
    let without: Vec<_> = all.iter().filter(|v| !v.starts_with(&item)).map(|v| ("grant", v.as_str())).collect();
    assert!(without.len() < all.len());
    admin.post(path, &without).await.is(422).has("本大厅还有这个事项没办完的办件");
    admin.get(path).await.ok().has(&format!("value=\"{item}.accept\" checked"));
    let fewer: Vec<_> =
        all.iter().filter(|v| **v != format!("{item}.hand_out")).map(|v| ("grant", v.as_str())).collect();
    admin.post(path, &fewer).await.ok().at("/admin/halls").has("授权已保存");
    let page = admin.get(path).await;
    page.ok().lacks(&format!("value=\"{item}.hand_out\" checked")).has(&format!("value=\"{item}.accept\" checked"));
    // A page that shows some items changes no others.
    let found = admin.get(&format!("{path}?q=公共场所")).await;
    found.ok().has(&format!("value=\"{item}.accept\" checked")).lacks("食品经营许可");
    let on = format!("{item}.accept");
    admin.post(path, &[("q", "公共场所"), ("grant", on.as_str())]).await.is(422).has("本大厅还有这个事项没办完的办件");
    let some = ["receive", "verify", "accept", "hand_out"].map(|f| format!("{item}.{f}"));
    let filtered: Vec<_> = some.iter().map(|v| ("grant", v.as_str())).chain([("q", "公共场所")]).collect();
    admin.post(path, &filtered).await.ok().has("授权已保存").has("公共场所").lacks("食品经营许可");
    let whole = admin.get(path).await;
    assert_eq!(whole.ok().text.matches("\" checked").count(), all.len());
    admin.get(&format!("{path}?q=没有的")).await.ok().has("没有找到这样的事项");
    let unknown = format!("{}.accept", cloudmart::kernel::Id::random());
    let with: Vec<_> = fewer.iter().copied().chain([("grant", unknown.as_str())]).collect();
    admin.post(path, &with).await.is(422);
    assert!(acts(t, hall(t).await).await.contains(&"hall.grant".to_owned()));
});

async fn hall(t: &TestApp) -> cloudmart::kernel::Id {
    t.app.db.read(|c| cloudmart::windows::hall_by_code(c, "H01")).await.unwrap().id.0
}

both!(operation_is_for_administrators_alone, async |t| {
    let market = made::department(t, MARKET);
    let endpoint = format!("/admin/departments/{market}/endpoint");
    let some = cloudmart::kernel::Id::random();
    let one = format!("/admin/exchange/{some}");
    let pages = [
        "/admin/exchange",
        "/admin/exchange/inbox",
        "/admin/jobs",
        "/admin/halls",
        "/admin/halls/H01",
        "/admin/halls/H01/grants",
        endpoint.as_str(),
        one.as_str(),
    ];
    let acts = [
        format!("{endpoint}/secret"),
        endpoint.clone(),
        format!("{one}/resend"),
        format!("/admin/jobs/{some}"),
        format!("/admin/jobs/mails/{some}"),
        "/admin/halls/H01".into(),
        "/admin/halls/H01/grants".into(),
    ];
    for who in
        [t.citizen("linyue").await, t.clerk().await, t.officer(HEALTH, Permission::Approve).await, t.supervisor().await]
    {
        for path in pages {
            who.get(path).await.is(403);
        }
        for path in &acts {
            who.post(path, &[("url", URL), ("active", "1")]).await.is(403);
        }
    }
    assert!(t.anyone().get("/admin/jobs").await.path.starts_with("/staff/login"));
    let admin = t.admin().await;
    admin.get(&one).await.is(404);
    admin.english().get("/admin/exchange").await.ok().has("There are no such messages");
});
