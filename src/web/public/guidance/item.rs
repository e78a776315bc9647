//! Which materials an item needs in one's own case.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{Answered, Questions, Tools, answered};
use crate::catalogue::{CaseKind, Codes, Elements, Material, Shelved};
use crate::kernel::{Error, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::public::shown::{Days, department};
use crate::web::questions;

#[derive(Debug, Serialize)]
pub struct Situation {
    slug: String,
    name: Text,
    department: Text,
    questions: Questions,
    outcome: Option<Outcome>,
    tools: Option<Tools>,
}

/// What follows from the answers.
#[derive(Debug, Clone, Serialize)]
struct Outcome {
    needed: Vec<Need>,
    /// Those that the answers do not decide.
    perhaps: Vec<Need>,
    /// How many materials of the item are not needed.
    spared: usize,
    is_immediate: bool,
    promised: Days,
    trips: u32,
    is_charged: bool,
    /// Where it is declared with these answers; empty when it is not declared online now.
    declare: String,
}

#[derive(Debug, Clone, Serialize)]
struct Need {
    name: Text,
    when: Option<Text>,
    form: Text,
    originals: u32,
    copies: u32,
    standard: Option<Text>,
    sample: Option<String>,
    blank: Option<String>,
}

impl View for Situation {
    const TEMPLATE: &'static str = "public/situation";
    fn samples() -> Vec<Self> {
        let text = || Text::new("食品经营许可 <新办>", "Food licence <new>");
        let need = |is_full: bool| Need {
            name: text(),
            when: is_full.then(text),
            form: text(),
            originals: 1,
            copies: u32::from(is_full) * 2,
            standard: is_full.then(text),
            sample: is_full.then(|| "a.pdf".into()),
            blank: is_full.then(|| "b.pdf".into()),
        };
        let outcome = |is_full: bool| Outcome {
            needed: if is_full { vec![need(true), need(false)] } else { vec![] },
            perhaps: if is_full { vec![need(true)] } else { vec![] },
            spared: usize::from(is_full) * 2,
            is_immediate: !is_full,
            promised: Days { n: 6, is_calendar: false },
            trips: u32::from(is_full),
            is_charged: is_full,
            declare: if is_full { "/declare/x?form.a=1".into() } else { String::new() },
        };
        let page = |outcome: Option<Outcome>, is_open: bool| Self {
            slug: "x".into(),
            name: text(),
            department: text(),
            questions: Questions::sample(is_open),
            tools: outcome.is_some().then(Tools::sample),
            outcome,
        };
        vec![page(None, false), page(None, true), page(Some(outcome(true)), false), page(Some(outcome(false)), false)]
    }
}

pub async fn show(
    who: Anyone,
    slug: web::Path<String>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::from_pairs(query.into_inner());
    let shelf = who.app.books().shelf;
    let item = shelf.by_slug(&slug)?;
    if !item.elements.has_guide() {
        return Err(Error::not_found().into());
    }
    let guide = item.elements.guide();
    let said = answered(&guide, &fields, who.ctx.now.day());
    let path = format!("/items/{}/situation", item.elements.slug);
    let tools = match said.is_done() {
        true => Some(Tools::of(&who, format!("{path}?{}&go=1", said.query())).await?),
        false => None,
    };
    let view = Situation {
        slug: item.elements.slug.clone(),
        name: item.elements.name.clone(),
        department: department(&shelf, &item),
        questions: said.questions(&guide, shelf.codes(), &path, &questions::watch(&item)),
        outcome: said.is_done().then(|| outcome(&item, &said, shelf.codes())),
        tools,
    };
    Ok(page::show(&who, &view)?)
}

fn outcome(item: &Shelved, said: &Answered, codes: &Codes) -> Outcome {
    let e: &Elements = &item.elements;
    let relevant = e.relevant(&said.applicant, &said.answers);
    let need = |m: &Material| Need {
        name: m.name.clone(),
        when: m.when.clone(),
        form: codes.name("material_form", &m.form),
        originals: m.originals,
        copies: m.copies,
        standard: m.standard.clone(),
        sample: m.sample.clone(),
        blank: m.blank.clone(),
    };
    let (told, open): (Vec<&Material>, Vec<&Material>) =
        e.materials.iter().partition(|m| e.is_guided(m) && (m.is_needed() || m.only_if.is_some()));
    let way = e.way();
    let is_online = e.online.enabled && item.halt.is_none();
    Outcome {
        spared: told.iter().filter(|m| !relevant.needs(m)).count(),
        needed: told.into_iter().filter(|m| relevant.needs(m)).map(need).collect(),
        perhaps: open.into_iter().map(need).collect(),
        is_immediate: e.kind == CaseKind::Immediate,
        promised: e.limits.promised.into(),
        trips: way.trips,
        is_charged: e.fees.charged,
        declare: if is_online { format!("/declare/{}?{}", e.slug, said.query()) } else { String::new() },
    }
}
