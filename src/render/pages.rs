//! Templates and the frame around every page.

use std::collections::HashMap;
use std::sync::Arc;

use handlebars::Handlebars;
use rust_embed::RustEmbed;
use serde::Serialize;

use super::{helpers, parts, texts};
use crate::kernel::{Error, Lang, Result};

#[derive(RustEmbed)]
#[folder = "templates"]
#[include = "*.hbs"]
struct Folder;

/// What one template shows. `TEMPLATE` is its path under `templates/` without `.hbs`.
pub trait View: Serialize {
    const TEMPLATE: &'static str;
    /// Typical, empty and full states; the test of templates renders each in both languages.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// Who looks at a page, as its frame needs it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Visitor {
    /// `anyone`, `person` or `staff`
    pub kind: &'static str,
    /// Masked for persons.
    pub name: String,
    /// For whom a citizen acts.
    pub acting: Option<String>,
    /// Permission codes of staff.
    pub permissions: Vec<&'static str>,
    /// The synchroniser token of forms; empty when nobody is logged in.
    pub csrf: String,
    /// Seconds until the session ends without a request; 0 when nobody is logged in.
    pub session_seconds: i64,
    pub unread: i64,
}

/// What every page has beside its view.
#[derive(Debug, Clone, Serialize)]
pub struct Frame {
    pub lang: &'static str,
    /// The path and query of this page, for the language switch and the way back after a login.
    pub here: String,
    /// Whether the page can be opened again by its address: what answers a form cannot, so that its language stays.
    pub can_switch: bool,
    /// A text key `done-…` of what was just done, or empty.
    pub done: String,
    pub visitor: Visitor,
    /// Changes with the static files, so that they may be cached for ever.
    pub assets: &'static str,
}

impl Frame {
    pub fn sample(lang: Lang) -> Self {
        let visitor = Visitor { kind: "anyone", ..Visitor::default() };
        Self { lang: lang.tag(), here: "/".into(), can_switch: true, done: String::new(), visitor, assets: "1" }
    }
}

#[derive(Serialize)]
struct Whole<'a, V> {
    p: &'a Frame,
    v: &'a V,
}

/// All templates, for each language with its texts in them; cheap to copy.
#[derive(Clone)]
pub struct Pages(Arc<HashMap<&'static str, Handlebars<'static>>>);

impl Pages {
    /// # Errors
    /// A template that does not parse.
    pub fn load() -> Result<Self> {
        let all = Lang::ALL.into_iter().map(|lang| Ok((lang.tag(), Self::in_language(lang)?)));
        Ok(Self(Arc::new(all.collect::<Result<_>>()?)))
    }

    fn in_language(lang: Lang) -> Result<Handlebars<'static>> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.set_prevent_indent(true);
        for file in Folder::iter() {
            let Some(name) = file.strip_suffix(".hbs") else { continue };
            let Some(content) = Folder::get(&file) else { continue };
            let source = with_texts(lang, &String::from_utf8_lossy(&content.data));
            registry.register_template_string(name, source).map_err(|e| Error::internal(format!("{file}: {e}")))?;
        }
        helpers::register(&mut registry);
        parts::register(&mut registry);
        Ok(registry)
    }

    fn registry(&self, frame: &Frame) -> Result<&Handlebars<'static>> {
        self.0.get(frame.lang).ok_or_else(|| Error::internal(format!("no language {}", frame.lang)))
    }

    pub fn render<V: View>(&self, frame: &Frame, view: &V) -> Result<String> {
        self.render_part(frame, V::TEMPLATE, view)
    }

    /// A part of a page by itself, as the stream of a live page sends it. Its template is included in the page's own, whose samples
    /// cover it.
    pub fn render_part<V: Serialize>(&self, frame: &Frame, template: &str, view: &V) -> Result<String> {
        self.registry(frame)?.render(template, &Whole { p: frame, v: view }).map_err(Error::internal)
    }
}

/// Texts without arguments, `{{t "key"}}`, are written into the template when it is read: a list of 100 rows need not look up the labels
/// of its columns 800 times.
fn with_texts(lang: Lang, source: &str) -> String {
    const OPEN: &str = "{{t \"";
    let mut parts = source.split(OPEN);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let text = part.split_once("\"}}").and_then(|(key, rest)| Some((texts().plain(lang, key)?, rest)));
        match text {
            Some((text, rest)) if !text.contains('{') => {
                whole += &handlebars::html_escape(text);
                whole += rest;
            }
            _ => {
                whole += OPEN;
                whole += part;
            }
        }
    }
    whole
}
