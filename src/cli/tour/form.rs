//! A form as it stands in a page: where it goes, its fields, and what they hold.

/// Fields with their values, in order; a name may stand several times.
pub(super) type Pairs = Vec<(String, String)>;

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
    kind: Kind,
    /// What is sent when nobody touches it; a box that is not ticked sends nothing.
    value: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Typed,
    Chosen,
    File,
    Button,
}

/// A start tag with its attributes, and what follows it.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
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
    /// The forms of a page.
    pub fn all(html: &str) -> Vec<Self> {
        let whole = |part: &str| form(&format!("<form{}", part.split("</form>").next().unwrap_or_default()));
        html.split("<form").skip(1).map(whole).collect()
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|f| f.name.as_str()).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|f| f.name == name)
    }

    /// The names of the fields that hold this value.
    pub fn holding(&self, value: &str) -> Vec<&str> {
        self.fields.iter().filter(|f| f.value.as_deref() == Some(value)).map(|f| f.name.as_str()).collect()
    }

    /// The names of the fields that take files.
    pub fn files(&self) -> Vec<&str> {
        self.fields.iter().filter(|f| f.kind == Kind::File).map(|f| f.name.as_str()).collect()
    }

    /// All that is sent: the fields given instead of the page's own, which else stay.
    pub fn filled(&self, given: &[(String, String)]) -> Pairs {
        let is_given = |name: &str| given.iter().any(|(n, _)| n == name);
        let kept = self.fields.iter().filter(|f| !is_given(&f.name) && f.kind != Kind::Button && f.kind != Kind::File);
        let mut all: Pairs = kept.filter_map(|f| Some((f.name.clone(), f.value.clone()?))).collect();
        all.extend(given.iter().cloned());
        all
    }
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
            "input" if !name.is_empty() && !tag.has("disabled") => {
                let (kind, value) = input(&tag);
                form.fields.push(Field { name, kind, value });
            }
            "textarea" if !name.is_empty() => {
                let value = Some(decoded(rest.split("</textarea>").next().unwrap_or_default()));
                form.fields.push(Field { name, kind: Kind::Typed, value });
            }
            "select" => {
                form.fields.push(Field { name: name.clone(), kind: Kind::Chosen, value: None });
                select = Some(name);
            }
            "option" => choose(&mut form, select.as_deref(), &tag),
            // A button sends its value only when it is the one pressed.
            "button" if !name.is_empty() => form.fields.push(Field { name, kind: Kind::Button, value: None }),
            _ => {}
        }
    }
    form
}

fn input(tag: &Tag<'_>) -> (Kind, Option<String>) {
    match tag.get("type").unwrap_or("text") {
        "checkbox" | "radio" => (Kind::Chosen, tag.has("checked").then(|| tag.get("value").unwrap_or("on").to_owned())),
        "file" => (Kind::File, None),
        "submit" => (Kind::Button, None),
        _ => (Kind::Typed, Some(tag.get("value").unwrap_or_default().to_owned())),
    }
}

/// The first option of a select is chosen until another says that it is.
fn choose(form: &mut Form, select: Option<&str>, tag: &Tag<'_>) {
    let Some(field) = select.and_then(|name| form.fields.iter_mut().rev().find(|f| f.name == name)) else { return };
    if field.value.is_none() || tag.has("selected") {
        let text = || decoded(tag.rest.split('<').next().unwrap_or_default()).trim().to_owned();
        field.value = Some(tag.get("value").map_or_else(text, str::to_owned));
    }
}

fn next(html: &str) -> Option<Tag<'_>> {
    let is_name = |at: usize| html[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
    let at = html.match_indices('<').map(|(at, _)| at).find(|at| is_name(*at))?;
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
        // A sign that fits nowhere is passed over.
        let key = &rest[..end];
        rest = if end == 0 { &rest[1..] } else { &rest[end..] };
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let (inside, after) = after.split_once('"')?;
            value = decoded(inside);
            rest = after;
        }
        attributes.push((key, value));
    }
}

/// A text with the entities of HTML read.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((entity, tail)) = after.split_once(';').filter(|(e, _)| e.len() <= 8) else {
            out.push('&');
            rest = after;
            continue;
        };
        let number = || match entity.strip_prefix("#x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => entity.strip_prefix('#')?.parse().ok(),
        };
        match entity {
            "amp" => out.push('&'),
            "lt" => out.push('<'),
            "gt" => out.push('>'),
            "quot" => out.push('"'),
            "nbsp" => out.push(' '),
            _ => match number().and_then(char::from_u32) {
                Some(c) => out.push(c),
                None => out.push_str(&format!("&{entity};")),
            },
        }
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_reads_it() {
        let page = r#"<p>a < b</p><form method="post" action="/a?x=1&amp;y=2"><input type="hidden" name="_csrf" value="T">
            <input name="name" value="张 &quot;三&#x27;"><input type="checkbox" name="agree" value="yes">
            <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <textarea name="note">a &lt; b</textarea><input type="file" name="f">
            <select name="s"><option value="">-</option><option selected>two</option></select>
            <button name="act" value="save">Save</button></form><form action="/b"></form>"#;
        let forms = Form::all(page);
        assert_eq!(forms.iter().map(|f| f.action.as_str()).collect::<Vec<_>>(), ["/a?x=1&y=2", "/b"]);
        let pair = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        let own = [("_csrf", "T"), ("name", "张 \"三'"), ("r", "2"), ("note", "a < b"), ("s", "two")].map(pair);
        assert_eq!(forms[0].filled(&[]), own);
        assert_eq!(
            forms[0].filled(&[("act", "save"), ("r", "1")].map(pair))[4..],
            [("act", "save"), ("r", "1")].map(pair)
        );
        assert_eq!((forms[0].files(), forms[0].has("act"), forms[1].is_get), (vec!["f"], true, true));
    }
}
