//! Materials as they come over the counter: scanned, or on paper. What was uploaded is kept when a form comes back, as a sealed
//! ticket that only the clerk who uploaded it can hand in. Template: `{{part "hall/intake" i=…}}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::cases::{Defect, NewFile};
use crate::catalogue::{self, Elements, Relevant};
use crate::files::{FileKind, Hash};
use crate::kernel::{Ctx, FieldError, Id, Result, Text, Ts};
use crate::web::form::Uploaded;
use crate::web::intake;

/// For how long an upload can be handed in, in seconds: a long visit at a window.
const GOOD: i64 = 4 * 3600;
const PLACE: &str = "hall.upload";

/// The materials of a form.
#[derive(Debug, Clone, Serialize)]
pub struct Intake {
    pub rows: Vec<Row>,
    /// Those that a correction does not name.
    pub others: Vec<Row>,
    /// Something stands there already.
    pub is_open: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub key: String,
    /// As the item numbers it, from 1.
    pub no: usize,
    pub name: Text,
    pub is_needed: bool,
    /// It is not asked for with the answers so far.
    pub is_hidden: bool,
    pub when: Option<Text>,
    pub standard: Option<Text>,
    /// What the correction said of it.
    pub defect: Option<String>,
    /// For the input's `accept`.
    pub accept: String,
    pub max_mb: u64,
    pub on_paper: bool,
    pub kept: Vec<Kept>,
    pub code: Option<&'static str>,
    pub arg: Option<String>,
}

/// A file that was uploaded and is not handed in yet.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    pub ticket: String,
    pub name: String,
    pub size: i64,
}

/// What a ticket holds, sealed.
#[derive(Serialize, Deserialize)]
struct Ticket {
    staff: Id,
    until: Ts,
    key: String,
    hash: Vec<u8>,
    name: String,
    size: i64,
    mime: String,
}

/// What came with a form.
#[derive(Debug, Default)]
pub struct Taken {
    pub files: Vec<NewFile>,
    pub on_paper: Vec<String>,
    pub faults: Vec<FieldError>,
}

/// The materials of an item, empty; those that a correction names apart from the others.
pub fn of(app: &App, elements: &Elements, relevant: &Relevant, defects: &[Defect]) -> Intake {
    let row = |(at, m): (usize, &catalogue::Material)| Row {
        key: m.key.clone(),
        no: at + 1,
        name: m.name.clone(),
        is_needed: relevant.needs(m),
        is_hidden: !relevant.takes(m),
        when: m.when.clone(),
        standard: m.standard.clone(),
        defect: defects.iter().find(|d| d.key == m.key).map(|d| d.reason.clone()),
        accept: intake::kinds(m).into_iter().map(FileKind::mime).collect::<Vec<_>>().join(","),
        max_mb: intake::limit(app, m),
        on_paper: false,
        kept: vec![],
        code: None,
        arg: None,
    };
    let rows = elements.materials.iter().enumerate().map(row);
    let (named, others): (Vec<Row>, Vec<Row>) = rows.partition(|r| r.defect.is_some());
    // A correction may be about the form alone; then nothing is named.
    if named.is_empty() {
        return Intake { rows: others, others: vec![], is_open: false };
    }
    Intake { rows: named, others, is_open: false }
}

/// Takes what was uploaded (`material.<key>`), what had been kept (`kept`) and what is on paper (`paper`). Files that cannot be taken are
/// faults of their materials.
pub async fn take(app: &App, ctx: &Ctx, elements: &Elements, up: Uploaded) -> Result<Taken> {
    let staff = ctx.staff()?.id;
    let known = |key: &str| elements.materials.iter().find(|m| m.key == key);
    let mut taken = Taken::default();
    for ticket in up.fields.all("kept") {
        match redeem(app, ctx.now, staff, ticket).filter(|f| known(&f.key).is_some()) {
            Some(file) => taken.files.push(file),
            None => taken.faults.push(FieldError { field: "kept".into(), code: "upload-gone", value: None }),
        }
    }
    taken.on_paper = up.fields.all("paper").iter().filter(|key| known(key).is_some()).cloned().collect();
    let new = intake::take(app, elements, up.files).await?;
    taken.files.extend(new.files);
    taken.faults.extend(new.faults);
    Ok(taken)
}

fn redeem(app: &App, now: Ts, staff: Id, ticket: &str) -> Option<NewFile> {
    let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
    let ticket: Ticket = serde_json::from_slice(&app.keys.open(PLACE, &sealed).ok()?).ok()?;
    if ticket.staff != staff || ticket.until < now {
        return None;
    }
    let kind = FileKind::from_mime(&ticket.mime)?;
    let hash = Hash::from_slice(&ticket.hash).ok()?;
    Some(NewFile { key: ticket.key, name: ticket.name, hash, size: ticket.size, mime: kind.mime() })
}

impl Intake {
    /// Shows again what came, and what is wrong with it.
    pub fn keep(&mut self, app: &App, ctx: &Ctx, taken: &Taken) -> Result<()> {
        let staff = ctx.staff()?.id;
        for row in self.rows.iter_mut().chain(&mut self.others) {
            for file in taken.files.iter().filter(|f| f.key == row.key) {
                row.kept.push(ticket(app, ctx.now, staff, file)?);
            }
            row.on_paper = taken.on_paper.contains(&row.key);
            let name = format!("material.{}", row.key);
            let fault = taken.faults.iter().find(|f| f.field == name);
            (row.code, row.arg) = (fault.map(|f| f.code), fault.and_then(|f| f.value.clone()));
        }
        self.is_open = self.others.iter().any(|r| r.on_paper || r.code.is_some() || !r.kept.is_empty());
        Ok(())
    }

    /// For the samples of pages.
    pub fn sample() -> Self {
        let name = || Text::new("营业执照 <b>", "Business licence <b>");
        let row = |no: usize, code| Row {
            key: format!("m{no}"),
            no,
            name: name(),
            is_needed: no == 1,
            is_hidden: no == 3,
            when: (no == 2).then(name),
            standard: (no == 1).then(name),
            defect: (no == 1).then(|| "看不清 <b>".into()),
            accept: "application/pdf".into(),
            max_mb: 20,
            on_paper: no == 2,
            kept: (0..no).map(|_| Kept { ticket: "x".into(), name: "执照 <b>.pdf".into(), size: 123_456 }).collect(),
            code,
            arg: Some("20".into()),
        };
        let others = vec![row(2, Some("file-too-large")), row(3, Some("file-kind"))];
        Self { rows: vec![row(1, None)], others, is_open: true }
    }
}

fn ticket(app: &App, now: Ts, staff: Id, file: &NewFile) -> Result<Kept> {
    let ticket = Ticket {
        staff,
        until: now.plus_secs(GOOD),
        key: file.key.clone(),
        hash: file.hash.0.to_vec(),
        name: file.name.clone(),
        size: file.size,
        mime: file.mime.to_owned(),
    };
    let sealed = app.keys.seal(PLACE, &serde_json::to_vec(&ticket)?);
    Ok(Kept { ticket: URL_SAFE_NO_PAD.encode(sealed), name: file.name.clone(), size: file.size })
}
