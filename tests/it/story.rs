//! Cases for tests, taken through the real flows by the people of the demo.

use std::sync::Arc;

use cloudmart::approval::OpinionVerdict;
use cloudmart::cases::{self, Answers, Case, CaseId, Decision, NewFile, NoticeId, Verdict};
use cloudmart::catalogue::Shelved;
use cloudmart::db::Conn;
use cloudmart::flows::{self, Books, Opined, Seen};
use cloudmart::identity;
use cloudmart::kernel::{Actor, Ctx, Lang, Result};
use serde_json::Value;

use super::harness::TestApp;

/// A small true PDF, as far as its first bytes tell.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// The senior citizen card: no licence, decided at the desk of mzj.
pub const CARD: (&str, &str) = ("huangshuzhen", "senior-citizen-card");
/// The teacher's qualification: a licence, decided at the desk of jyj.
pub const LICENCE: (&str, &str) = ("hezimo", "teacher-qualification");

/// Runs a flow in a transaction, with the calendar and the catalogue.
pub async fn act<T, F>(t: &TestApp, ctx: &Ctx, work: F) -> T
where
    T: Send + 'static,
    F: Fn(&mut Conn, &Ctx, &Books) -> Result<T> + Send + Sync + Clone + 'static,
{
    let (ctx, books) = (Ctx { now: t.clock.now(), ..ctx.clone() }, t.app.books());
    t.app.db.write(move |c| work(c, &ctx, &books)).await.unwrap()
}

pub async fn person(t: &TestApp, key: &str) -> Ctx {
    t.app.ctx(Actor::Person(t.person(key).await.0), Lang::Zh)
}

pub async fn staff(t: &TestApp, login: &str) -> Ctx {
    let (id, ctx) = (t.staff_id(login).await, t.system());
    let actor = t.app.db.read(move |c| identity::seed::actor(c, &ctx, id)).await.unwrap();
    t.app.ctx(Actor::Staff(actor), Lang::Zh)
}

pub fn item(t: &TestApp, slug: &str) -> Arc<Shelved> {
    t.app.books().shelf.by_slug(slug).unwrap()
}

/// Answers that a person of the demo gave to the item's form.
pub fn answers((who, slug): (&str, &str)) -> Answers {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../../seed-data/demo/cases.json")).unwrap();
    let fits = |r: &&Value| r["person"] == who && r["item"] == slug && r["path"] != "draft";
    let row = rows.iter().find(fits).unwrap_or_else(|| panic!("{who} has no example of {slug}"));
    let text = |value: &Value| match value {
        Value::Number(n) => n.to_string().into(),
        other => other.clone(),
    };
    row["form"].as_object().unwrap().iter().map(|(k, v)| (k.clone(), text(v))).collect()
}

pub async fn stored(t: &TestApp, key: &str, name: &str, bytes: &[u8]) -> NewFile {
    let hash = t.app.files.put(bytes.to_vec()).await.unwrap();
    NewFile { key: key.into(), name: name.into(), hash, size: bytes.len() as i64, mime: "application/pdf" }
}

/// A draft with everything that is needed.
pub async fn draft(t: &TestApp, of: (&str, &str)) -> Case {
    let (ctx, item) = (person(t, of.0).await, item(t, of.1));
    let mut files = vec![];
    let relevant = item.elements.relevant("1", &answers(of));
    for m in item.elements.materials.iter().filter(|m| relevant.needs(m)) {
        files.push(stored(t, &m.key, &format!("{}.pdf", m.name.zh), PDF).await);
    }
    let (id, answers) = (item.item_id, answers(of));
    act(t, &ctx, move |c, ctx, books| {
        let case = flows::begin(c, ctx, books, id, &flows::Guided::default())?;
        let mut content = cases::content(c, ctx, &case)?;
        content.answers.extend(answers.clone());
        let case = flows::save_draft(c, ctx, books, case.id, None, content)?;
        for file in &files {
            cases::add_file(c, ctx, &case, file)?;
        }
        Ok(case)
    })
    .await
}

