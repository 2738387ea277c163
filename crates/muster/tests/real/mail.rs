//! A real mail server on the way.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::postfix::Postfix;

use crate::{
    kit::{PASSWORD, Server, Team},
    on_both_engines,
};

on_both_engines! {
    a_real_postfix_receives_the_mail_and_its_link_works(place) {
        let postfix = Postfix::refusing(&[("gone@hollin.example", "550 5.1.1 no such user")])?;
        let team = Team::on(Server::mailing(place, &postfix.url())?)?;
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let body = json!({"recipients": "Lea Fournier <lea@hollin.example>, gone@hollin.example", "role": "tester"});
        let sent = team.ann.post(path, body).await?.is(201).json();
        let id = |row: usize| sent["results"][row]["invitation"].as_str().unwrap_or_default().to_owned();

        let mails = postfix.wait_for("lea@hollin.example", 1, Duration::from_secs(20))?;
        let link = team.server.link_in(mails[0].as_bytes())?;
        ensure!(team.server.nobody()?.get(link.trim_start_matches(&team.server.url(""))).await?.status == 303);
        let lea = json!({"token": link.rsplit('/').next(), "name": "Lea Fournier", "password": PASSWORD});
        team.server.nobody()?.post("/api/v1/invitations/acceptance", lea.clone()).await?.is(201);
        let members = team.ann.get("/api/v1/workspaces/hollin-ash/members").await?.is(200).json();
        let lea_is = members["items"].as_array().into_iter().flatten().find(|row| row["email"] == "lea@hollin.example");
        ensure!(lea_is.is_some_and(|row| row["role"] == "tester" && row["status"] == "active"), "{members}");
        team.server.nobody()?.post("/api/v1/invitations/acceptance", lea).await?.is(410);

        let refused = delivered(&team, &format!("{path}/{}", id(1)), "failed").await?;
        ensure!(refused["detail"].as_str().is_some_and(|words| words.contains("no such user")), "{refused}");
        let accepted = delivered(&team, &format!("{path}/{}", id(0)), "sent").await?;
        ensure!(accepted["detail"].as_str().is_some_and(|words| words.contains("queued as")), "{accepted}");
        Ok(())
    }
}

/// Waits for a state of the delivery.
async fn delivered(team: &Team, path: &str, state: &str) -> Result<serde_json::Value> {
    let mut last = json!(null);
    for _ in 0..200 {
        last = team.ann.get(path).await?.is(200).json()["delivery"].clone();
        if last["state"] == state {
            return Ok(last);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("not {state}, but {last}")
}
