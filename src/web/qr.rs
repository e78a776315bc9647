//! An address as a picture that a phone reads.

use qrcode::render::svg;

use crate::kernel::{Error, Result, crypto};

/// The picture as a `data:` address.
///
/// # Errors
/// Internal, when the address is too long for a code.
pub fn qr(address: &str) -> Result<String> {
    let code = qrcode::QrCode::new(address).map_err(Error::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
    Ok(format!("data:image/svg+xml;base64,{}", crypto::base64(picture.as_bytes())))
}
