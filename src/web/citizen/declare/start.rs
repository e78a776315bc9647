//! The start: what is needed, whether the person may, and the draft that there may be already.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{Low, citizen, low};
use crate::cases;
use crate::catalogue::{Act, CaseKind, Halt, Material, Shelved};
use crate::flows::{self, Guided};
use crate::identity::standing;
use crate::kernel::{Kind, Result, Text, Ts};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::notice;
use crate::web::form::{Fields, Posted};
use crate::web::guard::{Anyone, Citizen};
use crate::web::public::assurance::place::{self, Of, is_unmet};
use crate::web::public::shown::Days;
use crate::web::{page, questions};

#[derive(Debug, Clone, Serialize)]
pub struct Start {
    slug: String,
    title: Text,
    department: Text,
    is_online: bool,
    halt: Option<Halt>,
    is_immediate: bool,
    promised: Days,
    /// What handing in needs, and whether the person has shown it.
    level: i32,
    is_fresh: bool,
    signs: bool,
    /// What beginning needs and the person lacks.
    low: Option<Low>,
    may_begin: bool,
    /// About how long filling in takes.
    minutes: usize,
    materials: Vec<Need>,
    draft: Option<Begun>,
    /// What guidance has found out, to go on with: names and values of fields.
    guided: Vec<(String, String)>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Need {
    name: Text,
    is_needed: bool,
    when: Option<Text>,
    blank: Option<String>,
    sample: Option<String>,
}

/// The draft that was begun before.
#[derive(Debug, Clone, Serialize)]
struct Begun {
    id: String,
    at: Ts,
}

impl View for Start {
    const TEMPLATE: &'static str = "citizen/declare_start";
    fn samples() -> Vec<Self> {
        let text = || Text::new("食品经营许可 <新办>", "Food licence <new>");
        let need = |is_needed| Need {
            name: text(),
            is_needed,
            when: (!is_needed).then(text),
            blank: is_needed.then(|| "a.pdf".into()),
            sample: is_needed.then(|| "b.pdf".into()),
        };
        let full = Self {
            slug: "food-operation-licence".into(),
            title: text(),
            department: text(),
            is_online: true,
            halt: None,
            is_immediate: false,
            promised: Days { n: 6, is_calendar: false },
            level: 2,
            is_fresh: false,
            signs: true,
            low: None,
            may_begin: true,
            minutes: 15,
            materials: vec![need(true), need(false)],
            draft: None,
            guided: vec![],
            notice: None,
        };
        let low = |needs, is_near, is_waiting| {
            Some(Low { needs, is_fresh: false, is_near, is_waiting, to: "/account/step-up?step=declare".into() })
        };
        let begun = Begun { id: "1".into(), at: Ts::from_micros(1_770_000_000_000_000) };
        vec![
            full.clone(),
            Self { draft: Some(begun.clone()), is_immediate: true, ..full.clone() },
            Self { draft: Some(begun), guided: vec![("form.a".into(), "<1>".into())], ..full.clone() },
            Self { low: low(2, true, false), may_begin: false, materials: vec![], signs: false, ..full.clone() },
            Self {
                low: low(4, false, false),
                may_begin: false,
                notice: Some("x".into()),
                signs: false,
                ..full.clone()
            },
            Self { low: low(1, true, true), signs: false, is_fresh: true, level: 3, ..full.clone() },
            Self { is_online: false, level: 0, ..full.clone() },
            Self {
                is_online: false,
                halt: Some(Halt { reason: "系统升级".into(), since: crate::kernel::Ts::default().day() }),
                ..full
            },
        ]
    }
}

/// About what one question and one material take, in seconds.
const QUESTION: usize = 20;
const MATERIAL: usize = 60;

fn minutes(item: &Shelved) -> usize {
    let needed = item.elements.materials.iter().filter(|m| m.is_needed()).count();
    let seconds = item.elements.form.fields().count() * QUESTION + needed * MATERIAL;
    seconds.div_ceil(300).max(1) * 5
}

async fn view(who: &Citizen, slug: &str, asked: &Fields) -> Result<Start> {
    let books = who.app.books();
    let item = books.shelf.by_slug(slug)?;
    let (ctx, id) = (who.ctx.clone(), item.item_id);
    let found = move |c: &mut crate::db::Conn| {
        let standing = standing::of_self(c, &ctx)?;
        Ok((standing, cases::my_drafts(c, &ctx, id)?.into_iter().next()))
    };
    let (standing, draft) = who.app.db.read(found).await?;
    let e = &item.elements;
    let guided = guided_fields(&item, asked);
    let to = place::step_up(Act::Declare, Of::Item(slug), &here(slug, &guided));
    let need = |m: &Material| Need {
        name: m.name.clone(),
        is_needed: m.is_needed(),
        when: m.when.clone(),
        blank: m.blank.clone(),
        sample: m.sample.clone(),
    };
    Ok(Start {
        slug: e.slug.clone(),
        title: e.name.clone(),
        department: books.shelf.department(item.department_id)?.name.clone(),
        is_online: e.online.enabled && item.halt.is_none(),
        halt: item.halt.clone(),
        is_immediate: e.kind == CaseKind::Immediate,
        promised: e.limits.promised.into(),
        level: e.assurance.need(Act::Sign).level,
        is_fresh: e.assurance.sign_fresh,
        signs: low(&standing, e.assurance.need(Act::Sign), String::new()).is_none(),
        may_begin: low(&standing, e.assurance.need(Act::Declare), String::new()).is_none_or(|low| low.is_waiting),
        low: low(&standing, e.assurance.need(Act::Declare), to),
        minutes: minutes(&item),
        materials: e.materials.iter().map(need).collect(),
        draft: draft.map(|d| Begun { id: d.id.to_string(), at: d.updated_at }),
        guided,
        notice: None,
    })
}

/// What guidance has found out: the kind of applicant, and answers to its questions.
fn guided(item: &Shelved, fields: &Fields) -> Guided {
    let answers = questions::read(&item.elements.guide(), fields);
    Guided { applicant: fields.get("applicant.kind").to_owned(), answers }
}

fn guided_fields(item: &Shelved, fields: &Fields) -> Vec<(String, String)> {
    let known = guided(item, fields);
    let mut all = questions::pairs(&known.answers);
    if !all.is_empty() && !known.applicant.is_empty() {
        all.push(("applicant.kind".into(), known.applicant));
    }
    all
}

/// This page with what guidance has found out.
fn here(slug: &str, guided: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        guided.iter().map(|(k, v)| format!("{}={}", form_urlencoded(k), form_urlencoded(v))).collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    format!("/declare/{slug}{query}")
}

pub async fn show(
    who: Citizen,
    slug: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let view = view(&who, &slug, &Fields::from_pairs(asked.into_inner())).await?;
    Ok(page::show(&who, &view)?)
}

/// Begins a draft, or goes on with the one there is.
pub async fn begin(who: Anyone, slug: web::Path<String>, form: Posted) -> Result<HttpResponse, PageError> {
    let who = match citizen(who, &format!("/declare/{slug}"))? {
        Ok(who) => who,
        Err(to_login) => return Ok(to_login),
    };
    let view = view(&who, &slug, &form).await?;
    if !view.is_online {
        // The page says why, and the next step.
        return Ok(page::show_as(&who, StatusCode::FORBIDDEN, &view)?);
    }
    if let Some(low) = view.low.as_ref().filter(|low| !low.is_waiting) {
        return Ok(page::redirect(&low.to, ""));
    }
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let item = books.shelf.by_slug(&slug)?;
    let (item, known) = (item.item_id, guided(&item, &form));
    match who.app.db.write(move |c| flows::begin(c, &ctx, &books, item, &known)).await {
        Ok(case) => Ok(page::redirect(&format!("/declare/drafts/{}", case.id), "")),
        Err(e) if e.is(Kind::Conflict) || e.code().starts_with("mandate-") => {
            let view = Start { notice: notice(who.ctx.lang, &e), ..view };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) if is_unmet(&e) => {
            Ok(page::redirect(&place::step_up(Act::Declare, Of::Item(&slug), &here(&slug, &view.guided)), ""))
        }
        Err(e) => Err(e.into()),
    }
}
