//! Conditions of questions and materials, in the Common Expression Language (CEL): `business_type == '2' && area > 150.0`.
//!
//! # Rules
//! - Names are the keys of the form's fields, the key of a repeated group (a list of its rows), and `applicant.kind` (`audience`).
//! - Texts, days and choices are strings, `''` where nothing was answered; several choices are a list of strings; numbers are doubles,
//!   `null` where nothing was answered.
//! - What cannot be told does not hold: a comparison with a number that was not answered.
//! - A condition ends: there are no loops but over the rows of a list, and never one in another. It has at most [`LONGEST`] characters.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::{Context, Env, IdedExpr as Expression, Program, Value};

/// Longest condition, in characters.
pub const LONGEST: usize = 500;

/// So many compiled conditions are kept: those of some thousands of items.
const KEPT: usize = 20_000;

/// A condition that can be asked.
#[derive(Debug)]
pub struct Condition {
    program: Program,
    names: Vec<String>,
    texts: Vec<String>,
    numbers: Vec<f64>,
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Long,
    /// It does not parse; the column of the first fault, from 1.
    Shape(usize),
    /// A loop in a loop.
    Nested,
}

impl Wrong {
    /// Where it is wrong, from 1.
    pub fn column(&self) -> Option<usize> {
        if let Wrong::Shape(column) = self { Some(*column) } else { None }
    }
    /// Text `field-…`
    pub fn code(&self) -> &'static str {
        match self {
            Wrong::Long => "condition-long",
            Wrong::Shape(_) => "condition-shape",
            Wrong::Nested => "condition-nested",
        }
    }
}

/// Why a condition cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untold {
    /// It asks for something that nobody knows: `area > 50.0` without an area.
    Open,
    /// It is no yes or no.
    NotBoolean,
}

type Kept = Mutex<HashMap<String, Arc<Condition>>>;

fn kept() -> &'static Kept {
    static ALL: OnceLock<Kept> = OnceLock::new();
    ALL.get_or_init(Kept::default)
}

fn env() -> Arc<Env> {
    static ENV: OnceLock<Arc<Env>> = OnceLock::new();
    ENV.get_or_init(|| Arc::new(Env::stdlib())).clone()
}

impl Condition {
    /// The condition that a text says; compiled once in a process.
    ///
    /// # Errors
    /// [`Wrong`], when it is none.
    pub fn of(text: &str) -> Result<Arc<Self>, Wrong> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(Wrong::Long);
        }
        if let Some(known) = kept().lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(known.clone());
        }
        let made = Arc::new(Self::compile(text)?);
        let mut all = kept().lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(text.to_owned(), made.clone());
        Ok(made)
    }

    fn compile(text: &str) -> Result<Self, Wrong> {
        let program = Program::compile(text).map_err(|e| Wrong::Shape(column(&e.to_string())))?;
        let mut found = Found::default();
        found.walk(program.expression(), &[])?;
        let Found { names, texts, numbers } = found;
        Ok(Self { program, names: names.into_iter().collect(), texts: texts.into_iter().collect(), numbers })
    }

    /// What it asks for: keys of fields and of repeated groups, `applicant`.
    pub fn names(&self) -> &[String] {
        &self.names
    }
    /// The texts and numbers that it compares with.
    pub fn literals(&self) -> (&[String], &[f64]) {
        (&self.texts, &self.numbers)
    }

    /// Whether it holds for what is known; every one of [`Condition::names`] has to be among it.
    ///
    /// # Errors
    /// [`Untold`], when it cannot be told.
    pub fn tell(&self, known: impl Fn(&str) -> Value) -> Result<bool, Untold> {
        let mut context = Context::with_env(env());
        for name in &self.names {
            context.add_variable_from_value(name.clone(), known(name));
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => Err(Untold::NotBoolean),
            Err(_) => Err(Untold::Open),
        }
    }
}

/// The column in the parser's sentence: `ERROR: <input>:1:8: …`; the first one where it tells none.
fn column(said: &str) -> usize {
    let place = said.split("<input>:").nth(1).and_then(|rest| rest.split(':').nth(1));
    place.and_then(|column| column.parse().ok()).unwrap_or(1)
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    texts: BTreeSet<String>,
    numbers: Vec<f64>,
}

