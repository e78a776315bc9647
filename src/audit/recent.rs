//! What this process has recorded lately, so that the same is not recorded again and again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kernel::{Id, Ts};

/// Seconds for which the same look of the same person at the same object is left out. An entry is never changed, so it cannot be counted
/// on the one that is there; and a page opened again within ten minutes tells nothing new of who saw what.
const SPAN: i64 = 600;
/// So many are remembered. Who forgets one records it once more, which harms nobody.
const MOST: usize = 20_000;

/// One look, or one refusal: who, what they did, the object, and the part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seen {
    pub actor: Option<Id>,
    pub action: &'static str,
    pub object: Option<Id>,
    pub part: Option<Id>,
}

/// What was recorded lately. Each process has one.
#[derive(Default)]
pub struct Recent(Mutex<HashMap<Seen, Ts>>);

impl Recent {
    /// Whether this is to be recorded.
    pub fn is_new(&self, what: &Seen, now: Ts) -> bool {
        self.all().get(what).is_none_or(|at| !is_recent(*at, now))
    }

    /// It was recorded: to be said once the transaction was committed.
    pub fn saw(&self, what: Seen, now: Ts) {
        let mut all = self.all();
        if all.len() >= MOST {
            all.retain(|_, at| is_recent(*at, now));
        }
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(what, now);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Seen, Ts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_recent(at: Ts, now: Ts) -> bool {
    (0..SPAN).contains(&now.secs_since(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ts = Ts::from_micros(1_800_000_000_000_000);

    fn look(object: u8) -> Seen {
        Seen { actor: None, action: "case.look", object: Some(Id::from_bytes([object; 16])), part: None }
    }

    #[test]
    fn the_same_is_left_out_for_ten_minutes() {
        let recent = Recent::default();
        assert!(recent.is_new(&look(1), NOW));
        recent.saw(look(1), NOW);
        assert!(!recent.is_new(&look(1), NOW.plus_secs(SPAN - 1)));
        assert!(recent.is_new(&look(1), NOW.plus_secs(SPAN)));
        assert!(recent.is_new(&look(2), NOW));
        assert!(recent.is_new(&Seen { part: Some(Id::from_bytes([1; 16])), ..look(1) }, NOW));
        assert!(recent.is_new(&Seen { actor: Some(Id::from_bytes([1; 16])), ..look(1) }, NOW));
    }

    #[test]
    fn it_stays_small() {
        let recent = Recent::default();
        for n in 0..MOST as u64 * 2 {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.to_be_bytes());
            recent.saw(Seen { object: Some(Id::from_bytes(id)), ..look(0) }, NOW);
        }
        assert!(recent.all().len() <= MOST);
    }
}
