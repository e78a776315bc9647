//! The rows of one submission with nothing around them: no rules, no sealing, no HTTP. What the database can commit durably of these
//! is the limit that the benchmark compares with.

use std::time::{Duration, Instant};

use diesel::prelude::*;

use super::Conn;
use super::conn::Manager;
use super::schema::{aud_entry, case_case, case_desk, case_event, case_file};
use crate::db::Doc;
use crate::kernel::{Id, Result, Ts};

/// A submission's sealed parts, as large as real ones.
#[derive(Debug, Clone)]
pub struct Sizes {
    pub applicant: Vec<u8>,
    pub form: Vec<u8>,
    pub files: usize,
}

/// Inserts the rows: case, files, event, work list, audit.
pub fn rows(c: &mut Conn, n: u64, now: Ts, sizes: &Sizes) -> Result<()> {
    let (case, other) = (Id::random(), Id::random());
    let number = format!("limit{n:041}");
    let receipt = format!("L{n:011}");
    let states = ("submitted", "answering");
    crate::each_engine!(c, c => diesel::insert_into(case_case::table).values((
        (
            case_case::id.eq(case), case_case::case_no.eq(&number), case_case::receipt_no.eq(&receipt),
            case_case::query_code.eq(vec![7u8; 40]), case_case::item_id.eq(other), case_case::version_id.eq(other),
            case_case::department_id.eq(other), case_case::hall_id.eq(other), case_case::channel.eq("api"),
            case_case::applicant.eq(&sizes.applicant), case_case::applicant_mask.eq("林*"), case_case::identity.eq("known"),
            case_case::applicant_index.eq(vec![7u8; 16]), case_case::form.eq(&sizes.form),
        ),
        (
            case_case::state.eq(states.0), case_case::public_state.eq(states.0), case_case::clock.eq(states.1),
            case_case::rev.eq(1), case_case::created_at.eq(now), case_case::updated_at.eq(now),
            case_case::submitted_at.eq(now), case_case::received_on.eq(now.day()), case_case::accept_by.eq(now.day()),
        ),
    )).execute(c))?;
    for _ in 0..sizes.files {
        crate::each_engine!(c, c => diesel::insert_into(case_file::table).values((
            case_file::id.eq(Id::random()), case_file::case_id.eq(case), case_file::role.eq("material"),
            case_file::key.eq("id_card"), case_file::name.eq(vec![7u8; 50]), case_file::hash.eq(vec![7u8; 32]),
            case_file::size.eq(1000i64), case_file::mime.eq("application/pdf"), case_file::added_at.eq(now),
            case_file::added_by.eq("system"), case_file::sent_at.eq(now),
        )).execute(c))?;
    }
    crate::each_engine!(c, c => diesel::insert_into(case_event::table).values((
        case_event::id.eq(Id::random()), case_event::case_id.eq(case), case_event::at.eq(now),
        case_event::event.eq("submit"), case_event::from_state.eq("draft"), case_event::to_state.eq(states.0),
        case_event::actor_kind.eq("system"), case_event::actor_name.eq(""), case_event::note.eq(""),
        case_event::is_public.eq(false),
    )).execute(c))?;
    crate::each_engine!(c, c => diesel::insert_into(case_desk::table).values((
        case_desk::case_id.eq(case), case_desk::desk_kind.eq("hall"), case_desk::desk_id.eq(other),
        case_desk::step.eq("pre-accept"), case_desk::due_at.eq(now), case_desk::entered_at.eq(now),
        case_desk::state.eq(states.0), case_desk::item_id.eq(other), case_desk::receipt_no.eq(&receipt),
        case_desk::applicant_mask.eq("林*"), case_desk::channel.eq("api"), case_desk::is_corrected.eq(false), case_desk::identity.eq("known"),
    )).execute(c))?;
    crate::each_engine!(c, c => diesel::insert_into(aud_entry::table).values((
        aud_entry::id.eq(Id::random()), aud_entry::at.eq(now), aud_entry::actor_kind.eq("system"),
        aud_entry::action.eq("case.submit"), aud_entry::object_kind.eq("case"), aud_entry::object_id.eq(case),
        aud_entry::detail.eq(Doc(serde_json::json!({ "rev": 1 }))), aud_entry::request_id.eq(other),
    )).execute(c))?;
    Ok(())
}

/// Submissions one after the other on one connection of SQLite, each committed durably by itself and numbered from `first`: how long
/// each took.
pub fn one_by_one(path: &str, time: Duration, (first, now): (u64, Ts), sizes: &Sizes) -> Result<Vec<Duration>> {
    let mut conn = Manager::Lite { path: path.to_owned(), read_only: false }.open()?;
    let (started, mut times) = (Instant::now(), vec![]);
    while started.elapsed() < time {
        let sent = Instant::now();
        let n = first + times.len() as u64;
        conn.transaction(|c| rows(c, n, now, sizes))?;
        times.push(sent.elapsed());
    }
    Ok(times)
}
