//! 基本目录: what may be done at all, under which law and at which levels. An item of the implementing list carries out one entry.
//!
//! # Rules
//! - It holds for all departments: whoever keeps the catalogue of the whole city writes it; all who keep items read it.
//! - An entry is known by its basic code: 2 digits of the province (00 for the nation), 2 of the type, 5 of the main item, 3 of the
//!   sub-item (000 for the main item itself).
//! - One writes a draft, another reviews it, who had no hand in it (国办函〔2016〕108号: new codes and versions after review).
//! - An entry is never deleted: it is suspended or cancelled, and its versions stay.
//! - A new item begins with an entry that is in force on that day, and takes type and legal basis from it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::changes::Scope;
use super::check::{Rule, Said, Severity};
use super::codes::Codes;
use super::model::{Basis, Elements};
use super::store::{self, basics as rows};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, Permission, Result, Text, Ts};

/// An entry of the basic catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basic {
    pub code: String,
    pub name: Text,
    /// `item_type`
    #[serde(rename = "type")]
    pub item_type: String,
    /// `exercise_level`: where it may be carried out.
    pub levels: Vec<String>,
    /// `audience`
    #[serde(default)]
    pub audience: Vec<String>,
    pub basis: Vec<Basis>,
    /// 业务指导部门
    #[serde(default)]
    pub guide: Option<Text>,
    /// `item_state`: 在用, 暂停, 取消
    pub state: String,
    /// 计划生效日期 and 计划取消日期: the first day on which it holds, and the first on which it does not.
    #[serde(default)]
    pub from: Option<Day>,
    #[serde(default)]
    pub until: Option<Day>,
    #[serde(default)]
    pub note: Option<Text>,
}

/// Entries by their code.
pub type Basics = HashMap<String, Basic>;

crate::text_enum!(
    /// Whether an entry holds.
    Standing {
        InForce = "in-force",
        /// Its first day has not come.
        Coming = "coming",
        Suspended = "suspended",
        Cancelled = "cancelled",
    }
);

/// `item_state`
const SUSPENDED: &str = "2";
const CANCELLED: &str = "3";

impl Basic {
    /// Nothing is said but its code.
    pub fn blank(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: Text::default(),
            item_type: code.get(2..4).unwrap_or_default().to_owned(),
            levels: vec![],
            audience: vec![],
            basis: vec![],
            guide: None,
            state: "1".into(),
            from: None,
            until: None,
            note: None,
        }
    }

    /// The entry that would let this item be: for made-up ones.
    pub fn of(e: &Elements) -> Self {
        Self {
            name: e.name.clone(),
            item_type: e.item_type.clone(),
            levels: vec![e.level.clone()],
            audience: e.audience.clone(),
            basis: e.basis.clone(),
            ..Self::blank(&e.basic_code)
        }
    }

    pub fn standing(&self, today: Day) -> Standing {
        match self.state.as_str() {
            SUSPENDED => Standing::Suspended,
            CANCELLED => Standing::Cancelled,
            _ if self.until.is_some_and(|day| day <= today) => Standing::Cancelled,
            _ if self.from.is_some_and(|day| day > today) => Standing::Coming,
            _ => Standing::InForce,
        }
    }

    /// The code of the main item that this is a part of; nothing for a main item.
    pub fn main(&self) -> Option<String> {
        let (main, sub) = self.code.split_at_checked(9)?;
        (sub != "000").then(|| format!("{main}000"))
    }

    /// What is wrong with it: the rule, the element, what stands there.
    pub fn check(&self, codes: &Codes) -> Vec<Said> {
        let mut said = vec![];
        if !is_code(&self.code) || self.code.get(2..4) != Some(&self.item_type) {
            said.push((Rule::CodeStructure, "type".to_owned(), format!("{} / {}", self.code, self.item_type)));
        }
        let sets = [
            ("type", "item_type", std::slice::from_ref(&self.item_type)),
            ("state", "item_state", std::slice::from_ref(&self.state)),
            ("levels", "exercise_level", &self.levels),
            ("audience", "audience", &self.audience),
        ];
        for (element, set, values) in sets {
            let strange = values.iter().filter(|v| !codes.set(set).iter().any(|c| c.code == **v));
            said.extend(strange.map(|v| (Rule::UnknownCode, element.to_owned(), v.clone())));
        }
        let missing =
            [("name", self.name.zh.is_empty()), ("levels", self.levels.is_empty()), ("basis", self.basis.is_empty())];
        said.extend(
            missing.into_iter().filter(|(_, is)| *is).map(|(e, _)| (Rule::Missing, e.to_owned(), String::new())),
        );
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from >= until
        {
            said.push((Rule::DaysReversed, "until".to_owned(), until.to_string()));
        }
        said
    }
}

/// Whether this is 12 digits.
pub fn is_code(code: &str) -> bool {
    code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit())
}

/// An entry with what is being written.
#[derive(Debug, Clone)]
pub struct Kept {
    pub code: String,
    pub doc: Option<Basic>,
    pub draft: Option<Basic>,
    pub revision: i32,
    pub is_written: bool,
    pub no: i32,
}

/// What a list tells of an entry without reading it.
#[derive(Debug, Clone)]
pub struct Head {
    pub code: String,
    pub title: String,
    pub is_public: bool,
    pub is_written: bool,
}

/// All entries by their code, for those who keep the catalogue.
pub fn heads(c: &mut Conn, ctx: &Ctx) -> Result<Vec<Head>> {
    Scope::of(ctx)?;
    rows::heads(c)
}

