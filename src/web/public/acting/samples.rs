//! What the pages look like, for the test that renders all of them.

use super::add::Add;
use super::agents::{Agent, Agents, ItemChoice, OfferForm, PowerChoice};
use super::end::{End, Heir};
use super::{Acting, Row};
use crate::identity::{MandateEnd, MandateKind, MandateState, Power};
use crate::kernel::{Day, FieldError, Text, Ts};
use crate::web::field::Field;

const AT: Ts = Ts::from_micros(1_770_000_000_000_000);

fn item() -> Text {
    Text::new("食品经营许可 <新办>", "Food licence <new>")
}

fn row(kind: MandateKind, state: MandateState) -> Row {
    let is_agent = kind == MandateKind::Agent;
    let is_ended = state == MandateState::Ended;
    Row {
        id: "1".into(),
        name: "云川市远航物流有限公司 <1>".into(),
        number: "91980104MA6YH00284".into(),
        kind: kind.code(),
        state: state.code(),
        why: is_ended.then(|| MandateEnd::Revoked.code()),
        until: Day::from_ymd_opt(2026, 12, 31),
        ended_at: is_ended.then_some(AT),
        is_all: !is_agent,
        items: if is_agent { vec![item(), item()] } else { vec![] },
        powers: if is_agent { vec![Power::Sign.code()] } else { vec![] },
        is_agent,
        is_managed: kind == MandateKind::Representative,
        is_on: kind == MandateKind::Guardian,
    }
}

pub(super) fn lists() -> Vec<Acting> {
    let held = MandateKind::ALL.iter().map(|kind| row(*kind, MandateState::InForce)).collect();
    let bare = Row { powers: vec![], items: vec![], ..row(MandateKind::Agent, MandateState::Offered) };
    let ended = |why: &MandateEnd| Row { why: Some(why.code()), ..row(MandateKind::Agent, MandateState::Ended) };
    let past = MandateEnd::ALL.iter().map(ended).chain([row(MandateKind::Guardian, MandateState::Lapsed)]).collect();
    vec![
        Acting { is_self: true, ..Acting::default() },
        Acting {
            offered: vec![row(MandateKind::Agent, MandateState::Offered), bare],
            held,
            past,
            is_self: false,
            back: "/my".into(),
            notice: Some("x".into()),
        },
    ]
}

pub(super) fn adds() -> Vec<Add> {
    let of = |kind, faults: &[FieldError]| Add {
        kind,
        name: Field::new("name", "云川市远航物流有限公司", faults),
        number: Field::new("number", "<1>", faults),
        may: true,
        left: 3,
        refused: None,
        faults: faults.to_vec(),
        notice: None,
    };
    let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
    let refused = |kind, why| Add { refused: Some(why), ..of(kind, &[]) };
    let mut all = vec![
        of("legal", &[]),
        of("legal", &[fault("name", "legal-name-shape"), fault("number", "uscc-check")]),
        of("minor", &[fault("name", "name-shape"), fault("number", "child-grown")]),
        Add { may: false, ..of("legal", &[]) },
        Add { may: false, ..of("minor", &[]) },
        Add { left: 0, notice: Some("x".into()), ..of("minor", &[]) },
    ];
    for kind in ["legal", "minor"] {
        all.extend(["mismatch", "unknown", "deceased"].map(|why| refused(kind, why)));
    }
    all
}

pub(super) fn agents() -> Vec<Agents> {
    let agent = |state: MandateState| Agent {
        id: "1".into(),
        name: "陈志远 <1>".into(),
        phone: (state == MandateState::Offered).then(|| "138****8102".into()),
        state: state.code(),
        why: (state == MandateState::Ended).then(|| MandateEnd::Left.code()),
        is_offered: state == MandateState::Offered,
        until: Day::from_ymd_opt(2026, 12, 31),
        used_at: (state == MandateState::InForce).then_some(AT),
        is_all: state == MandateState::Offered,
        items: if state == MandateState::InForce { vec![item()] } else { vec![] },
        powers: if state == MandateState::Lapsed { vec![] } else { Power::ALL.iter().map(|p| p.code()).collect() },
    };
    let form = |faults: &[FieldError], is_some| OfferForm {
        name: Field::new("name", "", faults),
        phone: Field::new("phone", "", faults),
        until: Field::new("until", "2027-01-01", faults),
        longest: "2029-01-01".into(),
        is_some,
        items: vec![ItemChoice { id: "1".into(), name: item(), is_on: is_some }],
        items_code: faults.iter().find(|f| f.field == "items").map(|f| f.code),
        powers: Power::ALL.iter().map(|p| PowerChoice { code: p.code(), is_on: true }).collect(),
    };
    let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
    let faults = [
        fault("name", "name-shape"),
        fault("phone", "phone-shape"),
        fault("until", "mandate-long"),
        fault("items", "mandate-no-item"),
    ];
    let empty = Agents {
        id: "1".into(),
        name: "云川市远航物流有限公司".into(),
        number: "91980104MA6YH00284".into(),
        until: Day::from_ymd_opt(2026, 12, 31),
        agents: vec![],
        past: vec![],
        form: form(&[], false),
        faults: vec![],
        notice: None,
    };
    let full = Agents {
        agents: vec![agent(MandateState::Offered), agent(MandateState::InForce)],
        past: vec![agent(MandateState::Ended), agent(MandateState::Lapsed)],
        form: form(&faults, true),
        faults: faults.to_vec(),
        notice: Some("x".into()),
        ..empty.clone()
    };
    vec![empty, full]
}

pub(super) fn ends() -> Vec<End> {
    let heir = |is_self| Heir { id: "2".into(), name: "罗建业 <1>".into(), is_self };
    let of = |how: MandateEnd, open, heirs| End {
        id: "1".into(),
        how: how.code(),
        name: "云川市远航物流有限公司 <1>".into(),
        holder: "陈志远 <1>".into(),
        open,
        heirs,
        back: "/account/acting".into(),
        notice: None,
    };
    vec![
        of(MandateEnd::Left, 2, vec![heir(false)]),
        of(MandateEnd::Left, 0, vec![]),
        of(MandateEnd::Declined, 0, vec![]),
        End { notice: Some("x".into()), ..of(MandateEnd::Revoked, 3, vec![heir(true), heir(false)]) },
        of(MandateEnd::Revoked, 0, vec![heir(true)]),
    ]
}
