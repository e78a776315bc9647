//! 办事指南: all that a person has to know of an item before asking for it, and its forms and samples to download.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::more::More;
use super::places::{Asked, Places};
use super::shown::{Days, Row, department, first_theme};
use crate::calendar::Unit;
use crate::catalogue::changes::{self, ChangeId};
use crate::catalogue::{
    self, Act, Answered, Ask, Basis, CaseKind, Chosen, Codes, Conveniences, Elements, Halt, ItemId, Material, Shelf,
    Shelved, Step, VersionId,
};
use crate::db::Conn;
use crate::identity;
use crate::kernel::{Error, Fen, Lang, Result, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::{Anyone, Keeper};
use crate::web::page;
use crate::windows;

#[derive(Debug, Serialize)]
pub struct Guide {
    slug: String,
    name: Text,
    summary: Text,
    department: Text,
    theme: Option<Theme>,
    kind: Text,
    audience: Vec<Text>,
    level: Text,
    same_city: Option<Text>,
    depth: Text,
    is_immediate: bool,
    promised: Days,
    legal: Days,
    limit_note: Option<Text>,
    steps: Vec<StepRow>,
    is_online: bool,
    visits: u32,
    /// Text `mode-…`
    mode: &'static str,
    /// Texts `unmet-…`: what brings people to a hall.
    unmet: Vec<&'static str>,
    visit_reason: Option<Text>,
    /// The level of each step: text `step-…`, and the level.
    assurance: Vec<StepLevel>,
    identity_level: i32,
    is_fresh: bool,
    conveniences: Conveniences,
    conditions: Vec<Text>,
    materials: Vec<Need>,
    is_charged: bool,
    fee_note: Option<Text>,
    fees: Vec<FeeRow>,
    results: Vec<ResultRow>,
    places: Places,
    basis: Vec<Basis>,
    remedy: Text,
    faq: Vec<Answered>,
    consult: String,
    complain: String,
    code: String,
    basic_code: String,
    version: i32,
    halt: Option<Halt>,
    is_favourite: bool,
    /// The change whose elements these are, before they are in force.
    preview_of: Option<String>,
    /// The page's whole address, to hand on.
    link: String,
    /// Questions tell which materials one's own case needs.
    has_guide: bool,
    more: More,
    related: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Theme {
    code: String,
    name: Text,
}

/// A step of the person's own, and the level of identity that it asks for.
#[derive(Debug, Clone, Serialize)]
struct StepLevel {
    act: &'static str,
    level: i32,
}

#[derive(Debug, Clone, Serialize)]
struct StepRow {
    name: Text,
    /// Who does it: text `guide-by-…`.
    by: &'static str,
    days: Days,
    standard: Option<Text>,
}

/// A material, with what the dictionaries call its codes.
#[derive(Debug, Clone, Serialize)]
struct Need {
    no: usize,
    name: Text,
    is_needed: bool,
    when: Option<Text>,
    form: Text,
    source: Text,
    issuer: Option<Text>,
    issued_within: Option<Text>,
    paper: String,
    basis: String,
    originals: u32,
    copies: u32,
    licence: Option<Text>,
    fill: Option<Text>,
    standard: Option<Text>,
    /// `PDF, JPG`
    formats: String,
    max_mb: u64,
    sample: Option<String>,
    blank: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct FeeRow {
    name: Text,
    standard: Text,
    amount_fen: Fen,
    basis: String,
    reduction: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
struct ResultRow {
    name: Text,
    /// Not `kind`: that is the layout's own in a template.
    sort: Text,
    validity: Option<Text>,
    sample: Option<String>,
}

impl View for Guide {
    const TEMPLATE: &'static str = "public/guide";
    fn samples() -> Vec<Self> {
        vec![samples::full(), samples::bare()]
    }
}

pub async fn show(who: Anyone, slug: web::Path<String>, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let shelf = who.app.books().shelf;
    let item = shelf.by_slug(&slug)?;
    let id = item.item_id;
    let ctx = who.ctx.clone();
    let (places, is_favourite) = who
        .app
        .db
        .read(move |c| {
            // Staff keep nothing at hand.
            let is_favourite = ctx.person().is_ok() && catalogue::is_favourite(c, &ctx, id)?;
            Ok((places(c, id, &asked)?, is_favourite))
        })
        .await?;
    let link = format!("{}/items/{}", who.app.config.server.public_url.trim_end_matches('/'), item.elements.slug);
    let view = Guide::new(&shelf, &item, who.ctx.lang, places, link);
    Ok(page::show(&who, &Guide { is_favourite, ..view })?)
}

/// The guide as it will be when a change is in force.
pub async fn preview(who: Keeper, id: web::Path<String>) -> Result<HttpResponse, PageError> {
    let (id, ctx): (ChangeId, _) = (id.parse()?, who.ctx.clone());
    let change = who.app.db.read(move |c| changes::change(c, &ctx, id)).await?;
    let item_id = change.item_id.unwrap_or_else(ItemId::random);
    let places = who.app.db.read(move |c| places(c, item_id, &Asked::default())).await?;
    let item = Shelved {
        item_id,
        version_id: VersionId::random(),
        version_no: change.no.unwrap_or(change.base_no + 1),
        department_id: change.department_id.0,
        elements: change.doc.ok_or_else(Error::not_found)?,
        halt: None,
    };
    let shelf = who.app.books().shelf;
    let view = Guide::new(&shelf, &item, who.ctx.lang, places, String::new());
    Ok(page::show(&who, &Guide { preview_of: Some(id.to_string()), ..view })?)
}

fn places(c: &mut Conn, item: ItemId, asked: &Asked) -> Result<Places> {
    let (halls, grants) = (windows::halls(c)?, windows::grants_of_item(c, item)?);
    let districts = match halls.first() {
        Some(hall) => identity::districts_around(c, &hall.area)?,
        None => vec![],
    };
    Ok(Places::new(&halls, &grants, &districts, asked))
}

impl Guide {
    fn new(shelf: &Shelf, item: &Shelved, lang: Lang, places: Places, link: String) -> Self {
        let (e, codes) = (&item.elements, shelf.codes());
        let way = e.way();
        let theme = first_theme(e).map(|(set, code)| Theme { code: code.to_owned(), name: codes.name(set, code) });
        let is_somewhere_else = !matches!(e.same_city.as_str(), "" | "0");
        Self {
            slug: e.slug.clone(),
            name: e.name.clone(),
            summary: e.summary.clone(),
            department: department(shelf, item),
            related: related(shelf, item, lang),
            theme,
            kind: codes.name("item_type", &e.item_type),
            audience: e.audience.iter().map(|a| codes.name("audience", a)).collect(),
            level: codes.name("exercise_level", &e.level),
            same_city: is_somewhere_else.then(|| codes.name("same_city", &e.same_city)),
            depth: codes.name("online_depth", &e.online.depth),
            is_immediate: e.kind == CaseKind::Immediate,
            promised: e.limits.promised.into(),
            legal: e.limits.legal.into(),
            limit_note: e.limits.note.clone(),
            steps: e.steps.iter().map(step_row).collect(),
            is_online: e.online.enabled && item.halt.is_none(),
            visits: way.trips,
            mode: way.mode.code(),
            unmet: way.unmet.iter().map(|u| u.code()).collect(),
            visit_reason: e.online.visit_reason.clone(),
            assurance: step_levels(e),
            identity_level: e.assurance.need(Act::Sign).level,
            is_fresh: e.assurance.sign_fresh,
            conveniences: e.conveniences.clone(),
            conditions: e.conditions.clone(),
            materials: e.materials.iter().zip(1..).map(|(m, no)| need(codes, m, no)).collect(),
            is_charged: e.fees.charged,
            fee_note: e.fees.note.clone().filter(|note| note.zh != "不收费"),
            fees: fee_rows(e),
            results: result_rows(codes, e),
            places,
            basis: e.basis.clone(),
            remedy: e.remedy.clone(),
            faq: e.faq.clone(),
            consult: e.contact.consult.clone(),
            complain: e.contact.complain.clone(),
            code: e.code.clone(),
            basic_code: e.basic_code.clone(),
            version: item.version_no,
            halt: item.halt.clone(),
            is_favourite: false,
            preview_of: None,
            link,
            has_guide: e.has_guide(),
            more: More::new(shelf, e),
        }
    }
}

/// What a citizen does themself, in its order.
fn step_levels(e: &Elements) -> Vec<StepLevel> {
    let acts = [Act::Declare, Act::Sign, Act::Consent, Act::Collect, Act::View];
    acts.into_iter().map(|act| StepLevel { act: act.code(), level: e.assurance.need(act).level }).collect()
}

fn step_row(step: &Step) -> StepRow {
    let by = match step.by.as_str() {
        "窗口" => "window",
        "承办" => "handle",
        "审核" => "review",
        "批准" => "approve",
        "制证" => "make",
        "送达" => "deliver",
        _ => "office",
    };
    let days = Days { n: step.days, is_calendar: step.unit == Unit::Calendar };
    StepRow { name: step.name.clone(), by, days, standard: step.standard.clone() }
}

fn need(codes: &Codes, m: &Material, no: usize) -> Need {
    let formats: Vec<String> = m.formats.iter().map(|f| f.to_uppercase()).collect();
    Need {
        no,
        name: m.name.clone(),
        is_needed: m.is_needed(),
        when: m.when.clone(),
        form: codes.name("material_form", &m.form),
        source: codes.name("material_source", &m.source),
        issuer: m.issuer.clone(),
        issued_within: m.issued_within.clone(),
        paper: m.paper.clone(),
        basis: m.basis.clone(),
        originals: m.originals,
        copies: m.copies,
        licence: m.licence_type.as_ref().map(|code| codes.name("licence_type", code)),
        fill: m.fill.clone(),
        standard: m.standard.clone(),
        formats: formats.join(", "),
        max_mb: m.max_mb,
        sample: m.sample.clone(),
        blank: m.blank.clone(),
    }
}

fn fee_rows(e: &Elements) -> Vec<FeeRow> {
    let row = |f: &crate::catalogue::Fee| FeeRow {
        name: f.name.clone(),
        standard: f.standard.clone(),
        amount_fen: f.amount_fen,
        basis: f.basis.clone(),
        reduction: f.reduction.clone(),
    };
    e.fees.rows.iter().map(row).collect()
}

fn result_rows(codes: &Codes, e: &Elements) -> Vec<ResultRow> {
    let row = |r: &crate::catalogue::Outcome| ResultRow {
        name: r.name.clone(),
        sort: codes.name("result_type", &r.result_type),
        validity: r.validity.clone(),
        sample: r.sample.clone(),
    };
    e.results.iter().map(row).collect()
}

/// Others of the same themes.
fn related(shelf: &Shelf, item: &Shelved, lang: Lang) -> Vec<Row> {
    let e = &item.elements;
    let themes: Vec<String> = e.themes.person.iter().chain(&e.themes.enterprise).cloned().collect();
    if themes.is_empty() {
        return vec![];
    }
    let found =
        shelf.search(&Ask { chosen: Chosen { themes, ..Chosen::default() }, page: 1, size: 5, ..Ask::default() });
    let others = found.items.iter().filter(|i| i.item_id != item.item_id);
    others.take(4).map(|i| Row::new(shelf, i, lang, "")).collect()
}

mod samples {
    use super::*;

    fn text() -> Text {
        Text::new("文字 <b>", "Text <b>")
    }

    pub fn full() -> Guide {
        let need = Need {
            no: 1,
            name: text(),
            is_needed: true,
            when: None,
            form: text(),
            source: text(),
            issuer: Some(text()),
            issued_within: Some(text()),
            paper: "A4".into(),
            basis: "《法》".into(),
            originals: 1,
            copies: 1,
            licence: Some(text()),
            fill: Some(text()),
            standard: Some(text()),
            formats: "PDF, JPG".into(),
            max_mb: 20,
            sample: Some("sample.pdf".into()),
            blank: Some("blank.pdf".into()),
        };
        let at_times = Need { no: 2, is_needed: false, when: Some(text()), originals: 0, ..need.clone() };
        let days = Days { n: 2, is_calendar: false };
        let step = StepRow { name: text(), by: "window", days, standard: Some(text()) };
        let conveniences =
            Conveniences { appointment: true, online_payment: true, delivery: true, terminal: true, mail_in: true };
        Guide {
            theme: Some(Theme { code: "125".into(), name: text() }),
            audience: vec![text(), text()],
            same_city: Some(text()),
            promised: Days { n: 6, is_calendar: false },
            legal: Days { n: 20, is_calendar: true },
            limit_note: Some(text()),
            steps: ["window", "handle", "review", "approve", "make", "deliver", "office"]
                .map(|by| StepRow { by, ..step.clone() })
                .to_vec(),
            is_immediate: false,
            is_online: true,
            visits: 1,
            mode: "one-visit",
            unmet: crate::catalogue::Unmet::ALL.iter().map(|u| u.code()).collect(),
            visit_reason: Some(text()),
            assurance: vec![StepLevel { act: "sign", level: 2 }, StepLevel { act: "collect", level: 3 }],
            identity_level: 2,
            is_fresh: true,
            conveniences,
            conditions: vec![text()],
            materials: vec![need, at_times],
            is_charged: true,
            fee_note: Some(text()),
            fees: vec![FeeRow {
                name: text(),
                standard: text(),
                amount_fen: Fen(12000),
                basis: "依据".into(),
                reduction: Some(text()),
            }],
            results: vec![ResultRow {
                name: text(),
                sort: text(),
                validity: Some(text()),
                sample: Some("r.pdf".into()),
            }],
            places: Places::sample(),
            basis: vec![Basis { law: "《法》".into(), article: "第一条".into(), text: "内容".into() }],
            faq: vec![Answered { q: text(), a: text() }],
            more: More::sample(),
            related: vec![Row::sample()],
            halt: Some(Halt { reason: "系统升级 <b>".into(), since: crate::kernel::Ts::default().day() }),
            is_favourite: true,
            preview_of: Some("1".into()),
            ..bare()
        }
    }

    /// As few elements as an item may have.
    pub fn bare() -> Guide {
        Guide {
            slug: "food-operation-licence".into(),
            name: text(),
            summary: text(),
            department: text(),
            theme: None,
            kind: text(),
            audience: vec![],
            level: text(),
            same_city: None,
            depth: text(),
            is_immediate: true,
            promised: Days { n: 0, is_calendar: false },
            legal: Days { n: 1, is_calendar: false },
            limit_note: None,
            steps: vec![],
            is_online: false,
            visits: 0,
            mode: "window",
            unmet: vec![],
            visit_reason: None,
            assurance: vec![],
            identity_level: 1,
            is_fresh: false,
            conveniences: Conveniences::default(),
            conditions: vec![],
            materials: vec![],
            is_charged: false,
            fee_note: None,
            fees: vec![],
            results: vec![],
            places: Places::default(),
            basis: vec![],
            remedy: text(),
            faq: vec![],
            consult: "0980-8122315".into(),
            complain: "0980-12345".into(),
            code: "11980100007480107D3000131001000".into(),
            basic_code: "000131001000".into(),
            version: 1,
            halt: None,
            is_favourite: false,
            preview_of: None,
            link: "http://127.0.0.1:8080/items/food-operation-licence".into(),
            has_guide: true,
            more: More::default(),
            related: vec![],
        }
    }
}
