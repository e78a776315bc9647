//! The findings, and how they are shown.

use std::fmt::Write;

use toml::{Table, Value};

use crate::config::Config;
use crate::kernel::{Error, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Good,
    /// Works, but somebody should look at it.
    Watch,
    Broken,
}

struct Finding {
    mark: Mark,
    what: String,
    says: String,
    cure: String,
}

#[derive(Default)]
pub(super) struct Sheet(Vec<Finding>);

impl Sheet {
    pub fn good(&mut self, what: impl Into<String>, says: impl Into<String>) {
        self.0.push(Finding { mark: Mark::Good, what: what.into(), says: says.into(), cure: String::new() });
    }
    pub fn watch(&mut self, what: impl Into<String>, says: impl Into<String>, cure: impl Into<String>) {
        self.0.push(Finding { mark: Mark::Watch, what: what.into(), says: says.into(), cure: cure.into() });
    }
    pub fn broken(&mut self, what: impl Into<String>, says: impl Into<String>, cure: impl Into<String>) {
        self.0.push(Finding { mark: Mark::Broken, what: what.into(), says: says.into(), cure: cure.into() });
    }

    fn count(&self, mark: Mark) -> usize {
        self.0.iter().filter(|f| f.mark == mark).count()
    }

    pub fn is_broken(&self) -> bool {
        self.count(Mark::Broken) > 0
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        let width = self.0.iter().map(|f| f.what.chars().count()).max().unwrap_or_default();
        for f in &self.0 {
            let mark = match f.mark {
                Mark::Good => "✓",
                Mark::Watch => "!",
                Mark::Broken => "✗",
            };
            let _ = writeln!(out, "{mark} {:width$}  {}", f.what, f.says);
            if !f.cure.is_empty() {
                let _ = writeln!(out, "  {:width$}  → {}", "", f.cure);
            }
        }
        let (watch, broken) = (self.count(Mark::Watch), self.count(Mark::Broken));
        let _ = match (broken, watch) {
            (0, 0) => write!(out, "\nAll is well."),
            (0, n) => write!(out, "\nIt works; {n} to look at."),
            (b, n) => write!(out, "\n{b} broken, {n} to look at."),
        };
        out
    }
}

/// The settings as they are in force, without what nobody may read over a shoulder.
pub(super) fn hidden(config: &Config) -> Result<String> {
    let mut all = Table::try_from(config).map_err(Error::internal)?;
    for (part, key) in [("secrets", "master"), ("mail", "password")] {
        if let Some(value) = all.get_mut(part).and_then(|p| p.get_mut(key))
            && value.as_str().is_some_and(|v| !v.is_empty())
        {
            *value = Value::from("(hidden)");
        }
    }
    if let Some(value) = all.get_mut("database").and_then(|d| d.get_mut("address")) {
        let shown = without_password(value.as_str().unwrap_or_default());
        *value = Value::from(shown);
    }
    toml::to_string_pretty(&all).map_err(Error::internal)
}

/// `postgres://user:secret@host/name` without the secret, which may also stand after the question mark.
pub(super) fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(r, q)| (r, q));
    let rest = match rest.rsplit_once('@') {
        Some((login, host)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:(hidden)@{host}"),
            None => format!("{login}@{host}"),
        },
        None => rest.to_owned(),
    };
    let kept: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("password=")).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{scheme}://{rest}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let text = "[secrets]\nmaster = 'QUJD'\n[mail]\npassword = 'geheim'\n[database]\naddress = 'postgres://me:tell@h/n?password=x&a=b'";
        let config = Config::from_text(text).unwrap_or_else(|e| panic!("{e:?}"));
        let shown = hidden(&config).unwrap_or_else(|e| panic!("{e:?}"));
        assert!(shown.contains("postgres://me:(hidden)@h/n?a=b") && shown.contains("(hidden)"), "{shown}");
        assert!(!["QUJD", "geheim", "tell", "password=x"].iter().any(|s| shown.contains(s)), "{shown}");
    }

    #[test]
    fn the_worst_finding_counts() {
        let mut sheet = Sheet::default();
        sheet.good("a", "fine");
        sheet.watch("b", "hm", "look");
        assert!(!sheet.is_broken() && sheet.text().contains("→ look"));
        sheet.broken("c", "gone", "bring it back");
        assert!(sheet.is_broken() && sheet.text().contains("✗ c  gone"));
    }
}
