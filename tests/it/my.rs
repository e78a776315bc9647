//! A citizen's cases after handing in, notices for everybody, and the progress page.

use cloudmart::cases::{self, CaseId, Decision, NoticeId};
use cloudmart::db::Conn;
use cloudmart::kernel::Text;
use cloudmart::notifications::{self, News, Tell};

use super::harness::{Seen, TestApp};
use super::story::{self, CARD, LICENCE};

/// What an officer writes for colleagues alone.
const INNER: &str = "内部意见：经电话核实";

both!(a_list_shows_my_cases_and_nobody_elses, async |t| {
    let case = story::submitted(t, CARD).await;
    let draft = story::draft(t, CARD).await;
    let owner = t.citizen(CARD.0).await;
    let list = owner.get("/my").await;
    list.ok().has("老年人优待证").has(case.receipt()).has("待预审").has("2026-03-09");
    list.link(&format!("/my/cases/{}", case.id));
    list.link(&format!("/declare/drafts/{}", draft.id));
    owner.english().get("/my").await.ok().has("Submitted").has("Draft");
    t.citizen("linyue").await.get("/my").await.ok().has("还没有办件").lacks(case.receipt());
    t.anyone().get("/my").await.ok().at("/login");
    t.clerk().await.get("/my").await.is(403);
});

both!(a_long_list_goes_on_after_its_last_row, async |t| {
    let mut all = vec![];
    for _ in 0..23 {
        all.push(story::submitted(t, CARD).await);
        t.advance(1);
    }
    let owner = t.citizen(CARD.0).await;
    let first = owner.get("/my").await;
    let second = owner.get(&first.link("/my?after=")).await;
    let on = |page: &Seen, from: usize, to: usize| {
        for (at, case) in all.iter().rev().enumerate() {
            let is_there = page.text.contains(case.receipt());
            assert_eq!(is_there, (from..to).contains(&at), "row {at}");
        }
    };
    on(first.ok(), 0, 20);
    on(second.ok(), 20, 23);
    assert!(!second.text.contains("/my?after="));
    owner.get("/my?after=nonsense").await.ok().has(all[22].receipt());
});

both!(a_case_says_how_it_stands_and_what_was_declared, async |t| {
    let case = story::submitted(t, CARD).await;
    let owner = t.citizen(CARD.0).await;
    let page = owner.get(&format!("/my/cases/{}", case.id)).await;
    page.ok().has("已提交，等待预审").has("2026-03-09").has("剩 5 个工作日").has("黄宇轩").has("撤回申报");
    page.has(&story::query_code(t, case.id).await).has(&case.case_no.clone().unwrap());
    let file = page.link(&format!("/my/cases/{}/files/", case.id));
    assert_eq!(owner.get(&file).await.ok().bytes, story::PDF);
    let number = "980102195802271629";
    page.lacks(number);
    owner.get(&format!("/my/cases/{}/declaration", case.id)).await.ok().has(number).has("申请人承诺");
    let draft = story::draft(t, LICENCE).await;
    let other = t.citizen(LICENCE.0).await;
    let to = other.get_once(&format!("/my/cases/{}", draft.id)).await;
    assert_eq!(to.header("location"), Some(format!("/declare/drafts/{}", draft.id).as_str()));
});

both!(somebody_elses_case_is_not_there, async |t| {
    let (case, notice) = story::accepted(t, CARD).await;
    let owner = t.citizen(CARD.0).await;
    let page = owner.get(&format!("/my/cases/{}", case.id)).await;
    let file = page.link(&format!("/my/cases/{}/files/", case.id));
    let other = t.citizen("linyue").await;
    let base = format!("/my/cases/{}", case.id);
    for path in [
        base.clone(),
        format!("{base}/declaration"),
        format!("{base}/withdraw"),
        format!("{base}/notices/{notice}"),
        file.clone(),
        format!("{base}x"),
    ] {
        other.get(&path).await.is(404).lacks(case.receipt());
    }
    other.post(&format!("{base}/withdraw"), &[("reason", "x")]).await.is(404);
    // The file of one case is not reached through another of one's own.
    let own = story::submitted(t, LICENCE).await;
    let id = file.rsplit('/').next().unwrap();
    t.citizen(LICENCE.0).await.get(&format!("/my/cases/{}/files/{id}", own.id)).await.is(404);
});

