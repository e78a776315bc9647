//! Who and what entries speak of, in words: the log itself holds ids alone. Of citizens nothing is shown but the end of their id.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::audit::acts;
use crate::audit::{Entry, Outcome};
use crate::cases::{self, CaseId};
use crate::catalogue::ItemId;
use crate::db::Conn;
use crate::flows::Books;
use crate::identity::staff;
use crate::kernel::{Ctx, Id, Result, Text, Ts};
use crate::windows;

/// An entry in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: Id,
    pub at: Ts,
    pub who: Name,
    /// End of the text's key; none for an act that this version does not know.
    pub act: Option<String>,
    pub action: String,
    pub what: Name,
    pub outcome: &'static str,
    pub tone: &'static str,
    pub is_sealed: bool,
}

/// Somebody or something.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Name {
    /// Text `audit-kind-…` of an actor, `object-…` of an object.
    pub kind: Option<String>,
    /// What it is called in this language.
    pub text: Option<Text>,
    /// Login, number, or the end of the id.
    pub mark: String,
    pub id: Option<Id>,
}

/// What the entries of a page name.
pub struct Names {
    staff: HashMap<Id, (String, String)>,
    cases: HashMap<Id, String>,
    halls: HashMap<Id, Text>,
    books: Books,
}

impl Names {
    pub fn of(c: &mut Conn, ctx: &Ctx, books: &Books, entries: &[Entry]) -> Result<Self> {
        let objects = |kind: &'static str| entries.iter().filter(move |e| e.object_kind == kind);
        let actors = entries.iter().filter(|e| e.actor_kind == "staff").filter_map(|e| e.actor_id);
        let mut members: Vec<Id> = actors.chain(objects("staff").filter_map(|e| e.object_id)).collect();
        let mut numbers: Vec<CaseId> = objects("case").filter_map(|e| e.object_id).map(CaseId).collect();
        members.sort_unstable();
        members.dedup();
        numbers.sort_unstable();
        numbers.dedup();
        let receipts = cases::receipts(c, ctx, &numbers)?;
        Ok(Self {
            staff: staff::known(c, ctx, members)?,
            cases: receipts.into_iter().map(|(id, no)| (id.0, no)).collect(),
            halls: windows::halls(c)?.into_iter().map(|h| (h.id.0, h.name)).collect(),
            books: books.clone(),
        })
    }

    pub fn row(&self, e: &Entry) -> Row {
        Row {
            id: e.id,
            at: e.at,
            who: self.name(Some(&e.actor_kind), &e.actor_kind, e.actor_id),
            act: acts::is_known(&e.action).then(|| acts::key(&e.action)),
            action: e.action.clone(),
            what: self.what(e),
            outcome: e.outcome.code(),
            tone: if e.outcome == Outcome::Refused { "bad" } else { "ok" },
            is_sealed: e.place.is_some(),
        }
    }

    fn what(&self, e: &Entry) -> Name {
        let kind = acts::OBJECTS.contains(&e.object_kind.as_str()).then_some(e.object_kind.as_str());
        let mut name = self.name(kind, &e.object_kind, e.object_id);
        if e.object_id.is_none() {
            // Things that have no id are named by what they are called in the catalogue, or by their page.
            let said =
                ["key", "code", "word", "route"].into_iter().find_map(|k| e.detail.get(k).and_then(Value::as_str));
            name.mark = said.unwrap_or_default().to_owned();
        }
        name
    }

    fn name(&self, shown: Option<&str>, kind: &str, id: Option<Id>) -> Name {
        let name = Name { kind: shown.map(Into::into), id, ..Name::default() };
        let Some(id) = id else { return name };
        let text = match kind {
            "staff" => self.staff.get(&id).map(|(_, name)| Text::new(name.clone(), name.clone())),
            _ => self.office(id).or_else(|| self.item(kind, id)),
        };
        let mark = match kind {
            "staff" => self.staff.get(&id).map(|(login, _)| login.clone()),
            "case" => self.cases.get(&id).cloned(),
            _ => None,
        };
        let is_said = matches!(kind, "department" | "hall" | "item") && text.is_some();
        let mark = mark.unwrap_or_else(|| if is_said { String::new() } else { end(id) });
        Name { text, mark, ..name }
    }

    /// A department or a hall.
    pub fn office(&self, id: Id) -> Option<Text> {
        let department = self.books.shelf.department(id).ok().map(|d| d.name.clone());
        department.or_else(|| self.halls.get(&id).cloned())
    }

    fn item(&self, kind: &str, id: Id) -> Option<Text> {
        let id = (kind == "item").then_some(ItemId(id))?;
        self.books.shelf.items().iter().find(|i| i.item_id == id).map(|i| i.elements.name.clone())
    }
}

/// The end of an id: its beginning is the time, which many share.
fn end(id: Id) -> String {
    let text = id.to_string();
    format!("…{}", &text[text.len() - 8..])
}