impl Found {
    /// Looks through an expression. `bound` are the names that a loop around it has made.
    fn walk(&mut self, e: &Expression, bound: &[&str]) -> Result<(), Wrong> {
        match &e.expr {
            Expr::Ident(name) => {
                // The macros' own names begin with @.
                if !name.starts_with('@') && !bound.contains(&name.as_str()) {
                    self.names.insert(name.clone());
                }
            }
            Expr::Literal(literal) => self.literal(literal),
            Expr::Call(call) => {
                let all = call.target.iter().map(|t| &**t).chain(&call.args);
                all.into_iter().try_for_each(|a| self.walk(a, bound))?;
            }
            Expr::Select(select) => self.walk(&select.operand, bound)?,
            Expr::List(list) => list.elements.iter().try_for_each(|x| self.walk(x, bound))?,
            Expr::Comprehension(loop_) => {
                if !bound.is_empty() {
                    return Err(Wrong::Nested);
                }
                self.walk(&loop_.iter_range, bound)?;
                let mut inner = vec![loop_.iter_var.as_str(), loop_.accu_var.as_str()];
                inner.extend(loop_.iter_var2.as_deref());
                let parts = [&loop_.accu_init, &loop_.loop_cond, &loop_.loop_step, &loop_.result];
                parts.into_iter().try_for_each(|x| self.walk(x, &inner))?;
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.walk(&entry.key, bound)?;
                        self.walk(&entry.value, bound)?;
                    }
                }
            }
            Expr::Struct(_) | Expr::Unspecified => return Err(Wrong::Shape(1)),
        }
        Ok(())
    }

    fn literal(&mut self, literal: &LiteralValue) {
        match literal {
            LiteralValue::String(text) => {
                self.texts.insert(text.inner().to_owned());
            }
            #[expect(clippy::cast_precision_loss, reason = "what people write in a condition is small")]
            LiteralValue::Int(n) => self.numbers.push(*n.inner() as f64),
            LiteralValue::Double(n) => self.numbers.push(*n.inner()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<bool, Untold> {
        Condition::of(text).unwrap().tell(|name| match name {
            "area" => 60.0.into(),
            "kind" => "2".into(),
            "items" => vec![Value::from("21"), Value::from("22")].into(),
            "empty" => "".into(),
            _ => Value::Null,
        })
    }

    #[test]
    fn answers_are_compared_as_people_mean_it() {
        for holds in ["area > 50", "area == 60.0 && kind == '2'", "'21' in items", "kind in ['2', '3']", "empty == ''"]
        {
            assert_eq!(told(holds), Ok(true), "{holds}");
        }
        for not in ["area >= 61", "kind == '1'", "!('21' in items)", "size(items) > 2"] {
            assert_eq!(told(not), Ok(false), "{not}");
        }
        assert_eq!(told("unknown > 5"), Err(Untold::Open));
        assert_eq!(told("unknown > 5 || kind == '2'"), Ok(true), "one side is enough");
        assert_eq!(told("unknown == null"), Ok(true));
        assert_eq!(told("kind"), Err(Untold::NotBoolean));
    }

    #[test]
    fn what_it_asks_for_is_known_beforehand() {
        let c = Condition::of("rows.exists(r, r.kind == 'a') && area > 50 && applicant.kind == '2'").unwrap();
        assert_eq!(c.names(), ["applicant", "area", "rows"]);
        assert_eq!(c.literals().1, [50.0]);
    }

    #[test]
    fn what_is_no_condition_is_refused_with_its_place() {
        let of = |text: &str| Condition::of(text).unwrap_err();
        assert_eq!(of("kind =="), Wrong::Shape(8));
        assert!(matches!(of(""), Wrong::Shape(_)));
        assert!(matches!(of("面积 > 50"), Wrong::Shape(_)));
        assert_eq!(of(&"a || ".repeat(200)), Wrong::Long);
        assert_eq!(of("[1, 2].all(x, [1, 2].all(y, x == y))"), Wrong::Nested);
    }
}