pub async fn submitted(t: &TestApp, of: (&str, &str)) -> Case {
    let draft = draft(t, of).await;
    let numbers = t.app.numbers(&item(t, of.1).elements.code).await.unwrap();
    act(t, &person(t, of.0).await, move |c, ctx, books| flows::submit(c, ctx, books, draft.id, &numbers)).await
}

fn seen(t: &TestApp, of: (&str, &str), case: &Case) -> Seen {
    let item = item(t, of.1);
    let relevant = item.elements.relevant("1", &answers(of));
    let needed = item.elements.materials.iter().filter(|m| relevant.needs(m));
    let verdicts = needed.map(|m| (m.key.clone(), Verdict::Accepted, String::new())).collect();
    Seen { id: case.id, rev: case.rev, verdicts }
}

/// The clerk asks for a correction of the first material.
pub async fn correcting(t: &TestApp, of: (&str, &str), reason: &str, note: &str) -> (Case, NoticeId) {
    let case = submitted(t, of).await;
    let mut seen = seen(t, of, &case);
    (seen.verdicts[0].1, seen.verdicts[0].2) = (Verdict::Defect, reason.to_owned());
    let note = note.to_owned();
    let clerk = staff(t, "clerk.h01.1").await;
    act(t, &clerk, move |c, ctx, books| flows::ask_correction(c, ctx, books, &seen, &note)).await
}

pub async fn not_accepted(t: &TestApp, of: (&str, &str), reason: &str) -> (Case, NoticeId) {
    let case = submitted(t, of).await;
    let (seen, reason) = (seen(t, of, &case), reason.to_owned());
    let clerk = staff(t, "clerk.h01.1").await;
    act(t, &clerk, move |c, ctx, books| flows::refuse_acceptance(c, ctx, books, &seen, &reason)).await
}

pub async fn accepted(t: &TestApp, of: (&str, &str)) -> (Case, NoticeId) {
    let case = submitted(t, of).await;
    let seen = seen(t, of, &case);
    let clerk = staff(t, "clerk.h01.1").await;
    act(t, &clerk, move |c, ctx, books| flows::accept(c, ctx, books, &seen)).await
}

/// Handled with this opinion by the department's desk.
pub async fn handled(t: &TestApp, of: (&str, &str), outcome: Decision, reason: &str, opinion: &str) -> Case {
    let (case, _) = accepted(t, of).await;
    let (opined, reason) = (opined(&case, opinion), reason.to_owned());
    let handler = desk(t, of, "handler").await;
    act(t, &handler, move |c, ctx, _| flows::handle(c, ctx, &opined, outcome, &reason)).await
}

pub async fn decided(
    t: &TestApp,
    of: (&str, &str),
    outcome: Decision,
    reason: &str,
    opinion: &str,
) -> (Case, NoticeId) {
    let case = handled(t, of, outcome, reason, opinion).await;
    let opined_now = opined(&case, opinion);
    let reviewer = desk(t, of, "reviewer").await;
    let agree = OpinionVerdict::Agree;
    let case = act(t, &reviewer, move |c, ctx, _| flows::review(c, ctx, &opined_now, agree)).await;
    let opined_now = opined(&case, opinion);
    let approver = desk(t, of, "approver").await;
    act(t, &approver, move |c, ctx, books| flows::approve(c, ctx, books, &opined_now)).await
}

fn opined(case: &Case, opinion: &str) -> Opined {
    Opined { id: case.id, rev: case.rev, opinion: opinion.to_owned() }
}

async fn desk(t: &TestApp, of: (&str, &str), role: &str) -> Ctx {
    staff(t, &format!("{}.{role}", item(t, of.1).elements.department)).await
}

pub async fn query_code(t: &TestApp, id: CaseId) -> String {
    let ctx = t.system();
    let look = move |c: &mut Conn| {
        let case = cases::for_platform(c, &ctx, id)?;
        cases::query_code(c, &ctx, &case)
    };
    t.app.db.read(look).await.unwrap()
}
