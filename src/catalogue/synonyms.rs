//! What people say for what the catalogue calls otherwise: 社保卡 for 社会保障卡.

use std::collections::HashMap;

use super::words;

/// Other ways to say a word, folded.
#[derive(Debug, Default)]
pub(super) struct Synonyms(HashMap<String, Vec<String>>);

/// Of one query so many other ways are tried.
pub(super) const MAX_WAYS: usize = 4;

impl Synonyms {
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for (word, means) in rows {
            let means = means.split(['|', '、']).map(words::fold_text).filter(|m| !m.is_empty());
            all.entry(words::fold_text(&word)).or_default().extend(means);
        }
        Self(all)
    }

    /// A folded query said in other ways, the longest known word exchanged first.
    pub fn of(&self, query: &str) -> Vec<String> {
        if self.0.is_empty() {
            return vec![];
        }
        let mut known: Vec<(&str, &Vec<String>)> =
            words::parts(query).filter_map(|part| Some((part, self.0.get(part)?))).collect();
        known.sort_by_key(|(part, _)| std::cmp::Reverse(part.len()));
        let all = exchanged(query, &known);
        let ways = known.into_iter().flat_map(|(part, means)| means.iter().map(move |m| query.replacen(part, m, 1)));
        let mut ways: Vec<String> = ways.take(MAX_WAYS).collect();
        ways.extend(all.filter(|all| !ways.contains(all)));
        ways
    }
}

/// All known words exchanged at once, where there are several beside one another: 房产证抵给银行.
fn exchanged(query: &str, known: &[(&str, &Vec<String>)]) -> Option<String> {
    let mut taken: Vec<(usize, usize, &String)> = vec![];
    for (part, means) in known {
        let (Some(from), Some(first)) = (query.find(part), means.first()) else { continue };
        let to = from + part.len();
        if taken.iter().all(|(f, t, _)| to <= *f || from >= *t) {
            taken.push((from, to, first));
        }
    }
    if taken.len() < 2 {
        return None;
    }
    taken.sort_unstable_by_key(|(from, ..)| std::cmp::Reverse(*from));
    let mut said = query.to_owned();
    taken.into_iter().for_each(|(from, to, means)| said.replace_range(from..to, means));
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_word_goes_first() {
        let of = |word: &str, means: &str| (word.to_owned(), means.to_owned());
        let all = Synonyms::new([of("社保卡", "社会保障卡"), of("社保", "社会保险|养老保险")]);
        assert_eq!(all.of("补社保卡"), ["补社会保障卡", "补社会保险卡", "补养老保险卡"]);
        assert!(all.of("身份证").is_empty());
        let all = Synonyms::new([of("房本", "不动产权证"), of("抵给银行", "抵押登记")]);
        assert_eq!(all.of("房本抵给银行")[2], "不动产权证抵押登记");
    }
}
