use proptest::prelude::*;

use super::html;

fn ours(address: &str) -> Option<String> {
    address.strip_prefix("attachment:").map(|id| format!("/w/lab/attachments/{id}"))
}

fn shown(text: &str) -> String {
    html(text, &ours).to_string()
}

#[test]
fn text_lists_code_and_quotes_become_their_elements() {
    for (text, page) in [
        ("One\ntwo", "<p>One<br>\ntwo</p>\n"),
        ("**a** *b* ~~c~~ `d<`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d&lt;</code></p>\n"),
        ("# A", "<h3>A</h3>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("```js\nlet a = \"<\";\n```", "<pre><code>let a = &quot;&lt;&quot;;\n</code></pre>\n"),
        ("---", "<hr>\n"),
    ] {
        assert_eq!(shown(text), page, "{text}");
    }
}

#[test]
fn tables_keep_their_sides_without_styles() {
    let page = shown("a | b\n:-- | --:\n1 | 2\n");
    assert!(
        page.starts_with("<table>\n<thead><tr><th scope=\"col\">a</th><th scope=\"col\" data-align=\"end\">b</th>")
    );
    assert!(page.contains("<tbody>\n<tr><td>1</td><td data-align=\"end\">2</td></tr>\n</tbody></table>"), "{page}");
    assert!(!page.contains("style"));
}

#[test]
fn tasks_are_boxes_nobody_can_tick_here() {
    let page = shown("- [x] a\n- [ ] b");
    assert!(page.contains("<input type=\"checkbox\" disabled aria-label=\"Done\" checked> a"), "{page}");
    assert!(page.contains("<input type=\"checkbox\" disabled aria-label=\"Done\"> b"), "{page}");
}

#[test]
fn links_of_known_schemes_are_links_that_vouch_for_nothing() {
    for address in ["https://a.example/?q=1&r", "http://a.example", "mailto:a@b.example", "/w/lab", "#x", "HTTPS://a"] {
        let page = shown(&format!("[a]({address})"));
        let wanted = address.replace('&', "&amp;");
        assert_eq!(page, format!("<p><a href=\"{wanted}\" rel=\"nofollow noopener noreferrer ugc\">a</a></p>\n"));
    }
}

#[test]
fn other_addresses_are_text() {
    for address in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java&#x0A;script:alert(1)",
        "&#x6A;avascript:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/\\evil.example",
        "blob:x",
        "page",
    ] {
        let page = shown(&format!("[a]({address}) [b][r]\n\n[r]: {address}\n"));
        assert!(!page.contains("<a"), "{address}: {page}");
        assert!(!shown(&format!("<{address}>")).contains("<a"), "{address}");
    }
}

#[test]
fn an_address_in_the_text_is_a_link_without_the_sentence_around_it() {
    let page = shown("See https://a.example/b_c_d?x=1, (https://a.example/w_(x)) and xhttp://no.");
    assert!(page.contains(">https://a.example/b_c_d?x=1</a>, ("), "{page}");
    assert!(page.contains(">https://a.example/w_(x)</a>) and xhttp://no."), "{page}");
    assert_eq!(shown("`https://a.example`"), "<p><code>https://a.example</code></p>\n");
    assert_eq!(shown("[https://a.example](/x)").matches("<a ").count(), 1);
    assert!(!shown("https:// http://).").contains("<a"));
}

#[test]
fn pictures_come_from_our_attachments_alone() {
    let page = shown("![A \"b\"](attachment:att_1)");
    assert_eq!(page, "<p><img src=\"/w/lab/attachments/att_1\" alt=\"A &quot;b&quot;\" loading=\"lazy\"></p>\n");
    let page = shown("![spy](https://evil.example/x.png)");
    assert!(!page.contains("<img") && page.contains("<a href=\"https://evil.example/x.png\""), "{page}");
    assert_eq!(shown("![x](javascript:alert(1))"), "<p>x</p>\n");
    assert_eq!(shown("[![x](https://e.example/i)](/a)").matches("<a ").count(), 1);
    assert_eq!(shown("![a ![b](attachment:2) c](attachment:1)").matches("<img").count(), 1);
}

