//! How the catalogue changes: written by one, reviewed by another, in force on its day; and what the public sees of it.

use cloudmart::audit;
use cloudmart::cases;
use cloudmart::catalogue::changes::{self, ChangeId, ChangeKind, ChangeState, Proposal};
use cloudmart::catalogue::{Elements, ItemId};
use cloudmart::flows;
use cloudmart::kernel::{Actor, Ctx, Day, Kind, Permission};

use crate::harness::TestApp;
use crate::made::{self, FOOD, HYGIENE, turned};

const EDITOR: &str = "catalogue.editor";
const REVIEWER: &str = "catalogue.reviewer";

fn item(t: &TestApp, slug: &str) -> ItemId {
    t.app.books().shelf.by_slug(slug).unwrap().item_id
}

/// A draft with these elements.
async fn drafted(t: &TestApp, slug: &str, change: impl Fn(&mut Elements)) -> ChangeId {
    let (ctx, id, mut doc) = (made::as_staff(t, EDITOR).await, item(t, slug), made::elements(t, slug));
    change(&mut doc);
    let write = move |c: &mut cloudmart::db::Conn| {
        let change = changes::propose(c, &ctx, Proposal::Revise(id))?;
        changes::save(c, &ctx, change, 1, doc.clone())?;
        Ok(change)
    };
    t.app.db.write(write).await.unwrap()
}

async fn submitted(t: &TestApp, id: ChangeId, from: Option<Day>) -> cloudmart::kernel::Result<()> {
    let (ctx, shelf) = (made::as_staff(t, EDITOR).await, t.app.books().shelf);
    t.app.db.write(move |c| changes::submit(c, &ctx, shelf.codes(), id, "依据更新", from)).await
}

async fn approved_by(t: &TestApp, ctx: Ctx, id: ChangeId) -> cloudmart::kernel::Result<ChangeState> {
    let shelf = t.app.books().shelf;
    let revision = now(t, id).await.revision;
    let state = t.app.db.write(move |c| changes::approve(c, &ctx, shelf.codes(), id, revision, "同意")).await;
    t.app.refresh().await.unwrap();
    state
}

async fn approved(t: &TestApp, id: ChangeId) -> ChangeState {
    approved_by(t, made::as_staff(t, REVIEWER).await, id).await.unwrap()
}

async fn now(t: &TestApp, id: ChangeId) -> changes::Change {
    let ctx = made::as_staff(t, EDITOR).await;
    t.app.db.read(move |c| changes::change(c, &ctx, id)).await.unwrap()
}

