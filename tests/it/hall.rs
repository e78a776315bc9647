//! The window: the clerk's list and case page, the acts, what comes over the counter.

use cloudmart::cases::{self, Case, CaseId, NoticeDoc, NoticeKind, State};
use cloudmart::db::Conn;
use cloudmart::flows;
use diesel::RunQueryDsl;

use crate::harness::{Browser, Seen, TestApp};
use crate::story::{self, CARD, PDF};

fn of(case: &Case) -> String {
    format!("/hall/cases/{}", case.id)
}

/// The needed materials of the card, in their order.
fn needed(t: &TestApp) -> Vec<String> {
    let item = story::item(t, CARD.1);
    let relevant = item.elements.relevant("1", &story::answers(CARD));
    item.elements.materials.iter().filter(|m| relevant.needs(m)).map(|m| m.key.clone()).collect()
}

/// Fields that say this of all needed materials but those in `but`.
fn all_fit(t: &TestApp, but: &[&str]) -> Vec<(String, String)> {
    let keys = needed(t).into_iter().filter(|key| !but.contains(&key.as_str()));
    keys.map(|key| (format!("verdict.{key}"), "accepted".to_owned())).collect()
}

/// Presses a button of the case's page with these fields.
async fn press(who: &Browser, page: &Seen, case: &Case, act: &str, fields: &[(String, String)]) -> Seen {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    all.push(("act", act));
    who.submit(page, &of(case), &all).await
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

async fn now(t: &TestApp, id: CaseId) -> (Case, Vec<NoticeDoc>) {
    let ctx = t.system();
    let look = move |c: &mut Conn| {
        let case = cases::for_platform(c, &ctx, id)?;
        let notices = cases::notices(c, &ctx, &case)?.into_iter().map(|n| n.doc).collect();
        Ok((case, notices))
    };
    t.app.db.read(look).await.unwrap()
}

both!(a_case_goes_from_the_list_to_its_acceptance, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let list = clerk.get("/hall").await;
    list.ok().has(case.receipt()).has("待预审").has("剩 5 个工作日");
    let page = clerk.get(&list.link("/hall/cases/")).await;
    page.ok().has("黄").has("受理期限 2026-03-09").has("材料");
    let page = press(&clerk, &page, &case, "pre-accept", &all_fit(t, &[])).await;
    page.ok().at(&of(&case)).has("预审通过，可以受理");
    clerk.get("/hall").await.ok().lacks(case.receipt());
    clerk.get("/hall?tab=accept").await.ok().has(case.receipt());
    let notice = press(&clerk, &page, &case, "accept", &[]).await;
    notice.ok().has("受理通知书").has(case.receipt());
    assert!(notice.path.starts_with(&format!("{}/notices/", of(&case))), "{}", notice.path);
    let (case, notices) = now(t, case.id).await;
    assert_eq!((case.state, notices[0].kind), (State::Handling, NoticeKind::Acceptance));
    clerk.get(&of(&case)).await.ok().has("待承办").lacks("收件并受理");
});

both!(a_correction_names_all_defects_at_once, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    let mut fields = all_fit(t, &[&keys[0], &keys[1]]);
    for (key, reason) in [(&keys[0], "照片看不清"), (&keys[1], "缺少签名")] {
        fields.push(field(&format!("verdict.{key}"), "defect"));
        fields.push(field(&format!("reason.{key}"), reason));
    }
    fields.push(field("reason", "请一次补齐"));
    let sure = press(&clerk, &page, &case, "correct", &fields).await;
    sure.ok().has("照片看不清").has("缺少签名").has("请一次补齐").has("2026-03-16").lacks("还没有判定");
    assert_eq!(now(t, case.id).await.0.state, State::Submitted, "asked once more before it is done");
    clerk.submit(&sure, &of(&case), &[("back", "1")]).await.ok().has("照片看不清").has("请一次补齐");
    let page = clerk.submit(&sure, &of(&case), &[("sure", "1")]).await;
    page.ok().at(&of(&case)).has("已告知申请人补正").has("照片看不清");
    let (case, notices) = now(t, case.id).await;
    assert_eq!((case.state, notices.len()), (State::Correcting, 1));
    let reasons: Vec<_> = notices[0].defects.iter().map(|d| d.reason.as_str()).collect();
    assert_eq!((notices[0].kind, reasons), (NoticeKind::Correction, vec!["照片看不清", "缺少签名"]));
    clerk.get("/hall?tab=waiting").await.ok().has(case.receipt());
});