/// Everything people try; each must come out as text.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "</p></div><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<form action=//evil><button>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
];

#[test]
fn script_in_every_construct_stays_text() {
    for evil in HOSTILE {
        for text in [
            evil.to_owned(),
            format!("a {evil} b"),
            format!("# {evil}"),
            format!("- {evil}\n- [x] {evil}"),
            format!("> {evil}"),
            format!("`{evil}`"),
            format!("```{evil}\n{evil}\n```"),
            format!("    {evil}"),
            format!("[{evil}](https://a.example/{evil} \"{evil}\")"),
            format!("[a](<https://a.example/{evil}>)"),
            format!("![{evil}](attachment:{evil})"),
            format!("![{evil}](<attachment:{evil}>)"),
            format!("[{evil}]\n\n[{evil}]: https://a.example '{evil}'"),
            format!("|{evil}|\n|--|\n|{evil}|"),
            format!("https://a.example/{evil}"),
            format!("<https://a.example/{evil}>"),
            format!("**{evil}** ~~{evil}~~"),
            format!("&#60;script&#62; {evil}"),
        ] {
            only_ours(&shown(&text));
        }
    }
}

const TAGS: &str =
    "p h3 h4 h5 h6 blockquote pre code ul ol li em strong del a img table thead tbody tr th td br hr input";

/// That each `<` begins a tag of ours with attributes of ours.
fn only_ours(page: &str) {
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        let mut names = Vec::new();
        for (at, part) in tag.split('"').enumerate().filter(|(at, _)| at % 2 == 0) {
            names.extend(part.split_whitespace().map(|word| (at, word.trim_end_matches('='))));
        }
        let (_, name) = names.remove(0);
        assert!(TAGS.split(' ').any(|ours| ours == name.trim_start_matches('/')), "<{tag}> in {page}");
        for (_, attribute) in names {
            let ours = ["href", "rel", "src", "alt", "loading", "start", "type", "disabled", "aria-label", "checked"];
            assert!(ours.contains(&attribute) || ["scope", "data-align"].contains(&attribute), "<{tag}> in {page}");
        }
        for value in tag.split("href=\"").skip(1) {
            assert!(super::address::is_safe(value.split('"').next().unwrap()), "{page}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_but_our_elements_comes_out(text in r#"([-a<>"'`*_\[\]()!|#~:&;/\\\n\t 1.+=]|script|http://|javascript:|&#60;|attachment:){0,60}"#) {
        only_ours(&shown(&text));
    }

    #[test]
    fn any_text_is_shown_and_every_element_closed(text in any::<String>()) {
        let page = shown(&text);
        for name in ["p", "ul", "li", "a", "pre", "table", "tbody", "blockquote"] {
            let opened = page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
            prop_assert_eq!(opened, page.matches(&format!("</{name}>")).count());
        }
    }
}

/// Texts that are known to cost some parsers the square of their length: this test would not end.
#[test]
fn a_long_text_of_anything_takes_bounded_time_and_room() {
    let pieces = [
        "a ",
        ">",
        "> ",
        "- ",
        "* a\n",
        "[",
        "![",
        "[a](",
        "[a](<b",
        "*",
        "_a",
        "**a *b ",
        "~~",
        "`",
        "``a",
        "<",
        "<!--",
        "<a ",
        "<?",
        "<![CDATA[",
        "&",
        "|",
        "| a\n",
        "a|",
        "(",
        "\\",
        "[a]: b\n",
        "[^a]",
        "#",
        "\n\n\n",
        "1. ",
        "   - a\n",
        "http://",
        "https://a(",
        "\t",
        "<a href=\"",
        "&#",
        "+ [ ] ",
        "</",
        "\"",
        "[a]",
    ];
    for piece in pieces {
        let text = piece.repeat(100_000 / piece.len());
        let page = shown(&text);
        assert!(page.len() < 5_000_000, "{piece:?} became {} bytes", page.len());
    }
}

#[test]
fn a_table_as_wide_as_it_is_long_does_not_grow_to_its_square() {
    let text = format!("{}\n{}\n{}", "|a".repeat(20_000), "|-".repeat(20_000), "|b\n".repeat(20_000));
    assert!(shown(&text).len() < 20_000_000);
}