both!(a_revision_is_written_on_pages_reviewed_by_another_and_seen_by_everybody, async |t| {
    let case = made::submitted(t, FOOD).await;
    let (editor, reviewer) = (t.staff(EDITOR).await, t.staff(REVIEWER).await);
    let list = editor.get("/catalogue?q=食品经营").await;
    let one = format!("/catalogue/items/{}", item(t, FOOD));
    assert!(list.ok().links().contains(&one));
    let page = editor.get(&one).await;
    let change = editor.submit(&page, &one, &[("kind", "revise")]).await;
    let at = change.ok().has("变更已建立").place();
    let time = editor.get(&format!("{at}/time")).await;
    let bad = editor.submit(&time, &format!("{at}/time"), &[("limits.promised.days", "五"), ("do", "save")]).await;
    assert_eq!(bad.status, 422);
    bad.has("请填写不小于 0 的整数").has("五");
    let saved = editor.submit(&bad, &format!("{at}/time"), &[("limits.promised.days", "5"), ("do", "back")]).await;
    saved.ok().has("已保存").has("承诺办结时限").has("<del>6</del>").has("<ins>5</ins>");
    // Without a reason it is not handed to review, and the reviewer sees it only then.
    let none = editor.submit(&saved, &at, &[("act", "submit"), ("reason", "")]).await;
    assert_eq!(none.status, 422);
    none.has("请填写理由或意见");
    let handed = editor.submit(&none, &at, &[("act", "submit"), ("reason", "压缩时限")]).await;
    handed.ok().has("已提交审核").has("待审核").lacks("审核通过后立即对外生效");
    t.anyone().get(&format!("/items/{FOOD}")).await.ok().has("6<small>");
    let review = reviewer.get(&at).await;
    review.ok().has("压缩时限").has("<ins>5</ins>");
    let unsaid = reviewer.submit(&review, &at, &[("act", "send-back"), ("opinion", "")]).await;
    assert_eq!(unsaid.status, 422);
    let done = reviewer.submit(&unsaid, &at, &[("act", "approve"), ("opinion", "同意")]).await;
    done.ok().has("已审核通过，立即生效").has("第 2 版");
    t.anyone().get(&format!("/items/{FOOD}")).await.ok().has("5<small>");
    editor.get(&format!("{one}/versions/2")).await.ok().has("第 1 版与第 2 版的差异").has("<ins>5</ins>");
    editor.get(&format!("{one}/versions/1")).await.is(404);
    assert_eq!(made::now(t, case.id).await.version_id, case.version_id, "a case keeps its version");
    let id: ChangeId = at.rsplit('/').next().unwrap().parse().unwrap();
    let acts = t.app.db.read(move |c| audit::of_object(c, id.0)).await.unwrap();
    let acts: Vec<_> = acts.into_iter().map(|e| e.action).collect();
    assert_eq!(acts, ["item.propose", "item.edit", "item.submit", "item.approve"]);
});

both!(nobody_reviews_what_they_had_a_hand_in, async |t| {
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    submitted(t, id, None).await.unwrap();
    let mut ctx = made::as_staff(t, EDITOR).await;
    let Actor::Staff(staff) = &mut ctx.actor else { panic!() };
    staff.permissions = staff.permissions.with(Permission::Publish);
    let own = approved_by(t, ctx, id).await.unwrap_err();
    assert_eq!((own.kind(), own.code()), (Kind::Conflict, "own-change"));
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 6);
    assert_eq!(approved(t, id).await, ChangeState::Done);
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 5);
    // It is approved once.
    let again = approved_by(t, made::as_staff(t, REVIEWER).await, id).await.unwrap_err();
    assert_eq!(again.code(), "change-state");
});

both!(what_was_edited_after_the_reviewer_read_it_is_not_approved, async |t| {
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    submitted(t, id, None).await.unwrap();
    let read = now(t, id).await.revision;
    let (ctx, mut doc) = (made::as_staff(t, EDITOR).await, made::elements(t, FOOD));
    doc.limits.promised.days = 1;
    let edit = move |c: &mut cloudmart::db::Conn| {
        changes::recall(c, &ctx, id)?;
        changes::save(c, &ctx, id, read, doc.clone())
    };
    t.app.db.write(edit).await.unwrap();
    submitted(t, id, None).await.unwrap();
    let (ctx, shelf) = (made::as_staff(t, REVIEWER).await, t.app.books().shelf);
    let old = t.app.db.write(move |c| changes::approve(c, &ctx, shelf.codes(), id, read, "")).await.unwrap_err();
    assert_eq!(old.code(), "change-edited");
});

both!(two_who_edit_at_once_see_each_other, async |t| {
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    let (first, second) = (t.staff(EDITOR).await, t.staff("scjg.editor").await);
    let path = format!("/catalogue/changes/{id}/time");
    let (mine, theirs) = (first.get(&path).await, second.get(&path).await);
    first.submit(&mine, &path, &[("limits.promised.days", "4"), ("do", "save")]).await.ok().has("已保存");
    let told = second.submit(&theirs, &path, &[("limits.promised.days", "3"), ("do", "save")]).await;
    assert_eq!(told.status, 409);
    told.has("别人先保存了").has("<del>4</del>").has("<ins>3</ins>");
    assert_eq!(now(t, id).await.doc.unwrap().limits.promised.days, 4);
    second.submit(&told, &path, &[("do", "save")]).await.ok().has("已保存");
    assert_eq!(now(t, id).await.doc.unwrap().limits.promised.days, 3);
});