both!(a_correction_warns_of_what_nobody_looked_at, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    let nothing = press(&clerk, &page, &case, "correct", &all_fit(t, &[])).await;
    nothing.is(422).has("没有要补正的内容");
    let verdict = field(&format!("verdict.{}", keys[0]), "defect");
    let unsaid = press(&clerk, &page, &case, "correct", std::slice::from_ref(&verdict)).await;
    unsaid.is(422).has("请写明原因").has(&format!("id=\"reason.{}-error\"", keys[0]));
    let said = [verdict, field(&format!("reason.{}", keys[0]), "看不清")];
    press(&clerk, &page, &case, "correct", &said).await.ok().has("还没有判定");
});

both!(refusing_needs_a_reason_and_is_asked_once_more, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let page = clerk.get(&of(&case)).await;
    let bare = press(&clerk, &page, &case, "refuse", &[]).await;
    bare.is(422).has("请写明原因").has("id=\"reason-error\"");
    let reason = field("reason", "不属于本机关职权范围");
    let sure = press(&clerk, &page, &case, "refuse", &[reason]).await;
    sure.ok().has("不属于本机关职权范围").has("行政复议");
    assert_eq!(now(t, case.id).await.0.state, State::Submitted);
    clerk.submit(&sure, &of(&case), &[("sure", "1")]).await.ok().has("已作出不予受理决定");
    let (case, notices) = now(t, case.id).await;
    assert_eq!((case.state, notices[0].kind), (State::NotAccepted, NoticeKind::NotAccepted));
    assert_eq!(notices[0].reason, "不属于本机关职权范围");
});

both!(what_has_no_verdict_is_not_accepted, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    let page = press(&clerk, &page, &case, "accept", &all_fit(t, &[&keys[1]])).await;
    page.is(422).has("必要材料还没有判定").has(&format!("id=\"verdict.{}-error\"", keys[1]));
    page.lacks(&format!("id=\"verdict.{}-error\"", keys[0]));
    assert_eq!(now(t, case.id).await.0.state, State::Submitted);
    let rest = press(&clerk, &page, &case, "rest", &[]).await;
    let accepted = press(&clerk, rest.ok(), &case, "accept", &[]).await;
    assert!(accepted.path.contains("/notices/"), "what was chosen before stayed chosen: {}", accepted.path);
    assert_eq!(now(t, case.id).await.0.state, State::Handling);
});

both!(verdicts_are_kept, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    let found = [field(&format!("verdict.{}", keys[0]), "defect"), field(&format!("reason.{}", keys[0]), "已过期")];
    press(&clerk, &page, &case, "save", &found).await.ok().has("判定已保存").has("已过期");
    let page = clerk.get(&of(&case)).await;
    let other = all_fit(t, &[&keys[0]]);
    press(&clerk, &page, &case, "accept", &other).await.is(409).has("不能受理");
    let long = field(&format!("reason.{}", keys[0]), &"长".repeat(501));
    press(&clerk, &page, &case, "save", &[long]).await.is(422).has("最多 500 个字");
});

