//! The file store: content-addressed, a folder of files named by their SHA-256 digest, each written once and flushed to the disk
//! before its name is told to anybody. What a file is, is known from its content and never from its name.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::kernel::{Error, Kind, Result, crypto};

/// The digest that names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        bytes.try_into().map(Self).map_err(|_| Error::internal("a file's digest is not of 32 bytes"))
    }
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

/// What may be uploaded as a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Jpeg,
    Png,
}

impl FileKind {
    pub fn mime(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
        }
    }
    pub fn from_mime(mime: &str) -> Option<Self> {
        [FileKind::Pdf, FileKind::Jpeg, FileKind::Png].into_iter().find(|k| k.mime() == mime)
    }

    /// What the bytes are, which must agree with what the name says.
    ///
    /// # Errors
    /// `file-empty`, `file-kind` (not one of ours), `file-disguised` (the name says otherwise).
    pub fn sniff(name: &str, bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.is_empty() {
            return Err("file-empty");
        }
        let kind = infer::get(bytes).and_then(|t| Self::from_mime(t.mime_type())).ok_or("file-kind")?;
        let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
        let agrees = match kind {
            FileKind::Pdf => extension == "pdf",
            FileKind::Jpeg => extension == "jpg" || extension == "jpeg",
            FileKind::Png => extension == "png",
        };
        if agrees { Ok(kind) } else { Err("file-disguised") }
    }
}

/// A handle to the store; cheap to copy.
#[derive(Clone)]
pub struct Files {
    folder: Arc<PathBuf>,
}

impl Files {
    /// Opens the store and tries whether it can be written.
    pub fn open(folder: &str) -> Result<Self> {
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(folder.join("tmp"))?;
        let files = Self { folder: Arc::new(folder) };
        let probe = files.folder.join("tmp/probe");
        std::fs::write(&probe, b"probe")?;
        std::fs::remove_file(&probe)?;
        Ok(files)
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        let hex = hash.hex();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    /// Stores bytes durably and returns their name. The same bytes are stored once.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Hash> {
        let files = self.clone();
        tokio::task::spawn_blocking(move || files.put_now(&bytes)).await.map_err(Error::internal)?
    }

    /// As [`Files::put`], on the calling thread: for seeds and commands.
    pub fn put_now(&self, bytes: &[u8]) -> Result<Hash> {
        let hash = Hash(crypto::sha256(bytes));
        let path = self.path(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let folder = path.parent().ok_or_else(|| Error::internal("a file's path has no folder"))?;
        std::fs::create_dir_all(folder)?;
        let temporary = self.folder.join("tmp").join(crypto::random_token());
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, &path)?;
        std::fs::File::open(folder)?.sync_all()?;
        Ok(hash)
    }

    /// # Errors
    /// 404 when there is no such file; internal when its content has changed.
    pub async fn get(&self, hash: Hash) -> Result<Vec<u8>> {
        let path = self.path(&hash);
        tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(path).map_err(|e| Error::new(Kind::NotFound, "not-found").because(e))?;
            if crypto::sha256(&bytes) == hash.0 {
                Ok(bytes)
            } else {
                Err(Error::internal(format!("the stored file {} has changed", hash.hex())))
            }
        })
        .await
        .map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::FileKind;

    proptest::proptest! {
        #[test]
        fn whatever_bytes_come_they_are_looked_at(name in ".{0,40}", bytes in proptest::collection::vec(0u8.., 0..200)) {
            // What is taken has the beginning of its kind, whatever it is called.
            if let Ok(kind) = FileKind::sniff(&name, &bytes) {
                proptest::prop_assert!(FileKind::from_mime(kind.mime()) == Some(kind) && name.contains('.'));
            }
        }

        #[test]
        fn only_the_name_of_its_kind_fits(rest in proptest::collection::vec(0u8.., 0..100), end in "[a-z]{1,5}") {
            let bytes = [b"%PDF-1.7".to_vec(), rest].concat();
            proptest::prop_assert_eq!(FileKind::sniff(&format!("a.{end}"), &bytes).is_ok(), end == "pdf");
        }
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        assert_eq!(FileKind::sniff("a.pdf", b"%PDF-1.7\n"), Ok(FileKind::Pdf));
        assert_eq!(FileKind::sniff("a.JPG", b"\xff\xd8\xff\xe0rest"), Ok(FileKind::Jpeg));
        assert_eq!(FileKind::sniff("a.png", b"%PDF-1.7\n"), Err("file-disguised"));
        assert_eq!(FileKind::sniff("a.pdf", b"MZ\x90\x00\x03\x00\x00\x00"), Err("file-kind"));
        assert_eq!(FileKind::sniff("a.pdf", b"plain text"), Err("file-kind"));
        assert_eq!(FileKind::sniff("a.pdf", b""), Err("file-empty"));
    }
}
