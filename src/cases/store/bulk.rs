//! Many cases at once, past the rules: for filling a database to a size.

use diesel::prelude::*;

use super::NewRow;
use super::desk::DeskRow;
use super::files::FileRow;
use crate::cases::model::*;
use crate::db::Conn;
use crate::db::schema::{case_case, case_desk, case_event, case_file};
use crate::kernel::{Id, Result, Ts};

#[derive(Insertable)]
#[diesel(table_name = case_event, treat_none_as_default_value = false)]
pub(in crate::cases) struct EventInsert {
    pub id: Id,
    pub case_id: CaseId,
    pub at: Ts,
    pub event: Event,
    pub from_state: State,
    pub to_state: State,
    pub actor_kind: &'static str,
    pub actor_name: String,
    pub note: String,
    pub is_public: bool,
}

#[derive(Default)]
pub(in crate::cases) struct Rows {
    pub cases: Vec<NewRow>,
    pub events: Vec<EventInsert>,
    pub files: Vec<FileRow>,
    pub desks: Vec<DeskRow>,
}

/// PostgreSQL takes 65,535 values in one statement.
const CHUNK: usize = 1000;

pub(in crate::cases) fn put(c: &mut Conn, rows: Rows) -> Result<()> {
    let mut cases = rows.cases.into_iter().peekable();
    while cases.peek().is_some() {
        let chunk: Vec<NewRow> = cases.by_ref().take(CHUNK).collect();
        crate::each_engine!(c, c => diesel::insert_into(case_case::table).values(chunk).execute(c))?;
    }
    for chunk in rows.events.chunks(CHUNK * 4) {
        crate::each_engine!(c, c => diesel::insert_into(case_event::table).values(chunk).execute(c))?;
    }
    for chunk in rows.files.chunks(CHUNK * 4) {
        crate::each_engine!(c, c => diesel::insert_into(case_file::table).values(chunk).execute(c))?;
    }
    for chunk in rows.desks.chunks(CHUNK * 2) {
        crate::each_engine!(c, c => diesel::insert_into(case_desk::table).values(chunk).execute(c))?;
    }
    Ok(())
}
