//! States of these pages, for the test of templates.

use super::asked::{Asked, Form};
use super::entry::{EntryPage, Said};
use super::export::Export;
use super::list::Log;
use super::names::{Name, Row};
use super::seals::{CheckRow, FaultRow, Seals};
use crate::audit::acts::ACTS;
use crate::audit::seals::{Sealed, Shown};
use crate::audit::search::KINDS;
use crate::audit::verify::Wrong;
use crate::kernel::{FieldError, Id, Text, Ts};
use crate::web::field::Field;

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);

fn asked() -> Asked {
    let text = |t: &str| t.to_owned();
    Asked {
        from: text("2026-03-01"),
        to: text("2026-03-07"),
        actor: text("<b>"),
        act: text("look*"),
        ..Asked::default()
    }
}

fn faults() -> Vec<FieldError> {
    let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
    vec![fault("actor", "audit-actor"), fault("object", "audit-object"), fault("from", "audit-day")]
}

fn staff() -> Name {
    let text = Some(Text::new("许静怡 <b>", "许静怡 <b>"));
    Name { kind: Some("staff".into()), text, mark: "clerk.h01.1".into(), id: Some(Id::from_bytes([1; 16])) }
}

fn case() -> Name {
    let id = Some(Id::from_bytes([2; 16]));
    Name { kind: Some("case".into()), text: None, mark: "260302000017".into(), id }
}

fn row(action: &str, is_sealed: bool) -> Row {
    Row {
        id: Id::from_bytes([3; 16]),
        at: AT,
        who: staff(),
        act: Some(crate::audit::acts::key(action)),
        action: action.into(),
        what: case(),
        outcome: "done",
        tone: "ok",
        is_sealed,
    }
}

pub(super) fn logs() -> Vec<Log> {
    let mut rows: Vec<Row> = ACTS.iter().map(|(action, _)| row(action, true)).collect();
    let others = KINDS.iter().map(|kind| {
        let who = Name { kind: Some((*kind).into()), text: None, mark: "…12345678".into(), id: None };
        let what = Name { mark: "/hall/cases/{id}".into(), ..Name::default() };
        Row { who, what, act: None, action: "new <act>".into(), outcome: "refused", tone: "bad", ..row("login", false) }
    });
    rows.extend(others);
    let form = || Form::new(&asked(), &[]);
    vec![
        Log { form: form(), ..Log::default() },
        Log {
            form: form(),
            rows,
            next: Some("from=2026-03-01&after=x".into()),
            first: Some("from=2026-03-01".into()),
            query: "from=2026-03-01".into(),
            ..Log::default()
        },
        Log { form: Form::new(&asked(), &faults()), faults: faults(), notice: Some("x".into()), ..Log::default() },
    ]
}

pub(super) fn entries() -> Vec<EntryPage> {
    let said = |name: &str, value: &str| Said { name: name.into(), value: value.into() };
    let bare = || EntryPage {
        row: Row { what: Name::default(), act: None, outcome: "refused", tone: "bad", ..row("login", false) },
        purpose: None,
        task: None,
        office: None,
        person: None,
        detail: vec![],
        request: Id::from_bytes([4; 16]),
        batch: None,
        place: 0,
    };
    let look = |purpose| EntryPage {
        row: row("case.look", true),
        purpose: Some(purpose),
        task: Some("window"),
        office: Some(Text::new("市民中心大厅", "City hall")),
        person: Some(Id::from_bytes([5; 16])),
        detail: vec![said("purpose", "accept"), said("", "<b>")],
        batch: Some(7),
        place: 3,
        ..bare()
    };
    let purposes = crate::audit::looks::Purpose::ALL.iter().map(|p| look(p.code()));
    std::iter::once(bare()).chain(purposes).collect()
}

pub(super) fn exports() -> Vec<Export> {
    let view = |faults: Vec<FieldError>, notice: Option<&str>| Export {
        form: Form::new(&asked(), &faults),
        reason: Field::new("reason", "<b>", &faults),
        faults,
        notice: notice.map(Into::into),
    };
    let mut wrong = faults();
    wrong.push(FieldError { field: "reason".into(), code: "audit-reason", value: None });
    vec![view(vec![], None), view(wrong, Some("x"))]
}

pub(super) fn seals() -> Vec<Seals> {
    let batch = |no, removed_at| Shown {
        sealed: Sealed {
            no,
            digest: "0123456789abcdef".repeat(4),
            entries: 256,
            sealed_at: AT,
            suite: "ES256".into(),
            key: "0123456789abcdef".into(),
            signature: "00".into(),
        },
        first_at: AT,
        last_at: AT,
        removed_at,
    };
    let check = |state, found: Vec<FaultRow>| CheckRow {
        state,
        tone: "ok",
        batches: 900,
        place: 450,
        entries: 100_000,
        faults: found.len() as i32,
        more: 2,
        found,
        by: "审计员 <b>".into(),
        created_at: AT,
        ended_at: (state != "waiting").then_some(AT),
    };
    let fault = |what: &Wrong| FaultRow {
        what: what.code(),
        batch: 3,
        to: (*what == Wrong::Gap).then_some(5),
        place: (*what == Wrong::Changed).then_some(7),
        entry: (*what == Wrong::Changed).then_some(Id::from_bytes([6; 16])),
    };
    let empty = || Seals {
        batches: vec![],
        waiting: 0,
        waiting_since: None,
        is_first: true,
        next: None,
        checks: vec![],
        is_verifying: false,
        notice: None,
    };
    vec![
        empty(),
        Seals {
            batches: vec![batch(2, None), batch(1, Some(AT))],
            waiting: 12,
            waiting_since: Some(AT),
            next: Some(1),
            checks: vec![
                check("waiting", vec![]),
                check("faulty", Wrong::ALL.iter().map(fault).collect()),
                check("whole", vec![]),
                check("failed", vec![]),
            ],
            is_verifying: true,
            ..empty()
        },
        Seals { batches: vec![batch(2, None)], is_first: false, notice: Some("x".into()), ..empty() },
    ]
}
