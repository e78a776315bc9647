//! The example cases of `seed-data/demo/cases.json`: taken through the real flows at times of the past, so that every state is there and
//! everything about a case (events, notices, messages, work lists) is as the platform itself makes it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::data;
use super::people::Accounts;
use crate::app::App;
use crate::approval::OpinionVerdict;
use crate::cases::{self, Answers, Case, Content, Decision, NewFile, Verdict};
use crate::catalogue::{Act, Elements, Relevant, Shelved};
use crate::db::Conn;
use crate::exchange::protocol::{self, Event};
use crate::exchange::rules::{Outcome, Policy};
use crate::exchange::{self, Incoming, Tried};
use crate::files::FileKind;
use crate::flows::{self, Books, Opined, Seen};
use crate::identity::{self, Channel};
use crate::kernel::{Actor, Ctx, Error, Id, Permission, Result, StaffActor, Text, Ts};

#[derive(Debug, Clone, Deserialize)]
struct Row {
    person: String,
    item: String,
    days_ago: u32,
    path: Path,
    form: Answers,
}

impl Row {
    /// What of the item concerns this applicant.
    fn relevant(&self, item: &Shelved) -> Relevant {
        let sent: Answers = self.form.iter().map(|(k, v)| (k.clone(), as_sent(v))).collect();
        item.elements.relevant(item.elements.audience.first().map_or("1", String::as_str), &sent)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Path {
    Draft,
    Submitted,
    Withdrawn,
    Correction,
    Preaccepted,
    NotAccepted,
    Accepted,
    Handling,
    Overdue,
    Reviewing,
    Approving,
    Granted,
    Refused,
}

#[derive(Debug, Clone, Deserialize)]
struct FileRow {
    file: String,
    name: Text,
    person: String,
    uses: Vec<Use>,
}

#[derive(Debug, Clone, Deserialize)]
struct Use {
    item: String,
    material: String,
}

/// What a story is told with.
#[derive(Clone)]
struct Stage {
    ctx: Ctx,
    books: Books,
    staff: Arc<Vec<StaffActor>>,
}

/// The answers of an example case of this item, as a form sends them.
///
/// # Errors
/// A file that does not parse, an item without an example.
pub fn example_form(item: &str) -> Result<Value> {
    let rows: Vec<Row> = data::json("demo/cases.json")?;
    let row = rows.into_iter().find(|r| r.item == item);
    let row = row.ok_or_else(|| Error::internal(format!("there is no example case of {item}")))?;
    Ok(Value::Object(row.form.iter().map(|(k, v)| (k.clone(), as_sent(v))).collect()))
}

/// Keys of the materials that the example case of an item needs, in their order.
///
/// # Errors
/// As [`example_form`].
pub fn example_needs(item: &Elements) -> Result<Vec<String>> {
    let form = example_form(&item.slug)?;
    let applicant = item.audience.first().map_or("1", String::as_str);
    let relevant = item.relevant(applicant, form.as_object().unwrap_or(&Answers::new()));
    Ok(item.materials.iter().filter(|m| relevant.needs(m)).map(|m| m.key.clone()).collect())
}

/// Numbers and truths are kept as the form sends them: as texts.
fn as_sent(value: &Value) -> Value {
    match value {
        Value::Number(n) => n.to_string().into(),
        Value::Bool(b) => b.to_string().into(),
        other => other.clone(),
    }
}

/// Makes the example cases, if there are none of these people yet. Returns how many.
///
/// # Errors
/// A file that does not parse, an item or person that is not there, a form that the flows refuse.
pub async fn cases(app: &App, accounts: &Accounts) -> Result<usize> {
    let rows: Vec<Row> = data::json("demo/cases.json")?;
    let files: Vec<FileRow> = data::json("demo/files.json")?;
    let people = accounts.people.clone();
    let mut staff: Vec<_> = accounts.staff.values().copied().collect();
    staff.sort();
    let ctx = app.system();
    let (staff, is_new) = app
        .db
        .read(move |c| {
            let mut is_new = true;
            for id in people.values() {
                let own = Ctx { actor: Actor::Person(id.0), ..ctx.clone() };
                is_new &= cases::my_cases(c, &own, None, 1)?.page.rows.is_empty();
            }
            let actors = staff.into_iter().map(|id| identity::seed::actor(c, &ctx, id)).collect::<Result<Vec<_>>>();
            Ok((actors?, is_new))
        })
        .await?;
    if !is_new {
        return Ok(0);
    }
    let stage = Stage { ctx: app.system(), books: app.books(), staff: Arc::new(staff) };
    for (at, row) in rows.iter().enumerate() {
        tell(app, &stage, accounts, row, &files, at as i64).await?;
    }
    Ok(rows.len())
}

async fn tell(app: &App, stage: &Stage, accounts: &Accounts, row: &Row, files: &[FileRow], at: i64) -> Result<()> {
    let unknown = |what: &str| Error::internal(format!("seed-data/demo/cases.json names {what}, which is not there"));
    let person = accounts.people.get(&row.person).ok_or_else(|| unknown(&row.person))?.0;
    let item = stage.books.shelf.by_slug(&row.item).map_err(|_| unknown(&row.item))?;
    let day = stage.books.plan.back(stage.ctx.now.day(), row.days_ago);
    let began = Ts::start_of(day).plus_secs(8 * 3600 + at * 613 % (8 * 3600)).min(stage.ctx.now.minus_secs(4 * 3600));
    let mut stored = vec![];
    let relevant = row.relevant(&item);
    for material in item.elements.materials.iter().filter(|m| relevant.needs(m)) {
        stored.push(file_for(app, row, files, &item, &material.key).await?);
    }
    let (ctx, keep) = (stage.ctx.clone(), day);
    let serial = app.db.write(move |c| cases::reserve_serials(c, keep, 1)).await?;
    let numbers = cases::Numbers::new(&item.elements.code, day, serial)?;
    let (stage, row) = (stage.clone(), row.clone());
    let work = move |c: &mut Conn| {
        let story = Story { stage: &stage, row: &row, item: &item, began, numbers: &numbers };
        story.tell(c, &Ctx { actor: Actor::Person(person), now: began, ..ctx.clone() }, &stored)
    };
    app.db.write(work).await
}

/// The file made for this material, or the person's identity card for the want of one.
async fn file_for(app: &App, row: &Row, files: &[FileRow], item: &Shelved, key: &str) -> Result<NewFile> {
    let fits = |f: &&FileRow| f.uses.iter().any(|u| u.item == item.elements.slug && u.material == key);
    let own = |f: &&FileRow| f.person == row.person;
    let found = files.iter().filter(own).find(fits).or_else(|| files.iter().find(fits));
    let file = found.or_else(|| files.iter().find(own)).or_else(|| files.first());
    let file = file.ok_or_else(|| Error::internal("seed-data/demo/files.json is empty"))?;
    let bytes = data::bytes(&format!("demo/files/{}", file.file))?;
    let kind = FileKind::sniff(&file.file, &bytes).map_err(Error::internal)?;
    let extension = file.file.rsplit('.').next().unwrap_or_default();
    let size = bytes.len() as i64;
    let hash = app.files.put(bytes).await?;
    Ok(NewFile { key: key.to_owned(), name: format!("{}.{extension}", file.name.zh), hash, size, mime: kind.mime() })
}

struct Story<'a> {
    stage: &'a Stage,
    row: &'a Row,
    item: &'a Shelved,
    began: Ts,
    numbers: &'a cases::Numbers,
}

const HOUR: i64 = 3600;

impl Story<'_> {
    fn tell(&self, c: &mut Conn, person: &Ctx, files: &[NewFile]) -> Result<()> {
        let books = &self.stage.books;
        let case = flows::begin(c, person, books, self.item.item_id, &flows::Guided::default())?;
        let content = self.content(c, person, &case)?;
        flows::save_draft(c, person, books, case.id, None, content)?;
        let is_draft = self.row.path == Path::Draft;
        for file in files.iter().take(if is_draft { 1 } else { files.len() }) {
            cases::add_file(c, person, &case, file)?;
        }
        if is_draft {
            return Ok(());
        }
        self.show_face(c, person)?;
        let case = flows::submit(c, person, books, case.id, self.numbers)?;
        match self.row.path {
            Path::Submitted => Ok(()),
            Path::Withdrawn => {
                let later = self.at(person, 20 * HOUR);
                flows::withdraw(c, &later, books, case.id, "材料准备不足，改日再申请").map(|_| ())
            }
            _ => self.at_the_window(c, case),
        }
    }