both!(a_planned_change_comes_into_force_on_its_day_by_itself, async |t| {
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    let day = t.clock.now().day() + chrono::Days::new(3);
    let past = submitted(t, id, t.clock.now().day().pred_opt()).await.unwrap_err();
    assert_eq!(past.field_errors()[0].code, "day-past");
    submitted(t, id, Some(day)).await.unwrap();
    assert_eq!(approved(t, id).await, ChangeState::Planned);
    t.advance(2 * 86400);
    t.settle().await;
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 6);
    t.advance(86400);
    t.settle().await;
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 5);
    let done = now(t, id).await;
    assert_eq!((done.state, done.no), (ChangeState::Done, Some(2)));
});

both!(a_planned_change_that_is_hindered_goes_back_and_holds_up_no_other, async |t| {
    let day = t.clock.now().day() + chrono::Days::new(1);
    let (ctx, mut doc) = (made::as_staff(t, EDITOR).await, made::elements(t, FOOD));
    (doc.slug, doc.basic_code) = ("stall".into(), "000199999000".into());
    doc.code = format!("{}{}", &doc.code[..19], doc.basic_code);
    let (department, new) = (made::department(t, made::MARKET), Box::new(doc.clone()));
    let proposal = Proposal::New(department, new);
    let broken = t.app.db.write(move |c| changes::propose(c, &ctx, proposal.clone())).await.unwrap();
    submitted(t, broken, Some(day)).await.unwrap();
    assert_eq!(approved(t, broken).await, ChangeState::Planned);
    let other = drafted(t, HYGIENE, |e| e.contact.consult = "0980-8121111".into()).await;
    submitted(t, other, Some(day)).await.unwrap();
    approved(t, other).await;
    // Meanwhile a seed brings an item with its code.
    let ctx = t.system();
    t.app.db.write(move |c| cloudmart::catalogue::seed::items(c, &ctx, &[(department, &doc)])).await.unwrap();
    t.advance(86400);
    t.settle().await;
    let back = now(t, broken).await;
    assert_eq!((back.state, back.reviewer_id), (ChangeState::Draft, None));
    assert!(!back.opinion.is_empty(), "it says what hinders it");
    assert_eq!(now(t, other).await.state, ChangeState::Done);
    assert_eq!(made::elements(t, HYGIENE).contact.consult, "0980-8121111");
});

both!(a_suspended_item_is_read_and_not_declared, async |t| {
    let draft = made::draft(t, FOOD).await;
    assert_eq!(turned(t, FOOD, ChangeKind::Suspend).await, ChangeState::Done);
    let citizen = t.citizen(&made::declarer(FOOD)).await;
    let guide = citizen.get(&format!("/items/{FOOD}")).await;
    guide.ok().has("起暂停办理").has("系统升级");
    assert!(!guide.links().contains(&format!("/declare/{FOOD}")));
    citizen.get(&format!("/declare/{FOOD}")).await.ok().has("起暂停办理").lacks("<form class=\"form\"");
    citizen.get(&format!("/declare/drafts/{draft}/review")).await.ok().has("草稿会为您保留");
    let (ctx, books) = (made::as_person(t, &made::declarer(FOOD)).await, t.app.books());
    let numbers = t.app.numbers(&made::elements(t, FOOD).code).await.unwrap();
    let submit = t.app.db.write(move |c| flows::submit(c, &ctx, &books, draft, &numbers)).await;
    assert_eq!(submit.unwrap_err().code(), "item-suspended");
    t.anyone().get("/items?q=食品经营许可").await.ok().has("暂停办理");
    assert_eq!(turned(t, FOOD, ChangeKind::Resume).await, ChangeState::Done);
    t.anyone().get(&format!("/items/{FOOD}")).await.ok().lacks("起暂停办理");
});

