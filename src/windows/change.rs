//! What administrators change of halls: what visitors read of them, whether they are open, and what they may do.

use std::collections::HashSet;

use super::model::{About, Function, Hall, HallId};
use super::store;
use crate::audit;
use crate::catalogue::ItemId;
use crate::db::Conn;
use crate::kernel::{Ctx, Error, FieldError, Permission, Result, Text};

/// What an administrator may change of a hall; code, area and level stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HallDraft {
    pub name: Text,
    pub address: Text,
    pub hours: Text,
    pub services: Text,
    pub phone: String,
    /// Degrees as they were typed, WGS 84.
    pub lat: String,
    pub lng: String,
    pub is_open: bool,
}

/// A hall's place in degrees, WGS 84; nothing for what is none.
fn degrees(typed: &str, most: f64) -> Option<f64> {
    let fits = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'.');
    let value: f64 = typed.bytes().all(fits).then(|| typed.parse().ok())??;
    (value.abs() <= most).then_some(value)
}

impl HallDraft {
    fn check(&self) -> Result<()> {
        let texts = [
            ("name_zh", "hall-name-zh", &self.name.zh, 100),
            ("name_en", "hall-name-en", &self.name.en, 200),
            ("address_zh", "hall-address-zh", &self.address.zh, 200),
            ("address_en", "hall-address-en", &self.address.en, 300),
            ("hours_zh", "hall-hours-zh", &self.hours.zh, 300),
            ("hours_en", "hall-hours-en", &self.hours.en, 500),
        ];
        let mut faults = vec![];
        for (field, missing, text, most) in texts {
            let length = text.chars().count();
            if length == 0 {
                faults.push(fault(field, missing, None));
            } else if length > most {
                faults.push(fault(field, "text-long", Some(most)));
            }
        }
        for (field, text) in [("services_zh", &self.services.zh), ("services_en", &self.services.en)] {
            if text.chars().count() > 1000 {
                faults.push(fault(field, "text-long", Some(1000)));
            }
        }
        let fits = |b: u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b' ');
        if self.phone.is_empty() || self.phone.len() > 20 || !self.phone.bytes().all(fits) {
            faults.push(fault("phone", "hall-phone", None));
        }
        for (field, code, typed, most) in [("lat", "hall-lat", &self.lat, 90.0), ("lng", "hall-lng", &self.lng, 180.0)]
        {
            if degrees(typed, most).is_none() {
                faults.push(fault(field, code, None));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::fields(faults)) }
    }
}

fn fault(field: &str, code: &'static str, most: Option<usize>) -> FieldError {
    FieldError { field: field.into(), code, value: most.map(|n| n.to_string()) }
}

/// Changes a hall. Whether cases still wait in one that is closed is for the caller to see.
///
/// # Errors
/// The fields that have to be mended; 404.
pub fn change_hall(c: &mut Conn, ctx: &Ctx, code: &str, draft: &HallDraft) -> Result<()> {
    ctx.may(Permission::Offices)?;
    draft.check()?;
    let (before, _) = store::find_any_by_code(c, code)?.ok_or_else(Error::not_found)?;
    let about = About {
        address: draft.address.clone(),
        hours: draft.hours.clone(),
        services: draft.services.clone(),
        phone: draft.phone.clone(),
        lat: degrees(&draft.lat, 90.0).unwrap_or(before.about.lat),
        lng: degrees(&draft.lng, 180.0).unwrap_or(before.about.lng),
        ..before.about
    };
    let after = Hall { name: draft.name.clone(), about, ..before };
    store::update(c, &after, draft.is_open)?;
    audit::record(c, ctx, "hall.change", ("hall", after.id.0), serde_json::json!({ "open": draft.is_open }))
}

/// Makes a hall's grants those named, of all that are published; returns those taken back.
pub fn grant(
    c: &mut Conn,
    ctx: &Ctx,
    hall: HallId,
    wanted: &HashSet<(ItemId, Function)>,
) -> Result<Vec<(ItemId, Function)>> {
    ctx.may(Permission::Offices)?;
    let known: HashSet<_> = store::grants_of_hall(c, hall)?.into_iter().collect();
    let taken: Vec<_> = known.difference(wanted).copied().collect();
    let given: Vec<_> = wanted.difference(&known).copied().collect();
    for (item, function) in &taken {
        store::delete_grant(c, hall, *item, *function)?;
    }
    for (item, function) in &given {
        store::insert_grant(c, hall, *item, *function)?;
    }
    let detail = serde_json::json!({ "given": given.len(), "taken": taken.len() });
    audit::record(c, ctx, "hall.grant", ("hall", hall.0), detail)?;
    Ok(taken)
}
