//! States of the pages of operation and halls, for the test of templates.

use super::exchange::{Choice, DispatchPage, Dispatches, Inbox, InboxLine, Row, StateChoice, System};
use super::halls::{Edit, Grants, Group, Halls, ItemRow, Row as HallRow, Ticked, draft_of};
use super::jobs::{JobRow, Jobs, MailRow, PeriodicRow};
use crate::catalogue::ItemId;
use crate::exchange::{DispatchId, DispatchState};
use crate::identity::DepartmentId;
use crate::jobs::JobId;
use crate::kernel::{Error, FieldError, Text, Ts};
use crate::notifications::MailId;
use crate::web::supervise::case::Try;
use crate::windows::{About, Function, Hall, HallId};

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);

fn office() -> Text {
    Text::new("市监局", "Market Regulation")
}

fn row(state: DispatchState, error: Option<&str>) -> Row {
    Row {
        id: DispatchId::random(),
        receipt_no: "202603020017".into(),
        department: office(),
        about: "accepted",
        state: state.code(),
        tone: "bad",
        attempts: 3,
        status: error.map(|_| 503),
        error: error.map(Into::into),
        created_at: AT,
        sent_at: (state == DispatchState::Sent).then_some(AT),
        next_at: (state == DispatchState::Queued).then_some(AT),
    }
}

pub(super) fn dispatches() -> Vec<Dispatches> {
    let system = |link, until, last_ok_at, error: Option<&str>| System {
        id: DepartmentId::random(),
        name: office(),
        link,
        tone: "ok",
        until,
        queued: 2,
        oldest_at: until,
        dead: 1,
        sent_today: 4,
        failed_today: 3,
        last_ok_at,
        last_error: error.map(Into::into),
    };
    let states = || DispatchState::ALL.iter().map(|s| StateChoice { code: s.code(), is_on: false }).collect();
    let empty = Dispatches {
        systems: vec![],
        departments: vec![],
        states: states(),
        rows: vec![],
        next: None,
        first: None,
        is_narrowed: true,
    };
    let full = Dispatches {
        systems: vec![
            system("well", None, Some(AT), None),
            system("failing", None, None, Some("outside-timeout")),
            system("trying", None, None, Some("outside-refused")),
            system("broken", Some(AT), None, Some("outside-unreachable")),
            system("off", None, None, None),
        ],
        departments: vec![Choice { id: DepartmentId::random(), name: office(), is_on: true }],
        states: states(),
        rows: DispatchState::ALL.iter().map(|s| row(*s, Some("outside-refused"))).collect(),
        next: Some("after=x".into()),
        first: Some("state=dead&".into()),
        is_narrowed: false,
    };
    vec![empty, full]
}

pub(super) fn dispatch_pages() -> Vec<DispatchPage> {
    let tried = |status, error: Option<&str>| Try { at: AT, status, error: error.map(Into::into), millis: 12 };
    let page = |state, tries, notice| DispatchPage {
        row: row(state, None),
        receipt: if state == DispatchState::Sent { "SC-1".into() } else { String::new() },
        tries,
        may_resend: state != DispatchState::Dropped,
        notice,
    };
    let codes = [
        "outside-refused",
        "outside-timeout",
        "outside-unreachable",
        "outside-answer-too-large",
        "outside-host-refused",
        "dispatch-not-made",
    ];
    let tries = codes.iter().map(|code| tried(None, Some(code))).chain([tried(Some(202), None)]).collect();
    vec![
        page(DispatchState::Queued, vec![], Some("x".into())),
        page(DispatchState::Sent, tries, None),
        page(DispatchState::Dead, vec![tried(Some(422), Some("outside-refused"))], None),
        page(DispatchState::Dropped, vec![], None),
    ]
}

pub(super) fn inboxes() -> Vec<Inbox> {
    let line = |state, reason: Option<&str>| InboxLine {
        message_id: "m-<1>".into(),
        department: office(),
        event: "gov.case.decided".into(),
        receipt_no: if reason.is_none() { "202603020017".into() } else { String::new() },
        received_at: AT,
        state,
        tone: "bad",
        reason: reason.map(Into::into),
    };
    let rows = vec![line("applied", None), line("late", None), line("refused", Some("event-type"))];
    vec![
        Inbox { is_all: false, rows: vec![], next: None, first: None },
        Inbox { is_all: true, rows, next: Some("after=x".into()), first: Some("state=all&".into()) },
    ]
}

