//! Whole letters, taken by a real mail server and by one that loses its answers.

use std::time::Duration;

use app::mail::{
    channel::Channel,
    smtp::{Connection, Envelope, Outcome, Stage},
};
use testkit::{
    postfix::Postfix,
    smtp::{self, Reply, Script},
};

use crate::letters::{base_url, invitation, write};

const PATIENCE: Duration = Duration::from_secs(20);

fn channel(url: &str) -> Channel {
    Channel::new(url.parse().unwrap(), "muster.example")
}

#[tokio::test]
async fn postfix_takes_a_letter_unchanged_between_two_refused_ones() {
    let refusals =
        [("nobody@hollin.example", "550 5.1.1 no such user"), ("full@hollin.example", "452 4.2.2 mailbox full")];
    let postfix = Postfix::refusing(&refusals).unwrap();
    let base = base_url();
    let letter = write(&invitation(&base)).unwrap();
    let mut connection = Connection::open(&channel(&postfix.url()), None).await.unwrap();
    let to = |address| Envelope::new("muster@hollinash.example", address).unwrap();

    let failed = connection.send(&to("nobody@hollin.example"), &letter.bytes).await;
    assert!(
        matches!(&failed, Outcome::Failed { stage: Stage::Recipient, words } if words.starts_with("550 5.1.1")),
        "{failed:?}"
    );
    let sent = connection.send(&letter.envelope, &letter.bytes).await;
    assert!(matches!(sent, Outcome::Sent { .. }), "{sent:?}");
    let deferred = connection.send(&to("full@hollin.example"), &letter.bytes).await;
    assert!(matches!(&deferred, Outcome::Deferred { stage: Stage::Recipient, .. }), "{deferred:?}");
    assert!(connection.probe().await);
    connection.quit().await;

    let mails = postfix.wait_for(letter.envelope.to(), 1, PATIENCE).unwrap();
    let written = String::from_utf8(letter.bytes).unwrap().replace("\r\n", "\n");
    assert!(mails[0].ends_with(&written), "{}", mails[0]);
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_comes_again_under_the_same_name() {
    let peer = smtp::Peer::start(Script::accepting().times(1, smtp::Stage::End, Reply::KeepAndCut)).await;
    let base = base_url();
    let letter = write(&invitation(&base)).unwrap();
    let channel = channel(&peer.url());

    let mut first = Connection::open(&channel, None).await.unwrap();
    assert!(matches!(first.send(&letter.envelope, &letter.bytes).await, Outcome::Unknown { .. }));
    let mut second = Connection::open(&channel, None).await.unwrap();
    assert!(matches!(second.send(&letter.envelope, &letter.bytes).await, Outcome::Sent { .. }));

    let mails = peer.wait_for(2, PATIENCE).await;
    let id = letter.message_id.to_string();
    assert!(mails.iter().all(|mail| mail.header("Message-ID").as_deref() == Some(id.as_str())));
}
