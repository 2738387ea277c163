//! The command line, run as people and scripts run it.

use std::{fs, os::unix::fs::PermissionsExt, process::Output};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::smtp::{Peer, Reply, Script, Stage};

use crate::{
    kit::{Place, Server, Team, free_port, muster, setup},
    on_both_engines,
};

on_both_engines! {
    setup_makes_the_first_owner_beside_a_running_server(place) {
        let server = Server::start(place, &[])?;
        let output = server.setup(&["--email", "ann@hollin.example", "--project", "WEB=Web shop", "--json"])?;
        ensure!(output.status.success(), "{}", said(&output));
        let made: Value = serde_json::from_slice(&output.stdout)?;
        let text = |value: &Value| value.as_str().map(str::to_owned).with_context(|| format!("{value} in {made}"));
        ensure!(made["workspace"]["slug"] == "hollin-ash" && made["project"]["key"] == "WEB", "{made}");
        let ids = (text(&made["workspace"]["id"])?, text(&made["project"]["id"])?);
        let owner = server.with_key(&text(&made["api_key"])?)?;
        let me = owner.get("/api/v1/me").await?.is(200).json();
        ensure!(me["person"]["email"] == "ann@hollin.example" && me["role"] == "owner", "{me}");
        for workspace in ["hollin-ash", &ids.0] {
            let projects = owner.get(&format!("/api/v1/workspaces/{workspace}/projects")).await?.is(200).json();
            ensure!(projects["items"][0]["id"] == json!(ids.1), "{projects}");
        }
        Ok(())
    }

    setup_refuses_when_an_owner_exists(place) {
        let server = Server::start(place, &[])?;
        server.set_up()?;
        let again = server.setup(&["--email", "eve@hollin.example"])?;
        ensure!(!again.status.success() && again.stdout.is_empty(), "{}", said(&again));
        ensure!(!said(&again).to_lowercase().contains("panicked"), "{}", said(&again));
        Ok(())
    }

    no_link_and_no_key_stands_in_the_log_and_links_to_this_machine_are_warned_of(place) {
        let peer = Peer::start(Script::accepting()).await;
        let team = Team::on(Server::mailing(place, &peer.url())?)?;
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let sent = team.ann.post(path, json!({"recipients": "lea@hollin.example", "role": "tester"})).await?.is(201).json();
        let id = sent["results"][0]["invitation"].as_str().unwrap_or_default().to_owned();
        let link = team.ann.post(&format!("{path}/{id}/link"), json!({})).await?.is(200).json();
        let url = link["url"].as_str().unwrap_or_default();
        let (_, token) = url.rsplit_once('/').with_context(|| format!("{link}"))?;
        team.server.nobody()?.get(&format!("/join/{token}")).await?;
        team.server.nobody()?.get(&format!("/join/{token}x")).await?;
        team.server.nobody()?.post("/api/v1/invitations/lookup", json!({"token": token})).await?.is(200);
        let log = team.server.log();
        ensure!(!log.contains(token), "{log}");
        ensure!(log.contains("set --base-url"), "{log}");
        Ok(())
    }

    setup_before_the_first_start_is_enough(place) {
        let output = setup(&place, &["--email", "ann@hollin.example", "--json"])?;
        ensure!(output.status.success(), "{}", said(&output));
        let made: Value = serde_json::from_slice(&output.stdout)?;
        ensure!(made["project"].is_null(), "{made}");
        let server = Server::start(place, &[])?;
        server.with_key(made["api_key"].as_str().unwrap_or_default())?.get("/api/v1/me").await?.is(200);
        Ok(())
    }

    a_server_starts_quickly_on_a_database_it_knows(place) {
        let mut server = Server::start(place, &[])?;
        server.set_up()?;
        server.stop()?;
        let time = server.resume()?;
        eprintln!("from start to /healthz on an existing database: {time:?}");
        server.nobody()?.get("/readyz").await?.is(200);
        server.stop()
    }

    doctor_finds_nothing_wrong(place) {
        let peer = Peer::start(Script::accepting()).await;
        let server = Server::start(place, &[])?;
        let mut words = server.place().arguments();
        words.extend(["--smtp-url".into(), peer.url(), "--mail-from".into(), "muster@hollin.example".into()]);
        let output = doctor(&words)?;
        ensure!(output.status.success(), "{}", said(&output));
        for part in ["settings", "database", "secret key", "mail"] {
            ensure!(said(&output).lines().any(|line| line.starts_with("ok") && line.contains(part)), "{}", said(&output));
        }
        ensure!(peer.mails().is_empty());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_names_what_is_in_trouble() -> Result<()> {
    let refusal = Reply::refuse(535, "5.7.8 wrong password");
    let peer = Peer::start(Script::accepting().at(Stage::Auth, refusal)).await;
    let place = Place::sqlite()?;
    fs::create_dir(place.data())?;
    fs::write(place.data().join("secret.key"), "too short")?;
    let mut words = place.arguments();
    let url = format!("smtp://ann:hidden-word@127.0.0.1:{}?tls=none", peer.port());
    words.extend(["--smtp-url".into(), url, "--mail-from".into(), "muster@hollin.example".into()]);
    words.extend(["--database-url".into(), "postgres://nobody@127.0.0.1:9/none".into()]);
    let output = doctor(&words)?;
    let text = said(&output);
    ensure!(!output.status.success());
    for part in ["database", "secret key", "mail"] {
        ensure!(text.lines().any(|line| line.starts_with("TROUBLE") && line.contains(part)), "{part}: {text}");
    }
    ensure!(text.contains("5.7.8 wrong password"), "{text}");
    ensure!(!text.contains("hidden-word") && !text.contains("too short"), "{text}");
    Ok(())
}

#[test]
fn settings_that_cannot_work_are_refused_with_a_reason() -> Result<()> {
    let place = Place::sqlite()?;
    for (words, reason) in [
        (["--base-url", "http://0.0.0.0:8080"], "0.0.0.0"),
        (["--base-url", "http://muster.example/tests"], "path"),
        (["--smtp-url", "smtp://127.0.0.1:25"], "--mail-from"),
        (["--invites-per-day", "everybody=1"], "workspace"),
        (["--mail-retry-first", "soon"], "10s"),
        (["--secret-key", "abcd"], "64"),
    ] {
        let listen = format!("127.0.0.1:{}", free_port()?);
        let mut all = vec!["serve".to_owned(), "--listen".to_owned(), listen];
        all.extend(place.arguments().into_iter().chain(words.map(str::to_owned)));
        let output = muster(&all)?;
        ensure!(!output.status.success() && said(&output).contains(reason), "{words:?}: {}", said(&output));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_key_is_made_once_and_is_nobody_elses_business() -> Result<()> {
    let mut team = Team::copying_links()?;
    let path = team.server.place().data().join("secret.key");
    let key = fs::read_to_string(&path)?;
    ensure!(fs::metadata(&path)?.permissions().mode() & 0o777 == 0o600);
    ensure!(key.len() == 64 && key.chars().all(|digit| digit.is_ascii_hexdigit()));
    team.server.kill();
    team.server.resume()?;
    ensure!(fs::read_to_string(&path)? == key);
    team.ann.get("/api/v1/me").await?.is(200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_for_others_asks_for_the_code_in_its_log_at_the_first_run() -> Result<()> {
    let server = Server::reached_at("http://muster.hollin.example", Place::sqlite()?, &[])?;
    ensure!(server.nobody()?.get("/setup").await?.is(200).text.contains("One-time code"));
    let log = server.log();
    let line = log.lines().find(|line| line.contains("enter this code")).context("no code in the log")?;
    let line: Value = serde_json::from_str(line)?;
    ensure!(line["code"].as_str().is_some_and(|code| code.len() >= 8), "{line}");
    Ok(())
}

fn doctor(words: &[String]) -> Result<Output> {
    let mut all = vec!["doctor".to_owned()];
    all.extend_from_slice(words);
    muster(&all)
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
