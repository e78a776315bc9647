//! Pages for those who keep the catalogue: items, versions, proposed changes, and the report on all of it.

pub mod basics;
pub mod change;
pub mod codes;
pub mod edit;
pub mod facts;
mod fill;
mod inputs;
pub mod item;
pub mod list;
pub mod new;
pub mod report;
pub mod schema;
pub mod sheets;
pub mod synonyms;
pub mod taking;
pub mod topic_history;
pub mod topics;
pub mod trial;
mod upload;
mod words;
