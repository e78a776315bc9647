//! Cases for tests, made by the real flows: declared by people of the demo with their real answers, and taken on from there.

#![allow(dead_code, reason = "offers more than the tests of one day use")]

use std::time::Duration;

use cloudmart::approval::OpinionVerdict;
use cloudmart::cases::{self, Case, CaseId, Content, Decision, DeskKind, DeskStep, NewFile, Numbers, Verdict};
use cloudmart::catalogue::changes::{self, ChangeId, ChangeKind, ChangeState, Proposal};
use cloudmart::catalogue::imports::{self, ImportId, Wish};
use cloudmart::catalogue::{Elements, ItemId};
use cloudmart::exchange::{self, Dispatch, DispatchFilter};
use cloudmart::flows::{self, Declaration, Opined, Seen};
use cloudmart::identity::grants::GrantDraft;
use cloudmart::identity::requests::Given;
use cloudmart::identity::{self, DepartmentId, EvidenceKind, FaceId, MandateId, faces, mandates};
use cloudmart::kernel::{Actor, Ctx, Id, Result};
use cloudmart::outside::verifier_protocol::Outcome;
use cloudmart::sandbox::{self, DepartmentSettings, Manner, Person};
use serde_json::Value;

use super::harness::{BEGIN, TestApp, instant};

/// Items of the seed data: of departments with a system of their own, and of one with the approval desk.
pub const FOOD: &str = "food-operation-licence";
pub const FREIGHT: &str = "road-freight-operation-licence";
pub const HYGIENE: &str = "public-place-hygiene-licence";
/// Whose they are.
pub const MARKET: &str = "scjg";
pub const TRANSPORT: &str = "jtys";
pub const HEALTH: &str = "wsjk";

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// The secret of every department's system in tests.
pub const SECRET: &[u8] = b"a secret of more than 24 bytes";

/// The sandbox with everybody of the demo whom its verifier and its province know. Its clock is that of a test that begins.
pub fn world() -> sandbox::Settings {
    let department = |code: &str| DepartmentSettings {
        code: code.into(),
        name: code.into(),
        name_en: code.into(),
        secret: SECRET.to_vec(),
        manner: Manner::Manual,
        licence_prefix: "YC".into(),
        fetches: false,
    };
    let read = |text: &str| -> Vec<Person> { serde_json::from_str(text).unwrap() };
    let mut people = read(include_str!("../../seed-data/demo/people.json"));
    people.extend(read(include_str!("../../seed-data/demo/newcomers.json")));
    people.retain(|p| p.outcome == Outcome::Match);
    let settings = sandbox::Settings::quick(department("A"), department("B"));
    settings.clock.set(instant(BEGIN));
    sandbox::Settings { people, slow: Duration::from_millis(50), ..settings }
}

pub async fn as_staff(t: &TestApp, login: &str) -> Ctx {
    let (id, ctx) = (t.staff_id(login).await, t.system());
    let system = ctx.clone();
    let actor = t.app.db.read(move |c| identity::seed::actor(c, &system, id)).await.unwrap();
    Ctx { actor: Actor::Staff(actor), ..ctx }
}

pub async fn as_person(t: &TestApp, key: &str) -> Ctx {
    Ctx { actor: Actor::Person(t.person(key).await.0), ..t.system() }
}

pub fn as_department(t: &TestApp, key: &str) -> Ctx {
    Ctx { actor: Actor::Department(department(t, key).0), ..t.system() }
}

pub fn department(t: &TestApp, key: &str) -> DepartmentId {
    t.app.books().shelf.departments().iter().find(|d| d.key == key).unwrap().id
}

pub fn elements(t: &TestApp, slug: &str) -> Elements {
    t.app.books().shelf.by_slug(slug).unwrap().elements.clone()
}

pub fn item(t: &TestApp, slug: &str) -> ItemId {
    t.app.books().shelf.by_slug(slug).unwrap().item_id
}

/// A draft in which the enquiry number is another.
pub async fn revising(t: &TestApp, slug: &str) -> ChangeId {
    let (ctx, id, mut doc) = (as_staff(t, "catalogue.editor").await, item(t, slug), elements(t, slug));
    doc.contact.consult.push('1');
    let write = move |c: &mut cloudmart::db::Conn| {
        let change = changes::propose(c, &ctx, Proposal::Revise(id))?;
        changes::save(c, &ctx, change, 1, doc.clone())?;
        Ok(change)
    };
    t.app.db.write(write).await.unwrap()
}

