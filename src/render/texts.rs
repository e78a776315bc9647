//! Texts in both languages: `templates/texts/<language>/*.ftl`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Expression, InlineExpression, PatternElement};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::kernel::Lang;

#[derive(RustEmbed)]
#[folder = "templates/texts"]
#[include = "*.ftl"]
struct Folder;

/// All texts. Those without arguments are formatted once; those that only name theirs are cut into pieces once.
pub struct Texts {
    bundles: HashMap<Lang, FluentBundle<FluentResource>>,
    plain: HashMap<Lang, HashMap<String, String>>,
    pieces: HashMap<Lang, HashMap<String, Vec<Piece>>>,
    /// What does not parse or stands twice; a test wants none.
    pub faults: Vec<String>,
}

/// A part of a text that chooses nothing by its arguments: rows of a list say dozens of these.
enum Piece {
    Text(String),
    Argument(String),
}

/// The texts of this binary.
pub fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(Texts::load)
}

impl Texts {
    fn load() -> Self {
        let mut all = Self { bundles: HashMap::new(), plain: HashMap::new(), pieces: HashMap::new(), faults: vec![] };
        for lang in Lang::ALL {
            let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![id]);
            bundle.set_use_isolating(false);
            let mut keys = vec![];
            for file in Folder::iter().filter(|f| f.starts_with(&format!("{}/", lang.tag()))) {
                let Some(content) = Folder::get(&file) else { continue };
                let source = String::from_utf8_lossy(&content.data).into_owned();
                keys.extend(keys_of(&source));
                let resource = FluentResource::try_new(source).unwrap_or_else(|(partial, errors)| {
                    all.faults.push(format!("{file}: {errors:?}"));
                    partial
                });
                if let Err(errors) = bundle.add_resource(resource) {
                    all.faults.push(format!("{file}: {errors:?}"));
                }
            }
            let pieces = keys.iter().filter_map(|key| Some((key.clone(), cut(&bundle, key)?))).collect();
            all.pieces.insert(lang, pieces);
            let plain = keys.into_iter().filter_map(|key| plain_text(&bundle, &key).map(|text| (key, text))).collect();
            all.plain.insert(lang, plain);
            all.bundles.insert(lang, bundle);
        }
        all
    }

    /// The text of a key, or the key itself in brackets when it is missing (a test finds that).
    pub fn get(&self, lang: Lang, key: &str) -> Cow<'_, str> {
        self.with(lang, key, &[])
    }

    /// The text of a key that has no arguments, unescaped.
    pub(super) fn plain(&self, lang: Lang, key: &str) -> Option<&str> {
        self.plain.get(&lang)?.get(key).map(String::as_str)
    }

    /// The text of a key with arguments, unescaped.
    pub fn with(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> Cow<'_, str> {
        if let Some(text) = self.plain(lang, key) {
            return Cow::Borrowed(text);
        }
        let pieces = self.pieces.get(&lang).and_then(|all| all.get(key));
        if let Some(text) = pieces.and_then(|pieces| join(pieces, args)) {
            return Cow::Owned(text);
        }
        Cow::Owned(self.format(lang, key, args))
    }

    fn format(&self, lang: Lang, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let found = self.bundles.get(&lang).and_then(|b| Some((b, b.get_message(key)?.value()?)));
        let Some((bundle, pattern)) = found else { return format!("[{key}]") };
        let args: FluentArgs<'_> = args.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        let mut errors = vec![];
        bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }

    /// As [`Texts::with`], for arguments that are all texts.
    pub fn with_texts(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        let args: Vec<_> = args.iter().map(|(k, v)| (*k, FluentValue::from(v.as_str()))).collect();
        self.with(lang, key, &args).into_owned()
    }

    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles.get(&lang).is_some_and(|b| b.has_message(key))
    }

    /// All keys of a language, for the tests.
    pub fn keys(lang: Lang) -> Vec<String> {
        let mut keys: Vec<String> = Folder::iter()
            .filter(|f| f.starts_with(&format!("{}/", lang.tag())))
            .filter_map(|f| Folder::get(&f))
            .flat_map(|c| keys_of(&String::from_utf8_lossy(&c.data)))
            .collect();
        keys.sort();
        keys
    }
}

/// The names of the messages in a file: what stands at a line's beginning before ` =`.
fn keys_of(source: &str) -> Vec<String> {
    let named = |line: &str| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let fits = key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        fits.then(|| key.to_owned())
    };
    source.lines().filter_map(named).collect()
}

/// The pieces of a text with arguments; nothing where it chooses or computes.
fn cut(bundle: &FluentBundle<FluentResource>, key: &str) -> Option<Vec<Piece>> {
    let pattern = bundle.get_message(key)?.value()?;
    let piece = |element: &PatternElement<&str>| match element {
        PatternElement::TextElement { value } => Some(Piece::Text((*value).to_owned())),
        PatternElement::Placeable { expression: Expression::Inline(InlineExpression::VariableReference { id }) } => {
            Some(Piece::Argument(id.name.to_owned()))
        }
        PatternElement::Placeable { .. } => None,
    };
    pattern.elements.iter().map(piece).collect()
}

/// The text of its pieces; nothing where an argument is a number, which Fluent writes by its rules.
fn join(pieces: &[Piece], args: &[(&str, FluentValue<'_>)]) -> Option<String> {
    let mut text = String::with_capacity(64);
    for piece in pieces {
        match piece {
            Piece::Text(words) => text += words,
            Piece::Argument(name) => match args.iter().find(|(k, _)| k == name) {
                Some((_, FluentValue::String(value))) => text += value,
                Some(_) => return None,
                // As Fluent says it.
                None => text.extend(["{$", name, "}"]),
            },
        }
    }
    Some(text)
}

fn plain_text(bundle: &FluentBundle<FluentResource>, key: &str) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = vec![];
    let text = bundle.format_pattern(pattern, None, &mut errors);
    // A text with an argument reports that the argument is missing.
    errors.is_empty().then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the pieces say is what Fluent says, for every text that was cut.
    #[test]
    fn pieces_say_what_fluent_says() {
        let all = texts();
        let mut n = 0;
        for lang in Lang::ALL {
            for (key, pieces) in &all.pieces[&lang] {
                let names = pieces.iter().filter_map(|p| match p {
                    Piece::Argument(name) => Some(name.as_str()),
                    Piece::Text(_) => None,
                });
                let args: Vec<_> = names.map(|name| (name, FluentValue::from(format!("<{name}> & 1")))).collect();
                assert_eq!(join(pieces, &args), Some(all.format(lang, key, &args)), "{key}");
                assert_eq!(join(pieces, &[]), Some(all.format(lang, key, &[])), "{key} without arguments");
                let numbers: Vec<_> = args.iter().map(|(name, _)| (*name, FluentValue::from(1234.5))).collect();
                assert_eq!(join(pieces, &numbers).is_none(), !args.is_empty(), "{key}");
                n += usize::from(!args.is_empty());
            }
        }
        assert!(n > 100, "{n}");
    }
}
