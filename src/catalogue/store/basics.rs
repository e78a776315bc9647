//! The tables of the basic catalogue.

use diesel::prelude::*;

use super::super::basics::{Basic, Basics, Head, Kept};
use crate::db::schema::{cat_basic, cat_basic_hand, cat_basic_version};
use crate::db::{Conn, Doc, Each};
use crate::identity::StaffId;
use crate::kernel::{Result, Ts};

type Row = (String, Option<Doc<Basic>>, Option<Doc<Basic>>, i32, bool, i32);

fn kept((code, doc, draft, revision, is_written, no): Row) -> Kept {
    Kept { code, doc: doc.map(|d| d.0), draft: draft.map(|d| d.0), revision, is_written, no }
}

type Columns =
    (cat_basic::code, cat_basic::doc, cat_basic::draft, cat_basic::revision, cat_basic::is_written, cat_basic::no);
const ALL: Columns =
    (cat_basic::code, cat_basic::doc, cat_basic::draft, cat_basic::revision, cat_basic::is_written, cat_basic::no);

pub fn heads(c: &mut Conn) -> Result<Vec<Head>> {
    let rows: Vec<(String, String, i32, bool)> = cat_basic::table
        .order(cat_basic::code)
        .select((cat_basic::code, cat_basic::title, cat_basic::no, cat_basic::draft.is_not_null()))
        .load(c)?;
    let head = |(code, title, no, is_written)| Head { code, title, is_public: no > 0, is_written };
    Ok(rows.into_iter().map(head).collect())
}

pub fn some(c: &mut Conn, codes: &[String]) -> Result<Vec<Kept>> {
    let some = cat_basic::table.filter(cat_basic::code.eq_any(codes)).order(cat_basic::code);
    Ok(some.select(ALL).load::<Row>(c)?.into_iter().map(kept).collect())
}

pub fn find(c: &mut Conn, code: &str) -> Result<Option<Kept>> {
    Ok(cat_basic::table.find(code).select(ALL).first::<Row>(c).optional()?.map(kept))
}

pub fn published(c: &mut Conn) -> Result<Basics> {
    let rows: Vec<(String, Option<Doc<Basic>>)> =
        cat_basic::table.filter(cat_basic::doc.is_not_null()).select((cat_basic::code, cat_basic::doc)).load(c)?;
    Ok(rows.into_iter().filter_map(|(code, doc)| Some((code, doc?.0))).collect())
}

pub fn versions(c: &mut Conn, code: &str) -> Result<Vec<(i32, Ts)>> {
    let of = cat_basic_version::table.filter(cat_basic_version::code.eq(code)).order(cat_basic_version::no.desc());
    Ok(of.select((cat_basic_version::no, cat_basic_version::published_at)).load(c)?)
}

/// Keeps a draft: of a new entry where `revision` is 0, else over that revision. Tells whether it is so.
pub fn write(c: &mut Conn, revision: i32, draft: &Basic, now: Ts) -> Result<bool> {
    let set = (
        cat_basic::draft.eq(Some(Doc(draft.clone()))),
        cat_basic::revision.eq(revision + 1),
        cat_basic::is_written.eq(true),
        cat_basic::changed_at.eq(now),
    );
    let done = if revision == 0 {
        let row = (cat_basic::code.eq(&draft.code), cat_basic::title.eq(&draft.name.zh), set);
        Each(diesel::insert_into(cat_basic::table).values(row).on_conflict_do_nothing()).execute(c)?
    } else {
        let same = cat_basic::table.find(&draft.code).filter(cat_basic::revision.eq(revision));
        let done = diesel::update(same).set(set).execute(c)?;
        if done > 0 {
            // One that is not in force yet is found by what is being written.
            let new = cat_basic::table.find(&draft.code).filter(cat_basic::no.eq(0));
            diesel::update(new).set(cat_basic::title.eq(&draft.name.zh)).execute(c)?;
        }
        done
    };
    Ok(done > 0)
}

pub fn add_hand(c: &mut Conn, code: &str, staff: StaffId) -> Result<()> {
    let row = (cat_basic_hand::code.eq(code), cat_basic_hand::staff_id.eq(staff));
    Each(diesel::insert_into(cat_basic_hand::table).values(row).on_conflict_do_nothing()).execute(c)?;
    Ok(())
}

pub fn has_hand(c: &mut Conn, code: &str, staff: StaffId) -> Result<bool> {
    let one = cat_basic_hand::table.find((code, staff)).select(cat_basic_hand::staff_id);
    Ok(one.first::<StaffId>(c).optional()?.is_some())
}

/// Takes in an entry that is in force at once.
pub fn put(c: &mut Conn, basic: &Basic, no: i32, now: Ts) -> Result<()> {
    let set = (
        cat_basic::title.eq(&basic.name.zh),
        cat_basic::doc.eq(Some(Doc(basic.clone()))),
        cat_basic::no.eq(no),
        cat_basic::changed_at.eq(now),
    );
    let row = (cat_basic::code.eq(&basic.code), cat_basic::revision.eq(1), set.clone());
    Each(diesel::insert_into(cat_basic::table).values(row).on_conflict(cat_basic::code).do_update().set(set))
        .execute(c)?;
    insert_version(c, basic, no, now)
}

fn insert_version(c: &mut Conn, basic: &Basic, no: i32, now: Ts) -> Result<()> {
    let row = (
        cat_basic_version::code.eq(&basic.code),
        cat_basic_version::no.eq(no),
        cat_basic_version::doc.eq(Doc(basic.clone())),
        cat_basic_version::published_at.eq(now),
    );
    diesel::insert_into(cat_basic_version::table).values(row).execute(c)?;
    Ok(())
}

/// Puts the draft of a revision in force as version `no`. Tells whether it still was that revision.
pub fn publish(c: &mut Conn, revision: i32, draft: &Basic, no: i32, now: Ts) -> Result<bool> {
    let set = (
        cat_basic::title.eq(&draft.name.zh),
        cat_basic::doc.eq(Some(Doc(draft.clone()))),
        cat_basic::draft.eq(None::<Doc<Basic>>),
        cat_basic::no.eq(no),
        cat_basic::changed_at.eq(now),
    );
    let same =
        cat_basic::table.find(&draft.code).filter(cat_basic::revision.eq(revision)).filter(cat_basic::no.eq(no - 1));
    let is_same = diesel::update(same).set(set).execute(c)? > 0;
    if is_same {
        insert_version(c, draft, no, now)?;
        forget_hands(c, &draft.code)?;
    }
    Ok(is_same)
}

/// Drops the draft of a revision. Tells whether it still was that revision.
pub fn drop_draft(c: &mut Conn, code: &str, revision: i32, now: Ts) -> Result<bool> {
    let set =
        (cat_basic::draft.eq(None::<Doc<Basic>>), cat_basic::revision.eq(revision + 1), cat_basic::changed_at.eq(now));
    let same = cat_basic::table.find(code).filter(cat_basic::revision.eq(revision));
    let is_same = diesel::update(same).set(set).execute(c)? > 0;
    if is_same {
        forget_hands(c, code)?;
    }
    Ok(is_same)
}

fn forget_hands(c: &mut Conn, code: &str) -> Result<()> {
    diesel::delete(cat_basic_hand::table.filter(cat_basic_hand::code.eq(code))).execute(c)?;
    Ok(())
}
