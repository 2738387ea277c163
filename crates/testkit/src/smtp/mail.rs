//! A mail as a server has it: envelope and text.

/// One mail, kept at its final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The number of the connection it came on, from 1.
    pub connection: usize,
    /// The sender of the envelope, without angle brackets; empty for bounces.
    pub from: String,
    /// The recipients the server has accepted, in the order named.
    pub to: Vec<String>,
    /// Headers and body as sent, lines ending in CRLF, without the doubled dots of the transfer.
    pub data: Vec<u8>,
}

impl Mail {
    /// The whole mail as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }

    /// The first header of that name, unfolded; its encoding is left as it is.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.text();
        let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Mail;

    #[test]
    fn a_folded_header_is_one_line_and_the_body_has_no_headers() {
        let data = b"Subject: one\r\n two\r\nTo: ann@example.test\r\n\r\nCc: nobody\r\n".to_vec();
        let mail = Mail { connection: 1, from: String::new(), to: Vec::new(), data };
        assert_eq!(mail.header("subject").as_deref(), Some("one two"));
        assert_eq!(mail.header("Cc"), None);
    }
}
