//! Acting for others: by what, for what, until when; that it is chosen openly, stands on the case, and ends at once.

mod ends;

use cloudmart::cases::{self, Case, CaseId, NewFile};
use cloudmart::db::Conn;
use cloudmart::files::Hash;
use cloudmart::flows;
use cloudmart::identity::mandates::{self, Offer};
use cloudmart::identity::{EvidenceKind, MandateId, MandateKind, Power};
use cloudmart::kernel::{Acting, Ctx, Day, Error, Id, Kind, Result};

use crate::harness::{Browser, Seen, TestApp};
use crate::made::{self, FOOD, HYGIENE};

/// Represents the first, is no agent; an agent of another; represents one that her account does not know of yet; has none.
const LINYUE: &str = "linyue";
const CHEN: &str = "chenzhiyuan";
const ZHOU: &str = "zhoumin";
const HE: &str = "hezimo";

const SHOP: &str = "云川市兰渚区小满面馆（个体工商户）";
const HOTEL: (&str, &str) = ("云川市云栖酒店管理有限公司", "91980103MA6WQ00338");

/// What a person of the demo holds in force.
async fn held(t: &TestApp, key: &str) -> Vec<mandates::Held> {
    let ctx = made::as_person(t, key).await;
    let own = t.app.db.read(move |c| mandates::of_self(c, &ctx)).await.unwrap();
    let today = t.clock.now().day();
    own.held.into_iter().filter(|h| h.mandate.is_in_force(today)).collect()
}

/// A person of the demo, acting by what they hold of this kind.
async fn acting_as(t: &TestApp, key: &str, kind: MandateKind) -> Ctx {
    let held = held(t, key).await.into_iter().find(|h| h.mandate.kind == kind).unwrap();
    let m = held.mandate;
    let acting = Acting { mandate: m.id.0, principal: m.principal.0, items: m.items };
    Ctx { acting: Some(acting), ..made::as_person(t, key).await }
}

/// A person of the demo, acting by the one mandate that they hold.
async fn acting(t: &TestApp, key: &str) -> Ctx {
    let kind = held(t, key).await.remove(0).mandate.kind;
    acting_as(t, key, kind).await
}

fn offer(t: &TestApp, name: &str, phone: &str, items: Vec<Id>, powers: Vec<Power>) -> Offer {
    let until = Some(t.clock.now().plus_secs(30 * 86_400).day());
    Offer { name: name.into(), phone: phone.into(), items, powers, until }
}

/// The first lets the fourth act for the shop.
async fn mandated(t: &TestApp, items: Vec<Id>, powers: Vec<Power>) -> MandateId {
    let (by, ctx) = (held(t, LINYUE).await.remove(0).mandate.id, made::as_person(t, LINYUE).await);
    let offer = offer(t, "何子墨", t.phone(HE), items, powers);
    let id = t.app.db.write(move |c| mandates::offer(c, &ctx, by, &offer)).await.unwrap();
    let ctx = made::as_person(t, HE).await;
    t.app.db.write(move |c| mandates::take(c, &ctx, id)).await.unwrap();
    id
}

/// A draft that lacks nothing.
fn filled(c: &mut Conn, t: &Ctx, books: &flows::Books, slug: &str, hash: Hash) -> Result<CaseId> {
    let item = books.shelf.by_slug(slug)?;
    let case = flows::begin(c, t, books, item.item_id, &flows::Guided::default())?;
    let mut content = cases::content(c, t, &case)?;
    content.answers.extend(made::answers(slug));
    let relevant = item.elements.relevant(&content.applicant.kind, &content.answers);
    flows::save_draft(c, t, books, case.id, None, content)?;
    for material in item.elements.materials.iter().filter(|m| relevant.needs(m)) {
        let (name, key) = (format!("{}.pdf", material.key), material.key.clone());
        let size = made::PDF.len() as i64;
        cases::add_file(c, t, &case, &NewFile { key, name, hash, size, mime: "application/pdf" })?;
    }
    Ok(case.id)
}

async fn draft(t: &TestApp, ctx: &Ctx, slug: &'static str) -> Result<CaseId> {
    let hash = t.app.files.put(made::PDF.to_vec()).await.unwrap();
    let (ctx, books) = (ctx.clone(), t.app.books());
    t.app.db.write(move |c| filled(c, &ctx, &books, slug, hash)).await
}

