//! Keyset paging: a page begins after a key, never at an offset, so that page 1 and page 10,000 cost the same.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Id, Ts};

/// The key of the last row of a page: what the list is ordered by, and the id that breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at: Ts,
    pub id: Id,
}

impl Cursor {
    pub fn encode(&self) -> String {
        let mut bytes = [0u8; 24];
        bytes[..8].copy_from_slice(&self.at.micros().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }
    /// A cursor that does not parse means the first page.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 24] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let at = i64::from_be_bytes(bytes[..8].try_into().ok()?);
        Some(Self { at: Ts::from_micros(at), id: Id::from_bytes(bytes[8..].try_into().ok()?) })
    }
}

#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Where the next page begins, when there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// From `limit + 1` rows fetched: the extra one only tells that there are more.
    pub fn cut(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { rows, next }
    }
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        let c = Cursor { at: Ts::from_micros(1_700_000_000_123_456), id: Id::random() };
        assert_eq!(Cursor::decode(&c.encode()), Some(c));
        assert_eq!(Cursor::decode("nonsense"), None);
    }

    #[test]
    fn the_extra_row_is_cut() {
        let key = |n: &i64| Cursor { at: Ts::from_micros(*n), id: Id::random() };
        let page = Page::cut(vec![1, 2, 3], 2, key);
        assert_eq!(page.rows, [1, 2]);
        assert_eq!(page.next.map(|c| c.at.micros()), Some(2));
        assert!(Page::cut(vec![1, 2], 2, key).next.is_none());
    }
}
