//! 申报 in the web hall: from the start page to the numbers, and everything that can go wrong on the way.

use cloudmart::cases::{self, Case, State};
use cloudmart::db::Conn;
use cloudmart::identity::sessions::COOKIE;
use cloudmart::kernel::{Actor, Lang};

use crate::harness::{Browser, PASSWORD, Seen, TestApp};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
const JPG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a small picture";

/// For a natural person of level 1.
const CARD: &str = "senior-citizen-card";
/// For enterprises, too.
const FREIGHT: &str = "road-freight-operation-licence";

const CARD_ANSWERS: [(&str, &str); 8] = [
    ("form.gender", "2"),
    ("form.birth_date", "1958-02-27"),
    ("form.household_address", "云川市兰渚区望江街道临江巷15号"),
    ("form.residence_kind", "1"),
    ("form.issue_kind", "1"),
    ("form.emergency_contact", "陈小妹"),
    ("form.emergency_phone", "13800138222"),
    ("form.delivery", "1"),
];

const FREIGHT_ANSWERS: [(&str, &str); 18] = [
    ("applicant.kind", "2"),
    ("applicant.name", "云川市远航物流有限公司"),
    ("applicant.id_number", "91980104MA6YH00284"),
    ("form.applicant_kind", "2"),
    ("form.uscc", "91980104MA6YH00284"),
    ("form.enterprise_name", "云川市远航物流有限公司"),
    ("form.principal", "罗建业"),
    ("form.principal_phone", "0980-8142201"),
    ("form.registered_address", "云川市青屿区海港大道201号"),
    ("form.freight_scope", "1"),
    ("form.vehicle_state", "1"),
    ("form.vehicle_count", "12"),
    ("form.total_load", "180.5"),
    ("form.driver_count", "14"),
    ("form.qualified_count", "14"),
    ("form.safety_manager", "吴安"),
    ("form.safety_phone", "13800138333"),
    ("form.satellite", "yes"),
];

/// Begins a declaration; returns the path of the draft and its first step.
async fn begin(who: &Browser, slug: &str) -> (String, Seen) {
    let start = who.get(&format!("/declare/{slug}")).await;
    let form = who.submit(start.ok(), &format!("/declare/{slug}"), &[]).await;
    (form.ok().path.clone(), form)
}

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let is_replaced = |name: &str| more.iter().any(|(n, _)| *n == name);
    fields.iter().filter(|(n, _)| !is_replaced(n)).chain(more).copied().collect()
}

/// The draft of a card, filled in and with its files, at its last page.
async fn card_to_review(who: &Browser) -> (String, Seen) {
    let (draft, form) = begin(who, CARD).await;
    let materials = who.submit(&form, &draft, &with(&CARD_ANSWERS, &[("act", "next")])).await;
    let to = format!("{draft}/materials");
    let files = [("material.id_card", "身份证.pdf", PDF), ("material.photo", "photo.jpg", JPG)];
    let review = who.submit_files(materials.ok().at(&to), &to, &[("act", "next")], &files).await;
    review.ok().at(&format!("{draft}/review"));
    (draft, review)
}

async fn cases_of(t: &TestApp, key: &str) -> Vec<Case> {
    let ctx = t.app.ctx(Actor::Person(t.person(key).await.0), Lang::Zh);
    let whole = move |c: &mut Conn| {
        let listed = cases::my_cases(c, &ctx, None, 50)?.page.rows;
        listed.iter().map(|case| cases::mine(c, &ctx, case.id)).collect()
    };
    t.app.db.read(whole).await.unwrap()
}

