//! Samples of the steps: full, empty, refused.

use super::form::{ActedFor, FormPage, HallChoice};
use super::materials::{File, MaterialsPage, Need};
use super::missing::Missing;
use super::review::Review;
use super::{Head, Low};
use crate::kernel::{FieldError, Text};
use crate::web::dossier::Dossier;
use crate::web::field::Field;
use crate::web::questions::{Kind, Section};

fn name() -> Text {
    Text::new("食品经营许可 <新办>", "Food licence <new>")
}

fn head(step: u8) -> Head {
    Head {
        id: "1".into(),
        slug: "food-operation-licence".into(),
        title: name(),
        step,
        is_gone: false,
        halt: None,
        is_outdated: false,
        news: vec![],
        low: None,
    }
}

fn low(needs: i32, is_near: bool, is_waiting: bool) -> Option<Low> {
    let to = "/account/step-up?step=sign&case=1".into();
    Some(Low { needs, is_fresh: needs == 3, is_near, is_waiting, to })
}

fn fault(field: &str, code: &'static str) -> FieldError {
    FieldError { field: field.into(), code, value: Some("100".into()) }
}

pub fn forms() -> Vec<FormPage> {
    let faults =
        [("applicant.name", "required"), ("applicant.id_number", "uscc-check"), ("applicant.phone", "phone-shape")];
    let faults: Vec<_> = faults.map(|(field, code)| fault(field, code)).to_vec();
    let hall = |code: &str, is_on| HallChoice { code: code.into(), name: name(), address: name(), is_on };
    let full = |faults: &[FieldError]| FormPage {
        head: head(1),
        kinds: Kind::samples(),
        is_natural: false,
        own_name: "林悦 <b>".into(),
        own_number: "980102199204160249".into(),
        acted_for: None,
        name: Field::new("applicant.name", "小满面馆 <b>", faults),
        number: Field::new("applicant.id_number", "92980102MA6XL0010Y", faults),
        phone: Field::new("applicant.phone", "13800138101", faults),
        address: Field::new("applicant.address", "", faults),
        is_phone_known: true,
        is_address_known: true,
        halls: vec![hall("H01", true), hall("H02", false)],
        hall_code: None,
        sections: Section::samples(),
        watch: "/relevant/1".into(),
        known: 2,
        missing: vec![],
        notice: None,
    };
    let wrong = FormPage {
        missing: Missing::samples(),
        hall_code: Some("not-an-option"),
        is_phone_known: false,
        ..full(&faults)
    };
    let bare = FormPage {
        head: Head {
            is_gone: true,
            halt: Some(crate::catalogue::Halt {
                reason: "系统升级".into(), since: crate::kernel::Ts::default().day()
            }),
            is_outdated: true,
            news: crate::web::catalogue::item::differences(),
            low: low(2, true, true),
            ..head(1)
        },
        kinds: Kind::samples().split_off(1),
        is_natural: true,
        own_name: String::new(),
        own_number: String::new(),
        halls: vec![hall("H01", true)],
        watch: String::new(),
        sections: vec![],
        known: 0,
        is_address_known: false,
        notice: Some("x <b>".into()),
        ..full(&[])
    };
    let acted = FormPage {
        acted_for: Some(ActedFor { name: "小满面馆 <b>".into(), number: "92980102MA6XL0010Y".into() }),
        ..full(&[])
    };
    vec![full(&[]), wrong, bare, acted]
}

pub fn materials() -> Vec<MaterialsPage> {
    let file = File { id: "1".into(), name: "执照 <b>.pdf".into(), bytes: 123_456 };
    let need = |key: &str, is_needed, files| Need {
        name: format!("material.{key}"),
        label: name(),
        is_needed,
        when: (!is_needed).then(name),
        fill: is_needed.then(name),
        standard: is_needed.then(name),
        blank: is_needed.then(|| "a.pdf".into()),
        sample: is_needed.then(|| "b.pdf".into()),
        formats: "PDF, JPG".into(),
        accept: ".pdf,.jpg".into(),
        mb: 20,
        files,
        refused: vec![],
    };
    let full = MaterialsPage {
        head: head(2),
        needs: vec![need("a", true, vec![file.clone(), file]), need("b", false, vec![])],
        ready: 1,
        lacking: 0,
        missing: vec![],
        notice: None,
    };
    let wrong = MaterialsPage {
        needs: vec![Need { refused: Missing::samples(), ..need("a", true, vec![]) }],
        ready: 0,
        lacking: 1,
        missing: Missing::samples(),
        notice: Some("x <b>".into()),
        ..full.clone()
    };
    vec![full.clone(), wrong, MaterialsPage { needs: vec![], ready: 0, ..full }]
}

pub fn reviews() -> Vec<Review> {
    let ready = Review {
        head: head(3),
        dossier: Dossier::sample(),
        department: name(),
        hall: name(),
        missing: vec![],
        is_ready: true,
        is_unsigned: false,
        has_agreed: false,
        notice: None,
    };
    let lacking = Review {
        missing: Missing::samples(),
        is_ready: false,
        head: Head { low: low(4, false, false), ..head(3) },
        notice: Some("x <b>".into()),
        ..ready.clone()
    };
    let face = Review { head: Head { low: low(3, true, false), ..head(3) }, has_agreed: true, ..ready.clone() };
    vec![face, Review { is_unsigned: true, ..ready.clone() }, ready, lacking]
}
