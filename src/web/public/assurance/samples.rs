//! Samples of the page: what is missing, what is there, what was refused.

use super::{Asked, Factor, Piece, Verify};
use crate::identity::assurance::{FACTORS, Gap};
use crate::kernel::{Error, FieldError, Text, Ts};
use crate::web::field::Field;

const AT: Ts = Ts::from_micros(1_800_000_000_000_000);

fn fresh() -> Verify {
    Verify {
        head: "levels",
        goal: 2,
        gap: Gap { card: true, factors: 1, ..Gap::default() },
        phone: "138****8000".into(),
        left: 5,
        factor_left: 10,
        face_left: 10,
        window_code: "K7MP2QXA".into(),
        name: Field::new("name", "", &[]),
        id_number: Field::new("id_number", "", &[]),
        number: Field::new("number", "", &[]),
        back: "/my".into(),
        ..Verify::default()
    }
}

fn typed(v: Verify, faults: &[FieldError]) -> Verify {
    Verify {
        name: Field::new("name", "林悦", faults),
        id_number: Field::new("id_number", "98010219920416024X", faults),
        number: Field::new("number", "6222 <1>", faults),
        faults: faults.to_vec(),
        ..v
    }
}

fn bound(level: i32, gap: Gap) -> Verify {
    let piece = |how, until| Piece { how, at: AT, until };
    let code = |k: &crate::identity::EvidenceKind| Factor { code: k.code(), is_on: k.code() == "bank" };
    Verify {
        level,
        goal: level + 1,
        gap,
        has: vec![piece("name_id_phone", Some(AT)), piece("face", None)],
        own: Some("林* 9801**********0249".into()),
        window_code: String::new(),
        factors: if gap.factors > 0 { FACTORS.iter().skip(1).map(code).collect() } else { vec![] },
        ..fresh()
    }
}

pub fn pages() -> Vec<Verify> {
    let none = Gap::default();
    let fault = Error::field("id_number", "id-number-check");
    let number = Error::fields(vec![
        FieldError { field: "number".into(), code: "bank-card-check", value: None },
        FieldError { field: "kind".into(), code: "not-an-option", value: None },
    ]);
    let factor = bound(1, Gap { factors: 1, ..none });
    let asked = |act, level, is_fresh| {
        Some(Asked { act, name: Text::new("残疾人证办理 <b>", "Disability certificate <b>"), level, is_fresh })
    };
    let mut all = vec![
        fresh(),
        typed(fresh(), fault.field_errors()),
        Verify { left: 0, is_phone_anothers: true, notice: Some("x".into()), ..typed(fresh(), &[]) },
        factor.clone(),
        Verify { factor_code: Some("not-an-option"), ..typed(factor.clone(), number.field_errors()) },
        Verify { factor_left: 0, face_left: 0, waiting: vec!["name_id_phone"], ..factor },
        bound(2, Gap { face: true, ..none }),
        bound(3, Gap { window: true, ..none }),
        bound(4, none),
    ];
    for (act, level, gap) in [
        ("view", 1, Gap { card: true, ..none }),
        ("declare", 2, Gap { card: true, factors: 1, ..none }),
        ("sign", 3, Gap { face: true, ..none }),
        ("consent", 4, Gap { window: true, ..none }),
        ("collect", 3, Gap { card: true, face: true, ..none }),
    ] {
        let page = if gap.card { Verify { gap, ..fresh() } } else { bound(2, gap) };
        let (is_fresh, step) = (act == "sign", act.into());
        let head = if is_fresh { "fresh" } else { "step" };
        all.push(Verify { head, wanted: asked(act, level, is_fresh), step, ..page });
    }
    let waits = Verify { waiting: vec!["bank", "face"], head: "step", wanted: asked("collect", 2, false), ..fresh() };
    all.push(waits);
    for refused in ["mismatch", "unknown", "deceased", "taken", "stale"] {
        all.push(Verify { refused: Some(refused), left: 3, ..typed(fresh(), &[]) });
        all.push(Verify { refused: Some(refused), ..typed(bound(1, Gap { factors: 2, ..none }), &[]) });
    }
    all
}