/// The same in force; returns the number of the version.
pub async fn revised(t: &TestApp, slug: &str) -> i32 {
    let change = revising(t, slug).await;
    published(t, change).await
}

/// A draft in force, reviewed by another; returns the number of the version.
pub async fn published(t: &TestApp, change: ChangeId) -> i32 {
    let (editor, reviewer) = (as_staff(t, "catalogue.editor").await, as_staff(t, "catalogue.reviewer").await);
    let shelf = t.app.books().shelf;
    let review = move |c: &mut cloudmart::db::Conn| {
        changes::submit(c, &editor, shelf.codes(), change, "号码变更", None)?;
        let read = changes::change(c, &reviewer, change)?.revision;
        changes::approve(c, &reviewer, shelf.codes(), change, read, "")?;
        changes::change(c, &editor, change)
    };
    let done = t.app.db.write(review).await.unwrap();
    t.app.refresh().await.unwrap();
    done.no.unwrap()
}

/// Suspends, resumes or withdraws an item, with its review.
pub async fn turned(t: &TestApp, slug: &str, kind: ChangeKind) -> ChangeState {
    let (editor, reviewer) = (as_staff(t, "catalogue.editor").await, as_staff(t, "catalogue.reviewer").await);
    let (proposal, shelf) = (Proposal::Turn(item(t, slug), kind, "系统升级".into()), t.app.books().shelf);
    let turn = move |c: &mut cloudmart::db::Conn| {
        let change = changes::propose(c, &editor, proposal.clone())?;
        changes::submit(c, &editor, shelf.codes(), change, "系统升级", None)?;
        let read = changes::change(c, &reviewer, change)?.revision;
        changes::approve(c, &reviewer, shelf.codes(), change, read, "同意")
    };
    let state = t.app.db.write(turn).await.unwrap();
    t.app.refresh().await.unwrap();
    state
}

/// A person of the demo and what they answered for this item.
fn story(slug: &str) -> (String, Value) {
    let all: Vec<Value> = serde_json::from_str(include_str!("../../seed-data/demo/cases.json")).unwrap();
    let found = all.into_iter().find(|r| r["item"] == slug && r["path"] != "draft");
    let row = found.unwrap_or_else(|| panic!("nobody of the demo declared {slug}"));
    (row["person"].as_str().unwrap().to_owned(), row["form"].clone())
}

/// Who declares this item in these tests: a key of the demo's people.
pub fn declarer(slug: &str) -> String {
    story(slug).0
}

/// The answers as a form sends them.
pub fn answers(slug: &str) -> cases::Answers {
    let text = |value: Value| match value {
        Value::Number(n) => n.to_string().into(),
        Value::Bool(b) => b.to_string().into(),
        other => other,
    };
    let Value::Object(form) = story(slug).1 else { panic!("{slug}: no answers") };
    form.into_iter().map(|(key, value)| (key, text(value))).collect()
}

/// Keys of the materials that these answers make necessary, in their order.
pub fn needed(elements: &Elements) -> Vec<String> {
    let relevant = elements.relevant("1", &answers(&elements.slug));
    elements.materials.iter().filter(|m| relevant.needs(m)).map(|m| m.key.clone()).collect()
}

/// A draft of the item's declarer, with all answers and needed materials.
pub async fn draft(t: &TestApp, slug: &str) -> CaseId {
    let ctx = as_person(t, &declarer(slug)).await;
    let (books, answers) = (t.app.books(), answers(slug));
    let item = books.shelf.by_slug(slug).unwrap();
    let hash = t.app.files.put(PDF.to_vec()).await.unwrap();
    let needed = needed(&item.elements);
    let file = move |key: &String| {
        let name = format!("{key}.pdf");
        NewFile { key: key.clone(), name, hash, size: PDF.len() as i64, mime: "application/pdf" }
    };
    let make = move |c: &mut cloudmart::db::Conn| {
        let case = flows::begin(c, &ctx, &books, item.item_id, &flows::Guided::default())?;
        let mut content: Content = cases::content(c, &ctx, &case)?;
        content.answers.extend(answers.clone());
        let hall = hall(c, "H01")?;
        flows::save_draft(c, &ctx, &books, case.id, Some(hall), content)?;
        for key in &needed {
            cases::add_file(c, &ctx, &case, &file(key))?;
        }
        Ok(case.id)
    };
    t.app.db.write(make).await.unwrap()
}

fn hall(c: &mut cloudmart::db::Conn, code: &str) -> Result<Id> {
    Ok(cloudmart::windows::hall_by_code(c, code)?.id.0)
}