both!(a_person_declares_from_start_to_numbers, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    huang.get(&format!("/items/{CARD}")).await.ok().has(&format!("/declare/{CARD}"));
    let (draft, form) = begin(&huang, CARD).await;
    form.has("黄淑珍")
        .has("老年人信息")
        .has("980102195802271629")
        .has("来自您的账号")
        .has("1958-02-27")
        .has("受理大厅");
    let materials = huang.submit(&form, &draft, &with(&CARD_ANSWERS, &[("act", "next")])).await;
    let to = format!("{draft}/materials");
    materials.ok().at(&to).has("还差 2 份必要材料").has("居民身份证");
    let files = [("material.id_card", "身份证 正面.pdf", PDF), ("material.id_card", "反面.jpg", JPG)];
    let some = huang.submit_files(&materials, &to, &[], &files).await;
    some.ok().at(&to).has("文件已上传").has("身份证 正面.pdf").has("反面.jpg").has("还差 1 份必要材料");
    let file = some.link(&format!("{draft}/files/"));
    assert_eq!(huang.get(&file).await.ok().bytes, PDF);
    let review = huang.submit_files(&some, &to, &[("act", "next")], &[("material.photo", "p.jpg", JPG)]).await;
    review
        .ok()
        .at(&format!("{draft}/review"))
        .has("陈小妹")
        .has("生活状况")
        .has("p.jpg")
        .has("提交申报")
        .lacks("还不能提交");
    let submit = format!("{draft}/submit");
    huang.submit(&review, &submit, &[]).await.is(422).has("请先勾选");
    let done = huang.submit(&review, &submit, &[("agree", "1")]).await;
    let cases = cases_of(t, "huangshuzhen").await;
    let [case] = cases.as_slice() else { panic!("{} cases", cases.len()) };
    assert_eq!(case.state, State::Submitted);
    let ctx = t.app.ctx(Actor::Person(t.person("huangshuzhen").await.0), Lang::Zh);
    let mine = case.clone();
    let code = t.app.db.read(move |c| cases::query_code(c, &ctx, &mine)).await.unwrap();
    done.ok().at(&format!("{draft}/done")).has("申报已提交").has(&code).has(case.receipt());
    // Five working days from Monday, 2 March: the next Monday.
    done.has(case.case_no.as_deref().unwrap()).has("2026-03-09").has(&format!("/my/cases/{}", case.id));
    // Its steps lead to the case now.
    for step in ["", "/materials", "/review", "/discard"] {
        let seen = huang.get_once(&format!("{draft}{step}")).await;
        assert_eq!(seen.is(303).header("location"), Some(format!("/my/cases/{}", case.id).as_str()));
    }
    t.settle().await;
});

both!(an_agent_declares_for_an_enterprise, async |t| {
    let chen = t.citizen("chenzhiyuan").await;
    let (draft, form) = begin(&chen, FREIGHT).await;
    form.has("以谁的名义申报").has("企业法人").has("陈志远");
    let materials = chen.submit(&form, &draft, &with(&FREIGHT_ANSWERS, &[("hall", "H02"), ("act", "next")])).await;
    let to = format!("{draft}/materials");
    // An enterprise with vehicles of its own: the licence and the vehicles' papers are needed, too.
    let needed = ["application", "principal_id", "business_licence", "vehicle_papers", "drivers", "safety_rules"];
    let keys = needed.map(|k| format!("material.{k}"));
    let files: Vec<_> = keys.iter().map(|k| (k.as_str(), "a.pdf", PDF)).collect();
    let review = chen.submit_files(materials.ok().at(&to), &to, &[("act", "next")], &files).await;
    review.ok().has("云川市远航物流有限公司").has("91980104MA6YH00284").has("陈志远").has("兰渚");
    let done = chen.submit(&review, &format!("{draft}/submit"), &[("agree", "1")]).await;
    done.ok().has("申报已提交").has("云川市远航物流有限公司");
    let cases = cases_of(t, "chenzhiyuan").await;
    let ctx = t.app.ctx(Actor::Person(t.person("chenzhiyuan").await.0), Lang::Zh);
    let case = cases[0].clone();
    let content = t.app.db.read(move |c| cases::content(c, &ctx, &case)).await.unwrap();
    assert_eq!((content.applicant.kind.as_str(), content.applicant.id_kind.as_str()), ("2", "uscc"));
    assert_eq!(content.applicant.agent_name, "陈志远");
});

