//! Forms whose questions and materials depend on the answers, and guidance: from a wish to items, and from answers to materials.

use cloudmart::catalogue::topics::{self, Topic};
use cloudmart::kernel::{Actor, Kind, Permission};

use crate::harness::{Browser, Seen};
use crate::made::{self, FOOD};

const PDF: &[u8] = made::PDF;

async fn begin(who: &Browser, slug: &str) -> (String, Seen) {
    let start = who.get(&format!("/declare/{slug}")).await;
    let form = who.submit(start.ok(), &format!("/declare/{slug}"), &[]).await;
    (form.ok().path.clone(), form)
}

both!(materials_and_questions_follow_from_the_answers, async |t| {
    let linyue = t.citizen("linyue").await;
    let (draft, form) = begin(&linyue, FOOD).await;
    form.has("data-watch=\"/relevant/").has("name=\"rows\" value=\"look\"");
    let sells = [("form.business_type", "1"), ("form.business_items", "31"), ("form.same_address", "yes")];
    let look = with(&sells, &[("rows", "look")]);
    let seen = linyue.submit(&form, &draft, &look).await;
    seen.ok().at(&draft).has("data-q=\"form.catering_scale\" hidden").has("data-q=\"group.health\" hidden");
    let materials = linyue.get(&format!("{draft}/materials")).await;
    materials.ok().has("食品经营许可申请书").lacks("material.health_certificate").lacks("material.premises_proof");
    let cooks = [("form.business_type", "2"), ("form.same_address", "no"), ("rows", "look")];
    let seen = linyue.submit(&seen, &draft, &cooks).await;
    seen.ok().lacks("data-q=\"form.catering_scale\" hidden").lacks("data-q=\"group.health\" hidden");
    let materials = linyue.get(&format!("{draft}/materials?check=1")).await;
    materials.ok().has("href=\"#material.health_certificate\"").has("href=\"#material.premises_proof\"");
    // Asked and needed now: told with the rest.
    let seen = linyue.submit(&seen, &draft, &[("act", "next")]).await;
    seen.is(422).has("href=\"#form.catering_scale\"");
});

both!(rows_come_and_go_without_script, async |t| {
    let linyue = t.citizen("linyue").await;
    let (draft, form) = begin(&linyue, FOOD).await;
    let first = [("form.business_type", "2"), ("form.health.0.health_name", "周海"), ("rows", "add:health")];
    let seen = linyue.submit(&form, &draft, &first).await;
    seen.ok()
        .has("name=\"form.health.n\" value=\"2\"")
        .has("value=\"周海\"")
        .has("id=\"form.health.1\" tabindex=\"-1\" data-focus");
    let second = [("form.health.1.health_name", "吴梅"), ("form.health.1.health_until", "2027-01-31"), ("act", "next")];
    let seen = linyue.submit(&seen, &draft, &second).await;
    seen.is(422).has("href=\"#form.health.0.health_until\"").has("健康证明持有人 1 · 证明有效期至");
    seen.lacks("href=\"#form.health.1.health_until\"");
    let seen = linyue.submit(&seen, &draft, &[("rows", "remove:health.0")]).await;
    seen.ok().has("name=\"form.health.n\" value=\"1\"").has("value=\"吴梅\"").lacks("周海");
    // What a row says is read again on the page before handing in.
    let review = linyue.get(&format!("{draft}/review")).await;
    review.ok().has("健康证明持有人 1").has("吴梅").has("2027-01-31");
});

both!(what_another_answer_made_unnecessary_is_not_handed_in, async |t| {
    let linyue = t.citizen("linyue").await;
    let draft = made::draft(t, FOOD).await;
    let ctx = made::as_person(t, &made::declarer(FOOD)).await;
    assert_eq!(made::declarer(FOOD), "linyue");
    let path = format!("/declare/drafts/{draft}");
    let up = [("material.premises_proof", "租赁合同.pdf", PDF)];
    let page = linyue.get(&path).await;
    let page = linyue.submit(&page, &path, &[("form.same_address", "no"), ("rows", "look")]).await;
    let materials = linyue.get(&format!("{path}/materials")).await;
    linyue.submit_files(materials.ok(), &format!("{path}/materials"), &[("act", "next")], &up).await.ok();
    let page = linyue.submit(&page, &path, &[("form.same_address", "yes"), ("act", "next")]).await;
    page.ok().at(&format!("{path}/materials")).lacks("租赁合同.pdf");
    let review = linyue.get(&format!("{path}/review")).await;
    let done = linyue.submit(review.ok(), &format!("{path}/submit"), &[("agree", "1")]).await;
    done.ok().has("申报已提交");
    let files = t.app.db.read(move |c| {
        let case = cloudmart::cases::mine(c, &ctx, draft)?;
        cloudmart::cases::files(c, &ctx, &case)
    });
    assert!(files.await.unwrap().iter().all(|f| f.key != "premises_proof"));
});

