//! The scripted mail server, spoken to by hand.

use std::time::Duration;
use testkit::smtp::{Peer, Reply, Script, Stage};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;

struct Client(BufStream<TcpStream>);

impl Client {
    async fn connect(peer: &Peer) -> Self {
        Self(BufStream::new(TcpStream::connect(("127.0.0.1", peer.port())).await.expect("the peer listens")))
    }

    /// The last line of the next answer; empty when the connection is cut.
    async fn hear(&mut self) -> String {
        let mut line = String::new();
        while self.0.read_line(&mut line).await.is_ok_and(|read| read > 0) && line.as_bytes().get(3) == Some(&b'-') {
            line.clear();
        }
        line.trim_end().to_owned()
    }

    async fn say(&mut self, line: &str) -> String {
        self.0.write_all(format!("{line}\r\n").as_bytes()).await.expect("the peer reads");
        self.0.flush().await.expect("the peer reads");
        self.hear().await
    }

    /// Greeting, `EHLO`, sender.
    async fn begin(peer: &Peer) -> Self {
        let mut client = Self::connect(peer).await;
        assert!(client.hear().await.starts_with("220"));
        assert!(client.say("EHLO us.test").await.starts_with("250"));
        assert!(client.say("MAIL FROM:<us@example.test> SIZE=10").await.starts_with("250"));
        client
    }

    /// A whole mail to Ann; what is heard at the final dot.
    async fn send(peer: &Peer) -> String {
        let mut client = Self::begin(peer).await;
        assert!(client.say("RCPT TO:<ann@example.test>").await.starts_with("250"));
        assert!(client.say("DATA").await.starts_with("354"));
        client.say("Subject: hello\r\n\r\n..hidden\r\n.").await
    }
}

#[tokio::test]
async fn a_mail_is_kept_with_its_envelope_and_without_doubled_dots() {
    let peer = Peer::start(Script::accepting()).await;
    assert_eq!(Client::send(&peer).await, "250 2.0.0 kept");
    let mails = peer.wait_for(1, Duration::from_secs(1)).await;
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_slice()),
        ("us@example.test", ["ann@example.test".to_owned()].as_slice())
    );
    assert_eq!(mails[0].text(), "Subject: hello\r\n\r\n.hidden\r\n");
    assert_eq!(peer.commands()[1], "MAIL FROM:<us@example.test> SIZE=10");
}

#[tokio::test]
async fn one_recipient_is_refused_and_the_other_gets_the_mail() {
    let refusal = Reply::refuse(550, "5.1.1 no such user");
    let peer = Peer::start(Script::accepting().at(Stage::Rcpt("ann@example.test"), refusal)).await;
    let mut client = Client::begin(&peer).await;
    assert_eq!(client.say("RCPT TO:<Ann@example.test>").await, "550 5.1.1 no such user");
    client.say("RCPT TO:<ben@example.test>").await;
    client.say("DATA").await;
    client.say("Subject: hello\r\n\r\n.").await;
    assert_eq!(peer.mails()[0].to, ["ben@example.test"]);
}

#[tokio::test]
async fn a_server_that_is_busy_once_takes_the_second_try() {
    let peer = Peer::start(Script::accepting().times(1, Stage::End, Reply::refuse(451, "4.3.0 later"))).await;
    assert_eq!(Client::send(&peer).await, "451 4.3.0 later");
    assert!(peer.mails().is_empty());
    assert_eq!(Client::send(&peer).await, "250 2.0.0 kept");
    assert_eq!((peer.mails().len(), peer.connections()), (1, 2));
}

#[tokio::test]
async fn a_421_at_the_greeting_ends_the_connection() {
    let peer = Peer::start(Script::accepting().at(Stage::Greeting, Reply::refuse(421, "4.3.2 closing"))).await;
    let mut client = Client::connect(&peer).await;
    assert_eq!((client.hear().await, client.hear().await), ("421 4.3.2 closing".to_owned(), String::new()));
}

#[tokio::test]
async fn the_connection_is_cut_at_the_final_dot_with_and_without_the_mail() {
    let peer = Peer::start(Script::accepting().at(Stage::End, Reply::Cut)).await;
    assert_eq!(Client::send(&peer).await, "");
    assert_eq!(peer.mails().len(), 0);
    peer.play(Script::accepting().at(Stage::End, Reply::KeepAndCut));
    assert_eq!(Client::send(&peer).await, "");
    assert_eq!(peer.mails().len(), 1);
    peer.play(Script::accepting().at(Stage::End, Reply::AcceptAndCut));
    assert_eq!(Client::send(&peer).await, "250 2.0.0 kept");
    assert_eq!(peer.mails().len(), 2);
}

#[tokio::test]
async fn a_hanging_server_keeps_the_mail_and_answers_late() {
    let peer = Peer::start(Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(200)))).await;
    let start = std::time::Instant::now();
    assert_eq!(Client::send(&peer).await, "250 2.0.0 kept");
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn signing_in_works_in_one_step_and_in_two() {
    let peer = Peer::start(Script::accepting().times(1, Stage::Auth, Reply::refuse(535, "5.7.8 wrong"))).await;
    let mut client = Client::connect(&peer).await;
    client.hear().await;
    assert_eq!(client.say("AUTH PLAIN AGFubgBzZWNyZXQ=").await, "535 5.7.8 wrong");
    assert_eq!(client.say("AUTH LOGIN").await, "334");
    assert_eq!(client.say("YW5u").await, "334");
    assert_eq!(client.say("c2VjcmV0").await, "235 2.7.0 welcome");
}

#[tokio::test]
async fn a_bare_line_feed_is_no_line_end() {
    let peer = Peer::start(Script::accepting()).await;
    let mut client = Client::begin(&peer).await;
    client.0.write_all(b"RSET\n").await.expect("the peer reads");
    client.0.flush().await.expect("the peer reads");
    assert!(client.hear().await.starts_with("500"));
}

#[tokio::test]
async fn the_port_is_free_again_when_the_peer_is_gone() {
    let peer = Peer::start(Script::accepting()).await;
    let port = peer.port();
    let _open = Client::connect(&peer).await;
    drop(peer);
    tokio::task::yield_now().await;
    assert_eq!(Peer::start_on(port, Script::accepting()).await.port(), port);
}
