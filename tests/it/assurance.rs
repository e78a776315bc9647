//! Levels of assurance: what somebody shows, what it opens, when it ends, and that it is asked for just where it is missing.

use cloudmart::cases::{CaseId, State};
use cloudmart::identity::assurance::FRESH;
use cloudmart::identity::verification::{self, Claim, Said};
use cloudmart::identity::{self, Evidence, EvidenceKind, PersonId, Via, faces};
use cloudmart::kernel::{Ctx, Error, Kind};
use cloudmart::outside::verifier_protocol::{Check, FaceOutcome, Outcome, Reply};

use crate::harness::{Browser, NEWCOMER, PASSWORD, Seen, TestApp};
use crate::made;

const DAY: i64 = 86_400;

/// Asks a face, and it has to be from just now, when it is handed in.
const DISABILITY: &str = "disability-certificate";
/// Asks a face of who takes the result.
const RESIDENCE: &str = "residence-permit";

fn says(t: &TestApp, outcome: Outcome) {
    let reply = move || Reply {
        outcome,
        reference: format!("R-{}", cloudmart::kernel::Id::random()),
        issuer: "测试核验".into(),
    };
    t.verifier.answers(move |_| Ok(reply()));
}

fn fails(t: &TestApp, code: &'static str) {
    t.verifier.answers(move |_| Err(Error::outside(code)));
    t.verifier.faces_are(move || Err(Error::outside(code)));
}

async fn level(t: &TestApp, key: &str) -> i32 {
    let (ctx, id) = (t.system(), t.person(key).await);
    t.app.db.read(move |c| identity::person_level(c, &ctx, id)).await.unwrap()
}

async fn evidence(t: &TestApp, key: &str) -> Vec<Evidence> {
    let ctx = made::as_person(t, key).await;
    t.app.db.read(move |c| identity::evidence(c, &ctx)).await.unwrap()
}

/// Somebody with a new account and nothing else.
async fn newcomer(t: &TestApp) -> Browser {
    let anyone = t.anyone();
    let page = anyone.get("/register").await;
    let fields = [("phone", NEWCOMER.phone), ("password", PASSWORD), ("repeated", PASSWORD), ("agree", "1")];
    anyone.submit(page.ok(), "/register", &fields).await.ok().at("/account/verify");
    anyone
}

async fn says_name(who: &Browser, page: &Seen) -> Seen {
    let fields = [("name", NEWCOMER.name), ("id_number", NEWCOMER.id_number), ("act", "person")];
    who.submit(page, "/account/verify", &fields).await
}

async fn says_card(who: &Browser, page: &Seen, kind: &str, number: &str) -> Seen {
    who.submit(page, "/account/verify", &[("kind", kind), ("number", number), ("act", "factor")]).await
}

both!(a_registration_takes_the_card_and_two_more, async |t| {
    let who = newcomer(t).await;
    let page = who.get("/account/verify?back=/my").await;
    page.ok().has("还没有核验过").has("核对姓名和身份证号").has("再核对 1 样");
    let one = says_name(&who, &page).await;
    one.ok().at("/account/verify").has("这一项核验通过").has("一级（身份证）").has("再核对 1 样").lacks("与身份证一致");
    // The same once more is no second thing; one that is none is told.
    says_card(&who, &one, "name_id_phone", "1").await.is(422).has("请从列出的选项里选");
    says_card(&who, &one, "bank", "6222021234567895").await.is(422).has("银行卡号不对").has("6222021234567895");
    let two = says_card(&who, &one, "bank", "6222 0212 3456 7894").await;
    two.ok().at("/my").has("实名核验通过");
    let asked = t.verifier.asked();
    assert_eq!(asked.iter().map(|r| r.check).collect::<Vec<_>>(), [Check::NameIdPhone, Check::Bank]);
    // What is asked of the card is the account's own name and number.
    assert_eq!((asked[1].name.as_str(), asked[1].id_number.as_str()), (NEWCOMER.name, NEWCOMER.id_number));
    assert_eq!(asked[1].number.as_deref(), Some("6222021234567894"));
    assert!(asked[1].phone.is_none());
    who.get("/account").await.ok().has("二级（实名注册）").has("银行卡核验").has("网上核验");
});