pub async fn numbers(t: &TestApp, slug: &str) -> Numbers {
    t.app.numbers(&elements(t, slug).code).await.unwrap()
}

/// A face that a person of the demo was to show at the verifier.
pub async fn face(t: &TestApp, key: &str) -> FaceId {
    let (ctx, id) = (as_person(t, key).await, FaceId::random());
    let begin = move |c: &mut cloudmart::db::Conn| {
        let claim = faces::begin(c, &ctx)?;
        let (reference, address) = (format!("F-{id}"), "http://face.example/1".to_owned());
        faces::keep(
            c,
            &ctx,
            id,
            &claim,
            &faces::Begun { reference, address, good_for: 600 },
            "/account/verify?back=/my",
        )
    };
    t.app.db.write(begin).await.unwrap();
    id
}

/// What a person of the demo acts by.
pub async fn mandate(t: &TestApp, key: &str) -> MandateId {
    let ctx = as_person(t, key).await;
    t.app.db.read(move |c| mandates::of_self(c, &ctx)).await.unwrap().held[0].mandate.id
}

/// Evidence of a kind for a person of the demo, from now on.
pub async fn shown(t: &TestApp, key: &str, kind: EvidenceKind) {
    let (ctx, person) = (t.system(), t.person(key).await);
    t.app.db.write(move |c| identity::seed::shown(c, &ctx, person, kind)).await.unwrap();
}

/// Handed in by its declarer.
pub async fn submitted(t: &TestApp, slug: &str) -> Case {
    let (id, numbers, books) = (draft(t, slug).await, numbers(t, slug).await, t.app.books());
    let ctx = as_person(t, &declarer(slug)).await;
    t.app.db.write(move |c| flows::submit(c, &ctx, &books, id, &numbers)).await.unwrap()
}

/// Declared by a clerk of the city's hall for somebody who came with everything on paper.
pub async fn at_window(t: &TestApp, slug: &str) -> Case {
    let (clerk, books, numbers) = (as_staff(t, "clerk.h01.1").await, t.app.books(), numbers(t, slug).await);
    let item = books.shelf.by_slug(slug).unwrap();
    let applicant = cases::Applicant {
        kind: "1".into(),
        name: "林悦".into(),
        id_kind: "111".into(),
        id_number: "980102199204160249".into(),
        phone: "13800138101".into(),
        address: "云川市兰渚区望江街道桂花路9号2栋501".into(),
        ..cases::Applicant::default()
    };
    let declaration = Declaration {
        item: item.item_id,
        hall: None,
        content: Content { applicant, answers: answers(slug) },
        files: vec![],
        on_paper: item.elements.materials.iter().map(|m| m.key.clone()).collect(),
    };
    t.app.db.write(move |c| flows::declare_at_window(c, &clerk, &books, &declaration, &numbers)).await.unwrap()
}

/// What a clerk saw who found nothing wrong.
pub fn fine(elements: &Elements, case: &Case) -> Seen {
    let verdicts = needed(elements).into_iter().map(|key| (key, Verdict::Accepted, String::new())).collect();
    Seen { id: case.id, rev: case.rev, verdicts }
}

/// Handed in and accepted by a clerk of the city's hall: it is the department's now.
pub async fn accepted(t: &TestApp, slug: &str) -> Case {
    let case = submitted(t, slug).await;
    let (clerk, books, seen) = (as_staff(t, "clerk.h01.1").await, t.app.books(), fine(&elements(t, slug), &case));
    t.app.db.write(move |c| flows::accept(c, &clerk, &books, &seen)).await.unwrap().0
}

/// A correction of its first material was asked for.
pub async fn correcting(t: &TestApp, slug: &str) -> Case {
    let case = submitted(t, slug).await;
    let (clerk, books, mut seen) = (as_staff(t, "clerk.h01.1").await, t.app.books(), fine(&elements(t, slug), &case));
    (seen.verdicts[0].1, seen.verdicts[0].2) = (Verdict::Defect, "看不清编号，请重新拍照上传。".into());
    t.app.db.write(move |c| flows::ask_correction(c, &clerk, &books, &seen, "")).await.unwrap().0
}