both!(a_correction_that_makes_a_material_necessary_brings_it, async |t| {
    let case = made::correcting(t, FOOD).await;
    let citizen = t.citizen(&made::declarer(FOOD)).await;
    let path = format!("/my/cases/{}/correction", case.id);
    let page = citizen.get(&path).await;
    page.ok().has("data-watch").has("data-q=\"material.premises_proof\" hidden");
    let send = [("form.same_address", "no"), ("answer", "地址不一致"), ("act", "send")];
    let seen = citizen.submit(&page, &path, &send).await;
    seen.is(422).lacks("data-q=\"material.premises_proof\" hidden");
    let up = [("material.premises_proof", "租赁合同.pdf", PDF)];
    let seen = citizen.submit_files(&seen, &path, &send, &up).await;
    seen.ok().at(&format!("/my/cases/{}", case.id));
});

both!(guidance_tells_the_materials_of_ones_own_case_and_goes_on_to_the_declaration, async |t| {
    let anyone = t.anyone();
    let path = format!("/items/{FOOD}/situation");
    anyone.get(&format!("/items/{FOOD}")).await.ok().has(&format!("href=\"{path}\""));
    anyone.get(&path).await.ok().has("主体业态").lacks("经营者名称").lacks("需要的材料");
    anyone.get(&format!("{path}?go=1")).await.ok().has("还有问题没有回答").lacks("需要的材料");
    let answers =
        "applicant.kind=2&form.business_type=2&form.business_items=21&form.online_sale=no&form.central_kitchen=no";
    let home = format!("{path}?{answers}&form.same_address=yes&go=1");
    let result = anyone.get(&home).await;
    result.ok().has("需要的材料").has("健康证明").lacks("经营场所使用证明（产权").has("可以不提交其他 1 项材料");
    result.has("data:image/svg+xml;base64,").has("data-copy=\"");
    anyone.get(&format!("{path}?{answers}&form.same_address=no&go=1")).await.ok().has("经营场所使用证明（产权");
    // Asked for by the page's script.
    let item = t.app.books().shelf.by_slug(FOOD).unwrap();
    let places = anyone.get(&format!("/relevant/{}?form.business_type=1", item.version_id)).await.ok().json();
    assert!(places["hidden"].as_array().unwrap().iter().any(|p| p == "form.central_kitchen"), "{places}");

    let declare = result.link(&format!("/declare/{FOOD}?"));
    let linyue = t.citizen("linyue").await;
    let start = linyue.get(&declare).await;
    start.ok().has("情形引导的回答会填入表单");
    let form = linyue.submit(&start, &format!("/declare/{FOOD}"), &[]).await;
    form.ok().has("name=\"form.business_type\" value=\"2\" checked").has("name=\"form.same_address\" value=\"yes\"");
    // The account's own name is not the enterprise's.
    form.has("name=\"applicant.kind\" value=\"2\" checked").lacks("name=\"applicant.name\" value=\"林悦\"");
    // With a draft there already, the answers can be put into it.
    let again = linyue.get(&declare.replace("same_address=yes", "same_address=no")).await;
    again.ok().has("填入回答并继续");
    let form = linyue.submit(&again, &format!("/declare/{FOOD}"), &[]).await;
    form.ok().has("name=\"form.same_address\" value=\"no\" checked");
});

