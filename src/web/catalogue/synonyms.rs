//! What people say and what the catalogue calls it: looked through, tried, added, changed and removed.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::catalogue::changes::Scope;
use crate::catalogue::dictionaries::{self, Saying};
use crate::catalogue::{Ask, MAX_QUERY};
use crate::db::Conn;
use crate::kernel::{Error, FieldError, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, form_urlencoded, status};
use crate::web::field::{Field, notice};
use crate::web::form::Posted;
use crate::web::guard::Keeper;
use crate::web::page;

/// Words on a page.
const PAGE: usize = 100;
/// Items that a trial shows.
const FIRST: usize = 5;

#[derive(Debug, Serialize)]
pub struct Words {
    q: String,
    rows: Vec<Row>,
    total: usize,
    previous: Option<usize>,
    next: Option<usize>,
    trial: Option<Trial>,
    /// What is tried.
    phrase: String,
    may_write: bool,
    word: Field,
    means: Field,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    word: String,
    means: Vec<String>,
    /// Where it is changed; empty for who may not.
    href: String,
}

/// What a visitor would find who types a phrase.
#[derive(Debug, Clone, Serialize)]
pub struct Trial {
    phrase: String,
    /// In which other ways the search says it.
    ways: Vec<String>,
    items: Vec<Found>,
    total: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Found {
    slug: String,
    name: Text,
}

impl View for Words {
    const TEMPLATE: &'static str = "catalogue/synonyms";
    fn samples() -> Vec<Self> {
        let faults = vec![
            FieldError { field: "word".into(), code: "word-short", value: None },
            FieldError { field: "means".into(), code: "means-many", value: Some("4".into()) },
        ];
        let row = |href: &str| Row {
            word: "社保卡 <b>".into(),
            means: vec!["社会保障卡".into(), "社保".into()],
            href: href.into(),
        };
        let full = Self {
            q: "社保".into(),
            rows: vec![row("/catalogue/words/change?word=x"), row("")],
            total: 202,
            previous: Some(1),
            next: Some(3),
            trial: Some(trial_sample()),
            phrase: "补社保卡".into(),
            may_write: true,
            word: Field::new("word", "卡", &faults),
            means: Field::new("means", "a、b", &faults),
            faults,
            notice: Some("x".into()),
        };
        let nothing = Trial { ways: vec![], items: vec![], total: 0, ..trial_sample() };
        let empty = Self {
            q: String::new(),
            rows: vec![],
            total: 0,
            previous: None,
            next: None,
            trial: Some(nothing),
            phrase: String::new(),
            may_write: false,
            word: Field::new("word", "", &[]),
            means: Field::new("means", "", &[]),
            faults: vec![],
            notice: None,
        };
        vec![full, empty]
    }
}

fn trial_sample() -> Trial {
    let item =
        Found { slug: "social-security-card".into(), name: Text::new("社会保障卡申领", "Social security card") };
    Trial { phrase: "补社保卡".into(), ways: vec!["补社会保障卡".into()], items: vec![item], total: 1 }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "try")]
    phrase: String,
    #[serde(default)]
    page: usize,
}

fn cut(typed: &str) -> String {
    typed.trim().chars().take(MAX_QUERY).collect()
}

async fn tried(who: &Keeper, phrase: &str) -> Result<Option<Trial>> {
    if phrase.is_empty() {
        return Ok(None);
    }
    let (ctx, typed) = (who.ctx.clone(), phrase.to_owned());
    let ways = who.app.db.read(move |c| dictionaries::other_ways(c, &ctx, &typed)).await?;
    let ask = Ask { text: phrase.to_owned(), page: 1, size: FIRST, ..Ask::default() };
    let found = who.app.books().shelf.search(&ask);
    let items = found.items.iter().map(|i| Found { slug: i.elements.slug.clone(), name: i.elements.name.clone() });
    Ok(Some(Trial { phrase: phrase.to_owned(), ways, items: items.collect(), total: found.total }))
}

async fn view(who: &Keeper, asked: &Asked, typed: (&str, &str), faults: Vec<FieldError>) -> Result<Words> {
    let (ctx, q, page) = (who.ctx.clone(), cut(&asked.q), asked.page.max(1));
    let wanted = q.clone();
    let all = who.app.db.read(move |c| dictionaries::synonyms(c, &ctx, &wanted)).await?;
    let (total, may_write) = (all.len(), Scope::writes_city(&who.ctx));
    let row = |(word, means): (String, Vec<String>)| {
        let href =
            if may_write { format!("/catalogue/words/change?word={}", form_urlencoded(&word)) } else { String::new() };
        Row { href, word, means }
    };
    let phrase = cut(&asked.phrase);
    Ok(Words {
        rows: all.into_iter().skip((page - 1) * PAGE).take(PAGE).map(row).collect(),
        total,
        previous: (page > 1).then(|| page - 1),
        next: (total > page * PAGE).then_some(page + 1),
        trial: tried(who, &phrase).await?,
        phrase,
        may_write,
        word: Field::new("word", typed.0, &faults),
        means: Field::new("means", typed.1, &faults),
        faults,
        notice: None,
        q,
    })
}

pub async fn list(who: Keeper, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let view = view(&who, &asked, ("", ""), vec![]).await?;
    Ok(page::show(&who, &view)?)
}