async fn submit(t: &TestApp, ctx: &Ctx, id: CaseId, slug: &str) -> Result<Case> {
    let (ctx, books, numbers) = (ctx.clone(), t.app.books(), made::numbers(t, slug).await);
    t.app.db.write(move |c| flows::submit(c, &ctx, &books, id, &numbers)).await
}

async fn declared(t: &TestApp, ctx: &Ctx) -> Case {
    let id = draft(t, ctx, FOOD).await.unwrap();
    submit(t, ctx, id, FOOD).await.unwrap()
}

async fn mine(t: &TestApp, ctx: &Ctx, id: CaseId) -> Result<Case> {
    let ctx = ctx.clone();
    t.app.db.read(move |c| cases::mine(c, &ctx, id)).await
}

fn refused<T>(done: Result<T>) -> (Kind, &'static str) {
    let e: Error = done.err().expect("it was refused");
    (e.kind(), e.code())
}

async fn choose(who: &Browser, name: &str) -> Seen {
    let page = who.get("/account/acting").await;
    let id = page.ok().between(&format!("{name}</h3>"), "</article>");
    let id = id.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    who.post("/account/acting", &[("act", "choose"), ("id", &id)]).await
}

both!(a_representative_shows_that_they_are_one, async |t| {
    let who = t.citizen(ZHOU).await;
    let page = who.get("/account/acting/add?kind=legal").await;
    page.ok().has("添加我代表的单位").has("还可以核验 10 次");
    let of = |name: &'static str, code: &'static str| [("kind", "legal"), ("name", name), ("number", code)];
    who.submit(&page, "/account/acting/add", &of("", "9198")).await.is(422).has("2 到 100 个字").has("9198");
    // Another's; and hers under another name.
    who.submit(&page, "/account/acting/add", &of(SHOP, "92980102MA6XL0010Y"))
        .await
        .is(422)
        .has("登记的法定代表人不是您");
    who.submit(&page, "/account/acting/add", &of("云栖酒店", HOTEL.1)).await.is(422).has("登记的法定代表人不是您");
    assert!(held(t, ZHOU).await.is_empty());
    who.submit(&page, "/account/acting/add", &of(HOTEL.0, HOTEL.1)).await.ok().at("/account/acting").has(HOTEL.0);
    let mandate = held(t, ZHOU).await.remove(0);
    assert_eq!((mandate.mandate.kind, mandate.principal.audience.as_str()), (MandateKind::Representative, "2"));
    // What was asked names the person as the account does.
    let asked = t.verifier.asked().pop().unwrap();
    assert_eq!(
        (asked.name.as_str(), asked.number.as_deref(), asked.of.as_deref()),
        ("周敏", Some(HOTEL.1), Some(HOTEL.0))
    );
    // It counts for a year, and a newer check takes its place.
    assert_eq!(mandate.mandate.until, Day::from_ymd_opt(2027, 3, 2));
    let page = who.get("/account/acting/add?kind=legal").await;
    who.submit(&page, "/account/acting/add", &of(HOTEL.0, HOTEL.1)).await.ok().at("/account/acting");
    assert_eq!(held(t, ZHOU).await.len(), 1);
    t.advance(366 * 86_400);
    assert!(held(t, ZHOU).await.is_empty());
});

both!(a_verifier_that_is_down_costs_no_try, async |t| {
    t.verifier.answers(|_| Err(Error::outside("verifier-down")));
    let who = t.citizen(ZHOU).await;
    let page = who.get("/account/acting/add?kind=legal").await;
    let fields = [("kind", "legal"), ("name", HOTEL.0), ("number", HOTEL.1)];
    let seen = who.submit(&page, "/account/acting/add", &fields).await;
    seen.is(503).has("暂时没有应答").has(HOTEL.0).has("还可以核验 10 次");
});

both!(who_is_not_known_represents_nobody, async |t| {
    let who = t.citizen("wujiahao").await;
    who.get("/account/acting/add?kind=legal").await.ok().has("请先完成本人实名核验").lacks("统一社会信用代码");
    let fields = [("kind", "legal"), ("name", HOTEL.0), ("number", HOTEL.1)];
    who.post("/account/acting/add", &fields).await.ok().at("/account/verify");
    assert!(t.verifier.asked().is_empty());
});