both!(wrong_check_digits_come_back_marked, async |t| {
    let chen = t.citizen("chenzhiyuan").await;
    let (draft, form) = begin(&chen, FREIGHT).await;
    let wrong = [
        ("applicant.id_number", "91980104MA6YH00285"),
        ("form.uscc", "12345"),
        ("form.vehicle_count", "很多"),
        ("form.total_load", "0.1"),
        ("form.safety_manager", ""),
        ("applicant.phone", "12345"),
        ("act", "next"),
    ];
    let seen = chen.submit(&form, &draft, &with(&FREIGHT_ANSWERS, &wrong)).await;
    seen.is(422).has("有 6 处需要修改").has("91980104MA6YH00285").has("很多").has("罗建业");
    for (place, words) in [
        ("applicant.id_number", "统一社会信用代码最后一位与前面对不上"),
        ("form.uscc", "统一社会信用代码是 18 位"),
        ("form.vehicle_count", "请只填数字"),
        ("form.total_load", "不能小于 0.5"),
        ("form.safety_manager", "请填写"),
        ("applicant.phone", "请填写 11 位手机号码"),
    ] {
        seen.has(words).has(&format!("href=\"#{place}\"")).has(&format!("id=\"{place}\""));
        seen.has(&format!("id=\"{place}-error\""));
    }
    // It can be put right in the page that came back, and the English one says the same.
    chen.english().get(&format!("{draft}?check=1")).await.ok().has("The last character of the code does not fit");
    let mended = [("applicant.id_number", "91980104MA6YH00284"), ("form.uscc", "91980104MA6YH00284")];
    let mended = with(&FREIGHT_ANSWERS, &with(&mended, &[("applicant.phone", "13800138102"), ("act", "next")]));
    chen.submit(&seen, &draft, &mended).await.ok().at(&format!("{draft}/materials"));
});

both!(a_wrong_id_number_comes_back_marked, async |t| {
    let linyue = t.citizen("linyue").await;
    let (draft, form) = begin(&linyue, "food-operation-licence").await;
    let seen = linyue.submit(&form, &draft, &[("form.legal_person_id", "980102199204160248"), ("act", "next")]).await;
    seen.is(422).has("身份证号最后一位与前面对不上").has("value=\"980102199204160248\"");
});

both!(files_that_cannot_be_used_are_named_at_their_material, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, form) = begin(&huang, CARD).await;
    let materials = huang.submit(&form, &draft, &with(&CARD_ANSWERS, &[("act", "next")])).await;
    let to = format!("{draft}/materials");
    let large = [PDF, &vec![0; 21 << 20]].concat();
    let five = [JPG, &vec![0; 6 << 20]].concat();
    let files: [(&str, &str, &[u8]); 7] = [
        ("material.id_card", "disguised.png", PDF),
        ("material.id_card", "empty.pdf", b""),
        ("material.id_card", "program.pdf", b"MZ\x90\x00\x03 no document"),
        ("material.id_card", "large.pdf", &large),
        ("material.id_card", "good.pdf", PDF),
        ("material.photo", "photo.pdf", PDF),
        ("material.photo", "five.jpg", &five),
    ];
    let seen = huang.submit_files(&materials, &to, &[("act", "next")], &files).await;
    seen.is(422).has("有 6 处需要修改").has("href=\"#material.id_card\"");
    seen.has("disguised.png：文件内容与文件名后缀不一致")
        .has("empty.pdf：文件是空的")
        .has("program.pdf：不是能用的文件");
    seen.has("large.pdf：超过 20 MB").has("photo.pdf：这份材料只收 JPG, PNG 格式").has("five.jpg：超过 5 MB");
    // The good one beside them was kept.
    seen.has("good.pdf</a>").has("还差 1 份必要材料");
    // Sent twice, it stands once.
    let again = huang.submit_files(&seen, &to, &[], &[("material.id_card", "good.pdf", PDF)]).await;
    assert_eq!(again.ok().text.matches("good.pdf</a>").count(), 1);
});

both!(a_file_is_removed_after_being_asked, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, _) = card_to_review(&huang).await;
    let materials = huang.get(&format!("{draft}/materials")).await;
    let links = materials.links();
    let remove = links.iter().find(|l| l.ends_with("/remove")).unwrap();
    let sure = huang.get(remove).await;
    sure.ok().has("移除这个文件？").has("身份证.pdf");
    let file = remove.trim_end_matches("/remove");
    huang.get(file).await.ok();
    huang.submit(&sure, remove, &[]).await.ok().at(&format!("{draft}/materials")).has("文件已移除").lacks("身份证.pdf");
    huang.get(file).await.is(404);
    let review = huang.get(&format!("{draft}/review")).await;
    review.ok().has("居民身份证：还没有上传").has("还不能提交");
    // The way from what is missing to its place.
    let way = review.link(&format!("{draft}/materials?check=1"));
    huang.get(way.split('#').next().unwrap()).await.ok().has("还没有上传");
});

