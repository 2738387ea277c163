//! The table "Mail faults" of the outside contract, row by row.

use app::mail::smtp::{ChannelTrouble, Connection, Envelope, Outcome, Stage};

use testkit::smtp::{Peer, Script};

use crate::answers::{Answering, DROP, GREETING, HANG, channel};

fn envelope() -> Envelope {
    Envelope::new("muster@hollin.example", "ruth@hollin.example").unwrap()
}

const MESSAGE: &[u8] = b"Subject: hello\r\n\r\nhello\r\n.\r\nbye\r\n";

/// What becomes of one message when `verb` is answered with `says`.
async fn outcome(verb: &'static str, says: &'static str) -> Outcome {
    let peer = Peer::start(Script::accepting().answering(verb, says)).await;
    match Connection::open(&channel(&peer, "", "none"), None).await {
        Ok(mut connection) => connection.send(&envelope(), MESSAGE).await,
        Err(trouble) => Outcome::Trouble(trouble),
    }
}

/// Trouble of the channel with these words.
#[derive(Debug)]
struct Told(Stage, String);

fn trouble(stage: Stage, words: &str) -> Told {
    Told(stage, words.to_owned())
}

impl PartialEq<Told> for Outcome {
    fn eq(&self, told: &Told) -> bool {
        matches!(self, Self::Trouble(ChannelTrouble { stage, words, .. }) if *stage == told.0 && *words == told.1)
    }
}

#[tokio::test]
async fn a_message_is_sent_and_the_servers_words_are_kept() {
    let peer = Peer::start(Script::accepting()).await;
    let mut connection = Connection::open(&channel(&peer, "", "none"), None).await.unwrap();
    let sent = connection.send(&envelope(), MESSAGE).await;
    assert_eq!(sent, Outcome::Sent { words: "250 2.0.0 kept".to_owned() });
    connection.quit().await;
    assert_eq!(
        peer.commands(),
        ["EHLO muster.example", "MAIL FROM:<muster@hollin.example>", "RCPT TO:<ruth@hollin.example>", "DATA", "QUIT"]
    );
    assert_eq!(peer.mails()[0].data, MESSAGE);
}

#[tokio::test]
async fn a_4xx_at_mail_rcpt_or_data_is_deferred() {
    for (verb, stage) in
        [("MAIL", Stage::Sender), ("RCPT", Stage::Recipient), ("DATA", Stage::Data), (".", Stage::Data)]
    {
        let deferred = outcome(verb, "451-4.7.1 greylisted,\r\n451 4.7.1 come back later").await;
        assert_eq!(
            deferred,
            Outcome::Deferred { stage, words: "451 4.7.1 greylisted, come back later".to_owned() },
            "{verb}"
        );
    }
}

#[tokio::test]
async fn a_5xx_at_rcpt_or_data_fails_this_recipient() {
    for (verb, stage) in [("RCPT", Stage::Recipient), ("DATA", Stage::Data), (".", Stage::Data)] {
        let failed = outcome(verb, "550 5.1.1 no such user").await;
        assert_eq!(failed, Outcome::Failed { stage, words: "550 5.1.1 no such user".to_owned() }, "{verb}");
        let counted = (stage == Stage::Data).then_some("550 5.1.1");
        assert_eq!(failed.refusal_at_data(), counted, "{verb}");
    }
}

#[tokio::test]
async fn a_5xx_at_mail_is_trouble_of_the_channel() {
    assert_eq!(
        outcome("MAIL", "553 5.7.1 not your address").await,
        trouble(Stage::Sender, "553 5.7.1 not your address")
    );
}

#[tokio::test]
async fn a_4xx_or_5xx_before_mail_is_trouble_of_the_channel() {
    for (verb, stage) in [(GREETING, Stage::Greeting), ("EHLO", Stage::Hello)] {
        for says in ["451 4.3.2 later", "554 5.7.1 go away"] {
            assert_eq!(outcome(verb, says).await, trouble(stage, says), "{verb}");
        }
    }
}