both!(a_withdrawn_item_is_gone_and_its_cases_go_on, async |t| {
    let case = made::submitted(t, FOOD).await;
    assert_eq!(turned(t, FOOD, ChangeKind::Withdraw).await, ChangeState::Done);
    t.anyone().get(&format!("/items/{FOOD}")).await.is(404);
    let clerk = t.clerk().await;
    clerk.get(&format!("/hall/cases/{}", case.id)).await.ok();
    let editor = t.staff(EDITOR).await;
    editor.get("/catalogue?state=withdrawn").await.ok().has("食品经营许可（新办）");
});

both!(a_draft_of_an_old_version_is_taken_over_with_what_was_filled_in, async |t| {
    let draft = made::draft(t, FOOD).await;
    let before = made::elements(t, FOOD);
    let (asked, gone) = (before.form.groups[0].fields[0].key.clone(), before.materials[0].key.clone());
    let id = drafted(t, FOOD, |e| {
        let dropped = e.materials.remove(0);
        assert_eq!(dropped.key, before.materials[0].key);
        e.limits.promised.days = 5;
    })
    .await;
    submitted(t, id, None).await.unwrap();
    approved(t, id).await;
    let (ctx, books) = (made::as_person(t, &made::declarer(FOOD)).await, t.app.books());
    let numbers = t.app.numbers(&before.code).await.unwrap();
    let (other, shelf) = (ctx.clone(), books.clone());
    let submit = t.app.db.write(move |c| flows::submit(c, &other, &shelf, draft, &numbers)).await;
    assert_eq!(submit.unwrap_err().code(), "draft-outdated");
    let citizen = t.citizen(&made::declarer(FOOD)).await;
    let path = format!("/declare/drafts/{draft}");
    let page = citizen.get(&path).await;
    page.ok().has("这个事项有了新版本").has(&before.materials[0].name.zh).has("<ins>5</ins>");
    citizen.submit(&page, &format!("{path}/renew"), &[]).await.ok().has("草稿已更新到新版本").lacks("有了新版本");
    let read = move |c: &mut cloudmart::db::Conn| {
        let case = cases::mine(c, &ctx, draft)?;
        Ok((cases::content(c, &ctx, &case)?, cases::files(c, &ctx, &case)?, case))
    };
    let (content, files, case) = t.app.db.read(read).await.unwrap();
    assert!(content.answers.contains_key(&asked));
    assert!(!files.is_empty() && files.iter().all(|f| f.key != gone), "{gone}");
    assert_eq!(case.version_id, books.shelf.by_slug(FOOD).unwrap().version_id);
});

both!(what_has_errors_is_not_submitted, async |t| {
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 90).await;
    assert_eq!(submitted(t, id, None).await.unwrap_err().code(), "item-has-errors");
    let page = t.staff(EDITOR).await.get(&format!("/catalogue/changes/{id}")).await;
    page.ok().has("承诺时限长于法定时限").has("1 处错误");
    let same = drafted(t, HYGIENE, |_| ()).await;
    assert_eq!(submitted(t, same, None).await.unwrap_err().code(), "item-same");
});

both!(an_item_has_one_open_change, async |t| {
    drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    let (ctx, id) = (made::as_staff(t, EDITOR).await, item(t, FOOD));
    let second = t.app.db.write(move |c| changes::propose(c, &ctx, Proposal::Revise(id))).await.unwrap_err();
    assert_eq!(second.code(), "change-open");
});