both!(each_outcome_is_told_and_kept_and_none_but_a_match_counts, async |t| {
    let who = newcomer(t).await;
    for (outcome, words) in [
        (Outcome::Mismatch, "三项信息对不上"),
        (Outcome::Unknown, "没有查到这个身份证号"),
        (Outcome::Deceased, "登记状态不正常"),
    ] {
        says(t, outcome);
        let page = who.get("/account/verify?back=/my").await;
        says_name(&who, &page).await.is(422).has(words).has("未核验");
    }
    for (code, words) in [
        ("verifier-busy", "核验的人太多"),
        ("verifier-down", "暂时没有应答"),
        ("verifier-rubbish", "答复不完整"),
        ("verifier-off", "暂时没有开通"),
    ] {
        fails(t, code);
        let page = who.get("/account/verify?back=/my").await;
        // What was typed is still there, and the try does not count.
        says_name(&who, &page).await.is(503).has(words).has(NEWCOMER.id_number).has("还可以核验 2 次");
    }
    says(t, Outcome::Match);
    let page = who.get("/account/verify?back=/my").await;
    says_name(&who, &page).await.ok().has("一级（身份证）");
    says(t, Outcome::Mismatch);
    let page = who.get("/account/verify?back=/my").await;
    says_card(&who, &page, "social_card", "D12345678").await.is(422).has("核对不上").has("D12345678");
    who.get("/account").await.ok().has("一级（身份证）").has("不一致").has("查无此号").has("状态异常");
});

both!(no_evidence_of_one_raises_another, async |t| {
    // Whose number the verifier vouches for, and whose account it is, have to be the same.
    let (linyue, zhou) = (made::as_person(t, "linyue").await, made::as_person(t, "zhoumin").await);
    let number = facts(t, &zhou).await;
    let claim = Claim {
        kind: EvidenceKind::Bank,
        name: "周敏".into(),
        id_number: number.clone(),
        phone: String::new(),
        number: "1".into(),
    };
    let said = Said { result: "match", issuer: "i".into(), reference: "r".into() };
    for kind in [EvidenceKind::Bank, EvidenceKind::SocialCard, EvidenceKind::NameId, EvidenceKind::NameIdPhone] {
        let (ctx, claim, said) = (linyue.clone(), Claim { kind, ..claim.clone() }, said.clone());
        let before = (level(t, "linyue").await, level(t, "zhoumin").await);
        let done = t.app.db.write(move |c| verification::conclude(c, &ctx, &claim, &said)).await.unwrap();
        assert_eq!(done.result(), "stale", "{kind}");
        assert_eq!((level(t, "linyue").await, level(t, "zhoumin").await), before);
    }
    assert_ne!(facts(t, &linyue).await, number);
    // A face that somebody else began is not there; its result goes to who began it.
    let face = made::face(t, "zhoumin").await;
    let ctx = linyue.clone();
    let matches = || faces::Said { result: "match", issuer: "i".into() };
    let theirs = t.app.db.write(move |c| faces::conclude(c, &ctx, face, &matches())).await;
    assert!(theirs.is_err_and(|e| e.is(Kind::NotFound)));
    t.citizen("linyue").await.get(&format!("/account/faces/{face}")).await.is(404);
    assert_eq!((level(t, "linyue").await, level(t, "zhoumin").await), (2, 2));
    t.citizen("zhoumin").await.get(&format!("/account/faces/{face}")).await.ok().has("刷脸通过");
    assert_eq!((level(t, "linyue").await, level(t, "zhoumin").await), (2, 3));
    // It ends once.
    let ctx = zhou.clone();
    assert!(t.app.db.write(move |c| faces::conclude(c, &ctx, face, &matches())).await.unwrap().is_none());
    assert_eq!(evidence(t, "zhoumin").await.iter().filter(|e| e.kind == EvidenceKind::Face).count(), 1);
});