both!(the_second_of_two_clerks_is_told_and_loses_nothing, async |t| {
    let case = story::submitted(t, CARD).await;
    let (first, second) = (t.clerk().await, t.staff("clerk.h01.2").await);
    let (page, keys) = (first.get(&of(&case)).await, needed(t));
    let late = second.get(&of(&case)).await;
    late.ok().has("许静怡 正在办理本件");
    second.get("/hall").await.ok().has("许静怡");
    press(&first, &page, &case, "pre-accept", &all_fit(t, &[])).await.ok();
    let found = [field(&format!("verdict.{}", keys[0]), "defect"), field(&format!("reason.{}", keys[0]), "看不清")];
    let told = press(&second, &late, &case, "save", &found).await;
    told.is(409).has("本件已被办理").has("许静怡").has("预审通过").has("看不清");
    press(&second, &told, &case, "save", &[]).await.ok().has("判定已保存");
    let page = first.get(&of(&case)).await;
    press(&first, &page, &case, "accept", &all_fit(t, &[])).await.ok();
    let told = press(&second, &told, &case, "refuse", &[field("reason", "不在受理范围")]).await;
    told.is(409).has("许静怡").has("不在受理范围");
    assert_eq!(now(t, case.id).await.0.state, State::Handling);
});

both!(the_window_is_for_its_own_clerks, async |t| {
    let case = story::submitted(t, CARD).await;
    let other = t.staff("clerk.h02.1").await;
    other.get(&of(&case)).await.is(404);
    other.post(&of(&case), &[("act", "accept"), ("rev", "1")]).await.is(404);
    other.get(&format!("/hall?number={}", case.receipt())).await.is(404).has("本厅没有这个编号的办件");
    for who in [t.supervisor().await, t.citizen(CARD.0).await] {
        who.get("/hall").await.is(403);
        who.get(&of(&case)).await.is(403);
    }
    t.anyone().get("/hall").await.at("/staff/login");
    t.clerk().await.get("/hall/cases/none").await.is(404);
});

both!(a_case_is_found_by_its_number, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let list = clerk.get("/hall").await;
    let number = format!(" {}-{} ", &case.receipt()[..6], &case.receipt()[6..]);
    clerk.submit(&list, "/hall", &[("number", &number)]).await.ok().at(&of(&case));
    clerk.submit(&list, "/hall", &[("number", case.case_no.as_deref().unwrap())]).await.ok().at(&of(&case));
    clerk.submit(&list, "/hall", &[("number", "000000000000")]).await.is(404).has("000000000000");
});

both!(files_are_shown_to_the_hall_and_the_look_is_recorded, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let link = clerk.get(&of(&case)).await.link(&format!("{}/files/", of(&case)));
    let file = clerk.get(&link).await;
    assert_eq!((file.ok().bytes.as_slice(), file.header("content-type")), (PDF, Some("application/pdf")));
    t.staff("clerk.h02.1").await.get(&link).await.is(404);
    let looks = "SELECT count(*) AS n FROM aud_waiting WHERE action = 'case.look-file'";
    let n = t.app.db.read(move |c| Ok(diesel::sql_query(looks).get_result::<Count>(c)?.n)).await.unwrap();
    assert_eq!(n, 1);
});

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

both!(a_correction_is_answered_at_the_window, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let clerk = t.clerk().await;
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    page.ok().has("照片看不清").has("申请人到窗口补正").lacks("收件并受理");
    let (to, file) = (format!("{}/answer", of(&case)), format!("material.{}", keys[0]));
    clerk.submit(&page, &to, &[]).await.is(422).has("还没有补正任何内容");
    let chosen: [(&str, &str, &[u8]); 2] = [(&file, "新照片.pdf", PDF), (&file, "假.pdf", b"MZ\x90\x00 program")];
    let page = clerk.submit_files(&page, &to, &[("answer", "重拍了")], &chosen).await;
    page.is(422).has("不是能用的文件").has("新照片.pdf").has("重拍了");
    assert_eq!(now(t, case.id).await.0.state, State::Correcting, "nothing half-done");
    let page = clerk.submit(&page, &to, &[("paper", &keys[1])]).await;
    page.ok().at(&of(&case)).has("补正已收下").has("新照片.pdf").has("纸质件已收").has("判定后新交");
    clerk.get("/hall").await.ok().has("已补正");
    let fits = all_fit(t, &[]);
    press(&clerk, &page, &case, "accept", &fits).await;
    assert_eq!(now(t, case.id).await.0.state, State::Handling);
});

