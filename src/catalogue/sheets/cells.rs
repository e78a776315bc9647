//! One value as the text of a cell, and back.

use serde_json::{Value, json};

use super::super::codes::Codes;
use super::super::diff::named;
use super::super::doc::plain;
use super::super::elements::{Element, Kind};
use super::columns::Column;
use crate::kernel::Fen;

/// Between several values in one cell.
const JOIN: &str = "、";
const SPLIT: [char; 6] = ['、', ',', '，', ';', '；', '\n'];

pub fn write(column: &Column, value: &Value, codes: &Codes) -> String {
    let list = |of: &dyn Fn(&Value) -> String, by: &str| {
        value.as_array().into_iter().flatten().map(of).collect::<Vec<_>>().join(by)
    };
    let picked = |value: &Value| {
        let wanted = plain(value);
        let name = column.picks.iter().find(|(v, _)| *v == wanted).map(|(_, name)| name.clone());
        name.unwrap_or(wanted)
    };
    match column.kind {
        Kind::Code { set, .. } => coded(set, &plain(value), codes),
        Kind::Codes(set) => list(&|v| coded(set, &plain(v), codes), JOIN),
        Kind::Pick(_) | Kind::Digit(_) => picked(value),
        Kind::Picks(_) => list(&picked, JOIN),
        Kind::Words => list(&plain, "\n"),
        Kind::Yes => named(if value.as_bool() == Some(true) { "pick-yes" } else { "pick-no" }).zh,
        Kind::Money => value.as_i64().map(|n| Fen(n).to_string()).unwrap_or_default(),
        Kind::Rows(row) => list(&|v| line(row, v), "\n"),
        _ => plain(value),
    }
}

/// The name of a code where no other has it, else the code.
fn coded(set: &str, code: &str, codes: &Codes) -> String {
    let name = codes.name(set, code).zh;
    let is_one = codes.set(set).iter().filter(|c| c.name.zh == name).count() == 1;
    if is_one { name } else { code.to_owned() }
}

/// A row within a cell: its values with | between them.
fn line(row: &[Element], value: &Value) -> String {
    let parts = row.iter().flat_map(|e| match e.kind {
        Kind::Both { .. } => vec![plain(&value[e.path]["zh"]), plain(&value[e.path]["en"])],
        _ => vec![plain(&value[e.path])],
    });
    parts.collect::<Vec<_>>().join("|")
}

/// The value that a cell says.
///
/// # Errors
/// Why it says none: `code`, `whole`, `number`, `money`, `yes`.
pub fn read(column: &Column, text: &str, codes: &Codes) -> Result<Value, &'static str> {
    let text = text.trim();
    let parts = || text.split(SPLIT).map(str::trim).filter(|p| !p.is_empty());
    match column.kind {
        Kind::Code { .. } if text.is_empty() => Ok(Value::Null),
        Kind::Code { set, .. } => code(set, text, codes),
        Kind::Codes(set) => parts().map(|p| code(set, p, codes)).collect::<Result<Vec<_>, _>>().map(Value::from),
        Kind::Pick(_) => pick(column, text).map(Value::from).ok_or("code"),
        Kind::Digit(_) => pick(column, text).and_then(|v| v.parse::<i64>().ok()).map(Value::from).ok_or("code"),
        Kind::Picks(_) => parts()
            .map(|p| pick(column, p).map(Value::from).ok_or("code"))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::from),
        Kind::Words => Ok(text.lines().map(str::trim).filter(|w| !w.is_empty()).collect::<Vec<_>>().into()),
        Kind::Yes => yes(text).map(Value::from).ok_or("yes"),
        Kind::Whole { may_lack: true } | Kind::Number if text.is_empty() => Ok(Value::Null),
        Kind::Whole { .. } => whole(text).map(Value::from).ok_or("whole"),
        Kind::Number => text.parse::<f64>().ok().filter(|n| n.is_finite()).map(Value::from).ok_or("number"),
        Kind::Money => Fen::from_yuan(text).map(|fen| fen.0.into()).ok_or("money"),
        Kind::Rows(row) => Ok(text.lines().filter(|l| !l.trim().is_empty()).map(|l| unline(row, l)).collect()),
        Kind::Key | Kind::File | Kind::Condition if text.is_empty() => Ok(Value::Null),
        _ => Ok(text.replace("\r\n", "\n").into()),
    }
}

fn code(set: &str, text: &str, codes: &Codes) -> Result<Value, &'static str> {
    let all = codes.set(set);
    let found = all.iter().find(|c| c.code == text).or_else(|| {
        let mut named = all.iter().filter(|c| c.name.zh == text);
        named.next().filter(|_| named.next().is_none())
    });
    found.map(|c| c.code.clone().into()).ok_or("code")
}

fn pick<'a>(column: &'a Column, text: &str) -> Option<&'a str> {
    column.picks.iter().find(|(value, name)| *value == text || name == text).map(|(value, _)| *value)
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "是" | "1" | "Y" | "y" | "true" | "TRUE" => Some(true),
        "否" | "0" | "N" | "n" | "false" | "FALSE" | "" => Some(false),
        _ => None,
    }
}

/// Programs for sheets write whole numbers as `20` or `20.0`.
fn whole(text: &str) -> Option<u32> {
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

fn unline(row: &[Element], line: &str) -> Value {
    let mut parts = line.split('|').map(str::trim);
    let mut value = json!({});
    for e in row {
        let mut next = || parts.next().unwrap_or_default();
        value[e.path] = match e.kind {
            Kind::Both { .. } => json!({ "zh": next(), "en": next() }),
            _ => next().into(),
        };
    }
    value
}