both!(what_is_inner_to_an_office_is_never_shown, async |t| {
    let (case, _) = story::decided(t, LICENCE, Decision::Refused, "普通话等级不够", INNER).await;
    let owner = t.citizen(LICENCE.0).await;
    let page = owner.get(&format!("/my/cases/{}", case.id)).await;
    page.ok().has("作出决定：不予").has("普通话等级不够").has("市教育局").lacks(INNER);
    for name in ["许静怡", "邓书涵", "袁立群", "傅雪梅"] {
        page.lacks(name);
    }
    let code = story::query_code(t, case.id).await;
    let found = t.anyone().post("/progress", &[("no", case.receipt()), ("code", &code)]).await;
    found.ok().has("已办结：不予").has("作出决定：不予").lacks(INNER).lacks("普通话等级不够").lacks("许静怡");
    found.lacks("何子墨");
});

both!(messages_are_counted_until_they_are_read, async |t| {
    story::accepted(t, CARD).await;
    let owner = t.citizen(CARD.0).await;
    owner.get("/").await.ok().has("count--bad\">2<");
    owner.get("/my/messages").await.ok().has("申报已提交").has("申请已受理").has("新");
    owner.get("/my/messages").await.ok().has("申请已受理").lacks("tag--info\">新");
    owner.get("/").await.ok().lacks("count--bad");
    t.citizen("linyue").await.get("/my/messages").await.ok().has("还没有消息");
});

both!(only_messages_that_were_shown_count_as_read, async |t| {
    let (case, person) = (story::submitted(t, CARD).await, t.person(CARD.0).await);
    let ctx = t.system();
    let news = Tell {
        person,
        case_id: case.id.0,
        news: News::Accepted,
        item: Text::new("老年人优待证", "Senior citizen card"),
        receipt_no: case.receipt().to_owned(),
        mail: None,
        name: String::new(),
        due_on: String::new(),
        reason: String::new(),
    };
    let tell = move |c: &mut Conn| (0..24).try_for_each(|_| notifications::tell(c, &ctx, &news));
    t.app.db.write(tell).await.unwrap();
    let owner = t.citizen(CARD.0).await;
    let first = owner.get("/my/messages").await;
    first.ok().has("count--bad\">25<");
    owner.get("/").await.ok().has("count--bad\">5<");
    owner.get(&first.link("/my/messages?after=")).await.ok().has("tag--info\">新");
    owner.get("/").await.ok().lacks("count--bad");
});

both!(a_case_is_withdrawn_after_a_question, async |t| {
    let case = story::submitted(t, CARD).await;
    let owner = t.citizen(CARD.0).await;
    let path = format!("/my/cases/{}/withdraw", case.id);
    let asked = owner.get(&path).await;
    asked.ok().has("确定撤回这件申报");
    let long = "长".repeat(501);
    let again = owner.submit(&asked, &path, &[("reason", &long)]).await;
    again.is(422).has("最多 500 个字").has(&long);
    let done = owner.submit(&again, &path, &[("reason", "改日再办")]).await;
    done.ok().at(&format!("/my/cases/{}", case.id)).has("申报已撤回").has("您已撤回").has("改日再办");
    done.lacks(&path);
    // A second tab still has the question.
    owner.submit(&asked, &path, &[("reason", "再撤一次")]).await.is(409).has("没有撤回").has("您已撤回");
    owner.get(&path).await.is(409).has("没有撤回");
    t.settle().await;
    let subjects: Vec<_> = t.mailer.sent().into_iter().map(|m| m.subject).collect();
    assert!(subjects.iter().any(|s| s.starts_with("申报已撤回")), "{subjects:?}");
});

both!(a_decided_case_cannot_be_withdrawn, async |t| {
    let (case, _) = story::decided(t, CARD, Decision::Granted, "", "同意").await;
    let owner = t.citizen(CARD.0).await;
    let path = format!("/my/cases/{}/withdraw", case.id);
    owner.get(&format!("/my/cases/{}", case.id)).await.ok().has("已办结：准予").lacks(&path);
    owner.post(&path, &[("reason", "x")]).await.is(409).has("没有撤回").has("已办结：准予");
});

both!(a_result_is_downloaded_by_its_owner, async |t| {
    let (case, _) = story::decided(t, CARD, Decision::Granted, "", "同意").await;
    let bytes: &[u8] = b"%PDF-1.7\nthe card\n%%EOF\n";
    let file = story::stored(t, "result", "老年人优待证.pdf", bytes).await;
    let (ctx, id) = (t.system(), case.id);
    let add = move |c: &mut Conn| {
        let case = cases::for_platform(c, &ctx, id)?;
        cases::add_result(c, &ctx, &case, &file)
    };
    let result = t.app.db.write(add).await.unwrap();
    let owner = t.citizen(CARD.0).await;
    let page = owner.get(&format!("/my/cases/{}", case.id)).await;
    page.ok().has("老年人优待证.pdf").has("结果文件和决定书可以在下面下载");
    let path = page.link(&format!("/my/cases/{}/files/{result}", case.id));
    let got = owner.get(&path).await;
    assert_eq!(got.ok().bytes, bytes);
    assert_eq!(got.header("content-type"), Some("application/pdf"));
    t.citizen("linyue").await.get(&path).await.is(404);
    t.anyone().get(&path).await.ok().at("/login");
});