async fn facts(t: &TestApp, ctx: &Ctx) -> String {
    let (ctx, id) = (ctx.clone(), PersonId(ctx.person().unwrap()));
    t.app.db.read(move |c| identity::person_facts(c, &ctx, id)).await.unwrap().id_number.unwrap()
}

both!(a_number_of_another_account_is_taken_and_stays, async |t| {
    let who = newcomer(t).await;
    says(t, Outcome::Match);
    let page = who.get("/account/verify?back=/my").await;
    let fields = [("name", "林悦"), ("id_number", "980102199204160249"), ("act", "person")];
    who.submit(&page, "/account/verify", &fields).await.is(409).has("已经属于另一个账号");
    who.get("/account").await.ok().has("未核验").has("已属于另一账号");
    assert_eq!(level(t, "linyue").await, 2);
});

both!(a_level_ends_with_its_evidence_wherever_it_is_read, async |t| {
    made::shown(t, "linyue", EvidenceKind::Face).await;
    assert_eq!(level(t, "linyue").await, 3);
    t.advance(180 * DAY - 60);
    assert_eq!(level(t, "linyue").await, 3);
    t.advance(60);
    // Nothing has come by to lower what is kept: it is not believed all the same.
    assert_eq!((kept(t, "linyue").await, level(t, "linyue").await), (3, 2));
    t.citizen("linyue").await.get("/account").await.ok().has("二级（实名注册）").has("已失效");
    t.settle().await;
    assert_eq!((kept(t, "linyue").await, level(t, "linyue").await), (2, 2));
    t.advance(2 * 365 * DAY);
    assert_eq!(level(t, "linyue").await, 0);
});

/// The level as it is kept beside the account.
async fn kept(t: &TestApp, key: &str) -> i32 {
    use cloudmart::db::schema::idn_person;
    use diesel::prelude::*;
    let id = t.person(key).await;
    let read = move |c: &mut cloudmart::db::Conn| Ok(idn_person::table.find(id).select(idn_person::level).first(c)?);
    t.app.db.read(read).await.unwrap()
}

both!(a_new_phone_takes_what_rested_on_the_old_one, async |t| {
    let linyue = t.citizen("linyue").await;
    let page = linyue.get("/account").await;
    let fields = [("phone", "13912345678"), ("current", PASSWORD)];
    let after = linyue.submit(&page, "/account/contact", &fields).await;
    // What the same check said of name and number stays.
    after
        .ok()
        .at("/account/verify")
        .has("手机号已更换")
        .has("一级（身份证）")
        .has("姓名、身份证号核验")
        .has("再核对 1 样");
    assert_eq!(level(t, "linyue").await, 1);
    assert!(evidence(t, "linyue").await.iter().any(|e| e.kind == EvidenceKind::NameId && e.via == Via::Import));
});

/// A draft of an item for somebody who has all that it asks but for their identity, at its last page.
async fn ready(t: &TestApp, slug: &str) -> (CaseId, Browser) {
    let (draft, who) = (made::draft(t, slug).await, t.citizen(&made::declarer(slug)).await);
    (draft, who)
}

both!(a_step_asks_for_the_missing_face_and_leads_back_with_the_draft, async |t| {
    let (draft, who) = ready(t, DISABILITY).await;
    let (path, key) = (format!("/declare/drafts/{draft}"), made::declarer(DISABILITY));
    assert_eq!(level(t, &key).await, 2);
    let review = who.get(&format!("{path}/review")).await;
    review.ok().has("提交前要达到三级").has("先完成还差的核验");
    let before = content(t, draft, &key).await;
    let step = who.submit(&review, &format!("{path}/submit"), &[("agree", "1")]).await;
    step.ok().at("/account/step-up").has("残疾人证办理").has("提交申报要达到三级").has("30 分钟内刷过脸");
    // Just what is missing, and nothing else.
    step.has("本人刷脸一次").lacks("与身份证一致").lacks("卡面上的号码").lacks("再核对");
    assert_eq!(made::draft_state(t, draft, &key).await, State::Draft);
    t.verifier.faces_are(|| Ok(FaceOutcome::Waiting));
    let face = who.submit(&step, "/account/verify", &[("act", "face")]).await;
    face.ok().has("http://face.example/").has("刷脸").has("data-again");
    let begun = t.verifier.faces_begun().pop().unwrap();
    assert!(begun.return_to.starts_with(&format!("{}/account/faces/", t.url)), "{}", begun.return_to);
    let place = face.place();
    who.get(&place).await.ok().has("在这台设备上刷脸");
    t.verifier.faces_are(|| Ok(FaceOutcome::Match));
    // The verifier's page leads back: over the step's page, which lacks nothing any more, to where it was.
    let back = who.get(&format!("{place}?then=on")).await;
    back.ok().at(&format!("{path}/review")).has("name=\"agree\" value=\"1\" required checked");
    assert_eq!(content(t, draft, &key).await, before);
    who.submit(&back, &format!("{path}/submit"), &[]).await.ok().at(&format!("{path}/done"));
    assert_eq!(made::now(t, draft).await.state, State::Submitted);
});

