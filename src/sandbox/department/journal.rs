//! Cases that were taken in, kept over a restart: a line a case, another when it is done. What is still open comes back.
//!
//! The demo keeps its database when it is started again; a department that forgot its cases would leave them undecided for ever.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::book::Case;
use crate::exchange::protocol::Accepted;
use crate::kernel::Result;

#[derive(Serialize, Deserialize)]
struct Line {
    source: String,
    id: String,
    /// Of one that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// Of one that was taken in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted>,
}

#[derive(Default)]
pub struct Old {
    /// Source and id of the message, and the receipt given.
    pub finished: Vec<(String, String, String)>,
    pub open: Vec<(String, String, Accepted)>,
}

pub struct Journal(Option<Mutex<File>>);

impl Journal {
    /// Reads what is there and writes it again without what is done. Without a folder nothing is kept.
    pub fn open(folder: Option<&Path>, key: &str) -> Result<(Self, Old)> {
        let Some(folder) = folder else {
            return Ok((Self(None), Old::default()));
        };
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{key}.jsonl"));
        let text = if path.exists() { std::fs::read_to_string(&path)? } else { String::new() };
        let old = understand(&text);
        let fresh = folder.join(format!("{key}.jsonl.new"));
        let mut file = File::create(&fresh)?;
        for (source, id, receipt) in old.finished.clone() {
            write(&mut file, &Line { source, id, receipt: Some(receipt), accepted: None });
        }
        for (source, id, accepted) in old.open.clone() {
            write(&mut file, &Line { source, id, receipt: None, accepted: Some(accepted) });
        }
        std::fs::rename(&fresh, &path)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok((Self(Some(Mutex::new(file))), old))
    }

    pub fn took(&self, key: &(String, String), accepted: &Accepted) {
        let (source, id) = key.clone();
        self.add(&Line { source, id, receipt: None, accepted: Some(accepted.clone()) });
    }

    pub fn finished(&self, case: &Case) {
        let (source, id) = case.key.clone();
        self.add(&Line { source, id, receipt: Some(case.receipt.clone()), accepted: None });
    }

    fn add(&self, line: &Line) {
        if let Some(file) = &self.0 {
            write(&mut file.lock().unwrap_or_else(PoisonError::into_inner), line);
        }
    }
}

/// A disk that is full makes the sandbox forgetful, and no more.
fn write(file: &mut File, line: &Line) {
    if let Ok(mut text) = serde_json::to_string(line) {
        text.push('\n');
        let _kept = file.write_all(text.as_bytes());
    }
}

/// A last line that was cut off by the end of the process is passed over.
fn understand(text: &str) -> Old {
    let mut old = Old::default();
    let mut open: HashMap<(String, String), usize> = HashMap::new();
    let mut taken: Vec<Option<(String, String, Accepted)>> = vec![];
    for line in text.lines().filter_map(|l| serde_json::from_str::<Line>(l).ok()) {
        let key = (line.source.clone(), line.id.clone());
        if let Some(accepted) = line.accepted {
            open.insert(key, taken.len());
            taken.push(Some((line.source, line.id, accepted)));
        } else if let Some(receipt) = line.receipt {
            if let Some(slot) = open.get(&key).and_then(|i| taken.get_mut(*i)) {
                *slot = None;
            }
            old.finished.push((line.source, line.id, receipt));
        }
    }
    old.open = taken.into_iter().flatten().collect();
    old
}