    /// Who signs what asks for a face has shown it.
    fn show_face(&self, c: &mut Conn, person: &Ctx) -> Result<()> {
        let need = self.item.elements.assurance.need(Act::Sign);
        if identity::standing::of_self(c, person)?.gap(need).is_closed() {
            return Ok(());
        }
        let id = identity::PersonId(person.person()?);
        identity::seed::shown(c, &person.as_system(), id, identity::EvidenceKind::Face)
    }

    /// The person's own data as the account knows it, with the row's answers. Numbers and truths are kept as the form sends them.
    fn content(&self, c: &mut Conn, person: &Ctx, case: &Case) -> Result<Content> {
        let mut content = cases::content(c, person, case)?;
        content.answers.extend(self.row.form.iter().map(|(k, v)| (k.clone(), as_sent(v))));
        if content.applicant.kind != "1" {
            let of = |fact: &str| {
                let field = self.item.elements.form.fields().find(|f| f.fact.as_deref() == Some(fact))?;
                Some(self.row.form.get(&field.key)?.as_str()?.to_owned())
            };
            content.applicant.name = of("enterprise.name").unwrap_or_else(|| "云川市示例企业有限公司".into());
            content.applicant.id_number = of("enterprise.uscc").unwrap_or_else(|| "92980102MA6XL0010Y".into());
        }
        Ok(content)
    }