both!(a_ticket_is_good_for_its_clerk_alone, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let (clerk, other) = (t.clerk().await, t.staff("clerk.h01.2").await);
    let (page, keys) = (clerk.get(&of(&case)).await, needed(t));
    let (to, file) = (format!("{}/answer", of(&case)), format!("material.{}", keys[0]));
    let chosen: [(&str, &str, &[u8]); 2] = [(&file, "新照片.pdf", PDF), (&file, "空.pdf", b"")];
    let page = clerk.submit_files(&page, &to, &[], &chosen).await;
    let ticket = page.is(422).between("name=\"kept\" value=\"", "\"");
    let rev = page.between("name=\"rev\" value=\"", "\"");
    other.upload(&to, &[("rev", &rev), ("kept", &ticket)], &[]).await.is(422).has("请重新上传");
    clerk.upload(&to, &[("rev", &rev), ("kept", "x")], &[]).await.is(422).has("请重新上传");
    clerk.upload(&to, &[("rev", &rev), ("kept", &ticket)], &[]).await.ok().has("补正已收下");
});

both!(a_hall_without_the_grant_reads_only, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let page = clerk.get(&of(&case)).await;
    let drop = |c: &mut Conn| Ok(diesel::sql_query("DELETE FROM win_grant").execute(c)?);
    t.app.db.write(drop).await.unwrap();
    press(&clerk, &page, &case, "accept", &all_fit(t, &[])).await.is(403).has("没有这个事项的办理授权").has("授权");
    clerk.get(&of(&case)).await.ok().has("只能查看").lacks("收件并受理");
    assert_eq!(now(t, case.id).await.0.state, State::Submitted);
});

both!(a_step_bears_the_name_of_its_clerk, async |t| {
    let case = story::submitted(t, CARD).await;
    let clerk = t.clerk().await;
    let page = clerk.get(&of(&case)).await;
    press(&clerk, &page, &case, "accept", &all_fit(t, &[])).await;
    let ctx = story::person(t, CARD.0).await;
    let steps = story::act(t, &ctx, move |c, ctx, _: &flows::Books| {
        let case = cases::mine(c, ctx, case.id)?;
        cases::timeline(c, &case)
    });
    let by: Vec<_> = steps.await.into_iter().map(|s| (s.event.code(), s.actor_name)).collect();
    assert!(by.contains(&("accept", "许静怡".to_owned())), "{by:?}");
});