/// What a draft says, and its files.
async fn content(t: &TestApp, id: CaseId, key: &str) -> (cloudmart::cases::Content, usize) {
    let ctx = made::as_person(t, key).await;
    let read = move |c: &mut cloudmart::db::Conn| {
        let case = cloudmart::cases::mine(c, &ctx, id)?;
        let files = cloudmart::cases::files(c, &ctx, &case)?.len();
        Ok((cloudmart::cases::content(c, &ctx, &case)?, files))
    };
    t.app.db.read(read).await.unwrap()
}

both!(a_face_from_before_is_not_one_from_now, async |t| {
    let (draft, _) = ready(t, DISABILITY).await;
    let (path, key) = (format!("/declare/drafts/{draft}"), made::declarer(DISABILITY));
    made::shown(t, &key, EvidenceKind::Face).await;
    t.advance(FRESH);
    assert_eq!(level(t, &key).await, 3);
    let who = t.citizen(&key).await;
    let review = who.get(&format!("{path}/review")).await;
    let step = who.submit(&review, &format!("{path}/submit"), &[("agree", "1")]).await;
    step.ok().at("/account/step-up").has("请再刷一次脸").has("三级（本人刷脸）");
    let face = who.submit(&step, "/account/verify", &[("act", "face")]).await;
    // Seen from the page itself: it came out well, and leads on.
    face.ok().has("刷脸通过");
    let back = who.get(&face.link("/account/step-up")).await;
    back.ok().at(&format!("{path}/review"));
    t.advance(FRESH - 120);
    let done = who.submit(&back, &format!("{path}/submit"), &[("agree", "1")]).await;
    done.ok().at(&format!("{path}/done"));
});

both!(a_face_that_is_not_theirs_opens_nothing, async |t| {
    let (draft, who) = ready(t, DISABILITY).await;
    let path = format!("/declare/drafts/{draft}");
    let to = format!("/account/step-up?step=sign&case={draft}&back={path}/review");
    for outcome in FaceOutcome::ENDS.into_iter().filter(|o| *o != FaceOutcome::Match) {
        t.verifier.faces_are(move || Ok(outcome));
        let step = who.get(&to).await;
        let face = who.submit(step.ok(), "/account/verify", &[("act", "face")]).await;
        face.ok().lacks("刷脸通过").lacks("http://face.example/").has("返回，再试一次");
        who.get(&format!("{}?then=on", face.place())).await.ok().at(&face.place());
        who.get(&to).await.ok().at("/account/step-up").has("本人刷脸一次");
    }
    let kinds = evidence(t, &made::declarer(DISABILITY)).await;
    let faces: Vec<_> = kinds.iter().filter(|e| e.kind == EvidenceKind::Face).map(|e| e.result.as_str()).collect();
    // Who broke it off, or let the link run out, has shown nothing.
    assert_eq!(faces.len(), 4, "{faces:?}");
    // The verifier that is down is told, and nothing is counted.
    fails(t, "verifier-down");
    let step = who.get(&to).await;
    who.submit(&step, "/account/verify", &[("act", "face")]).await.is(503).has("暂时没有应答");
});