/// Handled, reviewed and approved at the desk of its department, by three people.
pub async fn granted_at_desk(t: &TestApp, slug: &str, department: &str) -> Case {
    let case = accepted(t, slug).await;
    let who = |role: &str| format!("{department}.{role}");
    let (handler, reviewer, approver) =
        (as_staff(t, &who("handler")).await, as_staff(t, &who("reviewer")).await, as_staff(t, &who("approver")).await);
    let books = t.app.books();
    let opined = move |rev| Opined { id: case.id, rev, opinion: "材料齐全、符合法定条件。".into() };
    let decide = move |c: &mut cloudmart::db::Conn| {
        let case = flows::handle(c, &handler, &opined(case.rev), Decision::Granted, "")?;
        let case = flows::review(c, &reviewer, &opined(case.rev), OpinionVerdict::Agree)?;
        Ok(flows::approve(c, &approver, &books, &opined(case.rev))?.0)
    };
    t.app.db.write(decide).await.unwrap()
}

/// A draft of a person as it is now.
pub async fn draft_state(t: &TestApp, id: CaseId, key: &str) -> cases::State {
    let ctx = as_person(t, key).await;
    t.app.db.read(move |c| cases::mine(c, &ctx, id)).await.unwrap().state
}

/// The applicant takes a case back.
pub async fn withdrawn(t: &TestApp, case: &Case) -> Case {
    let (mut ctx, books, id) = (t.system(), t.app.books(), case.id);
    ctx.actor = Actor::Person(case.person_id.unwrap().0);
    t.app.db.write(move |c| flows::withdraw(c, &ctx, &books, id, "不办了")).await.unwrap()
}

/// The case as it is now.
pub async fn now(t: &TestApp, id: CaseId) -> Case {
    let ctx = t.system();
    t.app.db.read(move |c| cases::for_platform(c, &ctx, id)).await.unwrap()
}

/// As what the platform knows it: a draft is nobody's but its owner's.
pub async fn now_or_draft(t: &TestApp, id: CaseId) -> cases::State {
    let ctx = t.system();
    match t.app.db.read(move |c| cases::for_platform(c, &ctx, id)).await {
        Ok(case) => case.state,
        Err(_) => cases::State::Draft,
    }
}

pub async fn events(t: &TestApp, case: &Case) -> Vec<cases::Event> {
    let case = case.clone();
    let steps = t.app.db.read(move |c| cases::timeline(c, &case)).await.unwrap();
    steps.into_iter().map(|s| s.event).collect()
}

pub async fn notices(t: &TestApp, case: &Case) -> Vec<cases::Notice> {
    let (ctx, case) = (t.system(), case.clone());
    t.app.db.read(move |c| cases::notices(c, &ctx, &case)).await.unwrap()
}

/// Where the case stands in a work list.
pub async fn desk(t: &TestApp, case: &Case) -> Option<(DeskKind, DeskStep)> {
    let case = case.clone();
    let row = t.app.db.read(move |c| cases::desk_row(c, &case)).await.unwrap();
    row.map(|r| (r.desk_kind, r.step))
}

/// Gives a department a system at this address.
pub async fn endpoint(t: &TestApp, key: &str, url: &str) {
    let (ctx, id, url) = (t.system(), department(t, key), url.to_owned());
    t.app.db.write(move |c| exchange::seed_endpoint(c, &ctx, id, &url, SECRET)).await.unwrap();
}

/// All dispatches of a department, the newest first.
pub async fn dispatches(t: &TestApp, key: &str) -> Vec<Dispatch> {
    let (admin, id) = (as_staff(t, "admin").await, department(t, key));
    let filter = DispatchFilter { department: Some(id), ..DispatchFilter::default() };
    t.app.db.read(move |c| exchange::dispatches(c, &admin, &filter, 100)).await.unwrap().rows
}

/// A list that its editor has had taken in.
pub async fn importing(t: &TestApp) -> ImportId {
    let ctx = as_staff(t, "catalogue.editor").await;
    let file = t.app.files.put("实施编码,承诺办结时限\n".into()).await.unwrap().0.to_vec();
    let wish = Wish { name: "清单.csv".into(), file, reason: "更新".into(), total: 0 };
    t.app.db.write(move |c| imports::begin(c, &ctx, &wish)).await.unwrap()
}

/// A request that waits for the second security administrator: the first asks that a clerk become one.
pub async fn asked(t: &TestApp) -> identity::RequestId {
    let (ctx, id) = (as_staff(t, "security.1").await, t.staff_id("clerk.h02.1").await);
    let draft = GrantDraft { roles: vec![("security".into(), None)], ..GrantDraft::default() };
    let given = t.app.db.write(move |c| identity::grants::give(c, &ctx, id, &draft, "人手不足")).await.unwrap();
    let Given::Asked(request) = given else { panic!("{given:?}") };
    request
}