    /// So many seconds after the beginning, but not after now.
    fn at(&self, ctx: &Ctx, secs: i64) -> Ctx {
        Ctx { now: self.began.plus_secs(secs).min(self.stage.ctx.now.minus_secs(60)), ..ctx.clone() }
    }

    fn staff(&self, fits: impl Fn(&StaffActor) -> bool, secs: i64) -> Result<Ctx> {
        let found = self.stage.staff.iter().find(|s| fits(s));
        let missing = || Error::internal(format!("nobody of the demo's staff can work on {}", self.row.item));
        let actor = Actor::Staff(found.ok_or_else(missing)?.clone());
        Ok(self.at(&Ctx { actor, ..self.stage.ctx.clone() }, secs))
    }

    fn at_the_window(&self, c: &mut Conn, case: Case) -> Result<()> {
        let books = &self.stage.books;
        let clerk = |secs| self.staff(|s| s.has(Permission::Window) && s.hall == Some(case.hall_id), secs);
        let relevant = self.row.relevant(self.item);
        let fine = |rev| {
            let verdicts = self.item.elements.materials.iter().filter(|m| relevant.needs(m));
            let verdicts = verdicts.map(|m| (m.key.clone(), Verdict::Accepted, String::new())).collect();
            Seen { id: case.id, rev, verdicts }
        };
        match self.row.path {
            Path::Correction => {
                let mut seen = fine(case.rev);
                if let Some(first) = seen.verdicts.first_mut() {
                    (first.1, first.2) = (Verdict::Defect, "图片不清晰，看不清编号和有效期，请重新拍照上传。".into());
                }
                return flows::ask_correction(c, &clerk(6 * HOUR)?, books, &seen, "").map(|_| ());
            }
            Path::NotAccepted => {
                let reason = "申请事项不属于本机关职权范围，请向经营场所所在地的机关提出申请。";
                return flows::refuse_acceptance(c, &clerk(7 * HOUR)?, books, &fine(case.rev), reason).map(|_| ());
            }
            _ => {}
        }
        let case = flows::pre_accept(c, &clerk(3 * HOUR)?, books, &fine(case.rev))?;
        if self.row.path == Path::Preaccepted {
            return Ok(());
        }
        let (case, _) = flows::accept(c, &clerk(5 * HOUR)?, books, &fine(case.rev))?;
        let department = books.shelf.department(case.department_id.0)?;
        match department.channel {
            Channel::System => self.in_the_system(c, &case, &department.code),
            Channel::Desk => self.at_the_desk(c, case),
        }
    }

