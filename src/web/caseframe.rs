//! What staff see around a case, at whatever desk: its head with the limit, numbers, notices, steps, and who else is at it.
//! Templates: `{{part "partials/casehead" f=v.frame desk=(t "…")}}` and `{{part "partials/caseside" f=v.frame}}`.

use actix_web::HttpResponse;
use serde::Serialize;

use super::due::Due;
use super::guard::Anyone;
use super::notice::NoticeLink;
use super::timeline::{self, Step};
use super::{looks, stored};
use crate::audit::looks::{Look, Purpose};
use crate::cases::{self, Case, CaseId, FileId, Identity, State};
use crate::catalogue::Shelved;
use crate::db::Conn;
use crate::flows::Books;
use crate::identity::mandates;
use crate::kernel::{Ctx, Day, Id, Result, Text, Ts};

#[derive(Debug, Clone, Serialize)]
pub struct CaseFrame {
    /// Path of the desk.
    pub desk: &'static str,
    pub id: String,
    pub title: Text,
    pub receipt_no: String,
    pub case_no: String,
    pub state: &'static str,
    pub channel: &'static str,
    pub is_open: bool,
    /// `pending` or `failed` while it is not known who declared: text `case-identity-…`; empty otherwise.
    pub identity: &'static str,
    /// Who handed it in, where they did so themself.
    pub by: Option<By>,
    /// The limit that runs now; text `case-until-…` says which.
    pub due: Due,
    pub until: &'static str,
    pub legal_due: Option<String>,
    pub decision: Option<&'static str>,
    pub notices: Vec<NoticeLink>,
    pub steps: Vec<Step>,
    /// Who has the case in hands.
    pub held_by: Option<String>,
    /// What somebody did since the page was made from which this person acted.
    pub moved: Option<Step>,
}

/// By what somebody handed a case in for another, and how it was known who they are.
#[derive(Debug, Clone, Serialize)]
pub struct By {
    /// Text `mandate-kind-…`; none for who acted for themself, or for whom nothing vouched.
    pub kind: Option<&'static str>,
    pub until: String,
    /// It has ended since.
    pub is_ended: bool,
    pub level: i32,
}

fn by(c: &mut Conn, ctx: &Ctx, case: &Case) -> Result<Option<By>> {
    let Some(declared) = cases::declarant(c, case)? else { return Ok(None) };
    let mandate = declared.mandate.map(|id| mandates::named(c, ctx, id)).transpose()?.map(|held| held.mandate);
    Ok(Some(By {
        kind: mandate.as_ref().map(|m| m.kind.code()),
        until: mandate.as_ref().and_then(|m| m.until).map(|day| day.to_string()).unwrap_or_default(),
        is_ended: mandate.as_ref().is_some_and(|m| !m.is_in_force(ctx.now.day())),
        level: declared.level,
    }))
}

/// Of a case that the caller has found within its scope; `desk` is the path of the desk, under which its page stands.
pub fn frame(
    c: &mut Conn,
    ctx: &Ctx,
    books: &Books,
    case: &Case,
    item: &Shelved,
    desk: &'static str,
) -> Result<CaseFrame> {
    let (until, day) = limit(c, case)?;
    let steps: Vec<Step> = cases::timeline(c, case)?.iter().map(timeline::step).collect();
    Ok(CaseFrame {
        desk,
        id: case.id.to_string(),
        title: item.elements.name.clone(),
        receipt_no: case.receipt().to_owned(),
        case_no: case.case_no.clone().unwrap_or_default(),
        state: case.state.code(),
        channel: case.channel.code(),
        is_open: case.finished_at.is_none(),
        identity: if case.identity == Identity::Known || case.finished_at.is_some() {
            ""
        } else {
            case.identity.code()
        },
        by: by(c, ctx, case)?,
        due: Due::of(&books.plan, ctx.now.day(), day),
        until,
        legal_due: case.legal_due_on.map(|d| d.to_string()),
        decision: case.decision.map(|d| d.code()),
        notices: cases::notices(c, ctx, case)?.iter().map(NoticeLink::of).collect(),
        steps,
        held_by: None,
        moved: None,
    })
}