// Corrections

both!(a_correction_is_answered_with_a_file, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "请重拍").await;
    let owner = t.citizen(CARD.0).await;
    let list = owner.get("/my").await;
    list.ok().has("有 1 件等您补正").has("2026-03-16").has("/correction\">老年人优待证");
    let path = list.link(&format!("/my/cases/{}/correction", case.id));
    owner.get(&format!("/my/cases/{}", case.id)).await.ok().has("请您补正材料").has("照片看不清").has(&path);
    let page = owner.get(&path).await;
    page.ok().has("照片看不清").has("请重拍");
    let nothing = owner.submit(&page, &path, &[("act", "send")]).await;
    nothing.is(422).has("还没有补正任何内容");
    let file: (&str, &str, &[u8]) = ("material.id_card", "新的身份证.pdf", story::PDF);
    let done = owner.submit_files(&page, &path, &[("act", "send"), ("answer", "已重拍 <清楚>")], &[file]).await;
    done.ok().at(&format!("/my/cases/{}", case.id)).has("补正已提交").has("已提交，等待预审").has("新的身份证.pdf");
    done.has("已重拍 <清楚>").has("提交补正");
    // The second click finds it handed in; an old tab is told.
    owner.submit(&page, &path, &[("act", "send"), ("answer", "再来")]).await.is(409).has("现在不等待补正");
    owner.get(&path).await.ok().at(&format!("/my/cases/{}", case.id));
});

both!(refused_files_come_back_at_their_material_and_the_others_stay, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let owner = t.citizen(CARD.0).await;
    let path = format!("/my/cases/{}/correction", case.id);
    let page = owner.get(&path).await;
    let files: [(&str, &str, &[u8]); 4] = [
        ("material.id_card", "好的.pdf", story::PDF),
        ("material.id_card", "空的.pdf", b""),
        ("material.photo", "假的.jpg", story::PDF),
        ("material.photo", "程序.pdf", b"MZ\x90\x00\x03"),
    ];
    let again = owner.submit_files(&page, &path, &[("act", "send"), ("answer", "我的说明")], &files).await;
    again.is(422).has("文件是空的").has("与文件名后缀不一致").has("不是能用的文件").has("我的说明").has("好的.pdf");
    // What was good is there once, however often it is sent, and can be taken out again.
    let twice = owner.submit_files(&again, &path, &[("act", "keep")], &files[..1]).await;
    twice.ok().has("我的说明");
    assert_eq!(twice.text.matches(">好的.pdf<").count(), 1);
    let id = twice.between("name=\"drop\" value=\"", "\"");
    t.clerk().await.get(&format!("/my/cases/{}/files/{id}", case.id)).await.is(403);
    let out = owner.submit(&twice, &path, &[("drop", &id)]).await;
    out.ok().lacks("好的.pdf").has("我的说明");
    owner.get(&format!("/my/cases/{}/files/{id}", case.id)).await.is(404);
});

both!(a_correction_may_change_the_form, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let owner = t.citizen(CARD.0).await;
    let path = format!("/my/cases/{}/correction", case.id);
    let page = owner.get(&path).await;
    let wrong = owner.submit(&page, &path, &[("act", "send"), ("form.emergency_phone", "123")]).await;
    wrong.is(422).has("value=\"123\"");
    assert!(wrong.text.contains("id=\"form\" open"), "the form is shown where something in it is wrong");
    let done = owner.submit(&wrong, &path, &[("act", "send"), ("form.emergency_phone", "13900001599")]).await;
    done.ok().at(&format!("/my/cases/{}", case.id)).has("13900001599").lacks("13900001503");
});

both!(somebody_elses_correction_is_not_there, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let other = t.citizen("linyue").await;
    let path = format!("/my/cases/{}/correction", case.id);
    other.get(&path).await.is(404);
    let token = other.token().await;
    let edge = "x";
    let body = format!(
        "--{edge}\r\ncontent-disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n--{edge}\r\n\
         content-disposition: form-data; name=\"answer\"\r\n\r\nx\r\n--{edge}--\r\n"
    );
    let post = other.request(reqwest::Method::POST, &path).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(post.body(body).send().await.unwrap().status().as_u16(), 404);
});

