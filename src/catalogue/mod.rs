//! Service items (政务服务事项): what may be asked for, under which law, with which materials, how fast and at what cost.
//!
//! # Rules
//! - An item has versions; what the public sees is the item's published one, and a case keeps the version it was declared under.
//!   A published version never changes: what is to be otherwise is proposed by one and reviewed by another ([`changes`]).
//! - The implementing code has 31 characters: 18 of the implementing body (GB 32100), 1 exercise level, 12 of the basic code.
//! - The promised limit is never longer than the legal one.
//!
//! # Tables
//! `cat_item`, `cat_version` (the elements as one document), `cat_code` (dictionaries), `cat_fact` (the shared field dictionary),
//! `cat_favourite`, `cat_basic`, `cat_basic_hand` and `cat_basic_version` (the basic catalogue), `cat_paper` (blank forms and samples), `cat_synonym`, `cat_edit` (what people have changed of dictionaries, shared fields and synonyms), `cat_topic`, `cat_topic_hand`, `cat_topic_version` and `cat_topic_end` (guidance over several items, who writes it, what visitors have seen, and what is to end), `cat_kept` (results of guidance that people keep), `cat_change` and `cat_hand` (proposed changes and who wrote them), `cat_halt` (suspensions), `cat_stamp` (counts changes, so that every process notices them), `cat_moved` (at which count an item last changed), `cat_import` (files that are taken in).
//!
//! # Guarantees
//! [`Shelf`] is a snapshot of all published versions, held in memory and exchanged whole; readers never wait. It carries the table
//! that [`Shelf::search`] looks things up in. The next snapshot shares with it what has not changed, so that it costs what has.

mod assurance;
pub mod basics;
mod blank;
pub mod changes;
mod check;
mod codes;
mod conditions;
pub mod dictionaries;
pub mod diff;
pub mod doc;
pub mod elements;
mod facets;
mod favourites;
mod guidance;
pub mod imports;
mod model;
mod modes;
pub mod papers;
mod reach;
mod relevant;
mod schema;
mod search;
pub mod seed;
pub mod sheets;
mod shelf;
mod sounds;
mod store;
mod synonyms;
pub mod topics;
mod words;

pub use assurance::{Act, Assurance};
pub use basics::{Basic, Basics, Standing};
pub use check::{Checker, Finding, Rule, Severity, is_site};
pub use codes::{Code, Codes};
pub use conditions::{Condition, Wrong};
pub use facets::{Audience, Chosen, Counts};
pub use favourites::{favourites, forget_favourites, is_favourite, keep_guidance, kept_guidance, set_favourite};
pub use model::*;
pub use modes::{Mode, Unmet, Way};
pub use relevant::Relevant;
pub use schema::{LONGEST_ANSWER, Refused, layout, read as read_schema, schema};
pub use search::Ask;
pub use shelf::{Answer, Halt, Settled, Shelf, Shelved};
pub use store::shelf::{load_shelf, next_shelf, stamp, touch};
pub use store::{fact_keys, facts, version_doc};
pub use topics::{Pick, Topic};
pub use words::{MAX_QUERY, Piece, marked};

#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod shelf_tests;