/// The last day that counts now.
fn limit(c: &mut Conn, case: &Case) -> Result<(&'static str, Option<Day>)> {
    Ok(match case.state {
        State::Correcting => ("correct", cases::open_correction(c, case)?.map(|x| x.due_on)),
        State::Submitted | State::PreAccepted | State::Received => ("answer", case.accept_by),
        _ => ("decide", case.due_on.filter(|_| case.finished_at.is_none())),
    })
}

/// How a desk finds a case of its own.
pub type Find = fn(&mut Conn, &Ctx, CaseId) -> Result<Case>;

/// A file of a case that `find` finds. The look is recorded.
pub async fn file(who: &Anyone, (case, file): (String, String), find: Find, purpose: Purpose) -> Result<HttpResponse> {
    let (case, id) = (CaseId(case.parse::<Id>()?), FileId(file.parse::<Id>()?));
    let ctx = who.ctx.clone();
    let look = Look { action: "case.look-file", object: ("case", case.0), part: Some(("file", id.0)), purpose };
    let read = move |c: &mut Conn| {
        let case = find(c, &ctx, case)?;
        Ok((cases::file(c, &ctx, &case, id)?, looks::person(&case)))
    };
    let file = looks::at(who, look, read).await?;
    stored::send(&who.app, &file).await
}

/// The last step of a case that `find` finds: what was done while somebody was reading.
pub async fn last_step(who: &Anyone, id: CaseId, find: Find) -> Result<Option<Step>> {
    let ctx = who.ctx.clone();
    let read = move |c: &mut Conn| {
        let case = find(c, &ctx, id)?;
        cases::timeline(c, &case)
    };
    Ok(who.app.db.read(read).await?.last().map(timeline::step))
}

impl CaseFrame {
    /// For the samples of pages.
    pub fn sample(desk: &'static str, state: &'static str) -> Self {
        let link = |heading| NoticeLink {
            id: "1".into(),
            heading,
            no: "260302000017-2".into(),
            made_at: Ts::from_micros(1_770_000_000_000_000),
        };
        let is_finished = state == "finished";
        let by = |kind| By { kind: Some(kind), until: "2026-12-31".into(), is_ended: false, level: 2 };
        let (day, until) = (Day::from_ymd_opt(2026, 3, 9), if state == "correcting" { "correct" } else { "answer" });
        Self {
            desk,
            id: "1".into(),
            title: Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>"),
            receipt_no: "260302000017".into(),
            case_no: "11980100MB00000000".into(),
            state,
            channel: "web",
            is_open: !is_finished,
            identity: match state {
                "submitted" => "pending",
                "received" => "failed",
                _ => "",
            },
            by: match state {
                "submitted" => Some(by("agent")),
                "received" => Some(By { kind: None, ..by("agent") }),
                "correcting" => Some(By { is_ended: true, ..by("guardian") }),
                "finished" => Some(by("representative")),
                _ => None,
            },
            due: if is_finished {
                Due { day: None, tone: "paused", text: "none", days: 0 }
            } else {
                Due { day, tone: "yellow", text: "soon", days: 1 }
            },
            until: if is_finished { "decide" } else { until },
            legal_due: is_finished.then(|| "2026-03-30".into()),
            decision: is_finished.then_some("granted"),
            notices: if is_finished {
                ["acceptance", "correction", "not-accepted", "granted", "refused-licence"]
                    .into_iter()
                    .map(link)
                    .collect()
            } else {
                vec![]
            },
            steps: Step::samples(),
            held_by: None,
            moved: None,
        }
    }
    pub fn held(self, by: &str) -> Self {
        Self { held_by: Some(by.into()), ..self }
    }
    pub fn moved(self) -> Self {
        Self { moved: Step::samples().pop(), ..self }
    }
}
