//! A database server that stops for a moment.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::{
    postgres::Postgres,
    smtp::{Peer, Script},
};

use crate::kit::{Answer, Place, Server, Team};

const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_gone_calls_say_so_and_afterwards_all_is_well() -> Result<()> {
    let postgres = Postgres::start()?;
    let peer = Peer::start(Script::accepting()).await;
    let team = Team::on(Server::mailing(Place::on(&postgres).await?, &peer.url())?)?;
    invite(&team, "before@hollin.example").await?.is(201);
    peer.wait_for(1, Duration::from_secs(10)).await;

    for crash in [false, true] {
        if crash {
            postgres.kill()?;
        } else {
            postgres.stop()?;
        }
        let nobody = team.server.nobody()?;
        nobody.get("/healthz").await?.is(200);
        gone(&team).await?;
        says_try_again(&team.ann.get(INVITATIONS).await?)?;
        says_try_again(&invite(&team, "while@hollin.example").await?)?;
        let page = nobody.get("/").await?;
        ensure!(page.status == 503 && page.header("retry-after") == "1", "{page:?}");
        ensure!(page.header("content-type").starts_with("text/html"), "{page:?}");
        postgres.resume()?;
        ready_again(&team).await?;
    }
    invite(&team, "after@hollin.example").await?.is(201);
    let mails = peer.wait_for(2, Duration::from_secs(20)).await;
    ensure!(mails[1].to == ["after@hollin.example"], "{:?}", mails[1].to);
    Ok(())
}

async fn invite(team: &Team, address: &str) -> Result<Answer> {
    team.ann.post(INVITATIONS, json!({"recipients": [address], "role": "tester"})).await
}

fn says_try_again(answer: &Answer) -> Result<()> {
    ensure!(answer.status == 503 && answer.header("retry-after") == "1", "{answer:?}");
    ensure!(answer.header("content-type") == "application/problem+json", "{answer:?}");
    ensure!(answer.json()["code"] == "unavailable", "{answer:?}");
    Ok(())
}

/// A killed server's connections answer until each of their processes notices.
async fn gone(team: &Team) -> Result<()> {
    becomes(team, 503).await
}

async fn ready_again(team: &Team) -> Result<()> {
    becomes(team, 200).await?;
    team.ann.get(INVITATIONS).await?.is(200);
    Ok(())
}

/// Waits until the server says of the database what this status says.
async fn becomes(team: &Team, status: u16) -> Result<()> {
    for _ in 0..100 {
        if team.server.nobody()?.get("/readyz").await?.status == status {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("/readyz does not come to {status}")
}
