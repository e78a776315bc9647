//! How Chinese is spoken: for what people type by sound (jiaoshizige, jszg), and for the wrong character that sounds right (姿格).
//!
//! Each character has the one reading that its dictionary gives first; tones are left out.

use std::collections::HashSet;
use std::sync::OnceLock;

use pinyin::ToPinyin;

/// The reading of a character.
pub fn of(c: char) -> Option<&'static str> {
    c.to_pinyin().map(pinyin::Pinyin::plain)
}

/// The first letters of a text's readings; letters and digits stand for themselves.
pub fn initials(text: &str) -> String {
    text.chars()
        .filter_map(|c| match of(c) {
            Some(sound) => sound.chars().next(),
            None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
        })
        .collect()
}

/// Letters as syllables: `jiaoshizige` is jiao shi zi ge. Of several ways the one of fewest syllables; none when they are no Chinese.
/// What is left at the end may be the beginning of a syllable, as while somebody types.
pub fn syllables(letters: &str) -> Option<Vec<&str>> {
    if !letters.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    // Of each beginning: how many syllables, and where the last of them begins.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; letters.len() + 1];
    best[0] = Some((0, 0));
    for to in 1..=letters.len() {
        for from in to.saturating_sub(LONGEST)..to {
            let Some((count, _)) = best[from] else { continue };
            let is_fewer = best[to].is_none_or(|(known, _)| count + 1 < known);
            if is_fewer && all().contains(&letters[from..to]) {
                best[to] = Some((count + 1, from));
            }
        }
    }
    let whole = (1..=letters.len()).rev().find(|to| best[*to].is_some())?;
    let rest = &letters[whole..];
    if !rest.is_empty() && !all().iter().any(|s| s.starts_with(rest)) {
        return None;
    }
    let mut found = vec![];
    let mut to = whole;
    while to > 0 {
        let (_, from) = best[to]?;
        found.push(&letters[from..to]);
        to = from;
    }
    found.reverse();
    Some(found)
}

/// zhuang, chuang, shuang
const LONGEST: usize = 6;

/// All syllables that there are, about four hundred.
fn all() -> &'static HashSet<&'static str> {
    static ALL: OnceLock<HashSet<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| {
        let common = ('\u{4E00}'..='\u{9FA5}').filter_map(of);
        // Interjections are one consonant, and ü is typed as v.
        common.filter(|s| s.contains(['a', 'e', 'i', 'o', 'u']) && s.is_ascii()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_cut_where_syllables_end() {
        assert_eq!(syllables("jiaoshizige").unwrap(), ["jiao", "shi", "zi", "ge"]);
        assert_eq!(syllables("shenfenzheng").unwrap(), ["shen", "fen", "zheng"]);
        assert_eq!(syllables("jiaoshizig").unwrap(), ["jiao", "shi", "zi"], "the last one is being typed");
        assert_eq!(syllables("xian").unwrap(), ["xian"]);
        for no in ["sfz", "jszg", "x1", "食品", ""] {
            assert!(syllables(no).is_none(), "{no}");
        }
    }

    #[test]
    fn initials_are_of_readings() {
        assert_eq!(initials("食品经营许可"), "spjyxk");
        assert_eq!(initials("A类 3"), "al3");
    }
}
