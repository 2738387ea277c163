//! A server's answer: RFC 5321 4.2.

/// Longest text kept of what a server says, in characters.
const WORDS_LIMIT: usize = 500;

/// One complete answer of one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<String>,
}

/// One line of an answer.
pub(super) struct ReplyLine<'a> {
    pub code: u16,
    pub text: &'a str,
    /// No `-` after the code: the answer ends here.
    pub last: bool,
}

/// Reads `250-text` or `250 text` or, allowed to clients by RFC 5321 4.2, a bare `250`.
pub(super) fn line(raw: &str) -> Option<ReplyLine<'_>> {
    let (code, rest) = raw.split_at_checked(3)?;
    let well_formed = code.bytes().all(|digit| digit.is_ascii_digit()) && (b'2'..=b'5').contains(&code.as_bytes()[0]);
    let last = !rest.starts_with('-');
    let text = if rest.is_empty() { rest } else { rest.strip_prefix(['-', ' '])? };
    well_formed.then(|| ReplyLine { code: code.parse().expect("three digits"), text, last })
}

impl Reply {
    pub(super) fn new(code: u16, lines: Vec<String>) -> Self {
        Self { code, lines }
    }

    pub(super) fn code(&self) -> u16 {
        self.code
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// 2xx.
    pub(super) fn is_yes(&self) -> bool {
        self.code / 100 == 2
    }

    /// In one line: code, enhanced code once, texts of all lines.
    pub(super) fn words(&self) -> String {
        let enhanced = self.enhanced_code().unwrap_or_default();
        let mut words = self.code.to_string();
        for (at, text) in self.lines.iter().enumerate() {
            let repeated = at > 0 && !enhanced.is_empty() && text.split(' ').next() == Some(enhanced);
            let text = if repeated { &text[enhanced.len()..] } else { text };
            words.push(' ');
            words.push_str(text);
        }
        one_line(&words)
    }

    /// RFC 3463, where it agrees with the code (RFC 2034 4).
    fn enhanced_code(&self) -> Option<&str> {
        let word = self.lines.first()?.split(' ').next()?;
        let mut parts = word.split('.');
        let class = parts.next()?.parse::<u16>().ok()?;
        let numbers =
            parts.clone().all(|part| matches!(part.len(), 1..=3) && part.bytes().all(|digit| digit.is_ascii_digit()));
        (class == self.code / 100 && numbers && parts.count() == 2).then_some(word)
    }
}

/// Cleans what a stranger said: control characters and runs of white space become one space; 500 characters are kept.
pub(super) fn one_line(text: &str) -> String {
    let harmless = text.replace(|c: char| c.is_control() || invisible(c), " ");
    let line = harmless.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= WORDS_LIMIT {
        return line;
    }
    line.chars().take(WORDS_LIMIT - 1).chain(['…']).collect()
}

/// Characters that reorder or hide text on the page where the words are shown.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(code: u16, lines: &[&str]) -> Reply {
        Reply::new(code, lines.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_line_has_a_code_and_says_whether_more_follow() {
        let more = line("250-SIZE 1000").unwrap();
        assert_eq!((more.code, more.text, more.last), (250, "SIZE 1000", false));
        let bare = line("354").unwrap();
        assert_eq!((bare.code, bare.text, bare.last), (354, "", true));
        for junk in ["", "25", "hello", "2500 ok", "150 early", "650 late", "25a ok", "é50 ok", "+OK ready"] {
            assert!(line(junk).is_none(), "{junk:?}");
        }
    }

    #[test]
    fn words_name_the_enhanced_code_once() {
        let refused = reply(550, &["5.7.25 no PTR record", "5.7.25 for your address", "5.7.2 and more"]);
        assert_eq!(refused.words(), "550 5.7.25 no PTR record for your address 5.7.2 and more");
        assert_eq!(reply(550, &["4.7.1 a", "4.7.1 b"]).words(), "550 4.7.1 a 4.7.1 b");
        assert_eq!(reply(550, &[""]).words(), "550");
    }

    #[test]
    fn words_are_one_clean_line_of_at_most_500_characters() {
        assert_eq!(reply(550, &["no\tsuch \u{1b}[31muser\u{202e}", "x\0y"]).words(), "550 no such [31muser x y");
        let long = reply(550, &[&"é".repeat(900)]).words();
        assert_eq!(long.chars().count(), 500);
        assert!(long.ends_with('…'));
    }
}
