//! Short messages that wait to be sent.

use diesel::prelude::*;

use crate::db::reseal::Sealed;
use crate::db::schema::ntf_sms;
use crate::db::{Bytes, Conn};
use crate::kernel::{Id, Result, Ts};

pub(in crate::notifications) const TO: &str = "ntf_sms.to_phone";
pub(in crate::notifications) const WORDS: &str = "ntf_sms.words";

/// The columns that are sealed.
pub(super) const SEALED: [Sealed; 2] = [
    Sealed { table: "ntf_sms", key: "id", column: "to_phone", place: TO, index: None },
    Sealed { table: "ntf_sms", key: "id", column: "words", place: WORDS, index: None },
];

pub(in crate::notifications) fn insert(c: &mut Conn, id: Id, to: Bytes, words: Bytes, until: Ts) -> Result<()> {
    diesel::insert_into(ntf_sms::table)
        .values((ntf_sms::id.eq(id), ntf_sms::to_phone.eq(to), ntf_sms::words.eq(words), ntf_sms::expires_at.eq(until)))
        .execute(c)?;
    Ok(())
}

/// Phone and words of one that is still of use.
pub(in crate::notifications) fn find(c: &mut Conn, id: Id, now: Ts) -> Result<Option<(Bytes, Bytes)>> {
    let alive = ntf_sms::table.find(id).filter(ntf_sms::expires_at.gt(now));
    Ok(alive.select((ntf_sms::to_phone, ntf_sms::words)).first(c).optional()?)
}

pub(in crate::notifications) fn remove(c: &mut Conn, id: Id) -> Result<()> {
    diesel::delete(ntf_sms::table.find(id)).execute(c)?;
    Ok(())
}