both!(a_guardian_acts_for_a_child_until_it_is_grown, async |t| {
    let who = t.citizen(LINYUE).await;
    let page = who.get("/account/acting/add?kind=minor").await;
    let of = |name: &'static str, number: &'static str| [("kind", "minor"), ("name", name), ("number", number)];
    // She herself is no child.
    let seen = who.submit(&page, "/account/acting/add", &of("林悦", "980102199204160249")).await;
    seen.is(422).has("已满 18 岁");
    who.submit(&page, "/account/acting/add", &of("林小满", "980102201605120045"))
        .await
        .ok()
        .has("林小满")
        .has("监护人");
    choose(&who, "林小满").await.ok().at("/my");
    who.get("/my").await.ok().has("正在代办").has("林小满");
    let ctx = acting_as(t, LINYUE, MandateKind::Guardian).await;
    let case = declared(t, &ctx).await;
    let content = {
        let (system, case) = (t.system(), case.clone());
        t.app.db.read(move |c| cases::content(c, &system, &case)).await.unwrap()
    };
    let a = &content.applicant;
    assert_eq!((a.name.as_str(), a.id_number.as_str(), a.kind.as_str()), ("林小满", "980102201605120045", "1"));
    assert_eq!((a.agent_name.as_str(), a.agent_id_number.as_str()), ("林悦", "980102199204160249"));
    t.at("2034-05-11 10:00");
    // The register was asked long ago, but it is asked anew for a child of seventeen, and not for one of eighteen.
    let again = t.citizen(LINYUE).await;
    made::shown(t, LINYUE, EvidenceKind::NameIdPhone).await;
    made::shown(t, LINYUE, EvidenceKind::SocialCard).await;
    let page = again.get("/account/acting/add?kind=minor").await;
    again.submit(&page, "/account/acting/add", &of("林小满", "980102201605120045")).await.ok().at("/account/acting");
    t.at("2034-05-12 10:00");
    assert!(held(t, LINYUE).await.is_empty());
});

both!(for_whom_one_acts_is_chosen_openly_and_stands_on_the_case, async |t| {
    let who = t.citizen(LINYUE).await;
    let own = made::submitted(t, FOOD).await;
    who.get("/my").await.ok().lacks("正在代办").has(own.receipt());
    choose(&who, SHOP).await.ok().at("/my").has("正在代办").has(SHOP).lacks(own.receipt());
    // What is for people alone is not for it.
    who.post("/declare/teacher-qualification", &[]).await.is(409).has("不面向您现在代办的这一方");
    // Her own is not the shop's.
    who.get(&format!("/my/cases/{}", own.id)).await.is(404);
    let ctx = acting(t, LINYUE).await;
    let case = declared(t, &ctx).await;
    who.get(&format!("/my/cases/{}", case.id)).await.ok().has(SHOP).has("92980102MA6XL0010Y");
    // The clerk sees for whom, by what and at which level.
    let clerk = t.clerk().await;
    let page = clerk.get(&format!("/hall/cases/{}", case.id)).await;
    page.ok().has("代办依据").has("法定代表人本人申报").has("二级（实名注册）").has("林悦");
    // Back to herself, the shop's is not hers.
    who.post("/account/acting", &[("act", "choose")]).await.ok().at("/my").lacks("正在代办").has(own.receipt());
    who.get(&format!("/my/cases/{}", case.id)).await.is(404);
});

both!(who_says_so_themself_is_not_vouched_for, async |t| {
    let (ctx, books, hash) =
        (made::as_person(t, HE).await, t.app.books(), t.app.files.put(made::PDF.to_vec()).await.unwrap());
    let make = move |c: &mut Conn| {
        let id = filled(c, &ctx, &books, FOOD, hash)?;
        let case = cases::mine(c, &ctx, id)?;
        let mut content = cases::content(c, &ctx, &case)?;
        content.applicant.kind = "2".into();
        content.applicant.name = SHOP.into();
        content.applicant.id_number = "92980102MA6XL0010Y".into();
        flows::save_draft(c, &ctx, &books, id, None, content)?;
        Ok(id)
    };
    let id = t.app.db.write(make).await.unwrap();
    let ctx = made::as_person(t, HE).await;
    let case = submit(t, &ctx, id, FOOD).await.unwrap();
    let clerk = t.clerk().await;
    clerk.get(&format!("/hall/cases/{}", case.id)).await.ok().has("关系没有核验过").has("请核对授权委托书");
    // And it is not the shop's own.
    let shop = acting(t, LINYUE).await;
    assert_eq!(refused(mine(t, &shop, case.id).await).0, Kind::NotFound);
});

