//! What people type, and what items are called, as comparable words.
//!
//! Chinese is cut into pairs of neighbouring characters (bigrams), since nobody types blanks between words; letters and digits into
//! whole words. Courtesies and questions around the thing itself (怎么办, 我想, how do I …) say nothing about which item is meant.

use super::sounds;

/// The longest query that is read; the rest is cut.
pub const MAX_QUERY: usize = 100;

/// Said around the thing: longest first, so that 怎么办理 goes before 怎么办.
const NOISE: &[&str] = &[
    "需要准备什么材料",
    "要办什么手续",
    "要办什么证",
    "要办哪些证",
    "要什么手续",
    "要什么证",
    "办什么证",
    "要办证",
    "怎么办证",
    "办什么",
    "要办什么",
    "要不要审批",
    "要审批吗",
    "怎么审批",
    "要备案吗",
    "需要什么材料",
    "需要哪些材料",
    "需要什么条件",
    "要准备什么",
    "需要准备",
    "什么材料",
    "哪些材料",
    "需要什么",
    "要什么",
    "怎么办理",
    "怎样办理",
    "如何办理",
    "怎么申请",
    "如何申请",
    "怎么申报",
    "怎么弄",
    "怎么办",
    "怎么",
    "怎样",
    "如何",
    "咋办",
    "在哪里办",
    "去哪里办",
    "在哪里",
    "去哪里",
    "在哪儿",
    "去哪儿",
    "到哪里",
    "哪里",
    "哪儿",
    "在哪",
    "去哪",
    "我想开个",
    "我想要",
    "我想",
    "我要",
    "我们要",
    "想要",
    "请问",
    "麻烦",
    "帮我",
    "给我",
    "可不可以",
    "能不能",
    "可以",
    "多长时间",
    "多久",
    "多少钱",
    "办理",
    "办一下",
    "申请",
    "申报",
    "流程",
    "手续",
    "一下",
    "一家",
    "一个",
    "一间",
    "一张",
    "一份",
    "一本",
    "个人怎么",
];
/// What ends a question, and may be part of a word elsewhere: 网吧.
const LAST: &[char] = &['吗', '呢', '啊', '呀', '吧', '么', '嘛'];
/// Verbs at the beginning that every item would have: 办身份证, 办个执照.
const LEADING: &[&str] = &["办个", "办张", "办本", "去办", "想办", "要办", "办"];

const NOISE_EN: &[&str] = &[
    "a",
    "an",
    "and",
    "apply",
    "application",
    "can",
    "do",
    "for",
    "get",
    "how",
    "i",
    "in",
    "is",
    "me",
    "my",
    "need",
    "of",
    "on",
    "or",
    "please",
    "the",
    "to",
    "want",
    "what",
    "where",
    "with",
];

/// One sign in its comparable form: full-width letters and digits as plain ones, lower case, punctuation as a blank.
fn fold(c: char) -> char {
    let c = match u32::from(c) {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    if c.is_alphanumeric() { c.to_lowercase().next().unwrap_or(c) } else { ' ' }
}

/// Comparable form: folded, one blank between words and none beside Chinese.
pub fn fold_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().map(fold) {
        if c == ' ' {
            gap = true;
            continue;
        }
        let is_after_word = out.chars().next_back().is_some_and(|last| !is_han(last));
        if gap && is_after_word && !is_han(c) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Characters that are written without blanks between words.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// A query's folded text without the noise; the whole when nothing else is left.
pub fn core(folded: &str) -> String {
    let mut text = folded.trim_end_matches(LAST).to_owned();
    for noise in NOISE {
        text = text.replace(noise, "");
    }
    for lead in LEADING {
        if let Some(rest) = text.strip_prefix(lead)
            && rest.chars().count() >= 2
        {
            text = rest.to_owned();
            break;
        }
    }
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty() && !NOISE_EN.contains(w)).collect();
    let text = words.join(" ");
    if text.is_empty() { folded.to_owned() } else { text }
}

/// One comparable piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Token {
    /// Two neighbouring Chinese characters.
    Pair(String),
    /// One Chinese character.
    Sign(String),
    /// Letters and digits between blanks.
    Word(String),
    /// How two neighbouring Chinese characters are spoken: `zi ge`.
    Sound(String),
}

impl Token {
    /// A pair of readings.
    pub fn sound(first: &str, second: &str) -> Self {
        Token::Sound(format!("{first} {second}"))
    }
}

/// How the neighbouring Chinese characters of a folded text are spoken.
pub fn sounds(folded: &str) -> Vec<Token> {
    let read: Vec<Option<&str>> = folded.chars().map(sounds::of).collect();
    let pairs = read.windows(2).filter_map(|pair| Some(Token::sound(pair[0]?, pair[1]?)));
    pairs.collect()
}