/// These entries as they are in force, or else as they are written.
pub fn some(c: &mut Conn, ctx: &Ctx, codes: &[String]) -> Result<Vec<Kept>> {
    Scope::of(ctx)?;
    rows::some(c, codes)
}

/// # Errors
/// 404.
pub fn basic(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<Kept> {
    Scope::of(ctx)?;
    rows::find(c, code)?.ok_or_else(Error::not_found)
}

/// Numbers and instants of an entry's versions, the last first.
pub fn versions(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<Vec<(i32, Ts)>> {
    Scope::of(ctx)?;
    rows::versions(c, code)
}

/// All entries that have been reviewed, for the rules of [`super::Checker`].
pub fn basics(c: &mut Conn) -> Result<Basics> {
    rows::published(c)
}

/// The one of this code, as [`basics`].
pub fn basics_of(c: &mut Conn, code: &str) -> Result<Basics> {
    let doc = rows::find(c, code)?.and_then(|k| k.doc);
    Ok(doc.into_iter().map(|b| (b.code.clone(), b)).collect())
}

/// Takes in an entry from a file. What people have written since stays.
pub fn seed_basic(c: &mut Conn, ctx: &Ctx, basic: &Basic) -> Result<()> {
    ctx.is_system()?;
    let known = rows::find(c, &basic.code)?;
    if known.as_ref().is_some_and(|k| k.is_written || k.doc.as_ref() == Some(basic)) {
        return Ok(());
    }
    let no = known.map_or(0, |k| k.no) + 1;
    rows::put(c, basic, no, ctx.now)
}

/// Keeps a draft, of a new entry or beside the one in force.
///
/// # Errors
/// Conflict `basic-edited` when somebody else has saved since `revision`; `already-there` when a new one's code is taken.
pub fn save_basic(c: &mut Conn, ctx: &Ctx, revision: i32, draft: &Basic) -> Result<i32> {
    let staff = Scope::city(ctx, Some(Permission::Write))?;
    if !is_code(&draft.code) {
        return Err(Error::field("code", "basic-code"));
    }
    if !rows::write(c, revision, draft, ctx.now)? {
        return Err(Error::conflict(if revision == 0 { "already-there" } else { "basic-edited" }));
    }
    rows::add_hand(c, &draft.code, staff)?;
    audited(c, ctx, "basic.save", &draft.code, revision + 1)?;
    Ok(revision + 1)
}

/// Puts in force what was written, as it was read by who approves it.
///
/// # Errors
/// Conflicts: `own-change` for who had a hand in it, `basic-edited` when it has been saved since, `basic-wrong` with findings that are
/// errors.
pub fn publish_basic(c: &mut Conn, ctx: &Ctx, codes: &Codes, code: &str, revision: i32) -> Result<()> {
    let staff = Scope::city(ctx, Some(Permission::Publish))?;
    let kept = rows::find(c, code)?.ok_or_else(Error::not_found)?;
    let draft = kept.draft.filter(|_| kept.revision == revision).ok_or_else(|| Error::conflict("basic-edited"))?;
    if rows::has_hand(c, code, staff)? {
        return Err(Error::conflict("own-change"));
    }
    if draft.check(codes).iter().any(|(rule, ..)| rule.severity() == Severity::Error) {
        return Err(Error::conflict("basic-wrong"));
    }
    if !rows::publish(c, revision, &draft, kept.no + 1, ctx.now)? {
        return Err(Error::conflict("basic-edited"));
    }
    // Whoever counts what dictionaries are used for has to count anew.
    store::shelf::touch(c)?;
    audited(c, ctx, "basic.publish", code, revision)
}

/// Drops what was written, as it was read; what is in force stays.
///
/// # Errors
/// Conflict `basic-edited` when it has been saved since.
pub fn drop_basic_draft(c: &mut Conn, ctx: &Ctx, code: &str, revision: i32) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    if !rows::drop_draft(c, code, revision, ctx.now)? {
        return Err(Error::conflict("basic-edited"));
    }
    audited(c, ctx, "basic.drop", code, revision)
}

/// Whether the actor may approve what is being written: a reviewer of the whole city who had no hand in it.
pub fn may_publish_basic(c: &mut Conn, ctx: &Ctx, code: &str) -> Result<bool> {
    match Scope::city(ctx, Some(Permission::Publish)) {
        Ok(staff) => Ok(!rows::has_hand(c, code, staff)?),
        Err(_) => Ok(false),
    }
}

fn audited(c: &mut Conn, ctx: &Ctx, act: &'static str, code: &str, revision: i32) -> Result<()> {
    audit::record_plain(c, ctx, act, "basic", serde_json::json!({ "code": code, "revision": revision }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_from_its_first_day_to_its_last() {
        let day = |d| Day::from_ymd_opt(2026, 11, d).unwrap();
        let basic = Basic { from: Some(day(10)), until: Some(day(20)), ..Basic::blank("000131001000") };
        let at = |d| basic.standing(day(d));
        assert_eq!(
            [at(9), at(10), at(19), at(20)],
            [Standing::Coming, Standing::InForce, Standing::InForce, Standing::Cancelled]
        );
        assert_eq!(Basic { state: "2".into(), ..basic.clone() }.standing(day(15)), Standing::Suspended);
        assert_eq!(Basic { state: "3".into(), ..basic }.standing(day(15)), Standing::Cancelled);
    }

    #[test]
    fn a_sub_item_names_its_main_item() {
        assert_eq!(Basic::blank("000131001002").main().as_deref(), Some("000131001000"));
        assert_eq!(Basic::blank("000131001000").main(), None);
        assert_eq!(Basic::blank("12").main(), None);
    }
}
