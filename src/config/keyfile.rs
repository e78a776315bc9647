//! The file of keys: read, and written so that it is never half there and nobody else may read it.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::Secrets;
use crate::kernel::keys::{self, Entry, Keys};
use crate::kernel::{Error, Result, crypto};

/// The keys that these settings name.
///
/// # Errors
/// A file that is not there or holds no usable keys; a secret that is too short.
pub fn load(secrets: &Secrets) -> Result<Keys> {
    if secrets.file.is_empty() { Keys::from_secret(&secrets.master) } else { Keys::from_entries(&read(&secrets.file)?) }
}

/// What tells whether the file is another than before; none without one.
pub fn stamp(secrets: &Secrets) -> Option<[u8; 32]> {
    let text = if secrets.file.is_empty() { None } else { fs::read(&secrets.file).ok() };
    text.map(|text| crypto::sha256(&zeroize::Zeroizing::new(text)))
}

pub fn read(file: &str) -> Result<Vec<Entry>> {
    let text = zeroize::Zeroizing::new(fs::read_to_string(file).map_err(|e| of_file(file, &e))?);
    keys::parse(&text)
}

/// Writes the file in the place of the one before, in one step.
pub fn write(file: &str, all: &[Entry]) -> Result<()> {
    // What cannot be used is not written.
    Keys::from_entries(all)?;
    let (path, new) = (Path::new(file), format!("{file}.new"));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|e| of_file(file, &e))?;
    }
    let put = || -> std::io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&new)?;
        out.write_all(keys::format(all).as_bytes())?;
        out.sync_all()?;
        fs::rename(&new, path)
    };
    put().map_err(|e| of_file(file, &e))
}

/// Whether others than the file's user may read or write it.
pub fn is_open(file: &str) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

fn of_file(file: &str, cause: &std::io::Error) -> Error {
    Error::internal(format!("secrets.file {file}: {cause}"))
}
