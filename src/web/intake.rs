//! Uploaded files on their way to the materials of an item: fields are named `material.<key>`.

use super::form::UploadedFile;
use crate::app::App;
use crate::cases::NewFile;
use crate::catalogue::{Elements, Material};
use crate::files::FileKind;
use crate::kernel::{FieldError, Result};

/// What came of an upload: each file that cannot be used is named at its material, the others are in the store.
#[derive(Default)]
pub struct Taken {
    pub files: Vec<NewFile>,
    pub faults: Vec<FieldError>,
}

/// Looks at each file and stores those that their materials may be. Files for materials that the item does not have are dropped.
pub async fn take(app: &App, elements: &Elements, uploaded: Vec<UploadedFile>) -> Result<Taken> {
    let mut taken = Taken::default();
    for file in uploaded {
        let key = file.field.strip_prefix("material.").unwrap_or_default();
        let Some(material) = elements.materials.iter().find(|m| m.key == key) else { continue };
        match looked_at(material, limit(app, material), &file) {
            Ok(kind) => taken.files.push(put(app, key.to_owned(), file, kind).await?),
            Err((code, value)) => taken.faults.push(FieldError { field: file.field, code, value }),
        }
    }
    Ok(taken)
}

/// In MB: the item's limit, or the platform's when that is lower.
pub fn limit(app: &App, m: &Material) -> u64 {
    m.max_mb.min(app.config.files.max_mib)
}

/// What a material may be, of what the store takes at all.
pub fn kinds(m: &Material) -> Vec<FileKind> {
    let is_named = |k: &FileKind| m.formats.is_empty() || m.formats.iter().any(|f| f == word(*k));
    [FileKind::Pdf, FileKind::Jpeg, FileKind::Png].into_iter().filter(is_named).collect()
}

/// As the catalogue calls it.
fn word(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "pdf",
        FileKind::Jpeg => "jpg",
        FileKind::Png => "png",
    }
}

/// For people: `PDF, JPG`.
pub fn formats(kinds: &[FileKind]) -> String {
    kinds.iter().map(|k| word(*k).to_uppercase()).collect::<Vec<_>>().join(", ")
}

/// What a file is, if its material may be that: at most `mb` MB, and of a kind that the material names.
///
/// # Errors
/// The code of the text `field-…`, and what it names.
pub fn looked_at(m: &Material, mb: u64, file: &UploadedFile) -> Result<FileKind, (&'static str, Option<String>)> {
    let too_large = || ("file-too-large", Some(mb.to_string()));
    let kind = file.kind().map_err(|code| if file.is_over { too_large() } else { (code, None) })?;
    let kinds = kinds(m);
    if !kinds.contains(&kind) {
        return Err(("file-format", Some(formats(&kinds))));
    }
    if u64::try_from(file.bytes.len()).is_ok_and(|n| n <= mb << 20) { Ok(kind) } else { Err(too_large()) }
}

/// Stores a file that was looked at.
pub async fn put(app: &App, key: String, file: UploadedFile, kind: FileKind) -> Result<NewFile> {
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let hash = app.files.put(file.bytes).await?;
    Ok(NewFile { key, name: file.name, hash, size, mime: kind.mime() })
}
