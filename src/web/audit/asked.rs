//! What somebody looks for, as it stands in the address, and as the log is asked for it.

use serde::{Deserialize, Serialize};

use crate::audit::acts::{self, Family};
use crate::audit::search::{self, Filter, KINDS};
use crate::audit::{Outcome, search as log};
use crate::cases;
use crate::db::Conn;
use crate::identity::staff;
use crate::kernel::{Ctx, Day, FieldError, Id, Result, Ts};
use crate::web::error::form_urlencoded;
use crate::web::field::Field;

/// Days that are shown when nobody says which, today being the last.
const DAYS: u64 = 7;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Days, both included.
    pub from: String,
    pub to: String,
    /// Login or id.
    pub actor: String,
    pub kind: String,
    /// `case.look`, or a family: `look*`.
    pub act: String,
    /// Number of a case, login, or id; or the number of an entry.
    pub object: String,
    pub outcome: String,
    /// Number of the last entry of the page before.
    pub after: String,
}

/// What was meant.
#[derive(Debug, Clone, Default)]
pub struct Meant {
    pub filter: Filter,
    /// The number of an entry was typed.
    pub entry: Option<Id>,
    pub faults: Vec<FieldError>,
}

impl Asked {
    /// With the days that are meant when none were said.
    pub fn or_days(self, today: Day) -> Self {
        if self != Self::default() {
            return self;
        }
        let from = today - chrono::Days::new(DAYS - 1);
        Self { from: from.to_string(), to: today.to_string(), ..self }
    }

    /// # Errors
    /// Forbidden for all but audit administrators; what cannot be understood is told in [`Meant::faults`].
    pub fn meant(&self, c: &mut Conn, ctx: &Ctx) -> Result<Meant> {
        let mut faults = vec![];
        let mut fault = |field: &str, code| faults.push(FieldError { field: field.into(), code, value: None });
        let day = |text: &str| match text.trim() {
            "" => Some(None),
            text => text.parse::<Day>().ok().map(Some),
        };
        let [from, to] = [("from", &self.from), ("to", &self.to)].map(|(field, text)| {
            day(text).unwrap_or_else(|| {
                fault(field, "audit-day");
                None
            })
        });
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            fault("to", "audit-range");
        }
        let actor = actor(c, ctx, self.actor.trim())?;
        if actor == Found::Nobody {
            fault("actor", "audit-actor");
        }
        let object = object(c, ctx, self.object.trim())?;
        if object == Found::Nobody {
            fault("object", "audit-object");
        }
        let filter = Filter {
            from: from.map(Ts::start_of),
            until: to.and_then(|day| day.succ_opt()).map(Ts::start_of),
            actor: actor.id(),
            kind: KINDS.into_iter().find(|k| *k == self.kind),
            actions: search::actions(&self.act),
            object: object.id(),
            outcome: Outcome::from_code(&self.outcome),
            before: self.after.parse().ok(),
        };
        let entry = if let Found::Entry(id) = object { Some(id) } else { None };
        Ok(Meant { filter, entry, faults })
    }

    fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("actor", &self.actor),
            ("kind", &self.kind),
            ("act", &self.act),
            ("object", &self.object),
            ("outcome", &self.outcome),
        ]
    }

    /// The same as a query, without its page.
    pub fn query(&self) -> String {
        let said = self.pairs().into_iter().filter(|(_, v)| !v.is_empty());
        said.map(|(k, v)| format!("{k}={}", form_urlencoded(v))).collect::<Vec<_>>().join("&")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing was typed.
    Anybody,
    One(Id),
    Entry(Id),
    Nobody,
}

impl Found {
    fn id(self) -> Option<Id> {
        if let Found::One(id) = self { Some(id) } else { None }
    }
}

fn actor(c: &mut Conn, ctx: &Ctx, text: &str) -> Result<Found> {
    if text.is_empty() {
        return Ok(Found::Anybody);
    }
    if let Ok(id) = text.parse() {
        return Ok(Found::One(id));
    }
    Ok(staff::by_login(c, ctx, text)?.map_or(Found::Nobody, |id| Found::One(id.0)))
}

fn object(c: &mut Conn, ctx: &Ctx, text: &str) -> Result<Found> {
    if text.is_empty() {
        return Ok(Found::Anybody);
    }
    if let Ok(id) = text.parse() {
        return Ok(if log::is_there(c, ctx, id)? { Found::Entry(id) } else { Found::One(id) });
    }
    if let Some(case) = cases::id_by_number(c, ctx, text)? {
        return Ok(Found::One(case.0));
    }
    Ok(staff::by_login(c, ctx, text)?.map_or(Found::Nobody, |id| Found::One(id.0)))
}

/// The form as it was filled in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Form {
    pub from: Field,
    pub to: Field,
    pub actor: Field,
    pub object: Field,
    pub kinds: Vec<Choice>,
    pub families: Vec<Acts>,
    pub outcomes: Vec<Choice>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub code: String,
    /// End of the text's key.
    pub text: String,
    pub is_on: bool,
}

/// The acts of a family, and the family itself as a choice.
#[derive(Debug, Clone, Serialize)]
pub struct Acts {
    pub family: Choice,
    pub acts: Vec<Choice>,
}

impl Form {
    pub fn new(asked: &Asked, faults: &[FieldError]) -> Self {
        let choice = |code: String, text: String, on: &str| Choice { is_on: code == on, code, text };
        let family = |f: &Family| Acts {
            family: choice(format!("{f}*"), f.code().into(), &asked.act),
            acts: acts::of(*f).into_iter().map(|a| choice(a.into(), acts::key(a), &asked.act)).collect(),
        };
        let codes = |all: &[&'static str], on: &str| {
            all.iter().map(|code| choice((*code).into(), (*code).into(), on)).collect::<Vec<_>>()
        };
        Self {
            from: Field::new("from", &asked.from, faults),
            to: Field::new("to", &asked.to, faults),
            actor: Field::new("actor", &asked.actor, faults),
            object: Field::new("object", &asked.object, faults),
            kinds: codes(&KINDS, &asked.kind),
            families: Family::ALL.iter().map(family).collect(),
            outcomes: codes(&Outcome::ALL.iter().map(|o| o.code()).collect::<Vec<_>>(), &asked.outcome),
        }
    }
}
