//! Files of the catalogue that people download: blank forms, filled samples, samples of results.
//!
//! An element names such a file in one of two ways: by its name alone, when the product brings it along, or as `<digest>/<name>` when
//! a keeper has uploaded it. The digest is of the content, so that a version's files stay what they were.

use super::store;
use crate::audit;
use crate::db::Conn;
use crate::files::{FileKind, Hash};
use crate::identity::StaffId;
use crate::kernel::{Ctx, Error, Permission, Result};

/// What may be uploaded: what is shown by a browser, and forms that are filled in with office programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperKind {
    pub mime: &'static str,
    extensions: &'static [&'static str],
    /// A browser shows it; others are saved.
    pub is_shown: bool,
}

const KINDS: &[PaperKind] = &[
    PaperKind { mime: "application/pdf", extensions: &["pdf"], is_shown: true },
    PaperKind { mime: "image/jpeg", extensions: &["jpg", "jpeg"], is_shown: true },
    PaperKind { mime: "image/png", extensions: &["png"], is_shown: true },
    PaperKind {
        mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        extensions: &["docx"],
        is_shown: false,
    },
    PaperKind {
        mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        extensions: &["xlsx"],
        is_shown: false,
    },
];

/// Longest name of a file, in characters.
const LONGEST: usize = 100;

impl PaperKind {
    pub fn of_mime(mime: &str) -> Option<Self> {
        KINDS.iter().find(|k| k.mime == mime).copied()
    }

    pub fn of_name(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        KINDS.iter().find(|k| k.extensions.contains(&extension.as_str())).copied()
    }

    /// What the bytes are, which must agree with what the name says.
    ///
    /// # Errors
    /// Codes of field errors: `file-empty`, `paper-kind` (not one of ours), `file-disguised` (the name says otherwise).
    pub fn sniff(name: &str, bytes: &[u8]) -> Result<Self, &'static str> {
        let named = Self::of_name(name).ok_or("paper-kind")?;
        if FileKind::from_mime(named.mime).is_some() {
            return FileKind::sniff(name, bytes).map(|_| named).map_err(|code| match code {
                "file-kind" => "file-disguised",
                other => other,
            });
        }
        if bytes.is_empty() {
            return Err("file-empty");
        }
        let has = |part: &[u8]| bytes.windows(part.len()).any(|w| w == part);
        let part: &[u8] = if named.extensions[0] == "docx" { b"word/document.xml" } else { b"xl/workbook.xml" };
        // A document with macros is none of these kinds, whatever it is called.
        let fits = bytes.starts_with(b"PK\x03\x04") && has(b"[Content_Types].xml") && has(part);
        if fits && !has(b"vbaProject.bin") { Ok(named) } else { Err("file-disguised") }
    }
}

/// How an element names an uploaded file. What addresses and headers take amiss is left out of the name.
pub fn name_of(hash: Hash, file: &str) -> String {
    let tidy = |c: char| if c.is_control() || c.is_whitespace() || "/\\?#%\"'<>&:*|;".contains(c) { '_' } else { c };
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let stem: String = stem.trim().chars().map(tidy).take(LONGEST).collect();
    format!("{}/{stem}.{}", hash.hex(), extension.to_ascii_lowercase())
}

/// The digest and the file's own name, where this names an uploaded one.
pub fn uploaded(name: &str) -> Option<(Hash, &str)> {
    let (digest, file) = name.split_once('/')?;
    let digest = hex::decode(digest).ok().filter(|_| digest.len() == 64)?;
    let is_name = !file.is_empty() && !file.contains(['/', '\\']) && !file.chars().any(char::is_control);
    Hash::from_slice(&digest).ok().filter(|_| is_name).map(|hash| (hash, file))
}

/// Whether an element may hold this: the name of a file, with its digest or alone.
pub fn is_name(name: &str) -> bool {
    uploaded(name).is_some() || (!name.contains(['/', '\\']) && !name.starts_with('.') && name.contains('.'))
}

/// What people read: the name without its digest.
pub fn title(name: &str) -> &str {
    uploaded(name).map_or(name, |(_, file)| file)
}

/// Notes that a stored file is one of the catalogue: whoever knows its digest may read it from now on.
pub fn keep_paper(c: &mut Conn, ctx: &Ctx, hash: Hash, kind: PaperKind, size: usize) -> Result<()> {
    let staff = StaffId(ctx.may(Permission::Write)?.id);
    if store::papers::put(c, hash, kind.mime, size, staff, ctx.now)? {
        audit::record_plain(c, ctx, "paper.keep", "paper", serde_json::json!({ "hash": hash.hex(), "size": size }))?;
    }
    Ok(())
}

/// What an uploaded file is.
///
/// # Errors
/// 404 when the catalogue has no such file, though the file store may.
pub fn paper(c: &mut Conn, hash: Hash) -> Result<PaperKind> {
    let mime = store::papers::mime(c, hash)?.ok_or_else(Error::not_found)?;
    PaperKind::of_mime(&mime).ok_or_else(Error::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_what_its_bytes_are() {
        let docx = b"PK\x03\x04....[Content_Types].xml....word/document.xml....";
        assert!(PaperKind::sniff("\u{8868}.DOCX", docx).is_ok_and(|k| !k.is_shown));
        assert!(PaperKind::sniff("a.pdf", b"%PDF-1.7\n").is_ok_and(|k| k.is_shown));
        assert_eq!(PaperKind::sniff("a.xlsx", docx), Err("file-disguised"));
        assert_eq!(PaperKind::sniff("a.pdf", docx), Err("file-disguised"));
        assert_eq!(PaperKind::sniff("a.docm", docx), Err("paper-kind"));
        assert_eq!(PaperKind::sniff("a.html", b"<html>"), Err("paper-kind"));
        assert_eq!(PaperKind::sniff("a.docx", b""), Err("file-empty"));
        let macros = [docx.as_slice(), b"word/vbaProject.bin"].concat();
        assert_eq!(PaperKind::sniff("a.docx", &macros), Err("file-disguised"));
    }

    #[test]
    fn a_name_leads_to_its_content_and_to_nothing_else() {
        let hash = Hash([7; 32]);
        let name = name_of(hash, "申请 书/..\\<b>?.PDF");
        assert_eq!(title(&name), "申请_书_..__b__.pdf");
        assert_eq!(uploaded(&name).map(|(h, _)| h), Some(hash));
        for strange in ["a.pdf", "07/a.pdf", &format!("{}/", hash.hex()), &format!("{}/a/b.pdf", hash.hex())] {
            assert_eq!(uploaded(strange), None, "{strange}");
            assert_eq!(title(strange), strange);
        }
        assert!(is_name(&name) && is_name("a.pdf"));
        assert!(!["../admin", "..", "a", "x/y.pdf", "//host/a.pdf"].iter().any(|n| is_name(n)));
    }
}