pub(super) fn jobs() -> Vec<Jobs> {
    let empty = || Jobs {
        state: "failed",
        ready: 0,
        failed: 0,
        rows: vec![],
        next: None,
        periodics: vec![],
        mails: vec![],
        next_mails: None,
    };
    let job = |is_leased, error: Option<&str>| JobRow {
        id: JobId::random(),
        task: "print".into(),
        run_at: AT,
        attempts: 2,
        error: error.map(Into::into),
        is_leased,
    };
    let task = |name: &str, is_running, error: Option<&str>| PeriodicRow {
        name: name.into(),
        next_at: AT,
        ended_at: error.map(|_| AT),
        is_running,
        error: error.map(Into::into),
    };
    let mail = |news, error: Option<&str>| MailRow {
        id: MailId::random(),
        news,
        lang: "en".into(),
        attempts: 16,
        error: error.map(Into::into),
        created_at: AT,
    };
    let full = |state| Jobs {
        state,
        ready: 3,
        failed: 1,
        rows: vec![job(true, None), job(false, Some("the printer <b>"))],
        next: Some("after=x".into()),
        periodics: vec![task("limits", true, None), task("sessions", false, Some("no broom"))],
        mails: crate::notifications::News::ALL.iter().map(|n| mail(n.code(), Some("mail-refused"))).collect(),
        next_mails: Some("mails=x".into()),
    };
    vec![empty(), full("failed"), full("ready")]
}

fn hall() -> Hall {
    Hall {
        id: HallId::random(),
        code: "H01".into(),
        name: Text::new("云川市政务服务中心", "Yunchuan City Service Centre"),
        area: "980100000000".into(),
        level: "city".into(),
        about: About {
            address: Text::new("市民大道1号", "1 Shimin Avenue"),
            hours: Text::new("9:00—17:00", "9:00–17:00"),
            phone: "0980-8120000".into(),
            services: Text::new("全部", "All"),
            lat: 22.9,
            lng: 115.6,
            windows: vec![],
        },
    }
}

pub(super) fn halls() -> Vec<Halls> {
    let row = |is_open| {
        let h = hall();
        let (address, phone) = (h.about.address, h.about.phone);
        HallRow { code: h.code, name: h.name, level: h.level, address, phone, windows: 12, is_open }
    };
    vec![Halls { halls: vec![] }, Halls { halls: vec![row(true), row(false)] }]
}

pub(super) fn hall_edits() -> Vec<Edit> {
    let hall = hall();
    let fault = |field: &str, code| FieldError { field: field.into(), code, value: Some("100".into()) };
    let wrong = Error::fields(vec![
        fault("name_zh", "hall-name-zh"),
        fault("name_en", "text-long"),
        fault("phone", "hall-phone"),
        fault("lat", "hall-lat"),
        fault("lng", "hall-lng"),
        fault("open", "hall-has-cases"),
    ]);
    vec![
        Edit::new(&hall, &draft_of(&hall, true), None, None),
        Edit::new(&hall, &draft_of(&hall, false), Some(&wrong), Some("x".into())),
    ]
}

pub(super) fn hall_grants() -> Vec<Grants> {
    let item = |code| ItemRow {
        id: ItemId::random().to_string(),
        name: Text::new("食品经营许可", "Food business licence"),
        boxes: Function::ALL.iter().map(|f| Ticked { function: f.code(), is_on: *f == Function::Accept }).collect(),
        code,
    };
    let page = |q: &str, items: Vec<ItemRow>| {
        let faults = items
            .iter()
            .filter_map(|i| Some(FieldError { field: format!("item.{}", i.id), code: i.code?, value: None }));
        Grants {
            code: "H01".into(),
            name: hall().name,
            functions: Function::ALL.iter().map(|f| f.code()).collect(),
            faults: faults.collect(),
            q: q.into(),
            departments: match items.is_empty() {
                true => vec![],
                false => vec![Group { name: hall().name, granted: 1, is_open: true, items }],
            },
            notice: None,
        }
    };
    let wrong = vec![item(None), item(Some("grant-has-cases")), item(Some("not-an-option"))];
    vec![page("", vec![]), page("<b>", vec![]), page("食品", vec![item(None)]), page("", wrong)]
}
