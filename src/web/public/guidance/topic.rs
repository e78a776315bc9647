//! From what somebody wants to do to the items that it takes.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{Answered, Questions, Tools, answered, query};
use crate::cases::Answers;
use crate::cases::rules::check_answers;
use crate::catalogue::{Pick, Shelf, Shelved, Topic};
use crate::kernel::{Ctx, Text};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::form::Fields;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::web::public::shown::Row;
use crate::web::questions::relevant::places;

/// A topic in a list. Template: `{{include "partials/topic_link"}}`.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    pub key: String,
    pub name: Text,
    pub summary: Text,
}

impl Link {
    pub fn of(t: &Topic) -> Self {
        Self { key: t.key.clone(), name: t.name.clone(), summary: t.summary.clone() }
    }
    pub fn sample() -> Self {
        let text = || Text::new("我要开办餐饮店 <b>", "Open a restaurant <b>");
        Self { key: "open-restaurant".into(), name: text(), summary: text() }
    }
}

#[derive(Debug, Serialize)]
pub struct Topics {
    topics: Vec<Link>,
}

impl View for Topics {
    const TEMPLATE: &'static str = "public/topics";
    fn samples() -> Vec<Self> {
        vec![Self { topics: vec![Link::sample(), Link::sample()] }, Self { topics: vec![] }]
    }
}

pub async fn list(who: Anyone) -> Result<HttpResponse, PageError> {
    let shelf = who.app.books().shelf;
    Ok(page::show(&who, &Topics { topics: shelf.topics().iter().map(|t| Link::of(t)).collect() })?)
}

#[derive(Debug, Serialize)]
pub struct TopicPage {
    topic: Link,
    questions: Questions,
    /// Nothing before everything is answered.
    items: Option<Vec<Needed>>,
    /// Materials of all of them.
    materials: usize,
    tools: Option<Tools>,
}

/// An item that it takes.
#[derive(Debug, Clone, Serialize)]
struct Needed {
    no: usize,
    row: Row,
    note: Option<Text>,
    /// Materials that are needed for sure with what was answered.
    materials: Vec<Text>,
    /// Others may be needed: its own guidance has questions that are open.
    is_open: bool,
    /// Its own guidance, with the answers; empty when it has none.
    situation: String,
    /// Where it is declared; empty when it is not declared online now.
    declare: String,
}

impl View for TopicPage {
    const TEMPLATE: &'static str = "public/topic";
    fn samples() -> Vec<Self> {
        let text = || Text::new("营业执照 <b>", "Business licence <b>");
        let needed = |no: usize, row| Needed {
            no,
            row,
            note: (no == 1).then(text),
            materials: if no == 1 { vec![text(), text()] } else { vec![] },
            is_open: no == 1,
            situation: if no == 1 { "/items/x/situation?form.a=1".into() } else { String::new() },
            declare: if no == 1 { "/declare/x?form.a=1".into() } else { String::new() },
        };
        let page = |items: Option<Vec<Needed>>, is_open| Self {
            topic: Link::sample(),
            questions: Questions::sample(is_open),
            materials: 2,
            tools: items.is_some().then(Tools::sample),
            items,
        };
        let all = vec![needed(1, Row::sample()), needed(2, Row::sample_at_once())];
        vec![page(None, false), page(None, true), page(Some(all), false), page(Some(vec![]), false)]
    }
}

pub async fn show(
    who: Anyone,
    key: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::from_pairs(asked.into_inner());
    let shelf = who.app.books().shelf;
    let topic = shelf.topic(&key)?;
    let e = topic.as_elements();
    let said = answered(&e, &fields, who.ctx.now.day());
    let path = format!("/topics/{}", topic.key);
    let tools = match said.is_done() {
        true => Some(Tools::of(&who, format!("{path}?{}&go=1", said.query())).await?),
        false => None,
    };
    let items = said.is_done().then(|| needed(&shelf, &topic, &said, &who.ctx));
    let view = TopicPage {
        topic: Link::of(&topic),
        questions: said.questions(&e, shelf.codes(), &path, &format!("{path}/relevant")),
        materials: items.iter().flatten().map(|i| i.materials.len()).sum(),
        items,
        tools,
    };
    Ok(page::show(&who, &view)?)
}

fn needed(shelf: &Shelf, topic: &Topic, said: &Answered, ctx: &Ctx) -> Vec<Needed> {
    let all = topic.needed(shelf, &said.applicant, &said.answers);
    let one = |(no, (pick, item, mut answers)): (usize, (&Pick, Arc<Shelved>, Answers))| {
        let e = &item.elements;
        let (_, open) = check_answers(&e.guide(), &said.applicant, &mut answers, ctx.now.day());
        let relevant = e.relevant(&said.applicant, &answers);
        let handed_on = query(&said.applicant, &answers);
        let is_online = e.online.enabled && item.halt.is_none();
        Needed {
            no,
            row: Row::new(shelf, &item, ctx.lang, ""),
            note: pick.note.clone(),
            materials: e.materials.iter().filter(|m| relevant.needs(m)).map(|m| m.name.clone()).collect(),
            is_open: !open.is_empty(),
            situation: if e.has_guide() { format!("/items/{}/situation?{handed_on}", e.slug) } else { String::new() },
            declare: if is_online { format!("/declare/{}?{handed_on}", e.slug) } else { String::new() },
        }
    };
    (1..).zip(all).map(one).collect()
}

/// Which questions of a topic are asked, for the page's script.
pub async fn relevant(
    who: Anyone,
    key: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, PageError> {
    let topic = who.app.books().shelf.topic(&key)?;
    let fields = Fields::from_pairs(asked.into_inner());
    Ok(HttpResponse::Ok().json(places(&topic.as_elements(), &fields)))
}