both!(an_agent_takes_it_on_by_themself, async |t| {
    let rep = t.citizen(LINYUE).await;
    let by = held(t, LINYUE).await.remove(0).mandate.id;
    let place = format!("/account/acting/{by}");
    let page = rep.get(&place).await;
    page.ok().has("还没有经办人").has("食品经营许可");
    let bad = [("name", "何"), ("phone", "123"), ("until", "2031-01-01"), ("scope", "some")];
    // The shape of the form first, then what stands in it.
    rep.submit(&page, &place, &bad).await.is(422).has("请至少选一个事项");
    let bad = [("name", "何"), ("phone", "123"), ("until", "2031-01-01"), ("scope", "all")];
    rep.submit(&page, &place, &bad).await.is(422).has("委托最长三年").has("value=\"123\"").has("有 3 处");
    // Nothing is given by what was not said, or said twice.
    let food = made::item(t, FOOD).to_string();
    let bare = [("name", "何子墨"), ("phone", t.phone(HE)), ("until", "2026-12-31")];
    rep.post(&place, &bare).await.is(422).has("请至少选一个事项");
    let both = [&bare[..], &[("scope", "all"), ("item", food.as_str())]].concat();
    rep.post(&place, &both).await.is(422).has("又选了部分事项");
    let good = [("name", "何子墨"), ("phone", t.phone(HE)), ("until", "2026-12-31"), ("scope", "all")];
    rep.submit(&page, &place, &good).await.ok().has("何子墨").has("待接受").has("2026-12-31").lacks(t.phone(HE));
    // Nobody else sees it; who has another name than it says cannot take it on.
    t.citizen(CHEN).await.get("/account/acting").await.ok().lacks("有委托等您接受");
    let agent = t.citizen(HE).await;
    let page = agent.get("/account/acting").await;
    page.ok().has("有委托等您接受").has(SHOP);
    agent.submit(&page, "/account/acting", &[("act", "take")]).await.ok().has("已接受").has("经办人");
    rep.get(&place).await.ok().has("有效").lacks("待接受");
    // To a name that is not the phone's.
    let page = rep.get(&place).await;
    let other = [("name", "何子默"), ("phone", t.phone(HE)), ("until", "2026-12-31"), ("scope", "all")];
    rep.submit(&page, &place, &other).await.ok();
    let page = agent.get("/account/acting").await;
    agent.submit(&page, "/account/acting", &[("act", "take")]).await.is(409).has("姓名和您的实名不一样");
    // To nobody at all: the page says the same.
    let page = rep.get(&place).await;
    let nobody = [("name", "张三"), ("phone", "13900000000"), ("until", "2026-12-31"), ("scope", "all")];
    rep.submit(&page, &place, &nobody).await.ok().has("委托已发出");
});

both!(a_mandate_reaches_as_far_as_it_says, async |t| {
    let food = made::item(t, FOOD).0;
    mandated(t, vec![food], vec![]).await;
    let agent = acting(t, HE).await;
    // Another item is not within it, neither to declare nor to see.
    assert_eq!(refused(draft(t, &agent, HYGIENE).await), (Kind::Forbidden, "mandate-item"));
    let rep = acting(t, LINYUE).await;
    let other = draft(t, &rep, HYGIENE).await.unwrap();
    assert_eq!(refused(mine(t, &agent, other).await).0, Kind::NotFound);
    // He prepares, and may not sign; she goes on with what he prepared.
    let id = draft(t, &agent, FOOD).await.unwrap();
    assert_eq!(refused(submit(t, &agent, id, FOOD).await), (Kind::Forbidden, "mandate-power"));
    let case = submit(t, &rep, id, FOOD).await.unwrap();
    assert_eq!(case.person_id.map(|p| p.0), rep.actor.id());
    let (ctx, books) = (agent.clone(), t.app.books());
    let withdraw = move |c: &mut Conn| flows::withdraw(c, &ctx, &books, id, "不办了");
    assert_eq!(refused(t.app.db.write(withdraw).await), (Kind::Forbidden, "mandate-power"));
    // He sees how it goes, in his list too, and does not take the result.
    let browser = t.citizen(HE).await;
    choose(&browser, SHOP).await.ok().has(case.receipt());
    browser.get(&format!("/my/cases/{id}")).await.ok().has(SHOP);
    let (ctx, books, own) = (agent.clone(), t.app.books(), case.clone());
    let collect = move |c: &mut Conn| flows::require_for(c, &ctx, &books, &own, cloudmart::catalogue::Act::Collect);
    assert_eq!(refused(t.app.db.read(collect).await), (Kind::Forbidden, "mandate-power"));
});