/// The card's form as somebody at the window says it.
const CARD_ANSWERS: [(&str, &str); 11] = [
    ("applicant.name", "黄淑珍"),
    ("applicant.phone", "13800138106"),
    ("applicant.address", "云川市兰渚区望江街道临江巷15号"),
    ("form.gender", "2"),
    ("form.birth_date", "1958-02-27"),
    ("form.household_address", "云川市兰渚区望江街道临江巷15号"),
    ("form.residence_kind", "1"),
    ("form.issue_kind", "1"),
    ("form.emergency_contact", "陈小妹"),
    ("form.emergency_phone", "13800138222"),
    ("form.delivery", "1"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_replaced = |name: &str| more.iter().any(|(n, _)| *n == name);
    CARD_ANSWERS.iter().filter(|(n, _)| !is_replaced(n)).chain(more).copied().collect()
}

/// An identity number of somebody without an account.
fn number() -> String {
    let day = "2026-03-02".parse().unwrap();
    let with = |last: char| format!("98010219580227002{last}");
    let all = "0123456789X".chars().map(with);
    all.filter_map(|n| cloudmart::kernel::numbers::resident_id(&n, day).ok()).next().unwrap()
}

both!(a_clerk_declares_for_somebody_who_came_in, async |t| {
    let clerk = t.clerk().await;
    let list = clerk.get("/hall/declare").await;
    list.ok().has("老年人优待证");
    let found = clerk.submit(&list, "/hall/declare", &[("q", "老年人优待")]).await;
    let to = found.link(&format!("/hall/declare/{}", CARD.1));
    let page = clerk.get(&to).await;
    let (keys, number) = (needed(t), number());
    let scan = format!("material.{}", keys[0]);
    let fields = with(&[("applicant.id_number", &number), ("paper", &keys[1])]);
    let receipt = clerk.submit_files(page.ok(), &to, &fields, &[(&scan, "身份证.pdf", PDF)]).await;
    receipt.ok().has("收件回执").has("黄淑珍").has("查询码").has("扫描件 1 个").has("纸质件已收");
    receipt.has("申报已提交").has("市民大道1号").has("/progress").has("data:image/svg+xml");
    let receipt_no = receipt.between("<dd class=\"num\"><b>", "</b>");
    let code = receipt.between("<code class=\"code\"><b>", "</b>");
    let case = of_number(t, &receipt_no, &code).await;
    assert_eq!((case.state, case.channel), (State::Submitted, cases::Channel::Window));
    t.staff("clerk.h02.1").await.get(&receipt.path).await.is(404);
    let again = clerk.submit_files(&page, &to, &fields, &[(&scan, "身份证.pdf", PDF)]).await;
    again.ok().has(&receipt_no);
    assert_eq!(again.path, receipt.path, "two clicks make one case");
    let page = clerk.get(&of(&case)).await;
    press(&clerk, &page, &case, "accept", &all_fit(t, &[])).await.ok().has("受理通知书");
});

async fn of_number(t: &TestApp, receipt_no: &str, code: &str) -> Case {
    let (ctx, number, code) = (t.system(), receipt_no.to_owned(), code.to_owned());
    t.app.db.read(move |c| cases::by_number(c, &ctx, &number, &code)).await.unwrap()
}

both!(what_is_wrong_at_the_window_comes_back_with_all_that_was_typed, async |t| {
    let clerk = t.clerk().await;
    let to = format!("/hall/declare/{}", CARD.1);
    let page = clerk.get(&to).await;
    let (keys, right) = (needed(t), number());
    let last = if right.ends_with('1') { "2" } else { "1" };
    let wrong = format!("{}{last}", &right[..17]);
    let scan = format!("material.{}", keys[0]);
    let fields =
        with(&[("applicant.id_number", &wrong), ("applicant.agent_name", "陈小妹"), ("form.emergency_phone", "12")]);
    let chosen: [(&str, &str, &[u8]); 2] = [(&scan, "身份证.pdf", PDF), (&scan, "假.pdf", b"MZ\x90\x00 program")];
    let page = clerk.submit_files(&page, &to, &fields, &chosen).await;
    page.is(422).has("最后一位与前面对不上").has(&wrong).has("黄淑珍").has("不是能用的文件").has("身份证.pdf");
    page.has("id=\"applicant.agent_id_number-error\"").has("id=\"form.emergency_phone-error\"");
    page.has(&format!("id=\"material.{}-error\"", keys[1])).has("请勾选“收到纸质件”");
    let fields = [
        ("applicant.id_number", right.as_str()),
        ("applicant.agent_name", ""),
        ("form.emergency_phone", "13800138222"),
        ("paper", &keys[1]),
    ];
    let receipt = clerk.submit(&page, &to, &fields).await;
    receipt.ok().has("收件回执").has("扫描件 1 个");
});

both!(a_hall_declares_only_what_it_was_granted, async |t| {
    let clerk = t.clerk().await;
    let to = format!("/hall/declare/{}", CARD.1);
    let page = clerk.get(&to).await;
    let drop = |c: &mut Conn| Ok(diesel::sql_query("DELETE FROM win_grant").execute(c)?);
    t.app.db.write(drop).await.unwrap();
    clerk.submit(&page, &to, &CARD_ANSWERS).await.is(403).has("没有这个事项的办理授权");
    clerk.get(&to).await.is(403).has("没有这个事项的办理授权");
    clerk.get("/hall/declare").await.ok().has("没有找到");
    clerk.get("/hall/declare/none").await.is(404);
    t.supervisor().await.get("/hall/declare").await.is(403);
});