both!(a_new_item_is_written_like_another_and_published, async |t| {
    let (editor, like) = (t.staff(EDITOR).await, made::elements(t, FOOD));
    let page = editor.get("/catalogue/new").await;
    let typed = [("name", "食品小作坊登记"), ("department", "scjg"), ("copy", &like.code)];
    let bad = editor.submit(&page, "/catalogue/new", &[&typed[..], &[("basic", "12"), ("level", "4")]].concat()).await;
    assert_eq!(bad.status, 422);
    bad.has("基本编码是 12 位数字").has("食品小作坊登记");
    let taken = [&typed[..], &[("basic", &like.basic_code), ("level", "3")]].concat();
    let taken = editor.submit(&bad, "/catalogue/new", &taken).await;
    taken.has("这个编码已有事项使用");
    let begun = editor
        .submit(&taken, "/catalogue/new", &[&typed[..], &[("basic", "000131067000"), ("level", "4")]].concat())
        .await;
    let at = begun.ok().place();
    let first = begun.text.contains("食品小作坊登记");
    assert!(first);
    // A row is added to a list, filled in, moved and removed, without script.
    let law = at.replace("/basic", "/law");
    let page = editor.get(&law).await;
    let n = like.conditions.len();
    let page = editor.submit(&page, &law, &[("do", "add:conditions")]).await;
    let name = format!("conditions.{n}.zh");
    let page = editor.submit(page.ok(), &law, &[(&name, "有固定的经营场所"), ("do", "save")]).await;
    let up = format!("up:conditions.{n}");
    let page = editor.submit(page.ok(), &law, &[("do", &up)]).await;
    editor.submit(page.ok(), &law, &[("do", "remove:conditions.0")]).await.ok();
    let id: ChangeId = at.split('/').nth(3).unwrap().parse().unwrap();
    let doc = now(t, id).await.doc.unwrap();
    assert_eq!((doc.conditions.len(), doc.conditions[n - 2].zh.as_str()), (n, "有固定的经营场所"));
    submitted(t, id, None).await.unwrap();
    assert_eq!(approved(t, id).await, ChangeState::Done);
    let slug = doc.slug;
    t.anyone().get(&format!("/items/{slug}")).await.ok().has("食品小作坊登记").has("有固定的经营场所");
    let found = t.anyone().get("/items?q=食品小作坊").await;
    assert!(found.ok().links().contains(&format!("/items/{slug}")));
});

both!(a_seed_that_is_loaded_again_does_not_undo_what_people_changed, async |t| {
    let (before, department) = (made::elements(t, FOOD), made::department(t, made::MARKET));
    let id = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    submitted(t, id, None).await.unwrap();
    approved(t, id).await;
    let ctx = t.system();
    t.app.db.write(move |c| cloudmart::catalogue::seed::items(c, &ctx, &[(department, &before)])).await.unwrap();
    t.app.refresh().await.unwrap();
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 5);
});

both!(a_list_goes_out_and_comes_in_for_review, async |t| {
    let (editor, food) = (t.staff(EDITOR).await, made::elements(t, FOOD));
    let out = editor.get("/catalogue/export?format=csv").await;
    let head = "实施编码,承诺办结时限,网上办理\n";
    assert!(out.ok().text.contains(&food.code));
    let list = format!("{head}{},5,是\n{},x,是\n", food.code, made::elements(t, HYGIENE).code);
    let page = editor.get("/catalogue/sheets").await;
    let none = editor.submit_files(&page, "/catalogue/sheets", &[], &[]).await;
    none.is(422).has("请选择清单文件");
    let wrong = [("list", "清单.pdf", &b"%PDF-1.7"[..])];
    editor.submit_files(&page, "/catalogue/sheets", &[], &wrong).await.is(422).has("只收 XLSX、CSV、JSON 文件");
    let file = [("list", "清单.csv", list.as_bytes())];
    let looked = editor.submit_files(&page, "/catalogue/sheets", &[], &file).await;
    looked.ok().has("承诺办结时限").has("<ins>5</ins>").has("第 3 行").has("不是不小于 0 的整数");
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 6, "a look changes nothing");
    let unsaid = editor.submit_files(&looked, "/catalogue/sheets", &[("reason", "")], &[]).await;
    unsaid.is(422).has("请填写理由或意见").has("<ins>5</ins>");
    let done = editor.submit_files(&unsaid, "/catalogue/sheets", &[("reason", "统一压缩时限")], &[]).await;
    done.ok().has("等待开始导入").has("共 2 个");
    let page = done.path.clone();
    let twice = editor.submit_files(&unsaid, "/catalogue/sheets", &[("reason", "再来一次")], &[]).await;
    twice.is(409).has("您上一次导入还没有完成").has("再来一次");
    t.settle().await;
    let ended = editor.get(&page).await;
    ended.ok().has("已提交 1 份变更，等待审核").has("文件里的 2 个事项都已处理").has("1 个事项有问题");
    t.staff("scjg.editor").await.get(&page).await.is(404);
    editor.get("/catalogue/sheets").await.ok().has("清单.csv").has("已完成");
    let ctx = made::as_staff(t, REVIEWER).await;
    let waits = t.app.db.read(move |c| changes::list(c, &ctx, ChangeState::Review, None)).await.unwrap();
    assert_eq!(waits.rows.len(), 1);
    assert_eq!(approved(t, waits.rows[0].id).await, ChangeState::Done);
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 5);
    // Somebody of another department gets their own items alone, and cannot change these.
    let other = t.staff("scjg.editor").await;
    let own = other.get("/catalogue/export?format=json").await;
    assert!(own.ok().text.contains(&food.code) && !own.text.contains(&made::elements(t, HYGIENE).code));
});

