//! One connection, many messages; logging in; the transcript.

use std::time::Duration;

use app::mail::smtp::{Connection, Envelope, Outcome, Stage, Transcript};

use testkit::smtp::{Peer, Script};

use crate::answers::{Answering, DROP, HANG, channel};

const MESSAGE: &[u8] = b"Subject: hello\r\n\r\nsecret link\r\n";

fn to(address: &str) -> Envelope {
    Envelope::new("muster@hollin.example", address).unwrap()
}

fn sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

async fn open(peer: &Peer) -> Connection {
    Connection::open(&channel(peer, "", "none"), None).await.unwrap()
}

#[tokio::test]
async fn many_messages_go_over_one_connection() {
    let peer = Peer::start(Script::accepting()).await;
    let mut connection = open(&peer).await;
    for number in 0..50 {
        let outcome = connection.send(&to(&format!("tester{number}@hollin.example")), MESSAGE).await;
        assert!(sent(&outcome), "{outcome:?}");
    }
    assert!(connection.probe().await);
    assert_eq!(peer.connections(), 1);
    assert_eq!(peer.mails().len(), 50);
}

#[tokio::test]
async fn a_refused_recipient_does_not_spoil_the_next_message() {
    let peer = Peer::start(Script::accepting().answering("RCPT", "550 5.1.1 no such user")).await;
    let mut connection = open(&peer).await;
    for _ in 0..2 {
        assert!(matches!(connection.send(&to("nobody@hollin.example"), MESSAGE).await, Outcome::Failed { .. }));
        assert!(connection.is_open());
    }
    let heard = peer.commands();
    let after_rcpt = heard.iter().skip_while(|line| !line.starts_with("RCPT")).nth(1);
    assert_eq!(after_rcpt.map(String::as_str), Some("RSET"));
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_cannot_be_reset_is_used_no_more() {
    for says in [DROP, "500 what?"] {
        let peer = Peer::start(Script::accepting().answering("RCPT", "450 4.2.0 later").answering("RSET", says)).await;
        let mut connection = open(&peer).await;
        assert!(matches!(connection.send(&to("ruth@hollin.example"), MESSAGE).await, Outcome::Deferred { .. }));
        assert!(!connection.is_open());
    }
}

#[tokio::test]
async fn a_connection_dropped_in_the_middle_of_a_message_is_used_no_more() {
    let peer = Peer::start(Script::accepting().answering("RCPT", HANG)).await;
    let mut connection = open(&peer).await;
    let ruth = to("ruth@hollin.example");
    let sending = connection.send(&ruth, MESSAGE);
    assert!(tokio::time::timeout(Duration::from_millis(50), sending).await.is_err());
    assert!(!connection.is_open());
    assert!(!connection.probe().await);
}

#[tokio::test]
async fn a_worker_may_send_from_another_thread() {
    let peer = Peer::start(Script::accepting()).await;
    let mut connection = open(&peer).await;
    let task = tokio::spawn(async move { connection.send(&to("ruth@hollin.example"), MESSAGE).await });
    assert!(sent(&task.await.unwrap()));
}

#[tokio::test]
async fn a_server_that_left_meanwhile_is_noticed_by_the_probe() {
    for says in [DROP, "421 4.4.2 idle too long", "250 ok\r\n421 4.4.2 idle too long"] {
        let peer = Peer::start(Script::accepting().answering("NOOP", says)).await;
        let mut connection = open(&peer).await;
        let alive = connection.probe().await && connection.probe().await;
        assert!(!alive && !connection.is_open(), "{says}");
        let outcome = connection.send(&to("ruth@hollin.example"), MESSAGE).await;
        assert!(matches!(outcome, Outcome::Trouble(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_answer_nobody_asked_for_never_passes_for_the_next_one() {
    let peer =
        Peer::start(Script::accepting().answering("MAIL", "250 2.1.0 ok\r\n250 2.1.5 recipient ok\r\n354 go")).await;
    let mut connection = open(&peer).await;
    let Outcome::Trouble(trouble) = connection.send(&to("ruth@hollin.example"), MESSAGE).await else { panic!() };
    assert_eq!(trouble.stage, Stage::Recipient);
    assert!(trouble.words.starts_with("the server spoke out of turn: 250 2.1.5"), "{}", trouble.words);
    assert!(!peer.commands().iter().any(|line| line.starts_with("RCPT")));
    assert!(!connection.is_open());
}

#[tokio::test]
async fn endless_answers_come_to_an_end() {
    let line: &'static str = "x".repeat(5000).leak();
    let lines: &'static str = "250-more\r\n".repeat(200).leak();
    for says in [line, lines] {
        let peer = Peer::start(Script::accepting().answering("EHLO", says)).await;
        let trouble = Connection::open(&channel(&peer, "", "none"), None).await.err().unwrap();
        assert!(trouble.words.starts_with("the server's answer is not SMTP: "), "{}", trouble.words);
    }
}

#[tokio::test]
async fn login_works_with_plain_and_with_login() {
    let plain = Peer::start(Script::accepting()).await;
    Connection::open(&channel(&plain, "muster:open%20sesame@", "none"), None).await.unwrap();
    assert_eq!(plain.commands()[1], "AUTH PLAIN AG11c3RlcgBvcGVuIHNlc2FtZQ==");

    let login = Script::accepting().answering("EHLO", "250-peer.example\r\n250 auth=login");
    let login = Peer::start(login).await;
    Connection::open(&channel(&login, "muster:open%20sesame@", "none"), None).await.unwrap();
    assert_eq!(login.commands()[1..], ["AUTH LOGIN", "bXVzdGVy", "b3BlbiBzZXNhbWU="]);
}

#[tokio::test]
async fn a_refused_login_is_trouble_and_an_echoed_password_is_hidden() {
    let echo = "535 5.7.8 AUTH PLAIN AG11c3RlcgBvcGVuIHNlc2FtZQ== failed, b3BlbiBzZXNhbWU= is open sesame";
    for (says, words) in [
        (echo, "535 5.7.8 AUTH PLAIN *** failed, *** is ***"),
        ("454 4.7.0 later", "454 4.7.0 later"),
        ("421 bye", "421 bye"),
    ] {
        let peer = Peer::start(Script::accepting().answering("AUTH", says)).await;
        let transcript = Transcript::default();
        let channel = channel(&peer, "muster:open%20sesame@", "none");
        let trouble = Connection::open(&channel, Some(transcript.clone())).await.err().unwrap();
        assert_eq!((trouble.stage, trouble.words.as_str()), (Stage::Login, words));
        let record = transcript.lines().join("\n");
        assert!(
            record.contains("C: AUTH PLAIN ***") && !record.contains("AG11") && !record.contains("sesame"),
            "{record}"
        );
    }
}

#[tokio::test]
async fn a_server_without_a_login_we_know_is_trouble() {
    for (says, named) in
        [("250 peer.example", "no login at all"), ("250-peer.example\r\n250 AUTH NTLM XOAUTH2", "NTLM XOAUTH2")]
    {
        let peer = Peer::start(Script::accepting().answering("EHLO", says)).await;
        let trouble = Connection::open(&channel(&peer, "muster:open%20sesame@", "none"), None).await.err().unwrap();
        assert_eq!(trouble.stage, Stage::Login);
        assert!(trouble.words.contains(named), "{}", trouble.words);
    }
}

#[tokio::test]
async fn the_transcript_shows_the_conversation_without_password_and_message() {
    let script = Script::accepting().answering("EHLO", "250-peer.example\r\n250 AUTH LOGIN");
    let peer = Peer::start(script).await;
    let transcript = Transcript::default();
    let channel = channel(&peer, "muster:open%20sesame@", "none");
    let mut connection = Connection::open(&channel, Some(transcript.clone())).await.unwrap();
    assert!(sent(&connection.send(&to("ruth@hollin.example"), MESSAGE).await));
    connection.quit().await;
    insta::assert_snapshot!(transcript.lines().join("\n"));
}

#[tokio::test]
async fn no_address_becomes_a_command() {
    for bad in [
        "ruth@hollin.example>\r\nRCPT TO:<eve@evil.example",
        "ruth\n@hollin.example",
        "<ruth@hollin.example>",
        "a@b.example SIZE=9",
    ] {
        assert!(Envelope::new("muster@hollin.example", bad).is_err(), "{bad:?}");
        assert!(Envelope::new(bad, "ruth@hollin.example").is_err(), "{bad:?}");
    }
}
