//! Declaring at the window for somebody who came in: the item is chosen, then everything is on one page. What was uploaded is kept when
//! the form comes back; the form's own numbers make one case of however many clicks.

use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::intake::{self, Intake};
use super::wrong::{Wrong, at_counter, wrong};
use crate::app::App;
use crate::cases::{self, Applicant, CaseId, Content, Numbers};
use crate::catalogue::{Ask, Code, Shelved};
use crate::flows::{self, Declaration};
use crate::kernel::{Day, Error, FieldError, Id, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{self, PageError};
use crate::web::field::{self, Field};
use crate::web::form::{Fields, Uploaded};
use crate::web::guard::Clerk;
use crate::web::page;
use crate::web::questions::{self, Section, With};
use crate::windows::{self, Function, HallId};

/// So many items are shown at once.
const ITEMS: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    q: Option<String>,
}

/// Which item.
#[derive(Debug, Serialize)]
pub struct Choose {
    pub q: String,
    pub items: Vec<Choice>,
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub slug: String,
    pub name: Text,
    pub department: Text,
}

impl View for Choose {
    const TEMPLATE: &'static str = "hall/choose";
    fn samples() -> Vec<Self> {
        super::samples::choices()
    }
}

pub async fn choose(who: Clerk, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let (_, hall) = who.ctx.clerk()?;
    let read = move |c: &mut crate::db::Conn| windows::items_of_hall(c, HallId(hall), Function::Receive);
    let granted = who.app.db.read(read).await?;
    let q = asked.into_inner().q.unwrap_or_default().trim().chars().take(100).collect::<String>();
    let shelf = who.app.books().shelf;
    let ask = Ask { text: q.clone(), page: 1, size: ITEMS, ..Ask::default() };
    let found = shelf.search(&ask).items.into_iter().filter(|i| granted.contains(&i.item_id));
    let choice = |i: std::sync::Arc<Shelved>| {
        let department = shelf.department(i.department_id)?.name.clone();
        Ok(Choice { slug: i.elements.slug.clone(), name: i.elements.name.clone(), department })
    };
    let items = found.map(choice).collect::<Result<Vec<_>>>()?;
    Ok(page::show(&who, &Choose { q, items })?)
}

/// Everything of a declaration on one page.
#[derive(Debug, Serialize)]
pub struct Form {
    pub slug: String,
    pub title: Text,
    pub kinds: Vec<Chosen>,
    pub kind_code: Option<&'static str>,
    pub id_kinds: Vec<Chosen>,
    pub name: Field,
    pub id_number: Field,
    pub phone: Field,
    pub address: Field,
    pub agent_name: Field,
    pub agent_id_number: Field,
    pub sections: Vec<Section>,
    /// Where the page's script asks which questions are asked; empty when all are.
    pub watch: String,
    pub intake: Intake,
    /// The form's own numbers, sealed.
    pub once: String,
    pub notice: Option<String>,
    pub wrong: Vec<Wrong>,
}

/// An option of a select.
#[derive(Debug, Clone, Serialize)]
pub struct Chosen {
    pub code: String,
    pub name: Text,
    pub is_on: bool,
}

impl View for Form {
    const TEMPLATE: &'static str = "hall/declare";
    fn samples() -> Vec<Self> {
        super::samples::forms()
    }
}

fn form(app: &App, item: &Shelved, content: &Content, once: String, (faults, open): (&[FieldError], &str)) -> Form {
    let (e, a, shelf) = (&item.elements, &content.applicant, app.books().shelf);
    let option = |c: &Code, on: &str| Chosen { code: c.code.clone(), name: c.name.clone(), is_on: c.code == on };
    let name = |part: &str, key: &str| match part {
        "form" => questions::label(e, key),
        _ => e.materials.iter().find(|m| m.key == key).map(|m| m.name.clone()),
    };
    let kinds = shelf.codes().set("audience").iter().filter(|c| e.audience.contains(&c.code));
    Form {
        slug: e.slug.clone(),
        title: e.name.clone(),
        kinds: kinds.map(|c| option(c, &a.kind)).collect(),
        kind_code: faults.iter().find(|f| f.field == "applicant.kind").map(|f| f.code),
        id_kinds: shelf.codes().set("id_kind").iter().map(|c| option(c, &a.id_kind)).collect(),
        name: Field::new("applicant.name", &a.name, faults),
        id_number: Field::new("applicant.id_number", &a.id_number, faults),
        phone: Field::new("applicant.phone", &a.phone, faults),
        address: Field::new("applicant.address", &a.address, faults),
        agent_name: Field::new("applicant.agent_name", &a.agent_name, faults),
        agent_id_number: Field::new("applicant.agent_id_number", &a.agent_id_number, faults),
        sections: questions::sections(e, &a.kind, &content.answers, With { faults, open, ..With::default() }),
        watch: questions::watch(item),
        intake: intake::of(app, e, &e.relevant(&a.kind, &content.answers), &[]),
        once,
        notice: None,
        wrong: wrong(faults, name),
    }
}

/// The item, if this hall may receive it.
async fn granted(who: &Clerk, slug: &str) -> Result<std::sync::Arc<Shelved>> {
    let (_, hall) = who.ctx.clerk()?;
    let shelf = who.app.books().shelf;
    let item = shelf.open_item(shelf.by_slug(slug)?.item_id)?;
    let id = item.item_id;
    let may = who.app.db.read(move |c| windows::may(c, HallId(hall), id, Function::Receive)).await?;
    if may { Ok(item) } else { Err(Error::new(Kind::Forbidden, "hall-may-not")) }
}

