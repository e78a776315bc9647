//! Fills in an item's form as somebody does who knows the answers.

use cloudmart::cases::Answers;
use cloudmart::catalogue::{Elements, FieldKind};
use serde_json::Value;

use super::Window;

/// Answers every question of the item that has an answer here, by typing, choosing and ticking.
pub async fn answer(w: &Window<'_>, elements: &Elements, answers: &Answers) {
    for field in elements.form.fields() {
        let Some(value) = answers.get(&field.key) else { continue };
        let name = format!("form.{}", field.key);
        let given: Vec<String> = match value {
            Value::Array(list) => list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            Value::String(text) => vec![text.clone()],
            other => vec![other.to_string()],
        };
        match field.kind {
            FieldKind::Radio | FieldKind::Checkbox => {
                for value in &given {
                    w.tick_value(&name, value).await;
                }
            }
            FieldKind::Select => w.choose_value(&name, &given[0]).await,
            FieldKind::Date => w.set(&name, &given[0]).await,
            _ => w.fill_named(&name, &given[0]).await,
        }
    }
}
