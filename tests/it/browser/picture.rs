//! Pictures of pages: all for looking at, some for the README.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Screen, Window};

/// `1`: write the pictures of the README anew.
const WANTED: &str = "CLOUDMART_SCREENSHOTS";

/// Journey, picture, and the file in `docs/img`.
const README: &[(&str, &str, &str)] = &[
    ("a_visitor_looks_around_at_a_desk", "home", "home.png"),
    ("a_citizen_gets_it_done_on_a_phone", "declare-form", "declare-phone.png"),
    ("everybody_has_much_to_look_at_a_desk", "case", "case.png"),
    ("everybody_has_much_to_look_at_a_desk", "hall-case", "hall-case.png"),
    ("three_people_decide_at_a_desk", "sign", "desk-sign.png"),
    ("everybody_has_much_to_look_at_a_desk", "board", "board.png"),
    ("a_revision_goes_from_its_writer_to_the_public", "review", "catalogue-review.png"),
    ("everybody_has_much_to_look_at_a_desk", "exchange", "exchange.png"),
];

pub async fn take(window: &Window<'_>, journey: &str, name: &str) {
    let (width, height) = window.screen.size();
    let metrics = window.command("goog/cdp/execute", json!({"cmd": "Page.getLayoutMetrics", "params": {}})).await;
    let whole = metrics["cssContentSize"]["height"].as_f64().unwrap_or_default().min(6000.0);
    let folder = root().join("target/screenshots");
    write(&folder.join(format!("{journey}-{name}.png")), &shot(window, f64::from(width), whole, 1.0).await);
    let chosen = README.iter().find(|(j, n, _)| *j == journey && *n == name);
    if let (Some((_, _, file)), true) = (chosen, std::env::var(WANTED).is_ok_and(|v| v == "1")) {
        // Small enough for a page about the project: a screen, not the whole page.
        let scale = if window.screen == Screen::Phone { 1.0 } else { 0.75 };
        let bytes = shot(window, f64::from(width), f64::from(height).min(whole), scale).await;
        write(&root().join("docs/img").join(file), &bytes);
    }
}

async fn shot(window: &Window<'_>, width: f64, height: f64, scale: f64) -> Vec<u8> {
    let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": scale});
    let params = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
    let taken = window.command("goog/cdp/execute", json!({"cmd": "Page.captureScreenshot", "params": params})).await;
    cloudmart::kernel::crypto::from_base64(taken["data"].as_str().unwrap()).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn write(file: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}