pub async fn show(who: Clerk, slug: web::Path<String>) -> Result<HttpResponse, PageError> {
    let item = granted(&who, &slug).await?;
    let kind = item.elements.audience.first().cloned().unwrap_or_default();
    let applicant = Applicant { kind, id_kind: "111".into(), ..Applicant::default() };
    let content = Content { applicant, ..Content::default() };
    let once = Once::reserve(&who, &item).await?;
    Ok(page::show(&who, &form(&who.app, &item, &content, once.sealed(&who.app)?, (&[], "")))?)
}

fn read(item: &Shelved, fields: &Fields) -> Content {
    let get = |name: &str| fields.get(&format!("applicant.{name}")).to_owned();
    let kind = get("kind");
    let id_kind = if kind == "1" { get("id_kind") } else { "uscc".into() };
    let applicant = Applicant {
        id_kind,
        kind,
        name: get("name"),
        id_number: get("id_number"),
        phone: get("phone"),
        address: get("address"),
        agent_name: get("agent_name"),
        agent_id_number: get("agent_id_number"),
    };
    Content { applicant, answers: questions::read(&item.elements, fields) }
}

pub async fn declare(who: Clerk, slug: web::Path<String>, up: Uploaded) -> Result<HttpResponse, PageError> {
    let item = granted(&who, &slug).await?;
    let mut content = read(&item, &up.fields);
    let looks = questions::rearrange(&item.elements.form, &mut content.answers, &up.fields);
    let once = match Once::open(&who, &item, up.fields.get("once")) {
        Some(once) => once,
        None => Once::reserve(&who, &item).await?,
    };
    let mut taken = intake::take(&who.app, &who.ctx, &item.elements, up).await?;
    if !item.elements.audience.contains(&content.applicant.kind) {
        taken.faults.push(FieldError { field: "applicant.kind".into(), code: "not-an-option", value: None });
    }
    if let Some(open) = looks {
        let mut view = form(&who.app, &item, &content, once.sealed(&who.app)?, (&taken.faults, &open));
        view.intake.keep(&who.app, &who.ctx, &taken)?;
        return Ok(page::show(&who, &view)?);
    }
    let declaration = Declaration {
        item: item.item_id,
        hall: None,
        content: content.clone(),
        files: taken.files.clone(),
        on_paper: taken.on_paper.clone(),
    };
    let e = match hand_in(&who, declaration, once.numbers(), &taken.faults).await {
        Ok(case) => {
            who.app.wake.notify_waiters();
            return Ok(page::redirect(&format!("/hall/cases/{case}/receipt"), ""));
        }
        Err(e) if !matches!(e.kind(), Kind::Invalid | Kind::Conflict) => return Err(e.into()),
        Err(e) => e,
    };
    // A file that was refused is not "missing", too.
    let is_told = |f: &FieldError| taken.faults.iter().any(|t| t.field == f.field);
    let more: Vec<_> = e.field_errors().iter().filter(|f| !is_told(f)).cloned().collect();
    taken.faults.extend(more);
    at_counter(&mut taken.faults);
    let mut view = form(&who.app, &item, &content, once.sealed(&who.app)?, (&taken.faults, ""));
    view.intake.keep(&who.app, &who.ctx, &taken)?;
    view.notice = field::notice(who.ctx.lang, &e);
    Ok(page::show_as(&who, error::status(e.kind()), &view)?)
}

/// Declares; a second click finds the case that the first one made.
///
/// # Errors
/// What is wrong with the declaration, and `known`, which was wrong before.
async fn hand_in(who: &Clerk, of: Declaration, numbers: Numbers, known: &[FieldError]) -> Result<CaseId> {
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let known = known.to_vec();
    let receipt_no = numbers.receipt_no.clone();
    let write = move |c: &mut crate::db::Conn| {
        let made = flows::declare_at_window(c, &ctx, &books, &of, &numbers)?;
        // What was wrong with uploads is told together with the rest, so nothing of this may stay.
        if known.is_empty() { Ok(made.id) } else { Err(Error::fields(known.clone())) }
    };
    match who.app.db.write(write).await {
        Err(e) if e.is(Kind::Conflict) && e.code() == "already-there" => {
            let ctx = who.ctx.clone();
            let case = who.app.db.read(move |c| cases::at_hall_by_number(c, &ctx, &receipt_no)).await?;
            Ok(case.id)
        }
        made => made,
    }
}

/// The numbers of the case that a form will make. They are unique, so that the form makes one case at most.
#[derive(Serialize, Deserialize)]
struct Once {
    staff: Id,
    item: Id,
    day: Day,
    case_no: String,
    receipt_no: String,
    query_code: String,
}

const PLACE: &str = "hall.once";

impl Once {
    async fn reserve(who: &Clerk, item: &Shelved) -> Result<Self> {
        let n = who.app.numbers(&item.elements.code).await?;
        Ok(Self {
            staff: who.ctx.staff()?.id,
            item: item.item_id.0,
            day: who.ctx.now.day(),
            case_no: n.case_no,
            receipt_no: n.receipt_no,
            query_code: n.query_code,
        })
    }

    /// Those of a form of today, of this clerk and item.
    fn open(who: &Clerk, item: &Shelved, sealed: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let once: Self = serde_json::from_slice(&who.app.keys.open(PLACE, &sealed).ok()?).ok()?;
        let is_own = Some(once.staff) == who.ctx.actor.id() && once.item == item.item_id.0;
        (is_own && once.day == who.ctx.now.day()).then_some(once)
    }

    fn sealed(&self, app: &App) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(app.keys.seal(PLACE, &serde_json::to_vec(self)?)))
    }

    fn numbers(&self) -> Numbers {
        Numbers {
            case_no: self.case_no.clone(),
            receipt_no: self.receipt_no.clone(),
            query_code: self.query_code.clone(),
        }
    }
}