both!(a_correction_that_comes_too_late_is_told, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "").await;
    let owner = t.citizen(CARD.0).await;
    let path = format!("/my/cases/{}/correction", case.id);
    t.at("2026-03-16 23:00");
    t.settle().await;
    let owner_again = t.citizen(CARD.0).await;
    let page = owner_again.get(&path).await;
    page.ok().has("今天到期");
    t.at("2026-03-17 09:00");
    t.settle().await;
    drop((owner, owner_again));
    let owner = t.citizen(CARD.0).await;
    owner.get(&path).await.ok().at(&format!("/my/cases/{}", case.id)).has("视为放弃");
});

// The progress page

both!(the_progress_is_for_who_has_number_and_code, async |t| {
    let (case, _) = story::correcting(t, CARD, "照片看不清", "请带原件").await;
    let code = story::query_code(t, case.id).await;
    let visitor = t.anyone();
    let asked = visitor.get("/progress").await;
    let form = [("no", case.receipt()), ("code", code.as_str())];
    let found = visitor.submit(&asked, "/progress", &form).await;
    found.ok().at("/progress").has("请您补正材料").has("2026-03-16").has("一次性告知补正");
    assert_eq!(found.path, "/progress", "nothing of it stands in the address");
    found.lacks("照片看不清").lacks("请带原件").lacks("黄淑珍");
    let spaced = format!("{} {}", &case.receipt()[..6], &case.receipt()[6..]);
    visitor
        .submit(&asked, "/progress", &[("no", &spaced), ("code", &code.to_lowercase())])
        .await
        .ok()
        .has("请您补正材料");
    let long = case.case_no.clone().unwrap();
    visitor.submit(&asked, "/progress", &[("no", &long), ("code", &code)]).await.ok().has("请您补正材料");
    t.citizen("linyue").await.post("/progress", &form).await.ok().has("请您补正材料");
});

both!(a_wrong_number_and_a_wrong_code_look_alike, async |t| {
    let case = story::submitted(t, CARD).await;
    let visitor = t.anyone();
    let asked = visitor.get("/progress").await;
    visitor.submit(&asked, "/progress", &[("no", ""), ("code", "")]).await.is(422).has("请填写查询码");
    let wrong_code = visitor.submit(&asked, "/progress", &[("no", case.receipt()), ("code", "22222222")]).await;
    let wrong_no = visitor.submit(&asked, "/progress", &[("no", "260302999999"), ("code", "22222222")]).await;
    wrong_code.is(422).has("编号和查询码对不上").has(case.receipt()).lacks("老年人优待证");
    let same = |page: &Seen, no: &str| page.text.replace(no, "NO");
    assert_eq!(same(&wrong_code, case.receipt()), same(&wrong_no, "260302999999"));
});

both!(guessing_a_code_is_stopped, async |t| {
    let case = story::submitted(t, CARD).await;
    let code = story::query_code(t, case.id).await;
    let visitor = t.anyone();
    for at in 0..20 {
        // Written with a space or without, it is one number.
        let no = if at % 2 == 0 {
            case.receipt().to_owned()
        } else {
            format!(" {} {}", &case.receipt()[..6], &case.receipt()[6..])
        };
        visitor.post("/progress", &[("no", &no), ("code", "22222222")]).await.is(422);
    }
    visitor.post("/progress", &[("no", case.receipt()), ("code", "22222222")]).await.is(429).has("分钟后再试");
    visitor.post("/progress", &[("no", case.receipt()), ("code", &code)]).await.is(429);
    t.advance(2 * 900 + 1);
    visitor.post("/progress", &[("no", case.receipt()), ("code", &code)]).await.ok().has("已提交，等待预审");
});

// Notices

/// Looks at a notice through all four doors, and through those that must be shut.
async fn at_all_doors(t: &TestApp, of: (&str, &str), case: CaseId, notice: NoticeId, says: &[&str]) {
    let rest = format!("cases/{case}/notices/{notice}");
    let department = story::item(t, of.1).elements.department.clone();
    let officer = t.staff(&format!("{department}.handler")).await;
    let doors = [
        (t.citizen(of.0).await, "my"),
        (t.clerk().await, "hall"),
        (officer, "desk"),
        (t.supervisor().await, "supervise"),
    ];
    for (browser, area) in &doors {
        let page = browser.get(&format!("/{area}/{rest}")).await;
        page.ok().has(&format!("/{area}/cases/{case}\""));
        says.iter().for_each(|text| {
            page.has(text);
        });
        let page = browser.english().get(&format!("/{area}/{rest}")).await;
        page.ok().has("This is a translation").lacks("[notice-");
        for (_, other) in doors.iter().filter(|(_, other)| other != area) {
            let shut = browser.get_once(&format!("/{other}/{rest}")).await;
            assert!(shut.status == 403, "{area} at the door of {other}: {}", shut.status);
        }
    }
    t.citizen("linyue").await.get(&format!("/my/{rest}")).await.is(404);
    t.staff("clerk.h02.1").await.get(&format!("/hall/{rest}")).await.is(404);
    t.staff("wsjk.handler").await.get(&format!("/desk/{rest}")).await.is(404);
    t.supervisor().await.get(&format!("/supervise/cases/{case}/notices/{case}")).await.is(404);
}

