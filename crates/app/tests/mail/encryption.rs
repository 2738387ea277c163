//! TLS: required unless switched off, and its failures in words.

use app::mail::{
    channel::Channel,
    smtp::{ChannelTrouble, Connection, Envelope, Outcome, Stage, Transcript},
};

use testkit::smtp::{Authority, Peer, Script};

use crate::answers::{Answering, HANG, channel};

async fn refusal(channel: &Channel) -> ChannelTrouble {
    Connection::open(channel, None).await.err().expect("no connection")
}

#[tokio::test]
async fn mail_goes_over_starttls_and_over_implicit_tls() {
    let authority = Authority::new();
    let server = authority.server("localhost", 2100);
    let envelope = Envelope::new("muster@hollin.example", "ruth@hollin.example").unwrap();
    for (script, tls) in [
        (Script::accepting().with_starttls(server.clone()), "starttls"),
        (Script::accepting().with_implicit_tls(server), "implicit"),
    ] {
        let peer = Peer::start(script).await;
        let channel = channel(&peer, "muster:sesame@", tls).trusting(&authority.pem()).unwrap();
        let transcript = Transcript::default();
        let mut connection = Connection::open(&channel, Some(transcript.clone())).await.unwrap();
        for _ in 0..3 {
            assert!(
                matches!(connection.send(&envelope, b"Subject: x\r\n\r\nx\r\n").await, Outcome::Sent { .. }),
                "{tls}"
            );
        }
        assert!(transcript.lines().contains(&"C: AUTH PLAIN ***".to_owned()));
        assert_eq!(peer.connections(), 1);
    }
}

#[tokio::test]
async fn nothing_is_sent_when_starttls_is_not_offered_or_refused() {
    let authority = Authority::new();
    let without = Peer::start(Script::accepting()).await;
    let trouble = refusal(&channel(&without, "muster:sesame@", "starttls")).await;
    assert_eq!(trouble.stage, Stage::Tls);
    assert!(trouble.words.contains("does not offer STARTTLS"), "{}", trouble.words);
    assert_eq!(without.commands(), ["EHLO muster.example"]);

    let refusing = Script::accepting()
        .with_starttls(authority.server("localhost", 2100))
        .answering("STARTTLS", "454 4.7.0 not now");
    let refusing = Peer::start(refusing).await;
    let trouble = refusal(&channel(&refusing, "muster:sesame@", "starttls")).await;
    assert_eq!((trouble.stage, trouble.words.as_str()), (Stage::Tls, "454 4.7.0 not now"));
}

#[tokio::test]
async fn words_sent_before_the_handshake_never_count_as_encrypted() {
    let authority = Authority::new();
    let script = Script::accepting().with_starttls(authority.server("localhost", 2100));
    let peer = Peer::start(script.answering("STARTTLS", "220 ready\r\n250 AUTH PLAIN")).await;
    let channel = channel(&peer, "muster:sesame@", "starttls").trusting(&authority.pem()).unwrap();
    let trouble = refusal(&channel).await;
    assert_eq!(trouble.stage, Stage::Tls);
    assert_eq!(trouble.words, "the server spoke out of turn: 250 AUTH PLAIN");
}

#[tokio::test]
async fn a_bad_certificate_is_trouble_in_words() {
    let authority = Authority::new();
    let cases = [
        (authority.server("localhost", 2100), false, "it comes from an authority this machine does not trust"),
        (authority.self_signed("localhost"), false, "it is self-signed: no authority vouches for it"),
        (authority.server("localhost", 2021), true, "it has expired"),
        (
            authority.server("mail.hollin.example", 2100),
            true,
            "it is for another name than localhost (for mail.hollin.example)",
        ),
    ];
    for (server, trusted, why) in cases {
        let peer = Peer::start(Script::accepting().with_starttls(server)).await;
        let mut channel = channel(&peer, "", "starttls");
        if trusted {
            channel = channel.trusting(&authority.pem()).unwrap();
        }
        let trouble = refusal(&channel).await;
        assert_eq!((trouble.stage, trouble.words), (Stage::Tls, format!("the server's certificate is refused: {why}")));
    }
}

#[tokio::test]
async fn a_wrong_tls_setting_is_named() {
    let plain = Peer::start(Script::accepting()).await;
    let trouble = refusal(&channel(&plain, "", "implicit")).await;
    assert_eq!(trouble.stage, Stage::Tls);
    assert!(trouble.words.contains("another tls= setting"), "{}", trouble.words);

    let authority = Authority::new();
    let encrypted = Peer::start(Script::accepting().with_implicit_tls(authority.server("localhost", 2100))).await;
    let trouble = refusal(&channel(&encrypted, "", "starttls")).await;
    assert_eq!(trouble.stage, Stage::Greeting);
    assert!(trouble.words.contains("does this port need tls=implicit?"), "{}", trouble.words);
}

#[tokio::test]
async fn a_server_that_never_shakes_hands_is_trouble() {
    let authority = Authority::new();
    let script = Script::accepting().with_starttls(authority.server("localhost", 2100));
    let peer = Peer::start(script.clone().answering("STARTTLS", HANG)).await;
    let trouble = refusal(&channel(&peer, "", "starttls")).await;
    assert_eq!((trouble.stage, trouble.words.as_str()), (Stage::Tls, "no answer within 400 ms"));
}

#[tokio::test]
async fn a_root_that_is_no_certificate_is_refused() {
    let peer = Peer::start(Script::accepting()).await;
    for bad in [&b""[..], b"hello", b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"] {
        assert!(channel(&peer, "", "starttls").trusting(bad).is_err());
    }
}
