//! The columns that are sealed.

use crate::cases::drafts::{APPLICANT, FORM};
use crate::cases::{Applicant, files, notices};
use crate::db::Bytes;
use crate::db::reseal::{IndexOf, Sealed};
use crate::kernel::crypto::Keys;

const fn sealed(
    table: &'static str,
    column: &'static str,
    place: &'static str,
    index: Option<(&'static str, IndexOf)>,
) -> Sealed {
    Sealed { table, key: "id", column, place, index }
}

/// The index of an applicant, from what is sealed of them.
fn index_of(keys: &Keys, applicant: &[u8]) -> Option<Bytes> {
    let applicant: Applicant = serde_json::from_slice(applicant).ok()?;
    (!applicant.id_number.is_empty()).then(|| keys.index("id_number", &applicant.id_number))
}

pub const SEALED: &[Sealed] = &[
    sealed("case_case", "query_code", "case_case.query_code", None),
    sealed("case_case", "applicant", APPLICANT, Some(("applicant_index", index_of))),
    sealed("case_case", "form", FORM, None),
    sealed("case_file", "name", files::NAME, None),
    sealed("case_notice", "doc", notices::PLACE, None),
];