both!(a_link_that_ran_out_does_not_count_however_the_verifier_answers, async |t| {
    t.verifier.faces_are(|| Ok(FaceOutcome::Match));
    let (face, who) = (made::face(t, "linyue").await, t.citizen("linyue").await);
    t.advance(20 * 60);
    who.get(&format!("/account/faces/{face}")).await.ok().has("链接已过期");
    assert_eq!(level(t, "linyue").await, 2);
    t.verifier.faces_are(|| Ok(FaceOutcome::Waiting));
    let face = made::face(t, "linyue").await;
    who.get(&format!("/account/faces/{face}")).await.ok().has("请本人刷脸");
    t.advance(20 * 60);
    who.get(&format!("/account/faces/{face}")).await.ok().has("链接已过期");
});

both!(the_result_is_taken_with_a_face_and_seen_without, async |t| {
    let case = made::granted_at_desk(t, RESIDENCE, "gaj").await;
    let (ctx, id) = (made::as_department(t, "gaj"), case.id);
    let hash = t.app.files.put(made::PDF.to_vec()).await.unwrap();
    let (key, name, size) = ("result".to_owned(), "居住证.pdf".to_owned(), made::PDF.len() as i64);
    let file = cloudmart::cases::NewFile { key, name, hash, size, mime: "application/pdf" };
    t.app.db.write(move |c| cloudmart::cases::add_result(c, &ctx, &case, &file)).await.unwrap();
    let who = t.citizen(&made::declarer(RESIDENCE)).await;
    let page = who.get(&format!("/my/cases/{id}")).await;
    page.ok().has("居住证.pdf").has("打开结果前");
    let link = page.between("class=\"download\" href=\"", "\"");
    let step = who.get(&link).await;
    step.ok().at("/account/step-up").has("领取结果要达到三级").lacks("30 分钟内刷过脸");
    let face = who.submit(&step, "/account/verify", &[("act", "face")]).await;
    let result = who.get(&face.ok().link("/account/step-up")).await;
    assert_eq!((result.path.as_str(), &result.bytes[..]), (link.as_str(), made::PDF));
    who.get(&format!("/my/cases/{id}")).await.ok().lacks("打开结果前");
});

both!(what_ended_blocks_the_step_that_it_opened, async |t| {
    let (draft, who) = ready(t, made::HYGIENE).await;
    let (path, key) = (format!("/declare/drafts/{draft}"), made::declarer(made::HYGIENE));
    let review = who.get(&format!("{path}/review")).await;
    review.ok().lacks("提交前要达到");
    // The seed data was vouched for some moments after the beginning.
    t.advance(2 * 365 * DAY + 3600);
    let who = t.citizen(&key).await;
    let token = who.token().await;
    let step = who.post(&format!("{path}/submit"), &[("_csrf", &token), ("agree", "1")]).await;
    step.ok().at("/account/step-up").has("核对姓名和身份证号").has("未核验");
    assert_eq!(made::draft_state(t, draft, &key).await, State::Draft);
    // What was declared is one's own, and asks for a first level again.
    let case = made::at_window(t, made::HYGIENE).await;
    let own = t.citizen("linyue").await;
    own.get(&format!("/my/cases/{}/declaration", case.id)).await.ok().at("/account/step-up").has("查看本人申报内容");
    own.get(&format!("/my/cases/{}", case.id)).await.ok().has("办件");
});

both!(the_page_of_a_step_is_for_ones_own_alone, async |t| {
    let draft = made::draft(t, DISABILITY).await;
    let other = t.citizen("hezimo").await;
    other.get(&format!("/account/step-up?step=sign&case={draft}&back=/my")).await.is(404);
    other.get("/account/step-up?step=sign&item=nothing&back=/my").await.is(404);
    other.get("/account/step-up?step=dance&item=residence-permit&back=/my").await.is(404);
    other.get("/account/step-up?step=sign&back=/my").await.is(404);
    // Who lacks nothing is not kept; another site is no way back.
    other.get("/account/step-up?step=sign&item=residence-permit&back=/my").await.ok().at("/my");
    let away = other.get_once("/account/step-up?step=sign&item=residence-permit&back=//evil.example/").await;
    assert_eq!(away.header("location"), Some("/"));
});
