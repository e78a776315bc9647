//! The acts of the window. A correction and a refusal are asked about once more, on a page that shows what would be written.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::case::{self, CasePage};
use super::confirm;
use super::wrong::wrong;
use crate::cases::{self, CaseId, Event, NoticeId, Verdict};
use crate::flows::{self, Seen};
use crate::kernel::{Error, FieldError, Id, Kind, Result};
use crate::web::caseframe;
use crate::web::error::{self, PageError};
use crate::web::field;
use crate::web::form::{Fields, Posted};
use crate::web::guard::Clerk;
use crate::web::page;

/// Longest reason at a material, and longest note or reason of the whole, in characters.
const MATERIAL: usize = 500;
const WHOLE: usize = 2000;

/// What the clerk wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Keep what was found so far.
    Save,
    /// Mark all that came and has no verdict yet as accepted; nothing is kept.
    Rest,
    PreAccept,
    Correct,
    Refuse,
    Accept,
}

impl Act {
    const ALL: [Act; 6] = [Act::Save, Act::Rest, Act::PreAccept, Act::Correct, Act::Refuse, Act::Accept];

    pub fn code(self) -> &'static str {
        match self {
            Act::Save => "save",
            Act::Rest => "rest",
            Act::PreAccept => "pre-accept",
            Act::Correct => "correct",
            Act::Refuse => "refuse",
            Act::Accept => "accept",
        }
    }
    fn read(code: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|a| a.code() == code);
        known.ok_or_else(|| Error::invalid("form-unreadable"))
    }
    /// The edge of an act that is asked about once more.
    pub fn event(self) -> Option<Event> {
        match self {
            Act::Correct => Some(Event::AskCorrection),
            Act::Refuse => Some(Event::RefuseAcceptance),
            _ => None,
        }
    }
    fn done(self) -> &'static str {
        match self {
            Act::Save | Act::Rest => "hall-verdicts",
            Act::PreAccept => "hall-pre-accepted",
            Act::Correct => "hall-corrected",
            Act::Refuse => "hall-refused",
            Act::Accept => "hall-accepted",
        }
    }
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub rev: i64,
    /// Key of a material, its verdict, the reason.
    pub verdicts: Vec<(String, Option<Verdict>, String)>,
    pub reason: String,
}

impl Typed {
    fn read(posted: &Fields) -> Result<Self> {
        let mut keys: Vec<&str> = posted.names().filter_map(|n| n.strip_prefix("reason.")).collect();
        keys.sort_unstable();
        let said = |key: &str| {
            let verdict = Verdict::from_code(posted.get(&format!("verdict.{key}")));
            (key.to_owned(), verdict, posted.get(&format!("reason.{key}")).to_owned())
        };
        Ok(Self {
            rev: posted.get("rev").parse().map_err(|_| Error::invalid("form-unreadable"))?,
            verdicts: keys.into_iter().map(said).collect(),
            reason: posted.get("reason").to_owned(),
        })
    }

    fn check(&self) -> Result<()> {
        let is_long = |text: &str, most: usize| text.chars().count() > most;
        let fault = |field: String, most: usize| FieldError { field, code: "too-long", value: Some(most.to_string()) };
        let long = self.verdicts.iter().filter(|(_, _, reason)| is_long(reason, MATERIAL));
        let mut faults: Vec<_> = long.map(|(key, _, _)| fault(format!("reason.{key}"), MATERIAL)).collect();
        if is_long(&self.reason, WHOLE) {
            faults.push(fault("reason".into(), WHOLE));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }

    pub fn seen(&self, id: CaseId) -> Seen {
        let said = |(key, verdict, reason): &(String, Option<Verdict>, String)| match verdict {
            Some(Verdict::Accepted) => Some((key.clone(), Verdict::Accepted, String::new())),
            Some(Verdict::Defect) => Some((key.clone(), Verdict::Defect, reason.clone())),
            None => None,
        };
        Seen { id, rev: self.rev, verdicts: self.verdicts.iter().filter_map(said).collect() }
    }

    /// The same as fields of a form.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let mut all = vec![("rev".into(), self.rev.to_string()), ("reason".into(), self.reason.clone())];
        for (key, verdict, reason) in &self.verdicts {
            all.extend(verdict.map(|v| (format!("verdict.{key}"), v.code().to_owned())));
            all.push((format!("reason.{key}"), reason.clone()));
        }
        all
    }