both!(a_topic_leads_to_the_items_that_a_wish_takes, async |t| {
    let anyone = t.anyone();
    anyone.get("/").await.ok().has("/topics/open-restaurant");
    anyone.get("/items?q=开餐馆要什么手续").await.ok().has("您是不是想").has("/topics/open-restaurant");
    anyone.get("/items?q=社保卡").await.ok().lacks("您是不是想");
    anyone.get("/topics").await.ok().has("我要开办餐饮店");
    let path = "/topics/open-restaurant";
    anyone.get(path).await.ok().has("经营面积").lacks("您要办");
    let of = |area: &str, registered: &str| {
        format!(
            "{path}?applicant.kind=1&form.registered={registered}&form.form=2&form.business_type=2&form.online_sale=no&form.area={area}&form.sign=no&form.same_address=no&go=1"
        )
    };
    let small = anyone.get(&of("80", "no")).await;
    small.ok().has("您要办 2 个事项").has("个体工商户设立登记").has("食品经营许可").lacks("消防安全检查");
    // A family's, so its papers are needed; the address was not asked of who has no licence yet.
    small.has("参加经营的家庭成员身份证明").has("按我的情形查看");
    let large = anyone.get(&of("300", "yes")).await;
    large.ok().has("您要办 2 个事项").has("消防安全检查").lacks("个体工商户设立登记");
    let situation = large.link("/items/food-operation-licence/situation?");
    anyone.get(&situation).await.ok().has("name=\"form.same_address\" value=\"no\" checked").has("value=\"2\" checked");
    let places = anyone.get(&format!("{path}/relevant?form.registered=no")).await.ok().json();
    assert!(places["hidden"].as_array().unwrap().iter().any(|p| p == "form.same_address"), "{places}");
    anyone.get("/topics/nothing").await.is(404);
});

both!(the_topics_of_the_seed_data_lead_somewhere, async |t| {
    let shelf = t.app.books().shelf;
    assert!(shelf.topics().len() >= 5);
    for topic in shelf.topics() {
        assert_eq!(topic.check(&shelf), [], "{}", topic.key);
        assert!(topic.keywords.iter().all(|word| shelf.topics_for(word).iter().any(|t| t.key == topic.key)));
    }
});

both!(a_result_is_kept_at_hand, async |t| {
    let address = "/topics/open-restaurant?applicant.kind=1&form.area=80&go=1";
    let anyone = t.anyone().post("/kept", &[("address", address), ("on", "1")]).await;
    anyone.ok().at("/login").has("登录");
    let linyue = t.citizen("linyue").await;
    for _ in 0..2 {
        linyue.post("/kept", &[("address", address), ("on", "1")]).await.ok().has("已收藏");
    }
    linyue.get("/my/favourites").await.ok().has("我要开办餐饮店").has("form.area=80");
    t.citizen("huangshuzhen").await.get("/my/favourites").await.ok().lacks("我要开办餐饮店");
    for strange in ["/admin/staff", "https://elsewhere.example/topics/x", "//elsewhere.example"] {
        linyue.post("/kept", &[("address", strange), ("on", "1")]).await.is(422);
    }
    linyue.post("/kept", &[("address", address), ("on", "0")]).await.ok();
    linyue.get("/my/favourites").await.ok().lacks("我要开办餐饮店");
});

both!(a_topic_is_written_by_one_and_reviewed_by_another, async |t| {
    let (editor, reviewer) =
        (made::as_staff(t, "catalogue.editor").await, made::as_staff(t, "catalogue.reviewer").await);
    let of_department = made::as_staff(t, "scjg.editor").await;
    let shelf = t.app.books().shelf;
    let mut topic: Topic = (*shelf.topic("open-hotel").unwrap()).clone();
    topic.name.zh = "我要开民宿".into();
    let write = |ctx: &cloudmart::kernel::Ctx, revision: i32, topic: &Topic| {
        let (ctx, topic) = (ctx.clone(), topic.clone());
        t.app.db.write(move |c| topics::save_topic(c, &ctx, revision, &topic))
    };
    let publish = |ctx: &cloudmart::kernel::Ctx, revision: i32| {
        let (ctx, shelf) = (ctx.clone(), t.app.books().shelf);
        t.app.db.write(move |c| topics::publish_topic(c, &ctx, &shelf, "open-hotel", revision))
    };
    assert_eq!(write(&of_department, 0, &topic).await.unwrap_err().kind(), Kind::Forbidden);
    assert_eq!(write(&editor, 0, &topic).await.unwrap_err().code(), "already-there");
    let mut wrong = topic.clone();
    wrong.items[0].only_if = Some("nothing == '1'".into());
    wrong.items[1].item = "no-such-item".into();
    let first = topic_revision(t, "open-hotel").await;
    let second = write(&editor, first, &wrong).await.unwrap();
    assert_eq!(publish(&reviewer, second).await.unwrap_err().code(), "topic-wrong");
    assert_eq!(write(&editor, first, &topic).await.unwrap_err().code(), "topic-edited", "somebody else was quicker");
    // Who had a hand in it reviews it as little as who wrote last.
    let mut both = reviewer.clone();
    if let Actor::Staff(staff) = &mut both.actor {
        staff.permissions = staff.permissions.with(Permission::Write);
    }
    let second = write(&both, second, &topic).await.unwrap();
    let third = write(&editor, second, &topic).await.unwrap();
    assert_eq!(publish(&both, third).await.unwrap_err().code(), "own-change");
    let (ctx, stale) = (editor.clone(), second);
    let drop = t.app.db.write(move |c| topics::drop_topic_draft(c, &ctx, "open-hotel", stale));
    assert_eq!(drop.await.unwrap_err().code(), "topic-edited", "not what was read");
    let ctx = editor.clone();
    t.app.db.write(move |c| topics::drop_topic_draft(c, &ctx, "open-hotel", third)).await.unwrap();
    let third = write(&editor, third + 1, &topic).await.unwrap();
    assert_eq!(publish(&editor, third).await.unwrap_err().kind(), Kind::Forbidden);
    assert_eq!(publish(&reviewer, second).await.unwrap_err().code(), "topic-edited", "not what was read");
    t.anyone().get("/topics").await.ok().lacks("我要开民宿");
    publish(&reviewer, third).await.unwrap();
    t.app.refresh().await.unwrap();
    t.anyone().get("/topics").await.ok().has("我要开民宿");
    // The files do not undo it.
    cloudmart::cli::seed::items(&t.app, cloudmart::cli::seed::Items::Complete).await.unwrap();
    t.anyone().get("/topics").await.ok().has("我要开民宿");
});

