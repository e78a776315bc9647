//! A notice (受理通知书, 一次性告知书, 决定书) as a sheet of paper: on the screen, and printed. It shows what was told when it was made
//! and nothing of what came after. Each kind of reader has a door with a scope of its own; looks by staff are recorded.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::error::PageError;
use super::guard::{Anyone, Citizen, Clerk, Officer, Supervisor};
use super::{looks, page};
use crate::audit::looks::{Look, Purpose};
use crate::cases::{self, Case, CaseId, Notice, NoticeDoc, NoticeId, NoticeKind};
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Id, Result, Text, Ts};
use crate::render::View;
use crate::web::qr::qr;

#[derive(Debug, Serialize)]
pub struct NoticePage {
    /// Page of the case.
    pub back: String,
    /// `public` or `work`
    pub frame: &'static str,
    /// Text `notice-title-…`.
    pub title: &'static str,
    /// What the Administrative Licensing Law says binds licences alone.
    pub is_licence: bool,
    pub doc: NoticeDoc,
    pub day: Text,
    pub due_on: Option<Text>,
    pub legal_due_on: Option<Text>,
    /// Where the progress is asked for, with the query code of the notice.
    pub progress: Option<Progress>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    pub address: String,
    /// The address as a picture: a `data:` URL. It names no case.
    pub qr: String,
}

/// A notice in a list of those of a case.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeLink {
    pub id: String,
    /// Text `notice-title-…`.
    pub heading: &'static str,
    pub no: String,
    pub made_at: Ts,
}

impl NoticeLink {
    pub fn of(n: &Notice) -> Self {
        Self { id: n.id.to_string(), heading: title(&n.doc), no: n.no.clone(), made_at: n.made_at }
    }
}

impl View for NoticePage {
    const TEMPLATE: &'static str = "notice";
    fn samples() -> Vec<Self> {
        samples()
    }
}

/// From whose desk a notice is looked at.
struct Door {
    area: &'static str,
    frame: &'static str,
    find: fn(&mut Conn, &Ctx, CaseId) -> Result<Case>,
    /// In which business staff look.
    purpose: Option<Purpose>,
    /// The applicant, and the clerk who prints it for them, may see the query code.
    knows_code: bool,
}

const MINE: Door = Door { area: "/my", frame: "public", find: cases::mine, purpose: None, knows_code: true };
const HALL: Door =
    Door { area: "/hall", frame: "work", find: cases::at_hall, purpose: Some(Purpose::Accept), knows_code: true };
const DESK: Door = Door {
    area: "/desk",
    frame: "work",
    find: cases::at_department,
    purpose: Some(Purpose::Decide),
    knows_code: false,
};
const SUPERVISE: Door = Door {
    area: "/supervise",
    frame: "work",
    find: cases::for_supervision,
    purpose: Some(Purpose::Supervise),
    knows_code: false,
};

type Named = web::Path<(String, String)>;

pub async fn mine(who: Citizen, named: Named) -> Result<HttpResponse, PageError> {
    Ok(show(&who, &MINE, named).await?)
}
pub async fn hall(who: Clerk, named: Named) -> Result<HttpResponse, PageError> {
    Ok(show(&who, &HALL, named).await?)
}
pub async fn desk(who: Officer, named: Named) -> Result<HttpResponse, PageError> {
    Ok(show(&who, &DESK, named).await?)
}
pub async fn supervise(who: Supervisor, named: Named) -> Result<HttpResponse, PageError> {
    Ok(show(&who, &SUPERVISE, named).await?)
}

async fn show(who: &Anyone, door: &'static Door, named: Named) -> Result<HttpResponse> {
    let (case, notice) = named.into_inner();
    let (case, notice) = (CaseId(case.parse::<Id>()?), NoticeId(notice.parse::<Id>()?));
    let ctx = who.ctx.clone();
    let read = move |c: &mut Conn| find(c, &ctx, door, case, notice);
    let doc = match door.purpose {
        None => who.app.db.read(move |c| read(c).map(|(doc, _)| doc)).await?,
        Some(purpose) => {
            let part = Some(("notice", notice.0));
            looks::at(who, Look { action: "case.look-notice", object: ("case", case.0), part, purpose }, read).await?
        }
    };
    page::show(who, &view(door, case, doc, &who.app.config.server.public_url)?)
}