/// All pieces of a folded text, in order, with repeats.
pub fn tokens(folded: &str) -> Vec<Token> {
    let mut all = vec![];
    let mut word = String::new();
    let mut before: Option<char> = None;
    for c in folded.chars() {
        if is_han(c) {
            end_word(&mut word, &mut all);
            all.push(Token::Sign(c.into()));
            if let Some(b) = before {
                all.push(Token::Pair([b, c].iter().collect()));
            }
            before = Some(c);
        } else {
            before = None;
            if c == ' ' { end_word(&mut word, &mut all) } else { word.push(c) }
        }
    }
    end_word(&mut word, &mut all);
    all
}

fn end_word(word: &mut String, all: &mut Vec<Token>) {
    if !word.is_empty() {
        all.push(Token::Word(stem(word)));
        word.clear();
    }
}

/// One form for what English writes in two: plurals, and the British and the American licence.
fn stem(word: &str) -> String {
    let word = word.replace("license", "licence");
    match word.strip_suffix("ies") {
        Some(short) if short.len() >= 3 => return format!("{short}y"),
        _ => {}
    }
    match word.strip_suffix('s') {
        Some(short) if short.len() >= 3 && !short.ends_with('s') && short.is_ascii() => short.to_owned(),
        _ => word,
    }
}

/// Every part of a text of 2 to 24 signs.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let spans = (0..ends.len()).flat_map(|from| (from + 2..=from + 24).map(move |to| (from, to)));
    let cut: Vec<&str> = spans.filter_map(|(from, to)| text.get(*ends.get(from)?..*ends.get(to)?)).collect();
    cut.into_iter()
}

/// A part of a shown text that a query asked for, or did not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    pub text: String,
    pub is_hit: bool,
}

/// Cuts a shown text where a query's words stand in it.
pub fn marked(shown: &str, query: &str) -> Vec<Piece> {
    let wanted = tokens(&core(&fold_text(query)));
    let signs: Vec<char> = shown.chars().collect();
    let folded: Vec<char> = signs.iter().map(|c| fold(*c)).collect();
    let mut hits = vec![false; signs.len()];
    for token in &wanted {
        let (text, is_word) = match token {
            Token::Pair(pair) => (pair, false),
            Token::Word(word) => (word, true),
            Token::Sign(_) if wanted.len() > 1 => continue,
            Token::Sign(sign) => (sign, false),
            Token::Sound(_) => continue,
        };
        let text: Vec<char> = text.chars().collect();
        for at in 0..(folded.len() + 1).saturating_sub(text.len()) {
            let is_inside_word = at > 0 && folded[at - 1].is_alphanumeric() && !is_han(folded[at - 1]);
            if folded[at..at + text.len()] == text[..] && !(is_word && is_inside_word) {
                hits[at..at + text.len()].fill(true);
            }
        }
    }
    let mut pieces: Vec<Piece> = vec![];
    for (sign, is_hit) in signs.into_iter().zip(hits) {
        match pieces.last_mut() {
            Some(last) if last.is_hit == is_hit => last.text.push(sign),
            _ => pieces.push(Piece { text: sign.into(), is_hit }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_around_the_thing_goes() {
        for (typed, wanted) in [
            ("我想开一家饭店怎么办理？", "开饭店"),
            ("请问办身份证在哪里", "身份证"),
            ("怎么办", "怎么办"),
            ("办理", "办理"),
            ("How do I apply for a Food Licence?", "food licence"),
            ("ＳＣ证　办理流程", "sc证"),
        ] {
            assert_eq!(core(&fold_text(typed)), wanted, "{typed}");
        }
    }

    #[test]
    fn odd_signs_are_no_words() {
        assert_eq!(fold_text(" %_'\"; DROP—— \u{0}\u{202e}🙂食 品（新办） "), "drop食品新办");
        assert!(tokens(&fold_text("!!!???")).is_empty());
    }

    #[test]
    fn marks_stand_where_the_words_stand() {
        let hits = |shown, query| {
            let pieces = marked(shown, query);
            let whole: String = pieces.iter().map(|p| p.text.as_str()).collect();
            assert_eq!(whole, shown);
            pieces.into_iter().filter(|p| p.is_hit).map(|p| p.text).collect::<Vec<_>>()
        };
        assert_eq!(hits("食品经营许可（新办）", "食品许可"), ["食品", "许可"]);
        assert_eq!(hits("Food Operation Licence", "food licenses"), ["Food", "Licence"]);
        assert_eq!(hits("养犬登记", "犬"), ["犬"]);
        assert!(hits("养犬登记", "").is_empty());
    }
}