    fn at_the_desk(&self, c: &mut Conn, case: Case) -> Result<()> {
        let at = |role, hours| {
            let own = move |s: &StaffActor| s.has(role) && s.department == Some(case.department_id.0);
            self.staff(own, hours * HOUR)
        };
        let opined = |rev, opinion: &str| Opined { id: case.id, rev, opinion: opinion.to_owned() };
        if self.row.path < Path::Reviewing {
            return Ok(());
        }
        let refuses = self.row.path == Path::Refused;
        let (outcome, reason, opinion) = match refuses {
            true => (Decision::Refused, "经核查，申请人不符合本事项规定的条件。", "经审查不符合条件，建议不予许可。"),
            false => (Decision::Granted, "", "材料齐全、符合法定条件，建议准予。"),
        };
        let moved = flows::handle(c, &at(Permission::Handle, 26)?, &opined(case.rev, opinion), outcome, reason)?;
        if self.row.path == Path::Reviewing {
            return Ok(());
        }
        let agree = OpinionVerdict::Agree;
        let moved = flows::review(c, &at(Permission::Review, 30)?, &opined(moved.rev, "同意承办意见。"), agree)?;
        if self.row.path == Path::Approving {
            return Ok(());
        }
        let opined = opined(moved.rev, "同意。");
        flows::approve(c, &at(Permission::Approve, 50)?, &self.stage.books, &opined).map(|_| ())
    }

    /// The department's system took the message then, and has answered where the story goes on.
    fn in_the_system(&self, c: &mut Conn, case: &Case, code: &str) -> Result<()> {
        if self.row.path <= Path::Accepted {
            return Ok(());
        }
        let then = self.at(&self.stage.ctx, 6 * HOUR);
        if self.row.path == Path::Overdue {
            // Overdue because the message was given up and nobody sent it again.
            return tried(c, &then, case, 500);
        }
        tried(c, &then, case, 202)?;
        let case_no = case.case_no.clone().unwrap_or_default();
        let received = protocol::Received { case_no: case_no.clone(), receipt: None };
        self.said(c, case, code, protocol::CASE_RECEIVED, 7, serde_json::to_value(received)?)?;
        let is_decided = matches!(self.row.path, Path::Granted | Path::Refused);
        if !is_decided {
            return Ok(());
        }
        let refuses = self.row.path == Path::Refused;
        let decided = protocol::Decided {
            case_no,
            outcome: if refuses { "refused" } else { "granted" }.into(),
            reason: if refuses { "经核查，经营场所不符合规定条件。" } else { "" }.into(),
            decided_by: "行政审批科".into(),
            decided_at: self.at(&self.stage.ctx, 50 * HOUR).now,
            document: None,
        };
        self.said(c, case, code, protocol::CASE_DECIDED, 50, serde_json::to_value(decided)?)
    }

    fn said(&self, c: &mut Conn, case: &Case, code: &str, kind: &str, hours: i64, data: Value) -> Result<()> {
        let actor = Actor::Department(case.department_id.0);
        let ctx = self.at(&Ctx { actor, ..self.stage.ctx.clone() }, hours * HOUR);
        let (id, subject) = (Id::random().to_string(), case.case_no.clone().unwrap_or_default());
        let event = Event::new(id, format!("urn:department:{code}"), kind, subject, ctx.now, data);
        let incoming = Incoming { department: case.department_id, event };
        flows::department_said(c, &ctx, &self.stage.books, &incoming, None).map(|_| ())
    }
}

/// The department's system answered the message of this case with this status, if an address of it is known.
fn tried(c: &mut Conn, then: &Ctx, case: &Case, status: u16) -> Result<()> {
    let policy = Policy { delays: vec![60], max_attempts: 1 };
    for leased in exchange::lease_due(c, then, 100, 1)?.into_iter().filter(|l| l.case_id == case.id) {
        let outcome = Outcome::Answered { status, retry_after: None, receipt: None };
        exchange::record_try(c, then, &policy, &Tried { id: leased.id, outcome, millis: 40 })?;
    }
    Ok(())
}
