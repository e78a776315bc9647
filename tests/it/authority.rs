//! Who may do what: three kinds of administrator apart, rights given by one and confirmed by another, taken at once.

use cloudmart::audit;
use cloudmart::identity::grants::{self, GrantDraft};
use cloudmart::identity::requests::{self, Answer, Given};
use cloudmart::identity::roles::{self, RoleDraft};
use cloudmart::identity::{RequestId, StaffId};
use cloudmart::kernel::{Ctx, Error, Permission, Result, Text};

use super::harness::TestApp;
use super::made;

const ONE: &str = "security.1";
const TWO: &str = "security.2";
const CLERK: &str = "clerk.h01.1";

async fn give(t: &TestApp, by: &str, to: &str, change: impl Fn(&mut GrantDraft)) -> Result<Given> {
    let (ctx, id) = (made::as_staff(t, by).await, t.staff_id(to).await);
    let look = ctx.clone();
    let member = t.app.db.read(move |c| grants::member(c, &look, id)).await.unwrap();
    let mut draft = GrantDraft::of(&member);
    change(&mut draft);
    t.app.db.write(move |c| grants::give(c, &ctx, id, &draft, "工作需要")).await
}

fn to(role: &str) -> impl Fn(&mut GrantDraft) {
    move |draft| *draft = GrantDraft { roles: vec![(role.to_owned(), None)], ..GrantDraft::default() }
}

async fn answer(t: &TestApp, by: &str, id: RequestId, answer: Answer) -> Result<()> {
    let ctx = made::as_staff(t, by).await;
    t.app.db.write(move |c| requests::answer(c, &ctx, id, answer)).await
}

async fn permissions(t: &TestApp, login: &str) -> Vec<&'static str> {
    let (ctx, id): (Ctx, StaffId) = (t.system(), t.staff_id(login).await);
    let (_, whys) = t.app.db.read(move |c| grants::explain(c, &ctx, id)).await.unwrap();
    whys.into_iter().filter(|w| w.kept_by.is_empty()).map(|w| w.permission.code()).collect()
}

fn code(result: Result<impl std::fmt::Debug>) -> &'static str {
    result.unwrap_err().code()
}

fn field_codes(error: &Error) -> Vec<&'static str> {
    error.field_errors().iter().map(|f| f.code).collect()
}

both!(a_right_that_was_taken_is_gone_at_the_next_request, async |t| {
    let clerk = t.clerk().await;
    clerk.get("/hall").await.ok();
    // The role goes, and the session with it.
    assert_eq!(give(t, ONE, CLERK, |d| d.roles.clear()).await.unwrap(), Given::Done);
    let seen = clerk.get_once("/hall").await;
    assert_eq!((seen.status, seen.header("location").is_some_and(|l| l.starts_with("/staff/login"))), (303, true));
    let again = t.clerk().await;
    again.get("/hall").await.is(403);
    again.get("/work/rights").await.ok().has("还没有任何权限");
    give(t, ONE, CLERK, |d| d.roles.push(("clerk".into(), None))).await.unwrap();
    t.clerk().await.get("/hall").await.ok();
    let id = t.staff_id(CLERK).await;
    let acts = t.app.db.read(move |c| audit::of_object(c, id.0)).await.unwrap();
    assert_eq!(acts.iter().filter(|e| e.action == "staff.grant").count(), 2);
});

both!(what_a_role_allows_counts_at_once_and_its_term_ends_by_itself, async |t| {
    // No new login: the sessions that are there read what holds.
    let today = t.app.clock.now().day();
    give(t, ONE, "supervisor", |d| d.roles[0].1 = Some(today)).await.unwrap();
    let supervisor = t.supervisor().await;
    supervisor.get("/supervise").await.ok();
    t.clock.advance_secs(86_400);
    t.supervisor().await.get("/supervise").await.is(403);
    assert!(permissions(t, "supervisor").await.is_empty());
    let rights = t.supervisor().await.get("/work/rights").await;
    rights.ok().has("已到期");
});

