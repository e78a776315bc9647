//! A form as it stands in a page: where it goes, its fields, and what they hold.

use super::seen::{Seen, decoded};

#[derive(Debug)]
pub(super) struct Form {
    pub action: String,
    pub is_get: bool,
    pub is_multipart: bool,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    name: String,
    /// What is sent when nobody touches it; a box that is not ticked sends nothing.
    value: Option<String>,
}

/// A start tag with its attributes.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    /// What follows it.
    rest: &'a str,
}

impl Tag<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

impl Form {
    /// The first form of a page whose action begins so (an exact one before others).
    #[track_caller]
    pub fn of(page: &Seen, action: &str) -> Self {
        let forms = forms(&page.text);
        let found = forms.iter().position(|f| f.action == action);
        let found = found.or_else(|| forms.iter().position(|f| f.action.starts_with(action)));
        let all: Vec<&str> = forms.iter().map(|f| f.action.as_str()).collect();
        let at = found.unwrap_or_else(|| panic!("{} has no form to {action}; it has {all:?}", page.path));
        forms.into_iter().nth(at).unwrap()
    }

    #[track_caller]
    pub fn has_fields(&self, names: &[&str]) {
        for name in names {
            let known: Vec<&str> = self.fields.iter().map(|f| f.name.as_str()).collect();
            assert!(known.contains(name), "the form to {} has no field {name}; it has {known:?}", self.action);
        }
    }

    /// All that is sent: the fields given instead of the page's own, which else stay.
    pub fn filled(&self, given: &[(&str, &str)]) -> Vec<(String, String)> {
        let is_given = |name: &str| given.iter().any(|(n, _)| *n == name);
        let kept = self.fields.iter().filter(|f| !is_given(&f.name));
        let mut all: Vec<(String, String)> = kept.filter_map(|f| Some((f.name.clone(), f.value.clone()?))).collect();
        all.extend(given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        all
    }
}

fn forms(html: &str) -> Vec<Form> {
    html.split("<form").skip(1).map(|part| form(&format!("<form{}", part.split("</form>").next().unwrap()))).collect()
}

fn form(html: &str) -> Form {
    let mut rest = html;
    let mut form = Form { action: String::new(), is_get: true, is_multipart: false, fields: vec![] };
    let mut select: Option<String> = None;
    while let Some(tag) = next(rest) {
        rest = tag.rest;
        let name = tag.get("name").unwrap_or_default().to_owned();
        match tag.name {
            "form" => {
                form.action = tag.get("action").unwrap_or_default().to_owned();
                form.is_get = !tag.get("method").is_some_and(|m| m.eq_ignore_ascii_case("post"));
                form.is_multipart = tag.get("enctype") == Some("multipart/form-data");
            }
            "input" if !name.is_empty() && !tag.has("disabled") => form.fields.push(Field { name, value: input(&tag) }),
            "textarea" if !name.is_empty() => {
                let value = Some(decoded(rest.split("</textarea>").next().unwrap()));
                form.fields.push(Field { name, value });
            }
            "select" => {
                form.fields.push(Field { name: name.clone(), value: None });
                select = Some(name);
            }
            "option" => choose(&mut form, select.as_deref(), &tag),
            // A button sends its value only when it is the one pressed: the test names it.
            "button" if !name.is_empty() => form.fields.push(Field { name, value: None }),
            _ => {}
        }
    }
    form
}

fn input(tag: &Tag<'_>) -> Option<String> {
    let value = || tag.get("value").unwrap_or_default().to_owned();
    match tag.get("type").unwrap_or("text") {
        "checkbox" | "radio" => tag.has("checked").then(|| tag.get("value").unwrap_or("on").to_owned()),
        "file" | "submit" => None,
        _ => Some(value()),
    }
}

/// The first option of a select is chosen until another says that it is.
fn choose(form: &mut Form, select: Option<&str>, tag: &Tag<'_>) {
    let Some(field) = select.and_then(|name| form.fields.iter_mut().rev().find(|f| f.name == name)) else { return };
    if field.value.is_none() || tag.has("selected") {
        let text = || decoded(tag.rest.split('<').next().unwrap()).trim().to_owned();
        field.value = Some(tag.get("value").map_or_else(text, str::to_owned));
    }
}

/// The next start tag.
fn next(html: &str) -> Option<Tag<'_>> {
    let at = html
        .match_indices('<')
        .map(|(at, _)| at)
        .find(|at| html[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let inside = &html[at + 1..];
    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let name = &inside[..end];
    let mut rest = &inside[end..];
    let mut attributes = vec![];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some(Tag { name, attributes, rest: after });
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let key = &rest[..end];
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let (inside, after) = after.split_once('"')?;
            value = decoded(inside);
            rest = after;
        }
        attributes.push((key, value));
    }
}

#[test]
fn a_form_is_read_as_a_browser_reads_it() {
    let page = r#"<form method="post" action="/a?x=1&amp;y=2"><input type=hidden name="_csrf" value="T">
        <input name="name" value="张 &quot;三&quot;" required><input type="checkbox" name="agree" value="yes">
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <textarea name="note" rows="3">a &lt; b</textarea>
        <select name="s"><option value="">-</option><option selected>two</option></select>
        <button name="act" value="save">Save</button></form>"#;
    let page = page.replace("type=hidden", "type=\"hidden\"");
    let form = form(&page);
    assert_eq!((form.action.as_str(), form.is_get, form.is_multipart), ("/a?x=1&y=2", false, false));
    let pair = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
    let expected = [("_csrf", "T"), ("name", "张 \"三\""), ("r", "2"), ("note", "a < b"), ("s", "two")];
    assert_eq!(form.filled(&[]), expected.map(pair));
    assert_eq!(form.filled(&[("act", "save"), ("r", "1")])[4..], [("act", "save"), ("r", "1")].map(pair));
}
