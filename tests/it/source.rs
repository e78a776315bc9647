//! The program's own source as text, for the tests that hold its shape.

use std::path::{Path, PathBuf};

/// One file under `src/`.
pub struct Source {
    /// `src/cases/mod.rs`
    pub path: String,
    /// Without comments and without `#[cfg(test)]` modules.
    pub code: String,
    /// As `code`, with empty strings.
    pub bare: String,
    /// The whole file is a test.
    pub is_test: bool,
}

impl Source {
    /// The part of the program: the name after `src/`, without `.rs`.
    pub fn part(&self) -> &str {
        let inside = &self.path["src/".len()..];
        inside.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// How far the file's module is from the root of the crate.
    pub fn depth(&self) -> usize {
        let names = self.path["src/".len()..].split('/').count();
        if self.path.ends_with("/mod.rs") { names - 1 } else { names }
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the project with this ending, by name, as (path in the project, content).
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = vec![];
    walk(&root().join(folder), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no {ending} under {folder}");
    found
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Everything under `src/`.
pub fn sources() -> Vec<Source> {
    let all = files("src", ".rs");
    let tests: Vec<String> = all.iter().flat_map(|(path, text)| test_files(path, text)).collect();
    let read = |(path, text): (String, String)| {
        let is_test = tests.iter().any(|t| path == format!("{t}.rs") || path.starts_with(&format!("{t}/")));
        let text_without_tests = without_tests(&text);
        let code = stripped(&text_without_tests, true);
        let bare = stripped(&text_without_tests, false);
        Source { path, code, bare, is_test }
    };
    all.into_iter().map(read).collect()
}

/// What `#[cfg(test)] mod name;` names, without `.rs`.
fn test_files(path: &str, text: &str) -> Vec<String> {
    let folder = match path.rsplit_once('/').unwrap() {
        (folder, "mod.rs" | "lib.rs") => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let named = |rest: &str| {
        let name = rest.trim_start().strip_prefix("mod ")?.split_once([';', ' '])?;
        rest.trim_start().lines().next()?.ends_with(';').then(|| format!("{folder}/{}", name.0))
    };
    text.split("#[cfg(test)]").skip(1).filter_map(named).collect()
}

/// Leaves out the modules of unit tests, which stand at the left edge and end with a brace there.
fn without_tests(text: &str) -> String {
    let mut parts = text.split("\n#[cfg(test)]\n");
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept.push('\n');
        if part.lines().next().is_some_and(|l| l.starts_with("mod ") && l.ends_with('{')) {
            kept.push_str(part.split_once("\n}\n").map_or("", |(_, rest)| rest));
        } else {
            kept.push_str(part);
        }
    }
    kept
}

/// Rust without its comments, and without what stands in strings when they are not kept.
fn stripped(text: &str, keep_strings: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            at += text[at..].find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(length) = string(rest, out.last().copied()) {
            if keep_strings {
                out.extend_from_slice(&rest[..length])
            } else {
                out.extend_from_slice(b"\"\"")
            }
            at += length;
        } else if let Some(length) = character(rest) {
            out.extend_from_slice(b"' '");
            at += length;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).unwrap()
}

/// The length of the string that begins here.
fn string(rest: &[u8], before: Option<u8>) -> Option<usize> {
    if rest[0] == b'"' {
        let mut at = 1;
        while rest[at] != b'"' {
            at += if rest[at] == b'\\' { 2 } else { 1 };
        }
        return Some(at + 1);
    }
    let is_word = before.is_some_and(|b| (b.is_ascii_alphanumeric() && b != b'b') || b == b'_');
    if rest[0] != b'r' || is_word {
        return None;
    }
    let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let end = [b"\"".to_vec(), vec![b'#'; hashes]].concat();
    let inside = 2 + hashes;
    let length = rest[inside..].windows(end.len()).position(|w| w == end)?;
    Some(inside + length + end.len())
}

/// The length of the character literal that begins here; a lifetime is none.
fn character(rest: &[u8]) -> Option<usize> {
    if rest[0] != b'\'' {
        return None;
    }
    if rest.get(1) == Some(&b'\\') {
        return rest[3..].iter().position(|b| *b == b'\'').map(|end| end + 4);
    }
    let width = std::str::from_utf8(&rest[1..rest.len().min(5)])
        .or_else(|e| std::str::from_utf8(&rest[1..1 + e.valid_up_to()]))
        .ok()?
        .chars()
        .next()?
        .len_utf8();
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

/// The words of a text (letters, digits and `_`) with the place where each begins.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(is_word)
        .filter(move |(at, _)| !text[..*at].ends_with(is_word))
        .map(move |(at, _)| (at, &text[at..at + text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at)]))
}

/// The strings of a text, as they stand in the source.
pub fn strings(code: &str) -> Vec<&str> {
    let bytes = code.as_bytes();
    let mut found = vec![];
    let mut at = 0;
    while at < bytes.len() {
        if let Some(length) = string(&bytes[at..], at.checked_sub(1).map(|b| bytes[b])) {
            let whole = &code[at..at + length];
            let from = whole.find('"').unwrap() + 1;
            found.push(&whole[from..whole.rfind('"').unwrap().max(from)]);
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

#[test]
fn comments_and_strings_are_told_from_code() {
    let text = "a // b \"c\n'\"' \"d // \\\" e\" r#\"f \" g\"# &'static h /* i */ '\\'' b'\"' j\n\n#[cfg(test)]\nmod tests {\n    k\n}\nl\n";
    let code = stripped(&without_tests(text), false);
    let found: Vec<&str> = words(&code).map(|(_, w)| w).collect();
    assert_eq!(found, ["a", "static", "h", "b", "j", "l"], "{code}");
    assert_eq!(strings(&stripped(text, true)), ["d // \\\" e", "f \" g"]);
    assert_eq!(test_files("src/a/mod.rs", "#[cfg(test)]\nmod b;\n#[cfg(test)]\nmod c {}"), ["src/a/b"]);
}