both!(an_administrators_rights_take_two, async |t| {
    let Given::Asked(id) = give(t, ONE, CLERK, to("admin")).await.unwrap() else { panic!("done by one") };
    assert_eq!(permissions(t, CLERK).await, ["window"], "nothing has happened yet");
    assert_eq!(code(give(t, TWO, CLERK, to("auditor")).await), "request-open");
    assert_eq!(code(answer(t, ONE, id, Answer::Confirm).await), "request-own");
    assert_eq!(code(answer(t, ONE, id, Answer::Refuse).await), "request-own");
    assert_eq!(code(answer(t, TWO, id, Answer::Withdraw).await), "request-others");
    let admin = made::as_staff(t, "admin").await;
    let by_admin = t.app.db.write(move |c| requests::answer(c, &admin, id, Answer::Confirm)).await;
    assert_eq!(code(by_admin), "forbidden");
    let clerk = t.clerk().await;
    answer(t, TWO, id, Answer::Confirm).await.unwrap();
    assert_eq!(permissions(t, CLERK).await, ["accounts", "offices", "operate"]);
    assert_eq!(clerk.get_once("/admin").await.status, 303, "the old session has ended");
    assert_eq!(code(answer(t, TWO, id, Answer::Confirm).await), "request-decided");
    // Taking it back takes two as well.
    let Given::Asked(back) = give(t, TWO, CLERK, |d| d.roles.clear()).await.unwrap() else { panic!("done by one") };
    answer(t, ONE, back, Answer::Refuse).await.unwrap();
    assert_eq!(permissions(t, CLERK).await, ["accounts", "offices", "operate"]);
});

both!(two_confirm_at_once_and_it_is_done_once, async |t| {
    let id = made::asked(t).await;
    let (one, two) = (made::as_staff(t, TWO).await, made::as_staff(t, TWO).await);
    let (a, b) = tokio::join!(
        t.app.db.write(move |c| requests::answer(c, &one, id, Answer::Confirm)),
        t.app.db.write(move |c| requests::answer(c, &two, id, Answer::Confirm)),
    );
    assert_eq!([&a, &b].iter().filter(|r| r.is_ok()).count(), 1, "{a:?} {b:?}");
    assert_eq!([a, b].into_iter().find_map(Result::err).unwrap().code(), "request-decided");
});

both!(a_request_lapses_and_what_has_changed_since_is_looked_at_again, async |t| {
    let id = made::asked(t).await;
    t.clock.advance_secs(4 * 86_400);
    assert_eq!(code(answer(t, TWO, id, Answer::Confirm).await), "request-lapsed");
    // A lapsed one makes room for another.
    let id = made::asked(t).await;
    // Who asked has lost the right meanwhile, the request stands; whom it is about may not confirm it.
    answer(t, TWO, id, Answer::Confirm).await.unwrap();
    assert_eq!(permissions(t, "clerk.h02.1").await, ["authorise"]);
    let own = give(t, TWO, ONE, to("auditor")).await.unwrap();
    let Given::Asked(own) = own else { panic!("{own:?}") };
    let me = made::as_staff(t, ONE).await;
    assert_eq!(code(t.app.db.write(move |c| requests::answer(c, &me, own, Answer::Confirm)).await), "request-own");
    answer(t, "clerk.h02.1", own, Answer::Confirm).await.unwrap();
    assert_eq!(permissions(t, ONE).await, ["audit"]);
});

both!(nobody_holds_two_realms_nor_changes_their_own, async |t| {
    assert_eq!(code(give(t, ONE, ONE, |d| d.roles.clear()).await), "own-roles");
    let mixed = give(t, ONE, "admin", |d| d.roles.push(("auditor".into(), None))).await.unwrap_err();
    assert_eq!(field_codes(&mixed), ["roles-mixed"]);
    let placed = give(t, ONE, CLERK, |d| d.roles = vec![("admin".into(), None)]).await.unwrap_err();
    assert_eq!(field_codes(&placed), ["administrator-placed"]);
    // Who makes accounts gives no rights, and who gives rights makes no accounts.
    let admin = t.admin().await;
    for path in ["/security/staff", "/security/roles", "/security/requests"] {
        admin.get(path).await.is(403);
    }
    let security = t.staff(ONE).await;
    for path in ["/admin/staff", "/admin/halls", "/admin/exchange", "/hall", "/desk", "/supervise", "/catalogue"] {
        security.get(path).await.is(403);
    }
    let auditor = t.staff("auditor").await;
    for path in ["/admin/staff", "/security/staff", "/supervise"] {
        auditor.get(path).await.is(403);
    }
});

fn lead() -> RoleDraft {
    RoleDraft {
        code: "window-lead".into(),
        name: Text::new("窗口组长", "Window lead"),
        note: Text::default(),
        permissions: vec![Permission::Window, Permission::Supervise],
    }
}

