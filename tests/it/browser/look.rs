//! What is looked at on every page, whoever comes to it.

use serde_json::json;

use super::window::TAB;
use super::{Lang, Window};

/// Gives a sentence for each fault.
const LOOK: &str = include_str!("look.js");

/// After a Tab, so that the browser shows the focus: each control must look other with it than without.
const FOCUS: &str = include_str!("focus.js");

/// Stops moving colours, or the focus would be looked at half-way.
const STILL: &str = "const s = new CSSStyleSheet(); s.replaceSync('* { transition: none !important; animation: none !important }'); \
                     document.adoptedStyleSheets = [s]; return 1";

pub async fn faults(window: &Window<'_>, lang: Lang) -> Vec<String> {
    let mut faults = console(window).await;
    window.script(STILL, &[]).await;
    faults.extend(strings(&window.script(LOOK, &[json!(lang.code())]).await));
    // A page that put the focus itself keeps it.
    let own = "return document.activeElement && document.activeElement !== document.body";
    if window.script(own, &[]).await == json!(false) {
        window.keys(TAB).await;
        faults.extend(strings(&window.script(FOCUS, &[]).await));
    }
    faults
}

/// What the browser wrote down since the last look. That a page itself is not there is no fault of it.
async fn console(window: &Window<'_>) -> Vec<String> {
    let log = window.command("se/log", json!({"type": "browser"})).await;
    let here = window.path().await;
    let own = |message: &str| {
        let of = message.split_whitespace().next().and_then(|u| u.parse::<reqwest::Url>().ok());
        message.contains("Failed to load resource") && of.is_some_and(|u| u.path() == here)
    };
    let entries = log.as_array().cloned().unwrap_or_default();
    let messages = entries.iter().filter_map(|e| e["message"].as_str()).filter(|m| !own(m));
    messages.map(|m| format!("console: {m}")).collect()
}

fn strings(found: &serde_json::Value) -> Vec<String> {
    let found = found.as_array().cloned().unwrap_or_default();
    found.iter().filter_map(|f| f.as_str().map(str::to_owned)).collect()
}