async fn topic_revision(t: &crate::harness::TestApp, key: &'static str) -> i32 {
    let ctx = made::as_staff(t, "catalogue.editor").await;
    t.app.db.read(move |c| topics::topic(c, &ctx, key)).await.unwrap().revision
}

both!(conditions_are_checked_when_they_are_saved, async |t| {
    let change = made::revising(t, FOOD).await;
    let editor = t.staff("catalogue.editor").await;
    let path = format!("/catalogue/changes/{change}/form");
    let page = editor.get(&path).await;
    page.ok().has("条件里可用的编号").has("business_type").has("试填").has("data-trial=");
    // The first question of the first group.
    let name = "form.groups.0.fields.1.only_if";
    let seen = editor.submit(&page, &path, &[(name, "business_type =="), ("do", "save")]).await;
    seen.is(422).has("条件写法有误").has("value=\"business_type ==\"");
    let circle =
        [(name, "online_sale == 'yes'"), ("form.groups.0.fields.2.only_if", "'21' in business_items"), ("do", "save")];
    let seen = editor.submit(&seen, &path, &circle).await;
    seen.ok().has("条件互相依赖，形成循环");
    let back = format!("/catalogue/changes/{change}");
    let page = editor.get(&back).await;
    let refused = editor.submit(page.ok(), &back, &[("act", "submit"), ("reason", "增加条件")]).await;
    refused.has("检查发现错误，不能提交或生效");
    let page = editor.get(&path).await;
    let never = [(name, "business_type == '9'"), ("form.groups.0.fields.2.only_if", ""), ("do", "save")];
    editor.submit(&page, &path, &never).await.ok().has("条件永远不会成立");
});

both!(a_form_is_tried_while_it_is_made, async |t| {
    let change = made::revising(t, FOOD).await;
    let editor = t.staff("catalogue.editor").await;
    let path = format!("/catalogue/changes/{change}/form");
    let page = editor.get(&path).await;
    let trial = format!("{path}/trial");
    let sells = [("form.business_type", "1"), ("form.groups.0.title.zh", "先问情形")];
    let seen = editor.submit_to(&page, &path, &trial, &sells).await;
    // What is not saved is shown, and what is tried counts.
    seen.ok().has("先问情形").has("data-q=\"form.catering_scale\" hidden").has("此情形不需要").lacks("<html");
    let cooks = editor.submit_to(&page, &path, &trial, &[("form.business_type", "2")]).await;
    cooks.ok().lacks("data-q=\"form.catering_scale\" hidden");
    let rows = editor
        .submit_to(&page, &path, &trial, &[("form.business_type", "2"), ("form.health.n", "1"), ("rows", "add:health")])
        .await;
    rows.ok().has("name=\"form.health.n\" value=\"2\"");
    editor.get(&path).await.ok().lacks("先问情形");
});

fn with<'a>(all: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = all.iter().filter(|(k, _)| !more.iter().any(|(m, _)| m == k)).copied().collect();
    fields.extend_from_slice(more);
    fields
}
