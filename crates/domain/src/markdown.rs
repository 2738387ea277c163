//! Markdown as people write it in cases and comments, to HTML that is safe to show.
//!
//! What can come out is what `writer` writes, and nothing else: tags of a short list, text escaped, links of known
//! schemes, pictures from our own attachments. HTML in the text is shown as text. So nothing has to be cleaned afterwards.

mod address;
mod bare;
mod writer;

#[cfg(test)]
mod tests;

use std::fmt;

use pulldown_cmark::{Options, Parser, TextMergeStream};

use writer::Writer;

/// HTML that was made here, safe to put into a page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a picture is served, by the address it has in the text; `None` for one that is not ours, which becomes a link.
pub type Pictures<'p> = &'p dyn Fn(&str) -> Option<String>;

/// `CommonMark` with tables, struck text and lists of tasks. A line break in the text is one on the page, as people expect
/// who paste from elsewhere. In time and room linear to the text, whatever it is.
pub fn html(text: &str, pictures: Pictures) -> Html {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(text.len(), pictures);
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        writer.take(event);
    }
    Html(writer.finish())
}