both!(a_notice_of_acceptance_names_the_limits_and_the_way_to_the_progress, async |t| {
    let (case, notice) = story::accepted(t, LICENCE).await;
    let says = ["受理通知书", "何子墨", "行政许可法》第三十二条", "决定予以受理", "收到的材料", case.receipt()];
    at_all_doors(t, LICENCE, case.id, notice, &says).await;
    let (path, code) = (format!("cases/{}/notices/{notice}", case.id), story::query_code(t, case.id).await);
    let page = t.citizen(LICENCE.0).await.get(&format!("/my/{path}")).await;
    page.has(&code).has("data:image/svg+xml;base64,").has(&format!("{}/progress", t.url));
    t.clerk().await.get(&format!("/hall/{path}")).await.has(&code);
    // Who need not give it to anybody does not learn it.
    t.staff("jyj.handler").await.get(&format!("/desk/{path}")).await.ok().lacks(&code);
    t.supervisor().await.get(&format!("/supervise/{path}")).await.ok().lacks(&code);
});

both!(a_case_that_nobody_answered_has_a_notice_that_says_so, async |t| {
    let case = story::submitted(t, LICENCE).await;
    t.at("2026-03-10 08:00");
    t.settle().await;
    let owner = t.citizen(LICENCE.0).await;
    let page = owner.get(&format!("/my/cases/{}", case.id)).await;
    page.ok().has("逾期未答复，视为受理").has("受理通知书");
    let notice = owner.get(&page.link(&format!("/my/cases/{}/notices/", case.id))).await;
    notice.ok().has("受理通知书").has("自收到申请材料之日起即为受理").lacks("申请材料齐全");
});

both!(a_notice_of_correction_names_everything_at_once, async |t| {
    let (case, notice) = story::correcting(t, LICENCE, "身份证照片看不清", "请一并核对籍贯").await;
    let says = ["补正材料一次性告知书", "身份证照片看不清", "请一并核对籍贯", "2026年3月16日", "逾期不补正"];
    at_all_doors(t, LICENCE, case.id, notice, &says).await;
});

both!(a_decision_not_to_accept_names_reason_and_remedy, async |t| {
    let (case, notice) = story::not_accepted(t, LICENCE, "不属于本机关职权范围").await;
    let remedy = story::item(t, LICENCE.1).elements.remedy.zh.clone();
    let says = ["不予受理决定书", "不属于本机关职权范围", remedy.as_str(), "行政许可法》第三十二条"];
    at_all_doors(t, LICENCE, case.id, notice, &says).await;
    let page = t.citizen(LICENCE.0).await.get(&format!("/my/cases/{}", case.id)).await;
    page.ok().has("不属于本机关职权范围").has(&remedy);
});

both!(a_decision_on_a_licence_cites_the_law_of_licences, async |t| {
    let (case, notice) = story::decided(t, LICENCE, Decision::Granted, "", INNER).await;
    at_all_doors(t, LICENCE, case.id, notice, &["准予行政许可决定书", "第三十八条第一款", "教师资格证书"]).await;
    let (case, notice) = story::decided(t, LICENCE, Decision::Refused, "普通话等级不够", INNER).await;
    let remedy = story::item(t, LICENCE.1).elements.remedy.zh.clone();
    let says = ["不予行政许可决定书", "第三十八条第二款", "普通话等级不够", remedy.as_str()];
    at_all_doors(t, LICENCE, case.id, notice, &says).await;
    let path = format!("/desk/cases/{}/notices/{notice}", case.id);
    t.staff("jyj.reviewer").await.get(&path).await.ok().lacks(INNER);
});

both!(a_decision_on_something_else_does_not, async |t| {
    let (case, notice) = story::decided(t, CARD, Decision::Refused, "未满六十周岁", "同意").await;
    let path = format!("/my/cases/{}/notices/{notice}", case.id);
    let page = t.citizen(CARD.0).await.get(&path).await;
    page.ok().has("不予办理决定书").has("未满六十周岁").lacks("行政许可");
});