/// After an act the word stands there, and is tried.
fn told(word: &str, done: &str) -> HttpResponse {
    let word = form_urlencoded(word);
    page::redirect(&format!("/catalogue/words?q={word}&try={word}"), done)
}

pub async fn add(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let said = Saying::typed(form.get("word"), form.get("means"), 0);
    let (ctx, cmd) = (who.ctx.clone(), said.clone());
    let add = move |c: &mut Conn| dictionaries::add_synonym(c, &ctx, &cmd.word, &cmd.means);
    match who.app.db.write(add).await {
        Ok(()) => {
            who.app.refresh().await?;
            Ok(told(&said.word, "word-saved"))
        }
        Err(e) if comes_back(&e) => {
            let typed = (form.get("word"), form.get("means"));
            let view = view(&who, &Asked::default(), typed, e.field_errors().to_vec()).await?;
            Ok(page::show_as(&who, status(e.kind()), &Words { notice: notice(who.ctx.lang, &e), ..view })?)
        }
        Err(e) => Err(e.into()),
    }
}

fn comes_back(e: &Error) -> bool {
    e.is(Kind::Invalid) || e.is(Kind::Conflict)
}

/// One word with its meanings.
#[derive(Debug, Serialize)]
pub struct Word {
    word: String,
    means: Field,
    /// What somebody else has made of it meanwhile.
    theirs: Vec<String>,
    revision: i32,
    may_write: bool,
    trial: Option<Trial>,
    faults: Vec<FieldError>,
    notice: Option<String>,
}

impl View for Word {
    const TEMPLATE: &'static str = "catalogue/synonym";
    fn samples() -> Vec<Self> {
        let faults = vec![FieldError { field: "means".into(), code: "means-self", value: None }];
        let of = |faults: Vec<FieldError>, may_write: bool| Self {
            word: "社保卡 <b>".into(),
            means: Field::new("means", "社会保障卡\n社保", &faults),
            theirs: if may_write { vec!["社会保障卡".into()] } else { vec![] },
            revision: 2,
            may_write,
            trial: may_write.then(trial_sample),
            notice: may_write.then(|| "x".into()),
            faults,
        };
        vec![of(faults, true), of(vec![], false)]
    }
}

#[derive(Debug, Deserialize)]
pub struct Which {
    #[serde(default)]
    word: String,
}

async fn find(who: &Keeper, word: &str) -> Result<Saying> {
    let (ctx, word) = (who.ctx.clone(), word.to_owned());
    who.app.db.read(move |c| dictionaries::synonym(c, &ctx, &word)).await
}

async fn one(who: &Keeper, said: &Saying, typed: &str, faults: Vec<FieldError>) -> Result<Word> {
    Ok(Word {
        word: said.word.clone(),
        means: Field::new("means", typed, &faults),
        theirs: vec![],
        revision: said.revision,
        may_write: Scope::writes_city(&who.ctx),
        trial: tried(who, &cut(&said.word)).await?,
        faults,
        notice: None,
    })
}

pub async fn show(who: Keeper, which: web::Query<Which>) -> Result<HttpResponse, PageError> {
    if which.word.is_empty() {
        return Ok(page::redirect("/catalogue/words", ""));
    }
    let said = find(&who, &which.word).await?;
    let view = one(&who, &said, &said.means.join("\n"), vec![]).await?;
    Ok(page::show(&who, &view)?)
}

pub async fn act(who: Keeper, form: Posted) -> Result<HttpResponse, PageError> {
    let revision = form.get("revision").parse().unwrap_or_default();
    let said = Saying::typed(form.get("word"), form.get("means"), revision);
    let (ctx, cmd, is_gone) = (who.ctx.clone(), said.clone(), form.get("do") == "remove");
    let write = move |c: &mut Conn| match is_gone {
        true => dictionaries::remove_synonym(c, &ctx, &cmd),
        false => dictionaries::change_synonym(c, &ctx, &cmd),
    };
    match who.app.db.write(write).await {
        Ok(()) => {
            who.app.refresh().await?;
            Ok(if is_gone {
                page::redirect("/catalogue/words", "word-removed")
            } else {
                told(&said.word, "word-saved")
            })
        }
        Err(e) if comes_back(&e) => {
            // Somebody else may have removed it: then what was typed can be added anew.
            let Ok(now) = find(&who, &said.word).await else {
                let typed = (said.word.as_str(), form.get("means"));
                let view = view(&who, &Asked::default(), typed, vec![]).await?;
                return Ok(page::show_as(&who, status(e.kind()), &Words { notice: notice(who.ctx.lang, &e), ..view })?);
            };
            // What was typed stands beside what is there now: saving again takes it.
            let is_edited = e.is(Kind::Conflict);
            let base = if is_edited { now.clone() } else { Saying { revision, ..now.clone() } };
            let view = one(&who, &base, form.get("means"), e.field_errors().to_vec()).await?;
            let theirs = if is_edited { now.means } else { vec![] };
            let view = Word { notice: notice(who.ctx.lang, &e), theirs, ..view };
            Ok(page::show_as(&who, status(e.kind()), &view)?)
        }
        Err(e) => Err(e.into()),
    }
}