fn find(c: &mut Conn, ctx: &Ctx, door: &Door, case: CaseId, notice: NoticeId) -> Result<(NoticeDoc, Option<Id>)> {
    let case = (door.find)(c, ctx, case)?;
    let found = cases::notice(c, ctx, &case, notice)?;
    let query_code = if door.knows_code { found.doc.query_code } else { String::new() };
    Ok((NoticeDoc { query_code, no: found.no, ..found.doc }, looks::person(&case)))
}

fn view(door: &Door, case: CaseId, doc: NoticeDoc, public_url: &str) -> Result<NoticePage> {
    let address = progress_address(public_url);
    let progress = match doc.query_code.is_empty() {
        true => None,
        false => Some(Progress { qr: qr(&address)?, address }),
    };
    Ok(NoticePage {
        back: format!("{}/cases/{case}", door.area),
        frame: door.frame,
        title: title(&doc),
        is_licence: is_licence(&doc),
        day: in_words(doc.day),
        due_on: doc.due_on.map(in_words),
        legal_due_on: doc.legal_due_on.map(in_words),
        progress,
        doc,
    })
}

/// 行政许可.
const LICENCE: &str = "01";

fn is_licence(doc: &NoticeDoc) -> bool {
    doc.item_type == LICENCE
}

fn title(doc: &NoticeDoc) -> &'static str {
    heading(doc.kind, &doc.item_type)
}

/// Text `notice-title-…`: a decision on something that is no licence is not called one.
pub fn heading(kind: NoticeKind, item_type: &str) -> &'static str {
    match (kind, item_type == LICENCE) {
        (NoticeKind::Granted, true) => "granted-licence",
        (NoticeKind::Refused, true) => "refused-licence",
        (kind, _) => kind.code(),
    }
}

/// Where anybody asks for the progress of a case: never with its numbers, which would end in logs.
pub(super) fn progress_address(public_url: &str) -> String {
    format!("{}/progress", public_url.trim_end_matches('/'))
}

/// The day as official papers write it.
fn in_words(day: Day) -> Text {
    Text::new(day.format("%Y年%-m月%-d日").to_string(), day.format("%-d %B %Y").to_string())
}

fn samples() -> Vec<NoticePage> {
    let text = || Text::new("公共场所卫生许可 <新办>", "Public place hygiene licence <new>");
    let defect =
        |key: &str| cases::Defect { key: key.into(), name: "平面图 <b>".into(), reason: "看不清 <b>".into() };
    let doc = |kind, item_type: &str, is_full: bool| NoticeDoc {
        kind,
        no: "260302000017-1".into(),
        department: text(),
        item: text(),
        applicant: "林越 <b>".into(),
        case_no: "11980100MB0000000000000000000000020260302000017X".into(),
        receipt_no: "260302000017".into(),
        day: Day::from_ymd_opt(2026, 3, 2).unwrap_or_default(),
        materials: if is_full { vec![text(), text()] } else { vec![] },
        defects: if is_full { vec![defect("m1"), defect("")] } else { vec![] },
        reason: if is_full { "场所与住宅相连 <b>".into() } else { String::new() },
        due_on: Day::from_ymd_opt(2026, 3, 16).filter(|_| is_full),
        legal_due_on: Day::from_ymd_opt(2026, 3, 30).filter(|_| is_full),
        remedy: is_full.then(text),
        result: is_full.then(text),
        query_code: if is_full { "7Q4K2M9X".into() } else { String::new() },
        item_type: item_type.into(),
        basis: if is_full { "《公共场所卫生管理条例》第四条".into() } else { String::new() },
        is_deemed: is_full,
    };
    let mut all = vec![];
    for kind in NoticeKind::ALL {
        for (item_type, is_full) in [("01", true), ("01", false), ("07", true), ("07", false)] {
            let door = if is_full { &MINE } else { &DESK };
            let id = CaseId(Id::from_bytes([1; 16]));
            all.extend(view(door, id, doc(*kind, item_type, is_full), "https://example.com"));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_papers_write_it() {
        let day = in_words("2026-03-02".parse().unwrap());
        assert_eq!((day.zh.as_str(), day.en.as_str()), ("2026年3月2日", "2 March 2026"));
    }

    #[test]
    fn the_picture_is_one_of_the_address() {
        let picture = qr("https://example.com/progress").unwrap();
        assert!(picture.starts_with("data:image/svg+xml;base64,"), "{picture}");
        assert_ne!(picture, qr("https://example.com/other").unwrap());
    }
}
