//! What a case says, as staff see it: applicant, answers, materials with their files and the clerk's verdicts. Templates:
//! `{{part "partials/applicant" d=…}}`, `{{part "partials/answers" d=…}}`, `{{part "partials/materials" d=…}}`.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::cases::{Answers, Content, FileId, FileRole, StoredFile, Verdict};
use crate::catalogue::{Codes, Elements, Field, FieldKind, Relevant};
use crate::kernel::{Text, Ts, mask};

#[derive(Debug, Clone, Serialize)]
pub struct Dossier {
    pub applicant: Applicant,
    pub groups: Vec<Group>,
    pub materials: Vec<Material>,
    pub results: Vec<File>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Applicant {
    pub kind: Text,
    pub name: String,
    /// Empty for a unified social credit code.
    pub id_kind: Text,
    pub id_number: String,
    pub phone: String,
    pub address: String,
    pub agent_name: String,
    pub agent_id_number: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Not `title`: that is the layout's own in a template.
    pub name: Text,
    pub rows: Vec<Answer>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub label: Text,
    /// Several for checkboxes; none when nothing was answered.
    pub values: Vec<Text>,
    #[serde(skip)]
    kind: Option<FieldKind>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Material {
    pub key: String,
    /// From 1.
    pub no: usize,
    pub name: Text,
    pub is_needed: bool,
    pub standard: Option<Text>,
    /// `accepted` or `defect`, once a clerk has looked.
    pub verdict: Option<&'static str>,
    pub reason: String,
    pub files: Vec<File>,
    /// It was handed over on paper.
    pub on_paper: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct File {
    pub id: FileId,
    pub name: String,
    pub size: i64,
    pub added_at: Ts,
    pub href: String,
}

/// `base` is the path of the case's page: files stand under it.
pub fn dossier(
    elements: &Elements,
    codes: &Codes,
    content: &Content,
    files: &[StoredFile],
    verdicts: &HashMap<String, (Verdict, String)>,
    base: &str,
) -> Dossier {
    let shown = |f: &StoredFile| File {
        id: f.id,
        name: f.name.clone(),
        size: f.size,
        added_at: f.added_at,
        href: format!("{base}/files/{}", f.id),
    };
    let relevant = elements.relevant(&content.applicant.kind, &content.answers);
    let material = |(at, m): (usize, &crate::catalogue::Material)| {
        let found = verdicts.get(&m.key);
        let own = files.iter().filter(|f| f.role == FileRole::Material && f.key == m.key);
        Material {
            key: m.key.clone(),
            no: at + 1,
            name: m.name.clone(),
            is_needed: relevant.needs(m),
            standard: m.standard.clone(),
            verdict: found.map(|(v, _)| v.code()),
            reason: found.map(|(_, reason)| reason.clone()).unwrap_or_default(),
            files: own.map(shown).collect(),
            on_paper: false,
        }
    };
    let is_shown = |m: &Material| {
        let element = elements.materials.iter().find(|e| e.key == m.key);
        !m.files.is_empty() || m.verdict.is_some() || element.is_some_and(|e| relevant.takes(e))
    };
    Dossier {
        applicant: applicant(codes, content),
        groups: elements.form.groups.iter().flat_map(|g| groups(g, &relevant, &content.answers)).collect(),
        materials: elements.materials.iter().enumerate().map(material).filter(is_shown).collect(),
        results: files.iter().filter(|f| f.role == FileRole::Result).map(shown).collect(),
    }
}

/// What of a group was asked; a repeated one once a row.
fn groups(g: &crate::catalogue::Group, relevant: &Relevant, answers: &Answers) -> Vec<Group> {
    if !relevant.asks_group(&g.key) {
        return vec![];
    }
    if !g.is_repeated() {
        let asked = g.fields.iter().filter(|f| relevant.asks(&f.key));
        let rows: Vec<Answer> = asked.map(|f| answer(f, answers.get(&f.key))).collect();
        return if rows.is_empty() { vec![] } else { vec![Group { name: g.title.clone(), rows }] };
    }
    let rows = answers.get(&g.key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let row = |(n, row): (usize, &Value)| {
        let asked = g.fields.iter().filter(|f| relevant.asks(&format!("{}.{n}.{}", g.key, f.key)));
        let of = |title: &str| format!("{title} {}", n + 1);
        Group {
            name: Text::new(of(&g.title.zh), of(&g.title.en)),
            rows: asked.map(|f| answer(f, row.get(&f.key))).collect(),
        }
    };
    rows.iter().enumerate().map(row).collect()
}

fn applicant(codes: &Codes, content: &Content) -> Applicant {
    let a = &content.applicant;
    let id_kind = if a.id_kind == "uscc" { Text::default() } else { codes.name("id_kind", &a.id_kind) };
    Applicant {
        kind: codes.name("audience", &a.kind),
        name: a.name.clone(),
        id_kind,
        id_number: a.id_number.clone(),
        phone: a.phone.clone(),
        address: a.address.clone(),
        agent_name: a.agent_name.clone(),
        agent_id_number: a.agent_id_number.clone(),
    }
}

fn answer(field: &Field, given: Option<&Value>) -> Answer {
    let options = field.options.as_deref().unwrap_or_default();
    let label = |value: &str| {
        let choice = options.iter().find(|o| o.value == value);
        choice.map_or_else(|| Text::new(value, ""), |o| o.label.clone())
    };
    let values = match given {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(label).collect(),
        Some(Value::String(text)) => vec![label(text)],
        Some(other) if !other.is_null() => vec![Text::new(other.to_string(), "")],
        _ => vec![],
    };
    Answer { label: field.label.clone(), values, kind: Some(field.kind) }
}

impl Dossier {
    /// Masks numbers of identity: where the page may be looked at over somebody's shoulder.
    pub fn mask(&mut self) {
        // A unified social credit code is public.
        if !self.applicant.id_kind.zh.is_empty() {
            self.applicant.id_number = mask::id_number(&self.applicant.id_number);
        }
        self.applicant.agent_id_number = mask::id_number(&self.applicant.agent_id_number);
        let rows = self.groups.iter_mut().flat_map(|g| &mut g.rows);
        for value in rows.filter(|r| r.kind == Some(FieldKind::IdNumber)).flat_map(|r| &mut r.values) {
            value.zh = mask::id_number(&value.zh);
        }
    }
    /// Marks the materials that were handed over on paper.
    pub fn mark_paper(&mut self, keys: &[String]) {
        for material in self.materials.iter_mut().filter(|m| keys.contains(&m.key)) {
            material.on_paper = true;
        }
    }
    /// For the samples of pages.
    pub fn sample() -> Self {
        let name = || Text::new("营业执照 <b>", "Business licence <b>");
        let file = |name: &str| File {
            id: FileId::random(),
            name: name.into(),
            size: 123_456,
            added_at: Ts::from_micros(1_770_000_000_000_000),
            href: "/desk/cases/1/files/1".into(),
        };
        let material = |no, verdict, reason: &str, files| Material {
            key: format!("m{no}"),
            no,
            name: name(),
            is_needed: no == 1,
            standard: (no == 1).then(name),
            verdict,
            reason: reason.into(),
            files,
            on_paper: no == 2,
        };
        Self {
            applicant: Applicant {
                kind: Text::new("企业法人", "Enterprise"),
                name: "望江小馆 <b>".into(),
                id_kind: Text::default(),
                id_number: "92980102MA00000013".into(),
                phone: "13800138000".into(),
                address: "望江区青石路 21 号".into(),
                agent_name: "林越".into(),
                agent_id_number: "980102199001010011".into(),
            },
            groups: vec![Group {
                name: name(),
                rows: vec![
                    Answer { label: name(), values: vec![name(), name()], kind: None },
                    Answer { label: name(), values: vec![], kind: None },
                ],
            }],
            materials: vec![
                material(1, Some("accepted"), "", vec![file("执照.pdf"), file("副本.jpg")]),
                material(2, Some("defect"), "看不清", vec![]),
                material(3, None, "", vec![]),
            ],
            results: vec![file("许可证.pdf")],
        }
    }
}
