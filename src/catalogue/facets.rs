//! What a list of items can be narrowed by, and how many items each choice would leave.

use std::collections::HashMap;

use super::model::Elements;
use super::modes::Mode;
use crate::identity::Department;

crate::text_enum!(
    /// For whom: a natural person, or any body (企业法人, 事业法人, 社会组织法人, 其他组织).
    Audience { Person = "person", Enterprise = "enterprise" }
);

impl Audience {
    /// Whether somebody of these codes (`audience`) is meant: 1 is natural persons, the others are legal persons of all kinds.
    pub fn is_among(self, codes: &[String]) -> bool {
        codes.iter().any(|code| (code == "1") == (self == Audience::Person))
    }
}

/// What a visitor has chosen. An empty group leaves all; within a group any choice fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    pub audience: Option<Audience>,
    /// Keys of departments.
    pub departments: Vec<String>,
    /// Codes of `theme_person` and `theme_enterprise`.
    pub themes: Vec<String>,
    /// Codes of `item_type`.
    pub types: Vec<String>,
    /// Codes of [`Mode`].
    pub modes: Vec<String>,
    /// Only what needs no visit (跑 0 次).
    pub no_visit: bool,
}

impl Chosen {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How many of the found items each choice would leave, the other groups being as chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub person: usize,
    pub enterprise: usize,
    pub departments: HashMap<String, usize>,
    pub themes: HashMap<String, usize>,
    pub types: HashMap<String, usize>,
    pub modes: HashMap<String, usize>,
    pub no_visit: usize,
}

/// Numbers for names, so that counting is adding.
#[derive(Debug, Default, Clone)]
struct Names(Vec<String>, HashMap<String, u16>);

impl Names {
    fn number(&mut self, name: &str) -> u16 {
        if let Some(n) = self.1.get(name) {
            return *n;
        }
        let n = self.0.len() as u16;
        self.0.push(name.to_owned());
        self.1.insert(name.to_owned(), n);
        n
    }
    fn numbers(&self, names: &[String]) -> Vec<u16> {
        names.iter().map(|n| self.1.get(n).copied().unwrap_or(u16::MAX)).collect()
    }
    fn counted(&self, counts: &[usize]) -> HashMap<String, usize> {
        self.0.iter().cloned().zip(counts.iter().copied()).filter(|(_, n)| *n > 0).collect()
    }
}

/// What an item can be chosen by.
#[derive(Debug, Clone)]
pub(super) struct Row {
    is_person: bool,
    is_enterprise: bool,
    department: u16,
    kind: u16,
    themes: Box<[u16]>,
    mode: Mode,
    is_complete: bool,
}

impl Row {
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

#[derive(Debug, Default)]
pub(super) struct Facets {
    rows: Vec<Row>,
    departments: Names,
    themes: Names,
    types: Names,
}

impl Facets {
    pub fn add(&mut self, e: &Elements, department: Option<&Department>) {
        let themes = e.themes.person.iter().chain(&e.themes.enterprise).map(|t| self.themes.number(t)).collect();
        self.rows.push(Row {
            is_person: Audience::Person.is_among(&e.audience),
            is_enterprise: Audience::Enterprise.is_among(&e.audience),
            department: self.departments.number(department.map_or(&e.department, |d| &d.key)),
            kind: self.types.number(&e.item_type),
            themes,
            mode: e.way().mode,
            is_complete: e.complete,
        });
    }

    pub fn row(&self, at: usize) -> &Row {
        &self.rows[at]
    }

    /// The same choices with the same numbers, and other rows.
    pub fn with_rows(&self, rows: impl IntoIterator<Item = Row>) -> Self {
        let (departments, themes, types) = (self.departments.clone(), self.themes.clone(), self.types.clone());
        Self { rows: rows.into_iter().collect(), departments, themes, types }
    }
}

/// Those of the found items that fit what was chosen, in the same order, and the counts. `names` has the numbers of the rows' choices.
pub(super) fn sift<'a>(
    names: &Facets,
    row: impl Fn(usize) -> &'a Row,
    found: impl Iterator<Item = usize>,
    chosen: &Chosen,
) -> (Vec<usize>, Counts) {
    let departments = names.departments.numbers(&chosen.departments);
    let themes = names.themes.numbers(&chosen.themes);
    let types = names.types.numbers(&chosen.types);
    let mut kept = vec![];
    let mut counts = Counts::default();
    let mut by_department = vec![0; names.departments.0.len()];
    let mut by_theme = vec![0; names.themes.0.len()];
    let mut by_type = vec![0; names.types.0.len()];
    let mut by_mode = [0; Mode::ALL.len()];
    for at in found {
        let row = row(at);
        let fits = [
            match chosen.audience {
                None => true,
                Some(Audience::Person) => row.is_person,
                Some(Audience::Enterprise) => row.is_enterprise,
            },
            departments.is_empty() || departments.contains(&row.department),
            themes.is_empty() || row.themes.iter().any(|t| themes.contains(t)),
            types.is_empty() || types.contains(&row.kind),
            !chosen.no_visit || row.mode == Mode::Online,
            chosen.modes.is_empty() || chosen.modes.iter().any(|m| m == row.mode.code()),
        ];
        let missed = fits.iter().filter(|fits| !**fits).count();
        if missed == 0 {
            kept.push(at);
        }
        // A group counts what all the others leave.
        let counts_for = |group: usize| missed == 0 || (missed == 1 && !fits[group]);
        if counts_for(0) {
            counts.person += usize::from(row.is_person);
            counts.enterprise += usize::from(row.is_enterprise);
        }
        if counts_for(1) {
            by_department[row.department as usize] += 1;
        }
        if counts_for(2) {
            row.themes.iter().for_each(|t| by_theme[*t as usize] += 1);
        }
        if counts_for(3) {
            by_type[row.kind as usize] += 1;
        }
        if counts_for(4) {
            counts.no_visit += usize::from(row.mode == Mode::Online);
        }
        if counts_for(5) {
            by_mode[row.mode as usize] += 1;
        }
    }
    counts.departments = names.departments.counted(&by_department);
    counts.themes = names.themes.counted(&by_theme);
    counts.types = names.types.counted(&by_type);
    let modes = Mode::ALL.iter().map(|m| (m.code().to_owned(), by_mode[*m as usize]));
    counts.modes = modes.filter(|(_, n)| *n > 0).collect();
    (kept, counts)
}
