//! What visitors have seen of a topic, version by version, and how they come to see it no more.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::words::Names;
use crate::catalogue::diff::{self, Difference};
use crate::catalogue::topics::{self, Kept};
use crate::catalogue::{Shelf, Topic};
use crate::db::Conn;
use crate::flows;
use crate::kernel::{Ctx, Permission, Result, Text, Ts};
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Keeper;
use crate::web::page;

/// Part of a topic's page, as `v.history`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct History {
    pub versions: Vec<Version>,
    /// What differs between what visitors see, or saw last, and what was written; nothing where either lacks.
    pub differences: Vec<Difference>,
    /// There is something to compare.
    pub is_compared: bool,
    pub end: Option<Ending>,
    pub may_ask_end: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Version {
    no: i32,
    published_at: Ts,
    is_now: bool,
}

/// Somebody wants visitors to see the topic no more.
#[derive(Debug, Clone, Serialize)]
pub struct Ending {
    reason: String,
    by: String,
    at: Ts,
    /// Tells one question from another.
    asked: String,
    /// A reviewer who did not ask.
    may_agree: bool,
    is_own: bool,
}

impl History {
    pub fn of(c: &mut Conn, ctx: &Ctx, shelf: &Shelf, kept: &Kept) -> Result<Self> {
        let versions = topics::topic_versions(c, ctx, &kept.key)?;
        let end = topics::topic_end(c, ctx, &kept.key)?;
        let names = Names::of(c, end.iter().map(|e| e.by.0))?;
        let me = ctx.staff()?.id;
        let end = end.map(|e| Ending {
            by: names.get(e.by.0),
            at: e.asked_at,
            asked: e.asked_at.rfc3339(),
            may_agree: ctx.may(Permission::Publish).is_ok() && e.by.0 != me,
            is_own: e.by.0 == me,
            reason: e.reason,
        });
        let pair = kept.seen().zip(kept.draft.as_ref());
        let differences = match pair {
            Some((before, after)) => {
                let codes = flows::dictionaries(c, shelf)?;
                diff::between_topics(before, after, shelf, &codes)?
            }
            None => vec![],
        };
        let last = versions.first().map(|(no, _)| *no);
        let version = |(no, published_at)| Version { no, published_at, is_now: kept.doc.is_some() && Some(no) == last };
        Ok(Self {
            is_compared: pair.is_some(),
            differences,
            may_ask_end: kept.doc.is_some() && end.is_none() && ctx.may(Permission::Write).is_ok(),
            versions: versions.into_iter().map(version).collect(),
            end,
        })
    }

    /// For the samples of pages.
    pub fn sample(is_own: bool) -> Self {
        let at = Ts::from_micros(1_767_225_600_000_000);
        let version = |no, is_now| Version { no, published_at: at, is_now };
        let end = Ending {
            reason: "合并到另一主题 <b>".into(),
            by: "林知远".into(),
            at,
            asked: at.rfc3339(),
            may_agree: !is_own,
            is_own,
        };
        Self {
            versions: vec![version(2, true), version(1, false)],
            differences: super::item::differences(),
            is_compared: true,
            end: Some(end),
            may_ask_end: false,
        }
    }
}

/// What a version of a topic changed.
#[derive(Debug, Serialize)]
pub struct TopicCompared {
    key: String,
    name: Text,
    before: i32,
    after: i32,
    differences: Vec<Difference>,
}

impl View for TopicCompared {
    const TEMPLATE: &'static str = "catalogue/topic_compared";
    fn samples() -> Vec<Self> {
        let sample = |before, differences| Self {
            key: "open-restaurant".into(),
            name: Text::new("我要开办餐饮店 <b>", "Open a restaurant <b>"),
            before,
            after: before + 1,
            differences,
        };
        vec![sample(1, super::item::differences()), sample(0, vec![])]
    }
}

pub async fn compare(who: Keeper, path: web::Path<(String, i32)>) -> Result<HttpResponse, PageError> {
    let (key, after) = path.into_inner();
    let (ctx, shelf, of) = (who.ctx.clone(), who.app.books().shelf, key.clone());
    let read = move |c: &mut Conn| {
        let mut version = |no: i32| topics::topic_version(c, &ctx, &of, no);
        let (old, new): (Topic, Topic) = (version(after.saturating_sub(1))?, version(after)?);
        let codes = flows::dictionaries(c, &shelf)?;
        let differences = diff::between_topics(&old, &new, &shelf, &codes)?;
        Ok((new.name, differences))
    };
    let (name, differences) = who.app.db.read(read).await?;
    Ok(page::show(&who, &TopicCompared { key, name, before: after.saturating_sub(1), after, differences })?)
}