both!(two_clicks_make_one_case, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, _) = card_to_review(&huang).await;
    let (submit, other) = (format!("{draft}/submit"), huang.clone());
    let fields = [("agree", "1")];
    let (first, second) = tokio::join!(huang.post(&submit, &fields), other.post(&submit, &fields));
    first.ok().at(&format!("{draft}/done"));
    second.ok().at(&format!("{draft}/done"));
    let number = |seen: &Seen| seen.between("<dd class=\"num\"><b>", "</b>");
    assert_eq!(number(&first), number(&second));
    assert_eq!(number(&huang.post(&submit, &fields).await), number(&first));
    assert_eq!(cases_of(t, "huangshuzhen").await.len(), 1);
    t.settle().await;
});

both!(what_was_typed_outlives_the_session, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, form) = begin(&huang, CARD).await;
    t.advance(t.app.lifetimes().citizens.idle + 5);
    let typed = with(&CARD_ANSWERS, &[("form.emergency_contact", "陈\"小<妹"), ("act", "next")]);
    let ended = huang.submit(&form, &draft, &typed).await;
    ended.is(401).has("您填的内容都在这一页里").has("陈\"小<妹");
    // A wrong password keeps it, too.
    let login = [("login.name", "13800138103"), ("login.password", "wrong")];
    let wrong = huang.submit(&ended, &draft, &login).await;
    wrong.is(422).has("账号或密码不对").has("陈\"小<妹").lacks("value=\"wrong\"");
    huang.submit(&wrong, &draft, &[("login.name", ""), ("login.password", "")]).await.is(422).has("请填写密码");
    let on = huang.submit(&wrong, &draft, &[("login.name", "13800138103"), ("login.password", PASSWORD)]).await;
    on.ok().at(&format!("{draft}/materials"));
    huang.get(&draft).await.ok().has("陈\"小<妹").has("13800138222");
});

both!(what_was_typed_is_not_given_to_another_account, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, form) = begin(&huang, CARD).await;
    t.advance(t.app.lifetimes().citizens.idle + 5);
    let ended = huang.submit(&form, &draft, &with(&CARD_ANSWERS, &[("act", "next")])).await;
    let other = huang.submit(&ended, &draft, &[("login.name", "13800138101"), ("login.password", PASSWORD)]).await;
    other.is(404).has("这份草稿不属于刚才登录的账号").has("陈小妹");
    huang.submit(&other, &draft, &[("login.name", "13800138103"), ("login.password", PASSWORD)]).await.ok();
    huang.get(&draft).await.ok().has("陈小妹");
});

both!(a_form_of_an_earlier_session_comes_back_whole, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, form) = begin(&huang, CARD).await;
    // Logged in again in another tab: the form's token is the former session's.
    let again = t.citizen("huangshuzhen").await;
    huang.set_cookie(COOKIE, &again.cookie(COOKIE).unwrap());
    let back = huang.submit(&form, &draft, &with(&CARD_ANSWERS, &[("act", "next")])).await;
    back.is(409).has("您重新登录过").has("陈小妹").has("13800138222");
    huang.get(&draft).await.ok().lacks("陈小妹");
    huang.submit(&back, &draft, &[("act", "next")]).await.ok().at(&format!("{draft}/materials"));
    huang.get(&draft).await.ok().has("陈小妹");
    // The same with files: they have to be chosen again, and the page says so.
    let materials = huang.get(&format!("{draft}/materials")).await;
    let again = t.citizen("huangshuzhen").await;
    huang.set_cookie(COOKIE, &again.cookie(COOKIE).unwrap());
    let to = format!("{draft}/materials");
    let files = [("material.id_card", "a.pdf", PDF)];
    let back = huang.submit_files(&materials, &to, &[], &files).await;
    back.is(403).has("刚才选的文件没有收到");
    huang.submit_files(&back, &to, &[], &files).await.ok().has("a.pdf</a>");
});

both!(acts_after_the_session_lead_over_the_login_and_back, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, review) = card_to_review(&huang).await;
    let materials = huang.get(&format!("{draft}/materials")).await;
    t.advance(t.app.lifetimes().citizens.idle + 5);
    for (page, to, back) in [
        (&review, format!("{draft}/submit"), format!("{draft}/review")),
        (&materials, format!("{draft}/materials"), format!("{draft}/materials")),
    ] {
        let seen = huang.submit(page, &to, &[]).await;
        seen.ok().at("/login").has("登录已过期").has(&format!("value=\"{back}\""));
    }
    assert_eq!(cases_of(t, "huangshuzhen").await[0].state, State::Draft);
});

