//! Characters that change a text without being seen, and what they are called.

use unicode_normalization::char::is_combining_mark;

/// Why a character has no place in one line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// U+0000; databases and C programs end a text there.
    #[error("A NUL character")]
    Nul,
    /// CR, LF and their Unicode kin; in a mail head they start a new field.
    #[error("A line break")]
    LineBreak,
    /// Any other control character, the tab among them.
    #[error("A control character")]
    Control,
    /// Turns the direction of reading, so that a text shows as another one.
    #[error("A hidden mark that turns the direction of reading")]
    Direction,
    /// Takes no room: zero-width spaces and joiners, fillers, tags, variation selectors.
    #[error("A character of no width")]
    ZeroWidth,
}

impl Unseen {
    /// The kind of an unseen character, `None` for one that shows or is a space.
    pub fn of(c: char) -> Option<Self> {
        match c {
            '\0' => Some(Self::Nul),
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(Self::LineBreak),
            c if c.is_control() => Some(Self::Control),
            c if turns_direction(c) => Some(Self::Direction),
            c if is_ignorable(c) => Some(Self::ZeroWidth),
            _ => None,
        }
    }

    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nul => "nul",
            Self::LineBreak => "line_break",
            Self::Control => "control_character",
            Self::Direction => "bidi_control",
            Self::ZeroWidth => "zero_width",
        }
    }
}

/// Unicode's property `Bidi_Control`.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Unicode's property `Default_Ignorable_Code_Point`, and the interlinear annotation marks.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// White space, and the byte order mark that files leave behind.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{FEFF}'
}

/// Whether a reader sees ink: no space, no mark without a letter, no empty Braille cell.
pub(super) fn is_visible(c: char) -> bool {
    !is_space(c) && Unseen::of(c).is_none() && !is_combining_mark(c) && c != '\u{2800}'
}

/// Whether an ignorable character does honest work after `before`: joiners within
/// Indic and Persian words and emoji, and the selectors of emoji.
pub(super) fn joins(before: Option<char>, c: char) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{FE0E}' | '\u{FE0F}' => is_visible(before),
        '\u{200C}' | '\u{200D}' => {
            !before.is_ascii() && (is_visible(before) || is_combining_mark(before) || before == '\u{FE0F}')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_unseen_character_has_its_own_name() {
        for (c, code) in [
            ('\0', "nul"),
            ('\n', "line_break"),
            ('\r', "line_break"),
            ('\u{2028}', "line_break"),
            ('\t', "control_character"),
            ('\u{9B}', "control_character"),
            ('\u{202E}', "bidi_control"),
            ('\u{2066}', "bidi_control"),
            ('\u{61C}', "bidi_control"),
            ('\u{200B}', "zero_width"),
            ('\u{AD}', "zero_width"),
            ('\u{3164}', "zero_width"),
            ('\u{E0041}', "zero_width"),
        ] {
            assert_eq!(Unseen::of(c).map(Unseen::code), Some(code), "{c:?}");
        }
    }

    #[test]
    fn letters_spaces_and_signs_are_seen() {
        for c in ['a', ' ', '\u{A0}', 'é', '王', '🎉', '\u{301}', '•'] {
            assert_eq!(Unseen::of(c), None, "{c:?}");
        }
    }
}
