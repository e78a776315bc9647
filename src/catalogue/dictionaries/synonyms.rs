//! What people say, and what the catalogue calls it.

use super::{What, all_right, edit, fault};
use crate::audit;
use crate::catalogue::changes::Scope;
use crate::catalogue::store::{self, words as table};
use crate::catalogue::synonyms::{MAX_WAYS, Synonyms};
use crate::catalogue::words;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result};

/// What people say, and each thing that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    pub word: String,
    pub means: Vec<String>,
    /// How often people have changed it.
    pub revision: i32,
}

/// The longest word and the longest meaning, in signs as they are compared.
const LONGEST: usize = 24;

/// All words and their meanings, by word, in which `wanted` stands.
pub fn synonyms(c: &mut Conn, ctx: &Ctx, wanted: &str) -> Result<Vec<(String, Vec<String>)>> {
    Scope::of(ctx)?;
    let wanted = words::fold_text(wanted);
    let has = |text: &str| words::fold_text(text).contains(&wanted);
    let all = table::synonyms(c)?.into_iter().filter(|(word, means)| has(word) || has(means));
    Ok(all.map(|(word, means)| (word, split(&means))).collect())
}

/// # Errors
/// 404, also for whoever does not keep the whole city's catalogue.
pub fn synonym(c: &mut Conn, ctx: &Ctx, word: &str) -> Result<Saying> {
    Scope::city(ctx, None).map_err(|_| Error::not_found())?;
    let means = table::synonym(c, word)?.ok_or_else(Error::not_found)?;
    let revision = table::revision(c, What::Synonym, word)?;
    Ok(Saying { word: word.to_owned(), means: split(&means), revision })
}

/// The other ways in which a search says a phrase.
pub fn other_ways(c: &mut Conn, ctx: &Ctx, phrase: &str) -> Result<Vec<String>> {
    Scope::of(ctx)?;
    let all = Synonyms::new(table::synonyms(c)?);
    Ok(all.of(&words::core(&words::fold_text(phrase))))
}

/// # Errors
/// The fields that have to be mended: `word` and `means`; conflict `word-edited` when somebody else is just adding it.
pub fn add_synonym(c: &mut Conn, ctx: &Ctx, word: &str, means: &[String]) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    let mut faults = word_faults(word);
    let folded = words::fold_text(word);
    if faults.is_empty() && table::synonyms(c)?.iter().any(|(w, _)| words::fold_text(w) == folded) {
        faults.push(fault("word", "already-there", None));
    }
    faults.extend(means_faults(&folded, means));
    all_right(faults)?;
    let revision = table::revision(c, What::Synonym, word)?;
    put(c, ctx, "synonym.add", &Saying { word: word.to_owned(), means: means.to_vec(), revision })
}

/// Gives a word other meanings.
///
/// # Errors
/// The field `means`; 404; conflict `word-edited` when somebody else has changed it since.
pub fn change_synonym(c: &mut Conn, ctx: &Ctx, saying: &Saying) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    all_right(means_faults(&words::fold_text(&saying.word), &saying.means).into_iter().collect())?;
    is_there(c, saying)?;
    put(c, ctx, "synonym.change", saying)
}

/// # Errors
/// 404; conflict `word-edited` when somebody else has changed it since.
pub fn remove_synonym(c: &mut Conn, ctx: &Ctx, saying: &Saying) -> Result<()> {
    Scope::city(ctx, Some(Permission::Write))?;
    is_there(c, saying)?;
    edit(c, ctx, (What::Synonym, &saying.word, saying.revision), true)?;
    table::delete_synonym(c, &saying.word)?;
    store::touch(c)?;
    audit_word(c, ctx, "synonym.remove", saying)
}

/// What somebody else has removed meanwhile is told as an edit.
fn is_there(c: &mut Conn, saying: &Saying) -> Result<()> {
    match table::synonym(c, &saying.word)? {
        Some(_) => Ok(()),
        None if table::revision(c, What::Synonym, &saying.word)? > 0 => Err(Error::conflict("word-edited")),
        None => Err(Error::not_found()),
    }
}

fn put(c: &mut Conn, ctx: &Ctx, act: &'static str, saying: &Saying) -> Result<()> {
    edit(c, ctx, (What::Synonym, &saying.word, saying.revision), false)?;
    table::put_synonym(c, &saying.word, &saying.means.join("|"))?;
    store::touch(c)?;
    audit_word(c, ctx, act, saying)
}

fn audit_word(c: &mut Conn, ctx: &Ctx, act: &'static str, saying: &Saying) -> Result<()> {
    let detail = serde_json::json!({ "word": saying.word, "revision": saying.revision + 1 });
    audit::record_plain(c, ctx, act, "synonym", detail)
}

/// Meanings as they were typed or kept: with a line, |, 、, a comma or ; between them.
pub(super) fn split(means: &str) -> Vec<String> {
    let all = means.split(['|', '、', '\n', ';', '；', ',', '，']).map(|m| m.trim().to_owned());
    all.filter(|m| !m.is_empty()).collect()
}

impl Saying {
    /// From what was typed.
    pub fn typed(word: &str, means: &str, revision: i32) -> Self {
        Self { word: word.to_owned(), means: split(means), revision }
    }
}

fn word_faults(word: &str) -> Vec<FieldError> {
    match words::fold_text(word).chars().count() {
        0 => vec![fault("word", "required", None)],
        1 => vec![fault("word", "word-short", None)],
        n if n > LONGEST => vec![fault("word", "text-long", Some(LONGEST))],
        _ => vec![],
    }
}

/// One fault at most: there is one field.
fn means_faults(folded_word: &str, means: &[String]) -> Option<FieldError> {
    let folded: Vec<String> = means.iter().map(|m| words::fold_text(m)).collect();
    let lengths = || folded.iter().map(|m| m.chars().count());
    let is_twice = folded.iter().enumerate().any(|(at, m)| folded[..at].contains(m));
    if folded.is_empty() || lengths().any(|n| n == 0) {
        Some(fault("means", "required", None))
    } else if lengths().any(|n| n > LONGEST) {
        Some(fault("means", "means-long", Some(LONGEST)))
    } else if folded.iter().any(|m| m == folded_word) {
        Some(fault("means", "means-self", None))
    } else if is_twice {
        Some(fault("means", "means-twice", None))
    } else if folded.len() > MAX_WAYS {
        Some(fault("means", "means-many", Some(MAX_WAYS)))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_told() {
        let code = |word: &str, means: &str| {
            let said = Saying::typed(word, means, 0);
            let found = means_faults(&words::fold_text(word), &said.means);
            word_faults(word).into_iter().chain(found).map(|f| f.code).collect::<Vec<_>>()
        };
        assert!(code("社保卡", "社会保障卡").is_empty());
        assert!(code("社保", "社会保险、养老保险；医疗保险\n工伤保险").is_empty());
        assert_eq!(code("", ""), ["required", "required"]);
        assert_eq!(code("卡", "社会保障卡"), ["word-short"]);
        assert_eq!(code("社保卡", "社保卡。"), ["means-self"]);
        assert_eq!(code("社保卡", "！！"), ["required"]);
        assert_eq!(code("社保卡", "社会保障卡|社会保障 卡"), ["means-twice"]);
        assert_eq!(code("社保卡", "甲乙|乙丙|丙丁|丁戊|戊己"), ["means-many"]);
        assert_eq!(code(&"长".repeat(25), &"短".repeat(25)), ["text-long", "means-long"]);
    }
}
