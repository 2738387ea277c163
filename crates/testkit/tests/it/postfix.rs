//! A real Postfix, spoken to by hand.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;
use testkit::postfix::Postfix;

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(postfix: &Postfix) -> Self {
        let mut client = Self(BufReader::new(TcpStream::connect(("127.0.0.1", postfix.port())).expect("it listens")));
        client.hear();
        client
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("it answers");
        line.trim_end().to_owned()
    }

    fn say(&mut self, line: &str) -> String {
        write!(self.0.get_mut(), "{line}\r\n").expect("it reads");
        self.hear()
    }
}

#[test]
fn postfix_delivers_a_mail_and_refuses_whom_it_is_told_to() {
    let refusals = [("ben@example.test", "550 5.7.1 not here"), ("cora@example.test", "450 4.2.0 later")];
    let postfix = Postfix::refusing(&refusals).unwrap();
    let mut client = Client::connect(&postfix);
    client.say("HELO us.test");
    client.say("MAIL FROM:<us@example.test>");
    assert!(client.say("RCPT TO:<ben@example.test>").starts_with("550 5.7.1"));
    assert!(client.say("RCPT TO:<cora@example.test>").starts_with("450 4.2.0"));
    assert!(client.say("RCPT TO:<ann@example.test>").starts_with("250"));
    assert!(client.say("DATA").starts_with("354"));
    assert!(client.say("Subject: hello\r\n\r\nFrom a test.\r\n.").starts_with("250"));
    let mails = postfix.wait_for("ann@example.test", 1, Duration::from_secs(10)).unwrap();
    assert!(mails[0].contains("Subject: hello") && mails[0].contains("From a test."));
    assert!(postfix.mailbox("ben@example.test").unwrap().is_empty());
}
