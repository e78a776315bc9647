//! Files that come with a section: they are stored, and the element then names them.

use crate::catalogue::papers::{self, PaperKind};
use crate::kernel::{FieldError, Result};
use crate::web::form::{Fields, Uploaded};
use crate::web::guard::Keeper;

/// What a file's field is called beside the element's name.
const ENDING: &str = ".file";

/// Stores what was chosen and writes its names into the fields. A file that is refused is told at its element; the others are kept,
/// so that nobody has to choose them again.
pub async fn take(who: &Keeper, sent: Uploaded) -> Result<(Fields, Vec<FieldError>)> {
    let (mut fields, mut faults) = (sent.fields, vec![]);
    for file in sent.files {
        let Some(element) = file.field.strip_suffix(ENDING) else { continue };
        let kind = if file.is_over { Err("file-too-large") } else { PaperKind::sniff(&file.name, &file.bytes) };
        match kind {
            Ok(kind) => {
                let (size, ctx) = (file.bytes.len(), who.ctx.clone());
                let hash = who.app.files.put(file.bytes).await?;
                who.app.db.write(move |c| papers::keep_paper(c, &ctx, hash, kind, size)).await?;
                fields.set(element, papers::name_of(hash, &file.name));
                fields.drop(&format!("{element}.gone"));
            }
            Err(code) => {
                let mib = (code == "file-too-large").then(|| who.app.config.files.max_mib.to_string());
                faults.push(FieldError { field: element.to_owned(), code, value: mib });
            }
        }
    }
    Ok((fields, faults))
}