both!(a_role_of_ones_own_is_defined_given_changed_by_two_and_removed, async |t| {
    let write = async |by: &str, act: fn(&mut cloudmart::db::Conn, &Ctx) -> Result<Given>| {
        let ctx = made::as_staff(t, by).await;
        t.app.db.write(move |c| act(c, &ctx)).await
    };
    write(ONE, |c, ctx| roles::define(c, ctx, lead()).map(|()| Given::Done)).await.unwrap();
    let again = write(ONE, |c, ctx| roles::define(c, ctx, lead()).map(|()| Given::Done)).await.unwrap_err();
    assert_eq!(field_codes(&again), ["role-taken"]);
    give(t, ONE, CLERK, |d| d.roles = vec![("window-lead".into(), None)]).await.unwrap();
    let clerk = t.clerk().await;
    clerk.get("/hall").await.ok();
    clerk.get("/supervise").await.ok();
    let held = write(ONE, |c, ctx| roles::remove(c, ctx, "window-lead").map(|()| Given::Done)).await;
    assert_eq!(code(held), "role-held");
    let narrower = |c: &mut cloudmart::db::Conn, ctx: &Ctx| {
        roles::change(c, ctx, RoleDraft { permissions: vec![Permission::Window], ..lead() }, "只办窗口")
    };
    let Given::Asked(id) = write(ONE, narrower).await.unwrap() else { panic!("changed by one") };
    clerk.get("/supervise").await.ok();
    answer(t, TWO, id, Answer::Confirm).await.unwrap();
    clerk.get("/supervise").await.is(403);
    clerk.get("/hall").await.ok();
    let other_realm = |c: &mut cloudmart::db::Conn, ctx: &Ctx| {
        roles::change(c, ctx, RoleDraft { permissions: vec![Permission::Audit], ..lead() }, "x")
    };
    assert_eq!(field_codes(&write(ONE, other_realm).await.unwrap_err()), ["role-realm"]);
    let built_in = |c: &mut cloudmart::db::Conn, ctx: &Ctx| {
        roles::change(c, ctx, RoleDraft { code: "clerk".into(), ..lead() }, "x")
    };
    assert_eq!(code(write(ONE, built_in).await), "role-built-in");
    give(t, ONE, CLERK, |d| d.roles = vec![("clerk".into(), None)]).await.unwrap();
    write(ONE, |c, ctx| roles::remove(c, ctx, "window-lead").map(|()| Given::Done)).await.unwrap();
});

both!(on_pages_one_asks_and_another_confirms, async |t| {
    let (one, two) = (t.staff(ONE).await, t.staff(TWO).await);
    let id = t.staff_id("clerk.h02.1").await;
    let at = format!("/security/staff/{id}");
    one.get("/security/staff?q=clerk.h02").await.ok().has("冯雅婷").has("窗口人员");
    let page = one.get(&at).await;
    page.ok().has("窗口受理").has("系统初始授予").has("能用");
    // Nothing chosen for the window clerk's hall: the field says so, and what was ticked stays ticked.
    one.submit(&page, "/security/staff/", &[("hall", "")])
        .await
        .is(422)
        .has("窗口人员必选")
        .has("value=\"clerk\" checked");
    let bad = one.submit(&page, "/security/staff/", &[("until-clerk", "明天")]).await;
    bad.is(422).has("年-月-日");
    // An administrator's role needs a reason, and then a second person.
    let changed = |reason: &'static str| vec![("roles", "admin"), ("hall", ""), ("reason", reason)];
    let unsaid = one.submit(&page, "/security/staff/", &changed("")).await;
    unsaid.is(422).has("请填写理由");
    let asked = one.submit(&page, "/security/staff/", &changed("接任平台管理")).await;
    asked.ok().has("已提交复核").has("接任平台管理").has("这是您提出的");
    one.get(&at).await.ok().has("正在等待另一位安全管理员复核");
    let waiting = two.get("/security/requests").await;
    waiting.ok().has("冯雅婷").has("系统管理员").has("确认生效");
    let (ctx, all) = (made::as_staff(t, TWO).await, async |ctx: Ctx| {
        t.app.db.read(move |c| requests::requests(c, &ctx)).await.unwrap()
    });
    let request = all(ctx).await.remove(0).id;
    let done = two.submit(&waiting, "/security/requests/", &[("do", "confirm")]).await;
    done.ok().has("已确认，变更已生效");
    assert_eq!(permissions(t, "clerk.h02.1").await, ["accounts", "offices", "operate"]);
    let again = one.post(&format!("/security/requests/{request}"), &[("do", "withdraw")]).await;
    again.is(409).has("已经处理过了");
});

both!(an_account_may_do_nothing_until_it_is_given_rights, async |t| {
    let admin = t.admin().await;
    let page = admin.get("/admin/staff/new").await;
    page.ok().has("新账号授权前不能做任何事");
    admin.submit(&page, "/admin/staff", &[("login", "new.one"), ("name", "新来的")]).await.ok().has("账号已建好");
    t.staff(ONE).await.get("/security/staff?bare=1").await.ok().has("新来的").has("未授权").lacks("冯雅婷");
});
