//! A form with files: `multipart/form-data`, which lies whole in memory because bodies are limited.

use domain::recipients::decode;

/// The boundary that a content type names, if it is that of a form with files (RFC 7578).
pub fn boundary(kind: &str) -> Option<&str> {
    let mut words = kind.split(';').map(str::trim);
    words.next().filter(|kind| kind.eq_ignore_ascii_case("multipart/form-data"))?;
    words.find_map(|word| parameter(word, "boundary")).filter(|boundary| !boundary.is_empty())
}

/// Name and text of every field; `None` if the body breaks off.
pub fn read(boundary: &str, body: &[u8]) -> Option<Vec<(String, String)>> {
    let fence = format!("--{boundary}");
    let mut rest = body.strip_prefix(fence.as_bytes()).or_else(|| behind(body, format!("\r\n{fence}").as_bytes()))?;
    let fence = format!("\r\n{fence}");
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n")?;
        let end = find(part, fence.as_bytes())?;
        fields.extend(field(&part[..end]));
        rest = &part[end + fence.len()..];
    }
    Some(fields)
}

/// Head and body of a part. One without a name is nobody's field.
fn field(part: &[u8]) -> Option<(String, String)> {
    let end = find(part, b"\r\n\r\n")?;
    let name = said(&String::from_utf8_lossy(&part[..end]), "name")?;
    Some((name, decode(&part[end + 4..])))
}

/// The name of the file that a field with this head brings, empty if none was chosen.
pub fn file_name(head: &str) -> Option<String> {
    said(head, "filename")
}

/// What the head of a part says of itself.
fn said(head: &str, what: &str) -> Option<String> {
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let value = parameters(disposition).find_map(|word| parameter(word, what))?;
    // Browsers write a quote within a name so.
    Some(value.replace("%22", "\""))
}

/// The parts of a header between semicolons that stand outside quotes.
fn parameters(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    value.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}

fn parameter<'t>(word: &'t str, name: &str) -> Option<&'t str> {
    let (key, value) = word.split_once('=')?;
    key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
}

fn behind<'b>(text: &'b [u8], mark: &[u8]) -> Option<&'b [u8]> {
    find(text, mark).map(|at| &text[at + mark.len()..])
}

pub fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    let first = *mark.first()?;
    let mut from = 0;
    loop {
        let at = from + text[from..].iter().position(|byte| *byte == first)?;
        if text[at..].starts_with(mark) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "--xx\r\nContent-Disposition: form-data; name=\"recipients\"\r\n\r\na@x.example\r\n--y\r\n\
        --xx\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a;name=b.csv\"\r\nContent-Type: text/csv\r\n\r\n\
        address\r\nb@x.example\r\n\r\n--xx--\r\n";

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn every_field_has_its_name_and_text_whatever_stands_in_it() {
        let read = read("xx", BODY.as_bytes()).unwrap();
        assert_eq!(read, pairs(&[("recipients", "a@x.example\r\n--y"), ("file", "address\r\nb@x.example\r\n")]));
    }

    #[test]
    fn a_body_that_breaks_off_is_refused_wherever_it_does() {
        let whole = BODY.len() - "--\r\n".len();
        for end in 0..whole {
            assert_eq!(read("xx", &BODY.as_bytes()[..end]), None, "{end}");
        }
    }

    #[test]
    fn an_empty_form_has_no_fields() {
        assert_eq!(read("xx", b"--xx--\r\n"), Some(Vec::new()));
    }

    #[test]
    fn the_boundary_stands_in_the_content_type() {
        assert_eq!(boundary("multipart/form-data; boundary=xx"), Some("xx"));
        assert_eq!(boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"x x\""), Some("x x"));
        for other in ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed; boundary=xx"] {
            assert_eq!(boundary(other), None, "{other}");
        }
    }
}
