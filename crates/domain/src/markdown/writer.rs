//! The only HTML that comes out of Markdown.

use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Tag};

use super::{
    Pictures,
    address::{escape, is_safe},
    bare,
};

/// Deeper lists and quotes go on at this depth: browsers slow down, and nobody reads a fortieth level.
const DEEPEST: usize = 40;

pub(super) struct Writer<'p> {
    out: String,
    pictures: Pictures<'p>,
    /// What ends each open element; empty where nothing was opened.
    open: Vec<&'static str>,
    picture: Option<Picture>,
    table: Table,
    in_link: bool,
    in_code: bool,
}

/// A picture while its words are gathered.
struct Picture {
    address: String,
    words: String,
    /// Pictures within its words.
    inner: usize,
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'p> Writer<'p> {
    pub fn new(length: usize, pictures: Pictures<'p>) -> Self {
        let out = String::with_capacity(length + length / 4);
        let table = Table::default();
        Self { out, pictures, open: Vec::new(), picture: None, table, in_link: false, in_code: false }
    }

    pub fn finish(mut self) -> String {
        while let Some(end) = self.open.pop() {
            self.out.push_str(end);
        }
        self.out
    }

    pub fn take(&mut self, event: Event) {
        if self.picture.is_some() {
            return self.in_picture(event);
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.around("<code>", &text, "</code>"),
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
            // Without their extensions the rest does not come; whatever came would be text.
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => escape(&mut self.out, &text),
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph => self.begin("<p>", "</p>\n"),
            Tag::Heading { level, .. } => self.heading(level),
            Tag::BlockQuote(_) => self.begin("<blockquote>\n", "</blockquote>\n"),
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.in_code = true;
                self.begin("<pre><code>", "</code></pre>\n");
            }
            Tag::List(None) => self.begin("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.begin("<ol>\n", "</ol>\n"),
            Tag::List(Some(first)) => self.begin(&format!("<ol start=\"{first}\">\n"), "</ol>\n"),
            Tag::Item => self.begin("<li>", "</li>\n"),
            Tag::Emphasis => self.begin("<em>", "</em>"),
            Tag::Strong => self.begin("<strong>", "</strong>"),
            Tag::Strikethrough => self.begin("<del>", "</del>"),
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::Image { dest_url, .. } => self.picture = Some(Picture::at(dest_url)),
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => self.table(tag),
            // Belong to extensions that are not asked for.
            _ => self.open.push(""),
        }
    }

    fn begin(&mut self, start: &str, end: &'static str) {
        if self.open.len() < DEEPEST {
            self.out.push_str(start);
            self.open.push(end);
        } else {
            self.open.push("");
        }
    }

    fn end(&mut self) {
        self.in_code = false;
        let end = self.open.pop().unwrap_or_default();
        self.in_link &= end != "</a>";
        self.out.push_str(end);
    }

    /// The page has two levels above: the case's title and the name of the text.
    fn heading(&mut self, level: HeadingLevel) {
        match level {
            HeadingLevel::H1 => self.begin("<h3>", "</h3>\n"),
            HeadingLevel::H2 => self.begin("<h4>", "</h4>\n"),
            HeadingLevel::H3 => self.begin("<h5>", "</h5>\n"),
            _ => self.begin("<h6>", "</h6>\n"),
        }
    }

    fn link(&mut self, address: &str) {
        if !is_safe(address) || self.open.len() >= DEEPEST {
            return self.open.push("");
        }
        self.in_link = true;
        self.open_link(address);
        self.open.push("</a>");
    }

    fn open_link(&mut self, address: &str) {
        self.around("<a href=\"", address, "\" rel=\"nofollow noopener noreferrer ugc\">");
    }

    fn table(&mut self, tag: Tag) {
        match tag {
            Tag::Table(alignments) => {
                self.table.alignments = alignments;
                self.begin("<table>\n", "</tbody></table>\n");
            }
            Tag::TableHead => {
                (self.table.in_head, self.table.column) = (true, 0);
                self.begin("<thead><tr>", "</tr></thead><tbody>\n");
            }
            Tag::TableRow => {
                (self.table.in_head, self.table.column) = (false, 0);
                self.begin("<tr>", "</tr>\n");
            }
            _ => self.cell(),
        }
    }

    fn cell(&mut self) {
        let alignment = self.table.alignments.get(self.table.column);
        let side = match alignment {
            Some(Alignment::Center) => " data-align=\"center\"",
            Some(Alignment::Right) => " data-align=\"end\"",
            _ => "",
        };
        self.table.column += 1;
        let (name, end) = if self.table.in_head { ("th scope=\"col\"", "</th>") } else { ("td", "</td>") };
        self.begin(&format!("<{name}{side}>"), end);
    }

    fn task(&mut self, done: bool) {
        self.out.push_str("<input type=\"checkbox\" disabled aria-label=\"Done\"");
        self.out.push_str(if done { " checked> " } else { "> " });
    }

    fn text(&mut self, text: &str) {
        let mut from = 0;
        if !self.in_link && !self.in_code {
            while let Some(address) = bare::next(text, from) {
                escape(&mut self.out, &text[from..address.start]);
                self.open_link(&text[address.clone()]);
                self.around("", &text[address.clone()], "</a>");
                from = address.end;
            }
        }
        escape(&mut self.out, &text[from..]);
    }

    fn around(&mut self, before: &str, text: &str, after: &str) {
        self.out.push_str(before);
        escape(&mut self.out, text);
        self.out.push_str(after);
    }

    fn in_picture(&mut self, event: Event) {
        let Some(picture) = &mut self.picture else { return };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => picture.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => picture.words.push(' '),
            Event::Start(Tag::Image { .. }) => picture.inner += 1,
            Event::End(pulldown_cmark::TagEnd::Image) if picture.inner > 0 => picture.inner -= 1,
            Event::End(pulldown_cmark::TagEnd::Image) => self.close_picture(),
            _ => {}
        }
    }

    /// One of ours is shown; another is a link, so that reading a case tells no other server that it is read.
    fn close_picture(&mut self) {
        let Some(Picture { address, words, .. }) = self.picture.take() else { return };
        if let Some(ours) = (self.pictures)(&address) {
            self.around("<img src=\"", &ours, "\" alt=\"");
            return self.around("", &words, "\" loading=\"lazy\">");
        }
        let words = if words.is_empty() { &address } else { &words };
        if self.in_link || !is_safe(&address) {
            return escape(&mut self.out, words);
        }
        self.open_link(&address);
        self.around("", words, "</a>");
    }
}

impl Picture {
    fn at(address: CowStr) -> Self {
        Self { address: address.into_string(), words: String::new(), inner: 0 }
    }
}