both!(a_citizen_keeps_items_at_hand, async |t| {
    let (citizen, guide) = (t.citizen(&made::declarer(FOOD)).await, format!("/items/{FOOD}"));
    let set = format!("{guide}/favourite");
    let page = citizen.get(&guide).await;
    citizen.submit(&page, &set, &[("on", "1")]).await.ok().has("已收藏").has("取消收藏");
    let list = citizen.get("/my/favourites").await;
    assert!(list.ok().links().contains(&guide));
    // Others have theirs; who is not logged in is led to the login and back.
    t.citizen("hezimo").await.get("/my/favourites").await.ok().has("还没有收藏");
    let anyone = t.anyone();
    let page = anyone.get(&guide).await;
    anyone.submit(&page, &set, &[("on", "1")]).await.ok().at("/login").has("登录后就可以收藏");
    turned(t, FOOD, ChangeKind::Withdraw).await;
    citizen.get("/my/favourites").await.ok().has("另有 1 个收藏的事项已经取消");
});

both!(several_changes_are_approved_together, async |t| {
    let food = drafted(t, FOOD, |e| e.limits.promised.days = 5).await;
    let hygiene = drafted(t, HYGIENE, |e| e.contact.consult = "0980-8121111".into()).await;
    submitted(t, food, None).await.unwrap();
    submitted(t, hygiene, None).await.unwrap();
    let reviewer = t.staff(REVIEWER).await;
    let page = reviewer.get("/catalogue/changes").await;
    let own = [food, hygiene].map(|id| format!("{id}.2"));
    assert!(own.iter().all(|c| page.ok().text.contains(c)));
    // One was edited after the page was opened.
    let (ctx, mut doc) = (made::as_staff(t, EDITOR).await, made::elements(t, HYGIENE));
    doc.contact.consult = "0980-8122222".into();
    let edit = move |c: &mut cloudmart::db::Conn| {
        changes::recall(c, &ctx, hygiene)?;
        changes::save(c, &ctx, hygiene, 2, doc.clone())
    };
    t.app.db.write(edit).await.unwrap();
    submitted(t, hygiene, None).await.unwrap();
    let token = reviewer.token().await;
    let fields = [("_csrf", token.as_str()), ("change", &own[0]), ("change", &own[1]), ("change", "x.y")];
    reviewer.post_plain("/catalogue/changes", &fields).await.ok().has("1 份变更已审核通过").has("1 份没有通过");
    assert_eq!(made::elements(t, FOOD).limits.promised.days, 5);
    assert_eq!(now(t, hygiene).await.state, ChangeState::Review);
});