both!(what_is_another_s_is_not_there, async |t| {
    let id = mandated(t, vec![], vec![]).await;
    let by = held(t, LINYUE).await.remove(0).mandate.id;
    let stranger = t.citizen(ZHOU).await;
    for path in
        [format!("/account/acting/{by}"), format!("/account/acting/{id}/end"), format!("/account/acting/{by}/end")]
    {
        stranger.get(&path).await.is(404);
    }
    stranger.post("/account/acting", &[("act", "choose"), ("id", &id.to_string())]).await.is(404);
    stranger.post("/account/acting", &[("act", "take"), ("id", &id.to_string())]).await.is(404);
    // An agent manages nobody.
    let agent = t.citizen(HE).await;
    agent.get(&format!("/account/acting/{id}")).await.is(404);
    // A mandate that somebody made up does nothing.
    let shop = acting(t, LINYUE).await;
    let forged = Ctx { acting: shop.acting.clone(), ..made::as_person(t, ZHOU).await };
    assert_eq!(refused(draft(t, &forged, FOOD).await), (Kind::Forbidden, "mandate-ended"));
});

both!(at_a_window_it_is_the_shop_s_too, async |t| {
    let clerk = made::as_staff(t, "clerk.h01.1").await;
    let (books, numbers) = (t.app.books(), made::numbers(t, FOOD).await);
    let item = books.shelf.by_slug(FOOD).unwrap();
    let applicant = cases::Applicant {
        kind: "2".into(),
        name: SHOP.into(),
        id_kind: "uscc".into(),
        id_number: "92980102MA6XL0010Y".into(),
        phone: "13800138101".into(),
        address: String::new(),
        agent_name: "林悦".into(),
        agent_id_number: "980102199204160249".into(),
    };
    let declaration = flows::Declaration {
        item: item.item_id,
        hall: None,
        content: cases::Content { applicant, answers: made::answers(FOOD) },
        files: vec![],
        on_paper: item.elements.materials.iter().map(|m| m.key.clone()).collect(),
    };
    let declare = move |c: &mut Conn| flows::declare_at_window(c, &clerk, &books, &declaration, &numbers);
    let case = t.app.db.write(declare).await.unwrap();
    assert_eq!(case.person_id, Some(t.person(LINYUE).await));
    let shop = acting(t, LINYUE).await;
    assert_eq!(mine(t, &shop, case.id).await.unwrap().id, case.id);
    // It is the shop's, and not her own.
    let herself = made::as_person(t, LINYUE).await;
    assert_eq!(refused(mine(t, &herself, case.id).await).0, Kind::NotFound);
});

both!(at_a_window_a_mandate_reaches_no_further, async |t| {
    mandated(t, vec![made::item(t, HYGIENE).0], Power::ALL.to_vec()).await;
    let clerk = made::as_staff(t, "clerk.h01.1").await;
    let (books, numbers) = (t.app.books(), made::numbers(t, FOOD).await);
    let item = books.shelf.by_slug(FOOD).unwrap();
    let applicant = cases::Applicant {
        kind: "2".into(),
        name: SHOP.into(),
        id_kind: "uscc".into(),
        id_number: "92980102MA6XL0010Y".into(),
        phone: "13800138104".into(),
        address: String::new(),
        agent_name: "何子墨".into(),
        agent_id_number: "980103199908215312".into(),
    };
    let declaration = flows::Declaration {
        item: item.item_id,
        hall: None,
        content: cases::Content { applicant, answers: made::answers(FOOD) },
        files: vec![],
        on_paper: item.elements.materials.iter().map(|m| m.key.clone()).collect(),
    };
    let declare = move |c: &mut Conn| flows::declare_at_window(c, &clerk, &books, &declaration, &numbers);
    let case = t.app.db.write(declare).await.unwrap();
    // It is the shop's, and he is neither told of it nor named as who may declare it.
    assert_eq!(case.person_id, None);
    let found = case.clone();
    assert!(t.app.db.read(move |c| cases::declarant(c, &found)).await.unwrap().is_none());
    mine(t, &acting(t, LINYUE).await, case.id).await.unwrap();
});