#[tokio::test]
async fn a_421_is_trouble_of_the_channel_at_every_stage() {
    let stages = [
        (GREETING, Stage::Greeting),
        ("EHLO", Stage::Hello),
        ("MAIL", Stage::Sender),
        ("RCPT", Stage::Recipient),
        ("DATA", Stage::Data),
        (".", Stage::Data),
    ];
    for (verb, stage) in stages {
        assert_eq!(outcome(verb, "421 4.7.0 closing").await, trouble(stage, "421 4.7.0 closing"), "{verb}");
    }
}

#[tokio::test]
async fn a_loss_before_the_final_dot_is_trouble_of_the_channel() {
    let stages = [
        (GREETING, Stage::Greeting),
        ("EHLO", Stage::Hello),
        ("MAIL", Stage::Sender),
        ("RCPT", Stage::Recipient),
        ("DATA", Stage::Data),
    ];
    for (verb, stage) in stages {
        assert_eq!(outcome(verb, DROP).await, trouble(stage, "the server closed the connection"), "{verb}");
        let Outcome::Trouble(hung) = outcome(verb, HANG).await else { panic!("{verb}") };
        assert_eq!(hung.stage, stage);
        assert!(hung.words.starts_with("no answer within 400 ms"), "{}", hung.words);
    }
}

#[tokio::test]
async fn a_loss_after_the_final_dot_is_unknown() {
    for (says, words) in [
        (DROP, "perhaps delivered: the server closed the connection after the message was sent"),
        (HANG, "perhaps delivered: no answer within 500 ms after the message was sent"),
        ("what?", "perhaps delivered: the server's answer is not SMTP: what? after the message was sent"),
        ("354 more?", "perhaps delivered: 354 more? after the message was sent"),
    ] {
        assert_eq!(outcome(".", says).await, Outcome::Unknown { words: words.to_owned() });
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_trouble_of_the_channel() {
    for (verb, says) in [("MAIL", "354 go"), ("RCPT", "hello"), ("DATA", "250 ok"), ("MAIL", "250-a\r\n251 b")] {
        assert!(matches!(outcome(verb, says).await, Outcome::Trouble(_)), "{verb} {says}");
    }
}

#[tokio::test]
async fn nobody_there_is_trouble_of_the_channel() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("smtp://127.0.0.1:{free}?tls=none").parse().unwrap();
    let refused = Connection::open(&app::mail::channel::Channel::new(url, "muster.example"), None).await.err().unwrap();
    assert_eq!(refused.stage, Stage::Connect);
    assert!(refused.words.contains(&format!("127.0.0.1:{free}: Connection refused")), "{}", refused.words);
}

#[tokio::test]
async fn the_servers_words_are_one_clean_line() {
    let failed = outcome("RCPT", "550-5.1.1 \u{1b}[31mno\tsuch\u{7}\r\n550 5.1.1 user\0").await;
    assert_eq!(failed.words(), "550 5.1.1 [31mno such user");
}

#[tokio::test]
async fn an_address_outside_ascii_needs_smtputf8() {
    let envelope = Envelope::new("muster@hollin.example", "dörte@bücher.example").unwrap();
    let able = Peer::start(Script::accepting()).await;
    let mut connection = Connection::open(&channel(&able, "", "none"), None).await.unwrap();
    assert!(matches!(connection.send(&envelope, MESSAGE).await, Outcome::Sent { .. }));
    assert!(able.commands().contains(&"MAIL FROM:<muster@hollin.example> BODY=8BITMIME SMTPUTF8".to_owned()));
    assert!(able.commands().contains(&"RCPT TO:<dörte@xn--bcher-kva.example>".to_owned()));

    let unable = Peer::start(Script::accepting().answering("EHLO", "250 peer.example")).await;
    let mut connection = Connection::open(&channel(&unable, "", "none"), None).await.unwrap();
    let Outcome::Failed { stage: Stage::Recipient, words } = connection.send(&envelope, MESSAGE).await else {
        panic!()
    };
    assert!(words.contains("does not offer SMTPUTF8"), "{words}");
    assert!(matches!(connection.send(&self::envelope(), MESSAGE).await, Outcome::Sent { .. }));
}
