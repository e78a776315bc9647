//! The last head of the audit's chain, in a file outside the database: whoever can cut off the end of the chain there cannot make what
//! stands here come true again.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::audit::seals::Sealed;
use crate::config::Config;
use crate::kernel::{Error, Result};

/// Where it is kept.
pub fn place(config: &Config) -> PathBuf {
    if !config.audit.head.is_empty() {
        return PathBuf::from(&config.audit.head);
    }
    let folder = Path::new(&config.files.folder);
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    folder.with_file_name(format!("{name}.audit-head.json"))
}

/// The heads in a file, one or more.
///
/// # Errors
/// A file that is not there, or holds something else.
pub fn read(path: &Path) -> Result<Vec<Sealed>> {
    let says = |e: &dyn std::fmt::Display| Error::internal(format!("{}: {e}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| says(&e))?;
    let heads = serde_json::Deserializer::from_str(&text).into_iter::<Sealed>();
    let heads = heads.collect::<Result<Vec<_>, _>>().map_err(|e| says(&e))?;
    if heads.is_empty() { Err(says(&"it holds no head of the audit")) } else { Ok(heads) }
}

/// The heads that are kept, if any were.
///
/// # Errors
/// A file that holds something else.
pub fn kept(config: &Config) -> Result<Vec<Sealed>> {
    let path = place(config);
    if path.exists() { read(&path) } else { Ok(vec![]) }
}

/// Keeps a head, in place of the one before.
pub fn keep(path: &Path, head: &Sealed) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(serde_json::to_string(head)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(std::fs::rename(&beside, path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lies_beside_the_folder_of_files() {
        let at = |folder: &str, head: &str| {
            let text = format!("[files]\nfolder = '{folder}'\n[audit]\nhead = '{head}'");
            place(&Config::from_text(&text).unwrap_or_else(|e| panic!("{e:?}")))
        };
        assert_eq!(at("var/files", ""), Path::new("var/files.audit-head.json"));
        assert_eq!(at("/srv/files/", ""), Path::new("/srv/files.audit-head.json"));
        assert_eq!(at("var/files", "/mnt/heads.json"), Path::new("/mnt/heads.json"));
    }
}
