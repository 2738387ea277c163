//! A server that is killed again and again while it sends.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testkit::smtp::{Mail, Peer, Reply, Script, Stage};

use crate::{
    kit::{Answer, Place, Server, Team},
    on_both_engines,
};

const KILLS: u32 = 20;
/// The same for who has time.
const MANY_KILLS: u32 = 100;
const ADDRESSES: usize = 25;
/// How long a message that was in hand at the last kill stays with the dead worker, and some time to send it.
const PATIENCE: Duration = Duration::from_mins(1);

on_both_engines! {
    twenty_kills_during_sends_lose_nothing_acknowledged(place) {
        kills_during_sends_lose_nothing_acknowledged(place, KILLS).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: a hundred restarts"]
async fn a_hundred_kills_during_sends_lose_nothing_acknowledged_on_sqlite() -> Result<()> {
    kills_during_sends_lose_nothing_acknowledged(Place::sqlite()?, MANY_KILLS).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "long: a hundred restarts"]
async fn a_hundred_kills_during_sends_lose_nothing_acknowledged_on_postgres() -> Result<()> {
    kills_during_sends_lose_nothing_acknowledged(Place::postgres().await?, MANY_KILLS).await
}

/// At most one letter for each connection that was open at a kill comes twice, under the same Message-ID.
async fn kills_during_sends_lose_nothing_acknowledged(place: Place, kills: u32) -> Result<()> {
    let slow = Script::accepting().at(Stage::End, Reply::Hang(Duration::from_millis(25)));
    let peer = Peer::start(slow).await;
    let mut team = Team::on(Server::mailing(place, &peer.url())?)?;
    let mut dice = Dice(0x6d75_7374_6572);
    let (mut acknowledged, mut open) = (BTreeSet::new(), 0);
    for round in 0..kills {
        let (ann, key) = (team.ann.clone(), format!("round-{round}"));
        let posting = tokio::spawn(async move { post(&ann, &key, round).await });
        tokio::time::sleep(Duration::from_millis(dice.roll(250))).await;
        open += peer.open_connections();
        team.server.kill();
        team.server.resume()?;
        // The same key: a batch that was written before the kill is not written again.
        let answer = match posting.await? {
            Ok(answer) => answer,
            Err(_cut) => post(&team.ann, &format!("round-{round}"), round).await?,
        };
        acknowledged.extend(invited(&answer.is(201).json()));
    }
    ensure!(acknowledged.len() == ADDRESSES * kills as usize, "{}", acknowledged.len());
    let mails = everything(&peer, acknowledged.len()).await?;
    let received: BTreeSet<_> = mails.iter().map(|mail| mail.to[0].clone()).collect();
    ensure!(received == acknowledged, "{:?}", acknowledged.symmetric_difference(&received).collect::<Vec<_>>());
    let doubles = mails.len() - received.len();
    eprintln!("{} mails in {kills} kills, {doubles} doubled, {open} connections cut", received.len());
    ensure!(doubles <= open, "{doubles} doubles for {open} connections");
    each_message_has_one_id(&mails)
}

async fn post(ann: &crate::kit::Client, key: &str, round: u32) -> Result<Answer> {
    let addresses: Vec<_> = (0..ADDRESSES).map(|one| format!("person-{round}-{one}@hollin.example")).collect();
    let body = json!({"recipients": addresses, "role": "tester"});
    ann.post_once("/api/v1/workspaces/hollin-ash/invitations", key, body).await
}

fn invited(answer: &Value) -> BTreeSet<String> {
    let rows = answer["results"].as_array().into_iter().flatten();
    let invited = rows.filter(|row| row["outcome"] == "invited");
    invited.filter_map(|row| row["address"].as_str()).map(str::to_owned).collect()
}

/// Waits until mails for that many addresses have come and none is under way.
async fn everything(peer: &Peer, addresses: usize) -> Result<Vec<Mail>> {
    let begun = Instant::now();
    loop {
        let mails = peer.mails();
        let received: BTreeSet<_> = mails.iter().map(|mail| &mail.to[0]).collect();
        if received.len() == addresses {
            return Ok(mails);
        }
        ensure!(begun.elapsed() < PATIENCE, "{} of {addresses} addresses got a mail", received.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn each_message_has_one_id(mails: &[Mail]) -> Result<()> {
    let mut ids = BTreeMap::<String, BTreeSet<String>>::new();
    for mail in mails {
        ids.entry(mail.to[0].clone()).or_default().extend(mail.header("Message-ID"));
    }
    let odd: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() != 1).collect();
    ensure!(odd.is_empty(), "{odd:?}");
    let all: BTreeSet<_> = ids.values().flatten().collect();
    ensure!(all.len() == ids.len(), "two people share a Message-ID");
    Ok(())
}

/// Chance that comes out the same each time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}