both!(a_second_visit_goes_on_with_the_draft, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, form) = begin(&huang, CARD).await;
    // Half filled in, with a mistake: it is kept as it is.
    let half = [("form.emergency_contact", "陈小妹"), ("form.emergency_phone", "123"), ("act", "leave")];
    let left = huang.submit(&form, &draft, &half).await;
    assert_eq!(left.path, "/my?done=draft-saved");
    let another = t.citizen("huangshuzhen").await;
    let start = another.get(&format!("/declare/{CARD}")).await;
    start.ok().has("您有一份没填完的申报");
    another.get(&start.link("/declare/drafts/")).await.ok().at(&draft).has("陈小妹").has("value=\"123\"");
    // Beginning again, in another tab, finds the same one.
    another.post(&format!("/declare/{CARD}"), &[]).await.ok().at(&draft);
    assert_eq!(cases_of(t, "huangshuzhen").await.len(), 1);
});

both!(a_draft_is_discarded_after_being_asked, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, _) = card_to_review(&huang).await;
    let start = huang.get(&format!("/declare/{CARD}")).await;
    let ask = start.link(&format!("{draft}/discard"));
    huang.post(&format!("{draft}/discard"), &[]).await.ok().has("放弃这份草稿？");
    let sure = huang.get(&ask).await;
    sure.ok().has("放弃这份草稿？").has("不能恢复");
    huang.submit(&sure, &format!("{draft}/discard"), &[]).await.ok().at(&format!("/declare/{CARD}")).has("草稿已放弃");
    huang.get(&draft).await.is(404);
    assert!(cases_of(t, "huangshuzhen").await.is_empty());
});

both!(somebody_elses_draft_is_not_found, async |t| {
    let huang = t.citizen("huangshuzhen").await;
    let (draft, _) = card_to_review(&huang).await;
    let file = huang.get(&format!("{draft}/materials")).await.link(&format!("{draft}/files/"));
    let linyue = t.citizen("linyue").await;
    for page in ["", "/materials", "/review", "/done", "/discard"] {
        linyue.get(&format!("{draft}{page}")).await.is(404);
    }
    linyue.get(&file).await.is(404);
    linyue.get(&format!("{file}/remove")).await.is(404);
    linyue.post(&draft, &[("applicant.phone", "13800138101")]).await.is(404);
    linyue.post(&format!("{draft}/submit"), &[("agree", "1")]).await.is(404);
    linyue.post(&format!("{draft}/discard"), &[("sure", "1")]).await.is(404);
    linyue.post(&format!("{file}/remove"), &[("sure", "1")]).await.is(404);
    linyue.upload(&format!("{draft}/materials"), &[], &[("material.photo", "p.jpg", JPG)]).await.is(404);
    linyue.get("/declare/drafts/no-id").await.is(404);
    assert_eq!(cases_of(t, "huangshuzhen").await[0].state, State::Draft);
});

both!(who_is_not_verified_is_led_to_the_verification, async |t| {
    let wu = t.citizen("wujiahao").await;
    let start = wu.get(&format!("/declare/{CARD}")).await;
    start.ok().has("填写前要达到一级").lacks("开始填写");
    // Also when the page is old, or made by hand.
    wu.post(&format!("/declare/{CARD}"), &[]).await.ok().at("/account/step-up").has("填写申报要达到一级");
    assert!(cases_of(t, "wujiahao").await.is_empty());
    let verify = wu.get(&start.link("/account/step-up")).await;
    verify.ok().has("老年人优待证").has(&format!("value=\"/declare/{CARD}\""));
});

both!(who_is_not_logged_in_comes_back_after_the_login, async |t| {
    let anyone = t.anyone();
    let login = anyone.get(&format!("/declare/{CARD}")).await;
    let on = [("name", "13800138103"), ("password", PASSWORD)];
    let start = anyone.submit(login.ok().at("/login"), "/login", &on).await;
    start.ok().at(&format!("/declare/{CARD}")).has("开始填写");
    t.clerk().await.get(&format!("/declare/{CARD}")).await.is(403);
    anyone.get("/declare/no-such-item").await.is(404);
});

both!(a_hall_that_may_not_is_not_taken, async |t| {
    let chen = t.citizen("chenzhiyuan").await;
    // H06 is a community's hall: it is not granted this item.
    let (draft, form) = begin(&chen, FREIGHT).await;
    form.lacks("value=\"H06\"");
    chen.submit(&form, &draft, &with(&FREIGHT_ANSWERS, &[("hall", "H06"), ("act", "next")]))
        .await
        .is(422)
        .has("请从列出的选项里选");
});
