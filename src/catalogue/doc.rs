//! Elements as a document, reached by dotted paths.

use serde_json::{Map, Value};

/// What stands at a path; the value itself when the path is empty.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    if path.is_empty() { value } else { path.split('.').fold(value, |v, name| &v[name]) }
}

/// Puts something at a path, with the objects on the way there.
pub fn put(value: &mut Value, path: &str, what: Value) {
    let mut inner = value;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        if !inner.is_object() {
            *inner = Value::Object(Map::new());
        }
        inner = &mut inner[name];
    }
    *inner = what;
}

/// A value as text; nothing for null.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