    /// Puts what was typed into the page. The revision is the one shown now: who sends again has seen it.
    fn into_page(self, view: &mut CasePage) {
        let Some(form) = &mut view.form else {
            let reasons = self.verdicts.into_iter().map(|(_, _, reason)| reason);
            view.lost = reasons.chain([self.reason]).filter(|text| !text.is_empty()).collect();
            return;
        };
        for (key, verdict, reason) in self.verdicts {
            if let Some(look) = form.looks.iter_mut().find(|l| l.material.key == key) {
                look.material.verdict = verdict.map(Verdict::code);
                look.material.reason = reason;
            }
        }
        form.reason = self.reason;
    }
}

pub async fn act(who: Clerk, path: web::Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let (act, typed) = (Act::read(posted.get("act"))?, Typed::read(&posted)?);
    if posted.has("back") || act == Act::Rest {
        let mut view = case::load(&who, id).await?;
        typed.into_page(&mut view);
        if !posted.has("back") {
            accept_rest(&mut view);
        }
        return Ok(page::show(&who, &view)?);
    }
    let is_sure = posted.get("sure") == "1";
    let done = match typed.check() {
        Err(e) => Err(e),
        Ok(()) if act.event().is_some() && !is_sure => match confirm::ask(&who, id, act, &typed).await {
            Ok(view) => return Ok(page::show(&who, &view)?),
            Err(e) => Err(e),
        },
        Ok(()) => carry_out(&who, act, typed.seen(id), &typed.reason).await,
    };
    match done {
        Ok(notice) => {
            who.app.wake.notify_waiters();
            let to = notice.filter(|_| act == Act::Accept).map(|n| format!("/notices/{n}")).unwrap_or_default();
            Ok(page::redirect(&format!("/hall/cases/{id}{to}"), act.done()))
        }
        Err(e) => Ok(refused(&who, id, typed, e).await?),
    }
}

/// What came and was not judged yet is as it should be.
fn accept_rest(view: &mut CasePage) {
    let looks = view.form.iter_mut().flat_map(|f| &mut f.looks);
    for look in looks.filter(|l| l.is_there && l.material.verdict.is_none()) {
        look.material.verdict = Some(Verdict::Accepted.code());
    }
}

async fn carry_out(who: &Clerk, act: Act, seen: Seen, reason: &str) -> Result<Option<NoticeId>> {
    let (ctx, books, reason) = (who.ctx.clone(), who.app.books(), reason.to_owned());
    let write = move |c: &mut crate::db::Conn| match act {
        Act::Save | Act::Rest => flows::save_verdicts(c, &ctx, &books, &seen).map(|_| None),
        Act::PreAccept => flows::pre_accept(c, &ctx, &books, &seen).map(|_| None),
        Act::Correct => flows::ask_correction(c, &ctx, &books, &seen, &reason).map(|(_, n)| Some(n)),
        Act::Refuse => flows::refuse_acceptance(c, &ctx, &books, &seen, &reason).map(|(_, n)| Some(n)),
        Act::Accept => flows::accept(c, &ctx, &books, &seen).map(|(_, n)| Some(n)),
    };
    who.app.db.write(write).await
}

/// The page as it is now, with what refused the act and what was typed.
async fn refused(who: &Clerk, id: CaseId, typed: Typed, e: Error) -> Result<HttpResponse> {
    let faults = e.field_errors().to_vec();
    let (mut view, status) = again(who, id, e).await?;
    typed.into_page(&mut view);
    if let Some(form) = &mut view.form {
        let fault = |field: &str| faults.iter().find(|f| f.field == field);
        for look in &mut form.looks {
            let key = &look.material.key;
            look.verdict_code = fault(&format!("verdict.{key}")).map(|f| f.code);
            let reason = fault(&format!("reason.{key}"));
            (look.reason_code, look.reason_arg) = (reason.map(|f| f.code), reason.and_then(|f| f.value.clone()));
        }
        let reason = fault("reason");
        (form.reason_code, form.reason_arg) = (reason.map(|f| f.code), reason.and_then(|f| f.value.clone()));
    }
    page::show_as(who, status, &view)
}

/// The page with what refused an act, if that is something which the clerk can answer.
pub(super) async fn again(who: &Clerk, id: CaseId, e: Error) -> Result<(CasePage, StatusCode)> {
    if !matches!(e.kind(), Kind::Invalid | Kind::Conflict | Kind::Forbidden) {
        return Err(e);
    }
    let mut view = case::load(who, id).await?;
    if e.code() == "case-moved" {
        view.frame.moved = caseframe::last_step(who, id, cases::at_hall).await?;
    }
    let materials = &view.dossier.materials;
    let name = |_: &str, key: &str| materials.iter().find(|m| m.key == key).map(|m| m.name.clone());
    view.wrong = wrong(e.field_errors(), name);
    view.notice = field::notice(who.ctx.lang, &e);
    Ok((view, error::status(e.kind())))
}
